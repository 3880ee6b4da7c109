"""What a notebook with a ``predict`` cell says: its function, what that reads, and what makes what it reads."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nbprod.findings import Finding, NotebookError
from nbprod.flow.interpret import interpret
from nbprod.flow.program import Program, origin
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.modules.constants import literals
from nbprod.modules.printing import Printer
from nbprod.modules.values import Setting
from nbprod.notebook.values import Notebook
from nbprod.split.request import Field, Kept, Request, backwards
from nbprod.split.request.fields import fields_of, form_of, said_columns, source_of
from nbprod.split.request.find import free_names
from nbprod.split.request.slice import changes

REQUESTS = "requests"  # the table of requests that is made of the primary source


@dataclass(frozen=True)
class Asked:
    """The analysis of one notebook with a ``predict`` cell."""

    notebook: Notebook
    program: Program
    flow: Flow
    request: Request
    kept: Kept
    sources: tuple[str, ...]
    late: tuple[Finding, ...]
    printer: Printer


def analyse(
    notebook: Notebook, program: Program, function: ast.FunctionDef, printer: Printer
) -> Asked:
    """Follow the function back to what makes everything that it reads.

    Raises:
        NotebookError: nothing that it reads comes from data, or what it takes cannot be told.
    """
    flow = interpret(program.body)
    at = origin(function)
    if not flow.sources:
        raise NotebookError(
            f"E-PREDICT-REQUEST: cell {at.cell}:{at.line}: nothing that {function.name} reads comes from data that the "
            "notebook loads, so there is nothing to train; mark the cell that loads it with the tag `load`"
        )
    cell = getattr(function, "cell", 0)
    before = [node for node in program.body if getattr(node, "cell", 0) <= cell]
    kept = backwards(flow, before, {function.name})
    form = form_of(flow, program.body, function)
    source = next(c.source for c in notebook.cells if c.number == cell)
    read = [*kept.body, *kept.functions]
    fields: tuple[Field, ...] = ()
    if form == "fields":
        after = [node for node in program.body if node is not function]
        fields = fields_of(read, function, said_columns(source, function), after)
    wanted = [field.column for field in fields if field.column]
    names = [n for n in flow.sources if any(flow.sources[n] in list(walk(s)) for s in kept.body)]
    primary = source_of(flow, read, wanted) if wanted else (names or list(flow.sources))[0]
    if primary not in names:
        names.insert(0, primary)
    names.sort(key=lambda name: name != primary)
    functions = tuple(f for f in kept.functions if _reaches(function, f, kept))
    learned = _learned(flow, functions, kept)
    late = _late(flow, program.body, cell, learned)
    request = Request(function, form, primary, fields, learned, functions, kept.classes)
    return Asked(notebook, program, flow, request, kept, tuple(names), late, printer)


def _reaches(entry: ast.FunctionDef, other: ast.FunctionDef, kept: Kept) -> bool:
    """Whether a request may call ``other``."""
    by_name = {f.name: f for f in kept.functions}
    seen: set[str] = set()
    waiting = [entry.name]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in by_name:
            continue
        seen.add(name)
        waiting += free_names(by_name[name])
    return other.name in seen


def _learned(flow: Flow, functions: tuple[ast.FunctionDef, ...], kept: Kept) -> tuple[str, ...]:
    """Return the variables that a request reads and that statements of the notebook make."""
    made = {name for node in kept.body for name in changes(flow, node)}
    own = {f.name for f in kept.functions} | {c.name for c in kept.classes}
    read: dict[str, None] = {}
    for function in functions:
        read |= dict.fromkeys(sorted(free_names(function)))
    return tuple(n for n in read if n in made and n not in own and n not in flow.imports)


def _late(
    flow: Flow, body: list[ast.stmt], cell: int, learned: tuple[str, ...]
) -> tuple[Finding, ...]:
    """Return a finding for each statement after the cell that changes what the function reads."""
    found = []
    for node in body:
        changed = (
            sorted(changes(flow, node) & set(learned)) if getattr(node, "cell", 0) > cell else []
        )
        if changed and not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.append(
                Finding(
                    "W-PREDICT-LATE",
                    f"{changed[0]} is changed after the predict cell; the package answers with what it is at the cell",
                    origin(node),
                    ast.unparse(node)[:120],
                    "move the change above the predict cell, or give it another name",
                )
            )
    return tuple(found)


def settings_of(asked: Asked) -> tuple[list[Setting], dict[str, str]]:
    """Return the numbers and texts that can be set, and the names of their constants by variable."""
    kept = {id(node) for node in asked.kept.body}
    changed = {
        name
        for node in asked.kept.body
        if not isinstance(node, ast.Assign)
        for name in changes(asked.flow, node)
    }
    return literals(asked.flow.body, lambda node: id(node) in kept, changed, asked.printer)


__all__ = ["REQUESTS", "Asked", "analyse", "settings_of"]
