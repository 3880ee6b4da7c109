"""The pre-commit hook that converts: each notebook again, exit code 1 when a project changed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from nbprod.findings import NotebookError
from nbprod.pipeline import analyse, write_project
from nbprod.report import failure_of, line


def main(arguments: Sequence[str] | None = None) -> int:
    """Convert the notebooks of a commit.

    Returns:
        0 when every project was up to date, 1 when one changed, was refused or has conflicts, 2 when a
        notebook cannot be read.
    """
    paths = [Path(path) for path in (sys.argv[1:] if arguments is None else arguments)]
    return max((_convert(path) for path in paths), default=0)


def _convert(path: Path) -> int:
    try:
        analysed = analyse(path)
        if analysed.settings.excludes(path):
            return 0
        result = write_project(analysed)
    except NotebookError as error:
        print(line(str(path), failure_of(error, str(path))))
        return 2
    for finding in analysed.refusals:
        print(line(str(path), finding))
    if result.written is None:
        return 1
    update = result.written.update
    if result.written.created:  # the environment of a hook seldom has the notebook's libraries
        for finding in result.findings:
            if finding.code == "W-NOT-INSTALLED":
                print(line(str(path), finding))
    for change in update.conflicts:
        print(f"{path}: conflict in {result.target / change.path}: {change.detail}")
    if not update.is_empty:
        print(f"{path}: {result.target}/ changed; add it to the commit")
    return 0 if update.is_empty and not update.conflicts else 1


if __name__ == "__main__":
    sys.exit(main())
