"""V6: a row that travels as JSON gives the same features."""

from __future__ import annotations

import json

from ... import comparison
from ..case import FAILED, PROVEN, SKIPPED, Case, Outcome
from ..sampling import chosen
from ..wording import difference, error, finding

ID, NAME = "V6", "JSON transport"
MOST_ROWS = 40


def check(case: Case) -> Outcome:
    """Send rows through JSON text and the schema, one by one."""
    known = case.known
    if not len(known):
        return Outcome(SKIPPED, "no row of X could be traced to a raw row")
    places = known[chosen(case.raw, case.positions[known])][:MOST_ROWS]
    texts = [json.dumps(record) for record in case.records(case.positions[places])]
    for place, text in zip(places.tolist(), texts, strict=True):
        row = f"row {case.raw.index[case.positions[place]]}"
        try:
            frame = case.schema.frame([json.loads(text)])
            found = case.as_table(case.package.features.transform(frame, case.state))
            expected = case.alone(int(case.positions[place]))
        except Exception as problem:  # noqa: BLE001  the package under judgement may raise anything
            message = f"{row} as JSON: {error(problem)}"
            return Outcome(
                FAILED, message, (finding("E-DTYPE", message, **case.place_of(problem)),)
            )
        differs = comparison.differences(expected, found)
        if differs.any():
            what = difference(expected, found, differs, [row])
            return Outcome(FAILED, what, (finding("E-DTYPE", f"as JSON, {what}"),))
    return Outcome(PROVEN, f"{len(places)} rows through JSON and back")
