"""Find the fits of a notebook and choose the one whose model is put into production."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbprod.findings import Finding, NotebookError
from nbprod.flow.estimators import class_name
from nbprod.flow.formulas import NoPlainFormula, formula_of
from nbprod.flow.networks.values import Training
from nbprod.flow.program import origin
from nbprod.flow.scope import base_name, keyword
from nbprod.flow.statsmodels_calls import qualified
from nbprod.flow.tree import own_expressions, walk
from nbprod.flow.values import Flow
from nbprod.knowledge import estimators

SAVERS = ("dump", "dumps", "save", "save_model", "to_disk", "log_model", "save_weights")
NETWORKS = ("Sequential", "Model", "Functional")
USES = ("predict", "predict_proba", "score", "decision_function", "predict_classes", "evaluate")


@dataclass(frozen=True)
class Sink:
    """One fit of a model: the call, the statement it stands in and the loops around it."""

    call: ast.Call
    statement: ast.stmt
    path: tuple[ast.stmt, ...]
    receiver: ast.expr
    x: ast.expr
    y: ast.expr | None
    model: str  # the variable that holds the fitted model, "" when it has none
    cls: str
    uses: int = 0
    saved: bool = False
    index: int = 0
    label: str = field(default="")
    formula: ast.expr | None = None  # the table of a formula; ``y`` is one of its columns

    @property
    def training(self) -> Training | None:
        """The loop that this fit stands for, where the notebook trains its network by itself."""
        return getattr(self.call, "training", None)

    @property
    def loops(self) -> tuple[ast.For, ...]:
        return tuple(p for p in self.path if isinstance(p, ast.For))


def statements(
    body: list[ast.stmt], path: tuple[ast.stmt, ...] = ()
) -> Iterator[tuple[ast.stmt, tuple[ast.stmt, ...]]]:
    """Walk all statements outside functions, with the compound statements around each."""
    for node in body:
        yield node, path
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            continue
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(node, name, None)
            if inner and isinstance(inner[0], ast.stmt):
                yield from statements(inner, (*path, node))
        for handler in getattr(node, "handlers", []):
            yield from statements(handler.body, (*path, node))


def candidates(flow: Flow) -> list[Sink]:
    """Return every fit of something that predicts, in document order."""
    found: list[Sink] = []
    listed = list(statements(flow.body))
    for position, (statement, path) in enumerate(listed):
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            continue
        for call in own_expressions(statement):
            if isinstance(call, ast.Call) and isinstance(call.func, (ast.Attribute, ast.Name)):
                sink = _sink(flow, call, statement, path)
                if sink is not None:
                    uses, saved = _used(listed[position:], sink, statement)
                    found.append(
                        Sink(**{**sink.__dict__, "uses": uses, "saved": saved, "index": position})
                    )
    return found


def _sink(
    flow: Flow, call: ast.Call, statement: ast.stmt, path: tuple[ast.stmt, ...]
) -> Sink | None:
    rule = flow.rule(call)
    if rule not in ("fit", "fused:fit_predict"):
        return None
    if isinstance(call.func, ast.Name):
        receiver: ast.expr = call.func
        val = flow.val(call)
    else:
        assert isinstance(call.func, ast.Attribute)
        receiver = call.func.value
        val = flow.val(receiver)
    made = class_name(flow.val(call).qual)
    cls = made if val.role == "module" else class_name(val.qual) or made
    if cls in estimators("transformers"):
        return None
    built = receiver if flow.rule(receiver) == "statsmodels" else None
    table = None
    if isinstance(built, ast.Call):
        x, y, table = _built_around(flow, built)
    else:
        x, y = _arguments(flow, call)
    if x is None or not (flow.val(x).is_row):
        return None
    clusterer = cls in estimators("clusterers")
    if y is None and not clusterer and not _dmatrix(flow, call):
        predicts = _predicts(flow, statement, receiver)
        if not predicts:
            return None
    if rule == "fused:fit_predict" and not clusterer:
        return None
    model = ""
    if (
        (
            isinstance(statement, ast.Assign)
            and len(statement.targets) == 1
            and isinstance(statement.targets[0], ast.Name)
        )
        and statement.value is call
        and rule == "fit"
        and (cls not in NETWORKS or hasattr(call, "training"))  # else fit returns its history
    ):
        model = statement.targets[0].id
    if not model and isinstance(receiver, ast.Name) and isinstance(call.func, ast.Attribute):
        model = receiver.id
    name = ast.unparse(receiver)[:60]
    return Sink(call, statement, path, receiver, x, y, model, cls, label=name, formula=table)


def _built_around(
    flow: Flow, built: ast.Call
) -> tuple[ast.expr | None, ast.expr | None, ast.expr | None]:
    """Return X, y and the table of a formula for a model that is built around its data."""
    if qualified(flow.imports, built.func).startswith("statsmodels.formula"):
        try:
            formula = formula_of(built, own_names(flow))
        except NoPlainFormula:
            return None, None, None
        label, columns, data = formula.label, formula.columns, formula.data
        rows = flow.val(data)
        if rows.kind != "frame" or not rows.is_row:
            return None, None, None
        x = _columns_of(data, ast.List([ast.Constant(name) for name in columns], ast.Load()))
        y = _columns_of(data, ast.Constant(label))
        flow.vals[id(x)] = rows.with_(elems=None)
        flow.vals[id(y)] = rows.with_(kind="series", elems=None, target=True)
        return x, y, data
    endog = built.args[0] if built.args else keyword(built, "endog")
    exog = built.args[1] if len(built.args) > 1 else keyword(built, "exog")
    return exog, endog, None


def own_names(flow: Flow) -> dict[str, str]:
    """Return the names that a notebook gives a meaning, with what they import; "" for its own."""
    return {**dict.fromkeys((*flow.final, *flow.functions), ""), **flow.imports}


def _columns_of(data: ast.expr, key: ast.expr) -> ast.Subscript:
    return ast.copy_location(ast.Subscript(data, key, ast.Load()), data)


def _predicts(flow: Flow, statement: ast.stmt, receiver: ast.expr) -> bool:
    name = base_name(receiver)
    return any(
        isinstance(n, ast.Attribute)
        and n.attr in USES
        and isinstance(n.value, ast.Name)
        and n.value.id == name
        for s in flow.body
        for n in walk(s)
    )


def _dmatrix(flow: Flow, call: ast.Call) -> bool:
    return any(flow.val(a).kind == "dmatrix" for a in call.args)


def _arguments(flow: Flow, call: ast.Call) -> tuple[ast.expr | None, ast.expr | None]:
    for argument in [*call.args, *(k.value for k in call.keywords)]:
        if flow.val(argument).kind == "dmatrix":
            made = _definition(flow, argument)
            if made is not None:
                return (
                    made.args[0] if made.args else keyword(made, "data"),
                    made.args[1] if len(made.args) > 1 else keyword(made, "label"),
                )
    x = call.args[0] if call.args else keyword(call, "X") or keyword(call, "x")
    y = call.args[1] if len(call.args) > 1 else keyword(call, "y")
    return x, y


def _definition(flow: Flow, argument: ast.expr) -> ast.Call | None:
    if isinstance(argument, ast.Call):
        return argument
    found = None
    for statement, _ in statements(flow.body):
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            names = [t.id for t in statement.targets if isinstance(t, ast.Name)]
            if isinstance(argument, ast.Name) and argument.id in names:
                found = statement.value
    return found


def _used(
    rest: list[tuple[ast.stmt, tuple[ast.stmt, ...]]], sink: Sink, at: ast.stmt
) -> tuple[int, bool]:
    """Count the uses of the fitted model until its variable is bound or fitted again."""
    names = {sink.model} if sink.model else set()
    name = base_name(sink.receiver)
    if name:
        names.add(name)
    uses, saved, started = 0, False, False
    for statement, _ in rest:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            continue
        nodes = list(own_expressions(statement))
        if started:
            rebound = {
                t.id
                for s in [statement]
                if isinstance(s, ast.Assign)
                for target in s.targets
                for t in walk(target)
                if isinstance(t, ast.Name)
            } & names
            refit = any(
                isinstance(n, ast.Call)
                and isinstance(n.func, ast.Attribute)
                and n.func.attr == "fit"
                and base_name(n.func) in names
                for n in nodes
            )
        else:
            rebound, refit = set(), False
        for node in nodes:
            if isinstance(node, ast.Attribute) and node.attr in USES and base_name(node) in names:
                uses += not refit
            elif sink.training and _asks(node, names):
                uses += 1
            elif (
                isinstance(node, ast.Attribute)
                and node.attr.startswith("best_estimator")
                and base_name(node) in names
            ):
                if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                    names.add(statement.targets[0].id)
                    rebound = set()
            elif isinstance(node, ast.Call):
                method = (
                    node.func.attr
                    if isinstance(node.func, ast.Attribute)
                    else getattr(node.func, "id", "")
                )
                arguments = [*node.args, *(k.value for k in node.keywords)]
                named = any(isinstance(a, ast.Name) and a.id in names for a in arguments)
                if sink.training and method in SAVERS and started:  # torch.save(model.state_dict())
                    saved |= any(base_name(getattr(a, "func", a)) in names for a in arguments)
                if named and not refit:
                    saved |= method in SAVERS
                    uses += isinstance(node.func, ast.Name) and started
                if method in SAVERS and base_name(node.func) in names and not refit:
                    saved = True
        if started and (rebound or refit):
            names -= rebound
            if refit or not names:
                break
        if statement is at:
            started = True
    return uses, saved


def _asks(node: ast.AST, names: set[str]) -> bool:
    """Say whether a network is called, or its weights are saved."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names


