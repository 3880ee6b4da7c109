"""A ``predict`` function leads back to what it reads, and to nothing else."""

from __future__ import annotations

from collections.abc import Callable

from nbprod.modules.request.analysis import Asked, settings_of


def test_a_request_reads_what_statements_of_the_notebook_make(asked: Asked) -> None:
    assert set(asked.request.learned) == {"popular", "heard"}
    assert {f.name for f in asked.request.functions} == {"suggest", "played", "score"}
    assert asked.sources == ("events",)
    assert asked.late == ()


def test_numbers_that_training_reads_can_be_set(asked: Asked) -> None:
    settings, names = settings_of(asked)
    assert [(s.name, s.value) for s in settings] == [("LEAST", "2")]
    assert names == {"LEAST": "LEAST"}


def test_a_change_behind_the_cell_is_reported_where_it_is(
    looked_at: Callable[..., Asked],
) -> None:
    (late,) = looked_at("x = 1\npopular = popular.head(3)\nunused = 4").late
    assert late.code == "W-PREDICT-LATE"
    assert late.origin is not None
    assert (late.origin.cell, late.origin.line) == (4, 2)
