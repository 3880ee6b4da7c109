"""A version tells what it was made from; a training that fails says so in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.lifecycle.project import Shop, visits


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = Shop(tmp_path_factory.mktemp("training") / "shop")
    visits(300, 1).to_csv(shop.data, index=False)
    manifest = shop.root / ".nbprod" / "manifest.json"
    manifest.parent.mkdir(exist_ok=True)
    manifest.write_text(json.dumps({"notebook": {"content_hash": "abc"}}))
    assert shop.run("train").returncode == 0
    return shop


def lineage(shop: Shop, version: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((shop.registry / version / "lineage.json").read_text())
    return found


def test_lineage_has_data_code_notebook_parameters_metrics_and_environment(shop: Shop) -> None:
    found = lineage(shop, "v0001")
    assert found["data"]["visits"]["rows"] == 300  # type: ignore[index]
    assert found["parameters"]["model.max_iter"] == 1000  # type: ignore[index]
    metrics = json.loads((shop.registry / "v0001" / "metrics.json").read_text())
    assert found["metrics"] == metrics
    assert found["notebook_sha256"] == "abc"
    assert found["environment"]["packages"]["pandas"]  # type: ignore[index]
    assert found["parent"] is None


def test_an_example_is_a_request_that_gets_an_answer(shop: Shop, tmp_path: Path) -> None:
    (record,) = json.loads(shop.run("example").stdout)["instances"]
    golden = json.loads((shop.registry / "v0001" / "golden.json").read_text())[0]
    assert record == golden["record"]
    (tmp_path / "rows.json").write_text(json.dumps([record]))
    done = shop.run("predict", str(tmp_path / "rows.json"))
    assert json.loads(done.stdout)["predictions"] == [golden["prediction"]]


def test_without_a_version_there_is_no_example(tmp_path: Path) -> None:
    done = Shop(tmp_path / "shop").run("example")
    assert (done.returncode, "run `train` first" in done.stderr) == (1, True)


def test_the_file_and_the_parent_of_a_later_version_are_noted(shop: Shop, tmp_path: Path) -> None:
    visits(200, 2).to_csv(tmp_path / "new.csv", index=False)
    done = shop.run("train", "--data", str(tmp_path / "new.csv"))
    assert done.returncode == 0, done.stderr
    found = lineage(shop, done.stdout.split()[0])
    assert found["parent"] == "v0001"
    assert found["files"] == {"new.csv": (tmp_path / "new.csv").stat().st_size}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "FileNotFoundError"),
        (
            "age,device,spent\n1,phone,2\n3,desk,4\n5,desk,6\n",
            "KeyError: 'bought' (at features.py:",
        ),
    ],
)
def test_a_failure_is_one_line_with_its_place(
    shop: Shop, tmp_path: Path, content: str | None, told: str
) -> None:
    path = tmp_path / "rows.csv"
    if content is not None:
        path.write_text(content)
    done = shop.run("train", "--data", str(path))
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" in shop.run("train", "--data", str(path), SHOP_TRACEBACK="1").stderr
