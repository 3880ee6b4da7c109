"""What the notebook makes of its model's output behind the fit: thresholds, rounding, limits, plain predictions."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass, replace

from nbprod.flow.scope import base_name, literal
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.split.sinks import Sink, statements

PLAIN = ("ravel", "flatten", "squeeze", "to_numpy", "copy", "tolist")
INVERSES = ("expm1", "exp", "inverse_transform", "inv_boxcox", "square")
ELEMENTWISE = (
    "round",
    "rint",
    "around",
    "floor",
    "ceil",
    "maximum",
    "minimum",
    "clip",
    "abs",
    "absolute",
)
COMPARISONS = (ast.Gt, ast.GtE, ast.Lt, ast.LtE)
INTEGERS = ("int", "int8", "int32", "int64", "uint8", "np.int32", "np.int64", "np.int8", "np.uint8")
# Functions that look at scores as they are, whatever is decided by them.
OF_SCORES = (
    "roc_curve",
    "roc_auc_score",
    "precision_recall_curve",
    "average_precision_score",
    "log_loss",
    "brier_score_loss",
    "calibration_curve",
    "from_predictions",
    "hist",
    "histplot",
    "kdeplot",
    "distplot",
)
VALUE = "predictions"


@dataclass(frozen=True)
class Trace:
    """An expression of the variable ``predictions``: the output of ``method``, perhaps ``decided``."""

    method: str  # predict or predict_proba
    node: ast.expr
    column: int | None = None
    decided: bool = False
    second: bool = False  # true stands for the second class
    searched: bool = False  # against a value that is no number of the notebook
    names: str = ""  # that the notebook gives the outcomes

    @property
    def text(self) -> str:
        return ast.unparse(self.node)


@dataclass(frozen=True)
class Use:
    """One use of the model's output: ``at`` where the notebook decides or, undecided, takes the prediction."""

    trace: Trace
    at: ast.expr
    statement: ast.stmt
    repeated: bool = False  # in a block: tried rather than decided
    measured: bool = False  # only a score is computed of it


@dataclass(frozen=True)
class Uses:
    """All uses behind the fit, in order.

    ``found`` decide, or take the prediction as it is; ``asked`` are the calls of ``predict``. ``renames`` says that
    classes get names of the notebook's own.
    """

    found: tuple[Use, ...]
    asked: tuple[Use, ...]
    renames: bool
    behind: tuple[ast.stmt, ...]


def uses(flow: Flow, sink: Sink) -> Uses | None:
    """Follow the model's output; None where a function of the notebook asks the model, which may do anything."""
    return _Reader(flow, sink).read()


def _scores(node: ast.Call) -> bool:
    """Say whether a call tells how good scores are, or shows them: it takes no answer from them."""
    return ast.unparse(node.func).rsplit(".", 1)[-1] in OF_SCORES


