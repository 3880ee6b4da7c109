"""What a model does: it tells classes apart, predicts a quantity, or finds groups."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nbprod.flow.estimators import class_name
from nbprod.flow.tree import all_statements, walk
from nbprod.knowledge import estimators
from nbprod.modules.analysis import Analysis
from nbprod.modules.values import Task

_CLASSES = re.compile(
    r"accuracy|classification_report|confusion_matrix|roc_auc|f1_score|crossentropy|binary:|multi:"
)
_QUANTITY = re.compile(r"mean_squared|mean_absolute|r2_score|reg:")


def task_of(analysis: Analysis) -> Task:
    """Return the task of the model: by its class, by the estimators it is built from, by the metrics used."""
    if analysis.sink.training is not None and analysis.sink.training.task:
        return analysis.sink.training.task
    cls = analysis.sink.cls
    if cls in estimators("clusterers") and analysis.sink.y is None:
        return "clustering"
    for name in (cls, *_parts(analysis)):
        if "Classifier" in name or name in estimators("classifiers"):
            return "classification"
        if "Regressor" in name or name in estimators("regressors"):
            return "regression"
    text = ast.unparse(ast.Module(analysis.flow.body, []))
    if _CLASSES.search(text):
        return "classification"
    if _QUANTITY.search(text):
        return "regression"
    return "unknown"


def _parts(analysis: Analysis) -> Iterator[str]:
    """Yield the classes in the construction of the model, last first: the final step stands last."""
    found = [
        class_name(analysis.flow.val(node).qual)
        for statement in [*_model_statements(analysis), analysis.sink.statement]
        for node in walk(statement)
        if isinstance(node, ast.Call) and analysis.flow.val(node).qual
    ]
    yield from reversed([name for name in found if name])


def _model_statements(analysis: Analysis) -> Iterator[ast.stmt]:
    for statement in all_statements(analysis.flow.body):
        mark = analysis.slices.marks.get(id(statement))
        if mark is not None and mark.model:
            yield statement
