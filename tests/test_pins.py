from __future__ import annotations

import json
import venv
from pathlib import Path
from types import SimpleNamespace

import pytest

from nbprod import pins
from nbprod.findings import NotebookError
from nbprod.pipeline import analyse, convert, render_project
from nbprod.render import Environment
from nbprod.render.installed import Installed

HOME = Environment(
    "3.11.7", (("numpy", "2.1"), ("pandas", "2.3")), ("numpy==2.1", "pandas==2.3", "six==1.0")
)
BARE = Environment(
    "3.13.0", (("numpy", ""), ("pandas", "")), ("numpy", "pandas"), ("numpy", "pandas")
)


def in_environment(monkeypatch: pytest.MonkeyPatch, environment: Environment) -> None:
    versions = dict(environment.pins)
    monkeypatch.setattr(pins, "current", lambda *_: environment)
    monkeypatch.setattr(pins, "here", lambda: SimpleNamespace(version=versions.get))


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


def environment_with(folder: Path, **versions: str) -> str:
    """Make an interpreter whose only libraries are those; return its path."""
    venv.create(folder, with_pip=False, symlinks=True)
    site = next(folder.glob("lib/python*/site-packages"))
    for name, version in versions.items():
        info = site / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    return str(folder / "bin/python")


def test_versions_of_a_named_interpreter_are_pinned_and_stay(houses: Path, tmp_path: Path) -> None:
    python = environment_with(tmp_path / "env", numpy="1.23.5", pandas="1.5.3")
    result = convert(houses, python=python)
    lock = (result.target / "requirements.lock").read_text().splitlines()
    assert {"numpy==1.23.5", "pandas==1.5.3"} <= set(lock)
    assert "W-NOT-INSTALLED" in [finding.code for finding in result.findings]  # no fastapi there
    again = convert(houses)  # by a hook, in another environment
    assert again.written is not None
    assert again.written.update.is_empty


def test_an_interpreter_too_old_for_the_package_is_told_and_not_pinned(
    houses: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pins, "installed_in", lambda _: Installed("3.6.15", ()))
    in_environment(monkeypatch, HOME)
    result = convert(houses, python="python3.6")
    assert "pandas==2.3" in (result.target / "requirements.lock").read_text()
    found = [finding for finding in result.findings if finding.code == "W-OLD-PYTHON"]
    assert len(found) == 1
    assert "3.6.15" in found[0].message


def test_something_that_is_no_python_is_one_line(houses: Path) -> None:
    with pytest.raises(NotebookError, match=r"^\S+ cannot be asked for its libraries"):
        convert(houses, python="/bin/false")


SERVED = {"numpy": "1.26.4", "pandas": "2.2.3", "scikit_learn": "1.5.2", "scipy": "1.14.1", "joblib": "1.4.2"}  # fmt: skip


def named_kernel(houses: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, **had: str) -> str:
    """Let the notebook name a kernel of an environment with those libraries; return its Python."""
    python = environment_with(folder / "env", **had)
    spec = folder / "jupyter/kernels/titanic-env/kernel.json"
    spec.parent.mkdir(parents=True)
    argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": argv, "display_name": "x", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
    content = json.loads(houses.read_text())
    content["metadata"]["kernelspec"] = {"name": "titanic-env", "display_name": "x"}
    houses.write_text(json.dumps(content))
    return python


def test_the_kernel_that_the_notebook_names_is_pinned_and_verified_with(
    houses: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = named_kernel(houses, tmp_path, monkeypatch, **SERVED)
    result = convert(houses)
    assert "pandas==2.2.3" in (result.target / "requirements.lock").read_text()
    assert "I-KERNEL" in [finding.code for finding in result.findings]
    assert pins.pinned_python(result.target) == python


def test_versions_of_a_kernel_stay_where_the_kernel_is_unknown_and_libraries_are_missing(
    houses: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named_kernel(houses, tmp_path, monkeypatch, **SERVED)
    project = convert(houses).target
    names = tuple(
        json.loads((project / ".nbprod/manifest.json").read_text())["environment"]["pins"]
    )
    monkeypatch.delenv("JUPYTER_PATH")
    without = tuple((name, "") for name in names)
    in_environment(monkeypatch, Environment("3.13.0", without, names, names))
    again = convert(houses)
    assert again.written is not None
    assert again.written.update.is_empty


def test_a_named_interpreter_counts_more_than_the_kernel_also_the_next_time(
    houses: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named_kernel(houses, tmp_path, monkeypatch, **SERVED)
    other = environment_with(tmp_path / "other", numpy="1.23.5", pandas="1.5.3")
    convert(houses, python=other)
    lock = (convert(houses).target / "requirements.lock").read_text()
    assert "pandas==1.5.3" in lock


def test_a_kernel_without_what_the_package_imports_is_not_the_notebooks(
    houses: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named_kernel(houses, tmp_path, monkeypatch, numpy="1.26.4", pandas="2.2.3")
    lock = (convert(houses).target / "requirements.lock").read_text()
    assert "pandas==2.2.3" not in lock
