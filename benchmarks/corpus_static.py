"""Convert notebooks inside one process, write nothing, and time each: no notebook may crash the conversion."""

from __future__ import annotations

import statistics
import time
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def convert_all(entries: Sequence[Mapping[str, Any]], folder: Path) -> int:
    """Convert every notebook, print ends, crashes and times; exit code 1 when one crashed."""
    from nbprod.findings import NotebookError
    from nbprod.pipeline import analyse, render_project

    ends: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    seconds: list[float] = []
    for entry in entries:
        repository = folder / entry["repo"].replace("/", "+") if entry.get("repo") else folder
        path = repository / entry["path"]
        start = time.process_time()
        try:
            analysed = analyse(path)
            if analysed.refusals:
                end = "refused"
                codes.update({finding.code for finding in analysed.refusals})
            else:
                render_project(analysed)
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
    print("errors: " + (", ".join(f"{c} {n}" for c, n in codes.most_common()) or "none"))
    if seconds:
        ordered = sorted(seconds)
        print(
            f"CPU seconds a notebook: median {statistics.median(ordered):.3f}, "
            f"95 % {ordered[int(0.95 * (len(ordered) - 1))]:.3f}, worst {ordered[-1]:.3f}"
        )
    return 1 if ends["crashed"] else 0


__all__ = ["convert_all"]
