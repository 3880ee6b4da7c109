"""Check notebooks without running or writing anything; several at once use every core."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from nbprod.findings import Finding, NotebookError
from nbprod.pipeline import Analysed, analyse
from nbprod.report import Checked, failure_of
from nbprod.settings import Settings

# Starting a process costs about as much as checking this many notebooks.
_WORTH_A_PROCESS = 8


def check(path: Path, flags: Settings) -> Checked:
    """Return the findings of one notebook, among them whether its project is behind it."""
    try:
        analysed = analyse(path, flags)
    except NotebookError as error:
        return Checked(str(path), failure=failure_of(error, str(path)))
    behind = _behind(analysed)
    return Checked(str(path), (*analysed.findings, *((behind,) if behind else ())))


def check_all(paths: Sequence[Path], flags: Settings) -> list[Checked]:
    """Check several notebooks, in order."""
    workers = min(_cores(), len(paths) // _WORTH_A_PROCESS)
    if workers < 2:
        return [check(path, flags) for path in paths]
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Forking keeps what is imported; this process has a single thread, so nothing can hang on a lock.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        return list(pool.map(partial(check, flags=flags), paths, chunksize=4))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _behind(analysed: Analysed) -> Finding | None:
    """Compare the notebook with the content hash in the project's manifest, where there is a project."""
    from nbprod.write.manifest import load

    try:
        manifest = load(analysed.target)
    except NotebookError as error:
        return Finding("E-MANIFEST", error.message)
    if manifest is None:
        return None
    recorded = manifest["notebook"]["content_hash"]
    if recorded == analysed.notebook.content_hash:
        return None
    return Finding(
        "E-BEHIND",
        f"{analysed.target} was made from an older state of the notebook",
        advice=f"run `nbprod convert {analysed.notebook.path}`",
    )


__all__ = ["check", "check_all"]
