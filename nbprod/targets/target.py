"""The value that describes a deploy target, and the walk that finds them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from nbprod.findings import NotebookError

DEPLOY = "deploy/"


@dataclass(frozen=True)
class Target:
    """A place to deploy to.

    ``name`` is what ``--target`` takes. ``templates`` are prefixes of paths below
    ``templates/project``: what starts with one of them is rendered for this target only.
    """

    name: str
    summary: str
    templates: tuple[str, ...]
    guide: str  # page in docs/ with the commands from zero to a call


@lru_cache(maxsize=1)
def all_targets() -> tuple[Target, ...]:
    """Every target of this package, by name. Two targets of one name are a mistake of ours."""
    package = import_module("nbprod.targets")
    targets: dict[str, Target] = {}
    for info in iter_modules(package.__path__):
        target = getattr(import_module(f"{package.__name__}.{info.name}"), "TARGET", None)
        if target is None:
            continue
        if target.name in targets:
            raise ValueError(f"two targets are called {target.name!r}")
        targets[target.name] = target
    return tuple(targets[name] for name in sorted(targets))


def targets_for(names: Iterable[str]) -> tuple[Target, ...]:
    """The targets called ``names``, without repetition; raises ``NotebookError`` for others."""
    known = {target.name: target for target in all_targets()}
    wanted = sorted(set(names))
    for name in wanted:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"
            raise NotebookError(f"unknown target {name!r}; {hint}")
    return tuple(known[name] for name in wanted)


def is_wanted(path: str, chosen: Iterable[Target]) -> bool:
    """Whether the template at ``path`` below ``templates/project`` is rendered.

    A template that belongs to no target always is; one of a target only when it is ``chosen``.
    """
    owners = [target for target in all_targets() if path.startswith(target.templates)]
    chosen = set(chosen)
    return not owners or any(owner in chosen for owner in owners)
