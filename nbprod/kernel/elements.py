"""Functions that see one value or one row: plain Python, kept as written but for pandas names."""

from __future__ import annotations

import ast
import builtins
import copy
from typing import TYPE_CHECKING

from nbprod.flow.tree import walk
from nbprod.kernel.values import NotLowered

if TYPE_CHECKING:
    from nbprod.kernel.expressions import Expressions

MISSING = {"pandas.isnull", "pandas.isna", "numpy.isnan"}
PRESENT = {"pandas.notnull", "pandas.notna"}
SCALAR_MODULES = ("math", "re", "string", "datetime")
SCALAR_NUMPY = frozenset(
    """nan inf pi e log log1p log2 log10 exp expm1 sqrt abs floor ceil sin cos tan square power sign round maximum
    minimum""".split()
)
# methods of a pandas row or column that have no meaning for the dict of a row
ROW_METHODS = frozenset(
    "index name values sum mean min max isnull notnull dropna any all get items keys".split()
)


def lower_element(
    low: Expressions, node: ast.expr, parameters: set[str], rows: frozenset[str]
) -> ast.expr:
    """Return an expression on one value; ``rows`` are the parameters that hold a whole row."""
    changed = Element(low, parameters, rows).visit(copy.deepcopy(node))
    assert isinstance(changed, ast.expr)
    return changed


def lower_helper(low: Expressions, node: ast.FunctionDef, rows: bool) -> ast.FunctionDef:
    """Return a function of the notebook that is applied to values, or to rows."""
    if node.decorator_list or node.args.vararg or node.args.kwarg:
        raise NotLowered(f"{node.name}() takes any number of arguments", node)
    names = [a.arg for a in (*node.args.args, *node.args.kwonlyargs)]
    own = set(names) | {
        n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    first = frozenset(names[:1]) if rows else frozenset()
    if rows and any(
        isinstance(n, ast.Name) and n.id in first and isinstance(n.ctx, ast.Store)
        for n in walk(node)
    ):
        raise NotLowered(f"{node.name}() binds its row anew", node)
    new = copy.deepcopy(node)
    element = Element(low, own, first)
    new.body = [element.visit(s) for s in new.body]
    return new


class Element(ast.NodeTransformer):
    """Replace what only pandas has; refuse what is not plain Python."""

    def __init__(self, low: Expressions, known: set[str], rows: frozenset[str]) -> None:
        self.low, self.known, self.rows = low, known, rows

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        inner = Element(self.low, self.known | {a.arg for a in node.args.args}, self.rows)
        node.body = inner.visit(node.body)
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        return self._comprehension(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        return self._comprehension(node)

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        return self._comprehension(node)

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        return self._comprehension(node)

    def _comprehension(self, node: ast.AST) -> ast.AST:
        names = {
            n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        return ast.NodeTransformer.generic_visit(
            Element(self.low, self.known | names, self.rows), node
        )

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self.rows:
            raise NotLowered("a row that is used as a whole", node)
        if node.id in self.known or node.id == "state" or node.id.isupper():
            return node
        kind = self.low.kinds.get(node.id)
        if kind is not None:
            if kind.what not in ("plain", "learned"):
                raise NotLowered(
                    f"a function of one value that uses the {kind.what} {node.id}", node
                )
            return node
        if node.id in self.low.functions:
            self.low.needed.add(node.id)
            return node
        qualified = self.low.imports.get(node.id)
        if qualified is not None:
            if qualified.split(".")[0] not in SCALAR_MODULES:
                raise NotLowered(f"{qualified} in a function of one value", node)
            return node
        if not hasattr(builtins, node.id):
            raise NotLowered(f"{node.id} is not known", node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        qualified = self._qualified(node)
        if qualified is not None:
            return self._library(node, qualified)
        if isinstance(node.value, ast.Name) and node.value.id == "state":
            self.low.learned.add(node.attr)
            return node
        if isinstance(node.value, ast.Name) and node.value.id in self.rows:
            if node.attr in ROW_METHODS:
                raise NotLowered(f".{node.attr} of a row", node)
            return ast.Subscript(node.value, ast.Constant(node.attr), node.ctx)
        if node.attr in ("loc", "at") and self._is_learned(node.value):
            return self.visit(node.value)  # type: ignore[no-any-return]
        if node.attr in ("iloc", "iat", "index", "columns", "values") and self._is_learned(
            node.value
        ):
            raise NotLowered(f".{node.attr} of a learned value", node)
        return self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        for part in (node.left, *node.comparators):
            while isinstance(part, ast.Subscript):
                part = part.value
            if self._is_table(part):
                raise NotLowered("a learned table that each row looks through", node)
        return self.generic_visit(node)

    def _is_table(self, node: ast.expr) -> bool:
        return (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "state"
            and node.attr in self.low.tables
        )

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id in self.rows:
            if isinstance(node.slice, (ast.List, ast.Slice)) or not isinstance(node.ctx, ast.Load):
                raise NotLowered("a part of a row, or a change of it", node)
            node.slice = self.visit(node.slice)
            return node
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        qualified = self._qualified(node.func) if isinstance(node.func, ast.Attribute) else None
        if isinstance(node.func, ast.Name):
            qualified = self.low.imports.get(node.func.id)
        if qualified in MISSING | PRESENT and len(node.args) == 1:
            value = self.visit(node.args[0])
            test = ast.Call(self.low.imported("lacks"), [value], [])
            return test if qualified in MISSING else ast.UnaryOp(ast.Not(), test)
        return self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> ast.AST:
        raise NotLowered("an import inside a function", node)

    visit_ImportFrom = visit_Global = visit_Nonlocal = visit_With = visit_Import  # type: ignore[assignment]

    def _library(self, node: ast.Attribute, qualified: str) -> ast.AST:
        top, _, rest = qualified.partition(".")
        if top in SCALAR_MODULES or (top == "numpy" and rest in SCALAR_NUMPY):
            return node
        raise NotLowered(f"{qualified} in a function of one value", node)

    def _qualified(self, node: ast.expr) -> str | None:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id in self.low.imports and node.id not in self.known:
            return ".".join([self.low.imports[node.id], *reversed(parts)])
        return None

    def _is_learned(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Subscript):
            node = node.value
        if isinstance(node, ast.Attribute):
            return isinstance(node.value, ast.Name) and node.value.id == "state"
        return isinstance(node, ast.Name) and self.low.kinds.get(node.id) is not None
