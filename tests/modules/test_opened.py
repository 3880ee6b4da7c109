"""What is opened before it is read becomes a setting."""

from __future__ import annotations

import ast

import pytest

from nbprod.modules.opened import with_settings


@pytest.mark.parametrize(
    ("code", "expected", "places"),
    [
        ("f(x)", "f(x)", []),
        ("sqlite3.connect(':memory:')", "sqlite3.connect(':memory:')", []),
        ("archive.open('a.csv')", "archive.open('a.csv')", []),
        ("glob.glob('parts/*.csv')", "glob.glob(P1)", [("parts/*.csv", "path")]),
        ("sqlite3.connect('a.db')", "sqlite3.connect(P1)", [("a.db", "path")]),
        ("create_engine('sqlite:///a.db')", "create_engine(f'sqlite:///{P1}')", [("a.db", "path")]),
        (
            "create_engine('postgresql://host/shop')",
            "create_engine(P1)",
            [("postgresql://host/shop", "url")],
        ),
        (
            "pd.read_csv(zipfile.ZipFile('a.zip').open('a.csv'))",
            "pd.read_csv(zipfile.ZipFile(P1).open('a.csv'))",
            [("a.zip", "path")],
        ),
    ],
    ids=["other", "memory", "member", "pattern", "database", "sqlite", "address", "archive"],
)
def test_places_are_settings(code: str, expected: str, places: list[tuple[str, str]]) -> None:
    met: list[tuple[str, str]] = []

    def place(value: str, kind: str) -> str:
        met.append((value, kind))
        return f"P{len(met)}"

    tree = ast.parse(code, mode="eval").body
    assert ast.unparse(with_settings(tree, place)) == expected
    assert met == places
    assert ast.unparse(tree) == ast.unparse(ast.parse(code, mode="eval").body), "the input stays"