class _Reader:
    def __init__(self, flow: Flow, sink: Sink) -> None:
        self.flow, self.sink = flow, sink
        self.known: dict[str, Trace] = {}
        self.found: list[Use] = []
        self.asked: list[Use] = []
        self.behind: list[ast.stmt] = []
        self.statement: ast.stmt = sink.statement
        self.repeated = False
        self.measured = 0
        self.renames = False  # classes get names of the notebook's own

    def read(self) -> Uses | None:
        """Follow the model's output through the statements behind the fit."""
        listed = list(statements(self.flow.body))
        position = next(i for i, (s, _) in enumerate(listed) if s is self.sink.statement)
        for statement, path in listed[position + 1 :]:
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                if any(
                    isinstance(n, ast.Name) and n.id == self.sink.model for n in walk(statement)
                ):
                    return None
                continue
            if self._refitted(statement):
                break
            self.behind.append(statement)
            self.statement, self.repeated = statement, bool(path)
            self._statement(statement)
        return Uses(tuple(self.found), tuple(self.asked), self.renames, tuple(self.behind))

    def _refitted(self, statement: ast.stmt) -> bool:
        for node in walk(statement):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr == "fit" and base_name(node.func) == self.sink.model:
                    return True
        return isinstance(statement, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == self.sink.model for t in statement.targets
        )

    def _statement(self, statement: ast.stmt) -> None:
        expressions = [c for c in ast.iter_child_nodes(statement) if isinstance(c, ast.expr)]
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if isinstance(statement, ast.Assign) and isinstance(target, ast.Name):
            trace = self._trace(statement.value)
            self.known.pop(target.id, None)
            if trace is not None:
                self.known[target.id] = trace
                if trace.decided:
                    self._note(trace, statement.value)
            else:
                self._uses(statement.value)
        else:
            for expression in expressions:
                self._uses(expression)

    def _note(self, trace: Trace, node: ast.expr) -> None:
        if trace.decided or trace.method == "predict":
            measured = self.measured > 0
            self.found.append(Use(trace, node, self.statement, self.repeated, measured))

    def _uses(self, node: ast.AST) -> None:
        """Note how an expression that is no answer itself uses the model's output."""
        if isinstance(node, ast.expr):
            trace = self._trace(node)
            if trace is not None:
                if not (trace.decided and isinstance(node, ast.Name)):
                    self._note(trace, node)
                return
        scores = isinstance(node, ast.Call) and _scores(node)
        self.measured += scores
        for child in ast.iter_child_nodes(node):
            self._uses(child)
        self.measured -= scores

    # -- expressions -----------------------------------------------------------------------------
    def _trace(self, node: ast.expr) -> Trace | None:
        if isinstance(node, ast.Name):
            return self.known.get(node.id)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Subscript):
            return self._column(node)
        if isinstance(node, ast.Compare):
            return self._compared(node)
        if isinstance(node, ast.ListComp):
            return self._listed(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            inner = self._trace(node.left)
            return inner if inner and inner.second and literal(node.right) == 1 else None
        return None

    def _call(self, node: ast.Call) -> Trace | None:
        function = node.func
        if isinstance(function, ast.Attribute):
            if base_name(function) == self.sink.model and isinstance(function.value, ast.Name):
                return self._asked(node, function.attr)
            inner = self._trace(function.value)
            if inner is not None:
                return self._method(inner, node, function.attr)
        if not node.args:
            return None
        name = ast.unparse(function).rsplit(".", 1)[-1]
        if name == "where" and len(node.args) == 3:
            return self._choice(self._trace(node.args[0]), node.args[1], node.args[2])
        first = self._trace(node.args[0])
        if first is None:
            return None
        if name in (*INVERSES, "array", "asarray", "Series", "ravel", "squeeze"):
            return first if not first.decided else None
        if (
            name in ELEMENTWISE
            and first.method == "predict"
            and self._constants(node.args[1:], node.keywords)
        ):
            if name in ("round", "around") and (len(node.args) > 1 or node.keywords):
                return None
            return self._step(first, node, 0)
        return None

    def _asked(self, node: ast.Call, method: str) -> Trace | None:
        if not node.args or not self.flow.val(node.args[0]).is_row:
            return None
        if method not in ("predict", "predict_proba"):
            return None
        trace = Trace(method, ast.Name(VALUE, ast.Load()))
        if method == "predict":
            self.asked.append(Use(trace, node, self.statement, self.repeated, self.measured > 0))
        return trace

    def _method(self, inner: Trace, node: ast.Call, name: str) -> Trace | None:
        if name in PLAIN or (
            name == "reshape" and literal(node.args[0] if node.args else None) == -1
        ):
            return inner
        if name == "astype" and node.args:
            kind = literal(node.args[0])
            kind = kind if isinstance(kind, str) else ast.unparse(node.args[0])
            if inner.second and kind in (*INTEGERS, "bool", "float"):
                return inner
            if kind in INTEGERS and inner.method == "predict":
                return self._step(inner, node, None)
        if (
            name in ("round", "clip")
            and inner.method == "predict"
            and self._constants(node.args, node.keywords)
        ):
            if name == "round" and (node.args or node.keywords):
                return None
            return self._step(inner, node, None)
        return None

    def _step(self, inner: Trace, node: ast.Call, position: int | None) -> Trace:
        new = copy.copy(node)
        if position is None:
            assert isinstance(node.func, ast.Attribute)
            new.func = ast.Attribute(inner.node, node.func.attr, ast.Load())
        else:
            new.args = [inner.node, *node.args[1:]]
        return Trace(inner.method, new, decided=True)

    def _column(self, node: ast.Subscript) -> Trace | None:
        inner = self._trace(node.value)
        if inner is None or inner.method != "predict_proba" or inner.column is not None:
            return None
        key = node.slice
        if isinstance(key, ast.Tuple) and len(key.elts) == 2 and isinstance(key.elts[0], ast.Slice):
            where = literal(key.elts[1])
            if where in (0, 1, -1):
                new = ast.Subscript(inner.node, key, ast.Load())
                return Trace(inner.method, new, column=abs(int(where)))
        return None

    def _compared(self, node: ast.Compare) -> Trace | None:
        if len(node.ops) != 1 or not isinstance(node.ops[0], COMPARISONS):
            return None
        inner = self._trace(node.left)
        if (
            inner is None
            or inner.decided
            or (inner.method == "predict_proba") is (inner.column is None)
        ):
            return None
        number = self._number(node.comparators[0])
        bound = node.comparators[0] if number is None else ast.Constant(number)
        searched = number is None
        new = ast.Compare(inner.node, node.ops, [bound])
        above = isinstance(node.ops[0], (ast.Gt, ast.GtE))
        if inner.method == "predict" and not above:
            return Trace(inner.method, new, decided=True, searched=searched)
        second = above if inner.column != 0 else not above
        return Trace(inner.method, new, inner.column, True, second, searched)

    def _choice(self, test: Trace | None, then: ast.expr, other: ast.expr) -> Trace | None:
        """``1 if p > t else 0``: the same as the comparison, or its opposite."""
        if test is None or not isinstance(test.node, ast.Compare):
            return None
        pair = (literal(then), literal(other))
        if pair not in ((1, 0), (0, 1)):
            return self._renamed(test, pair)
        if pair == (1, 0) and test.second:
            return test
        if pair == (0, 1) and not test.second:
            turned = {ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt}
            new = copy.copy(test.node)
            new.ops = [turned[type(new.ops[0])]()]
            return Trace(test.method, new, test.column, True, True, test.searched)
        return None

    def _renamed(self, test: Trace, pair: tuple[object, object]) -> Trace | None:
        """``"good" if p > t else "bad"``: the comparison, whose outcomes have names of the notebook's own."""
        known = NotImplemented not in pair and pair[0] != pair[1]
        if not (known and test.second and test.method == "predict_proba"):
            self.renames = True
            return None
        return replace(test, names=f"{pair[0]!r} and {pair[1]!r}")

    def _listed(self, node: ast.ListComp) -> Trace | None:
        generator = node.generators[0]
        if len(node.generators) != 1 or generator.ifs or not isinstance(generator.target, ast.Name):
            return None
        inner = self._trace(generator.iter)
        if inner is None or not isinstance(node.elt, ast.IfExp):
            return None
        name, kept = generator.target.id, dict(self.known)
        self.known[name] = inner
        try:
            return self._choice(self._trace(node.elt.test), node.elt.body, node.elt.orelse)
        finally:
            self.known = kept

    def _number(self, node: ast.expr) -> float | None:
        value = literal(node)
        if value is NotImplemented and self.flow.val(node).known:
            value = self.flow.val(node).literal
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        return None

    def _constants(self, args: list[ast.expr], keywords: list[ast.keyword]) -> bool:
        return all(literal(a) is not NotImplemented for a in [*args, *(k.value for k in keywords)])
