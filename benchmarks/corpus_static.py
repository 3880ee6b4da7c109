"""Convert notebooks inside one process and time each: none may crash, none may end in names that nothing defines."""

from __future__ import annotations

import statistics
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.corpus_names import keep_modules, undefined_names


def convert_all(entries: Sequence[Mapping[str, Any]], folder: Path) -> int:
    """Convert every notebook, print ends, crashes, undefined names and times; exit code 1 for the second and third."""
    with tempfile.TemporaryDirectory(prefix="corpus-") as temporary:
        return _convert_all(entries, folder, Path(temporary))


def _convert_all(entries: Sequence[Mapping[str, Any]], folder: Path, written: Path) -> int:
    from nbprod.findings import NotebookError
    from nbprod.pipeline import analyse, render_project

    ends: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    seconds: list[float] = []
    for number, entry in enumerate(entries):
        repository = folder / entry["repo"].replace("/", "+") if entry.get("repo") else folder
        path = repository / entry["path"]
        start = time.process_time()
        try:
            analysed = analyse(path)
            if analysed.refusals:
                end = "refused"
                codes.update({finding.code for finding in analysed.refusals})
            else:
                keep_modules(render_project(analysed), written / str(number))
                end = "converted"
        except NotebookError as error:
            end = "unreadable"
            print(f"{entry['id']}  {error}")
        except Exception:  # noqa: BLE001  whatever it is, it is what this counts
            end = "crashed"
            print(f"{entry['id']}  {path}\n{traceback.format_exc(limit=-3)}")
        seconds.append(time.process_time() - start)
        ends[end] += 1
    print(f"{len(entries)} notebooks: " + ", ".join(f"{n} {end}" for end, n in ends.most_common()))
    undefined = undefined_names(written)
    for number, lines in sorted(undefined.items(), key=lambda found: int(found[0])):
        print(f"{entries[int(number)]['id']}  " + "; ".join(lines))
    print(f"packages with names that nothing defines: {len(undefined)}")
    print("errors: " + (", ".join(f"{c} {n}" for c, n in codes.most_common()) or "none"))
    if seconds:
        ordered = sorted(seconds)
        print(
            f"CPU seconds a notebook: median {statistics.median(ordered):.3f}, "
            f"95 % {ordered[int(0.95 * (len(ordered) - 1))]:.3f}, worst {ordered[-1]:.3f}"
        )
    return 1 if ends["crashed"] or undefined else 0


__all__ = ["convert_all"]
