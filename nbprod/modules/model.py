"""Print ``model.py``: the notebook's estimator, built and fitted as the notebook does."""

from __future__ import annotations

import ast
import copy
from typing import Any

from nbprod.flow.scope import base_name
from nbprod.flow.substitution import assigned_names
from nbprod.flow.tree import leading, walk
from nbprod.modules.analysis import Analysis
from nbprod.modules.docstrings import sentence
from nbprod.modules.features import Features, without_constants
from nbprod.modules.fitting_imports import BEST, is_foreign_search
from nbprod.modules.imports import Imports, arrange, parsed
from nbprod.modules.network import NetworkParts
from nbprod.modules.tidy import rename
from nbprod.split.sinks import Sink
from nbprod.split.threshold_search import Search

NUMPY = "import numpy as np"


def print_model(
    analysis: Analysis,
    features: Features,
    imports: Imports,
    constants: dict[str, str],
    network: NetworkParts | None = None,
    search: Search | None = None,
) -> str:
    """Return the source of ``model.py``; ``search`` finds a threshold by the model that was fitted."""
    sink, flow = analysis.sink, analysis.flow
    x_name = sink.x.id if isinstance(sink.x, ast.Name) else "X"
    y_name = sink.y.id if isinstance(sink.y, ast.Name) else "y"
    spelled = features.names
    helpers: list[ast.stmt] = []
    body: list[ast.stmt] = []
    for statement in leading(flow.body, sink.statement):
        mark = analysis.slices.marks.get(id(statement))
        if mark is None or not mark.model or isinstance(statement, (ast.Import, ast.ImportFrom)):
            continue
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            if isinstance(statement, ast.FunctionDef):
                helpers.append(statement)
        else:
            body.append(statement)
    body = [s for s in without_constants(body, constants) if not _makes_only(s, {x_name, y_name})]
    final, variable = _final(analysis, x_name, y_name, network)
    statements = [rename(rename(s, constants), spelled) for s in [*body, *final]]
    x_name, y_name = spelled.get(x_name, x_name), spelled.get(y_name, y_name)
    own = {x_name, y_name, *(spelled.get(extra, extra) for extra in features.extras)}
    own |= assigned_names(statements)
    closures = [rename(rename(h, constants), spelled) for h in helpers if _free(h, constants) & own]
    helpers = [h for h in helpers if not _free(h, constants) & own]
    used = {n.id for s in [*closures, *statements] for n in walk(s) if isinstance(n, ast.Name)}
    lines = []
    if x_name in used:
        lines.append(f"    {x_name} = training.X")
    if sink.y is not None and y_name in used and y_name != x_name:
        lines.append(f"    {y_name} = training.y")
    for extra in features.extras:
        name = spelled.get(extra, extra)
        if name in used and name not in (x_name, y_name):
            lines.append(f'    {name} = training.extras["{name}"]')
    lines += [features.printer.body([closure]) for closure in closures]
    text = features.printer.body(statements)
    cell = getattr(sink.call, "cell", 0)
    title = (
        sentence(analysis.program.sections[cell].heading)
        if cell in analysis.program.sections
        else ""
    )
    where = (
        "\n\n    ".join(["", f"Notebook cell {cell}" + (f' ("{title}").' if title else ".")])
        if cell > 0
        else ""
    )
    end = "\n    " if where else ""
    made, result = _class(statements, variable), variable
    if is_foreign_search(made) or is_foreign_search(sink.cls):
        made, result = "Any", f"{variable}.{BEST}"  # the library of the search stays behind
    made = "Network" if network else made
    what = f", {_article(sink.cls)} {sink.cls}" if sink.cls else ""
    function = "\n".join(
        [
            f"def fit_model(training: Training) -> {made}:",
            f'    """{"Train the network" if network else "Fit the model"} of the notebook{what}.{where}{end}"""',
            *lines,
            text,
            f"    return {result}",
        ]
    )
    printed = [features.printer.body([rename(h, constants)], 0) for h in helpers]
    found = [_search(analysis, features, constants, search)] if search is not None else []
    source = "\n\n\n".join([*printed, function, *found])
    package = []
    names = {n.id for n in walk(parsed(source)) if isinstance(n, ast.Name)}
    settings = names & set(constants.values())
    if settings:
        package.append(f"from .config import {', '.join(sorted(settings))}")
    package.append("from .features import Training")
    package += ["from .network import Network, build_network"] if network else []
    classes = [s.name for s in flow.body if isinstance(s, ast.ClassDef)]
    transformers = [c for c in classes if c in names]
    if transformers:
        package.append(f"from .transformers import {', '.join(transformers)}")
    head = '"""The model of the notebook."""'
    any_type = ("from typing import Any",) if "Any" in names else ()
    named = _named_by_formula(sink) - names
    needed = [*imports.used(source, any_type), *(NUMPY for name in named if name == "np")]
    imported = arrange(["from __future__ import annotations", *needed, *package])
    if named:
        imported = imported.replace(f"{NUMPY}\n", f"{NUMPY}  # noqa: F401  the formula names it\n")
    return f"{head}\n\n{imported}\n\n\n{source}\n"


