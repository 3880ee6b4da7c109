"""Give every statement of the notebook exactly one role, with a reason."""

from __future__ import annotations

import ast

from nbprod.flow.corrections import corrections
from nbprod.flow.made_tables import made_table
from nbprod.flow.program import origin
from nbprod.flow.scope import base_name
from nbprod.flow.tree import all_statements, own_expressions, walk
from nbprod.modules.analysis import Analysis
from nbprod.modules.values import Statement
from nbprod.split.marks import Mark
from nbprod.split.routing import is_routed
from nbprod.split.sinks import statements


def assign_roles(analysis: Analysis, constants: dict[str, str]) -> tuple[Statement, ...]:
    """Return the role of every top-level statement of the notebook, in document order."""
    best: dict[tuple[int, int], tuple[Mark, bool]] = {}
    sink = analysis.sink
    reached: set[tuple[int, int]] = set()
    seen_sink = False
    after: set[tuple[int, int]] = set()
    for statement, _ in statements(analysis.flow.body):
        if statement is sink.statement:
            seen_sink = True
        mark = analysis.slices.marks.get(id(statement))
        for place in _places(statement):
            reached.add(place)
            if seen_sink:
                after.add(place)
            if mark is not None and (mark.kept or mark.model):
                old = best.get(place, (Mark(), False))[0]
                merged = Mark(
                    old.serve or mark.serve, old.label or mark.label, old.fit or mark.fit,
                    old.model or mark.model, old.store | mark.store,
                )  # fmt: skip
                best[place] = (merged, True)
    sink_places = set(_places(sink.statement))
    if sink.training is not None:
        sink_places |= {p for s in sink.training.statements for p in _places(s)}
    refused = {
        (f.origin.cell, f.origin.line)
        for f in analysis.findings
        if f.origin and f.code.startswith("E-")
    }
    making = {
        place
        for source in analysis.flow.sources.values()
        if (table := made_table(source)) is not None
        for made in table.statements
        for place in _places(made)
    }
    making |= {
        place
        for source in analysis.flow.sources.values()
        for statement in corrections(source)
        for place in _places(statement)
    }
    learned = {(s.cell, s.line) for s in analysis.body.learned.sites}
    out: list[Statement] = []
    for statement in analysis.program.body:
        place = (origin(statement).cell, origin(statement).line)
        inner = {(origin(n).cell, origin(n).line) for n in all_statements([statement])}
        if place in making and not isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            out.append(Statement(*place, "load", "makes the rows that the model is fitted on"))
            continue
        found = best.get(place, (Mark(), False))[0]
        role, reason = _role(
            analysis, statement, found, inner, sink_places, refused, learned, after, place
        )
        out.append(Statement(place[0], place[1], role, reason))
    return tuple(out)


def _places(statement: ast.stmt) -> list[tuple[int, int]]:
    places = [(origin(statement).cell, origin(statement).line)]
    via = getattr(statement, "via", None)
    while via is not None:
        places.append((origin(via).cell, origin(via).line))
        via = getattr(via, "via", None)
    return places


def _role(
    analysis: Analysis,
    node: ast.stmt,
    mark: Mark,
    inner: set[tuple[int, int]],
    sinks: set[tuple[int, int]],
    refused: set[tuple[int, int]],
    learned: set[tuple[int, int]],
    after: set[tuple[int, int]],
    place: tuple[int, int],
) -> tuple[str, str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return "import", "imported where a module needs it"
    if inner & sinks:
        return "model", "fits the model that is served"
    if inner & refused and (mark.kept or inner & set(refused)):
        return "refused", "cannot be computed for one request"
    if mark.kept and any(
        isinstance(e, ast.expr) and analysis.flow.rule(e) == "source" for e in own_expressions(node)
    ):
        return "load", "reads the data"
    if mark.store or (inner & learned and not mark.serve):
        return "learn", "learned from the training rows and kept in the state"
    if mark.serve and _only_chooses_rows(analysis, node):
        return "fit", "chooses or orders rows for training; a request keeps all of its rows"
    if mark.serve:
        return "serve", "on the path from a raw row to the features"
    if mark.label:
        return "target", "prepares the label"
    if mark.model:
        return "model", "builds the estimator"
    if mark.fit:
        return "fit", "needed for training only"
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return "unused", "defined, but nothing on the path to the model calls it"
    if _evaluates(analysis, node) and place in after:
        return "evaluate", "uses the fitted model"
    if isinstance(node, ast.Expr) or _displays(node):
        return "display", "shown, not part of the model"
    return "unused", "nothing on the path to the model reads it"


def _only_chooses_rows(analysis: Analysis, node: ast.stmt) -> bool:
    """Say whether a statement selects rows of one table and does nothing else to them."""
    flow = analysis.flow
    if isinstance(node, ast.Expr):
        return flow.rule(node.value) in ("filter", "reorder")
    if not isinstance(node, ast.Assign) or is_routed(flow, node):
        return False
    if flow.rule(node.value) == "split":
        return all(isinstance(argument, ast.Name) for argument in getattr(node.value, "args", []))
    rows, chosen = node.value, False
    while not isinstance(rows, ast.Name):
        inner = rows.func if isinstance(rows, ast.Call) else rows
        plain = isinstance(inner, ast.Attribute) and inner.attr in ("copy", "loc", "iloc")
        selects = flow.rule(rows) in ("filter", "reorder")
        if not isinstance(inner, (ast.Subscript, ast.Attribute)) or not (plain or selects):
            return False
        rows, chosen = inner.value, chosen or selects
    return chosen


def _evaluates(analysis: Analysis, node: ast.stmt) -> bool:
    names = {analysis.sink.model, base_name(analysis.sink.receiver) or ""} - {""}
    text = {n.id for n in walk(node) if isinstance(n, ast.Name)}
    methods = {n.attr for n in walk(node) if isinstance(n, ast.Attribute)}
    return (
        bool(text & names)
        or bool(methods & {"predict", "score", "predict_proba"})
        or any("score" in t or "metric" in t or "confusion" in t for t in text)
    )


def _displays(node: ast.stmt) -> bool:
    text = {n.id for n in walk(node) if isinstance(n, ast.Name)}
    return bool(text & {"plt", "sns", "print", "display", "px", "fig", "ax"})
