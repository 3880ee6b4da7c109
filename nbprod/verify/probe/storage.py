"""Tables on disk: numbers as npz, everything else as JSON; nothing is pickled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from .tables import Array, Table


def save(found: Table, folder: str, name: str) -> dict[str, Any]:
    """Write a table into ``folder`` and return what ``load`` needs."""
    arrays = {}
    if hasattr(found.numbers, "tocsr"):
        csr = found.numbers
        arrays = {"data": csr.data, "indices": csr.indices, "indptr": csr.indptr}
        sparse = True
    else:
        arrays = {"numbers": found.numbers}
        sparse = False
    np.savez(Path(folder, name + ".npz"), **arrays)
    document = {
        "objects": {str(i): column.tolist() for i, column in found.objects.items()},
        "labels": None if found.labels is None else found.labels.tolist(),
    }
    Path(folder, name + ".json").write_text(json.dumps(document), "utf-8")
    return {
        "name": name,
        "rows": found.rows,
        "width": found.width,
        "sparse": sparse,
        "number_at": found.number_at,
        "dtypes": found.dtypes,
        "names": found.names,
        "kind": found.kind,
    }


def load(described: dict[str, Any], folder: str) -> Table:
    """Read what ``save`` wrote."""
    base = str(Path(folder, described["name"]))
    with np.load(base + ".npz", allow_pickle=False) as arrays:
        if described["sparse"]:
            from scipy.sparse import csr_matrix

            shape = (described["rows"], len(described["number_at"]))
            numbers = csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=shape)
        else:
            numbers = arrays["numbers"]
    document = json.loads(Path(base + ".json").read_text("utf-8"))
    objects = {int(i): _array(column) for i, column in document["objects"].items()}
    labels = None if document["labels"] is None else _array(document["labels"])
    return Table(
        numbers,
        described["number_at"],
        objects,
        described["dtypes"],
        described["names"],
        labels,
        described["kind"],
    )


def _array(values: list[Any]) -> Array:
    found: Array = np.empty(len(values), dtype=object)
    found[:] = values
    return found
