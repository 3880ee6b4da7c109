"""What rules are given: calls of our functions and of numpy, arguments by name, values of a known kind."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, cast

from nbprod.kernel import rules
from nbprod.kernel.values import COLUMN, Kind, Lowered, NotLowered

if TYPE_CHECKING:
    from nbprod.kernel.expressions import Expressions

NAMES = {
    "texts": "text",
    "dates": "date",
    "learned": "learned value",
    "plain": "plain value",
    "records": "list of records",
    "matrix": "two-dimensional array",
}


class Making:
    """Know what is lowered so far, and make parts of what it becomes."""

    def __init__(self, imports: dict[str, str], functions: dict[str, ast.FunctionDef]) -> None:
        rules.load()
        self.imports = imports  # name -> qualified name
        self.functions = functions
        self.kinds: dict[str, Kind] = {}
        self.used: set[str] = set()  # vector functions
        self.learned: set[str] = set()
        self.estimators: dict[str, str] = {}  # field of the state -> class
        self.tables: set[str] = set()  # fields of the state that are tables
        self.needed: set[str] = set()  # functions of the notebook, kept as they are
        self.reserved: set[str] = set()  # names of the notebook
        self.labels: set[str] = set()  # variables of loops over names of columns
        self.lists: dict[str, bool] = {}  # constants and learned values: several names, or one
        self.within: list[str] = []  # functions of the notebook that are being lowered
        self.modules: set[str] = set()  # imports that rules need
        self.helpers: dict[str, ast.FunctionDef] = {}  # functions of one value or one row

    def vector(
        self,
        name: str,
        *args: ast.expr | Lowered,
        kind: Kind = COLUMN,
        **options: ast.expr | None,
    ) -> Lowered:
        """Return a call of a function of ``vector/``; options that are None are left out."""
        nodes = [a.node if isinstance(a, Lowered) else a for a in args]
        keywords = [ast.keyword(k, v) for k, v in options.items() if v is not None]
        return Lowered(ast.Call(self.imported(name), nodes, keywords), kind)

    def imported(self, name: str) -> ast.expr:
        """Return a function of ``vector/`` by the name that it has in the kernel."""
        self.used.add(name)
        return ast.Name(self.alias(name), ast.Load())

    def alias(self, name: str) -> str:
        """Return a name that the notebook does not use itself."""
        while name in self.reserved:
            name += "_"
        return name

    def add_helper(self, name: str, lowered: ast.FunctionDef) -> None:
        """Keep a function of the notebook.

        Raises:
            NotLowered: it is applied to values here and to rows elsewhere.
        """
        known = self.helpers.setdefault(name, ast.fix_missing_locations(lowered))
        if ast.unparse(known) != ast.unparse(ast.fix_missing_locations(lowered)):
            raise NotLowered(f"{name}() works on values and on rows", self.functions[name])

    def is_many(self, node: ast.expr, found: Lowered) -> bool:
        """Return whether a key names several columns.

        Raises:
            NotLowered: it is not known.
        """
        if isinstance(node, (ast.List, ast.ListComp, ast.BinOp)) or found.kind.dtype == "list":
            return True
        if isinstance(node, (ast.Constant, ast.Tuple, ast.JoinedStr)):
            return False
        if isinstance(node, ast.Name) and node.id in self.labels:
            return False
        name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        if name in self.lists:
            return self.lists[name]
        if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
            return False
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("list", "sorted")
        ):
            return True
        raise NotLowered(f"{shown(node)} may name one column or several", node)

    def numpy(self, name: str, *args: ast.expr | Lowered, kind: Kind = COLUMN) -> Lowered:
        """Return a call of a function of numpy."""
        nodes = [a.node if isinstance(a, Lowered) else a for a in args]
        function = ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load())
        return Lowered(ast.Call(function, nodes, []), kind)

    def bind(
        self, call: ast.Call, *names: str, ignored: tuple[str, ...] = ()
    ) -> dict[str, ast.expr]:
        """Return the arguments of a call by parameter; ``ignored`` ones do not change the result.

        Raises:
            NotLowered: the call has an argument that the rule does not know.
        """
        if any(isinstance(a, ast.Starred) for a in call.args) or any(
            k.arg is None for k in call.keywords
        ):
            raise NotLowered("arguments are unpacked", call)
        if len(call.args) > len(names):
            raise NotLowered("more arguments than the rule knows", call)
        found = dict(zip(names, call.args, strict=False))
        for item in call.keywords:
            assert item.arg is not None
            if item.arg in ignored:
                continue
            if item.arg not in names:
                raise NotLowered(f"the argument {item.arg}", call)
            found[item.arg] = item.value
        return found

    def constant(self, node: ast.expr | None, default: Any = None) -> Any:
        """Return the value of a literal argument.

        Raises:
            NotLowered: the argument is no literal.
        """
        if node is None:
            return default
        try:
            return ast.literal_eval(node)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            raise NotLowered("an argument that is no literal", node) from None

    def column(self, node: ast.expr) -> Lowered:
        """Lower an expression that must be one column."""
        return self.expect(node, "column")

    def expect(self, node: ast.expr, *whats: str) -> Lowered:
        """Lower an expression that must be of one of the named kinds."""
        found = self.lower(node)
        if found.kind.what not in whats:
            names = " or ".join(NAMES.get(w, w) for w in whats)
            raise NotLowered(f"{shown(node)} is not known to be a {names}", node)
        return found

    def plain(self, node: ast.expr) -> ast.expr:
        """Lower an expression that must not depend on the rows."""
        return self.expect(node, "plain", "learned").node

    @property
    def whole(self) -> Expressions:
        """What a rule is given: it may ask for anything that can be lowered."""
        return cast("Expressions", self)

    def lower(self, node: ast.expr) -> Lowered:
        """Return the expression on columns.

        Raises:
            NotLowered: there is no rule for a part of it.
        """
        raise NotImplementedError


def each_column(frame: ast.expr, value: ast.expr) -> ast.expr:
    """Return ``{name: value for name, values in frame.items()}``."""
    names = ast.Tuple([ast.Name("name", ast.Store()), ast.Name("values", ast.Store())], ast.Store())
    items = ast.Call(ast.Attribute(frame, "items", ast.Load()), [], [])
    return ast.DictComp(
        ast.Name("name", ast.Load()), value, [ast.comprehension(names, items, [], 0)]
    )


def shown(node: ast.AST) -> str:
    """Return source for a message, on one short line."""
    return " ".join(ast.unparse(node).split())[:60]


__all__ = ["NAMES", "Making", "each_column", "shown"]
