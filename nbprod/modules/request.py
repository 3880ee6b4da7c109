"""Build the modules of a package whose answers come from the function of a ``predict`` cell."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from pathlib import Path

from nbprod.findings import Finding, NotebookError, Origin
from nbprod.flow.interpret import interpret
from nbprod.flow.program import Program, origin
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.modules import request_text as text
from nbprod.modules.constants import literals
from nbprod.modules.data import Data, Derived
from nbprod.modules.functions import Piece, connect, cut, print_function
from nbprod.modules.imports import Imports, arrange, parsed
from nbprod.modules.printing import Printer
from nbprod.modules.replay import print_replay
from nbprod.modules.tidy import rename
from nbprod.modules.values import LearnSite, Modules, Setting, StateField, Statement
from nbprod.notebook.values import Notebook
from nbprod.split.naming import snake
from nbprod.split.removed import removed_calls
from nbprod.split.request import Field, Kept, Request, backwards, entry_function
from nbprod.split.request.fields import fields_of, form_of, said_columns, source_of
from nbprod.split.request.find import free_names
from nbprod.split.request.purity import impurities
from nbprod.split.request.slice import changes

REQUESTS = "requests"


@dataclass(frozen=True)
class _Asked:
    """The analysis of one notebook with a ``predict`` cell."""

    notebook: Notebook
    program: Program
    flow: Flow
    request: Request
    kept: Kept
    sources: tuple[str, ...]
    late: tuple[Finding, ...]
    printer: Printer


def build_request(
    notebook: Notebook,
    program: Program,
    *,
    package: str | None = None,
    folder: Path | None = None,
    printed: bool = True,
) -> Modules | None:
    """Return the source of the package, None when the notebook has no ``predict`` cell with a function.

    Raises:
        NotebookError: what the function takes, or where its values come from, cannot be told.
    """
    function = entry_function(program)
    if function is None:
        return None
    printer = Printer(notebook if printed else None)
    asked = _analyse(notebook, program, function, printer)
    imports = Imports(asked.flow.body)
    settings, constants = _settings(asked)
    state = {
        name: _field(name, constants) for name in asked.request.learned if name not in constants
    }
    data = Data(
        asked.flow,
        list(asked.sources),
        imports,
        set(constants.values()),
        printer,
        _derived(asked.request),
        folder,
    )
    pieces = _pieces(asked, constants, imports, set(state))
    files = {
        "data.py": data.text(),
        "asking.py": _asking(asked, imports, constants, state),
        "features.py": _features(asked, pieces, imports, constants, state),
        "model.py": text.MODEL.format(name=function.name),
        "answers.py": text.ANSWERS,
        "replay.py": print_replay({"plain_answer"}),
    }
    classes = asked.request.classes
    if classes:
        from nbprod.modules.build import print_classes

        files["transformers.py"] = print_classes(list(classes), imports, constants, printer)
    used = set().union(*(imports.modules(source) for source in files.values())) - {"__future__"}
    findings = [
        *program.findings,
        *asked.late,
        *impurities(asked.flow, asked.request),
        *removed_calls(asked.flow, program.body, "\n".join(c.code for c in notebook.code_cells)),
        *data.findings,
    ]
    return Modules(
        package=package or snake(notebook.name) or "model",
        title=notebook.name,
        files=files,
        state=tuple(
            StateField(field, "Any", "any", False, f"what {name} is", _made_at(asked, name))
            for name, field in state.items()
        ),
        settings=(*data.settings, *(s for s in settings if _is_used(s, files))),
        task="ranking" if asked.request.derived else "unknown",
        model_class=function.name,
        target="",
        imports=tuple(sorted(used)),
        statements=_roles(asked),
        sites=tuple(_site(asked, name, field) for name, field in state.items()),
        findings=tuple(dict.fromkeys([*notebook.findings, *findings])),
        sink={**_sink(asked), "placed": data.placed},
        data_files=tuple(data.files),
        cell_map={f"cell {cell}": f"features.py:{p.name}" for p in pieces for cell in p.cells},
        notebook_hash=notebook.content_hash,
        requirements=notebook.requirements,
        request=asked.request.form,
    )


def _analyse(
    notebook: Notebook, program: Program, function: ast.FunctionDef, printer: Printer
) -> _Asked:
    flow = interpret(program.body)
    at = origin(function)
    if not flow.sources:
        raise NotebookError(
            f"E-PREDICT-REQUEST: cell {at.cell}:{at.line}: nothing that {function.name} reads comes from data that the "
            "notebook loads, so there is nothing to train; mark the cell that loads it with the tag `load`"
        )
    cell = getattr(function, "cell", 0)
    before = [node for node in program.body if getattr(node, "cell", 0) <= cell]
    kept = backwards(flow, before, {function.name})
    form = form_of(flow, program.body, function)
    source = next(c.source for c in notebook.cells if c.number == cell)
    read = [*kept.body, *kept.functions]
    fields: tuple[Field, ...] = ()
    if form == "fields":
        after = [node for node in program.body if node is not function]
        fields = fields_of(read, function, said_columns(source, function), after)
    wanted = [field.column for field in fields if field.column]
    names = [n for n in flow.sources if any(flow.sources[n] in list(walk(s)) for s in kept.body)]
    primary = source_of(flow, read, wanted) if wanted else (names or list(flow.sources))[0]
    if primary not in names:
        names.insert(0, primary)
    names.sort(key=lambda name: name != primary)
    functions = tuple(f for f in kept.functions if _reaches(function, f, kept))
    learned = _learned(flow, functions, kept)
    late = _late(flow, program.body, cell, learned)
    request = Request(function, form, primary, fields, learned, functions, kept.classes)
    return _Asked(notebook, program, flow, request, kept, tuple(names), late, printer)


def _reaches(entry: ast.FunctionDef, other: ast.FunctionDef, kept: Kept) -> bool:
    """Whether a request may call ``other``."""
    by_name = {f.name: f for f in kept.functions}
    seen: set[str] = set()
    waiting = [entry.name]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in by_name:
            continue
        seen.add(name)
        waiting += free_names(by_name[name])
    return other.name in seen


def _learned(flow: Flow, functions: tuple[ast.FunctionDef, ...], kept: Kept) -> tuple[str, ...]:
    """Return the variables that a request reads and that statements of the notebook make."""
    made = {name for node in kept.body for name in changes(flow, node)}
    own = {f.name for f in kept.functions} | {c.name for c in kept.classes}
    read: dict[str, None] = {}
    for function in functions:
        read |= dict.fromkeys(sorted(free_names(function)))
    return tuple(n for n in read if n in made and n not in own and n not in flow.imports)


def _late(
    flow: Flow, body: list[ast.stmt], cell: int, learned: tuple[str, ...]
) -> tuple[Finding, ...]:
    """Return a finding for each statement after the cell that changes what the function reads."""
    found = []
    for node in body:
        changed = (
            sorted(changes(flow, node) & set(learned)) if getattr(node, "cell", 0) > cell else []
        )
        if changed and not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.append(
                Finding(
                    "W-PREDICT-LATE",
                    f"{changed[0]} is changed after the predict cell; the package answers with what it is at the cell",
                    origin(node),
                    ast.unparse(node)[:120],
                    "move the change above the predict cell, or give it another name",
                )
            )
    return tuple(found)


def _settings(asked: _Asked) -> tuple[list[Setting], dict[str, str]]:
    kept = {id(node) for node in asked.kept.body}
    changed = {
        name
        for node in asked.kept.body
        if not isinstance(node, ast.Assign)
        for name in changes(asked.flow, node)
    }
    return literals(asked.flow.body, lambda node: id(node) in kept, changed, asked.printer)


def _field(name: str, constants: dict[str, str]) -> str:
    return f"{name}_" if name in ("save", "load") or name.startswith("__") else name


def _is_used(setting: Setting, files: dict[str, str]) -> bool:
    import re

    return any(re.search(rf"\b{setting.name}\b", source) for source in files.values())


def _pieces(
    asked: _Asked, constants: dict[str, str], imports: Imports, wanted: set[str]
) -> list[Piece]:
    body: list[ast.stmt] = []
    for node in asked.kept.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if len(targets) == 1 and isinstance(targets[0], ast.Name) and targets[0].id in constants:
            continue
        new = _without_sources(asked.flow, node)
        if new is not None:
            body.append(rename(new, constants))
    reading = _reading_variables(asked)
    if reading:  # they see the variables of the notebook: all of it stays one function
        nested = [rename(f, constants) for f in asked.kept.functions if f in reading]
        body = sorted([*nested, *body], key=lambda node: (origin(node).cell, origin(node).line))
        cells = list(dict.fromkeys(origin(node).cell for node in body))
        pieces = [Piece("Learn what a request needs", "", cells, body)]
    else:
        pieces = cut(body, asked.program.sections)
    outside = set(imports.known) | set(asked.flow.functions) | {"known_requests", "first_answer"}
    connect(pieces, list(asked.sources), wanted, outside)
    return pieces


def _reading_variables(asked: _Asked) -> list[ast.FunctionDef]:
    """Return the functions of training, when one of them reads variables of the notebook."""
    made = {name for node in asked.kept.body for name in changes(asked.flow, node)}
    training = [f for f in asked.kept.functions if f not in asked.request.functions]
    return training if any(free_names(f) & made for f in training) else []


def _without_sources(flow: Flow, node: ast.stmt) -> ast.stmt | None:
    """Return a statement that takes its tables from ``sources``, None when nothing is left of it."""
    reads = {id(call): name for name, call in flow.sources.items()}
    if not any(id(part) in reads for part in walk(node)):
        return node

    new = _copied(node, reads)
    if (
        isinstance(new, ast.Assign)
        and isinstance(new.value, ast.Name)
        and all(isinstance(t, ast.Name) and t.id == new.value.id for t in new.targets)
    ):
        return None
    return new


def _copied(node: ast.AST, reads: dict[int, str]) -> ast.stmt:
    """Copy a statement with some of its expressions replaced by names; comments and places stay."""

    def rebuilt(part: ast.AST) -> ast.AST:
        if id(part) in reads:
            return ast.copy_location(ast.Name(reads[id(part)], ast.Load()), part)
        new = copy.copy(part)
        for name, value in ast.iter_fields(part):
            if isinstance(value, ast.AST):
                setattr(new, name, rebuilt(value))
            elif isinstance(value, list):
                setattr(new, name, [rebuilt(v) if isinstance(v, ast.AST) else v for v in value])
        return new

    new = rebuilt(node)
    assert isinstance(new, ast.stmt)
    return new


def _derived(request: Request) -> Derived | None:
    if not request.derived:
        return None
    known = [field for field in request.fields if field.column]
    constants = "".join(
        f"{field.parameter}={field.default}, " for field in request.fields if not field.column
    ).rstrip(", ")
    names = [field.parameter for field in known]
    functions = text.REQUESTS.format(
        count=len(request.fields),
        columns=repr([field.column for field in known]),
        names=repr(names),
        constants=f".assign({constants})" if constants else "",
    )
    return Derived(REQUESTS, request.source, f"requests_of({request.source})", functions)


def _asking(
    asked: _Asked, imports: Imports, constants: dict[str, str], state: dict[str, str]
) -> str:
    """Return the source of ``asking.py``: the notebook's functions that a request calls."""
    functions = list(asked.request.functions)
    needs = _needing(functions, set(state))
    printed = [_function(f, needs, state, constants, asked.printer) for f in functions]
    source = "\n\n\n".join(printed)
    package = _package_imports(asked, source, constants)
    if needs:
        package.append("from .state import PreprocessState")
    standard = ("from functools import partial",) if "partial(" in source else ()
    return "\n".join(
        [
            f'"""How the notebook answers a request: ``{asked.request.function.name}`` and what it calls."""',
            "",
            arrange(
                ["from __future__ import annotations", *imports.used(source, standard), *package]
            ),
            "",
            "",
            source,
            "",
        ]
    )


