from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from nbprod.lab.location import served_path


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("/srv/a b/README.md", "a b/README.md"),
        ("/srv/a/../b.py", "b.py"),
        ("/srv/../etc/passwd", None),
        ("/other/b.py", None),
        ("/srv/a/.github/ci.yml", None),
        ("/srv/.hidden/b.py", None),
    ],
)
def test_only_files_that_the_server_opens_have_a_path(place: str, path: str | None) -> None:
    contents = SimpleNamespace(root_dir="/srv", allow_hidden=False)
    assert served_path(contents, Path(place)) == path


def test_hidden_files_have_a_path_where_the_server_shows_them() -> None:
    contents = SimpleNamespace(root_dir="/srv", allow_hidden=True)
    assert served_path(contents, Path("/srv/a/.github/ci.yml")) == "a/.github/ci.yml"
