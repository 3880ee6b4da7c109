"""Arrange a verdict for the page; the template only prints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbprod.findings import Finding, Severity
from nbprod.verify.certificate.diagram import Step, draw
from nbprod.verify.verdict import Verdict

if TYPE_CHECKING:
    from nbprod.notebook import Notebook

_HEADLINES = {
    "proven": "This package does what the notebook did",
    "verified": "This package does what the notebook did, given the assumptions below",
    "unverified": "It is not shown that this package does what the notebook did",
    "refused": "The notebook has statements that cannot be served",
}
_LEAKS = re.compile("W-LEAK|W-TARGET|E-TARGET-LEAK|W-SNAPSHOT")


def render(verdict: Verdict, notebook: Notebook, plan: Mapping[str, Any]) -> str:
    """Return the page; everything that comes from the notebook is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    cells = {cell.number: cell.source for cell in notebook.code_cells}
    facts = verdict.facts
    used = [column for column in facts.get("raw_columns", []) if column["required"]]
    leaks = [f for f in verdict.findings if _LEAKS.match(f.code)]
    return environment.get_template("page.html.j2").render(
        level=verdict.level,
        headline=_HEADLINES[verdict.level],
        notebook=Path(notebook.path).name,
        sink=plan.get("sink", {}),
        sums=_sums(verdict),
        diagram=Markup(_diagram(verdict, plan, cells, used)),
        checks=[{**check.as_dict(), "mark": _MARKS[check.status]} for check in verdict.checks],
        findings=[_shown(f) for f in verdict.findings if f not in leaks],
        leaks=[_shown(f) for f in leaks],
        assumptions=[_assumption(one) for one in verdict.assumptions],
        sites=[
            {**site, "value": facts.get("learned", {}).get(site["field"], "")}
            for site in verdict.sites
        ],
        domain=[{**column, "known": _known(column)} for column in used],
        filters=[
            {**s, "source": _line(cells, s)}
            for s in plan.get("statements", [])
            if s["role"] == "fit"
        ],
        versions=facts.get("versions", {}),
        python=facts.get("python", ""),
        notebook_hash=facts.get("notebook_hash", "")[:12],
    )


_MARKS = {"proven": "✓", "partial": "◐", "failed": "✗", "skipped": "○", "n/a": "·"}


def _sums(verdict: Verdict) -> list[dict[str, str]]:
    facts = verdict.facts
    counted = {"proven": 0, "partial": 0, "failed": 0, "skipped": 0, "n/a": 0}
    for check in verdict.checks:
        counted[check.status] += 1
    single = next((check for check in verdict.checks if check.id == "V4"), None)
    rows = re.match(r"\d+ of \d+", single.figure) if single else None
    word = "differ" if single and single.status == "failed" else "equal"
    return [
        {
            "figure": f"{counted['proven']} of {len(verdict.checks) - counted['n/a']}",
            "text": "checks proven",
        },
        {"figure": rows[0] if rows else "?", "text": f"rows {word} when served alone"},
        {
            "figure": f"{facts.get('rows', '?')} by {facts.get('width', '?')}",
            "text": "features compared with the notebook's",
        },
        {"figure": str(len(verdict.sites)), "text": "values learned from training rows"},
        {"figure": str(len(verdict.assumptions)), "text": "assumptions"},
    ]


def _shown(finding: Finding) -> dict[str, Any]:
    severity = {Severity.ERROR: "error", Severity.WARNING: "warning"}.get(finding.severity, "note")
    return {**finding.as_dict(), "severity": severity, "place": str(finding.origin or "")}


def _assumption(one: Mapping[str, Any]) -> dict[str, str]:
    text = (
        one.get("text")
        or one.get("reason")
        or one.get("operation")
        or one.get("call")
        or str(dict(one))
    )
    place = f"cell {one['cell']}:{one.get('line', 1)}" if one.get("cell") else ""
    return {"text": str(text), "place": place}


def _known(column: Mapping[str, Any]) -> str:
    if column.get("categories"):
        return ", ".join(column["categories"])
    if column.get("minimum") is not None:
        return f"{column['minimum']:g} to {column['maximum']:g}"
    return "any"


def _line(cells: Mapping[int, str], statement: Mapping[str, Any]) -> str:
    lines = cells.get(statement["cell"], "").splitlines()
    place = statement["line"] - 1
    return lines[place].strip() if 0 <= place < len(lines) else ""


def _diagram(
    verdict: Verdict, plan: Mapping[str, Any], cells: Mapping[int, str], used: list[dict[str, Any]]
) -> str:
    serving = {"serve", "learn"}
    numbers = sorted({s["cell"] for s in plan.get("statements", []) if s["role"] in serving})
    numbers = sorted({*numbers, *(site["cell"] for site in verdict.sites if site.get("cell"))})
    names = [column["name"] for column in used]
    steps = []
    for number in numbers:
        code = cells.get(number, "")
        function = plan.get("cell_map", {}).get(f"cell {number}", "").rpartition(":")[2]
        learned = [site["field"] for site in verdict.sites if site.get("cell") == number]
        read = [n for n in names if re.search(rf"(?<![\w]){re.escape(n)}(?![\w])", code)]
        title = f"cell {number}" + (f" · {function}" if function else "")
        steps.append(Step(title, frozenset(read), tuple(dict.fromkeys(learned))))
    model = plan.get("sink", {}).get("class") or "model"
    return draw(names, steps, verdict.facts.get("features", []), str(model).rpartition(".")[2])
