"""Render a project: every file below ``templates/project``, plus the modules of the notebook."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbprod.modules.values import Modules
from nbprod.render import allow
from nbprod.render.environment import Environment, requirement
from nbprod.render.formatting import format_python
from nbprod.services import all_skins, skins_for

FIXED = {
    "kubernetes",
    "kserve",
    "azureml",
    "sagemaker",
    "vertex",
}  # folders of deploy/ that are asked for
SUFFIX = ".j2"


def templates_folder() -> Path:
    """Return the folder of templates: packaged in a wheel, beside the package in a checkout."""
    packaged = Path(__file__).parent.parent / "templates"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "templates"


def render(
    modules: Modules, *, environment: Environment, data_dir: str = "..", targets: Iterable[str] = ()
) -> dict[str, str]:
    """Return the whole project as path -> text.

    Raises:
        NotAllowed: a value of the notebook cannot be printed safely.
    """
    import jinja2

    root = templates_folder() / "project"
    engine = jinja2.Environment(
        loader=jinja2.FileSystemLoader(root),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    wanted = sorted(set(targets))
    values = context(modules, environment, data_dir, wanted)
    package = values["package"]
    tree: dict[str, str] = {}
    for path in sorted(root.rglob(f"*{SUFFIX}")):
        relative = path.relative_to(root)
        if not _included(relative, wanted, modules):
            continue
        name = relative.as_posix()[: -len(SUFFIX)].replace("src/package/", f"src/{package}/")
        text = engine.get_template(relative.as_posix()).render(values)
        tree[name] = text.rstrip("\n") + "\n" if text.strip() else ""
    for name, text in modules.files.items():
        tree[f"src/{package}/{name}"] = text
    tree = format_python(tree)
    tree[".nbprod/plan.json"] = _json(plan(modules))
    tree["verdict.json"] = _json(unverified(modules))
    return tree


def _included(relative: Path, targets: list[str], modules: Modules) -> bool:
    parts = relative.parts
    if parts[0] == "deploy" and parts[1] in FIXED:
        return parts[1] in targets
    stem = relative.name.removesuffix(SUFFIX).removesuffix(".py")
    if "service" in parts and stem in {s.module for s in all_skins()}:
        return stem in {s.module for s in skins_for(targets)}
    if parts[0] == "tests" and stem.removeprefix("test_") in {s.module for s in all_skins()}:
        return stem.removeprefix("test_") in {s.module for s in skins_for(targets)}
    return True


def context(
    modules: Modules, environment: Environment, data_dir: str, targets: list[str]
) -> dict[str, Any]:
    """Return the values that templates print, each one allowed."""
    package = allow.identifier(modules.package)
    title = allow.line(modules.title) or package
    locations: list[dict[str, str]] = []
    constants: list[dict[str, str]] = []
    for setting in modules.settings:
        entry = {
            "name": allow.identifier(setting.name),
            "value": allow.literal(setting.value),
            "comment": allow.comment(setting.comment),
        }
        (locations if setting.kind in ("path", "url") else constants).append(entry)
    state = [
        {
            "name": allow.identifier(f.name),
            "type": f"dict[Any, {_type(f.annotation)}]" if f.keyed else _type(f.annotation),
            "keyed": f.keyed,
            "where": allow.comment(
                f"cell {f.origin.cell}: {f.comment}" if f.origin else f.comment, 110
            ),
        }
        for f in modules.state
    ]
    types = " ".join(str(s["type"]) for s in state)
    dependencies = [requirement(name, version) for name, version in environment.pins]
    skins = skins_for(targets)
    return {
        "package": package,
        "env": package.upper(),
        "title": title,
        "description": allow.quoted(f"Model and service of {title}"),
        "task": modules.task,
        "keras": modules.model_class in ("Sequential", "Functional", "Model"),
        "model_class": allow.line(modules.model_class),
        "target": allow.line(modules.target),
        "data_dir": json.dumps(data_dir),
        "locations": locations,
        "constants": constants,
        "state": state,
        "needs_any": "Any" in types,
        "needs_numpy": "np." in types,
        "needs_pandas": "pd." in types,
        "dependencies": dependencies,
        "lock": list(environment.lock),
        "python_minimum": (
            "3.11" if environment.python_minor >= "3.11" else environment.python_minor
        ),
        "python_minor": environment.python_minor,
        "skins": skins,
        "targets": targets,
        "learned": [
            {
                "field": allow.identifier(s.field),
                "cell": s.cell,
                "line": s.line,
                "expression": allow.line(s.expression, 90),
                "fitted_on": s.fitted_on,
            }
            for s in modules.sites
        ],
        "findings": [
            allow.line(f"{f.code} {f.origin or ''} {f.message}", 300)
            for f in modules.findings
            if not f.code.startswith("I-")
        ],
    }


TYPES = {
    "Any", "float", "int", "bool", "str", "list[Any]", "list[str]", "dict[Any, Any]", "pd.Index", "pd.Series",
    "pd.DataFrame", "np.ndarray", "pd.CategoricalDtype", "dict[Any, pd.CategoricalDtype]",
}  # fmt: skip


def _type(annotation: str) -> str:
    return annotation if annotation in TYPES else "Any"


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
