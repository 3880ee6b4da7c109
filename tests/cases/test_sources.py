"""Ways to read data: the package loads the table that the notebook has, from where its settings say."""

from __future__ import annotations

import json
import pickle
import sqlite3
import sys
import warnings
import zipfile
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest

from nbprod.modules import build
from tests.cases.test_idioms import as_notebook, import_package

TABLE = pd.DataFrame(
    {"a": [1.5, 2.0, 0.5, 4.0], "b": [3, 1, 2, 5], "y": [0, 1, 0, 1]}, index=range(4)
)
FIT = """
from sklearn.linear_model import LogisticRegression
model = LogisticRegression().fit(df[["a", "b"]], df["y"])
model.predict(df[["a", "b"]])
"""
SOURCES = {
    "a member of an archive": (
        "import zipfile\nwith zipfile.ZipFile('t.zip') as z:\n    with z.open('in/t.csv') as f:\n"
        "        df = pd.read_csv(f)"
    ),
    "a database in a block": (
        "import sqlite3\nwith sqlite3.connect('t.db') as c:\n    df = pd.read_sql('select * from t', c)"
    ),
    "a cursor": (
        "import sqlite3\nc = sqlite3.connect('t.db')\ncur = c.cursor()\ncur.execute('select * from t')\n"
        "df = pd.DataFrame(cur.fetchall(), columns=[d[0] for d in cur.description])\nc.close()"
    ),
    "arrays": (
        "df = pd.DataFrame(np.load('X.npy'), columns=['a', 'b'])\ndf['y'] = np.load('y.npy').ravel()"
    ),
    "an archive of arrays": (
        "with np.load('t.npz') as z:\n    df = pd.DataFrame(z['X'], columns=['a', 'b'])\n    df['y'] = z['y']"
    ),
    "a text file of numbers": (
        "rows = np.genfromtxt('t.csv', delimiter=',', skip_header=1)\ndf = pd.DataFrame(rows, columns=['a', 'b', 'y'])"
    ),
    "numbers with names": "df = pd.DataFrame(np.genfromtxt('t.csv', delimiter=',', names=True))",
    "a pickle": "import pickle\nwith open('t.pickle', 'rb') as f:\n    df = pickle.load(f)",
    "a file of joblib": "import joblib\ndf = joblib.load('t.joblib')\ndf.describe()",
    "files beside each other": (
        "one = pd.read_csv('one.csv')\ntwo = pd.read_csv('two.csv')\ndf = pd.concat([one, two], axis=1)"
    ),
    "files by their folder": (
        "import os\nparts = []\nfor name in sorted(os.listdir('parts')):\n    if name.endswith('.csv'):\n"
        "        parts.append(pd.read_csv(os.path.join('parts', name)))\ndf = pd.concat(parts, ignore_index=True)"
    ),
    "files by a pattern below a path": (
        "from pathlib import Path\n"
        "df = pd.concat((pd.read_csv(p) for p in sorted(Path('parts').glob('*.csv'))), ignore_index=True)"
    ),
    "lines of JSON": "import json\ndf = pd.DataFrame([json.loads(line) for line in open('t.jsonl')])",
    "nested JSON": "import json\nwith open('t.json') as f:\n    rows = json.load(f)\ndf = pd.json_normalize(rows)",
    "columns of one width": "df = pd.read_fwf('t.fwf')",
    "a compressed file": (
        "import gzip\nwith gzip.open('t.csv.gz', 'rt') as f:\n    df = pd.read_csv(f)"
    ),
}


def write(folder: Path) -> None:
    TABLE.to_csv(folder / "t.csv", index=False)
    TABLE.to_csv(folder / "t.csv.gz", index=False)
    with zipfile.ZipFile(folder / "t.zip", "w") as archive:
        archive.write(folder / "t.csv", "in/t.csv")
    with sqlite3.connect(folder / "t.db") as connection:
        TABLE.to_sql("t", connection, index=False)
    connection.close()
    np.save(folder / "X.npy", TABLE[["a", "b"]].to_numpy())
    np.save(folder / "y.npy", TABLE["y"].to_numpy())
    np.savez(folder / "t.npz", X=TABLE[["a", "b"]].to_numpy(), y=TABLE["y"].to_numpy())
    folder.joinpath("t.pickle").write_bytes(pickle.dumps(TABLE))
    joblib.dump(TABLE, folder / "t.joblib")
    TABLE[["a", "b"]].to_csv(folder / "one.csv", index=False)
    TABLE[["y"]].to_csv(folder / "two.csv", index=False)
    folder.joinpath("parts").mkdir()
    TABLE[:2].to_csv(folder / "parts" / "1.csv", index=False)
    TABLE[2:].to_csv(folder / "parts" / "2.csv", index=False)
    folder.joinpath("parts", "read.me").write_text("nothing", "utf-8")
    TABLE.to_json(folder / "t.jsonl", orient="records", lines=True)
    folder.joinpath("t.json").write_text(json.dumps(TABLE.to_dict("records")), "utf-8")
    folder.joinpath("t.fwf").write_text(TABLE.to_string(index=False), "utf-8")


@pytest.mark.parametrize("name", SOURCES)
def test_a_package_loads_the_table_of_the_notebook(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [f"import numpy as np\nimport pandas as pd\n{SOURCES[name]}", FIT]
    package = "source_" + "_".join(name.split()).lower()
    write(tmp_path)
    modules = build(as_notebook(package, cells))
    assert not [f for f in modules.findings if f.code.startswith("E-") or f.code == "W-OUTSIDE"]
    assert "open(" not in modules.files["features.py"]
    monkeypatch.chdir(tmp_path)
    space: dict[str, object] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec("\n".join(cells), space)
    expected = space["df"]
    assert isinstance(expected, pd.DataFrame)
    monkeypatch.chdir("/")  # settings say where the data is, not where the process is
    loaded = import_package(package, modules, tmp_path, monkeypatch)["data"].load()
    try:
        found = loaded[0]
        pd.testing.assert_frame_equal(found, expected)
        assert list(found["y"]) == list(TABLE["y"])
    finally:
        for module in [m for m in sys.modules if m.split(".")[0] == package]:
            del sys.modules[module]
