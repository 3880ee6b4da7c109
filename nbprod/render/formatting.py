"""Format generated Python in the style of black, all files of a project at once.

ruff formats 80 files in 60 ms where black needs 1.5 s after a start of 0.25 s; a conversion as a whole takes
less than that. The result is black's up to rare differences, which a test on the fixtures would show.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

LINE_LENGTH = 100


def format_python(tree: Mapping[str, str]) -> dict[str, str]:
    """Return the tree with its ``.py`` files formatted; a file that is not valid Python stays as it is."""
    from ruff import find_ruff_bin

    sources = {path: text for path, text in tree.items() if path.endswith(".py") and text.strip()}
    formatted = dict(tree)
    with tempfile.TemporaryDirectory() as folder:
        # Numbered files: no name from a notebook reaches the command line.
        places = {path: Path(folder, f"{number}.py") for number, path in enumerate(sources)}
        for path, place in places.items():
            place.write_text(sources[path], "utf-8", newline="")
        subprocess.run(
            [
                find_ruff_bin(),
                "format",
                "--isolated",
                "--no-cache",
                "--quiet",
                f"--line-length={LINE_LENGTH}",
                "--target-version=py311",
                folder,
            ],
            check=False,
            capture_output=True,
        )
        for path, place in places.items():
            formatted[path] = place.read_text("utf-8")
    return formatted


__all__ = ["LINE_LENGTH", "format_python"]
