"""Build the modules of a package from a notebook."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from nbprod.findings import Finding, Severity
from nbprod.flow.networks.splits import taken
from nbprod.flow.program import origin, parse
from nbprod.kernel.values import Kernel, Refused
from nbprod.modules.analysis import Analysis, analyse
from nbprod.modules.answers import print_answers
from nbprod.modules.checked import check
from nbprod.modules.classes import print_classes, read_of_the_notebook
from nbprod.modules.constants import find
from nbprod.modules.data import Data
from nbprod.modules.features import Features
from nbprod.modules.fitting_imports import BEST
from nbprod.modules.imports import Imports
from nbprod.modules.model import print_model
from nbprod.modules.network import NetworkParts
from nbprod.modules.printing import Printer
from nbprod.modules.replay import print_replay
from nbprod.modules.request.build import build_request
from nbprod.modules.roles import assign_roles
from nbprod.modules.task import task_of
from nbprod.modules.training_only import training_only
from nbprod.modules.values import Modules, Setting
from nbprod.notebook.values import Notebook
from nbprod.split.decision import THRESHOLD, Decision, decision
from nbprod.split.label import of_quantity, trace_label
from nbprod.split.learned_values import StateField
from nbprod.split.naming import snake
from nbprod.split.sinks import Sink

FOUND = "decision_threshold"  # the field of the state that holds it


def build(
    notebook: Notebook,
    *,
    model: str | None = None,
    package: str | None = None,
    notebooks_dir: Path | None = None,
    printed: bool = True,
) -> Modules:
    """Analyse a notebook and return the source of its package.

    A ``predict`` cell with a function goes before the models; ``model`` asks for one of them.

    Raises:
        NotebookError: the notebook has nothing to serve.
    """
    from nbprod.kernel.lower import lower  # it reads the values of this package

    program = parse(notebook)
    asked = (
        build_request(notebook, program, package=package, folder=notebooks_dir, printed=printed)
        if model is None
        else None
    )
    if asked is not None:
        return asked
    analysis = analyse(notebook, model, program)
    imports = Imports(analysis.flow.body)
    printer = Printer(notebook if printed else None)
    settings, constants = find(analysis, printer)
    features = Features(analysis, imports, constants, printer)
    data = Data(
        analysis.flow,
        features.sources,
        imports,
        set(constants.values()),
        printer,
        folder=notebooks_dir,
    )
    label = trace_label(analysis.flow, analysis.sink, analysis.body.learned)
    decided = decision(analysis.flow, analysis.sink)
    task = task_of(analysis)
    if task == "regression" and (decided is None or decided.kind != "class"):
        label = of_quantity(label)
    network = None
    if analysis.sink.training is not None:
        network = NetworkParts(analysis, constants, set(imports.known))
    files = {
        "data.py": data.text(),
        "features.py": features.text(),
        "model.py": print_model(
            analysis, features, imports, constants, network, decided.search if decided else None
        ),
        "answers.py": print_answers(analysis, features, imports, constants, label, task, decided),
    }
    if network is not None:
        files["network.py"] = network.text(imports, printer)
    if features.runtime():
        files["replay.py"] = print_replay(features.runtime())
    classes = [
        s
        for s in analysis.flow.body
        if isinstance(s, ast.ClassDef) and analysis.slices.marks.get(id(s))
    ]
    if classes:
        files["transformers.py"] = print_classes(
            classes, imports, constants, printer, analysis.flow
        )
    reads = list(read_of_the_notebook(classes, constants, analysis.flow))
    kernel = lower(features, settings) if printed else Refused("nothing is printed")
    if isinstance(kernel, Kernel):
        files |= kernel.files
    if not any(f.severity is Severity.ERROR for f in [*analysis.findings, *data.findings, *reads]):
        for name, text in files.items():
            check(name, text, analysis.flow.body)
    used = set().union(*(imports.modules(text) for text in files.values())) - {"__future__"}
    training = training_only(files, imports.modules, tuple(data.files))
    settings = [
        s for s in settings if any(re.search(rf"\b{s.name}\b", text) for text in files.values())
    ]
    return Modules(
        package=package or snake(notebook.name) or "model",
        title=notebook.name,
        files=files,
        state=(*analysis.body.learned.fields.values(), *_found_threshold(decided)),
        settings=(*data.settings, *settings, *_threshold(decided)),
        task=task,
        model_class=analysis.sink.cls,
        target=label.column,
        imports=tuple(sorted(used | training)),
        train_only_imports=tuple(sorted(training)),
        statements=assign_roles(analysis, constants),
        sites=tuple(analysis.body.learned.sites),
        assumptions=tuple(analysis.body.learned.assumptions.values()),
        findings=_unique(
            [*analysis.findings, *data.findings, *reads, *([decided.finding] if decided else [])]
        ),
        sink={
            **_sink(analysis),
            "placed": data.placed,
            **_kept(files["model.py"]),
            **_chosen(decided),
        },
        data_files=tuple(data.files),
        cell_map=_cell_map(features),
        notebook_hash=notebook.content_hash,
        requirements=notebook.requirements,
        kernel=kernel.as_dict(),
    )


def _kept(model: str) -> dict[str, str]:
    """Return which part of a search is the model, nothing where it is kept as it is."""
    return {"kept": BEST} if re.search(rf"^    return \w+\.{BEST}$", model, re.MULTILINE) else {}


def _threshold(decided: Decision | None) -> tuple[Setting, ...]:
    if decided is None or not decided.has_threshold:
        return ()
    comment = "decides between two classes; null: the model's own predictions"
    at = decided.finding.origin
    return (Setting(THRESHOLD, repr(decided.threshold), "parameter", comment, at),)


def _found_threshold(decided: Decision | None) -> tuple[StateField, ...]:
    if decided is None or decided.search is None:
        return ()
    said = f"threshold: {ast.unparse(decided.search.value)[:60]}"
    return (StateField(FOUND, "float", "json", False, said, decided.finding.origin),)


def _chosen(decided: Decision | None) -> dict[str, str]:
    """Return what the proof must know of a way to decide that was chosen among several.

    ``threshold`` is the variable in which the notebook keeps the one that it finds.
    """
    if decided is None or decided.finding.code != "W-DECISION":
        return {}
    if decided.search is None:
        return {"decided": decided.expression} if decided.threshold is not None else {}
    value = decided.search.value
    named = {"threshold": value.id} if isinstance(value, ast.Name) else {}
    return {"decided": decided.expression, **named}


def _sink(analysis: Analysis) -> dict[str, object]:
    sink = analysis.sink
    at = origin(sink.call)
    via = getattr(sink.call, "via", None) or getattr(sink.statement, "via", None)
    top = via
    while top is not None and getattr(top, "via", None) is not None:
        top = top.via
    outer = origin(top) if top is not None else at
    source = sorted(analysis.flow.sources)
    return {
        "cell": at.cell,
        "line": at.line,
        "source": ast.unparse(sink.call)[:200],
        "top_cell": outer.cell,
        "top_line": outer.line,
        "model": sink.model,
        "class": sink.cls,
        "formula": _formula(sink),
        "network": _network(sink),
        "primary": analysis.primary,
        "sources": [
            {
                "name": name,
                "cell": origin(analysis.flow.sources[name]).cell,
                "line": origin(analysis.flow.sources[name]).line,
                "expression": ast.unparse(analysis.flow.sources[name])[:200],
                "primary": name == analysis.primary,
            }
            for name in source
        ],
        "candidates": [
            {
                "model": s.model,
                "class": s.cls,
                "cell": origin(s.call).cell,
                "line": origin(s.call).line,
            }
            for s in analysis.found
        ],
    }


def _formula(sink: Sink) -> dict[str, object] | None:
    """Return which columns of its table a formula reads, for the recorder of the notebook's run."""
    if sink.formula is None or not isinstance(sink.x, ast.Subscript):
        return None
    return {"columns": ast.literal_eval(sink.x.slice)}


