"""Print ``answers.py``: predictions in the notebook's own terms, and the label of raw rows."""

from __future__ import annotations

import ast
import copy

from nbprod.flow.tree import walk
from nbprod.flow.unbound import unbound
from nbprod.modules.analysis import Analysis
from nbprod.modules.features import Features, without_constants
from nbprod.modules.imports import Imports, parsed
from nbprod.modules.label_path import only_for_label
from nbprod.modules.late_imports import place
from nbprod.modules.tidy import rename, tidy
from nbprod.modules.undefined import undefined
from nbprod.split.decision import THRESHOLD, Decision
from nbprod.split.label import Label
from nbprod.split.names import NameMap

INVERSES = {
    "numpy.expm1": "np.expm1({v})",
    "numpy.exp": "np.exp({v})",
    "numpy.power10": "np.power(10.0, {v})",
    "numpy.exp2": "np.exp2({v})",
    "numpy.square": "np.square({v})",
}


def print_answers(
    analysis: Analysis,
    features: Features,
    imports: Imports,
    constants: dict[str, str],
    label: Label,
    task: str,
    decided: Decision | None = None,
) -> str:
    """Return the source of ``answers.py``."""
    library = analysis.flow.val(analysis.sink.call).qual
    booster = library == "xgboost.Booster"
    training = analysis.sink.training
    shares = (training is None and _keras(analysis)) or (
        library.endswith(".Booster") and task == "classification"
    )
    matrix = "xgb.DMatrix(X, feature_names=model.feature_names)" if booster else "X"
    predict = PREDICT.format(call=f"model.predict({matrix})", extra=LARGEST if shares else "")
    if decided is not None and decided.search is not None:
        decide = DECIDE_FOUND.format(
            expression=decided.expression.replace(THRESHOLD, "threshold"), threshold=THRESHOLD
        )
        predict = f"{predict}\n\n\n{decide}"
    elif decided is not None and decided.kind == "scores":
        predict = (DECIDE_BY if decided.has_threshold else DECIDE).format(
            expression=decided.expression, threshold=THRESHOLD
        )
    if training is not None and training.decision:
        kind = ", dtype=int" if task == "classification" else ""
        predict = OUTPUT.format(expression=training.decision, kind=kind)
    parts = [
        predict,
        _probabilities(analysis, task),
        _answer(label, decided),
        _classes(label, task),
        _target(analysis, features, constants),
    ]
    text = _module(parts, analysis, imports, constants, booster)
    if not label.steps and undefined(text):
        return _module([*parts[:-1], NOT_FOLLOWED], analysis, imports, constants, booster)
    return text


def _module(
    parts: list[str],
    analysis: Analysis,
    imports: Imports,
    constants: dict[str, str],
    booster: bool,
) -> str:
    source = "\n\n\n".join(parts)
    lines = imports.used(
        source, ("from typing import Any", "import numpy as np", "import pandas as pd")
    )
    if "torch." in source and "import torch" not in lines:
        lines.append("import torch")
    if "inv_boxcox" in source:
        lines.append("from scipy.special import inv_boxcox")
    if booster:
        lines = sorted(
            {*lines, "import xgboost as xgb"}, key=lambda line: (line.startswith("from"), line)
        )
    tree = parsed(source)
    loaded = {n.id for n in walk(tree) if isinstance(n, ast.Name)}
    learned = sorted(analysis.body.learned.imports)
    lines += [f"from {module} import {name}" for module, name in learned if name in loaded]
    names = {n.id for n in walk(tree) if isinstance(n, ast.Name)}
    package = []
    settings = names & {*constants.values(), THRESHOLD}
    if settings:
        package.append(f"from .config import {', '.join(sorted(settings))}")
    functions = names & set(analysis.flow.functions)
    if functions:
        package.append(f"from .features import {', '.join(sorted(functions))}")
    replay = names & {"categories_of", "as_categories", "codes_of", "group_values", "predict_rows"}
    if replay:
        package.append(f"from .replay import {', '.join(sorted(replay))}")
    package.append("from .state import PreprocessState")
    title = '"""Answers of the model in the terms of the notebook\'s label."""'
    placed = place([*lines, *package], source, late="target")
    return f"{title}\n\n{placed.text()}\n\n\n{placed.source}\n"


def _has_shares(analysis: Analysis) -> bool:
    """Say whether a model of groups tells how likely each is."""
    return analysis.sink.cls in ("GaussianMixture", "BayesianGaussianMixture")


def _probabilities(analysis: Analysis, task: str) -> str:
    training = analysis.sink.training
    if training is not None and training.shares and task == "classification":
        return SHARES.format(expression=training.shares)
    return PROBABILITIES if task == "classification" or _has_shares(analysis) else NO_PROBABILITIES


