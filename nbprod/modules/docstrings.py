"""Docstrings of the functions of a notebook: its heading and text, and the columns that a function reads and sets."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nbprod.flow.tree import own_expressions
from nbprod.modules.function_names import NUMBERING, listed, says_what_is_done, what_is_done

if TYPE_CHECKING:
    from nbprod.modules.pieces import Piece
    from nbprod.modules.variable_types import Kind

WIDTH = 92
HEADING = 60  # characters; longer ones are a text
FRAME = "pd.DataFrame"
NOTHING_KNOWN = "Prepare the rows"  # what is said of statements of which nothing is known
MOST = 8  # columns that are listed by name
_EMPHASIS = re.compile(r"(?<![\w*])[*_](?=[^\s*_])([^*_]*)[*_](?![\w*])")


def docstring(piece: Piece, interface: bool = False) -> str:
    """Return the heading of the notebook, or what the function makes; with ``interface``, also what goes in and out."""
    title, text = sentence(piece.title), _prose(piece.text)
    if not title and len(text) <= HEADING:  # a heading without its marks
        title, text = sentence(text), ""
    own = [c for c in piece.cells if c > 0]  # others are modules beside the notebook
    said = piece.said or clean(what_is_done(piece.body))
    section = f' ("{title}")' if title and own else ""
    section = f" ({piece.title.replace(' ', '_')})" if piece.helper and own else section
    if title and not piece.rest and (says_what_is_done(title) or said == NOTHING_KNOWN):
        said, section = title, ""
    title = said[:1].upper() + said[1:]
    where = ", ".join(str(c) for c in own)
    parts = [f"{title.rstrip('.')}."]
    if text and len(text) < 400:
        parts.append(_wrap(text))
    if interface:
        parts += _interface(piece)
    label = "cell" if len(own) == 1 else "cells"
    parts.append(
        _wrap(f"Notebook {label} {where}{section}.")
        if own
        else "From a module beside the notebook."
    )
    return "\n\n    ".join(parts) + "\n    "


def _interface(piece: Piece) -> list[str]:
    """Return the sections on arguments and results: shapes, and the columns that are read and set."""
    columns = columns_of(piece.body)
    nothing = Columns()
    taken = []
    for name in piece.inputs:
        read = columns.get(name, nothing).read if _is(piece.taken.get(name), FRAME) else []
        shape = piece.taken[name].shape if name in piece.taken else ""
        said = " ".join(filter(None, [shape, f"with {_listed(read)}" if read else ""]))
        if said:
            taken.append(f"{name}: {said}{_or_none(name in piece.optional)}.")
    given = {
        name: f"{said}{_or_none(name in piece.empty_first)}."
        for name in piece.outputs
        if (said := _result(piece, name, columns.get(name, nothing).written))
    }
    parts = []
    if taken:
        parts.append(_section("Args", taken))
    if given:
        alone = len(piece.outputs) == 1
        lines = [text if alone else f"{name}: {text}" for name, text in given.items()]
        parts.append(_section("Returns", lines, "" if alone else "    "))
    return parts


def _is(kind: Kind | None, name: str) -> bool:
    return kind is not None and kind.type == name


def _or_none(serving_none: bool) -> str:
    return ", None when serving" if serving_none else ""


def _result(piece: Piece, name: str, written: Sequence[str]) -> str:
    kind = piece.given.get(name)
    if kind is None:
        return ""
    made = f"with {_listed(written)} set" if written and kind.type == FRAME else ""
    some = kind.fewer and kind.rows and name not in piece.empty_first
    return ", ".join(filter(None, [kind.shape, made, "fewer rows when fitting" if some else ""]))


def _section(title: str, lines: Sequence[str], hanging: str = "    ") -> str:
    wrapped = [
        f"\n        {hanging}".join(textwrap.wrap(line, WIDTH - 8, break_long_words=False))
        for line in lines
    ]
    return "\n        ".join([f"{title}:", *wrapped])


def _listed(names: Sequence[str]) -> str:
    if len(names) > MOST:
        return f"{', '.join(names[:MOST])} and {len(names) - MOST} more columns"
    return listed(names)


@dataclass
class Columns:
    """The columns of one table by name: those read before they are set, and those set."""

    read: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


def columns_of(body: list[ast.stmt]) -> dict[str, Columns]:
    """Return the columns that statements read and set, by the variable of the table."""
    found: dict[str, Columns] = {}
    for statement in _in_order(body):
        parts = [e for e in own_expressions(statement) if isinstance(e, ast.Subscript)]
        changed = statement.target if isinstance(statement, ast.AugAssign) else None
        for loaded in (True, False):
            for part in parts:
                if isinstance(part.ctx, ast.Load) is not loaded and (part is not changed):
                    continue
                table, names = _columns(part)
                if table is None:
                    continue
                own = found.setdefault(table, Columns())
                listed = own.read if loaded else own.written
                listed += [n for n in names if n not in listed and n not in own.written]
    return found


def _in_order(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        yield node
        for block in ("body", "handlers", "orelse", "finalbody"):
            inner = getattr(node, block, ())
            yield from _in_order(inner if isinstance(inner, list) else ())


def _columns(node: ast.Subscript) -> tuple[str | None, list[str]]:
    """Return the variable and the columns of ``df["a"]``, ``df[["a", "b"]]`` or ``df.loc[rows, "a"]``."""
    base, key = node.value, node.slice
    if isinstance(base, ast.Attribute) and base.attr in ("loc", "at"):
        if not isinstance(key, ast.Tuple) or len(key.elts) != 2:
            return None, []
        base, key = base.value, key.elts[1]
    if not isinstance(base, ast.Name):
        return None, []
    items = key.elts if isinstance(key, ast.List) else [key]
    names = [i.value for i in items if isinstance(i, ast.Constant) and isinstance(i.value, str)]
    shown = [clean(name) for name in names]
    return base.id, [n for n in shown if n and len(n) <= 40]


def sentence(heading: str) -> str:
    """Return a heading without its number and what it ends in: ``3.2 Fill gaps!!!`` is ``Fill gaps``."""
    return NUMBERING.sub("", _prose(heading), count=1).rstrip(" .!?:;-").strip()


def clean(text: str) -> str:
    """Return Markdown text that is safe inside a docstring."""
    text = re.sub(r"<[^>]*>|!?\[[^\]]*\]\([^)]*\)|https?://\S+", " ", text)
    kept = "".join(c for c in text if c.isprintable())
    kept = kept.replace("\\", "/").replace('"""', "'''").replace("**", "").replace("`", "'")
    kept = " ".join(kept.split()).strip(" #*_")
    return kept.rstrip('"').strip()


def _prose(text: str) -> str:
    """Return Markdown text without its marks of emphasis."""
    return _EMPHASIS.sub(r"\1", clean(text))


def _wrap(text: str) -> str:
    return "\n    ".join(textwrap.wrap(text, WIDTH))


__all__ = ["clean", "columns_of", "docstring", "sentence"]
