"""What a function of the notebook reads as a global is a global of the package, if it is made once from nothing learned."""

from __future__ import annotations

import pytest

from nbprod.findings import NotebookError
from tests.split.test_hazards import built


def features(code: str) -> str:
    return built(code).files["features.py"]


def test_a_pattern_that_a_row_function_reads_is_a_global() -> None:
    text = features(
        "import re\nletters = 'ae'\npattern = re.compile('[' + letters + ']')\nK = 3\n"
        "def vowels(v):\n    return len(pattern.findall(v)) * K\n"
        "df['f'] = df['k'].apply(vowels)"
    )

    assert '\npattern = re.compile("[" + LETTERS + "]")\n' in text
    assert text.index("\nK = 3\n") < text.index("\ndef vowels(v):")
    assert "    pattern = " not in text


def test_what_is_made_of_rows_is_learned() -> None:
    text = features(
        "import re\nfirst = df['k'].iloc[0]\npattern = re.compile(first)\n"
        "def often(v):\n    return len(pattern.findall(v))\ndf['f'] = df['k'].apply(often)"
    )

    assert "\npattern = " not in text
    assert "state.pattern.findall(v)" in text


def test_what_is_made_twice_is_no_global() -> None:
    with pytest.raises(NotebookError, match="uses K and nothing in it defines it; set it once"):
        features(
            "K = 3\ndef times(v):\n    return v * K\ndf['f'] = df['a'].apply(times)\nK = 4\nprint(K)"
        )
