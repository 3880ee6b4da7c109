from __future__ import annotations

import pytest

from nbprod.notebook.roles import declared, role_findings
from nbprod.notebook.values import Cell


def cell(source: str = "x = 1", *tags: str) -> Cell:
    return Cell(3, "code", source, source, tags=tags)


NOBODY_SAID = [
    cell(),
    cell("x = 1", "remove-cell"),
    cell("x = 1", "hide-input"),
    cell("x = 1", "step:miscellaneous"),
    cell("#| echo: false\nx = 1"),
    cell("#| hide\nx = 1"),
    cell("#| eval: true\nx = 1"),
    cell("x = 1  # nbprod: skip"),
    cell("# nbprod: rowwise\nx = f(x)"),
    cell("s = 'nbprod: skip'"),
    cell("x = 1", "my-nbprod:skip"),
]


@pytest.mark.parametrize("one", NOBODY_SAID, ids=repr)
def test_other_tags_and_comments_are_no_role(one: Cell) -> None:
    assert declared(one) is None
    assert list(role_findings([one])) == []


SAID = [
    (cell("x", "load"), "load", "tag load"),
    (cell("x", "nbprod:load"), "load", "tag nbprod:load"),
    (cell("x", "features"), "preprocessing", "tag features"),
    (cell("x", "train"), "training", "tag train"),
    (cell("# nbprod: evaluate\nx"), "evaluate", "# nbprod: evaluate"),
    (cell("x", "injected-parameters"), "parameters", "papermill tag injected-parameters"),
    (cell("x", "pipeline-metrics"), "evaluate", "Kale tag pipeline-metrics"),
    (cell("x", "step:load_data", "prev:x"), "load", "Kale tag step:load_data"),
    (cell("x", "block:train-model"), "training", "Kale tag block:train-model"),
    (cell("#| export\nx"), "keep", "nbdev #| export"),
    (cell("#| eval: false\nx"), "skip", "#| eval: false"),
    (cell("#| tags: [parameters]\nx"), "parameters", "Quarto tag parameters"),
    (cell("x", "raises-exception"), "skip", "nbclient tag raises-exception"),
]


@pytest.mark.parametrize(("one", "role", "reason"), SAID)
def test_roles_are_read_from_every_vocabulary(one: Cell, role: str, reason: str) -> None:
    said = declared(one)
    assert said is not None
    assert (said.role, said.reason) == (role, reason)


@pytest.mark.parametrize(
    ("one", "role"),
    [
        (cell("# nbprod: skip\nx", "load"), "skip"),
        (cell("# nbprod: skip\nx", "nbprod:load"), "load"),
        (cell("x", "pipeline-parameters", "skip"), "skip"),
    ],
)
def test_the_more_explicit_word_wins_and_the_contradiction_is_reported(
    one: Cell, role: str
) -> None:
    said = declared(one)
    assert said is not None
    assert said.role == role
    assert [finding.code for finding in role_findings([one])] == ["W-ROLE-CONFLICT"]


def test_two_words_for_one_role_are_no_contradiction() -> None:
    assert list(role_findings([cell("# nbprod: load\nx", "load")])) == []


def test_an_unknown_word_is_reported_with_a_suggestion() -> None:
    (tag,) = role_findings([cell("x", "nbprod:trainng")])
    (comment,) = role_findings([cell("x\n# nbprod: preprocesing")])
    assert (tag.code, tag.advice) == ("W-ROLE-UNKNOWN", "did you mean training?")
    assert (str(comment.origin), comment.advice) == ("cell 3:2", "did you mean preprocessing?")
