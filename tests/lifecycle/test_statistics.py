"""The tails of the drift tests, written out so that a compiled service needs no SciPy, are SciPy's."""

from __future__ import annotations

import types
from pathlib import Path

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import chdtrc, kolmogorov

TEMPLATE = Path(__file__).parents[2] / "templates/project/src/package/drift/statistics.py.j2"
statistics = types.ModuleType("statistics_of_drift")
exec(compile(jinja2.Template(TEMPLATE.read_text("utf-8")).render(), str(TEMPLATE), "exec"), statistics.__dict__)  # fmt: skip


@given(st.integers(1, 200), st.floats(0.0, 2000.0))
def test_the_chi_square_tail(freedom: int, x: float) -> None:
    expected = float(chdtrc(freedom, x))
    assert statistics.chi_square_tail(freedom, x) == pytest.approx(expected, rel=1e-9, abs=1e-300)


@given(st.floats(0.0, 20.0))
def test_the_kolmogorov_tail(x: float) -> None:
    expected = float(kolmogorov(x))
    assert statistics.kolmogorov_tail(x) == pytest.approx(expected, rel=1e-9, abs=1e-15)
