"""A function is kept from black only when black would leave it as it is."""

from __future__ import annotations

from pathlib import Path

import black
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbprod.modules import build
from nbprod.modules.quotes import double_quoted
from nbprod.notebook import read
from nbprod.render.familiar import Familiar
from nbprod.render.formatting import functions

WIDTH = 100
MODE = black.Mode(line_length=WIDTH, target_versions={black.TargetVersion.PY311})
FIXTURES = sorted((Path(__file__).parents[2] / "fixtures").glob("*/notebook.ipynb"))[-3:]

FIRST = '''def fill(df: pd.DataFrame, state: State) -> pd.DataFrame:
    """Fill gaps.

    Notebook cell 3.
    """
    df["Age"] = df["Age"].fillna(state.age)  # no age
    # a remark

    if df["Fare"].max() > 1:
        df["Fare"] = df["Fare"] ** 2
    return df
'''


def _knows(function: str, *learned: str) -> bool:
    familiar = Familiar(WIDTH)
    for known in learned or (FIRST,):
        familiar.learn(known)
    return familiar.knows(function)


def test_other_names_strings_numbers_and_words_are_familiar() -> None:
    other = FIRST.replace("Age", "Height").replace("> 1", "> 27").replace("fill(", "prepare(")
    assert _knows(other.replace("no age", "unknown").replace("Fill gaps", "Say what is not there"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('df["Fare"] ** 2', 'df["Fare"]**2', id="spaces"),
        pytest.param("max() > 1", "max() > 0X1", id="hexadecimal"),
        pytest.param("max() > 1", "max() > 1E5", id="exponent"),
        pytest.param("max() > 1", "max() > 1.", id="trailing point"),
        pytest.param('df["Age"] =', "df['Age'] =", id="single quotes"),
        pytest.param("# no age", "#no age", id="comment without a space"),
        pytest.param("# a remark", "#: a remark", id="marked comment"),
        pytest.param("    # a remark\n\n", "    # a remark\n\n\n", id="two blank lines"),
        pytest.param("    return df", "\n    return df", id="a blank line of its own"),
        pytest.param('"""Fill gaps.', '""" Fill gaps.', id="docstring with a space"),
        pytest.param('"""Fill gaps.', "'''Fill gaps.", id="docstring in other quotes"),
        pytest.param("Notebook cell 3.", "  Notebook cell 3.", id="indented docstring"),
        pytest.param("Notebook cell 3.", "Notebook cell 3. ", id="space at the end of a line"),
        pytest.param("state.age", f"state.{'age' * 30}", id="too long"),
        pytest.param("return df", "return (df)", id="parentheses"),
        pytest.param("return df", "return not df", id="keyword"),
        pytest.param("return df", "return df;", id="semicolon"),
        pytest.param("no age", "no ägé", id="letters of unknown width"),
        pytest.param("def fill(", "@wraps\ndef fill(", id="decorator"),
    ],
)
def test_anything_else_is_for_black(old: str, new: str) -> None:
    assert old in FIRST
    assert _knows(FIRST)
    assert not _knows(FIRST.replace(old, new))


ARGUMENTS = FIRST.replace("    Notebook", "    Args:\n        df: {}\n\n    Notebook")


def test_what_stands_indented_under_a_line_of_a_docstring_is_familiar() -> None:
    assert _knows(ARGUMENTS.format("rows with Age."), ARGUMENTS.format("the table"))


def test_a_docstring_whose_lines_are_all_indented_is_for_black() -> None:
    """Black moves the first of these two to the left; line by line they look the same."""
    learned = ARGUMENTS.format("rows with Age.")
    pushed = learned.replace("    Args:\n", "").replace("    Notebook", "        Notebook")
    assert black.format_str(pushed, mode=MODE) != pushed
    assert not _knows(pushed, learned)
    assert not _knows(pushed, learned, pushed)


def test_a_signature_is_broken_only_where_it_is_too_long() -> None:
    long = "def fill_everything_that_is_gone(\n    {}: pd.DataFrame, state: State, *, fitting: bool\n) -> pd.DataFrame:\n    return {}\n"
    assert _knows(long.format("passengers", "df"), long.format("people", "people"))
    assert not _knows(long.format("df", "df"), long.format("people", "people"))
    for name in ("people", "people"):
        source = long.format(name, name)
        assert (black.format_str(source, mode=MODE) == source) == _knows(
            source, long.format("people", "people")
        )


@pytest.fixture(scope="module")
def parts() -> list[str]:
    """Return the functions of the modules of some fixtures, as they come before formatting."""
    found = []
    for path in FIXTURES:
        for name, text in build(read(path), package="p").files.items():
            if name.endswith(".py"):
                found += [double_quoted(part) for part in functions(text)]
    return found


def test_what_is_familiar_is_as_black_leaves_it(parts: list[str]) -> None:
    familiar, spared = Familiar(WIDTH), 0
    for part in [*parts, *reversed(parts)]:
        formatted = black.format_str(part, mode=MODE)
        if familiar.knows(part):
            spared += 1
            assert formatted == part
        familiar.learn(formatted)
    assert spared > len(parts) // 4


@settings(max_examples=60, deadline=None)
@given(
    drawn=st.data(),
    change=st.sampled_from(["  ", "\n", " ", "", "(", ",", "'", '"', "#", "\\", "=", "-", "0"]),
)
def test_a_damaged_function_is_never_taken_for_a_good_one(
    parts: list[str], drawn: st.DataObject, change: str
) -> None:
    familiar = Familiar(WIDTH)
    part = black.format_str(drawn.draw(st.sampled_from(parts)), mode=MODE)
    familiar.learn(part)
    place = drawn.draw(st.integers(0, len(part) - 1))
    damaged = part[:place] + change + part[place + drawn.draw(st.integers(0, 1)) :]
    if familiar.knows(damaged):
        assert black.format_str(damaged, mode=MODE) == damaged
