"""From the serving form of ``features.py`` to a kernel, or to the reason why there is none."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from nbprod.flow.program import origin
from nbprod.flow.tree import copied, walk
from nbprod.kernel.elements import lower_helper
from nbprod.kernel.learned import encoder_class, is_list
from nbprod.kernel.printing import print_kernel
from nbprod.kernel.statements import Statements
from nbprod.kernel.values import FRAME, LABELLED, Kernel, Kind, NotLowered, Refused
from nbprod.kernel.vector_files import vector_files
from nbprod.modules.functions import connect
from nbprod.modules.names_used import names_in, read_first, surely_written
from nbprod.modules.pieces import Piece
from nbprod.modules.tidy import unused_out
from nbprod.split.guards import serving_only
from nbprod.split.removed import installed_version

if TYPE_CHECKING:
    from nbprod.modules.features import Features
    from nbprod.modules.values import Setting

OWN_MISTAKE = "a mistake of nbprod"


def lower(features: Features, settings: Iterable[Setting] = ()) -> Kernel | Refused:
    """Return the kernel of the serving path, or why it cannot be lowered exactly."""
    try:
        return _lower(features, settings)
    except NotLowered as refused:
        at = origin(refused.node) if refused.node is not None else None
        cell, line = (at.cell, at.line) if at is not None else (0, 0)
        return Refused(refused.reason, cell, line)
    except Exception as error:  # noqa: BLE001  our mistake; pandas serves, and it is said
        return Refused(f"{OWN_MISTAKE}: {type(error).__name__}: {error}", 0, 0)


def _lower(features: Features, settings: Iterable[Setting]) -> Kernel:
    low = _lowering(features, settings)
    if features.x is None:
        raise NotLowered("features that are not known")
    pieces = _serving(features)
    low.kinds[features.sources[0]] = FRAME
    kinds: dict[str, dict[str, Kind]] = {}
    for piece in pieces:
        piece.body = low.block(piece.body)
        kinds[piece.name] = dict(low.kinds)
    result = low.lower(copied(features.x))
    if result.kind.what not in ("frame", "column", "matrix") or not _all_rows(result.kind):
        raise NotLowered(f"features that are a {result.kind.what}", features.x)
    for name in sorted(low.needed):
        if name not in low.helpers:
            low.add_helper(name, lower_helper(low, low.functions[name], rows=False))
    pieces = [p for p in pieces if p.body]
    wanted = {n.id for n in walk(result.node) if isinstance(n, ast.Name)}
    connect(pieces, [features.sources[0]], wanted, set(low.imports) | set(low.functions))
    source = print_kernel(low, pieces, kinds, result, features)
    pandas = features.analysis.flow.pandas or installed_version("pandas")
    files = {"kernel.py": source, **(vector_files(low.used, pandas) if low.used else {})}
    return Kernel(files, tuple(sorted(low.learned)))


def _hand_on_comments(body: list[ast.stmt]) -> None:
    """Move what is said above a line that learns to the line that applies it."""
    for node, following in zip(body, [*body[1:], None], strict=False):
        for inner in (getattr(node, "body", None), getattr(node, "orelse", None)):
            if isinstance(inner, list) and not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                _hand_on_comments(inner)
        if not getattr(node, "guard", False) or not isinstance(node, ast.If):
            continue
        lead = [
            *getattr(node, "lead", []),
            *(getattr(node.body[0], "lead", []) if node.body else []),
        ]
        applied = node.orelse[0] if node.orelse else following
        if lead and applied is not None and all(map(_learns, node.body)):
            applied.lead = [*lead, *getattr(applied, "lead", [])]  # type: ignore[attr-defined]


def _learns(node: ast.stmt) -> bool:
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    while isinstance(target, (ast.Attribute, ast.Subscript)):
        target = target.value
    return isinstance(target, ast.Name) and target.id == "state"


def _kept_pops(body: list[ast.stmt]) -> list[ast.stmt]:
    """Take a column out of its frame where ``y = df.pop("y")`` is only written for the label's sake."""
    out: list[ast.stmt] = []
    for node in body:
        out.append(node)
        value = node.value if isinstance(node, ast.Assign) else None
        if (
            not isinstance(value, ast.Call)
            or not isinstance(value.func, ast.Attribute)
            or value.func.attr != "pop"
        ):
            continue
        assert isinstance(node, ast.Assign)
        place = ast.Subscript(value.func.value, value.args[0], ast.Load()) if value.args else None
        if place is not None and isinstance(value.func.value, ast.Name):
            gone = ast.Delete([ast.Subscript(value.func.value, value.args[0], ast.Del())])
            read = ast.Assign(node.targets, place)
            pair: list[ast.stmt] = [read, gone]
            for new in pair:
                ast.copy_location(new, node)
                new.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
            read.lead = getattr(node, "lead", [])  # type: ignore[attr-defined]
            out[-1:] = pair
    return out


def _all_rows(kind: Kind) -> bool:
    return not kind.where or kind.where.startswith(LABELLED)


def _lowering(features: Features, settings: Iterable[Setting]) -> Statements:
    analysis = features.analysis
    functions = dict(analysis.flow.functions)
    for node in analysis.body.helpers:
        if isinstance(node, ast.FunctionDef):
            functions[node.name] = _helper(features, node)
    low = Statements(_imports(features), functions)
    low.reserved = {n.id for s in features.body for n in walk(s) if isinstance(n, ast.Name)} - {
        "partial"
    }
    low.reserved = {n for n in low.reserved if n not in analysis.body.learned.runtime}
    low.reserved |= set(functions) | {p.name for p in features.pieces}
    for setting in settings:
        try:
            low.lists[setting.name] = isinstance(ast.literal_eval(setting.value), (list, tuple))
        except (ValueError, SyntaxError):
            continue
    expressions = {s.field: s.expression for s in analysis.body.learned.sites}
    for name, state in analysis.body.learned.fields.items():
        expression = expressions.get(name, state.comment.partition(": ")[2])
        listed = is_list(state.annotation, expression)
        if listed is not None:
            low.lists[name] = listed
        low.estimators[name] = encoder_class(expression, analysis.flow)
        if state.annotation == "pd.DataFrame":
            low.tables.add(name)
    return low


def _helper(features: Features, node: ast.FunctionDef) -> ast.FunctionDef:
    """Return a function of the notebook as ``features.py`` has it."""
    for text in features.helpers:
        new = ast.parse(text).body[0]
        if isinstance(new, ast.FunctionDef) and new.name == node.name:
            for part in walk(new):
                part.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
            return new
    return node


def _imports(features: Features) -> dict[str, str]:
    """Return the qualified name of every imported name."""
    found: dict[str, str] = {}
    for line in features.imports.known.values():
        node = ast.parse(line).body[0]
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def _serving(features: Features) -> list[Piece]:
    """Return the pieces with what happens when serving, without what nothing reads."""
    bodies = [[copied(s) for s in p.body] for p in features.pieces]
    for body in bodies:
        _hand_on_comments(body)
    pieces = [
        replace(p, body=serving_only(body)) for p, body in zip(features.pieces, bodies, strict=True)
    ]
    assert features.x is not None
    wanted = {n.id for n in walk(features.x) if isinstance(n, ast.Name)}
    for piece in reversed(pieces):
        piece.body = unused_out(_kept_pops(piece.body), wanted)
        known = cache(names_in)
        wanted = (wanted - surely_written(piece.body, known)) | read_first(piece.body, known)
    return pieces
