"""Check notebooks without running or writing anything; several at once use every core."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from nbprod.findings import Finding, NotebookError
from nbprod.pipeline import Analysed, analyse
from nbprod.report import Checked, failure_of
from nbprod.settings import Settings

# Starting a process costs about as much as checking this many notebooks.
_WORTH_A_PROCESS = 4


def check(path: Path, flags: Settings) -> Checked:
    """Return the findings of one notebook, among them whether its project is behind it."""
    try:
        analysed = analyse(path, flags, printed=False)
    except NotebookError as error:
        return Checked(str(path), failure=failure_of(error, str(path)))
    return Checked(str(path), (*analysed.findings, *_of_project(analysed)))


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


def _of_project(analysed: Analysed) -> Iterator[Finding]:
    """Compare the notebook with the project's manifest, where there is a project."""
    from nbprod.write import conflicts
    from nbprod.write.manifest import load

    convert = f"run `nbprod convert {shlex.quote(analysed.notebook.path)}`"
    try:
        manifest = load(analysed.target)
        if manifest is None:
            return
        for path, line in conflicts(analysed.target):
            place = f"{analysed.target / path}:{line}"
            yield Finding("E-CONFLICT", f"{place} has conflict markers", advice="resolve them")
    except NotebookError as error:
        yield Finding("E-MANIFEST", error.message)
        return
    if manifest["notebook"]["content_hash"] != analysed.notebook.content_hash:
        message = f"{analysed.target} was made from an older state of the notebook"
        yield Finding("E-BEHIND", message, advice=convert)


__all__ = ["check", "check_all"]
