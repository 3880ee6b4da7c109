"""What the tables say is gone is gone from the installed versions, and what is to come is still there."""

from __future__ import annotations

import importlib
import inspect
import warnings
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from nbprod.knowledge.removed_calls import Removed, removed
from nbprod.split.removed import installed_version, is_gone

WHERE = """linear_model ensemble tree preprocessing cluster model_selection metrics manifold decomposition
 calibration impute feature_selection neighbors""".split()
RECEIVERS: dict[str, Any] = {
    "frame": pd.DataFrame,
    "series": pd.Series,
    "groupby": type(pd.DataFrame({"a": [1]}).groupby("a")),
    "accessor:str": type(pd.Series(["a"]).str),
    "accessor:dt": type(pd.Series(pd.to_datetime(["2020-01-01"])).dt),
}
RULES = [
    r for r in removed() if r.distribution in ("pandas", "scikit-learn", "numpy", "scipy", "seaborn", "python")
]  # fmt: skip


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("rule", RULES, ids=lambda r: f"{r.distribution}-{r.text}")
def test_the_installed_version_agrees(rule: Removed) -> None:
    version = installed_version(rule.distribution)
    if version is None:
        pytest.skip(f"{rule.distribution} is not installed")
    there = present(rule)
    if there is None:
        assert is_gone(rule, version), "neither the callable nor its arguments can be looked at"
        return
    assert there != is_gone(rule, version)


def test_versions_are_in_order() -> None:
    def number(version: str) -> list[int]:
        return [int(part) for part in version.split(".")]

    assert [r.text for r in removed() if number(r.last) >= number(r.gone)] == []
    assert [r.text for r in removed() if r.back and number(r.back) <= number(r.gone)] == []
    assert [r.text for r in removed() if not r.instead] == []


def test_a_name_that_came_back_is_gone_in_between_only() -> None:
    rule = next(r for r in removed() if r.call == "numpy.bool")

    assert [is_gone(rule, v) for v in ("1.23.5", "1.24.0", "1.26.4", "2.0.0")] == [
        False,
        True,
        True,
        False,
    ]
    assert not is_gone(rule, None), "the current numpy has it"


def present(rule: Removed) -> bool | None:
    """Say whether the call is there; None when nothing of that name can be inspected."""
    if rule.kind == "name":
        return find(rule.call) is not None
    holders = [RECEIVERS[on] for on in rule.on if on in RECEIVERS]
    if rule.kind == "method":
        return any(hasattr(h, rule.call) for h in holders) if holders else None
    if holders:
        callables = [getattr(h, rule.call) for h in holders if hasattr(h, rule.call)]
    else:
        callables = [c for c in [callable_of(rule)] if c is not None]
    return any(takes(c, rule, bool(holders)) for c in callables) if callables else None


def takes(function: Any, rule: Removed, bound: bool) -> bool:
    """Say whether a callable takes the argument or value of a rule."""
    parameters = inspect.signature(function).parameters
    if rule.kind == "keyword":
        return rule.argument in parameters
    if rule.kind == "positional":
        plain = [
            p for p in parameters.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        ]
        return len(plain) - bound > rule.most or any(
            p.kind == p.VAR_POSITIONAL for p in parameters.values()
        )
    allowed = getattr(function, "_parameter_constraints", {}).get(rule.argument, [])
    return any(rule.value in getattr(choice, "options", ()) for choice in allowed)


def callable_of(rule: Removed) -> Any:
    """Find a function or class of a library by its last name."""
    found = find(f"{rule.module}.{rule.call}")
    for module in WHERE if rule.module == "sklearn" else []:
        found = found or find(f"sklearn.{module}.{rule.call}")
    return found


def find(path: str) -> Any:
    """Import what a dotted path names, None when there is no such thing."""
    parts = path.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:cut]))
        except ImportError:
            continue
        try:
            for part in parts[cut:]:
                thing = getattr(thing, part)
        except (AttributeError, ImportError):
            return None
        return thing
    return None
