"""Tell which raw row stands behind each row of a fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.oracle_terms import agree, decoded


@dataclass(frozen=True)
class Found:
    """``rows``: the raw row behind each row of the fit; ``how``: labels, split, order or unmatched."""

    how: str
    rows: tuple[int, ...] = ()

    def other_rows(
        self, call: Mapping[str, Any], splits: Sequence[Mapping[str, Any]], raw: Mapping[str, Any]
    ) -> list[int]:
        """Return the raw rows behind a prediction of rows that were not trained on, or nothing."""
        rows: list[int] = []
        if self.how == "labels":
            rows = _by_labels(raw, call["rows"], call["count"])
        elif self.how == "split":
            rows = _by_split(raw, splits, "test", call["count"])
        return [] if set(rows) & set(self.rows) else rows


def find_rows(raw: Mapping[str, Any], fit: Mapping[str, Any], target: str) -> Found:
    """Match rows by their labels, by the split they went through, or by their order.

    A match whose labels contradict the raw label column is no match; where nobody tells that column, a
    match by which some column holds the label goes before one without. Numbers from nought in a table with
    fewer rows than the raw one are no labels unless some column bears them out.
    """
    found = [Found(how, tuple(rows)) for how, rows in _candidates(raw, fit) if rows]
    sure = [match for match in found if not _numbered(raw, fit, match)]
    if fit["y"] is None:
        return next(iter(sure), Found("unmatched"))
    if target not in raw["columns"]:
        explained = (match for match in found if label_column(raw, fit, match, ""))
        return next(explained, sure[0] if sure else Found("unmatched"))
    column = raw["columns"].index(target)
    for match in found:
        if agree(fit["y"], [raw["rows"][row][column] for row in match.rows]):
            return match
    return Found("unmatched")


def _numbered(raw: Mapping[str, Any], fit: Mapping[str, Any], found: Found) -> bool:
    """Say whether the labels behind a match may have been given anew after rows were left out."""
    seen = [fit["rows"]] if found.how == "labels" else []
    if found.how != "order":
        seen += [s["labels"] for s in fit["splits"] if s["count"] != len(raw["rows"])]
    return any(
        labels is None or list(labels) == list(range(len(labels))) != raw["labels"]
        for labels in seen
    )


def label_column(raw: Mapping[str, Any], fit: Mapping[str, Any], found: Found, told: str) -> str:
    """Return the column that holds the label: the one that is told, or the last one that encodes it."""
    if told in raw["columns"] or fit["y"] is None:
        return told
    labels = [v[0] if isinstance(v, list) and len(v) == 1 else v for v in fit["y"]]
    for position in reversed(range(len(raw["columns"]))):
        before = [raw["rows"][row][position] for row in found.rows]
        if agree(labels, before) and decoded(labels, before, labels) is not None:
            return str(raw["columns"][position])
    return ""


def _candidates(raw: Mapping[str, Any], fit: Mapping[str, Any]) -> Iterator[tuple[str, list[int]]]:
    count = fit["count"]
    yield "labels", _by_labels(raw, fit["rows"], count)
    yield "split", _by_split(raw, fit["splits"], "train", count)
    yield "order", list(range(count)) if count == len(raw["rows"]) else []


def _by_labels(raw: Mapping[str, Any], labels: Sequence[Any] | None, count: int) -> list[int]:
    place = {label: position for position, label in enumerate(raw["labels"])}
    distinct = len(place) == len(raw["rows"]) and len(set(labels or ())) == count
    if not labels or not distinct or not set(labels) <= set(place):
        return []
    return [place[label] for label in labels]


def _by_split(
    raw: Mapping[str, Any], splits: Sequence[Mapping[str, Any]], part: str, count: int
) -> list[int]:
    """Return the rows of a part of the last split; of a shorter table by the labels it had then."""
    for split in reversed(splits):
        if len(split[part]) != count:
            continue
        if split["count"] == len(raw["rows"]):
            return list(split[part])
        before = _by_labels(raw, split["labels"], split["count"])
        if before:
            return [before[position] for position in split[part]]
    return []


__all__ = ["Found", "find_rows", "label_column"]
