"""Lower expressions: pandas objects become dicts of columns and arrays, the rest stays as written."""

from __future__ import annotations

import ast
import builtins
import copy
from typing import Any

from nbprod.flow.tree import walk
from nbprod.kernel import rules
from nbprod.kernel.values import COLUMN, FRAME, LEARNED, MATRIX, PLAIN, Kind, Lowered, NotLowered

NAMES = {
    "texts": "text",
    "dates": "date",
    "learned": "learned value",
    "plain": "plain value",
    "records": "list of records",
    "matrix": "two-dimensional array",
}
ACCESSORS = {"str": "texts", "dt": "dates", "cat": "categories"}
ZERO_SAFE = {ast.FloorDiv: "floor_divide", ast.Mod: "remainder"}


class Expressions:
    """Lower one expression after the other, knowing what each variable holds."""

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

    # -- what rules use --------------------------------------------------------------------------
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

    # -- dispatch --------------------------------------------------------------------------------
    def lower(self, node: ast.expr) -> Lowered:
        """Return the expression on columns.

        Raises:
            NotLowered: there is no rule for a part of it.
        """
        name = f"_{type(node).__name__.lower()}"
        rule = getattr(self, name, None)
        try:
            if rule is None:
                return self._rest(node)
            lowered: Lowered = rule(node)
        except NotLowered as refused:
            if refused.node is None or not hasattr(refused.node, "lineno"):
                refused.node = node
            raise
        return lowered

    def _constant(self, node: ast.Constant) -> Lowered:
        return Lowered(node, PLAIN)

    def _name(self, node: ast.Name) -> Lowered:
        if node.id in self.kinds:
            return Lowered(node, self.kinds[node.id])
        if node.id == "state":
            return Lowered(node, Kind("state"))
        if node.id in self.functions or node.id == "partial":
            return Lowered(node, Kind("function", node.id))
        if node.id in self.imports:
            return Lowered(node, Kind("module", self.imports[node.id]))
        if node.id.isupper() or hasattr(builtins, node.id):
            return Lowered(node, PLAIN)
        raise NotLowered(f"{node.id} is not known", node)

    def _attribute(self, node: ast.Attribute) -> Lowered:
        base = self.lower(node.value)
        what = base.kind.what
        if what == "state":
            self.learned.add(node.attr)
            return Lowered(node, Kind("learned", self.estimators.get(node.attr, "")))
        if what == "module":
            return self._member(node, f"{base.kind.dtype}.{node.attr}")
        if what == "column" and node.attr in ACCESSORS:
            return Lowered(base.node, Kind(ACCESSORS[node.attr], base.kind.dtype, base.kind.label))
        found = rules.ATTRIBUTES.get((what, node.attr))
        if found is not None:
            return found(self, node, base)
        if what == "frame" and (what, node.attr) not in rules.CALLS:
            return self.item(base, ast.Constant(node.attr))
        if what in ("plain", "learned"):
            return Lowered(ast.Attribute(base.node, node.attr, ast.Load()), base.kind)
        raise NotLowered(f".{node.attr} of a {NAMES.get(what, what)} has no rule", node)

    def _member(self, node: ast.Attribute, qualified: str) -> Lowered:
        found = rules.ATTRIBUTES.get(("function", qualified))
        if found is not None:
            return found(self, node, Lowered(node, Kind("module", qualified)))
        return Lowered(node, Kind("module", qualified))

    def item(self, frame: Lowered, label: ast.expr) -> Lowered:
        """Return one column of a frame."""
        return Lowered(
            ast.Subscript(frame.node, label, ast.Load()),
            Kind("column", "", label, frame.kind.where),
        )

    def _subscript(self, node: ast.Subscript) -> Lowered:
        base = self.lower(node.value)
        found = rules.CALLS.get((base.kind.what, "[]"))
        if found is not None:
            return found(self, _as_call(node), base)
        if base.kind.what in ("plain", "learned"):
            return Lowered(ast.Subscript(base.node, self._index(node.slice), ast.Load()), base.kind)
        raise NotLowered(f"an item of a {base.kind.what}", node)

    def _index(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Slice):
            parts = [
                self.plain(p) if p is not None else None
                for p in (node.lower, node.upper, node.step)
            ]
            return ast.Slice(*parts)
        return self.plain(node)

    def _call(self, node: ast.Call) -> Lowered:
        function = node.func
        if isinstance(function, ast.Attribute):
            base = self.lower(function.value)
            what, name = base.kind.what, function.attr
            if what == "module":
                return self._function(node, f"{base.kind.dtype}.{name}")
            found = rules.CALLS.get((what, name))
            if found is not None:
                return found(self, node, base)
            if what in ("plain", "learned"):
                return self._plain_call(node, ast.Attribute(base.node, name, ast.Load()))
            raise NotLowered(f".{name}() of a {NAMES.get(what, what)} has no rule", node)
        if isinstance(function, ast.Name):
            if function.id in self.imports and function.id not in self.kinds:
                return self._function(node, self.imports[function.id])
            if ("function", function.id) in rules.CALLS and function.id not in self.functions:
                return self._function(node, function.id)
            if function.id in self.functions:
                return self._own_function(node, function)
            if hasattr(builtins, function.id) and function.id not in self.kinds:
                return self._plain_call(node, function)
        raise NotLowered(f"{shown(function)}() has no rule", node)

    def _own_function(self, node: ast.Call, function: ast.Name) -> Lowered:
        """A function of the notebook: of plain values as it is, of frames and columns lowered."""
        arguments = [self.lower(a) for a in node.args if not isinstance(a, ast.Starred)]
        if all(a.kind.what in ("plain", "learned", "state") for a in arguments):
            self.needed.add(function.id)
            return self._plain_call(node, function)
        return self.lowered_function(node, function.id, arguments)

    def lowered_function(self, node: ast.Call, name: str, arguments: list[Lowered]) -> Lowered:
        """Return the call of a function of the notebook that works on frames or columns."""
        raise NotImplementedError

    def _function(self, node: ast.Call, qualified: str) -> Lowered:
        found = rules.CALLS.get(("function", qualified))
        if found is None:
            if qualified.split(".")[0] in ("math", "re", "string"):
                return self._plain_call(node, node.func)
            raise NotLowered(f"{qualified}() has no rule", node)
        return found(self, node, Lowered(node.func, Kind("module", qualified)))

    def _plain_call(self, node: ast.Call, function: ast.expr) -> Lowered:
        args = [self.plain(a) for a in node.args]
        keywords = [ast.keyword(k.arg, self.plain(k.value)) for k in node.keywords]
        return Lowered(ast.Call(function, args, keywords), PLAIN)

    def _binop(self, node: ast.BinOp) -> Lowered:
        left, right = self.lower(node.left), self.lower(node.right)
        kinds = (left.kind.what, right.kind.what)
        if "frame" in kinds:
            return self._frame_operation(node, left, right)
        kind = self._rows(node, left, right)
        if (
            kind.what != "plain"
            and isinstance(node.op, ast.Add)
            and any(_is_text(v) for v in (left, right))
        ):
            return self.vector("join_texts", left, right, kind=Kind("column", "text"))
        if kind.what == "column" and type(node.op) in ZERO_SAFE and not _nonzero(right.node):
            return self.vector(ZERO_SAFE[type(node.op)], left, right, kind=kind)
        return Lowered(ast.BinOp(left.node, node.op, right.node), kind)

    def _frame_operation(self, node: ast.BinOp, left: Lowered, right: Lowered) -> Lowered:
        """A frame and a plain number: the operation on each column."""
        frame, other = (left, right) if left.kind.what == "frame" else (right, left)
        if other.kind.what not in ("plain", "learned"):
            raise NotLowered(f"an operation on a frame and a {other.kind.what}", node)
        value: ast.expr = ast.Name("values", ast.Load())
        each = other.node
        if {n.id for n in walk(each) if isinstance(n, ast.Name)} & {"name", "values"}:
            raise NotLowered("a variable called name or values", node)
        if other.kind.what == "learned":
            each = self.vector("of_column", other, ast.Name("name", ast.Load())).node
        if type(node.op) in ZERO_SAFE and not _nonzero(right.node):
            raise NotLowered("a remainder of whole frames", node)
        sides = (value, each) if frame is left else (each, value)
        return Lowered(each_column(frame.node, ast.BinOp(sides[0], node.op, sides[1])), frame.kind)

    def _rows(self, node: ast.AST, *parts: Lowered) -> Kind:
        """Return the kind of an element-wise operation."""
        whats = {p.kind.what for p in parts}
        unknown = whats - {"column", "matrix", "plain", "learned"}
        if unknown or {"column", "matrix"} <= whats:
            raise NotLowered(f"an operation on {' and '.join(sorted(whats))}", node)
        if "matrix" in whats:
            return MATRIX
        if "column" in whats:
            places = {p.kind.where for p in parts if p.kind.what == "column"}
            if len(places) > 1:
                raise NotLowered("columns of different rows are combined", node)
            label = next((p.kind.label for p in parts if p.kind.what == "column"), None)
            return Kind("column", "", label if len(parts) == 1 else None, places.pop())
        return LEARNED if "learned" in whats else PLAIN

    def _unaryop(self, node: ast.UnaryOp) -> Lowered:
        operand = self.lower(node.operand)
        if isinstance(node.op, ast.Not) and operand.kind.what not in ("plain", "learned"):
            raise NotLowered("the truth of rows", node)
        if operand.kind.what == "frame":
            value = ast.UnaryOp(node.op, ast.Name("values", ast.Load()))
            return Lowered(each_column(operand.node, value), FRAME)
        return Lowered(ast.UnaryOp(node.op, operand.node), self._rows(node, operand))

    def _compare(self, node: ast.Compare) -> Lowered:
        parts = [self.lower(n) for n in (node.left, *node.comparators)]
        if all(p.kind.what in ("plain", "learned") for p in parts):
            nodes = [p.node for p in parts]
            return Lowered(ast.Compare(nodes[0], node.ops, nodes[1:]), PLAIN)
        if len(node.ops) > 1 or isinstance(node.ops[0], (ast.In, ast.NotIn, ast.Is, ast.IsNot)):
            raise NotLowered(f"the truth of rows in {shown(node)}", node)
        if any(isinstance(p.node, ast.Constant) and p.node.value is None for p in parts):
            raise NotLowered("a comparison with None", node)
        kind = self._rows(node, *parts)
        compared = ast.Compare(parts[0].node, node.ops, [parts[1].node])
        return Lowered(compared, Kind(kind.what, "bool", None, kind.where))

    def _boolop(self, node: ast.BoolOp) -> Lowered:
        return Lowered(ast.BoolOp(node.op, [self.plain(v) for v in node.values]), PLAIN)

    def _ifexp(self, node: ast.IfExp) -> Lowered:
        test, body, orelse = self.plain(node.test), self.lower(node.body), self.lower(node.orelse)
        if body.kind.what != orelse.kind.what:
            raise NotLowered("two kinds of value, depending on a condition", node)
        return Lowered(ast.IfExp(test, body.node, orelse.node), Kind(body.kind.what))

    def _tuple(self, node: ast.Tuple) -> Lowered:
        return Lowered(ast.Tuple([self.plain(e) for e in node.elts], ast.Load()), PLAIN)

    def _list(self, node: ast.List) -> Lowered:
        return Lowered(
            ast.List([self.plain(e) for e in node.elts], ast.Load()), Kind("plain", "list")
        )

    def _listcomp(self, node: ast.ListComp) -> Lowered:
        first = node.generators[0]
        source = self.lower(first.iter)
        if source.kind.what == "column":
            return self._over_values(node, source)
        names = [n.id for n in walk(first.target) if isinstance(n, ast.Name)]
        hidden = {n: self.kinds.get(n) for n in names}
        self.kinds.update(dict.fromkeys(names, PLAIN))
        try:
            if source.kind.what not in ("plain", "learned", "frame"):
                raise NotLowered(f"a comprehension over a {source.kind.what}", node)
            first = ast.comprehension(
                first.target, source.node, [self.plain(i) for i in first.ifs], 0
            )
            if len(node.generators) > 1:
                raise NotLowered("a comprehension over two things", node)
            return Lowered(ast.ListComp(self.plain(node.elt), [first]), Kind("plain", "list"))
        finally:
            for name, kind in hidden.items():
                self.kinds.pop(name, None)
                if kind is not None:
                    self.kinds[name] = kind

    def _over_values(self, node: ast.ListComp, source: Lowered) -> Lowered:
        """``[f(v) for v in df["a"]]``: a column again."""
        first = node.generators[0]
        if len(node.generators) > 1 or first.ifs or not isinstance(first.target, ast.Name):
            raise NotLowered("a comprehension that chooses rows", node)
        element = self.element(node.elt, {first.target.id})
        values = self.vector("values_of", source).node
        made = ast.ListComp(element, [ast.comprehension(first.target, values, [], 0)])
        return self.vector("inferred", made)

    def element(
        self, node: ast.expr, parameters: set[str], rows: frozenset[str] = frozenset()
    ) -> ast.expr:
        """Return the code of a function of one value (or of one row, for parameters in ``rows``)."""
        from nbprod.kernel.elements import lower_element

        return lower_element(self, node, parameters, rows)

    def _lambda(self, node: ast.Lambda) -> Lowered:
        return Lowered(node, Kind("function", "lambda"))

    def _rest(self, node: ast.expr) -> Lowered:
        """Anything else stays as it is, when nothing in it depends on rows."""
        inner = {
            n.id
            for c in walk(node)
            if isinstance(c, ast.comprehension)
            for n in walk(c.target)
            if isinstance(n, ast.Name)
        }
        for part in walk(node):
            if (
                isinstance(part, ast.Name)
                and isinstance(part.ctx, ast.Load)
                and part.id not in inner
            ):
                found = self._name(part)
                if found.kind.what not in ("plain", "learned", "state"):
                    raise NotLowered(f"{shown(node)} has no rule", node)
            if (
                isinstance(part, ast.Attribute)
                and isinstance(part.value, ast.Name)
                and part.value.id == "state"
            ):
                self.learned.add(part.attr)
        return Lowered(copy.copy(node), PLAIN)


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


def _as_call(node: ast.Subscript) -> ast.Call:
    call = ast.Call(node.value, [node.slice], [])
    return ast.copy_location(call, node)


def _is_text(value: Lowered) -> bool:
    node = value.node
    return value.kind.dtype == "text" or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _nonzero(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and bool(node.value)
    )


__all__ = ["Expressions", "each_column", "shown"]