def _package_imports(asked: _Asked, source: str, constants: dict[str, str]) -> list[str]:
    names = {n.id for n in walk(parsed(source)) if isinstance(n, ast.Name)}
    found = []
    if names & set(constants.values()):
        found.append(f"from .config import {', '.join(sorted(names & set(constants.values())))}")
    classes = sorted(names & {c.name for c in asked.request.classes})
    if classes:
        found.append(f"from .transformers import {', '.join(classes)}")
    return found


def _needing(functions: list[ast.FunctionDef], learned: set[str]) -> set[str]:
    """Return the functions that read something learned, themselves or through others."""
    reads = {f.name: free_names(f) for f in functions}
    found = {name for name, names in reads.items() if names & learned}
    while True:
        more = {name for name, names in reads.items() if names & found} - found
        if not more:
            return found
        found |= more


def _function(
    function: ast.FunctionDef,
    needs: set[str],
    state: dict[str, str],
    constants: dict[str, str],
    printer: Printer,
) -> str:
    """Print a function that takes what it reads from ``state``; its body stays as it is."""
    reads = free_names(function)
    node = copy.deepcopy(rename(function, constants))
    assert isinstance(node, ast.FunctionDef)
    if function.name not in needs:
        return printer.body([node], 0)
    node = _Handed(needs).visit(node)
    assert isinstance(node, ast.FunctionDef)
    annotation = ast.Name("PreprocessState", ast.Load())
    node.args.kwonlyargs.append(ast.arg("state", annotation))
    node.args.kw_defaults.append(None)
    taken: list[ast.stmt] = [
        ast.Assign(
            [ast.Name(name, ast.Store())],
            ast.Attribute(ast.Name("state", ast.Load()), field, ast.Load()),
        )
        for name, field in state.items()
        if name in reads
    ]
    first = 1 if ast.get_docstring(node) is not None else 0
    node.body[first:first] = taken
    return printer.body([node], 0)


