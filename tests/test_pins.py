from __future__ import annotations

from pathlib import Path

import pytest

from nbprod import pins
from nbprod.pipeline import analyse, convert, render_project
from nbprod.render import Environment

HOME = Environment(
    "3.11.7", (("numpy", "2.1"), ("pandas", "2.3")), ("numpy==2.1", "pandas==2.3", "six==1.0")
)
BARE = Environment(
    "3.13.0", (("numpy", ""), ("pandas", "")), ("numpy", "pandas"), ("numpy", "pandas")
)


def in_environment(monkeypatch: pytest.MonkeyPatch, environment: Environment) -> None:
    monkeypatch.setattr(pins, "current", lambda *_: environment)


def test_versions_of_the_notebook_s_environment_survive_a_conversion_elsewhere(
    houses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_environment(monkeypatch, HOME)
    convert(houses)
    in_environment(monkeypatch, BARE)
    again = convert(houses)
    assert again.written is not None
    assert again.written.update.is_empty
    assert "W-NOT-INSTALLED" not in [finding.code for finding in again.findings]


def test_a_complete_environment_wins_over_the_record(
    houses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_environment(monkeypatch, HOME)
    convert(houses)
    newer = Environment(
        "3.12.0", (("numpy", "2.2"), ("pandas", "2.4")), ("numpy==2.2", "pandas==2.4")
    )
    in_environment(monkeypatch, newer)
    convert(houses)
    assert (houses.parent / "houses/requirements.lock").read_text().splitlines()[-2:] == [
        "numpy==2.2",
        "pandas==2.4",
    ]


def test_a_library_added_elsewhere_is_named_without_a_version_and_reported(
    houses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_environment(monkeypatch, HOME)
    convert(houses)
    more = Environment(
        BARE.python,
        (*BARE.pins, ("xgboost", "")),
        (*BARE.lock, "xgboost"),
        (*BARE.missing, "xgboost"),
    )
    in_environment(monkeypatch, more)
    environment = pins.environment_of(analyse(houses).modules, houses.parent / "houses")
    assert dict(environment.pins) == {"numpy": "2.1", "pandas": "2.3", "xgboost": ""}
    assert environment.lock == ("numpy==2.1", "pandas==2.3", "six==1.0", "xgboost")
    (finding,) = pins.not_installed(environment)
    assert finding.message.endswith(": xgboost")


def test_what_is_missing_is_still_a_dependency(
    houses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_environment(monkeypatch, BARE)
    tree = render_project(analyse(houses))
    assert '"pandas",' in tree["pyproject.toml"]
    assert "pandas" in tree["requirements.lock"].splitlines()
