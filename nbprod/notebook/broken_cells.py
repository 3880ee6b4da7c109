"""Decide whether a cell that does not parse matters for what is served.

Such a cell cannot have run. It refuses the conversion only when it would have made or changed a name that
the statements on the way to the model read; otherwise it is left out with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from nbprod.findings import Finding
from nbprod.notebook.values import Notebook

_NAME = re.compile(r"[^\W\d]\w*")
_DEFINED = re.compile(r"^\s*(?:async\s+)?(?:def|class)\s+(\w+)")
_IMPORTED = re.compile(r"^\s*(?:from\s+[\w.]+\s+)?import\s+(.+)$")
_ASSIGNED = re.compile(r"^\s*(?P<target>[^\W\d][^=#]*?)\s*(?:[-+*/%&|^@]|//|\*\*|>>|<<|:)?=(?!=)")
_IN_PLACE = re.compile(r"^\s*(?P<name>[^\W\d]\w*)\b.*\binplace\s*=\s*True")


def judge(
    findings: Iterable[Finding], notebook: Notebook, served: Iterable[tuple[int, int]]
) -> tuple[Finding, ...]:
    """Return the findings with each harmless ``E-SYNTAX`` turned into ``W-SYNTAX``.

    Args:
        findings: all findings about the notebook.
        notebook: where the broken cells' text is.
        served: cell and line of each statement on the way to the model.
    """
    read = _names_read(notebook, served)
    judged: list[Finding] = []
    for finding in findings:
        if finding.code == "E-SYNTAX" and finding.origin is not None:
            touched = names_bound(notebook.cell(finding.origin.cell).source) & read
            if touched:
                names = ", ".join(sorted(touched))
                message = f"{finding.message}; the model depends on {names}, which it sets"
                judged.append(replace(finding, message=message))
                continue
            finding = replace(
                finding,
                code="W-SYNTAX",
                message=f"{finding.message}; the cell is left out, nothing that is served needs it",
            )
        judged.append(finding)
    return tuple(judged)


def names_bound(source: str) -> frozenset[str]:
    """Return the names that a text, valid Python or not, seems to define, import or change."""
    bound: set[str] = set()
    for line in source.split("\n"):
        if found := _DEFINED.match(line):
            bound.add(found[1])
        elif found := _IMPORTED.match(line):
            bound.update(_NAME.findall(found[1]))
        elif found := _IN_PLACE.match(line):
            bound.add(found["name"])
        elif found := _ASSIGNED.match(line):
            targets = re.sub(r"[\[(].*", "", found["target"])  # df.loc[mask, 'a'] changes df
            bound.update(
                _NAME.findall(part)[0] for part in targets.split(",") if _NAME.search(part)
            )
    return frozenset(bound - {"as"})


def _names_read(notebook: Notebook, served: Iterable[tuple[int, int]]) -> frozenset[str]:
    """Return the names on the lines from each served statement to the next statement's blank line."""
    names: set[str] = set()
    for cell, line in served:
        lines = notebook.cell(cell).code.split("\n")
        names.update(_NAME.findall(lines[line - 1]))
        for following in lines[line:]:
            if not following[:1].isspace() and following[:1] not in ")]}":
                break
            names.update(_NAME.findall(following))
    return frozenset(names)


__all__ = ["judge", "names_bound"]