def _search(
    analysis: Analysis, features: Features, constants: dict[str, str], search: Search
) -> str:
    """Return the function that finds a threshold as the notebook does."""
    sink, spelled = analysis.sink, features.names
    variable = spelled.get(sink.model, sink.model)
    every = [*search.statements, ast.Assign([ast.Name("found", ast.Store())], search.value)]
    statements = [rename(rename(s, constants), spelled) for s in every]
    used = {n.id for s in statements for n in walk(s) if isinstance(n, ast.Name)}
    lines = []
    own = {n.id: f for n, f in ((sink.x, "X"), (sink.y, "y")) if isinstance(n, ast.Name)}
    for row in sorted(search.rows):
        name = spelled.get(row, row)
        if name in used:
            held = f"training.{own[row]}" if row in own else f'training.extras["{name}"]'
            lines.append(f"    {name} = {held}")
    cell = getattr(search.value, "cell", 0)
    return "\n".join(
        [
            f"def find_threshold({variable}: Any, training: Training) -> float:",
            '    """Find the threshold of the notebook by the scores of the fitted model.',
            "",
            f"    Notebook cell {cell}.",
            '    """',
            *lines,
            features.printer.body(statements[:-1]),
            f"    return float({features.printer.expression(statements[-1].value)})",  # type: ignore[attr-defined]
        ]
    )


def _named_by_formula(sink: Sink) -> set[str]:
    """Return ``np`` where the text of a formula calls functions of it."""
    texts = [
        n.value
        for n in walk(sink.call)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and "~" in n.value
    ]
    return {"np"} if sink.formula is not None and any("np." in text for text in texts) else set()


def _article(name: str) -> str:
    return "an" if name[:1] in "AEIOU" or name.startswith(("XGB", "LGBM", "SV", "MLP")) else "a"


def _class(statements: list[ast.stmt], variable: str) -> str:
    """Return the class that ``variable`` is made of at last, ``Any`` where no name says it."""
    made = "Any"
    for node in statements:
        if not isinstance(node, ast.Assign) or variable not in map(base_name, node.targets):
            if any(
                isinstance(n, ast.Name) and n.id == variable and isinstance(n.ctx, ast.Store)
                for n in walk(node)
            ):
                return "Any"
            continue
        value = node.value
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Attribute)
            and value.func.attr == "fit"
        ):
            value = value.func.value
            if isinstance(value, ast.Name) and value.id == variable:
                continue
        name = (
            value.func.id
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Name)
            else ""
        )
        made = name if name[:1].isupper() else "Any"
    return made


