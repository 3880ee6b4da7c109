"""Features, labels and answers in one comparable form, whatever type the notebook used.

A ``Table`` has n rows and any number of columns: numbers as one matrix of float64 (or a sparse
matrix), everything else as columns of plain objects.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any  # numpy.ndarray, which has no types where NumPy is not installed


class Table:
    """n rows of features.

    ``numbers`` is (n, len(number_at)) float64 or sparse; ``objects`` maps a column's place to (n,)
    objects. ``labels`` are the row labels,
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

    @property
    def exact(self) -> Array:
        """Return which number columns are integers or booleans, (len(number_at),)."""
        kinds = {dtype: not dtype.startswith(("float", "complex")) for dtype in set(self.dtypes)}
        return np.array([kinds[self.dtypes[i]] for i in self.number_at], bool)

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
            whole = dense(self.numbers)
            dtype = self.dtypes[0]
            if dtype.startswith(("int", "uint", "bool")) and not np.isnan(whole).any():
                whole = whole.astype(dtype)
        return whole[:, 0] if self.width == 1 else whole

    def has_missing(self) -> Array:
        """Return which columns have a missing value, (width,)."""
        found: Array = np.zeros(self.width, dtype=bool)
        if self.rows and self.number_at:
            parts = range(0, self.rows, 1000)
            missing = [np.isnan(dense(self.numbers[i : i + 1000])).any(axis=0) for i in parts]
            found[self.number_at] = np.any(missing, axis=0)
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
    if hasattr(value, "columns") and all(_is_number(dtype) for dtype in value.dtypes):
        dtypes = [str(dtype) for dtype in value.dtypes]
        numbers = value.to_numpy(dtype=np.float64)
        found = Table(numbers, list(range(len(dtypes))), {}, dtypes, kind="frame")
        found.names = [_name(name) for name in value.columns]
        found.labels = _objects(np.asarray(value.index, dtype=object))
        return found
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


def _is_number(dtype: Any) -> bool:
    return isinstance(dtype, np.dtype) and dtype.kind in "biuf"


def _name(name: Any) -> str:
    return "" if name is None else str(name)


def _plain(column: Any) -> Array:
    if isinstance(column.dtype, np.dtype):
        return np.asarray(column.values)
    if str(column.dtype) == "category":
        return np.asarray(column.astype(object).values)
    if str(column.dtype).startswith("Sparse"):
        return np.asarray(column, dtype=np.float64)
    if str(column.dtype).startswith(("Int", "UInt", "Float", "boolean")):
        # to_numpy(na_value=...) came with pandas 1.0
        known = np.asarray(column.astype(object).values)
        return np.where(np.asarray(column.isna()), np.nan, known).astype(np.float64)
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
            kind = "datetime64[ns]" if values.dtype.kind == "M" else "timedelta64[ns]"
            stamps = values.astype(kind).view(np.int64)
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


def dense(numbers: Any) -> Array:
    """Return numbers as an array, also those of a sparse matrix."""
    return numbers.toarray() if hasattr(numbers, "toarray") else numbers