def _keras(analysis: Analysis) -> bool:
    return analysis.sink.cls in ("Sequential", "Model", "Functional")


def _answer(label: Label, decided: Decision | None) -> str:
    lines = [
        "def answer(predictions: np.ndarray, state: PreprocessState) -> np.ndarray:",
        '    """Return predictions in the terms of the raw label, (n rows,)."""',
    ]
    uses_state = False
    if decided is not None and decided.kind == "class":
        lines += _compared(decided)
    for step in label.steps:
        if step.kind == "function":
            lines.append(f"    predictions = {INVERSES[step.value].format(v='predictions')}")
        elif step.kind == "encoder":
            uses_state = True
            lines.append(
                f"    predictions = state.{step.value}.inverse_transform(np.asarray(predictions, dtype=int))"
            )
        elif step.kind == "scaler":
            uses_state = True
            lines.append(
                f"    predictions = state.{step.value}.inverse_transform(np.reshape(predictions, (-1, 1))).ravel()"
            )
        elif step.kind == "power":
            uses_state = True
            lines.append(f"    predictions = inv_boxcox(predictions, state.{step.value})")
        elif step.kind == "shares":
            lines.append("    if np.ndim(predictions) == 2:  # one column a class")
            lines.append("        predictions = np.argmax(predictions, axis=1)")
        elif step.kind == "arithmetic":
            lines.append(f"    predictions = predictions {step.value}")
        elif step.kind == "mapping":
            lines.append(f"    names = {step.value}")
            lines.append(
                "    predictions = np.array([names.get(value, value) for value in predictions.tolist()])"
            )
        elif step.kind == "values":
            uses_state = True
            lines.append(
                f"    predictions = np.asarray(state.{step.value})[np.asarray(predictions, dtype=int)]"
            )
        elif step.kind == "categories":
            uses_state = True
            lines.append(
                f"    predictions = np.asarray(state.{step.value}.categories)[np.asarray(predictions, dtype=int)]"
            )
    if decided is not None and decided.kind == "quantity":
        lines.append(f"    predictions = {decided.expression}")
    lines.append("    return np.asarray(predictions)")
    if not uses_state and len(lines) == 3:
        lines[1] = (
            '    """Return predictions in the terms of the raw label, (n rows,); they are in them already."""'
        )
    return "\n".join(lines)


def _compared(decided: Decision) -> list[str]:
    line = f"    predictions = np.asarray({decided.expression}, dtype=int)"
    return [f"    if {THRESHOLD} is not None:", f"    {line}"] if decided.has_threshold else [line]


def _classes(label: Label, task: str) -> str:
    if task != "classification":
        return NO_CLASSES
    return CLASSES


def _target(analysis: Analysis, features: Features, constants: dict[str, str]) -> str:
    if analysis.label is None or analysis.sink.y is None or analysis.label.y is None:
        return NO_TARGET
    if analysis.body.learned.across_rows:
        return ACROSS
    path, label = only_for_label(analysis.label.body, analysis.label.y, analysis.flow)
    path = _learned_elsewhere(path, analysis)
    wanted = {n.id for n in walk(label) if isinstance(n, ast.Name)}
    read = wanted | {n.id for s in path for n in walk(s) if isinstance(n, ast.Name)}
    if read & (set(analysis.flow.sources) - {analysis.primary}):
        return ELSEWHERE
    statements = [rename(s, constants) for s in without_constants(path, constants)]
    statements, names = tidy(statements, wanted, analysis.flow.renamed)
    y = rename(ast.Expr(label), {**constants, **names})
    text = features.printer.body(_plain(statements), 2)
    primary = analysis.primary
    assert isinstance(y, ast.Expr)
    value = features.printer.expression(y.value)
    lines = [
        "def target(raw: pd.DataFrame, state: PreprocessState) -> np.ndarray | None:",
        '    """Return the label of raw rows in the terms of ``answer``, None where the rows carry none."""',
        "    try:",
        f"        {primary} = raw.reset_index(drop=True)",
    ]
    if text:
        lines.append(text)
    lines.append(f"        label = np.asarray({value})")
    lines.append("    except (KeyError, AttributeError):")
    lines.append("        return None")
    lines.append("    return answer(label, state)")
    return "\n".join(lines)


def _learned_elsewhere(path: list[ast.stmt], analysis: Analysis) -> list[ast.stmt]:
    """Read from the state what the features learn into a variable that the path to the label does not set."""
    missing = set(unbound(path))
    known = {name: value for name, value in analysis.body.names.items() if name in missing}
    return [NameMap(known).visit(copy.deepcopy(s)) for s in path] if known else path


