"""Print ``kernel.py``: the functions of ``features.py``, on a dict of columns."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

from nbprod.flow.tree import walk
from nbprod.kernel.values import Kind, Lowered
from nbprod.modules.docstrings import docstring
from nbprod.modules.imports import arrange, parsed
from nbprod.modules.pieces import Piece

if TYPE_CHECKING:
    from nbprod.kernel.statements import Statements
    from nbprod.modules.features import Features
    from nbprod.modules.printing import Printer

TITLE = '''"""The preprocessing of a request on numpy columns: what ``features.transform`` does, bit for bit.

A frame is a dict of one-dimensional arrays in the order of its columns; the same code takes one row or a million.
It is written for serving alone and never learns; ``tests/test_kernel.py`` holds it to the preprocessing in pandas.
"""'''
TYPES = {"frame": "Columns", "column": "np.ndarray", "matrix": "np.ndarray"}


def print_kernel(
    low: Statements,
    pieces: list[Piece],
    kinds: dict[str, dict[str, Kind]],
    result: Lowered,
    features: Features,
) -> str:
    """Return the source of ``kernel.py``."""
    printer = features.printer
    functions = [_function(p, kinds[p.name], printer) for p in pieces]
    helpers = [printer.body([copy.copy(h)], 0) for h in low.helpers.values()]
    body = "\n\n\n".join([*helpers, *functions, _entry(pieces, result, features)])
    constants = sorted(_names(body) & set(features.constants.values()))
    lines = [
        "from __future__ import annotations",
        "from collections.abc import Mapping",
        "from typing import Any",
        "import numpy as np",
    ]
    lines += [
        line
        for line in features.imports.used(body)
        if line.split()[1].split(".")[0] in ("math", "re", "string", "datetime")
    ]
    lines += sorted(low.modules)
    lines += [f"from .config import {', '.join(constants)}"] if constants else []
    for name in sorted(low.used):
        alias = low.alias(name)
        lines.append(f"from .vector import {name}" + (f" as {alias}" if alias != name else ""))
    learned = ", ".join(f'"{n}"' for n in sorted(low.learned))
    learned = f"({learned},)" if low.learned else "()"
    head = f"LEARNED = {learned}  # the values of the state that this module reads\n\nColumns = dict[Any, np.ndarray]"
    return "\n".join([TITLE, "", arrange(lines), "", head, "", "", body, ""])


def _function(piece: Piece, kinds: dict[str, Kind], printer: Printer) -> str:
    parameters = [f"{v}: {_type(kinds.get(v))}" for v in piece.inputs]
    if piece.uses_state:
        parameters.append("state: Any")
    types = [_type(kinds.get(v)) for v in piece.outputs]
    returned = (
        "None" if not types else types[0] if len(types) == 1 else f"tuple[{', '.join(types)}]"
    )
    shown = copy.copy(piece)
    lines = [
        f"def {piece.name}({', '.join(parameters)}) -> {returned}:",
        f'    """{docstring(shown)}"""',
    ]
    lines += [f"    {name} = None" for name in piece.empty_first]
    last = piece.body[-1]
    single = (
        isinstance(last, ast.Assign)
        and len(piece.outputs) == 1
        and isinstance(last.targets[0], ast.Name)
        and last.targets[0].id == piece.outputs[0]
    )
    if single:
        assert isinstance(last, ast.Assign)
        final = ast.Return(last.value)
        final.lead, final.trail = getattr(last, "lead", []), getattr(last, "trail", "")  # type: ignore[attr-defined]
        lines.append(printer.body([*piece.body[:-1], final]))
        return "\n".join(lines)
    lines.append(printer.body(piece.body))
    if piece.outputs:
        lines.append(f"    return {', '.join(piece.outputs)}")
    return "\n".join(lines)


def _type(kind: Kind | None) -> str:
    return TYPES.get(kind.what, "Any") if kind is not None else "Any"


def _entry(pieces: list[Piece], result: Lowered, features: Features) -> str:
    name = features.sources[0]
    lines = [
        '@np.errstate(all="ignore")  # as pandas computes',
        f"def features(columns: Mapping[Any, np.ndarray], state: Any) -> {TYPES[result.kind.what]}:",
        '    """Return the features of the raw columns, (n,) each, as ``features.transform`` does."""',
        f"    {name} = dict(columns)",
    ]
    for piece in pieces:
        arguments = [*piece.inputs, *(["state"] if piece.uses_state else [])]
        call = f"{piece.name}({', '.join(arguments)})"
        lines.append(f"    {', '.join(piece.outputs)} = {call}" if piece.outputs else f"    {call}")
    lines.append(f"    return {features.printer.expression(result.node)}")
    return "\n".join(lines)


def _names(source: str) -> set[str]:
    return {n.id for n in walk(parsed(source)) if isinstance(n, ast.Name)}
