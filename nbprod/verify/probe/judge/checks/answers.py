"""V11: the package's model is the notebook's, and its answers are the notebook's."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from ... import comparison, tables
from ...notebook.record import parameters
from .. import network_answers
from ..case import FAILED, NOT_APPLICABLE, PARTIAL, PROVEN, SKIPPED, Case, Outcome
from ..lineage import BY_VALUE, keys
from ..own_answers import (
    asks_for_scores_only,
    decides_itself,
    differs_from_model,
    is_neural,
    model_predictions,
)
from ..raised import sink_of
from ..wording import difference, error, finding

ID, NAME = "V11", "model and answers"
CLOSE = (1e-4, 1e-5)  # relative, absolute: networks compute with 32 bits, in threads
PLACEHOLDERS = ("'warn'", "'deprecated'", "'auto_deprecated'")  # defaults that announce a change


def check(case: Case) -> Outcome:
    """Compare class, hyperparameters, predictions, probabilities and labels."""
    notebook = case.notebook
    if case.bundle is None:
        return Outcome(SKIPPED, "training failed")
    if is_neural(case):
        return _network(case)
    problems = [*_model(case), *_predictions(case), *_threshold(case), *_labels(case)]
    if problems and case.other_versions:
        problems[0]["advice"] = (
            problems[0]["advice"] or f"the libraries differ: {case.other_versions}"
        )
    if problems:
        made = sink_of(case.plan)
        found = tuple({**made, **problem} for problem in problems)
        return Outcome(FAILED, problems[0]["message"], found)
    if notebook.predictions is None:
        return Outcome(SKIPPED, "the notebook's model gives no predictions to compare")
    if decides_itself(case):
        text = "the notebook turns scores into answers by itself; the package's way is taken"
        if notebook.threshold is not None:
            text += f", with the same threshold of {notebook.threshold:g}"
        return Outcome(PARTIAL, text, assumptions=({"kind": "decision", "text": text},))
    if asks_for_scores_only(case):
        text = (
            "the notebook only asks its model for scores; the package answers with its predictions"
        )
        return Outcome(PARTIAL, text, assumptions=({"kind": "decision", "text": text},))
    if differs_from_model(case):
        message = "answers.predict gives other answers than the model's predict"
        return Outcome(FAILED, message, (finding("E-MODEL-DIFFERS", message),))
    if case.plan.get("sink", {}).get("request") and notebook.X.rows < len(case.raw):
        text = f"{notebook.X.rows} of {len(case.raw)} requests are compared, evenly spaced"
        return Outcome(PARTIAL, text, assumptions=({"kind": "requests", "text": text},))
    return Outcome(
        PROVEN, f"{notebook.predictions.rows} predictions equal to the notebook's model's"
    )


def _network(case: Case) -> Outcome:
    """Compare labels, and predictions where both runs could train from the same random numbers."""
    wrong = _labels(case)
    if wrong:
        return Outcome(
            FAILED, wrong[0]["message"], tuple({**sink_of(case.plan), **p} for p in wrong)
        )
    expected = case.notebook.predictions
    actual = None if expected is None else tables.table(np.asarray(model_predictions(case)))
    same = (
        expected is not None
        and actual is not None
        and (actual.rows, actual.width) == (expected.rows, expected.width)
        and np.allclose(expected.numbers, actual.numbers, *CLOSE, equal_nan=True)
    )
    other = network_answers.differing(case, same)
    if other is not None:
        return Outcome(FAILED, other["message"], (other,))
    taken = network_answers.assumptions(case)
    if same:
        assert expected is not None
        text = "the network's first weights and the order of its batches are the same in both runs"
        figure = f"{expected.rows} predictions equal to the notebook's network's; {text}"
        return Outcome(
            PROVEN, figure, assumptions=({"kind": "neural network", "text": text}, *taken)
        )
    text = "a neural network trains differently each time: features are compared, not weights"
    return Outcome(
        NOT_APPLICABLE, text, assumptions=({"kind": "neural network", "text": text}, *taken)
    )


def _model(case: Case) -> list[dict[str, Any]]:
    model = case.bundle.model
    if case.plan.get("sink", {}).get("kept"):
        return []  # the best model of a search: its predictions tell
    name = f"{type(model).__module__}.{type(model).__name__}"
    advice = "convert again, or undo the change in model.py"
    if name.rpartition(".")[2] != case.notebook.model.rpartition(".")[2]:
        message = f"the model is a {name}, the notebook's a {case.notebook.model}"
        return [finding("E-MODEL-DIFFERS", message, advice)]
    found = parameters(model)
    other = [
        f"{key}={found.get(key)} instead of {value}"
        for key, value in case.notebook.parameters.items()
        if found.get(key) != value
        and key.rpartition("__")[2] not in ("n_jobs", "verbose")
        and not (case.other_versions and (key not in found or value in PLACEHOLDERS))
    ]
    if other:
        message = "hyperparameters differ: " + ", ".join(other[:5])
        if case.other_versions:
            advice = "the library's defaults changed: write these values into the notebook's call"
            message += f" ({case.other_versions})"
        return [finding("E-MODEL-DIFFERS", message, advice)]
    return []


def _threshold(case: Case) -> list[dict[str, Any]]:
    """Compare the threshold that training finds with the one that the notebook ends with."""
    expected = case.notebook.threshold
    if expected is None or not hasattr(case.package.answers, "decide"):
        return []
    found = case.bundle.state.decision_threshold
    if found == expected or abs(found - expected) <= 1e-8 * max(1.0, abs(expected)):
        return []
    message = f"training finds the threshold {found:g}, the notebook ends with {expected:g}"
    advice = "find it once, behind the fit of the model, or write it as a number"
    return [finding("E-MODEL-DIFFERS", message, advice)]


def _predictions(case: Case) -> list[dict[str, Any]]:
    expected = case.notebook.predictions
    if expected is None:
        return []
    problems = []
    answers, model = case.package.answers, case.bundle.model
    if hasattr(model, "predict"):
        problems += _compare("predictions", expected, model_predictions(case))
    elif case.plan.get("sink", {}).get("request"):  # the model is a function of the notebook
        problems += _compare("answers", expected, answers.predict(model, case.training.X))
        problems += _others(case)
    wanted = case.notebook.probabilities
    given = answers.probabilities(model, case.training.X)
    if wanted is not None and given is None:
        message = "answers.probabilities gives none, the notebook's model has some"
        problems.append(finding("E-MODEL-DIFFERS", message))
    elif wanted is not None:
        problems += _compare("probabilities", wanted, given) or _class_names(case, wanted)
    return problems


def _others(case: Case) -> list[dict[str, Any]]:
    """Compare the answers to requests that the data does not know: somebody new, another length."""
    others = case.notebook.others
    for other, given in zip(others, case.answers_to_others(), strict=True):
        if given != other["answer"]:
            message = f"{other['request']} is answered {given} instead of {other['answer']}"
            return [finding("E-MODEL-DIFFERS", message[:300])]
    return []


def _class_names(case: Case, shares: tables.Table) -> list[dict[str, Any]]:
    """Check that the likeliest class has the name of the prediction, where no two are as likely.

    A model may predict otherwise than by the largest probability now and then; classes in another
    order have the wrong name in most rows.
    """
    answers, expected = case.package.answers, case.notebook.predictions
    names = answers.class_names(case.bundle.model, case.state)
    if names is None or expected is None or expected.width != 1:
        return []
    if len(names) != shares.width:
        return [
            finding("E-MODEL-DIFFERS", f"{len(names)} class names for {shares.width} probabilities")
        ]
    values = tables.dense(shares.numbers)
    clear = (values == values.max(axis=1, keepdims=True)).sum(axis=1) == 1
    likeliest = values.argmax(axis=1)
    named = tables.table([names[i] for i in likeliest])
    told = tables.table(np.asarray(answers.answer(expected.array(), case.state)))
    assert named is not None
    assert told is not None
    wrong = comparison.differences(told, named)[:, 0] & clear
    if wrong.sum() * 2 <= clear.sum():
        return []
    row = int(np.flatnonzero(wrong)[0])
    message = f"class names: {names[likeliest[row]]!r} is likeliest where {told.cell(row, 0)!r} is predicted"
    return [finding("E-MODEL-DIFFERS", message)]


def _compare(what: str, expected: tables.Table, value: Any) -> list[dict[str, Any]]:
    actual = tables.table(np.asarray(value))
    if actual is None or (actual.rows, actual.width) != (expected.rows, expected.width):
        return [finding("E-MODEL-DIFFERS", f"{what} have another shape than the notebook's")]
    differs = comparison.differences(expected, actual)
    if not differs.any():
        return []
    rows = [f"row {i}" for i in range(expected.rows)]
    return [finding("E-MODEL-DIFFERS", f"{what}: {difference(expected, actual, differs, rows)}")]


def _labels_of(y: Any) -> Any:
    values = np.asarray(y)
    return values.ravel() if values.ndim == 2 and values.shape[1] == 1 else values


def _labels(case: Case) -> list[dict[str, Any]]:
    """Check that ``answer`` undoes what was done to the label before ``fit``."""
    y, known = case.training.y, case.known
    if case.lineage == BY_VALUE:  # rows of equal features may have different labels
        found = keys(case.everything)
        counts = Counter(found)
        known = np.array([i for i in known if counts[found[case.positions[i]]] == 1], dtype=int)
    if y is None or not len(known):
        return []
    rows = case.raw.iloc[case.positions[known]]
    try:
        wanted = case.package.answers.target(rows, case.state)
        if wanted is None:
            return []
        given = case.package.answers.answer(_labels_of(y)[known], case.state)
    except Exception as problem:  # noqa: BLE001  the package under judgement may raise anything
        return [finding("E-TARGET", f"the label cannot be recovered: {error(problem)}")]
    expected, actual = tables.table(np.asarray(wanted)), tables.table(np.asarray(given))
    assert expected is not None
    if actual is None or actual.rows != expected.rows or actual.width != expected.width:
        return [finding("E-TARGET", "answers have another shape than the label")]
    differs = comparison.differences(expected, actual)
    if not differs.any():
        return []
    names = [f"row {i}" for i in rows.index]
    return [
        finding(
            "E-TARGET",
            f"the label is not recovered: {difference(expected, actual, differs, names)}",
        )
    ]
