"""Functions that ``data.py`` of a package has beside ``load``."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from nbprod.flow.made_tables import MadeTable
from nbprod.flow.program import origin
from nbprod.modules.printing import Printer


def maker(table: MadeTable, body: Sequence[ast.stmt], printer: Printer) -> str:
    """Return the function that makes a table out of the rows that are read; ``body`` has settings for places."""
    cells = sorted({origin(s).cell for s in table.statements})
    where = f"cell {cells[0]}" if len(cells) == 1 else f"cells {cells[0]} to {cells[-1]}"
    return (
        f"def make_{table.name}() -> pd.DataFrame:\n"
        f'    """Make the table {table.name} out of the rows that are read (notebook {where})."""\n'
        f"{printer.body(body)}\n    return {table.returned}"
    )


READ_TABLE = '''def read_table(path: str | Path) -> pd.DataFrame:
    """Read a CSV or Parquet file.

    Raises:
        ValueError: the file has another ending.
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".parquet":
        return pd.read_parquet(path)
    if suffix == ".csv":
        return pd.read_csv(path)
    raise ValueError(f"{path}: expected a .csv or .parquet file")'''


__all__ = ["READ_TABLE", "maker"]
