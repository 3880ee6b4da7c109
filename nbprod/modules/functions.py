"""The functions of the generated package: their parameters and results from the flow, and their text."""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Mapping
from functools import cache

from nbprod.modules.docstrings import docstring
from nbprod.modules.function_names import function_names
from nbprod.modules.names_used import names_in, names_of, read_first, surely_written, together
from nbprod.modules.pieces import Piece
from nbprod.modules.printing import Printer
from nbprod.modules.variable_types import Kind
from nbprod.split.naming import Namer

# What ``features.py`` itself defines and imports.
OURS = frozenset(
    """Any PreprocessState Sources Training config dataclass field fit fitting np pd prepare row_labels state
    transform""".split()
)
LINE = 100  # characters, as render/formatting.py has it


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
        if not piece.name:  # the kernel's functions have the names of ``features.py``
            title = "" if piece.rest else piece.title
            wanted_names = function_names(title, piece.body, piece.outputs)
            free = (name for name in wanted_names if name not in namer.taken)
            piece.name = namer.new(next(free, wanted_names[0]))
        before |= names.written


def print_function(piece: Piece, printer: Printer) -> str:
    """Return the source of one function."""
    parameters = [f"{v}: {_typed(v, piece.optional, piece.taken)}" for v in piece.inputs]
    if piece.uses_state:
        parameters.append("state: PreprocessState")
    if piece.uses_fitting:
        parameters += ["*", "fitting: bool"]
    empty = {*piece.empty_first, *piece.optional}
    types = [_typed(v, empty, piece.given) for v in piece.outputs]
    result = "None" if not types else types[0] if len(types) == 1 else f"tuple[{', '.join(types)}]"
    lines = [signature(piece.name, parameters, result)]
    lines.append(f'    """{docstring(piece, interface=True)}"""')
    body, missing = _nothing_when_serving(piece)
    lines.extend(f"    {name} = None" for name in missing)
    lines.append(printer.body(body))
    if piece.outputs:
        lines.append(f"    return {', '.join(piece.outputs)}")
    return "\n".join(lines)


def _typed(name: str, optional: Collection[str], kinds: Mapping[str, Kind]) -> str:
    kind = kinds[name].type if name in kinds else "Any"
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
