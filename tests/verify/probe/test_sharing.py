"""Rows shared between two processes are each done by one of them, and those without an answer are noticed."""

from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from nbprod.verify.probe.judge import sharing


def offered(folder: Path, count: int) -> sharing.Parts:
    return sharing.offer(str(folder), list(range(count)), [{"a": i} for i in range(count)], "X")


def test_each_part_is_done_once(tmp_path: Path) -> None:
    parts, done = offered(tmp_path, 20 * sharing.PART + 3), []

    def differs(document: dict[str, Any], rows: list[int]) -> list[int]:
        done.extend(document["places"][row] for row in rows)
        return []

    helpers = [
        Thread(target=sharing.help_with, args=(str(tmp_path), differs, lambda: True))
        for _ in range(2)
    ]
    for helper in helpers:
        helper.start()
    own = set()
    for number in parts.taken():
        own.add(number)
        done.extend(range(20 * sharing.PART + 3)[number * sharing.PART :][: sharing.PART])
    for helper in helpers:
        helper.join()

    answers = dict(parts.answers(own))
    assert sorted(done) == list(range(20 * sharing.PART + 3))
    assert set(answers) == set(range(21)) - own
    assert all(answer == [] for answer in answers.values())


def test_rows_that_differ_are_told_by_their_place_in_the_offer(tmp_path: Path) -> None:
    parts = offered(tmp_path, sharing.PART + 2)

    sharing.help_with(str(tmp_path), lambda _, rows: rows[-1:], lambda: True)

    last = {0: [sharing.PART - 1], 1: [sharing.PART + 1]}
    assert dict(parts.answers(set())) == last


def test_a_part_without_an_answer_is_left_to_the_one_that_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "WAIT", 0.0)
    parts = offered(tmp_path, sharing.PART)
    assert list(sharing.Parts(str(tmp_path), 1).taken()) == [0]  # by a helper that dies

    assert list(parts.answers(set())) == [(0, None)]


def test_nothing_is_taken_of_what_is_closed(tmp_path: Path) -> None:
    parts = offered(tmp_path, 3 * sharing.PART)
    list(parts.answers(set()))

    assert list(parts.taken()) == []


def test_without_an_offer_there_is_nothing_to_help_with(tmp_path: Path) -> None:
    sharing.help_with(str(tmp_path), lambda *_: pytest.fail("asked"), lambda: True)
