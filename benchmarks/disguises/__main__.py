"""Convert and verify every case, judge what is verified once more, and print a line for each."""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.disguises.cases import DISGUISE, Case, cases, write
from benchmarks.oracle import judge
from nbprod.findings import Finding, NotebookError, Severity
from nbprod.pipeline import convert
from nbprod.verify import verify
from nbprod.verify.proof import HIDDEN_INPUTS


@dataclass(frozen=True)
class Seen:
    """What became of a case: ``level`` of the verdict, the finding that names the statement, what the oracle saw."""

    case: Case
    level: str
    named: Finding | None
    oracle: str = ""

    @property
    def problem(self) -> str:
        """Why this must not be so, or an empty text."""
        green = self.level in ("proven", "verified")
        if green and (self.case.never or self.oracle.startswith("differs")):
            return "WRONG"
        return "" if green or self.named else "UNNAMED"

    def __str__(self) -> str:
        code = self.named.code if self.named else "-"
        place = str(self.named.origin or "-") if self.named else "-"
        marks = f"{self.oracle:8}{self.problem}"
        return f"{self.case.family:11}{self.case.name:46}{self.level:12}{code:17}{place:12}{marks}"


def seen(case: Case, *, static: bool) -> Seen:
    """Convert and verify one case in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="disguise-", ignore_cleanup_errors=True) as temporary:
        notebook = write(case, Path(temporary))
        try:
            result = convert(notebook)
        except NotebookError as refusal:
            code = refusal.message.partition(":")[0]
            return Seen(case, "refused", Finding(code, refusal.message, refusal.origin))
        named = _named(result.findings)
        if named or result.written is None:
            return Seen(case, "refused", named)
        if static:
            return Seen(case, "-", None)
        verdict = verify(notebook, result.target, timeout=600.0)
        if verdict.exit_code:
            return Seen(case, verdict.level, _named(verdict.findings, hidden=True))
        judged = judge(notebook, result.target, most=0)
        return Seen(case, verdict.level, None, _told(judged))


def _told(judged: Mapping[str, Any]) -> str:
    """Return what the oracle saw: ``equal``, ``differs ...``, or that it could not tell rows from each other."""
    if judged.get("error") or judged["wrong"] or judged["refused"]:
        return f"differs {judged.get('error') or judged['wrong'] or judged['refused']}"
    return "equal" if judged["rows"] else "unmatched"


def _named(findings: Sequence[Finding], *, hidden: bool = False) -> Finding | None:
    """Return the finding that names the cell of the disguise; of warnings only those that bar a certificate (``hidden``)."""
    codes = (*HIDDEN_INPUTS, "W-TESTPATH-DIFFERS") if hidden else ()
    return next(
        (
            f
            for f in findings
            if (f.severity is Severity.ERROR or f.code in codes)
            and f.origin is not None
            and f.origin.cell == DISGUISE
        ),
        None,
    )


def main() -> int:
    """Print a line a case and the sums; exit code 1 when one is verified wrongly or not named."""
    parser = argparse.ArgumentParser(description="Convert and verify features in disguise.")
    parser.add_argument("--only", default="", help="a regular expression for `family name`")
    parser.add_argument("--static", action="store_true", help="only convert")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    chosen = [c for c in cases() if re.search(options.only, f"{c.family} {c.name}")]
    found = []
    with ThreadPoolExecutor(options.jobs) as pool:
        for one in pool.map(lambda case: seen(case, static=options.static), chosen):
            print(one, flush=True)
            found.append(one)
    levels, problems = (
        Counter(s.level for s in found),
        Counter(s.problem for s in found if s.problem),
    )
    print(
        f"{len(found)} cases: {_counted(levels)}; {_counted(problems) or 'none wrong, all named'}"
    )
    return 1 if problems else 0


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {name.lower()}" for name, number in counts.most_common())


if __name__ == "__main__":
    sys.exit(main())
