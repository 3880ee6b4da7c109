"""Loops that gather files are one expression; every other loop stays."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.interpret import interpret
from nbprod.flow.many_files import in_one_expression

LOOP = "parts = []\nfor f in files:\n    parts.append(pd.read_csv(f))\ndf = pd.concat(parts)"
NAMED = (
    "parts = []\nfor f in files:\n    one = pd.read_csv(f, sep=';')\n    parts.append(one)\n"
    "df = pd.concat(parts, ignore_index=True)"
)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (LOOP, "df = pd.concat([pd.read_csv(f) for f in files])"),
        (NAMED, "df = pd.concat([pd.read_csv(f, sep=';') for f in files], ignore_index=True)"),
        (f"{LOOP}\nprint(len(parts))", None),
        (LOOP.replace("pd.read_csv(f)", "f.upper()"), None),
        (LOOP.replace("parts = []\n", "parts = [first]\n"), None),
        (LOOP.replace("concat", "something"), None),
        (LOOP.replace("    parts", "    print(f)\n    parts"), None),
    ],
    ids=["plain", "named", "used again", "no table", "not empty", "no concat", "does more"],
)
def test_loops_over_files(code: str, expected: str | None) -> None:
    body = in_one_expression(ast.parse(code).body)
    assert ast.unparse(ast.Module(body, [])) == (expected or code)


@pytest.mark.parametrize(
    ("code", "sources"),
    [
        ("df = pd.concat([pd.read_csv(f) for f in files])", ["df"]),
        ("df = pd.concat(pd.read_csv(f) for f in files)", ["df"]),
        ("df = pd.concat(map(pd.read_csv, files))", ["df"]),
        ("a = pd.read_csv('a.csv')\nb = pd.read_csv('b.csv')\ndf = pd.concat([a, b])", ["a", "b"]),
    ],
    ids=["list", "generator", "map", "two names"],
)
def test_all_files_together_are_one_source(code: str, sources: list[str]) -> None:
    flow = interpret(ast.parse(f"import pandas as pd\n{code}").body)
    assert list(flow.sources) == sources
    assert flow.final["df"].is_row
