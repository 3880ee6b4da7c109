"""The identity of a notebook: what a person wrote, not what a run left behind."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from nbprod.notebook.values import Cell


def content_hash(cells: Iterable[Cell]) -> str:
    """Return the SHA-256 of cell kinds, sources and tags; outputs, counts and ids do not matter.

    Empty cells do not count, nor does white space at the end of a cell: editors and cleaners add and
    remove both.
    """
    content = [
        [cell.kind, cell.source.rstrip(), sorted(cell.tags)]
        for cell in cells
        if cell.source.strip()
    ]
    encoded = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(encoded.encode("utf-8", "surrogatepass")).hexdigest()


__all__ = ["content_hash"]
