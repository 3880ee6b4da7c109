"""The rules of lowering: registered by a decorator, found by walking ``lowering/``.

A rule is keyed by what it works on: ``("column", "fillna")`` for a method, ``("frame", "values")`` for an
attribute, ``("function", "pandas.cut")`` for a function. A module of ``lowering/`` with such functions adds
operations; no other file is edited.
"""

from __future__ import annotations

import ast
import pkgutil
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from nbprod.kernel.values import Lowered

if TYPE_CHECKING:
    from nbprod.kernel.expressions import Expressions

CallRule = Callable[["Expressions", ast.Call, Lowered], Lowered]
AttributeRule = Callable[["Expressions", ast.Attribute, Lowered], Lowered]

CALLS: dict[tuple[str, str], CallRule] = {}
ATTRIBUTES: dict[tuple[str, str], AttributeRule] = {}


def method(owner: str, *names: str) -> Callable[[CallRule], CallRule]:
    """Register a rule for methods of frames, columns, accessors or learned values."""

    def register(rule: CallRule) -> CallRule:
        for name in names:
            _once(CALLS, (owner, name))
            CALLS[owner, name] = rule
        return rule

    return register


def function(*names: str) -> Callable[[CallRule], CallRule]:
    """Register a rule for functions by their qualified names, such as ``pandas.cut``."""
    return method("function", *names)


def attribute(owner: str, *names: str) -> Callable[[AttributeRule], AttributeRule]:
    """Register a rule for attributes that are not called."""

    def register(rule: AttributeRule) -> AttributeRule:
        for name in names:
            _once(ATTRIBUTES, (owner, name))
            ATTRIBUTES[owner, name] = rule
        return rule

    return register


def _once(
    rules: dict[tuple[str, str], CallRule] | dict[tuple[str, str], AttributeRule],
    key: tuple[str, str],
) -> None:
    if key in rules:
        raise ValueError(f"two rules for {key}")


@cache
def load() -> None:
    """Import every module of ``lowering/``."""
    package = import_module("nbprod.kernel.lowering")
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        import_module(f"{package.__name__}.{module.name}")
