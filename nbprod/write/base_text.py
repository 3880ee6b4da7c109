"""The text of the last conversion, kept in the project as the base of the next merge.

One JSON file, lines as lists, so that git shows and merges it line by line and no tool mistakes it for
code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from nbprod.findings import NotebookError

BASE = ".nbprod/base.json"
FORMAT = 1


def to_json(tree: Mapping[str, str]) -> str:
    """Return the base file for a tree of path -> text."""
    files = {path: tree[path].splitlines(keepends=True) for path in sorted(tree)}
    return json.dumps({"format": FORMAT, "files": files}, ensure_ascii=False, indent=1) + "\n"


def with_base(tree: Mapping[str, str]) -> dict[str, str]:
    """Return every file that a first conversion writes: the tree, and its text for the next merge."""
    return {**tree, BASE: to_json(tree)}


def load(project: Path) -> dict[str, str] | None:
    """Return the last conversion's tree, None when nbprod did not write this folder.

    Raises:
        NotebookError: the file is damaged or written by a newer nbprod.
    """
    location = project / BASE
    try:
        content = json.loads(location.read_text("utf-8"))
        if content["format"] > FORMAT:
            raise NotebookError(f"{location}: written by a newer nbprod; upgrade nbprod")
        return {path: "".join(lines) for path, lines in content["files"].items()}
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotebookError(
            f"{location}: is damaged; restore it from git, or convert with --force to start anew"
        ) from None


__all__ = ["BASE", "load", "to_json", "with_base"]
