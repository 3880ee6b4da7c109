"""Text: what ``.str`` does in pandas."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from .values import as_objects

NAN = np.nan


def each_text(values: np.ndarray, function: Callable[[str], Any]) -> np.ndarray:
    """Return ``function`` of each text; what is no text is missing, (n,).

    Raises:
        AttributeError: the column is no text.
    """
    return as_objects([function(v) if isinstance(v, str) else NAN for v in _texts(values)])


def join_texts(left: Any, right: Any) -> np.ndarray:
    """Return two texts joined, row by row; missing where one of them is."""
    count = len(left) if isinstance(left, np.ndarray) else len(right)
    one = _texts(left) if isinstance(left, np.ndarray) else [left] * count
    two = _texts(right) if isinstance(right, np.ndarray) else [right] * count
    return as_objects([a + b if _is(a) and _is(b) else NAN for a, b in zip(one, two, strict=True)])


def extract(values: np.ndarray, pattern: str, flags: int = 0) -> np.ndarray:
    """Return the first group of the first match in each text, missing without one, (n,)."""
    search = re.compile(pattern, flags).search
    return as_objects([_group(search(v)) if isinstance(v, str) else NAN for v in _texts(values)])


def contains(
    values: np.ndarray, pattern: str, *, regex: bool = True, case: bool = True, na: Any = NAN
) -> np.ndarray:
    """Return whether each text contains the pattern, bool unless a value is missing, (n,)."""
    if regex:
        search = re.compile(pattern, 0 if case else re.IGNORECASE).search
        return _truth(values, lambda v: search(v) is not None, na)
    if not case:
        upper = pattern.upper()
        return _truth(values, lambda v: upper in v.upper(), na)
    return _truth(values, lambda v: pattern in v, na)


def starts_with(values: np.ndarray, start: Any, na: Any = NAN) -> np.ndarray:
    """Return whether each text starts so, bool unless a value is missing, (n,)."""
    return _truth(values, lambda v: v.startswith(start), na)


def ends_with(values: np.ndarray, end: Any, na: Any = NAN) -> np.ndarray:
    """Return whether each text ends so, bool unless a value is missing, (n,)."""
    return _truth(values, lambda v: v.endswith(end), na)


def text_is(values: np.ndarray, test: Callable[[str], bool]) -> np.ndarray:
    """Return a test such as ``str.isdigit`` of each text, bool unless a value is missing, (n,)."""
    return _truth(values, test, NAN)


def replace_text(values: np.ndarray, old: str, new: str, *, regex: bool = False) -> np.ndarray:
    """Return the texts with every ``old`` replaced by ``new``, (n,)."""
    if regex:
        sub = re.compile(old).sub
        return each_text(values, lambda v: sub(new, v))
    return each_text(values, lambda v: v.replace(old, new))


def text_length(values: np.ndarray) -> np.ndarray:
    """Return the length of each text, int64 unless a value is missing, then float64, (n,)."""
    found = [len(v) if isinstance(v, (str, list)) else NAN for v in _texts(values)]
    return _numbers(found)


def count_in_text(values: np.ndarray, pattern: str) -> np.ndarray:
    """Return the number of matches in each text, int64 unless a value is missing, then float64, (n,)."""
    search = re.compile(pattern).findall
    return _numbers([len(search(v)) if isinstance(v, str) else NAN for v in _texts(values)])


def split_text(values: np.ndarray, separator: str | None = None, limit: int = -1) -> np.ndarray:
    """Return each text cut into a list, (n,)."""
    return each_text(values, lambda v: v.split(separator, limit))


def split_by_pattern(values: np.ndarray, pattern: str, limit: int = 0) -> np.ndarray:
    """Return each text cut into a list where a pattern matches, (n,)."""
    cut = re.compile(pattern).split
    return each_text(values, lambda v: cut(v, maxsplit=limit))


def piece(values: np.ndarray, place: int) -> np.ndarray:
    """Return the character of each text or the entry of each list at a position, missing without one, (n,)."""
    items = _texts(values)
    found = [
        v[place] if isinstance(v, (str, list)) and -len(v) <= place < len(v) else NAN for v in items
    ]
    nothing = all(isinstance(v, float) for v in found)
    if nothing and any(isinstance(v, (str, list)) for v in items):
        return np.array(found, dtype=np.float64)
    return as_objects(found)


def part(
    values: np.ndarray, start: int | None = None, stop: int | None = None, step: int | None = None
) -> np.ndarray:
    """Return a slice of each text or list, (n,)."""
    chosen = slice(start, stop, step)
    return as_objects([v[chosen] if isinstance(v, (str, list)) else NAN for v in _texts(values)])


def _texts(values: np.ndarray) -> list[Any]:
    if values.dtype.kind not in "OU":
        raise AttributeError(f"text functions of {values.dtype}")
    items: list[Any] = values.tolist()
    return items


def _group(match: re.Match[str] | None) -> Any:
    if match is None:
        return NAN
    return match.group(1)


def _truth(values: np.ndarray, test: Callable[[str], bool], na: Any) -> np.ndarray:
    found = [test(v) if isinstance(v, str) else na for v in _texts(values)]
    if all(isinstance(v, bool) for v in found):
        return np.array(found, dtype=bool)
    return as_objects(found)


def _numbers(found: list[Any]) -> np.ndarray:
    whole = all(isinstance(v, int) for v in found)
    if not whole and not any(isinstance(v, int) for v in found):
        return as_objects(found)
    return np.array(found, dtype=np.int64 if whole else np.float64)


def _is(value: Any) -> bool:
    return value is not None and value == value


def join_pieces(values: np.ndarray, separator: str) -> np.ndarray:
    """Return the pieces of each list (or the letters of each text) joined, (n,).

    Raises:
        TypeError: a list holds something that is no text.
    """
    return as_objects(
        [separator.join(v) if isinstance(v, (str, list)) else NAN for v in _texts(values)]
    )


def piece_of_all(values: np.ndarray, place: int) -> np.ndarray:
    """Return the column at a position of the frame that pandas makes of lists of pieces, (n,).

    Raises:
        KeyError: no list has so many pieces.
    """
    items = values.tolist()
    lists = [v for v in items if isinstance(v, list)]
    if items and not lists and place == 0:
        return as_objects(items)
    if not any(len(v) > place for v in lists):
        raise KeyError(place)
    return as_objects(
        [(v[place] if len(v) > place else None) if isinstance(v, list) else NAN for v in items]
    )
