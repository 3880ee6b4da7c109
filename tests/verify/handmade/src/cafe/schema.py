from dataclasses import dataclass

import numpy as np
import pandas as pd


class SchemaError(ValueError):
    pass


@dataclass
class Column:
    name: str
    dtype: str
    required: bool
    minimum: float | None
    maximum: float | None
    known: frozenset


class RawSchema:
    def __init__(self, columns):
        self.columns = columns

    @classmethod
    def learn(cls, raw, required):
        columns = []
        for name in raw.columns:
            values = raw[name]
            number = values.dtype.kind in "if"
            low, high = (float(values.min()), float(values.max())) if number else (None, None)
            known = frozenset() if number else frozenset(values.dropna())
            columns.append(Column(name, str(values.dtype), name in required, low, high, known))
        return cls(columns)

    def frame(self, records):
        table = pd.DataFrame({c.name: [r.get(c.name) for r in records] for c in self.columns})
        return self.coerce(table)

    def coerce(self, frame):
        table = {}
        for column in self.columns:
            if column.name not in frame:
                if column.required:
                    raise SchemaError(f"{column.name}: is required")
                values = pd.Series([None] * len(frame), index=frame.index, dtype=object)
            else:
                values = frame[column.name]
            try:
                table[column.name] = values.astype(column.dtype if column.required else object)
            except (TypeError, ValueError) as error:
                raise SchemaError(f"{column.name}: {error}") from None
        return pd.DataFrame(table).set_axis(frame.index)

    def warnings(self, frame):
        found = [[] for _ in range(len(frame))]
        for column in (c for c in self.columns if c.required):
            for row, value in enumerate(frame[column.name].tolist()):
                if column.minimum is None:
                    outside = value not in column.known
                else:
                    outside = not np.isnan(value) and not column.minimum <= value <= column.maximum
                if outside:
                    found[row].append({"column": column.name, "reason": "outside"})
        return found