def _plain(statements: list[ast.stmt]) -> list[ast.stmt]:
    for statement in statements:
        for node in walk(statement):
            if isinstance(node, ast.stmt):
                node.lead = []  # type: ignore[attr-defined]
                node.trail = node.otherwise = ""  # type: ignore[attr-defined]
                node.tail = []  # type: ignore[attr-defined]
    return statements


PREDICT = '''def predict(model: Any, X: Any) -> np.ndarray:
    """Return the model's predictions, (n rows,)."""
    predictions = np.asarray({call}){extra}
    return predictions.ravel() if predictions.ndim == 2 and predictions.shape[1] == 1 else predictions'''

LARGEST = """
    if predictions.ndim == 2 and predictions.shape[1] > 1:
        predictions = predictions.argmax(axis=1)"""

DECIDE = '''def predict(model: Any, X: Any) -> np.ndarray:
    """Return the classes that the notebook decides for, (n rows,)."""
    if len(model.classes_) != 2:
        return np.asarray(model.predict(X))
    predictions = np.asarray(model.predict_proba(X))
    second = {expression}
    return np.asarray(model.classes_)[np.asarray(second, dtype=int)]'''

DECIDE_FOUND = '''def decide(model: Any, X: Any, state: PreprocessState) -> np.ndarray:
    """Return the classes that the threshold decides for which was found when the model was fitted, (n rows,)."""
    if len(model.classes_) != 2:
        return predict(model, X)
    threshold = state.decision_threshold if {threshold} is None else {threshold}
    predictions = np.asarray(model.predict_proba(X))
    second = {expression}
    return np.asarray(model.classes_)[np.asarray(second, dtype=int)]'''

DECIDE_BY = '''def predict(model: Any, X: Any) -> np.ndarray:
    """Return the classes that a threshold decides for, (n rows,); without one, those that the model predicts."""
    if {threshold} is None or len(model.classes_) != 2:
        return np.asarray(model.predict(X))
    predictions = np.asarray(model.predict_proba(X))
    second = {expression}
    return np.asarray(model.classes_)[np.asarray(second, dtype=int)]'''

OUTPUT = '''def predict(model: Any, X: Any) -> np.ndarray:
    """Return what the notebook makes of the outputs of its network, (n rows,)."""
    output = torch.from_numpy(model.predict(X))
    predictions = np.asarray({expression}{kind})
    return predictions.ravel() if predictions.ndim == 2 and predictions.shape[1] == 1 else predictions'''

SHARES = '''def probabilities(model: Any, X: Any) -> np.ndarray | None:
    """Return class probabilities, (n rows, n classes), as the loss of the network means them."""
    output = torch.from_numpy(model.predict(X))
    shares = np.reshape(np.asarray({expression}, dtype=float), (len(output), -1))
    if shares.shape[1] == 1:
        shares = np.hstack([1 - shares, shares])
    return shares if shares.shape[1] == len(model.classes_) else None'''

PROBABILITIES = '''def probabilities(model: Any, X: Any) -> np.ndarray | None:
    """Return class probabilities, (n rows, n classes), or None where the model has none."""
    if not hasattr(model, "predict_proba"):
        return None
    found = model.predict_proba(X)
    return None if isinstance(found, list) else np.asarray(found)  # a list: of several outputs'''

NO_PROBABILITIES = '''def probabilities(model: Any, X: Any) -> np.ndarray | None:
    """Return None: the model predicts a quantity."""
    return None'''

CLASSES = '''def class_names(model: Any, state: PreprocessState) -> list[Any] | None:
    """Return the classes in the order of ``probabilities``, in the terms of ``answer``."""
    classes = getattr(model, "classes_", None)
    return None if classes is None else answer(np.asarray(classes), state).tolist()'''

NO_CLASSES = '''def class_names(model: Any, state: PreprocessState) -> list[Any] | None:
    """Return None: the model has no classes."""
    return None'''

ELSEWHERE = '''def target(raw: pd.DataFrame, state: PreprocessState) -> np.ndarray | None:
    """Return None: the label lies in a table of its own, not in the rows."""
    return None'''

ACROSS = '''def target(raw: pd.DataFrame, state: PreprocessState) -> np.ndarray | None:
    """Return None: the label of a row is made out of other rows."""
    return None'''

NOT_FOLLOWED = '''def target(raw: pd.DataFrame, state: PreprocessState) -> np.ndarray | None:
    """Return None: the label is made with values that only the notebook's own run has."""
    return None'''

NO_TARGET = '''def target(raw: pd.DataFrame, state: PreprocessState) -> np.ndarray | None:
    """Return None: the model learns without labels."""
    return None'''
