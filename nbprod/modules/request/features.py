"""Print ``features.py``: ``fit`` learns what the function reads, ``transform`` asks it."""

from __future__ import annotations

import ast

from nbprod.flow.tree import walk
from nbprod.modules.functions import print_function
from nbprod.modules.imports import Imports, arrange, parsed
from nbprod.modules.pieces import Piece
from nbprod.modules.request import text
from nbprod.modules.request.analysis import REQUESTS, Asked
from nbprod.modules.request.asking import needing, package_imports
from nbprod.modules.request.pieces import reading_variables
from nbprod.modules.tidy import rename
from nbprod.modules.variable_types import FRAME, Kind
from nbprod.split.request import Request


def print_features(
    asked: Asked,
    pieces: list[Piece],
    imports: Imports,
    constants: dict[str, str],
    state: dict[str, str],
) -> str:
    """Return the source of ``features.py``: ``fit`` learns, ``transform`` asks."""
    request = asked.request
    tables = dict.fromkeys(asked.sources, Kind(FRAME))
    for piece in pieces:
        piece.taken = {name: tables[name] for name in piece.inputs if name in tables}
        piece.given = {name: tables[name] for name in piece.outputs if name in tables}
    nested = reading_variables(asked)
    training = [f for f in asked.kept.functions if f not in (*request.functions, *nested)]
    shared = [f.name for f in request.functions if f is not request.function]
    helpers = [asked.printer.body([rename(f, constants)], 0) for f in training]
    steps = [print_function(piece, asked.printer) for piece in pieces]
    needs = needing(list(request.functions), set(state))
    parts = [
        text.TRAINING,
        text.KNOWN,
        *helpers,
        *steps,
        _fit(asked, pieces, state),
        *([text.FIRST] if request.form == "frame" else []),
        _transform(request, request.function.name in needs),
    ]
    source = "\n\n\n".join(parts)
    body = "\n\n\n".join([*helpers, *steps])
    names = {n.id for n in walk(parsed(body)) if isinstance(n, ast.Name)} if body else set()
    wanted = sorted({request.function.name} | (names & set(shared)))
    package = [
        *package_imports(asked, source, constants),
        f"from .asking import {', '.join(wanted)}",
        "from .data import Sources",
        "from .replay import plain_answer",
        "from .state import PreprocessState",
    ]
    standard = (
        "from dataclasses import dataclass, field",
        "from typing import Any",
        "import pandas as pd",
    )
    return "\n".join(
        [
            text.FEATURES_TITLE.format(name=request.function.name),
            "",
            arrange(
                ["from __future__ import annotations", *imports.used(source, standard), *package]
            ),
            "",
            "",
            source,
            "",
        ]
    )


def _fit(asked: Asked, pieces: list[Piece], state: dict[str, str]) -> str:
    name = asked.request.function.name
    lines = [
        "def fit(sources: Sources) -> tuple[PreprocessState, Training]:",
        f'    """Learn what ``{name}`` reads, and answer the requests that are known."""',
        *(f"    {source} = sources.{source}.copy()" for source in _used_sources(asked, pieces)),
    ]
    for piece in pieces:
        call = f"{piece.name}({', '.join(piece.inputs)})"
        lines.append(f"    {', '.join(piece.outputs)} = {call}" if piece.outputs else f"    {call}")
    lines.append("    state = PreprocessState()")
    lines += [f"    state.{field} = {name}" for name, field in state.items()]
    primary = REQUESTS if asked.request.derived else asked.request.source
    lines.append(f"    known = known_requests(sources.{primary})")
    lines.append("    return state, Training(X=transform(known, state), y=None, rows=known.index)")
    return "\n".join(lines)


def _used_sources(asked: Asked, pieces: list[Piece]) -> list[str]:
    needed = {name for piece in pieces for name in piece.inputs}
    return [s for s in asked.sources if s in needed or s in asked.request.learned]


def _transform(request: Request, stateful: bool) -> str:
    state = ", state=state" if stateful else ""
    name = request.function.name
    if request.form != "fields":
        call = text.PER_ROW[request.form].format(name=name, state=state)
        return text.TRANSFORM.format(lines=f"found = [{call} for row in range(len(raw))]")
    values = [f.parameter for f in request.fields]
    handed = ", ".join(f"{v}={v}" for v in values)
    if len(values) == 1:
        loop = f'for {values[0]} in raw["{values[0]}"].tolist()'
    else:
        columns = ", ".join(f'raw["{v}"].tolist()' for v in values)
        loop = f"for {', '.join(values)} in zip({columns}, strict=True)"
    return text.TRANSFORM.format(lines=f"found = [plain_answer({name}({handed}{state})) {loop}]")


__all__ = ["print_features"]
