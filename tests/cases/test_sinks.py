"""Models of other libraries, ``sinks/*.md``: converted, trained, served and proven.

A case is skipped where its library is not installed.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nbprod.pipeline import convert
from nbprod.verify import verify
from tests.cases.test_idioms import FENCE, passengers

CASES = sorted((Path(__file__).parent / "sinks").glob("*.md"))


@pytest.mark.slow
@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_sink(path: Path, tmp_path: Path) -> None:
    found = re.split(r"^## \w+\n", path.read_text("utf-8"), flags=re.MULTILINE)
    needs, cells, expected = found[1].strip(), FENCE.findall(found[2]), found[3].strip()
    pytest.importorskip(needs, reason=f"{needs} is not installed")
    passengers().to_csv(tmp_path / "passengers.csv", index=False)
    notebook = tmp_path / "notebook.py"
    notebook.write_text("".join(f"# %%\n{code}\n" for code in cells), "utf-8")
    result = convert(notebook, tmp_path / "project")
    assert result.written is not None, result.findings
    verdict = verify(notebook, tmp_path / "project")
    assert verdict.level == expected, verdict.as_dict()
