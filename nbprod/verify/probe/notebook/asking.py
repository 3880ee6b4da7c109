"""Ask the function of a ``predict`` cell for every request that the notebook's own data knows of."""

from __future__ import annotations

import ast
from typing import Any, Optional

from .. import tables

MOST_ANSWERED = 2000  # as in the package: evenly spaced where the data knows more


class Asking:
    """Keeps the rows of the data source as they were read, and asks once the cell has run."""

    def __init__(self, plan: dict[str, Any], cell: int) -> None:
        self.plan = plan
        self.cell = cell
        self._rows: Any = None

    def read(self, cell: int, line: int, result: Any) -> None:
        """Take a copy of what the call that reads the source returned."""
        if (cell, line) == (self.plan["source_cell"], self.plan["source_line"]):
            self._keep(result)

    def after(self, cell: int, node: ast.stmt, names: dict[str, Any]) -> None:
        """Take the source from its variable, where no call was seen that reads it."""
        lines = [getattr(part, "lineno", node.lineno) for part in ast.walk(node)]
        inside = min(lines) <= self.plan["source_line"] <= max(lines)
        if self._rows is None and cell == self.plan["source_cell"] and inside:
            self._keep(names.get(self.plan["source"]))

    def _keep(self, value: Any) -> None:
        if hasattr(value, "columns") and hasattr(value, "copy"):
            self._rows = value.copy()

    def ask(self, names: dict[str, Any]) -> Optional[dict[str, Any]]:  # noqa: UP045  Python 3.7
        """Return requests and answers, None when the data was not seen.

        Raises:
            Exception: whatever the notebook's function raises for a request of its own data.
        """
        if self._rows is None:
            return None
        function = names[self.plan["function"]]
        requests = list(self._requests())
        answers = [plain(self._called(function, request)) for _, request in requests]
        again = [plain(self._called(function, request)) for _, request in requests[:20]]
        return {
            "labels": [label for label, _ in requests],
            "answers": answers,
            "repeats": again == answers[:20],
            "others": list(self._others(function, [request for _, request in requests])),
        }

    def _others(self, function: Any, requests: list[Any]) -> Any:
        """Yield requests that the data does not know, with their answers where the function has one."""
        if self.plan["form"] != "fields" or not requests:
            return
        for field in self.plan["fields"]:
            values = [request[field["name"]] for request in requests]
            for value in _strange(values, bool(field["column"])):
                request = dict(requests[0])
                request[field["name"]] = value
                try:
                    yield {"request": request, "answer": plain(self._called(function, request))}
                except Exception:  # noqa: BLE001  a request may be refused
                    continue

    def _requests(self) -> Any:
        if self.plan["form"] != "fields":
            rows = self._rows.iloc[:: _step(len(self._rows))]
            for place in range(len(rows)):
                yield rows.index[place], _row(rows, place, self.plan["form"])
            return
        known = [field for field in self.plan["fields"] if field["column"]]
        rows = self._rows[[field["column"] for field in known]].dropna().drop_duplicates()
        constants = {f["name"]: f["value"] for f in self.plan["fields"] if not f["column"]}
        columns = [rows[field["column"]].tolist() for field in known]
        values = list(zip(*columns))  # noqa: B905
        step = _step(len(values))
        for place in range(0, len(values), step):
            given = {f["name"]: v for f, v in zip(known, values[place])}  # noqa: B905
            given.update(constants)
            yield place, given

    def _called(self, function: Any, request: Any) -> Any:
        form = self.plan["form"]
        if form == "fields":
            return function(**request)
        answer = function(request)
        if form != "frame":
            return answer
        if hasattr(answer, "iloc"):
            return answer.iloc[0]
        has_one = hasattr(answer, "__len__") and not isinstance(answer, str)
        return answer[0] if has_one else answer


def _row(rows: Any, place: int, form: str) -> Any:
    if form == "frame":
        return rows.iloc[[place]].copy()
    row = rows.iloc[place].copy()
    return row.to_dict() if form == "dict" else row


def _strange(values: list[Any], known: bool) -> list[Any]:
    """Return values that are none of ``values``, or, of a parameter with a default, other ones."""
    first = values[0]
    if isinstance(first, bool):
        return [] if known else [not first]
    if isinstance(first, str):
        return ["somebody new"] if known else []
    if isinstance(first, (int, float)):
        return [max(values) + 1] if known else [first * 2, type(first)(1)]
    return []


def _step(count: int) -> int:
    return -(-count // MOST_ANSWERED) or 1


def plain(value: Any) -> Any:
    """Return an answer in the values of JSON, by the rules of ``plain_answer`` in the package."""
    import numpy as np
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        return [plain(row) for row in value.to_dict("records")]
    if isinstance(value, pd.Series):
        counted = isinstance(value.index, pd.RangeIndex)
        value = value.tolist() if counted else dict(zip(value.index, value.tolist()))  # noqa: B905
    if isinstance(value, (np.generic, np.ndarray, pd.Index)):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=repr)
    if value is None or value is pd.NaT or value is getattr(pd, "NA", None) or value != value:
        return None
    if isinstance(value, (str, bool, int, float)):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    kind = type(value).__name__
    raise TypeError("an answer holds a " + kind + ", for which JSON has no value")


def as_table(answers: list[Any], labels: list[Any]) -> tables.Table:
    """Return answers as the one feature of their requests."""
    import pandas as pd

    return tables.table(pd.DataFrame({"answer": pd.Series(answers, index=labels, dtype=object)}))  # type: ignore[return-value]
