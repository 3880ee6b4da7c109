"""Rows that are held back to judge the model, and what the notebook does with them before or besides that."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.flow.scope import base_name
from nbprod.flow.tree import own_expressions, walk
from nbprod.flow.values import Flow
from nbprod.split.served import path_of
from nbprod.split.sinks import USES, Sink, statements

STOPS = ("early_stopping", "EarlyStopping", "od_wait", "use_best_model")
SETS = ("eval_set", "validation_data", "eval_sets", "valid_sets", "evals")


def misused(flow: Flow, sink: Sink, primary: str) -> list[Finding]:
    """Return findings for transformers fitted on test rows, resampling before the split, and stopping by the test rows."""
    listed = [node for node, _ in statements(flow.body)]
    found = [
        *_refitted(flow, listed, primary),
        *_resampled(flow, listed),
        *_stopped(flow, listed, sink),
    ]
    return list(dict.fromkeys(found))


def hows(flow: Flow, node: ast.AST) -> list[str]:
    """Return what was done to the rows of an expression, the last first."""
    axis, found = flow.val(node).axis, []
    while axis is not None:
        found.append(flow.axes[axis].how)
        axis = flow.axes[axis].parent
    return found


def _refitted(flow: Flow, listed: list[ast.stmt], primary: str) -> Iterator[Finding]:
    """A transformer that was fitted on training rows is fitted again on test rows."""
    trained: set[str] = set()
    for node in listed:
        for call in own_expressions(node):
            if not (
                isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.args
            ):
                continue
            if call.func.attr not in ("fit", "fit_transform"):
                continue
            name = base_name(call.func)
            if name is None or flow.val(call.func.value).kind not in ("estimator", "model"):
                continue
            rows = call.args[0]
            sources = flow.val(rows).sources
            named = any(word in (base_name(rows) or "").lower() for word in ("test", "valid"))
            test = "split:test" in hows(flow, rows) or (
                named and bool(sources) and primary not in sources
            )
            if not test:
                trained.add(name)
            elif name in trained and call.func.attr == "fit_transform":
                yield Finding(
                    "W-TEST-REFIT",
                    f"{ast.unparse(call)[:80]} fits {name} again, on the rows that the model is judged by; they are not "
                    "prepared as the training rows were",
                    origin(call),
                    ast.unparse(call)[:200],
                    f"write {name}.transform(...) for the test rows",
                )


def _resampled(flow: Flow, listed: list[ast.stmt]) -> Iterator[Finding]:
    """Rows are copied or made up before the split: the same row, or its neighbour, is on both sides of it."""
    places: list[ast.Call] = []
    for node in listed:
        for call in own_expressions(node):
            if not isinstance(call, ast.Call):
                continue
            if flow.rule(call) == "split":
                mixed = any("resample" in hows(flow, a) for a in call.args)
                copied = [p for p in places if flow.rule(p) != "resample"]
                for place in places if mixed else copied:
                    yield Finding(
                        "W-LEAK-RESAMPLE",
                        f"{ast.unparse(place)[:80]} resamples all rows before they are split, so test rows are copies or "
                        "neighbours of training rows; the scores of the notebook may be too good",
                        origin(place),
                        ast.unparse(place)[:200],
                        "split first, resample the training part only",
                    )
                return
            if flow.rule(call) == "resample" and "split:train" not in hows(
                flow, call.args[0] if call.args else call
            ):
                places.append(call)
            elif path_of(flow, call.func) == "sklearn.utils.resample" and _copies(call):
                if call.args and "split:train" not in hows(flow, call.args[0]):
                    places.append(call)


def _copies(call: ast.Call) -> bool:
    """``resample`` draws with replacement unless it is told not to."""
    return not any(
        k.arg == "replace" and isinstance(k.value, ast.Constant) and k.value.value is False
        for k in call.keywords
    )


def _stopped(flow: Flow, listed: list[ast.stmt], sink: Sink) -> Iterator[Finding]:
    """Training stops when the score of the test rows is best, and that score is then reported."""
    given = [k for k in sink.call.keywords if k.arg in SETS]
    rows = {
        n.id
        for keyword in given
        for n in walk(keyword.value)
        if isinstance(n, ast.Name) and "split:test" in hows(flow, n)
    }
    if not rows or not _stops(listed, sink):
        return
    after = listed[listed.index(sink.statement) + 1 :] if sink.statement in listed else []
    for node in after:
        for part in own_expressions(node):
            if not (isinstance(part, ast.Attribute) and part.attr in USES):
                continue
            if any(isinstance(n, ast.Name) and n.id in rows for n in own_expressions(node)):
                yield Finding(
                    "W-EARLY-STOP",
                    f"training stops by the score of {', '.join(sorted(rows))}, and the same rows judge the model in "
                    f"{origin(node)}; the scores of the notebook may be too good",
                    origin(sink.call),
                    ast.unparse(sink.call)[:200],
                    "stop by a third part of the rows, split off from the training part",
                )
                return


def _stops(listed: list[ast.stmt], sink: Sink) -> bool:
    name = base_name(sink.receiver)
    made = [
        node.value
        for node in listed
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)
    ]
    text = " ".join(ast.unparse(part) for part in [sink.call, *made])
    used = {n.id for n in walk(sink.call) if isinstance(n, ast.Name)}
    text += " ".join(
        ast.unparse(node.value)
        for node in listed
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id in used for t in node.targets)
        and len(node.targets) == 1
        and isinstance(node.value, (ast.Call, ast.List))
    )
    return any(word in text for word in STOPS)


__all__ = ["hows", "misused"]
