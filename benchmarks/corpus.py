"""Convert, verify, train, serve and judge many notebooks; print one table.

``python -m benchmarks.corpus MANIFEST FOLDER`` reads the notebooks of a manifest (JSON: ``{"notebooks": [{"id",
"path", ...}]}``) from a folder of checkouts laid out as ``FOLDER/<owner>+<repository>/<path>``. Fields of an entry:

- ``repo``: ``owner/repository``; without it ``path`` is relative to FOLDER;
- ``links``: file to place before running -> name of a file somewhere in FOLDER;
- ``subst``: pairs of texts to replace in the notebook, such as the address of its data;
- ``clean_in``: names of the environments in which it runs; ``--python current=/path/to/python`` says which
  interpreter is which. An entry that runs in none of them is converted only;
- ``core`` and ``role``: which notebooks count in the totals.

``-`` instead of a manifest stands for every notebook below FOLDER.

``--static`` converts everything inside this process and reports crashes and times; nothing is executed.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.corpus_case import Outcome, run_case
from benchmarks.corpus_static import convert_all
from benchmarks.corpus_table import document, markdown, progress
from benchmarks.processes import Limits


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; exit code 1 when a notebook is verified although an answer differs."""
    options = parser().parse_args(arguments)
    entries = chosen(listed(options.manifest, options.folder), options)
    if options.static:
        return convert_all(entries, options.folder)
    pythons = dict(pair.split("=", 1) for pair in options.python) or {"current": sys.executable}
    limits = Limits(options.seconds, int(options.memory * 2**30))
    outcomes: list[Outcome] = []
    with ThreadPoolExecutor(options.jobs) as pool:
        for outcome in pool.map(
            lambda entry: _one(entry, options, interpreter(entry, pythons), limits), entries
        ):
            print(progress(outcome), file=sys.stderr, flush=True)
            outcomes.append(outcome)
            if options.json:
                options.json.write_text(json.dumps(document(outcomes), indent=1), "utf-8")
    print(markdown(outcomes))
    return 1 if any(outcome.wrongly_verified for outcome in outcomes) else 0


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(
        prog="python -m benchmarks.corpus", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    found.add_argument("manifest", type=Path)
    found.add_argument("folder", type=Path)
    found.add_argument("--python", action="append", default=[], metavar="ENVIRONMENT=PATH")
    found.add_argument("--only", nargs="+", default=[], metavar="ID")
    found.add_argument("--core", action="store_true", help="only the notebooks that count")
    found.add_argument("--runnable", action="store_true", help="only those that run in --python")
    found.add_argument("--jobs", type=int, default=1)
    found.add_argument("--seconds", type=float, default=600, help="limit of each step")
    found.add_argument("--memory", type=float, default=16, help="GiB of address space a process")
    found.add_argument("--rows", type=int, default=300, help="rows the oracle posts; 0 is all")
    found.add_argument("--json", type=Path, help="write the outcomes here, after every notebook")
    found.add_argument("--keep", type=Path, help="keep copies and projects in this folder")
    found.add_argument("--static", action="store_true", help="convert only, inside this process")
    return found


def chosen(
    entries: Sequence[Mapping[str, Any]], options: argparse.Namespace
) -> list[Mapping[str, Any]]:
    """Return the entries that the options ask for."""
    pythons = {pair.split("=", 1)[0] for pair in options.python} or {"current"}
    return [
        entry
        for entry in entries
        if (not options.only or entry["id"] in options.only)
        and (not options.core or entry.get("core"))
        and (not options.runnable or pythons & set(entry.get("clean_in") or ()))
    ]


def listed(manifest: Path, folder: Path) -> list[Mapping[str, Any]]:
    """Read a manifest; ``-`` stands for every notebook below the folder."""
    if str(manifest) != "-":
        found: list[Mapping[str, Any]] = json.loads(manifest.read_text("utf-8"))["notebooks"]
        return found
    paths = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.ipynb"))
    return [{"id": path, "path": path} for path in paths]


def interpreter(entry: Mapping[str, Any], pythons: Mapping[str, str]) -> str | None:
    """Return the interpreter in which the notebook runs, or None."""
    return next((pythons[name] for name in entry.get("clean_in") or () if name in pythons), None)


def _one(
    entry: Mapping[str, Any], options: argparse.Namespace, python: str | None, limits: Limits
) -> Outcome:
    with _folder(options.keep, re.sub(r"\W", "_", str(entry["id"]))) as work:
        return run_case(entry, options.folder, work, python, limits, options.rows)


@contextmanager
def _folder(keep: Path | None, name: str) -> Iterator[Path]:
    if keep is not None:
        shutil.rmtree(keep / name, ignore_errors=True)
        (keep / name).mkdir(parents=True)
        yield keep / name
        return
    with tempfile.TemporaryDirectory(prefix="corpus-", ignore_cleanup_errors=True) as temporary:
        yield Path(temporary)


if __name__ == "__main__":
    sys.exit(main())
