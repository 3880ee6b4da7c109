"""Cut the generated body where a reader would: at headings and cells, before and behind a split, small parts together."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping, Sequence
from itertools import pairwise

from nbprod.flow.program import Section
from nbprod.flow.tree import all_statements, walk
from nbprod.modules.docstrings import clean, sentence
from nbprod.modules.function_names import SPLITS, what_is_done
from nbprod.modules.pieces import Piece

LONGEST = 18  # statements of a function under one heading
UNTITLED = 6  # of one without a heading
FEW = 3  # statements that are worth a function of their own beside a split
SMALL, TOGETHER = 2, 8  # statements of a small part, and of small parts that were joined


def cut(body: list[ast.stmt], sections: Mapping[int, Section]) -> list[Piece]:
    """Group statements into the functions of the package."""
    pieces = [part for piece in _by_heading(body, sections) for part in _around_split(piece)]
    pieces = _joined(_without_aliases(pieces))
    for piece in pieces:
        piece.said = clean(what_is_done(piece.body))
    return pieces


def _by_heading(body: list[ast.stmt], sections: Mapping[int, Section]) -> list[Piece]:
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
            or (not title and not last.title and (cell in last.cells or len(last.body) < UNTITLED))
        )
        if joined and last is not None:
            last.body.append(node)
            if cell not in last.cells:
                last.cells.append(cell)
        else:
            text = "" if helper or section.text in said else section.text
            said.add(text)
            pieces.append(Piece(title, text, [cell], [node], helper=bool(helper)))
    return pieces


def _around_split(piece: Piece) -> list[Piece]:
    """Cut a part that does more than splitting before the split, and behind it."""
    at = next((i for i, node in enumerate(piece.body) if _splits(node)), None)
    if at is None:
        return [piece]
    first = at
    while first and _chooses(piece.body[first - 1]):
        first -= 1
    last = at + 1
    while last < len(piece.body) and _splits(piece.body[last]):
        last += 1
    first = first if weight(piece.body[:first]) >= FEW else 0
    last = last if weight(piece.body[last:]) >= FEW else len(piece.body)
    bounds = [0, first, last, len(piece.body)]
    parts = [piece.body[a:b] for a, b in pairwise(bounds) if a < b]
    return [_part(piece, part, first=part is parts[0]) for part in parts]


def _part(piece: Piece, body: list[ast.stmt], first: bool) -> Piece:
    cells = list(dict.fromkeys(getattr(node, "cell", 0) for node in body))
    new = Piece(piece.title, piece.text if first else "", cells, body, helper=piece.helper)
    new.rest = not first
    return new


def _splits(node: ast.stmt) -> bool:
    return any(isinstance(part, ast.Name) and part.id in SPLITS for part in walk(node))


def _chooses(node: ast.stmt) -> bool:
    """Say whether a statement only picks features or label: ``X = df.drop(...)``, ``y = df["a"]``."""
    if isinstance(node, ast.If) and getattr(node, "guard", False):
        return all(_chooses(inner) for inner in [*node.body, *node.orelse])
    if not isinstance(node, ast.Assign) or not all(isinstance(t, ast.Name) for t in node.targets):
        return False
    value = node.value
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        return value.func.attr in ("drop", "copy", "to_numpy") and _is_path(value.func.value)
    return _is_path(value)


def _is_path(node: ast.expr) -> bool:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return isinstance(node, ast.Name) and node.id != "state"


def weight(body: Sequence[ast.stmt]) -> int:
    """Return how many statements there are, blocks of ``if fitting`` not counted themselves."""
    return sum(1 for node in all_statements(body) if not getattr(node, "guard", False))


def _without_aliases(pieces: list[Piece]) -> list[Piece]:
    """Put a part that only gives a table another name in front of the part that uses it."""
    out: list[Piece] = []
    waiting: Piece | None = None
    for piece in pieces:
        if waiting is not None:
            piece, waiting = _together(waiting, piece, headings=False), None
        if all(_renames(node) for node in piece.body):
            waiting = piece
        else:
            out.append(piece)
    if waiting is not None:
        if not out:
            return [waiting]
        out[-1] = _together(out[-1], waiting, headings=False)
    return out


def _renames(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Assign):
        return False
    value = node.value
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        value = value.func.value if value.func.attr == "copy" else value
    return isinstance(value, ast.Name)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Join small parts that follow each other; their headings become comments."""
    out: list[Piece] = []
    for piece in pieces:
        last = out[-1] if out else None
        alone = not piece.title and piece.body and weight(piece.body) == 1
        if last is not None and alone and not (last.title or last.helper):
            out[-1] = _together(last, piece)
        elif (
            last is not None
            and (last.small or weight(last.body) <= SMALL)
            and weight(piece.body) <= SMALL
            and weight(last.body) + weight(piece.body) <= TOGETHER
            and not last.helper
            and not piece.helper
            and not any(_splits(node) for node in [*last.body, *piece.body])
        ):
            out[-1] = _together(last, piece)
            out[-1].small = True
        else:
            out.append(piece)
    return out


def _together(first: Piece, second: Piece, headings: bool = True) -> Piece:
    """Return two parts as one: under their common heading, else with their headings as comments."""
    main = second if not headings and _is_alias(first) else first
    cells = list(dict.fromkeys([*first.cells, *second.cells]))
    if not headings or first.title == second.title or not second.title:
        new = Piece(main.title, main.text, cells, [*first.body, *second.body], helper=main.helper)
        new.rest = main.rest
        return new
    one = first.body if not first.title else _headed(first)
    return Piece("", "", cells, [*one, *_headed(second)])


def _is_alias(piece: Piece) -> bool:
    return all(_renames(node) for node in piece.body)


def _headed(piece: Piece) -> list[ast.stmt]:
    """Return the statements of a part with its heading as the comment of the first one."""
    node = copy.copy(piece.body[0])
    comment = f"# {sentence(piece.title)}"
    node.lead = [comment, *getattr(node, "lead", [])]  # type: ignore[attr-defined]
    return [node, *piece.body[1:]]


__all__ = ["cut", "weight"]
