"""Text: what ``.str`` does in pandas."""

from __future__ import annotations

import numpy as np

from ..values import as_objects


def piece_of_all(values: np.ndarray, place: int) -> np.ndarray:
    """Return the column at a position of the frame that pandas makes of lists of pieces, (n,).

    Raises:
        KeyError: no list has so many pieces.
    """
    items = values.tolist()
    lists = [v for v in items if isinstance(v, list)]
    if items and not lists and place == 0:
        return np.array(items, dtype=np.float64)
    if not any(len(v) > place for v in lists):
        raise KeyError(place)
    return as_objects(
        [(v[place] if len(v) > place else None) if isinstance(v, list) else np.nan for v in items]
    )
