"""Rows, labels and answers of a network that a loop trains are recorded where they stand in the notebook."""

from __future__ import annotations

import ast
from types import SimpleNamespace
from typing import Any

import numpy as np

from nbprod.verify.probe.judge import network_answers
from nbprod.verify.probe.notebook.networks import KEEPER, Networks

CODE = "t = tensor(X_train)\nfor i in range(2):\n    w = t * i\nanswers = ask(X_test) > 0\n"
PLAN: dict[str, Any] = {
    "model": "w",
    "rows": {"place": [1, 1, 11, 1, 18], "taken": []},
    "label": {"place": [2, 1, 0, 1, 1], "taken": []},
    "tensor": "tensor(X)",
    "end": {"cell": 1, "line": 2},
    "asked": [{"rows": {"place": [1, 4, 14, 4, 20], "taken": []}, "answer": [1, 4, 10, 4, 25]}],
    "splits": [],
}


def run() -> Networks:
    networks = Networks(PLAN)
    tree = networks.marked(1, ast.parse(CODE))
    names = {
        "X_train": np.array([1.0, 2.0]),
        "X_test": np.array([-1.0, 1.0]),
        "tensor": lambda x: x,
        "ask": lambda x: x,
        KEEPER: networks.keep,
    }
    exec(compile(tree, "cell", "exec"), names)
    return networks


def test_values_are_kept_by_their_places_and_handed_on() -> None:
    networks = run()
    assert networks.values["rows"].tolist() == [1.0, 2.0]
    ((rows, answers, cell, line),) = networks.asked()
    assert (rows.tolist(), answers.tolist(), cell, line) == ([-1.0, 1.0], [False, True], 1, 4)


def test_the_loop_ends_the_training() -> None:
    networks, statements = Networks(PLAN), ast.parse(CODE).body
    assert [networks.ends(1, s) for s in statements] == [False, True, False]
    assert not networks.ends(2, statements[1])


def test_answers_in_parts_are_one_after_the_other() -> None:
    networks = run()
    networks.values["answer0"] = [np.array([True]), np.array([False])]
    ((_, answers, _, _),) = networks.asked()
    assert answers.tolist() == [True, False]


def test_rows_that_a_split_of_tensors_takes_are_told_by_their_places() -> None:
    networks = Networks(PLAN)
    halves = networks.splitter(lambda *arrays: [a[k::2] for a in arrays for k in (0, 1)], 0)
    assert halves("abcd", "wxyz") == ["ac", "bd", "wy", "xz"]
    networks.values["rows"] = np.array([5, 6, 7, 8])
    assert networks.rows("rows", {"taken": [[0, 1]]}).tolist() == [6, 8]
    assert networks.rows("rows", {"taken": [[1, 1]]}) is None


def judged(given: Any, outputs: Any = None, same: bool = True) -> Any:
    from nbprod.verify.probe import storage, tables

    kept = {
        "X": tables.table(np.array([[1.0], [2.0]])),
        "answers": tables.table(np.array([0, 1])),
        "outputs": tables.table(np.array(outputs if outputs is not None else [0])),
    }
    model = SimpleNamespace(predict=lambda X: given)
    case: Any = SimpleNamespace(
        notebook=SimpleNamespace(
            asked=[
                {"call": "answers", "X": "X", "answers": "answers", "cell": 3, "line": 2}
                | ({} if outputs is None else {"outputs": "outputs"})
            ],
            records="",
        ),
        package=SimpleNamespace(
            answers=SimpleNamespace(predict=lambda model, X: model.predict(X) > 0)
        ),
        bundle=SimpleNamespace(model=model),
        training=SimpleNamespace(X=np.zeros((5, 1))),
    )
    original = storage.load
    storage.load = lambda name, folder: kept[name]  # type: ignore[assignment,index,return-value]
    try:
        return network_answers.differing(case, same)
    finally:
        storage.load = original


def test_equal_answers_are_no_finding() -> None:
    assert judged(np.array([[-1.0], [1.0]])) is None


def test_with_other_weights_the_outputs_of_the_notebook_are_decided_on() -> None:
    other = np.array([[1.0], [1.0]])
    assert judged(other, [[-2.0], [3.0]], same=False) is None
    assert judged(other, [[2.0], [3.0]], same=False)["code"] == "E-MODEL-DIFFERS"


def test_another_answer_is_told_with_its_place() -> None:
    found = judged(np.array([[1.0], [1.0]]))
    assert found["code"] == "E-MODEL-DIFFERS"
    assert (found["cell"], found["line"]) == (3, 2)
    assert "1 of 2" in found["message"]
