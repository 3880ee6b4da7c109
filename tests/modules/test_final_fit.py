"""A notebook that only cross-validates gets the fit on all rows that its scores are an estimate for."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbprod.findings import NotebookError
from nbprod.modules.final_fit import with_final_fit
from nbprod.notebook import read

HEAD = (
    "# %%\nimport pandas as pd\nfrom sklearn.model_selection import cross_val_score, cross_validate\n"
    "from sklearn.linear_model import Ridge\nfrom sklearn.svm import SVR\ndf = pd.read_csv('rows.csv')\n"
    "X, y = df[['a']], df['b']\n# %%\n"
)


def fitted(tmp_path: Path, cell: str, model: str | None = None) -> str | None:
    """Return the last cell of the notebook with its fit, None when it gets none."""
    path = tmp_path / "notebook.py"
    path.write_text(HEAD + cell)
    found = with_final_fit(read(path), model)
    return found.code_cells[-1].code if found else None


def test_an_estimator_made_in_the_call_gets_a_variable_of_its_class(tmp_path: Path) -> None:
    cell = "print(cross_val_score(SVR(), X, y).mean())\n"
    assert (
        fitted(tmp_path, cell)
        == "svr = SVR().fit(X, y); print(cross_val_score(SVR(), X, y).mean())"
    )


def test_a_variable_of_that_name_stays_what_it_is(tmp_path: Path) -> None:
    cell = "svr = 1\ncross_val_score(SVR(), X, y)\n"
    assert "svr_2 = SVR().fit(X, y); " in str(fitted(tmp_path, cell))


def test_an_estimator_in_a_variable_is_fitted_in_it(tmp_path: Path) -> None:
    cell = "m = Ridge()\ns = cross_validate(estimator=m, X=X, y=y)\n"
    assert (
        fitted(tmp_path, cell)
        == "m = Ridge()\nm.fit(X, y); s = cross_validate(estimator=m, X=X, y=y)"
    )


def test_loops_and_helpers_fit_where_they_validate(tmp_path: Path) -> None:
    loop = "for m in [SVR(), Ridge()]:\n    s = cross_val_score(m, X, y)\n"
    assert "\n    m.fit(X, y); s = " in str(fitted(tmp_path, loop))
    helper = "def score(m):\n    return cross_val_score(m, X, y).mean()\nscore(Ridge())\n"
    assert "\n    m.fit(X, y); return " in str(fitted(tmp_path, helper))


def test_of_several_the_last_is_fitted_or_the_one_asked_for(tmp_path: Path) -> None:
    cell = "m = Ridge()\ncross_val_score(m, X, y)\ncross_val_score(SVR(), X, y)\n"
    assert "svr = SVR().fit(X, y)" in str(fitted(tmp_path, cell))
    assert "m.fit(X, y)" in str(fitted(tmp_path, cell, "m"))
    with pytest.raises(NotebookError, match=r"called 'forest'; the notebook validates: m, SVR\(\)"):
        fitted(tmp_path, cell, "forest")


def test_a_notebook_with_a_fit_stays_as_it_is(tmp_path: Path) -> None:
    assert fitted(tmp_path, "cross_val_score(SVR(), X, y)\nmodel = Ridge().fit(X, y)\n") is None


def test_what_cannot_be_fitted_the_same_way_is_left_alone(tmp_path: Path) -> None:
    assert fitted(tmp_path, "[cross_val_score(m, X, y) for m in (SVR(), Ridge())]\n") is None
    assert fitted(tmp_path, "cross_val_score(SVR(), X, y, params={'sample_weight': y})\n") is None
    assert fitted(tmp_path, "cross_val_score(SVR(), [[1], [2]], [1, 2])\n") is None


def test_the_finding_says_what_to_write_and_what_else_could_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(HEAD + "cross_val_score(Ridge(), X, y)\ncross_val_score(SVR(), X, y)\n")
    found = with_final_fit(read(path))
    assert found is not None
    (finding,) = [f for f in found.findings if f.code == "W-CROSS-VALIDATED"]
    assert "also cross-validated: Ridge() (--model chooses)" in finding.message
    assert finding.advice == "write `svr = SVR().fit(X, y)` into the notebook"
    assert str(finding.origin) == "cell 2:2"
