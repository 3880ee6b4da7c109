"""Files and addresses that are opened before a reader gets them: each becomes a setting."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from typing import TypeVar

SQLITE = "sqlite:///"
# Functions whose first argument says where data is.
OPENERS = frozenset(
    """glob iglob connect ZipFile open Path create_engine listdir loadtxt genfromtxt read_csv read_excel
    read_table read_json read_parquet""".split()
)
N = TypeVar("N", bound=ast.AST)
Place = Callable[[str, str], str]  # value and kind of a setting -> its name


class Opened(ast.NodeTransformer):
    """Puts the names of settings where calls say a place as text."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = ast.unparse(node.func).rsplit(".", 1)[-1]
        first = node.args[0] if node.args else None
        if name not in OPENERS or not isinstance(first, ast.Constant):
            return node
        if name == "open" and not isinstance(node.func, ast.Name):
            return node  # a member of an archive
        if not isinstance(first.value, str) or first.value in ("", ":memory:"):
            return node
        node.args[0] = self._named(first.value, name)
        return node

    def _named(self, value: str, function: str) -> ast.expr:
        if function != "create_engine":
            return ast.Name(self.place(value, "url" if "://" in value else "path"), ast.Load())
        if not value.startswith(SQLITE) or value == SQLITE:
            return ast.Name(self.place(value, "url"), ast.Load())
        setting = self.place(value[len(SQLITE) :], "path")
        inside = ast.FormattedValue(ast.Name(setting, ast.Load()), -1, None)
        return ast.JoinedStr([ast.Constant(SQLITE), inside])


def with_settings(node: N, place: Place) -> N:
    """Return a copy of a statement or expression whose places are settings."""
    new: N = Opened(place).visit(copy.deepcopy(node))
    return ast.fix_missing_locations(new)


__all__ = ["OPENERS", "with_settings"]
