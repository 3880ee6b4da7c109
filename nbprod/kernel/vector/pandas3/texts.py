"""Text: what ``.str`` does in pandas."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ..texts import NAN, _texts
from ..values import as_objects

UNLIKE = re.compile(
    r"[\xaa\xba\xbc-\xbe\xdf\u0130\u0149\u019b\u01c4-\u01cc\u01f0-\u01f3\u0250-\u0390\u03a3\u03b0\u0530-\U0010ffff]"
)
CHANGES = frozenset("lower upper title capitalize swapcase".split())
TESTS = frozenset(
    "isalpha isalnum isspace isnumeric isdecimal isdigit islower isupper istitle".split()
)


def each_text(values: np.ndarray, function: Callable[[str], Any]) -> np.ndarray:
    """Return ``function`` of each text; what is no text is missing, (n,).

    Raises:
        AttributeError: the column is no text.
    """
    change = _of_arrow(function)
    return as_objects([change(v) if isinstance(v, str) else NAN for v in _texts(values)])


def _of_arrow(function: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a method of ``str`` that asks Arrow, as pandas does, about letters beyond most of Europe's.

    Arrow may change or name those otherwise than Python. Other functions stay as they are.
    """
    name = getattr(function, "__name__", "")
    if name not in CHANGES | TESTS:
        return function
    arrow = f"utf8_{name}" if name in CHANGES else f"utf8_is_{name.removeprefix('is')}"

    def changed(text: str) -> Any:
        if not UNLIKE.search(text):
            return function(text)
        from pyarrow import compute  # late: few services ever need it

        return getattr(compute, arrow)(text).as_py()

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
