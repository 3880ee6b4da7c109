"""Wait until nbprod is gone, then end what it left running and remove its private folder."""

from __future__ import annotations

import shutil
import sys


def main(run: str, root: str) -> None:
    """Wait for the end of standard input, which nbprod holds open as long as it lives."""
    sys.stdin.buffer.read()
    from supervise import RUN, end_marked  # type: ignore[import-not-found]

    end_marked(RUN, run)
    shutil.rmtree(root, ignore_errors=True)
