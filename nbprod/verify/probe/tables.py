"""Features, labels and answers in one comparable form, whatever type the notebook used.

A ``Table`` has n rows and any number of columns: numbers as one matrix of float64 (or a sparse
matrix), everything else as columns of plain objects. Tables are stored as npz and JSON, not pickled.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

Array = Any  # numpy.ndarray, which has no types where NumPy is not installed
RTOL = 1e-8
ATOL = 1e-10


class Table:
    """n rows of features.

    ``numbers`` is (n, len(number_at)) float64 or sparse; ``objects`` maps a column's place to (n,)
    objects. ``exact`` marks the number columns of integers and booleans. ``labels`` are the row labels,
    (n,) objects, where the value had any; ``names`` and ``dtypes`` have one entry a column.
    """

    def __init__(
        self,
        numbers: Any,
        number_at: list[int],
        objects: dict[int, Array],
        dtypes: list[str],
        names: list[str] | None = None,
        labels: Array | None = None,
        kind: str = "array",
    ) -> None:
        self.numbers = numbers
        self.number_at = number_at
        self.objects = objects
        self.dtypes = dtypes
        self.names = names
        self.labels = labels
        self.kind = kind
        self.exact = np.array(
            [not dtypes[i].startswith(("float", "complex")) for i in number_at], bool
        )

    @property
    def rows(self) -> int:
        return int(self.numbers.shape[0])

    @property
    def width(self) -> int:
        return len(self.number_at) + len(self.objects)

    def name(self, column: int) -> str:
        """Return the name of a column, or its place."""
        return self.names[column] if self.names is not None else "column %d" % column  # noqa: UP031

    def take(self, positions: Any) -> Table:
        """Return the rows at ``positions``."""
        positions = np.asarray(positions, dtype=np.int64)
        return Table(
            self.numbers[positions],
            self.number_at,
            {i: column[positions] for i, column in self.objects.items()},
            self.dtypes,
            self.names,
            None if self.labels is None else self.labels[positions],
            self.kind,
        )

    def cell(self, row: int, column: int) -> Any:
        """Return one value as a plain object."""
        if column in self.objects:
            return self.objects[column][row]
        value = self.numbers[row, self.number_at.index(column)]
        return float(value)

    def array(self) -> Array:
        """Return the values as one array, (rows,) or (rows, width), in the type they had."""
        if self.objects and not self.number_at:
            whole = np.column_stack([self.objects[i] for i in sorted(self.objects)])
        else:
            whole = _dense(self.numbers)
            dtype = self.dtypes[0]
            if dtype.startswith(("int", "uint", "bool")) and not np.isnan(whole).any():
                whole = whole.astype(dtype)
        return whole[:, 0] if self.width == 1 else whole

    def has_missing(self) -> Array:
        """Return which columns have a missing value, (width,)."""
        found: Array = np.zeros(self.width, dtype=bool)
        dense = _dense(self.numbers)
        found[self.number_at] = np.isnan(dense).any(axis=0) if dense.size else False
        for i, column in self.objects.items():
            found[i] = any(value is None for value in column)
        return found


def stacked(parts: list[Table]) -> Table:
    """Return tables of equal columns below each other."""
    first = parts[0]
    if hasattr(first.numbers, "tocsr"):
        from scipy.sparse import vstack

        numbers = vstack([part.numbers for part in parts]).tocsr()
    else:
        numbers = np.concatenate([part.numbers for part in parts])
    objects = {i: np.concatenate([part.objects[i] for part in parts]) for i in first.objects}
    return Table(numbers, first.number_at, objects, first.dtypes, first.names, None, first.kind)


def table(value: Any) -> Table | None:
    """Return ``value`` as a table; None for what has no rows (None, a scalar, an unknown type)."""
    if hasattr(value, "tocsr") and hasattr(value, "nnz"):
        matrix = value.tocsr()
        width = matrix.shape[1]
        return Table(
            matrix.astype(np.float64),
            list(range(width)),
            {},
            [str(matrix.dtype)] * width,
            kind="sparse",
        )
    module = type(value).__module__.split(".")[0]
    if module == "pandas":
        return _from_pandas(value)
    if isinstance(value, (list, tuple)):
        value = _as_array(value)
    elif hasattr(value, "__array__") and not isinstance(value, np.ndarray):
        value = np.asarray(value)
    if not isinstance(value, np.ndarray) or value.ndim == 0:
        return None
    flat = value.reshape(value.shape[0], -1)
    return _from_columns(
        [(flat[:, i], str(value.dtype)) for i in range(flat.shape[1])], flat.shape[0], flat
    )


def _as_array(value: Any) -> Array | None:
    try:
        array = np.asarray(value)
    except ValueError:
        array = np.empty(len(value), dtype=object)
        array[:] = value
    if array.dtype.kind in "US":
        array = array.astype(object)
    return array


def _from_pandas(value: Any) -> Table | None:
    if not hasattr(value, "index") and hasattr(value, "to_numpy"):  # an Index or an extension array
        return table(np.asarray(value.to_numpy()))
    if not hasattr(value, "index"):
        return table(np.asarray(value))
    if hasattr(value, "columns"):
        columns = [value.iloc[:, i] for i in range(value.shape[1])]
        names = [_name(name) for name in value.columns]
    else:
        columns = [value]
        names = [_name(value.name)]
    pairs = [(_plain(column), str(column.dtype)) for column in columns]
    found = _from_columns(pairs, len(value), None)
    found.names = names
    found.labels = _objects(np.asarray(value.index, dtype=object))
    found.kind = "frame" if hasattr(value, "columns") else "series"
    return found


def _name(name: Any) -> str:
    return "" if name is None else str(name)


def _plain(column: Any) -> Array:
    if isinstance(column.dtype, np.dtype):
        return np.asarray(column.values)
    if str(column.dtype) == "category":
        return np.asarray(column.astype(object).values)
    if str(column.dtype).startswith(("Int", "UInt", "Float", "boolean", "Sparse")):
        return np.asarray(column.astype(object).where(column.notna(), np.nan), dtype=np.float64)
    return np.asarray(column.astype(object).values)


def _from_columns(columns: Any, rows: int, whole: Array | None) -> Table:
    dtypes = [dtype for _, dtype in columns]
    if whole is not None and whole.dtype.kind in "biuf":
        return Table(whole.astype(np.float64), list(range(len(dtypes))), {}, dtypes)
    number_at, objects, numbers = [], {}, []
    for i, (values, _) in enumerate(columns):
        if values.dtype.kind in "biuf":
            number_at.append(i)
            numbers.append(values.astype(np.float64))
        elif values.dtype.kind in "mM":
            number_at.append(i)
            stamps = values.astype(values.dtype.str[:2] + "[ns]").view(np.int64)
            numbers.append(np.where(np.isnat(values), np.nan, stamps.astype(np.float64)))
        else:
            objects[i] = _objects(values)
    matrix = np.column_stack(numbers) if numbers else np.empty((rows, 0))
    return Table(matrix, number_at, objects, dtypes)


def _objects(values: Array) -> Array:
    found: Array = np.empty(len(values), dtype=object)
    found[:] = [_canonical(value) for value in values.tolist()]
    return found


def _canonical(value: Any) -> Any:
    """Return a value that JSON keeps as it is; missing values of every kind become None."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, float):
        return None if value != value else value
    if type(value).__name__ in ("NaTType", "NAType"):
        return None
    if isinstance(value, (list, tuple)):
        return [_canonical(item) for item in value]
    return str(value)


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


