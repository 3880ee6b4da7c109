"""From a notebook to everything known about its split: flow, sink, slices, emitted bodies."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace

from nbprod.findings import Finding, NotebookError
from nbprod.flow.bunches import as_tables
from nbprod.flow.corrections import corrected_rows
from nbprod.flow.hidden_state import hidden_state
from nbprod.flow.interpret import interpret
from nbprod.flow.networks.training import as_fits
from nbprod.flow.normalize import last_iteration, normalize
from nbprod.flow.program import Program, origin, parse
from nbprod.flow.tree import all_statements, walk
from nbprod.flow.values import Flow
from nbprod.modules.no_model import explain, refuse_synthetic
from nbprod.notebook.values import Notebook
from nbprod.split.aggregated import aggregated
from nbprod.split.emission import Emitted, Emitter
from nbprod.split.hazards import hazards
from nbprod.split.held_back import misused
from nbprod.split.label import trace_label
from nbprod.split.leakage import leaks
from nbprod.split.learned import Learned
from nbprod.split.marks import Slices
from nbprod.split.network_mode import said
from nbprod.split.removed import removed_calls
from nbprod.split.served import served
from nbprod.split.sinks import Sink, candidates, choose
from nbprod.split.slicing import slice_program
from nbprod.split.target_leak import target_leaks

ROUNDS = 6


@dataclass
class Analysis:
    """The whole analysis of one notebook for one chosen model."""

    notebook: Notebook
    program: Program
    flow: Flow
    sink: Sink
    found: list[Sink]
    primary: str
    slices: Slices
    body: Emitted
    label: Emitted | None
    findings: list[Finding]


def analyse(
    notebook: Notebook, model: str | None = None, program: Program | None = None
) -> Analysis:
    """Find the model of a notebook and split its preprocessing.

    Raises:
        NotebookError: there is nothing to serve.
    """
    program = program or parse(notebook)
    written = program.body
    program = replace(program, body=as_fits(written))
    flow = normal(interpret(program.body))
    found, groups = candidates(flow), list[Finding]()
    if not found:
        flow, found, groups = _of_groups(flow)
    if not found:
        explain(program, flow)
    sink, told = choose(found if model else _without_feature_models(flow, found), model)
    findings = [*groups, *told]
    depth = 0
    while sink.loops and depth < 4:
        findings = [*findings, _loop_finding(sink)]
        renamed = flow.renamed
        flow = interpret(last_iteration(flow.body, sink.loops[0]))
        flow.renamed = renamed
        flow = normal(flow)
        found = candidates(flow) or _lost_in_loop(sink)
        sink, _ = choose(found, model) if model else (_same(found, sink), [])
        depth += 1
    primary = _primary(flow, sink)
    refuse_synthetic(flow, primary)
    others = frozenset(flow.sources) - {primary}
    if others:
        again = interpret(flow.body, others)
        again.renamed = flow.renamed
        found = candidates(again) or found
        flow, sink = again, _same(found, sink)
    flow.pandas = notebook.pandas
    slices = slice_program(flow, sink)
    learned = Learned()
    body = Emitter(flow, slices, sink, "fit", learned).run()
    features = len(learned.sites)
    label = Emitter(flow, slices, sink, "label", learned).run() if sink.y is not None else None
    column = trace_label(flow, sink, learned).column
    dangers = hazards(flow, slices, sink, learned)
    findings = [
        *_syntax(notebook, flow, slices),
        *program.findings,
        *findings,
        *learned.findings,
        *dangers,
        *leaks(flow, sink, learned.sites, features, column),
        *misused(flow, sink, primary),
        *said(sink),
        *target_leaks(flow, list(served(flow, slices, sink)), sink, column),
        *hidden_state(notebook, written),
        *corrected_rows(flow.sources[primary]),
        *removed_calls(flow, program.body, "\n".join(c.code for c in notebook.code_cells)),
    ]
    return Analysis(notebook, program, flow, sink, found, primary, slices, body, label, findings)


def _of_groups(flow: Flow) -> tuple[Flow, list[Sink], list[Finding]]:
    """Find the fits on a table whose rows are groups of the rows that are read, and start with that table."""
    for table in aggregated(flow):
        again = interpret(table.body)
        again.renamed = flow.renamed
        found = candidates(again)
        if found:
            return again, found, [table.finding]
    return flow, [], []


def _without_feature_models(flow: Flow, found: list[Sink]) -> list[Sink]:
    """Leave out models that only make a feature for a later model, such as one that fills gaps."""
    helping: set[int] = set()
    for later in found:
        earlier = [s for s in found if s.index < later.index and s.model and s.model != later.model]
        if not earlier:
            continue
        stored = {name for mark in slice_program(flow, later).marks.values() for name in mark.store}
        helping |= {id(s) for s in earlier if s.model in stored}
    return [s for s in found if id(s) not in helping] or found


def normal(flow: Flow) -> Flow:
    """Write helpers, loops over columns and the like out, until nothing more is to be written out."""
    tables = as_tables(flow)
    if tables is not flow.body:
        renamed = flow.renamed
        flow = interpret(tables)
        flow.renamed = renamed
    for _ in range(ROUNDS):
        body = normalize(flow)
        if body is flow.body:
            break
        renamed = flow.renamed
        flow = interpret(body)
        flow.renamed = renamed
    return flow


def _syntax(notebook: Notebook, flow: Flow, slices: Slices) -> list[Finding]:
    """A cell that cannot be read refuses only when it may change a variable on the path to the model."""
    needed = {
        node.id
        for statement in all_statements(flow.body)
        if (mark := slices.marks.get(id(statement))) is not None and (mark.kept or mark.model)
        for node in walk(statement)
        if isinstance(node, ast.Name)
    }
    sources = {cell.number: cell.source for cell in notebook.cells}
    found: list[Finding] = []
    for finding in notebook.findings:
        if finding.code == "E-SYNTAX" and finding.origin is not None:
            text = sources.get(finding.origin.cell, "")
            changed = set(re.findall(r"(\w+)(?:\[[^\]]*\]|\.\w+)?\s*=[^=]|inplace", text)) | set(
                re.findall(r"(\w+)\.\w+\([^)]*inplace", text)
            )
            if not changed & needed:
                finding = replace(finding, code="W-SYNTAX")
        found.append(finding)
    return found


def _same(found: list[Sink], sink: Sink) -> Sink:
    """Find a sink again after the program was rewritten around it."""
    text = ast.unparse(sink.call)
    same = [s for s in found if origin(s.call) == origin(sink.call) and ast.unparse(s.call) == text]
    if not found:
        at = origin(sink.call)
        raise NotebookError(
            f"E-SINK-LOOP: cell {at.cell}:{at.line}: what {ast.unparse(sink.call)[:60]} is fitted on in the last round "
            "of its loop cannot be told; fit the model to serve once, after the loop, on all rows"
        )
    return (same or [s for s in found if origin(s.call) == origin(sink.call)] or found)[-1]


def _lost_in_loop(sink: Sink) -> list[Sink]:
    """The last round of a loop, written out, may hand the model something that is no table."""
    at = origin(sink.call)
    raise NotebookError(
        f"E-NOSINK: cell {at.cell}:{at.line}: {sink.model or sink.cls} is fitted in a loop whose rows cannot be "
        "followed to the last round; fit the model to serve once, after the loop"
    )


def _loop_finding(sink: Sink) -> Finding:
    loop = sink.loops[0]
    return Finding(
        "W-SINK-LOOP",
        f"{sink.model or sink.cls} is fitted inside a loop; the model of the last round is served",
        origin(loop),
        ast.unparse(loop).split("\n")[0][:120],
        "fit the final model once, after the loop",
    )


def _primary(flow: Flow, sink: Sink) -> str:
    x = flow.val(sink.x)
    rows = x.sources
    if sink.y is not None:
        rows = (x.sources & flow.val(sink.y).sources) or x.sources
    for name in flow.sources:
        if name in rows:
            return name
    if not flow.sources:
        at = origin(sink.call)
        raise NotebookError(
            f"E-NOSINK: cell {at.cell}:{at.line}: the rows of {ast.unparse(sink.x)[:60]} come from nothing that nbprod can "
            "read again; read them with a function of pandas, or tag the cell that reads them `load`"
        )
    return next(iter(flow.sources))
