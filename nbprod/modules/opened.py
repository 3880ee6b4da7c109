"""Files and addresses that are opened before a reader gets them: each becomes a setting."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from typing import TypeVar

SQLITE = "sqlite:///"
# Functions whose first argument says where data is.
OPENERS = frozenset(
    """ExcelFile Path ZipFile connect create_engine genfromtxt glob iglob listdir load loadarff loadmat loadtxt
    open""".split()
)
GLOBS = ("glob", "iglob")  # of a path they have a pattern below it
OF_GLOB = ("glob", "iglob", "glob.glob", "glob.iglob")
COMPRESSED = ("gzip", "bz2", "lzma", "codecs", "io")  # their ``open`` opens a file, not a member
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
        if name == "join" and ast.unparse(node.func) in ("os.path.join", "path.join"):
            name = "open"
        if first is not None and _opens(name):
            node.args[0] = first = self._folder(first)
        if not isinstance(first, ast.Constant):
            return node
        if isinstance(first.value, str) and "://" in first.value and name != "create_engine":
            node.args[0] = self._named(first.value, name)
            return node
        if not _opens(name) or (name in GLOBS and ast.unparse(node.func) not in OF_GLOB):
            return node
        if name == "open" and isinstance(node.func, ast.Attribute) and node.func.attr == "open":
            if ast.unparse(node.func.value) not in COMPRESSED:
                return node  # a member of an archive
        if not isinstance(first.value, str) or first.value in ("", ":memory:"):
            return node
        node.args[0] = self._named(first.value, name)
        return node

    def _folder(self, node: ast.expr) -> ast.expr:
        """Make a setting of the folder in ``"parts/" + name`` and ``f"parts/{name}"``."""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            found = self._within(node.left)
            if found is not None:
                return ast.BinOp(
                    ast.BinOp(found, ast.Add(), ast.Constant("/")), ast.Add(), node.right
                )
        if isinstance(node, ast.JoinedStr) and len(node.values) > 1:
            found = self._within(node.values[0])
            if found is not None:
                parts = [ast.FormattedValue(found, -1, None), ast.Constant("/"), *node.values[1:]]
                return ast.JoinedStr(parts)
        return node

    def _within(self, node: ast.expr) -> ast.expr | None:
        value = node.value if isinstance(node, ast.Constant) else None
        if not isinstance(value, str) or not value.endswith("/") or "://" in value or value == "/":
            return None
        return ast.Name(self.place(value.rstrip("/"), "path"), ast.Load())

    def _named(self, value: str, function: str) -> ast.expr:
        if function != "create_engine":
            return ast.Name(self.place(value, "url" if "://" in value else "path"), ast.Load())
        if not value.startswith(SQLITE) or value == SQLITE:
            return ast.Name(self.place(value, "url"), ast.Load())
        setting = self.place(value[len(SQLITE) :], "path")
        inside = ast.FormattedValue(ast.Name(setting, ast.Load()), -1, None)
        return ast.JoinedStr([ast.Constant(SQLITE), inside])


def _opens(function: str) -> bool:
    reads = function.startswith("read_") and not function.startswith("read_sql")
    return function in OPENERS or reads


def with_settings(node: N, place: Place) -> N:
    """Return a copy of a statement or expression whose places are settings."""
    new: N = Opened(place).visit(copy.deepcopy(node))
    return ast.fix_missing_locations(new)


__all__ = ["OPENERS", "with_settings"]
