"""The findings of the README."""

from __future__ import annotations

from collections.abc import Iterable

from nbprod.findings import Finding

OFTEN = 2  # findings of one code that are told one by one


def told(findings: Iterable[Finding]) -> list[str]:
    """Return a line a finding; one that comes up often names its places and the first of its messages."""
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        if not finding.code.startswith("I-"):
            by_code.setdefault(finding.code, []).append(finding)
    lines = []
    for code, same in by_code.items():
        if len(same) <= OFTEN:
            lines += [
                " ".join([code, *map(str, filter(None, [f.origin])), f.message]) for f in same
            ]
        else:
            places = ", ".join(dict.fromkeys(str(f.origin) for f in same if f.origin))
            lines.append(f"{code} {len(same)} times ({places}), first: {same[0].message}")
    return lines