class _Handed(ast.NodeTransformer):
    """Hand ``state`` on to functions that need it."""

    def __init__(self, needs: set[str]) -> None:
        self.needs = needs

    def visit_Call(self, node: ast.Call) -> ast.AST:
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        if called in self.needs:
            node.args = [self.visit(a) for a in node.args]
            node.keywords = [self.visit(k) for k in node.keywords]
            node.keywords.append(ast.keyword("state", ast.Name("state", ast.Load())))
            return node
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id not in self.needs or not isinstance(node.ctx, ast.Load):
            return node
        handed = [ast.keyword("state", ast.Name("state", ast.Load()))]
        return ast.Call(ast.Name("partial", ast.Load()), [node], handed)


def _features(
    asked: _Asked,
    pieces: list[Piece],
    imports: Imports,
    constants: dict[str, str],
    state: dict[str, str],
) -> str:
    """Return the source of ``features.py``: ``fit`` learns, ``transform`` asks."""
    request = asked.request
    annotations = dict.fromkeys(asked.sources, "pd.DataFrame")
    nested = _reading_variables(asked)
    training = [f for f in asked.kept.functions if f not in (*request.functions, *nested)]
    shared = [f.name for f in request.functions if f is not request.function]
    helpers = [asked.printer.body([rename(f, constants)], 0) for f in training]
    steps = [print_function(piece, annotations, asked.printer) for piece in pieces]
    needs = _needing(list(request.functions), set(state))
    parts = [
        text.TRAINING,
        text.KNOWN,
        *helpers,
        *steps,
        _fit(asked, pieces, state),
        *([text.FIRST] if request.form == "frame" else []),
        _transform(request, request.function.name in needs),
    ]
    source = "\n\n\n".join(parts)
    body = "\n\n\n".join([*helpers, *steps])
    names = {n.id for n in walk(parsed(body)) if isinstance(n, ast.Name)} if body else set()
    wanted = sorted({request.function.name} | (names & set(shared)))
    package = [
        *_package_imports(asked, source, constants),
        f"from .asking import {', '.join(wanted)}",
        "from .data import Sources",
        "from .replay import plain_answer",
        "from .state import PreprocessState",
    ]
    standard = (
        "from dataclasses import dataclass, field",
        "from typing import Any",
        "import pandas as pd",
    )
    return "\n".join(
        [
            text.FEATURES_TITLE.format(name=request.function.name),
            "",
            arrange(
                ["from __future__ import annotations", *imports.used(source, standard), *package]
            ),
            "",
            "",
            source,
            "",
        ]
    )


