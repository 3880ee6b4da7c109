"""The state of one run of the abstract interpreter: names, row axes, what was recorded."""

from __future__ import annotations

import ast
import builtins

from nbprod.flow.values import CONST, Flow, RowAxis, Val

DISPLAY_MODULES = (
    "matplotlib",
    "seaborn",
    "plotly",
    "missingno",
    "IPython",
    "altair",
    "bokeh",
    "wordcloud",
    "graphviz",
    "warnings",
    "logging",
    "tqdm",
    "time",
    "os",
    "sys",
    "gc",
    "pprint",
    "pandas_profiling",
    "ydata_profiling",
    "folium",
    "shap",
)


class Scope:
    """Environment and records shared by the transfer functions."""

    def __init__(self, body: list[ast.stmt], statistics: frozenset[str] = frozenset()) -> None:
        self.flow = Flow(body)
        self.env: dict[str, Val] = {}
        self.depth = 0
        self.returns: list[list[Val]] = []
        self.impure: list[bool] = []  # per active helper: does it learn, filter or read?
        self.naming = ""  # the variable the statement at hand assigns
        self.statistics = statistics  # sources that are not the primary one

    # -- records ---------------------------------------------------------------------------------
    def record(self, node: ast.AST, val: Val, rule: str = "") -> Val:
        """Store the value of an expression; the last visit wins."""
        self.flow.vals[id(node)] = val
        if rule:
            self.flow.rules[id(node)] = rule
        return val

    def mark(self, node: ast.AST, rule: str) -> None:
        """Say what an operation does to the rows; a helper that does more than map rows is impure."""
        self.flow.rules[id(node)] = rule
        self.touch()

    def touch(self) -> None:
        """The active helper does something that serving must not simply repeat."""
        for index in range(len(self.impure)):
            self.impure[index] = True

    def assume(self, node: ast.AST, what: str) -> None:
        """Note an operation that is assumed to work row by row."""
        self.flow.assumed[id(node)] = what

    # -- axes ------------------------------------------------------------------------------------
    def axis(self, parent: int | None, how: str, labelled: bool | None = None) -> int:
        """Open a new row universe."""
        if labelled is None:
            labelled = parent is None or self.flow.axes[parent].labelled
        self.flow.axes.append(RowAxis(len(self.flow.axes), parent, how, labelled))
        return len(self.flow.axes) - 1

    # -- names -----------------------------------------------------------------------------------
    def load(self, name: str) -> Val:
        """Return the value of a name: local, imported, builtin or unknown."""
        if name in self.env:
            return self.env[name]
        if hasattr(builtins, name):
            return Val("func", "builtin", qual=f"builtins.{name}")
        return CONST

    def alias(self, left: str, right: str) -> None:
        """Two names are one object: changing one in place changes the other."""
        groups = self.flow.aliases
        touching = [g for g in groups if left in g or right in g]
        merged = {left, right}.union(*touching)
        self.flow.aliases = [g for g in groups if g not in touching] + [merged]


def base_name(node: ast.AST) -> str | None:
    """Return the variable at the root of ``a.b[c].d()``, or None."""
    while isinstance(node, (ast.Subscript, ast.Attribute, ast.Call, ast.Starred)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return a keyword argument of a call."""
    return next((k.value for k in call.keywords if k.arg == name), None)


def literal(node: ast.AST | None) -> object:
    """Return the value of a literal expression, or ``NotImplemented``."""
    if node is None:
        return NotImplemented
    try:
        value: object = ast.literal_eval(node)
        return value
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return NotImplemented


def axis_argument(call: ast.Call, position: int | None = None) -> object:
    """Return the ``axis`` of a pandas or numpy call as 0 or 1 (0 when not given)."""
    node = keyword(call, "axis")
    if node is None and position is not None and len(call.args) > position:
        node = call.args[position]
    value = literal(node)
    if value is NotImplemented:
        return None
    if isinstance(value, str):
        return {"index": 0, "rows": 0, "columns": 1}.get(value, value)
    return value
