"""The values that templates print: facts about the notebook, each one allowed, and what follows from them."""

from __future__ import annotations

from typing import Any

from nbprod.knowledge import table
from nbprod.modules.quotes import double_quoted
from nbprod.modules.values import Modules
from nbprod.render import allow
from nbprod.render.environment import Environment, distributions_of, normal, requirement
from nbprod.render.families import families_for
from nbprod.render.left_out import left_out
from nbprod.render.serving import serving_lines
from nbprod.render.told_findings import told
from nbprod.services import skins_for
from nbprod.split.learned_values import StateField


def context(
    modules: Modules, environment: Environment, data_dir: str, targets: list[str]
) -> dict[str, Any]:
    """Return the values that templates print, each one allowed."""
    package = allow.identifier(modules.package)
    title = allow.line(modules.title) or package
    locations: list[dict[str, str]] = []
    constants: list[dict[str, str]] = []
    parameters: list[dict[str, str]] = []
    for setting in modules.settings:
        entry = {
            "name": allow.identifier(setting.name),
            "value": allow.literal(setting.value),
            "comment": allow.comment(setting.comment),
        }
        kind = {"path": locations, "url": locations, "parameter": parameters}
        kind.get(setting.kind, constants).append(entry)
    state = [
        {
            "name": allow.identifier(f.name),
            "type": f"dict[Any, {_type(f.annotation)}]" if f.keyed else _type(f.annotation),
            "keyed": f.keyed,
            "where": allow.comment(
                f"cell {f.origin.cell}: {_made_by(f)}" if f.origin else _made_by(f), 110
            ),
        }
        for f in modules.state
    ]
    types = " ".join(str(s["type"]) for s in state)
    training = distributions_of(modules.train_only_imports)
    needed = {
        trained: [
            requirement(n, v) for n, v in environment.pins if (normal(n) in training) == trained
        ]
        for trained in (False, True)
    }
    skins = skins_for(targets)
    asked = modules.sink.get("request", {})
    return {
        "package": package,
        "env": package.upper(),
        "title": title,
        "description": allow.quoted(f"Model and service of {title}"),
        "task": modules.task,
        "keras": not modules.sink.get("network")
        and modules.model_class in ("Sequential", "Functional", "Model"),
        "torch": bool(modules.sink.get("network")),
        "model_class": allow.code(modules.model_class),
        "target": allow.code(modules.target),
        "request": modules.request,
        "derived": modules.request == "fields",
        "source": allow.identifier(asked.get("source") or package),
        "request_names": [
            allow.identifier(f["name"]) for f in asked.get("fields", []) if f["column"]
        ],
        "request_columns": allow.literal(
            repr([f["column"] for f in asked.get("fields", []) if f["column"]])
        ),
        "data_dir": repr(data_dir),
        "locations": locations,
        "constants": constants,
        "parameters": parameters,
        "state": state,
        "needs_any": "Any" in types,
        "needs_numpy": "np." in types,
        "needs_pandas": "pd." in types,
        "dependencies": needed[False],
        "training_dependencies": needed[True],
        "lock": list(environment.lock),
        "serving_lock": list(environment.serving_lock),
        "lean_lock": serving_lines(environment.lock, modules.files),
        "image_lock": "requirements-serve.lock" if needed[True] else "requirements.lock",
        "training_image": f"{package.replace('_', '-')}{'-train' if needed[True] else ''}",
        "python_minimum": (
            "3.11" if environment.python_minor >= "3.11" else environment.python_minor
        ),
        "python_minor": environment.python_minor,
        "kernel": bool(modules.kernel.get("lowered")),
        "skins": skins,
        "families": families_for(modules.files) if modules.kernel.get("lowered") else [],
        "kept_reason": repr(allow.line(_why_kept(modules))),
        "finds_threshold": "def find_threshold(" in modules.files["model.py"],
        "targets": targets,
        "merges": {name: _words(values) for name, values in table("merges").items()},
        "learned": [
            {
                "field": allow.identifier(s.field),
                "cell": s.cell,
                "line": s.line,
                "expression": allow.code(s.expression),
                "fitted_on": allow.line(s.fitted_on),
            }
            for s in modules.sites
        ],
        "left_out": left_out(modules.statements),
        "findings": [allow.prose(text) for text in told(modules.findings)],
    }


def _made_by(field: StateField) -> str:
    """Return the expression of a learned value, without the word for its kind."""
    return double_quoted(field.comment.partition(": ")[2] or field.comment)


def _why_kept(modules: Modules) -> str:
    """Return why the preprocessing has no column kernel, as the service tells it."""
    kernel = modules.kernel
    if kernel.get("lowered"):
        return ""
    where = f"cell {kernel['cell']}:{kernel['line']}: " if kernel.get("cell") else ""
    return f"no column kernel: {where}{kernel.get('reason') or 'the preprocessing was not lowered'}"


TYPES = {
    "Any", "float", "int", "bool", "str", "list[Any]", "list[str]", "dict[Any, Any]", "pd.Index", "pd.Series",
    "pd.DataFrame", "np.ndarray", "pd.CategoricalDtype", "dict[Any, pd.CategoricalDtype]",
}  # fmt: skip


def _words(values: list[str]) -> str:
    """Return a tuple of strings as Python that needs no formatting."""
    listed = ", ".join(allow.quoted(value) for value in values)
    return f"({listed},)" if len(values) == 1 else f"({listed})"


def _type(annotation: str) -> str:
    return annotation if annotation in TYPES else "Any"
