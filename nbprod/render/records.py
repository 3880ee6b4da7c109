"""What a project says about its own conversion, as JSON: the plan, and the verdict before any proof."""

from __future__ import annotations

import json
from typing import Any

from nbprod.modules.values import Modules


def records(modules: Modules) -> dict[str, str]:
    """Return the files of a project that ``verify``, ``check`` and people read, as path -> text."""
    return {".nbprod/plan.json": _json(plan(modules)), "verdict.json": _json(unverified(modules))}


def plan(modules: Modules) -> dict[str, Any]:
    """Return what ``verify`` needs to know about the conversion, in JSON types."""
    sink = dict(modules.sink)
    sources = sink.pop("sources", [])
    return {
        "sink": sink,
        "sources": sources,
        "sites": [vars(s) for s in modules.sites],
        "statements": [vars(s) for s in modules.statements],
        "assumptions": list(modules.assumptions),
        "findings": [f.as_dict() for f in modules.findings],
        "settings": [
            {"name": s.name, "kind": s.kind, "value": s.value, "comment": s.comment}
            for s in modules.settings
        ],
        "task": modules.task,
        "target": modules.target,
        "data_files": list(modules.data_files),
        "cell_map": modules.cell_map,
        "kernel": modules.kernel,
        "training_imports": list(modules.train_only_imports),
        **(
            {"fit_scope": modules.fit_scope, "fit_model": modules.fit_model}
            if modules.fit_scope == "train"
            else {}
        ),
        **({"final_fit": True, "fit_model": modules.fit_model} if modules.final_fit else {}),
    }


def unverified(modules: Modules) -> dict[str, Any]:
    """Return the verdict of a conversion alone: refused by an error, else unverified."""
    refused = any(f.code.startswith("E-") for f in modules.findings)
    return {
        "level": "refused" if refused else "unverified",
        "checks": [],
        "findings": [f.as_dict() for f in modules.findings],
        "assumptions": list(modules.assumptions),
        "sites": [vars(s) for s in modules.sites],
    }


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
