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
        (
            "np.save('X', X)\na = np.load('X.npy')",
            "file_x_npy = np.array(X)\na = file_x_npy",
        ),
        (
            "np.savez('d.npz', X=X, y=y)\na = np.load('d.npz')['X']\nb = np.load('d.npz')['y']",
            "file_d_npz_X = np.array(X)\nfile_d_npz_y = np.array(y)\na = file_d_npz_X\nb = file_d_npz_y",
        ),
        (
            "with open('s.pkl', 'wb') as f:\n    pickle.dump(df, f)\nwith open('s.pkl', 'rb') as f:\n    t = pickle.load(f)",
            "file_s_pkl = df\nt = file_s_pkl",
        ),
        (
            "a.to_csv('c.csv')\nb = pd.read_csv('c.csv', index_col=0)",
            "file_c_csv_labelled = a.copy()\nb = file_c_csv_labelled.copy()",
        ),
    ],
    ids=[
        "only read", "only written", "row labels", "options", "read before", "csv", "parquet", "joblib", "pickle",
        "an array", "arrays with names", "pickled in a block", "csv with labels",
    ],
)  # fmt: skip
def test_what_is_written_goes_to_where_it_is_read(code: str, expected: str) -> None:
    body = joined(ast.parse(code).body)
    assert ast.unparse(ast.Module(body, [])) == expected


def test_files_that_differ_in_a_letter_are_two_variables() -> None:
    code = "np.savez('d.npz', X=A, x=B)\na = np.load('d.npz')['X']\nnp.save('b-c', C)\nnp.save('b_c', D)\nb = np.load('b-c.npy')\nc = np.load('b_c.npy')"
    body = joined(ast.parse(code).body)
    text = ast.unparse(ast.Module(body, []))
    assert "file_d_npz_X = np.array(A)" in text
    assert "file_b_c_npy = np.array(C)\nfile_b_c_npy_2 = np.array(D)" in text
    assert text.endswith("b = file_b_c_npy\nc = file_b_c_npy_2")
