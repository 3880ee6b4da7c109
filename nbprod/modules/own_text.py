"""The text that the notebook itself has for a statement or an expression, found by its position.

Analysis rewrites syntax trees of ``ast``; what it leaves alone still carries the position it was read at. The
same position leads to the text of the cell, and to the libcst node that keeps its comments and layout.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from nbprod.flow.tree import walk
from nbprod.notebook.values import Notebook

if TYPE_CHECKING:
    import libcst as cst

_LINES = re.compile(r"[^\n\r]*(?:\r\n|\n|\r)|[^\n\r]+")
Position = tuple[int, int, int, int]  # first line, column, last line, column behind the end


def position(node: ast.AST) -> Position | None:
    """Return where a node was read: lines from 1, columns in bytes; None for a node that was made."""
    end = getattr(node, "end_lineno", None)
    if end is None:
        return None
    return (node.lineno, node.col_offset, end, node.end_col_offset)  # type: ignore[attr-defined]


class OwnText:
    """The texts of the cells of a notebook, by position."""

    def __init__(self, notebook: Notebook) -> None:
        self._codes: Mapping[int, str] = {cell.number: cell.code for cell in notebook.code_cells}
        self._cells: dict[int, _Cell] = {}

    def original(self, node: ast.AST) -> ast.AST | None:
        """Return what the notebook has where ``node`` was read, when it is of the same kind."""
        place = position(node)
        return None if place is None else self._cell(node).nodes.get((type(node), place))

    def text(self, original: ast.AST) -> str | None:
        """Return the text of a node of the notebook; None when it holds what no reader would see."""
        place = position(original)
        assert place is not None
        text = self._cell(original).text(place)
        return text if text.replace("\n", "").isprintable() else None

    def tree(self, original: ast.AST) -> cst.CSTNode | None:
        """Return the libcst node of a node of the notebook, None when none stands at its place."""
        place = position(original)
        assert place is not None
        return self._cell(original).tree(place, isinstance(original, ast.stmt))

    def gap_above(self, node: ast.AST) -> bool:
        """Say whether the notebook leaves a line blank above a statement and its comments."""
        place = position(node)
        return place is not None and self._cell(node).gap_above(place[0] - 1)

    def _cell(self, node: ast.AST) -> _Cell:
        number = getattr(node, "cell", 0)
        if number not in self._cells:
            self._cells[number] = _Cell(number, self._codes.get(number, ""))
        return self._cells[number]


class _Cell:
    """One cell: its lines, and its nodes by kind and position."""

    def __init__(self, number: int, code: str) -> None:
        self.number = number
        self.lines: list[str] = _LINES.findall(code)
        self.code = code
        self.trees: dict[int, dict[tuple[bool, Position], cst.CSTNode]] = {}

    @cached_property
    def module(self) -> ast.Module:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.code)
        except (SyntaxError, ValueError):
            return ast.Module([], [])

    @cached_property
    def nodes(self) -> dict[tuple[type[ast.AST], Position], ast.AST]:
        found: dict[tuple[type[ast.AST], Position], ast.AST] = {}
        for node in walk(self.module):
            place = position(node)
            if place is not None:
                node.cell = self.number  # type: ignore[attr-defined]
                found.setdefault((type(node), place), node)
        return found

    def text(self, place: Position) -> str:
        row, column, last, end = place
        lines = self.lines[row - 1 : last]
        lines[-1] = _first_bytes(lines[-1], end)
        lines[0] = lines[0][len(_first_bytes(lines[0], column)) :]
        return "\n".join(line.rstrip("\r\n") for line in lines)

    def gap_above(self, row: int) -> bool:
        row = min(row, len(self.lines))
        while row > 0 and self.lines[row - 1].lstrip().startswith("#"):
            row -= 1
        return row > 0 and not self.lines[row - 1].strip()

    def tree(self, place: Position, statement: bool) -> cst.CSTNode | None:
        row, column, last, end = place
        outer = next((n for n in self.module.body if _first(n) <= row and last <= _last(n)), None)
        if outer is None:
            return None
        first = _first(outer)
        if first not in self.trees:
            self.trees[first] = _by_position(self.lines[first - 1 : _last(outer)])
        characters = len(_first_bytes(self.lines[row - 1], column))
        behind = len(_first_bytes(self.lines[last - 1], end))
        inner = (row - first + 1, characters, last - first + 1, behind)
        return self.trees[first].get((statement, inner))


def _by_position(lines: list[str]) -> dict[tuple[bool, Position], cst.CSTNode]:
    """Parse a statement with libcst and index its expressions and simple statements."""
    import libcst as cst
    from libcst.metadata import MetadataWrapper, PositionProvider

    try:
        module = cst.parse_module("".join(lines))
    except cst.ParserSyntaxError:
        return {}
    places = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    found: dict[tuple[bool, Position], cst.CSTNode] = {}
    for node, span in places.items():
        if not isinstance(node, (cst.BaseExpression, cst.BaseSmallStatement)):
            continue
        start, end = span.start, span.end
        if isinstance(node, (cst.Tuple, cst.GeneratorExp)) and node.lpar:
            start, end = places[node.lpar[-1]].start, places[node.rpar[0]].end
        key = (start.line, start.column, end.line, end.column)
        found.setdefault((isinstance(node, cst.BaseSmallStatement), key), node)
    return found


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(d.lineno for d in decorators)])


def _last(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _first_bytes(line: str, count: int) -> str:
    """Return the start of a line that takes ``count`` bytes, which is how ``ast`` counts columns."""
    return line[:count] if line.isascii() else line.encode()[:count].decode("utf-8", "ignore")
