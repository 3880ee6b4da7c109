"""The level is never above what was shown."""

from __future__ import annotations

import pytest

from nbprod.findings import Finding
from nbprod.verify.verdict import CHECKS, Check, level

GREEN = tuple(Check(identity, identity, "proven", "") for identity in CHECKS)
ERROR, WARNING = Finding("E-PARITY", "x"), Finding("W-EDGE", "x")


def with_status(identity: str, status: str) -> tuple[Check, ...]:
    return tuple(Check(c.id, c.name, status if c.id == identity else c.status, "") for c in GREEN)  # type: ignore[arg-type]


def test_all_green_and_nothing_assumed_is_proven() -> None:
    assert level(GREEN, [WARNING], [WARNING], []) == "proven"


def test_an_assumption_makes_it_verified() -> None:
    assert level(GREEN, [], [], [{"text": "clean() is row-wise"}]) == "verified"


@pytest.mark.parametrize("identity", CHECKS)
@pytest.mark.parametrize("status", ["failed", "skipped"])
def test_no_check_may_fail_or_be_left_out(identity: str, status: str) -> None:
    assert level(with_status(identity, status), [], [], []) == "unverified"


@pytest.mark.parametrize("identity", CHECKS)
def test_a_check_that_never_reported_is_missing(identity: str) -> None:
    assert level([c for c in GREEN if c.id != identity], [], [], []) == "unverified"


@pytest.mark.parametrize("identity", ["V1", "V4"])
def test_the_checks_that_matter_must_apply(identity: str) -> None:
    assert level(with_status(identity, "n/a"), [], [], []) == "unverified"


def test_an_error_found_meanwhile_outweighs_green_checks() -> None:
    assert level(GREEN, [ERROR], [], []) == "unverified"


def test_a_static_error_refuses() -> None:
    assert level(GREEN, [], [ERROR], []) == "refused"
    assert level(with_status("V4", "failed"), [], [ERROR], []) == "refused"