def _network(sink: Sink) -> dict[str, object] | None:
    """Return where a training has its rows, and where its answers are, for the recorder of the notebook's run."""
    training = sink.training
    if training is None:
        return None
    end: ast.AST = training.statements[-1]
    while getattr(end, "via", None) is not None:
        end = end.via  # type: ignore[attr-defined]
    splits: list[ast.expr] = []
    return {
        "model": training.model,
        "rows": _rows(training.rows, splits),
        "label": _rows(training.label, splits),
        "tensor": training.tensor,
        "end": {"cell": origin(end).cell, "line": origin(end).line},
        "asked": [
            {"rows": _rows(asked.rows, splits), "answer": _place(asked.answer)}
            for asked in training.asked
        ],
        "splits": [_place(function) for function in splits],
    }


def _rows(node: ast.expr, splits: list[ast.expr]) -> dict[str, object]:
    """Return where a table stands in the notebook, and which outputs of which ``splits`` take rows of it."""
    found = taken(node)
    steps = []
    for function, output in found.steps:
        if not any(function is known for known in splits):
            splits.append(function)
        number = next(i for i, known in enumerate(splits) if known is function)
        steps.append([number, output])
    return {"place": _place(found.source), "taken": steps}


def _place(node: ast.expr) -> list[int]:
    """Return cell, lines and columns of an expression of the notebook."""
    return [
        origin(node).cell,
        node.lineno,
        node.col_offset,
        node.end_lineno or node.lineno,
        node.end_col_offset or 0,
    ]


def _cell_map(features: Features) -> dict[str, str]:
    found: dict[str, str] = {}
    for piece in features.pieces:
        for cell in piece.cells:
            found.setdefault(f"cell {cell}", f"features.py:{piece.name}")
    return found


def _unique(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(findings))
