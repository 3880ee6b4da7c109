"""Single rows that a notebook corrects by hand: the correction belongs to reading the data.

``df.at[336, "sex"] = "FEMALE"`` names a row of the training file, and a request has no such place. Where nothing before it looks at the
column, the row is the same when it is corrected straight after it is read.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from nbprod.findings import Finding, Origin
from nbprod.flow.scope import literal
from nbprod.flow.statsmodels_calls import imported, qualified
from nbprod.flow.tree import walk

KEEPING = ("copy", "dropna", "drop_duplicates", "drop", "sort_values", "rename")


def corrections(node: ast.AST) -> tuple[ast.stmt, ...]:
    """Return the statements that correct single rows of what a reader gives."""
    return getattr(node, "corrections", ())


def corrected_rows(reader: ast.AST) -> Iterator[Finding]:
    """Yield the corrections of a reader: the rows that they name get another answer when they are sent as the file has them."""
    for statement in corrections(reader):
        text = ast.unparse(statement)
        yield Finding(
            "W-CORRECTED-ROW",
            f"{text[:80]} corrects rows of the notebook's file by their place; data.py does so for training, and a request with "
            "what the file has there gets another answer than the notebook's",
            Origin(getattr(statement, "cell", 1), statement.lineno),
            text[:200],
            "correct the file, or write a rule that holds for every row, as in df['a'] = df['a'].replace('.', 'F')",
        )


def with_corrections(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the program with corrections of rows at their readers (the same list when there are none)."""
    imports = imported(body)
    moved: dict[int, list[ast.stmt]] = {}  # place of a reader -> its corrections
    out = list(body)
    for place, statement in enumerate(body):
        written = _written(statement)
        if written is None:
            continue
        reader = _reader(body[:place], *written, imports)
        if reader is not None:
            moved.setdefault(reader, []).append(statement)
            out[place] = _nothing(statement)
    for place, statements in moved.items():
        out[place] = copy.deepcopy(body[place])
        out[place].value.corrections = tuple(statements)  # type: ignore[attr-defined]
    return out if moved else body


def _written(statement: ast.stmt) -> tuple[str, str] | None:
    """Return table and column of ``df.loc[3, "a"] = 1``, None for any other statement."""
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    if not (
        isinstance(statement, ast.Assign)
        and len(statement.targets) == 1
        and isinstance(target, ast.Subscript)
        and isinstance(target.value, ast.Attribute)
        and target.value.attr in ("at", "loc")
        and isinstance(target.value.value, ast.Name)
        and isinstance(target.slice, ast.Tuple)
        and len(target.slice.elts) == 2
        and literal(statement.value) is not NotImplemented
    ):
        return None
    rows, column = map(literal, target.slice.elts)
    listed = rows if isinstance(rows, list) else [rows]
    if not isinstance(column, str) or not listed:
        return None
    if not all(isinstance(row, int) and not isinstance(row, bool) for row in listed):
        return None
    return target.value.value.id, column


def _reader(before: list[ast.stmt], table: str, column: str, imports: dict[str, str]) -> int | None:
    """Return the place of the reader of a table when nothing since then looks at the column."""
    for place in range(len(before) - 1, -1, -1):
        statement = before[place]
        names = {n.id for n in walk(statement) if isinstance(n, ast.Name)}
        if table not in names or _written(statement) == (table, column):
            continue
        if not isinstance(statement, ast.Assign):
            if isinstance(statement, ast.Expr) and "inplace" not in ast.unparse(statement):
                continue  # shown
            return None
        target, value = statement.targets[0], statement.value
        if isinstance(target, ast.Name) and target.id == table:
            if isinstance(value, ast.Call) and qualified(imports, value.func).startswith(
                "pandas.read_"
            ):
                return place if len(statement.targets) == 1 else None
            if not _keeps(value, table):
                return None
        elif _whole(statement, table):
            return None
        if any(
            (isinstance(n, ast.Constant) and n.value == column)
            or (isinstance(n, ast.Attribute) and n.attr == column)
            for n in walk(statement)
        ):
            return None
    return None


def _keeps(value: ast.expr, table: str) -> bool:
    """Say whether a table is made of itself by leaving rows or columns out."""
    while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        if value.func.attr not in KEEPING:
            return False
        value = value.func.value
    return isinstance(value, ast.Name) and value.id == table


def _whole(statement: ast.Assign, table: str) -> bool:
    """Say whether a statement uses a table other than by a column that it names."""
    called = {id(n.func) for n in walk(statement) if isinstance(n, ast.Call)}
    named = {
        id(n.value)
        for n in walk(statement)
        if isinstance(n, (ast.Subscript, ast.Attribute)) and isinstance(n.value, ast.Name)
        if (
            id(n) not in called
            if isinstance(n, ast.Attribute)
            else isinstance(literal(n.slice), (str, list))
        )
    }
    return any(
        isinstance(n, ast.Name) and n.id == table and id(n) not in named for n in walk(statement)
    )


def _nothing(statement: ast.stmt) -> ast.stmt:
    """Leave a statement's place, which has a role, without its effect."""
    left = ast.copy_location(ast.Pass(), statement)
    left.cell = getattr(statement, "cell", 1)  # type: ignore[attr-defined]
    left.said = getattr(statement, "said", "")  # type: ignore[attr-defined]
    return left


__all__ = ["corrected_rows", "corrections", "with_corrections"]