def choose(found: list[Sink], wanted: str | None = None) -> tuple[Sink, list[Finding]]:
    """Choose the model to serve: the one asked for, else saved last, else used last, else fitted last.

    Raises:
        NotebookError: no model is fitted, or none has the name that was asked for.
    """
    if not found:
        raise NotebookError(
            "E-NOSINK: no fitted model was found on data that the notebook reads; fit a model on a table, "
            "or mark the cell that reads it with the tag `load`"
        )
    if wanted is not None:
        matching = [s for s in found if wanted in (s.model, s.cls, s.label)]
        if not matching:
            names = sorted({s.model or s.cls for s in found})
            close = difflib.get_close_matches(wanted, names, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise NotebookError(
                f"E-NOSINK: no fitted model is called {wanted!r}; the notebook fits: {', '.join(names)}{hint}"
            )
        return matching[-1], []
    answering = [s for s in found if s.cls not in estimators("transductive")]
    if not answering:
        at = origin(found[-1].call)
        raise NotebookError(
            f"E-TRANSDUCTIVE: cell {at.cell}:{at.line}: {found[-1].cls} groups the rows it was fitted on and has no "
            "answer for a new one; use KMeans or a GaussianMixture, or train a classifier on the groups"
        )
    supervised = [
        s for s in answering if s.y is not None or s.cls not in estimators("clusterers")
    ] or answering
    chosen = (
        [s for s in supervised if s.saved and not s.loops]
        or [s for s in supervised if s.uses and not s.loops]
        or [s for s in supervised if not s.loops]
        or [s for s in supervised if s.saved]
        or supervised
    )[-1]
    findings: list[Finding] = []
    others = sorted({s.model or s.cls for s in found if s is not chosen} - {chosen.model})
    if others:
        why = (
            "it is saved"
            if chosen.saved
            else "it is the last one used" if chosen.uses else "it is fitted last"
        )
        findings.append(
            Finding(
                "I-MODEL-CHOSEN",
                f"{chosen.model or chosen.cls} ({chosen.cls}) is served because {why}; also fitted: {', '.join(others)}",
                origin(chosen.call),
                advice="choose another one with --model NAME",
            )
        )
    return chosen, findings