def _dense(numbers: Any) -> Array:
    return numbers.toarray() if hasattr(numbers, "toarray") else numbers


def differences(expected: Table, actual: Table) -> Array:
    """Return where two tables of equal shape differ, (rows, width) of bool.

    Integers, booleans and text must be equal, floats within 1e-8 relative and 1e-10 absolute; missing
    equals missing.
    """
    found: Array = np.zeros((expected.rows, expected.width), dtype=bool)
    both = [i for i in expected.number_at if i in set(actual.number_at)]
    if both == expected.number_at == actual.number_at:
        found[:, both] = _numbers_differ(
            expected.numbers, actual.numbers, expected.exact & actual.exact
        )
        rest = list(expected.objects)
    else:
        rest = list(range(expected.width))
    for i in rest:
        left, right = _column(expected, i), _column(actual, i)
        found[:, i] = [not _same(a, b) for a, b in zip(left, right)]  # noqa: B905
    return found


def _numbers_differ(left: Any, right: Any, exact: Array) -> Array:
    if hasattr(left, "toarray") and hasattr(right, "toarray") and left.shape[0] > 1000:
        parts = [
            _numbers_differ(left[i : i + 1000].toarray(), right[i : i + 1000].toarray(), exact)
            for i in range(0, left.shape[0], 1000)
        ]
        return np.concatenate(parts)
    left, right = _dense(left), _dense(right)
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(left - right) <= ATOL + RTOL * np.abs(left)
    same = np.where(exact, left == right, near | (left == right))
    return ~(same | (np.isnan(left) & np.isnan(right)))


def _column(found: Table, column: int) -> Any:
    if column in found.objects:
        return found.objects[column]
    values = _dense(found.numbers[:, [found.number_at.index(column)]]).ravel()
    return [None if value != value else float(value) for value in values]


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return left == right or abs(left - right) <= ATOL + RTOL * abs(left)
    return bool(left == right)
