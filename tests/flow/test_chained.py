"""A file that is written and read again is a variable."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.chained import joined


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("df = pd.read_csv('a.csv')", "df = pd.read_csv('a.csv')"),
        ("df.to_csv('b.csv', index=False)", "df.to_csv('b.csv', index=False)"),
        (
            "a.to_csv('c.csv')\nb = pd.read_csv('c.csv')",
            "a.to_csv('c.csv')\nb = pd.read_csv('c.csv')",
        ),
        (
            "a.to_csv('c.csv', index=False)\nb = pd.read_csv('c.csv', parse_dates=['d'])",
            "a.to_csv('c.csv', index=False)\nb = pd.read_csv('c.csv', parse_dates=['d'])",
        ),
        (
            "b = pd.read_csv('c.csv')\nb.to_csv('c.csv', index=False)",
            "b = pd.read_csv('c.csv')\nfile_c_csv = b.copy().reset_index(drop=True)",
        ),
        (
            "a.to_csv('./c.csv', index=False)\nb = pd.read_csv('c.csv').dropna()",
            "file_c_csv = a.copy().reset_index(drop=True)\nb = file_c_csv.copy().dropna()",
        ),
        (
            "a.to_parquet('c.parquet')\nb = pd.read_parquet('c.parquet')",
            "file_c_parquet = a.copy()\nb = file_c_parquet.copy()",
        ),
        (
            "joblib.dump(sc, 's.pkl')\nt = joblib.load('s.pkl')",
            "file_s_pkl = sc\nt = file_s_pkl",
        ),
        (
            "pickle.dump(sc, open('s.pkl', 'wb'))\nt = pickle.load(open('s.pkl', 'rb'))",
            "file_s_pkl = sc\nt = file_s_pkl",
        ),
    ],
    ids=[
        "only read", "only written", "row labels", "options", "read before", "csv", "parquet", "joblib", "pickle",
    ],
)  # fmt: skip
def test_what_is_written_goes_to_where_it_is_read(code: str, expected: str) -> None:
    body = joined(ast.parse(code).body)
    assert ast.unparse(ast.Module(body, [])) == expected
