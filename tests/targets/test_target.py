"""Targets are found, named and asked for by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbprod.findings import NotebookError
from nbprod.targets import all_targets, is_wanted, targets_for

TEMPLATES = Path(__file__).parents[2] / "templates" / "project"


def test_every_target_has_templates_and_only_its_own() -> None:
    prefixes = [prefix for target in all_targets() for prefix in target.templates]
    assert len(prefixes) == len(set(prefixes)) >= 5
    for prefix in prefixes:
        assert list((TEMPLATES / prefix).glob("*.j2")), prefix


def test_every_target_has_a_guide() -> None:
    root = Path(__file__).parents[2]
    assert [t.guide for t in all_targets() if not (root / t.guide).is_file()] == []


def test_targets_come_once_and_in_order() -> None:
    chosen = targets_for(["vertex", "kserve", "vertex"])
    assert [target.name for target in chosen] == ["kserve", "vertex"]


@pytest.mark.parametrize(
    ("name", "hint"), [("kubernets", "did you mean kubernetes?"), ("x", "known are azureml")]
)
def test_an_unknown_target_says_what_to_write(name: str, hint: str) -> None:
    with pytest.raises(NotebookError, match="unknown target") as caught:
        targets_for([name])
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("path", "chosen", "wanted"),
    [
        ("src/package/registry.py.j2", [], True),
        ("deploy/observability/alerts.yml.j2", [], True),
        ("deploy/kserve/retrain.yaml.j2", [], False),
        ("deploy/kserve/retrain.yaml.j2", ["kubernetes"], False),
        ("deploy/kserve/retrain.yaml.j2", ["kserve", "kubernetes"], True),
    ],
)
def test_a_template_is_rendered_when_its_target_is(
    path: str, chosen: list[str], wanted: bool
) -> None:
    assert is_wanted(path, targets_for(chosen)) is wanted