def _free(helper: ast.stmt, constants: dict[str, str]) -> set[str]:
    """Return the names that a function of the notebook takes from around it."""
    assert isinstance(helper, ast.FunctionDef)
    loaded = {n.id for n in walk(helper) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    stored = {
        n.id for n in walk(helper) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    parameters = {a.arg for a in walk(helper.args) if isinstance(a, ast.arg)}
    return loaded - stored - parameters - set(constants)


def _makes_only(node: ast.stmt, names: set[str]) -> bool:
    """Say whether a statement makes the features or the label again: the training rows have them."""
    return isinstance(node, ast.Assign) and all(
        isinstance(t, ast.Name) and t.id in names for t in node.targets
    )


def _final(
    analysis: Analysis, x_name: str, y_name: str, network: NetworkParts | None
) -> tuple[list[ast.stmt], str]:
    """Return the fit statement on the training values, and the expression of the fitted model."""
    if network is not None:
        return network.final(x_name, y_name), network.returned()
    sink = analysis.sink
    call = sink.call
    swaps: dict[int, ast.expr] = {id(sink.x): ast.Name(x_name, ast.Load())}
    if sink.y is not None:
        swaps[id(sink.y)] = ast.Name(y_name, ast.Load())
    if sink.formula is not None:
        swaps = {id(sink.formula): _with_label(sink, x_name, y_name)}
    new = _Swap(swaps).rebuild(call)
    assert isinstance(new, ast.Call)
    before: list[ast.stmt] = []
    for argument in call.args:
        if analysis.flow.val(argument).kind == "dmatrix" and isinstance(argument, ast.Name):
            if argument.id in analysis.slices.extras:
                continue  # the preprocessing makes it
            made = _made(analysis, argument.id)
            if made is not None:
                swapped = _Swap(swaps).rebuild(made)
                before.append(ast.Assign([ast.Name(argument.id, ast.Store())], swapped))
    statement = sink.statement
    method = call.func.attr if isinstance(call.func, ast.Attribute) else "train"
    if method == "fit_predict":
        assert isinstance(new.func, ast.Attribute)
        new.func.attr = "fit"
    if (
        isinstance(statement, ast.Assign)
        and statement.value is call
        and sink.model in [t.id for t in statement.targets if isinstance(t, ast.Name)]
        and method != "fit_predict"
    ):
        return [*before, ast.Assign([ast.Name(sink.model, ast.Store())], new)], sink.model
    if isinstance(sink.receiver, ast.Name) and isinstance(call.func, ast.Attribute):
        return [*before, ast.Expr(new)], sink.receiver.id
    root = base_name(sink.receiver)
    if (
        root is not None
        and isinstance(call.func, ast.Attribute)
        and not isinstance(sink.receiver, ast.Call)
    ):
        value = ast.Assign([ast.Name("model", ast.Store())], new)
        return [*before, value], "model"
    return [*before, ast.Assign([ast.Name("model", ast.Store())], new)], "model"


def _with_label(sink: Sink, x_name: str, y_name: str) -> ast.expr:
    """Return the table that a formula reads: features and label side by side again."""
    assert isinstance(sink.y, ast.Subscript)
    assert isinstance(sink.y.slice, ast.Constant)
    joined = ast.Attribute(ast.Name(x_name, ast.Load()), "assign", ast.Load())
    return ast.Call(
        joined, [], [ast.keyword(str(sink.y.slice.value), ast.Name(y_name, ast.Load()))]
    )


def _made(analysis: Analysis, name: str) -> ast.Call | None:
    found = None
    for statement in leading(analysis.flow.body, analysis.sink.statement):
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            if any(isinstance(t, ast.Name) and t.id == name for t in statement.targets):
                found = statement.value
    return found


class _Swap:
    def __init__(self, names: dict[int, ast.expr]) -> None:
        self.names = names

    def rebuild(self, node: ast.AST) -> Any:
        """Copy a tree with some nodes replaced by names."""
        if id(node) in self.names:
            return self.names[id(node)]
        new = copy.copy(node)
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.AST):
                setattr(new, name, self.rebuild(value))
            elif isinstance(value, list):
                setattr(
                    new, name, [self.rebuild(v) if isinstance(v, ast.AST) else v for v in value]
                )
        return new
