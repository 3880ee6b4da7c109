"""Settings of places in ``load`` have names of their own."""

from __future__ import annotations

from pathlib import Path

from nbprod.modules import build
from nbprod.notebook import read


def test_a_setting_is_not_called_like_a_variable_that_load_computes(tmp_path: Path) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(
        "# %%\nimport os\nimport pandas as pd\nfrom sklearn.svm import SVC\n"
        "DF_PATH = os.path.join('datasets', 'shop')\ndf = pd.read_csv(os.path.join(DF_PATH, 'd.csv'))\n"
        "# %%\nSVC().fit(df[['a']], df['y'])\n"
    )
    source = build(read(path)).files["data.py"]
    assert "DF_PATH = os.path.join(DF_PATH_2, " in source or "DF_PATH = " not in source
    compile(source, "data.py", "exec")
    assert "os.path.join(DF_PATH, 'shop')" not in source.replace('"', "'")
