"""A project is called like its notebook, or like the notebook's folder where the notebook's name says nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nbprod.project_names import (
    default_name,
    folder_below,
    objection,
    package_name,
    project_folder,
    project_name,
)
from nbprod.settings import Settings


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("titanic", "titanic"),
        ("House Prices 2", "house_prices_2"),
        ("2020-report", "notebook_2020_report"),
        ("Übung größe", "ubung_groe"),
        ("模型", "notebook_model"),
        ("notebook", "notebook_model"),
        ("json", "json_model"),
        ("class", "class_model"),
        ("sklearn", "sklearn_model"),
        ("../../etc/passwd", "etc_passwd"),
        ("a\n{{ b }}`c`", "a_b_c"),
        ("x" * 90, "x" * 40),
    ],
)
def test_project_names_are_safe_packages(text: str, name: str) -> None:
    assert project_name(text) == name


def _notebook(place: Path, code: str = "import pandas as pd") -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps({"cells": [{"source": [code]}]}))
    return place


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("house-prices/titanic.ipynb", "titanic"),
        ("house-prices/notebook.ipynb", "house_prices"),
        ("house-prices/Untitled.ipynb", "house_prices"),
        ("house-prices/Untitled1-Copy2.ipynb", "house_prices"),
        ("house-prices/main.ipynb", "house_prices"),
        ("house-prices/index.ipynb", "house_prices"),
        ("house-prices/test.ipynb", "house_prices"),
        ("house-prices/pandas.ipynb", "house_prices"),
        ("house-prices/json.ipynb", "house_prices"),
        ("house-prices/maintenance.ipynb", "maintenance"),
        ("notebooks/Untitled.ipynb", "untitled_model"),
        ("src/main.ipynb", "main_model"),
        ("week 3/index.ipynb", "index_model"),
        ("pandas/notebook.ipynb", "notebook_model"),
        ("tmpk3j2h1/notebook.ipynb", "notebook_model"),
        ("2024/notebook.ipynb", "notebook_model"),
        ("模型x/notebook.ipynb", "notebook_model"),
    ],
)
def test_a_name_that_says_nothing_is_exchanged_for_the_folder_s(
    tmp_path: Path, place: str, name: str
) -> None:
    notebook = _notebook(tmp_path / place)
    assert default_name(notebook) == name
    assert bool(objection(notebook)) == (name != notebook.stem)


def test_a_package_never_hides_a_library_that_its_notebook_imports(tmp_path: Path) -> None:
    code = "from lifelines import KaplanMeierFitter"
    assert default_name(_notebook(tmp_path / "churn/lifelines.ipynb", code)) == "churn"
    assert default_name(_notebook(tmp_path / "lifelines/notebook.ipynb", code)) == "notebook_model"
    assert default_name(_notebook(tmp_path / "churn2/lifelines.ipynb")) == "lifelines"


def test_a_notebook_that_is_not_there_has_a_name_all_the_same(tmp_path: Path) -> None:
    assert default_name(tmp_path / "sales" / "notebook.ipynb") == "sales"
    assert default_name(tmp_path / "sales" / "forecast.ipynb") == "forecast"


def _project(folder: Path, notebook: str, package: str) -> Path:
    manifest = folder / ".nbprod" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(
        json.dumps({"notebook": {"name": notebook, "content_hash": "a"}, "package": package})
    )
    return folder


@pytest.mark.parametrize("earlier", ["notebook", "notebook_model"])
def test_a_project_keeps_the_name_that_it_has(tmp_path: Path, earlier: str) -> None:
    notebook = _notebook(tmp_path / "sales/notebook.ipynb")
    there = _project(notebook.parent / earlier, "notebook.ipynb", earlier)
    assert project_folder(notebook, Settings()) == there
    assert package_name(notebook, Settings()) == earlier


def test_a_project_at_a_place_of_its_own_keeps_its_package(tmp_path: Path) -> None:
    notebook = _notebook(tmp_path / "sales/notebook.ipynb")
    settings = Settings(output=tmp_path / "out")
    assert package_name(notebook, settings) == "sales"
    _project(tmp_path / "out", "notebook.ipynb", "notebook")
    assert package_name(notebook, settings) == "notebook"


def test_a_name_that_was_chosen_counts(tmp_path: Path) -> None:
    notebook = _notebook(tmp_path / "sales/notebook.ipynb")
    settings = Settings(name="Forecast 2")
    assert project_folder(notebook, settings) == notebook.parent / "forecast_2"
    assert package_name(notebook, settings) == "forecast_2"
    _project(notebook.parent / "notebook", "notebook.ipynb", "notebook")
    assert package_name(notebook, Settings(name="notebook")) == "notebook"
    assert package_name(notebook, settings) == "forecast_2"


def test_two_notebooks_of_a_folder_never_share_a_project(tmp_path: Path) -> None:
    first = _notebook(tmp_path / "sales/notebook.ipynb")
    second = _notebook(tmp_path / "sales/Untitled.ipynb")
    _project(project_folder(first, Settings()), "notebook.ipynb", "sales")
    assert project_folder(first, Settings()) == first.parent / "sales"
    assert project_folder(second, Settings()) == first.parent / "untitled_model"
    assert package_name(second, Settings()) == "untitled_model"


def test_a_folder_of_projects_is_named_by_the_settings(tmp_path: Path) -> None:
    notebook = _notebook(tmp_path / "sales/notebook.ipynb")
    assert folder_below(tmp_path / "services", notebook) == tmp_path / "services" / "sales"


def test_a_damaged_manifest_is_somebody_else_s_error(tmp_path: Path) -> None:
    notebook = _notebook(tmp_path / "sales/notebook.ipynb")
    damaged = notebook.parent / "sales" / ".nbprod"
    damaged.mkdir(parents=True)
    (damaged / "manifest.json").write_text("{")
    assert project_folder(notebook, Settings()) == notebook.parent / "sales"
