"""Every ``predict`` cell of ``requests/*.md``: the package answers what the notebook's function answers.

All known requests together and each one alone are compared; a case that refuses must say so with its code.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nbprod.findings import NotebookError
from nbprod.flow.program import parse
from nbprod.modules import Modules
from nbprod.modules.request.build import build_request
from nbprod.verify.probe.notebook.asking import Asking, plain
from tests.cases.test_idioms import as_notebook, import_package, passengers, read_case

HERE = Path(__file__).parent
CASES = sorted((HERE / "requests").glob("*.md"))
LISTENING = HERE.parents[1] / "fixtures" / "listening" / "listening.csv"


def _request(name: str, cells: list[str]) -> Modules | None:
    notebook = as_notebook(name, cells)
    return build_request(notebook, parse(notebook), package=name)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_request(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = read_case(path)
    cells, verdict = case.cells, case.verdict
    name = "asked_" + path.stem.replace("-", "_")
    if verdict == "refuses E-PREDICT-REQUEST":
        with pytest.raises(NotebookError, match="E-PREDICT-REQUEST"):
            _request(name, cells)
        return
    modules = _request(name, cells)
    assert modules is not None
    refused = sorted({f.code for f in modules.findings if f.code.startswith("E-")})
    if verdict.startswith("refuses"):
        assert refused == verdict.split()[1:]
        return
    assert refused == []
    monkeypatch.chdir(tmp_path)
    passengers().to_csv(tmp_path / "passengers.csv", index=False)
    pd.read_csv(LISTENING).head(1500).to_csv(tmp_path / "listening.csv", index=False)
    asked = ask_notebook(cells, modules)
    assert asked["repeats"]
    package = import_package(name, modules, tmp_path, monkeypatch)
    try:
        check(package, asked)
    finally:
        for module in [m for m in sys.modules if m.split(".")[0] == name]:
            del sys.modules[module]


def ask_notebook(cells: list[str], modules: Any) -> dict[str, Any]:
    """Run the cells and ask the function for every request that the data knows."""
    plan = modules.sink["request"]
    space: dict[str, Any] = {"__name__": "__main__"}
    asking = Asking(plan, modules.sink["cell"])
    for number, source in enumerate(cells, 1):
        exec(source, space)
        if number == plan["source_cell"]:
            asking.read(number, plan["source_line"], space[plan["source"]])
    found = asking.ask(space)
    assert found is not None
    assert found["answers"]
    return found


def check(package: dict[str, Any], asked: dict[str, Any]) -> None:
    sources = package["data"].load()
    state, training = package["features"].fit(sources)
    assert training.X["answer"].tolist() == asked["answers"]
    assert training.X.index.tolist() == asked["labels"]
    raw = sources[0].loc[training.rows]
    schema = package["schema"].RawSchema.learn(raw, set(raw.columns))
    rows = schema.coerce(raw)
    for place in range(0, len(rows), max(1, len(rows) // 25)):
        alone = package["features"].transform(rows.iloc[[place]].copy(), state)
        assert alone["answer"].tolist() == [asked["answers"][place]]
    for other in asked["others"]:
        frame = schema.frame([other["request"]])
        assert package["features"].transform(frame, state)["answer"].tolist() == [other["answer"]]


def test_a_notebook_without_a_predict_function_is_none_of_this() -> None:
    cells = ["import pandas as pd\n", "# nbprod: predict\nprint(1)"]
    assert _request("plain", cells) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (pd.DataFrame({"a": [1], "b": ["x"]}), [{"a": 1, "b": "x"}]),
        (pd.Series([1.5, None], index=["a", "b"]), {"a": 1.5, "b": None}),
        (pd.Series([3, 4]), [3, 4]),
        (pd.Index(["a", "b"]), ["a", "b"]),
        (({"b", "a"}, True, None), [["a", "b"], True, None]),
        (pd.Timestamp("2025-01-02"), "2025-01-02T00:00:00"),
    ],
    ids=["table", "column", "list", "index", "nested", "time"],
)
def test_the_probe_and_the_package_turn_answers_into_the_same_json(
    value: Any, expected: Any
) -> None:
    from nbprod.modules.runtime.plain_answer import plain_answer

    assert plain_answer(value) == plain(value) == expected


def test_what_json_cannot_hold_is_refused_by_both() -> None:
    from nbprod.modules.runtime.plain_answer import plain_answer

    for turn in (plain, plain_answer):
        with pytest.raises(TypeError, match="object"):
            turn(object())
