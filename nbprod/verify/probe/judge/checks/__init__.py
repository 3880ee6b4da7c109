"""The checks, in order; each module has ``ID``, ``NAME`` and ``check(case) -> Outcome``."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def all_checks() -> list[ModuleType]:
    """Return the modules of the checks by their number; a number given twice is an error."""
    found = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    found.sort(key=lambda module: int(module.ID[1:]))
    numbers = [module.ID for module in found]
    if len(set(numbers)) != len(numbers):
        raise ValueError(f"two checks have the same number: {numbers}")
    return found
