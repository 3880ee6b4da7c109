"""Families of flat estimators: which of them a package needs, by the classes that its modules name.

A family is a template in ``src/package/compiled/`` whose classes are registered with ``@flat("Class", ...)``; adding
one needs no edit here. A family that builds on another imports it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

ALWAYS = frozenset({"labels"})  # small, and what labels are given back with
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ORIGINS = re.compile(r"^@flat\(([^)]*)\)", re.MULTILINE)
_IMPORTED = re.compile(r"^from \.(\w+) import", re.MULTILINE)


def families_for(modules: Mapping[str, str]) -> list[str]:
    """Return the families whose classes the source of a package names, and those that they build on."""
    named = {name for text in modules.values() for name in _NAME.findall(text)}
    makers = {MAKERS[name] for name in named & MAKERS.keys()}
    known = _families()
    wanted = {family for family, (origins, _) in known.items() if origins & (named | makers)}
    waiting = sorted(wanted | ALWAYS)
    found: set[str] = set()
    while waiting:
        family = waiting.pop()
        if family in known and family not in found:
            found.add(family)
            waiting += known[family][1]
    return sorted(found)


MAKERS = {
    "make_pipeline": "Pipeline",
    "make_column_transformer": "ColumnTransformer",
    "make_union": "FeatureUnion",
    "AdaBoostClassifier": "DecisionTreeClassifier",
    "AdaBoostRegressor": "DecisionTreeRegressor",
    "BaggingClassifier": "DecisionTreeClassifier",
    "BaggingRegressor": "DecisionTreeRegressor",
}


def all_families() -> list[str]:
    """Return every family there is."""
    return sorted(_families())


def unused_families(wanted: Collection[str]) -> set[str]:
    """Return the templates of the other families; of all that compiles, where no family is wanted."""
    if not wanted:
        every = {f"{FOLDER}/{path.name}" for path in _folder().glob("*.j2")}
        return (every | USERS) - KEPT
    left_out = {f"{FOLDER}/{name}.py.j2" for name in _families().keys() - set(wanted)}
    return left_out if "trees" in wanted else left_out | NATIVE


FOLDER = "src/package/compiled"
KEPT = {f"{FOLDER}/__init__.py.j2", f"{FOLDER}/report.py.j2"}
USERS = {"src/package/service/direct.py.j2", "tests/test_compiled.py.j2"}
NATIVE = {f"{FOLDER}/native.py.j2", f"{FOLDER}/forest.c.j2"}  # only trees use it


@cache
def _families() -> dict[str, tuple[frozenset[str], tuple[str, ...]]]:
    """Return each family's classes of the libraries and the modules that it imports."""
    found = {}
    for path in sorted(_folder().glob("*.py.j2")):
        text = path.read_text("utf-8")
        calls = _ORIGINS.findall(text)
        if calls:
            origins = {name for call in calls for name in ast.literal_eval(f"[{call}]")}
            needs = tuple(_IMPORTED.findall(text))
            found[path.name.removesuffix(".py.j2")] = (frozenset(origins), needs)
    return found


def _folder() -> Path:
    from nbprod.render.renderer import templates_folder

    return templates_folder() / "project" / FOLDER


__all__ = ["all_families", "families_for", "unused_families"]
