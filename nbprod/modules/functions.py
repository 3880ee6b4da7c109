"""Cut the generated body into functions: one per heading or cell, with parameters from the flow."""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache

from nbprod.flow.program import Section
from nbprod.modules.docstrings import docstring
from nbprod.modules.function_names import function_name
from nbprod.modules.names_used import names_in, names_of, read_first, surely_written, together
from nbprod.modules.printing import Printer
from nbprod.split.naming import Namer

LONGEST = 18
# What ``features.py`` itself defines and imports.
OURS = frozenset(
    """Any PreprocessState Sources Training config dataclass field fit fitting np pd prepare row_labels state
    transform""".split()
)
LINE = 100  # characters, as render/formatting.py has it


@dataclass
class Piece:
    """A run of statements that becomes one function."""

    title: str
    text: str
    cells: list[int]
    body: list[ast.stmt]
    name: str = ""
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    uses_state: bool = False
    uses_fitting: bool = False
    empty_first: list[str] = field(default_factory=list)
    optional: set[str] = field(default_factory=set)  # inputs that are None when serving


def cut(body: list[ast.stmt], sections: dict[int, Section]) -> list[Piece]:
    """Group statements by heading; cells without one stand alone, small neighbours are joined."""
    pieces: list[Piece] = []
    said: set[str] = set()  # a text stands once, with the first function of its section
    for node in body:
        cell = getattr(node, "cell", 0)
        helper = getattr(node, "helper", "")
        section = sections.get(cell, Section())
        title = helper.replace("_", " ") if helper else section.heading
        last = pieces[-1] if pieces else None
        joined = last is not None and (
            (
                last.title == title
                and bool(title)
                and (len(last.body) < LONGEST or cell in last.cells)
            )
            or (not title and not last.title and (cell in last.cells or len(last.body) < 6))
        )
        if joined and last is not None:
            last.body.append(node)
            if cell not in last.cells:
                last.cells.append(cell)
        else:
            text = "" if helper or section.text in said else section.text
            said.add(text)
            pieces.append(Piece(title, text, [cell], [node]))
    return pieces


def connect(pieces: list[Piece], sources: list[str], wanted: set[str], outside: set[str]) -> None:
    """Fill in names, parameters and returned variables of every piece."""
    namer = Namer(outside | OURS)
    used = cache(names_in)  # nothing is changed in here
    each = [together(map(used, piece.body)) for piece in pieces]
    variables = set(sources).union(*(names.written for names in each))
    sure = [surely_written(piece.body, used) for piece in pieces]
    firsts = [read_first(piece.body, used) for piece in pieces]
    later = [set(wanted)]  # what is read behind each piece, from the last to the first
    for bound, first in zip(reversed(sure[1:]), reversed(firsts[1:]), strict=True):
        later.append((later[-1] - bound) | first)
    afterwards = later[: len(pieces)][::-1]
    before = set(sources)
    nothing: set[str] = set()  # what is None when serving
    rows = zip(pieces, each, sure, firsts, afterwards, strict=True)
    for piece, names, bound, first, after in rows:
        changed = names.written | names.mutated
        known = [v for v in names.order if v in variables]
        piece.outputs = [v for v in known if v in changed and v in after]
        passed = {v for v in piece.outputs if v not in bound}  # perhaps as they came in
        piece.inputs = [v for v in known if v in before and (v in first or v in passed)]
        piece.uses_state = "state" in names.order
        piece.uses_fitting = "fitting" in names.order
        piece.empty_first = [v for v in piece.outputs if v in passed and v not in piece.inputs]
        piece.optional = nothing.intersection(piece.inputs)
        nothing = (nothing - bound).union(piece.empty_first)
        piece.name = namer.new(function_name(piece.title, piece.body, piece.outputs))
        before |= names.written


def print_function(piece: Piece, annotations: dict[str, str], printer: Printer) -> str:
    """Return the source of one function."""
    parameters = [f"{v}: {_typed(v, piece.optional, annotations)}" for v in piece.inputs]
    if piece.uses_state:
        parameters.append("state: PreprocessState")
    if piece.uses_fitting:
        parameters += ["*", "fitting: bool"]
    types = [_typed(v, {*piece.empty_first, *piece.optional}, annotations) for v in piece.outputs]
    result = "None" if not types else types[0] if len(types) == 1 else f"tuple[{', '.join(types)}]"
    lines = [signature(piece.name, parameters, result)]
    lines.append(f'    """{docstring(piece, annotations)}"""')
    body, missing = _nothing_when_serving(piece)
    lines.extend(f"    {name} = None" for name in missing)
    lines.append(printer.body(body))
    if piece.outputs:
        lines.append(f"    return {', '.join(piece.outputs)}")
    return "\n".join(lines)


def _typed(name: str, optional: Collection[str], annotations: dict[str, str]) -> str:
    kind = annotations.get(name, "Any")
    return f"{kind} | None" if name in optional and kind != "Any" else kind


def signature(name: str, parameters: list[str], result: str) -> str:
    """Return the first line of a function, in three where it is long, as black leaves it."""
    inside = ", ".join(parameters)
    whole = f"def {name}({inside}) -> {result}:"
    if len(whole) <= LINE or len(inside) + 4 > LINE or not inside:
        return whole
    return f"def {name}(\n    {inside}\n) -> {result}:"


def _nothing_when_serving(piece: Piece) -> tuple[list[ast.stmt], list[str]]:
    """Say in an ``else`` that serving has no labels; return also the variables for which there is none."""
    body, missing = list(piece.body), list(piece.empty_first)
    for number, node in enumerate(body):
        if not missing:
            break
        if not (isinstance(node, ast.If) and getattr(node, "guard", False) and node.orelse):
            continue
        elsewhere = names_of([*body[:number], *body[number + 1 :], *node.orelse]).written
        here = names_of(node.body).written
        own = [v for v in missing if v in here and v not in elsewhere]
        if own:
            nothing = ast.Assign([ast.Name(v, ast.Store()) for v in own], ast.Constant(None))
            body[number] = new = copy.copy(node)
            new.orelse = [*node.orelse, nothing]
            missing = [v for v in missing if v not in own]
    return body, missing
