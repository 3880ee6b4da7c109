"""Stand-in: four columns, one of each kind that matters to the service."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd


class SchemaError(ValueError):
    """A value that does not fit its column."""

    def __init__(self, column: str, reason: str, row: int | None = None) -> None:
        super().__init__(f"{column}: {reason}")
        self.column, self.reason, self.row = column, reason, row


@dataclass(frozen=True)
class Column:
    """A raw column."""

    name: str
    dtype: str
    nullable: bool = False
    required: bool = True
    categories: tuple[Any, ...] | None = None
    minimum: float | None = None
    maximum: float | None = None
    example: Any = None
    policy: str = "flag"


COLUMNS = (
    Column("amount", "float64", nullable=True, minimum=0.0, maximum=100.0, example=9.5),
    Column("count", "int64", minimum=0, maximum=9, example=2),
    Column("city", "object", categories=("Oslo", "Rome"), example="Oslo"),
    Column("note", "object", nullable=True, required=False),
)
TYPES = {"float64": (int, float), "int64": (int,), "object": (str,)}
LIMITS = {"int64": 2**63, "float64": 10**308}


class RawSchema:
    """The columns of a model."""

    columns = COLUMNS

    def to_json(self) -> str:
        return json.dumps([asdict(column) for column in self.columns])

    def frame(self, records: list[dict[str, Any]]) -> pd.DataFrame:
        data = {
            column.name: pd.Series(
                [_value(column, row, i) for i, row in enumerate(records)], dtype=column.dtype
            )
            for column in self.columns
        }
        return pd.DataFrame(data)

    def coerce(self, df: pd.DataFrame) -> pd.DataFrame:
        return self.frame(df.astype(object).where(df.notna(), None).to_dict("records"))

    def warnings(self, df: pd.DataFrame) -> list[list[dict[str, Any]]]:
        outside = ~df["amount"].between(0, 100) & df["amount"].notna()
        found = {"column": "amount", "reason": "out of range"}
        return [[found] if bad else [] for bad in outside]


def _value(column: Column, row: dict[str, Any], number: int) -> Any:
    value = row.get(column.name)
    if value is None:
        if column.required and not column.nullable:
            raise SchemaError(column.name, "is missing", number)
        return None
    if isinstance(value, bool) or not isinstance(value, TYPES[column.dtype]):
        raise SchemaError(column.name, f"is no {column.dtype}", number)
    if column.dtype in LIMITS and abs(value) >= LIMITS[column.dtype]:
        raise SchemaError(column.name, "is too large", number)
    return value