def _fit(asked: _Asked, pieces: list[Piece], state: dict[str, str]) -> str:
    name = asked.request.function.name
    lines = [
        "def fit(sources: Sources) -> tuple[PreprocessState, Training]:",
        f'    """Learn what ``{name}`` reads, and answer the requests that are known."""',
        *(f"    {source} = sources.{source}.copy()" for source in _used_sources(asked, pieces)),
    ]
    for piece in pieces:
        call = f"{piece.name}({', '.join(piece.inputs)})"
        lines.append(f"    {', '.join(piece.outputs)} = {call}" if piece.outputs else f"    {call}")
    lines.append("    state = PreprocessState()")
    lines += [f"    state.{field} = {name}" for name, field in state.items()]
    primary = REQUESTS if asked.request.derived else asked.request.source
    lines.append(f"    known = known_requests(sources.{primary})")
    lines.append("    return state, Training(X=transform(known, state), y=None, rows=known.index)")
    return "\n".join(lines)


def _used_sources(asked: _Asked, pieces: list[Piece]) -> list[str]:
    needed = {name for piece in pieces for name in piece.inputs}
    return [s for s in asked.sources if s in needed or s in asked.request.learned]


def _transform(request: Request, stateful: bool) -> str:
    state = ", state=state" if stateful else ""
    name = request.function.name
    if request.form != "fields":
        call = text.PER_ROW[request.form].format(name=name, state=state)
        return text.TRANSFORM.format(lines=f"found = [{call} for row in range(len(raw))]")
    values = [f.parameter for f in request.fields]
    handed = ", ".join(f"{v}={v}" for v in values)
    if len(values) == 1:
        loop = f'for {values[0]} in raw["{values[0]}"].tolist()'
    else:
        columns = ", ".join(f'raw["{v}"].tolist()' for v in values)
        loop = f"for {', '.join(values)} in zip({columns}, strict=True)"
    return text.TRANSFORM.format(lines=f"found = [plain_answer({name}({handed}{state})) {loop}]")


