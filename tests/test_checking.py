from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nbprod import checking
from nbprod.checking import check, check_all
from nbprod.settings import Settings


def test_many_notebooks_give_the_same_results_in_the_same_order_on_several_cores(
    houses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [houses]
    for number in range(20):
        paths.append(houses.with_name(f"copy {number}.ipynb"))
        shutil.copy(houses, paths[-1])
    paths[7].write_text("{")
    one_by_one = [check(path, Settings()) for path in paths]
    monkeypatch.setattr(checking, "_cores", lambda: 2)
    assert check_all(paths, Settings()) == one_by_one
    assert [result.path for result in one_by_one if result.failure] == [str(paths[7])]


def test_a_damaged_manifest_is_a_finding(houses: Path) -> None:
    manifest = houses.parent / "houses/.nbprod/manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("{}")
    assert [finding.code for finding in check(houses, Settings()).findings] == ["E-MANIFEST"]
