"""A notebook whose split is made first holds back the same rows, or is refused with the reason."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nbprod.findings import NotebookError
from nbprod.modules import build
from nbprod.modules.fit_scope import training_scope
from nbprod.notebook.values import Cell, Notebook

HEAD = (
    "import pandas as pd\nfrom sklearn.model_selection import train_test_split\n"
    "from sklearn.linear_model import LogisticRegression\nfrom sklearn.preprocessing import StandardScaler\nSEED = 3"
)
LOAD = "df = pd.read_csv('shop.csv')  # all rows"
FILL = "df['a'] = df['a'].fillna(df['a'].median())"
XY = "X = df[['a', 'b']]\ny = df['y']"
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=SEED)"
FIT = "model = LogisticRegression().fit(X_train, y_train)\nmodel.score(X_test, y_test)"


def notebook(*cells: str) -> Notebook:
    listed = tuple(Cell(number, "code", text, text) for number, text in enumerate(cells, 1))
    return Notebook("n.ipynb", "n", listed, content_hash="h")


def texts(found: Notebook) -> list[str]:
    return [cell.code for cell in found.cells]


def test_the_split_stands_after_the_rows_are_read() -> None:
    found = training_scope(notebook(HEAD, LOAD, FILL, XY, SPLIT, FIT))

    assert texts(found)[1] == (
        "df = pd.read_csv('shop.csv'); from sklearn.model_selection import train_test_split as split_first; "
        "df, held_back = split_first(df, random_state=3)  # all rows"
    )
    assert texts(found)[4] == "(X_train, X_test, y_train, y_test) = X, X, y, y"
    assert found.content_hash == "h", "it is the same notebook"
    assert [f.code for f in found.findings] == ["I-FIT-SCOPE"]


def test_lines_keep_their_numbers() -> None:
    long = SPLIT.replace("(X, y, ", "(\n    X, y,\n    ")
    split = f"print(1)\n{long}\nprint(2)"

    found = texts(training_scope(notebook(HEAD, LOAD, FILL, XY, split, FIT)))

    assert found[4].splitlines()[4] == "print(2)"


def test_everything_is_learned_from_the_training_part() -> None:
    cells = (HEAD, LOAD, FILL, f"{XY}\nX = StandardScaler().fit_transform(X)", SPLIT, FIT)

    before, after = build(notebook(*cells)), build(training_scope(notebook(*cells)))

    assert {s.fitted_on for s in before.sites} == {"all rows"}
    assert {s.fitted_on for s in after.sites} == {"train split"}
    assert "W-LEAK-SPLIT" in {f.code for f in before.findings}
    assert "W-LEAK-SPLIT" not in {f.code for f in after.findings}


def test_rows_that_a_condition_chooses_are_chosen_first() -> None:
    chosen = "df = df[df['b'] < 50]"

    found = texts(training_scope(notebook(HEAD, LOAD, chosen, FILL, XY, SPLIT, FIT)))

    assert found[1] == LOAD
    assert found[2].startswith(f"{chosen}; ")


def test_the_label_that_stratifies_is_taken_from_the_table() -> None:
    split = SPLIT.replace("SEED", "SEED, stratify=y, test_size=0.2")

    found = texts(training_scope(notebook(HEAD, LOAD, FILL, XY, split, FIT)))

    assert "split_first(df, random_state=3, stratify=df['y'], test_size=0.2)" in found[1]


def test_the_same_rows_are_held_back(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"a": rng.normal(size=60), "b": range(60), "y": rng.integers(0, 2, 60)})
    monkeypatch.setattr(pd, "read_csv", lambda path: table.copy())
    cells = (HEAD, LOAD, "df = df[df['b'] < 50]", FILL, XY, SPLIT.replace("SEED", "SEED, test_size=0.3"), FIT)  # fmt: skip

    def run(sources: list[str]) -> dict[str, object]:
        space: dict[str, object] = {}
        for source in sources:
            exec(source, space)
        return space

    before, after = run(list(cells)), run(texts(training_scope(notebook(*cells))))

    assert list(after["X_train"].index) == list(before["X_train"].index)  # type: ignore[attr-defined]
    assert list(after["held_back"].index) == list(before["X_test"].index)  # type: ignore[attr-defined]


REFUSED = {
    "rows chosen by what was learned": (
        (HEAD, LOAD, "df = df[df['a'] < df['a'].quantile(0.9)]", XY, SPLIT, FIT),
        "learned from all of them",
    ),
    "rows chosen after something was learned": (
        (HEAD, LOAD, FILL, "df = df[df['b'] < 50]", XY, SPLIT, FIT),
        "learned from all of them",
    ),
    "no seed": (
        (HEAD, LOAD, FILL, XY, SPLIT.replace(", random_state=SEED", ""), FIT),
        "no random_state",
    ),
    "no split": (
        (HEAD, LOAD, FILL, XY, "model = LogisticRegression().fit(X, y)\nmodel.predict(X)"),
        "not fitted on the training part",
    ),
    "tables joined": (
        (HEAD, LOAD, "df = pd.concat([df, pd.read_csv('more.csv')])", FILL, XY, SPLIT, FIT),
        "joined",
    ),
    "a label taken before rows are chosen": (
        (HEAD, LOAD, "y = df['y']", "df = df.sort_values('b')", FILL, "X = df[['a', 'b']]", SPLIT, FIT),
        "y is made before the rows are chosen",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "why"), REFUSED.values(), ids=REFUSED)
def test_is_refused_with_the_reason(cells: tuple[str, ...], why: str) -> None:
    with pytest.raises(NotebookError, match="E-FIT-SCOPE") as refused:
        training_scope(notebook(*cells))

    assert why in refused.value.message
    assert refused.value.origin is not None
