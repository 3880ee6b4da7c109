"""Parse the cells of a notebook into one list of statements that know where they come from."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, field

from nbprod.findings import Finding, Origin
from nbprod.flow.array_archives import by_array
from nbprod.flow.array_files import as_tables
from nbprod.flow.chained import joined
from nbprod.flow.cluster_labels import as_predictions
from nbprod.flow.comments import attach_comments
from nbprod.flow.corrections import with_corrections
from nbprod.flow.index_columns import with_index_columns
from nbprod.flow.many_files import in_one_expression
from nbprod.flow.opened_blocks import unfolded
from nbprod.flow.shadowed import apart
from nbprod.flow.stacked_files import in_one_table
from nbprod.flow.statsmodels_calls import in_one_call
from nbprod.flow.successors import with_successors
from nbprod.flow.tables_within import taken_out
from nbprod.flow.tree import walk
from nbprod.flow.uploads import by_name
from nbprod.notebook.roles import declared
from nbprod.notebook.secret_values import without_secrets
from nbprod.notebook.values import Cell, Notebook

_ITEM = re.compile(r"(?:[-*+]|\d+[.)])\s+")


@dataclass(frozen=True)
class Section:
    """The Markdown heading and text above a code cell."""

    heading: str = ""
    text: str = ""
    number: int = 0


@dataclass
class Program:
    """All statements of a notebook in document order; ``sections`` maps cell number to heading."""

    body: list[ast.stmt]
    sections: dict[int, Section] = field(default_factory=dict)
    tags: dict[int, tuple[str, ...]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def origin(node: ast.AST) -> Origin:
    """Return the cell and line that a statement or expression was written in."""
    return Origin(getattr(node, "cell", 1), getattr(node, "lineno", 1))


def stamp(tree: ast.AST, cell: int, said: str = "") -> None:
    """Tell every node of a tree which cell it belongs to, and every statement the role of its cell."""
    for node in walk(tree):
        node.cell = cell  # type: ignore[attr-defined]
        if isinstance(node, ast.stmt):
            node.said = said  # type: ignore[attr-defined]


def role_said(node: ast.stmt) -> str:
    """Return the role that a person gave the cell of a statement, or an empty string."""
    return getattr(node, "said", "")


def parse(notebook: Notebook) -> Program:
    """Parse every code cell; a cell that does not parse becomes a finding, the others stay."""
    program = Program([])
    section = Section()
    for cell in notebook.cells:
        if cell.kind == "markdown":
            section = _section(cell, section)
            continue
        if cell.kind != "code":
            continue
        program.sections[cell.number] = section
        program.tags[cell.number] = cell.tags
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = with_successors(without_secrets(ast.parse(cell.code), cell.code), cell.code)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            known = any(
                f.origin and f.origin.cell == cell.number and f.code == "E-SYNTAX"
                for f in notebook.findings
            )
            if not known:
                program.findings.append(
                    Finding(
                        "W-SYNTAX",
                        f"this cell is not valid Python ({error.args[0]}); it is left out",
                        Origin(cell.number, line),
                    )
                )
            continue
        said = declared(cell)
        stamp(tree, cell.number, said.role if said else "")
        attach_comments(tree, cell.code)
        program.body.extend(tree.body)
    body = taken_out(joined(by_array(unfolded(by_name(apart(program.body))))))
    body = with_index_columns(in_one_call(in_one_expression(body)))
    program.body = with_corrections(as_predictions(as_tables(in_one_table(body))))
    return program


def _section(cell: Cell, before: Section) -> Section:
    """Return the last heading of a Markdown cell, which is the one above the code, and the prose below it."""
    heading = ""
    below: list[str] = []
    for line in cell.source.splitlines():
        stripped = line.strip()
        if stripped.startswith("#"):
            heading, below = stripped.strip("# "), []
        else:
            below.append(stripped)
    text = _prose(below)
    if heading:
        return Section(heading, text, cell.number)
    return Section(before.heading, text or before.text, before.number)


def _prose(lines: list[str]) -> str:
    """Return the sentences among lines of Markdown, without lists, tables, quotes and code."""
    kept: list[str] = []
    items, fenced = 0, False
    for line in lines:
        if line.startswith(("```", "~~~")):
            fenced = not fenced
            continue
        item = _ITEM.match(line)
        items += item is not None
        if line and not fenced and not line.startswith(("|", ">", "<", "---", "===", "$$")):
            kept.append(line[item.end() :] if item else line)
    return " ".join(kept) if items <= 1 else ""
