"""Labels of rows that a notebook computes with are values of the data: the reader leaves them a column.

``pd.read_csv(path, index_col="date", parse_dates=True)`` becomes a reader of all columns and ``set_index("date")``: a request has a
``date`` then, and ``df.index.month`` is computed from it.
"""

from __future__ import annotations

import ast
import copy
from typing import TypeVar

from nbprod.flow.scope import keyword, literal
from nbprod.flow.statsmodels_calls import imported, qualified
from nbprod.flow.tree import walk

Placed = TypeVar("Placed", bound=ast.AST)
READERS = ("pandas.read_csv", "pandas.read_table", "pandas.read_excel")
DATES = frozenset(
    """year month day hour minute second date time dayofweek day_of_week weekday dayofyear day_of_year quarter week weekofyear
    isocalendar day_name month_name is_month_start is_month_end is_quarter_start is_quarter_end is_year_start is_year_end
    strftime to_period to_series map""".split()
)


def computed_with(body: list[ast.stmt]) -> bool:
    """Say whether a program computes values from the labels of rows."""
    for statement in body:
        for node in walk(statement):
            if isinstance(node, ast.Attribute) and node.attr in DATES and _is_index(node.value):
                return True
            if isinstance(node, ast.Assign) and _is_index(node.value):
                if any(isinstance(t, ast.Subscript) for t in node.targets):
                    return True
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).rsplit(".", 1)[-1]
                if (
                    name in ("to_datetime", "DatetimeIndex")
                    and node.args
                    and _is_index(node.args[0])
                ):
                    return True
                if name == "reset_index" and literal(keyword(node, "drop")) is not True:
                    return True
    return False


def _is_index(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "index"
        and isinstance(node.value, ast.Name)
    )


def with_index_columns(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the program whose readers leave the labels of rows a column (the same list when none computes with them)."""
    imports = imported(body)
    readers = [s for s in body if _reads_labels(s, imports)]
    if not readers or not computed_with(body):
        return body
    out: list[ast.stmt] = []
    for statement in body:
        if statement in readers:
            out.extend(_apart(statement))
        else:
            out.append(statement)
    return out


def _reads_labels(statement: ast.stmt, imports: dict[str, str]) -> bool:
    return (
        isinstance(statement, ast.Assign)
        and len(statement.targets) == 1
        and isinstance(statement.targets[0], ast.Name)
        and isinstance(statement.value, ast.Call)
        and qualified(imports, statement.value.func) in READERS
        and isinstance(literal(keyword(statement.value, "index_col")), str)
        and not isinstance(literal(keyword(statement.value, "parse_dates")), dict)
    )


def _apart(statement: ast.stmt) -> list[ast.stmt]:
    assert isinstance(statement, ast.Assign)
    assert isinstance(statement.value, ast.Call)
    target = statement.targets[0]
    assert isinstance(target, ast.Name)
    column = str(literal(keyword(statement.value, "index_col")))
    reading = copy.deepcopy(statement)
    assert isinstance(reading.value, ast.Call)
    reading.value.keywords = [k for k in reading.value.keywords if k.arg != "index_col"]
    for item in reading.value.keywords:
        if item.arg == "parse_dates" and literal(item.value) is True:
            listed = ast.List([ast.Constant(column)], ast.Load())
            item.value = _placed(listed, item.value, getattr(statement, "cell", 1))
    return [reading, with_labels(statement, target.id, [column])]


def with_labels(template: ast.stmt, name: str, columns: list[str]) -> ast.Assign:
    """Write ``df = df.set_index("date")`` where another statement stands."""
    keys = [ast.Constant(c) for c in columns]
    key: ast.expr = keys[0] if len(keys) == 1 else ast.List(list(keys), ast.Load())
    function = ast.Attribute(ast.Name(name, ast.Load()), "set_index", ast.Load())
    made = ast.Assign([ast.Name(name, ast.Store())], ast.Call(function, [key], []))
    return _placed(made, template, getattr(template, "cell", 1))


def _placed(node: Placed, template: ast.AST, cell: int) -> Placed:
    for part in walk(node):
        ast.copy_location(part, template)
        part.cell = cell  # type: ignore[attr-defined]
    return node


__all__ = ["computed_with", "with_index_columns", "with_labels"]
