"""Text: what ``.str`` does in pandas."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ..texts import NAN, _texts
from ..values import as_objects

ARROW = {  # letters beyond ASCII are changed by Arrow, which knows others than Python
    "lower": "utf8_lower", "upper": "utf8_upper", "title": "utf8_title", "capitalize": "utf8_capitalize",
    "swapcase": "utf8_swapcase", "isalpha": "utf8_is_alpha", "isalnum": "utf8_is_alnum", "isspace": "utf8_is_space",
    "isnumeric": "utf8_is_numeric", "isdecimal": "utf8_is_decimal", "isdigit": "utf8_is_digit",
    "islower": "utf8_is_lower", "isupper": "utf8_is_upper", "istitle": "utf8_is_title",
}  # fmt: skip


def each_text(values: np.ndarray, function: Callable[[str], Any]) -> np.ndarray:
    """Return ``function`` of each text; what is no text is missing, (n,).

    Raises:
        AttributeError: the column is no text.
    """
    change = _of_arrow(function)
    return as_objects([change(v) if isinstance(v, str) else NAN for v in _texts(values)])


def _of_arrow(function: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a method of ``str`` as Arrow has it; other functions stay as they are."""
    name = ARROW.get(getattr(function, "__name__", ""))
    if name is None:
        return function

    def changed(text: str) -> Any:
        if text.isascii():
            return function(text)
        from pyarrow import compute  # late: few services ever need it

        return getattr(compute, name)(text).as_py()

    return changed


def text_is(values: np.ndarray, test: Callable[[str], bool]) -> np.ndarray:
    """Return a test such as ``str.isdigit`` of each text, false without a text, (n,) of bool."""
    return _truth(values, _of_arrow(test), NAN)


def _truth(values: np.ndarray, test: Callable[[str], bool], na: Any) -> np.ndarray:
    items = _texts(values)
    if (na is None or na != na) and all(isinstance(v, str) or v is None or v != v for v in items):
        na = False
    found = [test(v) if isinstance(v, str) else na for v in items]
    if all(isinstance(v, bool) for v in found):
        return np.array(found, dtype=bool)
    return as_objects(found)


def _numbers(found: list[Any]) -> np.ndarray:
    whole = all(isinstance(v, int) for v in found)
    return np.array(found, dtype=np.int64 if whole else np.float64)


def _group(match: re.Match[str] | None) -> Any:
    found = None if match is None else match.group(1)
    return NAN if found is None else found


def split_text(values: np.ndarray, separator: str | None = None, limit: int = -1) -> np.ndarray:
    """Return each text cut into a list, numbers where there is none, (n,)."""
    return _pieces(values, lambda v: v.split(separator, limit))


def split_by_pattern(values: np.ndarray, pattern: str, limit: int = 0) -> np.ndarray:
    """Return each text cut into a list where a pattern matches, numbers where there is none, (n,)."""
    cut = re.compile(pattern).split
    return _pieces(values, lambda v: cut(v, maxsplit=limit))


def _pieces(values: np.ndarray, cut: Callable[[str], list[str | Any]]) -> np.ndarray:
    found = [cut(v) if isinstance(v, str) else NAN for v in _texts(values)]
    if found and not any(isinstance(v, list) for v in found):
        return np.array(found, dtype=np.float64)
    return as_objects(found)


def piece(values: np.ndarray, place: int) -> np.ndarray:
    """Return the character of each text or the entry of each list at a position, missing without one, (n,)."""
    items = _texts(values)
    found = [
        v[place] if isinstance(v, (str, list)) and -len(v) <= place < len(v) else NAN for v in items
    ]
    if any(isinstance(v, list) for v in items) and all(isinstance(v, float) for v in found):
        return np.array(found, dtype=np.float64)
    return as_objects(found)


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
    return as_objects([v[place] if isinstance(v, list) and len(v) > place else NAN for v in items])
