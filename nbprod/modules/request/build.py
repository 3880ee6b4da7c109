"""Build the modules of a package whose answers come from the function of a ``predict`` cell."""

from __future__ import annotations

import re
from pathlib import Path

from nbprod.flow.program import Program
from nbprod.modules.data import Data, Derived
from nbprod.modules.imports import Imports
from nbprod.modules.printing import Printer
from nbprod.modules.replay import print_replay
from nbprod.modules.request import text
from nbprod.modules.request.account import made_at, roles, sink, site
from nbprod.modules.request.analysis import REQUESTS, analyse, settings_of
from nbprod.modules.request.asking import print_asking
from nbprod.modules.request.features import print_features
from nbprod.modules.request.pieces import pieces_of
from nbprod.modules.values import Modules, Setting
from nbprod.notebook.values import Notebook
from nbprod.split.learned_values import StateField
from nbprod.split.naming import snake
from nbprod.split.removed import removed_calls
from nbprod.split.request import Request, entry_function
from nbprod.split.request.purity import impurities


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
    asked = analyse(notebook, program, function, printer)
    imports = Imports(asked.flow.body)
    settings, constants = settings_of(asked)
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
    pieces = pieces_of(asked, constants, imports, set(state))
    files = {
        "data.py": data.text(),
        "asking.py": print_asking(asked, imports, constants, state),
        "features.py": print_features(asked, pieces, imports, constants, state),
        "model.py": text.MODEL.format(name=function.name),
        "answers.py": text.ANSWERS,
        "replay.py": print_replay({"plain_answer"}),
    }
    classes = asked.request.classes
    if classes:
        from nbprod.modules.classes import print_classes

        files["transformers.py"] = print_classes(
            list(classes), imports, constants, printer, asked.flow
        )
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
            StateField(field, "Any", "any", False, f"what {name} is", made_at(asked, name))
            for name, field in state.items()
        ),
        settings=(*data.settings, *(s for s in settings if _is_used(s, files))),
        task="ranking" if asked.request.derived else "unknown",
        model_class=function.name,
        target="",
        imports=tuple(sorted(used)),
        statements=roles(asked),
        sites=tuple(site(asked, name, field) for name, field in state.items()),
        findings=tuple(dict.fromkeys([*notebook.findings, *findings])),
        sink={**sink(asked), "placed": data.placed},
        data_files=tuple(data.files),
        cell_map={f"cell {cell}": f"features.py:{p.name}" for p in pieces for cell in p.cells},
        notebook_hash=notebook.content_hash,
        requirements=notebook.requirements,
        request=asked.request.form,
    )


def _field(name: str, constants: dict[str, str]) -> str:
    return f"{name}_" if name in ("save", "load") or name.startswith("__") else name


def _is_used(setting: Setting, files: dict[str, str]) -> bool:
    return any(re.search(rf"\b{setting.name}\b", source) for source in files.values())


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


__all__ = ["build_request"]