def _made_at(asked: _Asked, name: str) -> Origin:
    return origin(_maker(asked, name))


def _maker(asked: _Asked, name: str) -> ast.stmt:
    """Return the last statement that makes or changes a variable."""
    return next(n for n in reversed(asked.kept.body) if name in changes(asked.flow, n))


def _site(asked: _Asked, name: str, field: str) -> LearnSite:
    maker = _maker(asked, name)
    at = origin(maker)
    expression = maker.value if isinstance(maker, ast.Assign) else maker
    short = ast.unparse(expression).split("\n")[0][:120]
    return LearnSite(
        f"{at.cell}:{at.line}:{name}", at.cell, at.line, short, "value", field, "all rows"
    )


def _roles(asked: _Asked) -> tuple[Statement, ...]:
    body = {id(node) for node in asked.kept.body}
    used = {id(n) for n in (*asked.kept.functions, *asked.kept.classes)}
    asked_for = {id(n) for n in asked.request.functions}
    loads = {id(call) for call in asked.flow.sources.values()}
    name = asked.request.function.name
    found = []
    for node in asked.program.body:
        at = origin(node)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            role, reason = "import", "imported where a module needs it"
        elif node is asked.request.function:
            role, reason = "model", "answers a request"
        elif id(node) in asked_for:
            role, reason = "serve", f"{name} calls it"
        elif id(node) in body and any(id(part) in loads for part in walk(node)):
            role, reason = "load", "reads the data"
        elif id(node) in body or id(node) in used:
            role, reason = "learn", f"makes what {name} reads"
        elif isinstance(node, ast.Expr):
            role, reason = "display", "shown, not part of the answer"
        else:
            role, reason = "unused", f"nothing that {name} reads depends on it"
        found.append(Statement(at.cell, at.line, role, reason))
    return tuple(found)


def _sink(asked: _Asked) -> dict[str, object]:
    request, at = asked.request, origin(asked.request.function)
    calls = asked.flow.sources
    return {
        "cell": at.cell,
        "line": at.line,
        "source": f"def {request.function.name}",
        "top_cell": at.cell,
        "top_line": at.line,
        "model": request.function.name,
        "class": "function",
        "primary": REQUESTS if request.derived else request.source,
        "sources": [
            {
                "name": name,
                "cell": origin(calls[name]).cell,
                "line": origin(calls[name]).line,
                "expression": ast.unparse(calls[name])[:200],
                "primary": name == request.source,
            }
            for name in sorted(asked.sources)
        ],
        "candidates": [],
        "request": {
            "function": request.function.name,
            "form": request.form,
            "source": request.source,
            "source_cell": origin(calls[request.source]).cell,
            "source_line": origin(calls[request.source]).line,
            "fields": [
                {
                    "name": field.parameter,
                    "column": field.column,
                    "value": None if field.column else ast.literal_eval(field.default),
                }
                for field in request.fields
            ],
        },
    }
