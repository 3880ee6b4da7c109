"""Arrays that are read from a text file: as a table with numbered columns, so that a request can name them."""

from __future__ import annotations

import ast

from nbprod.flow.statsmodels_calls import imported, qualified
from nbprod.flow.substitution import like
from nbprod.flow.tree import walk

READERS = ("numpy.genfromtxt", "numpy.loadtxt")
OTHER_SHAPES = (
    "names",
    "dtype",
    "unpack",
    "usecols",
    "ndmin",
)  # no plain rows and columns of numbers
SPLITS = ("fit", "fit_transform", "train_test_split")


def as_tables(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the program with ``a = np.loadtxt(...)`` written as a table and its values (the same list when there is none)."""
    imports = imported(body)
    if not any(name.split(".")[0] == "numpy" for name in imports.values()):
        return body
    wide = _with_columns(body)
    out: list[ast.stmt] = []
    for node in body:
        out.extend(_table(node, imports, wide) or [node])
    return out if len(out) != len(body) else body


def _table(node: ast.stmt, imports: dict[str, str], wide: set[str]) -> list[ast.stmt] | None:
    if not (isinstance(node, ast.Assign) and len(node.targets) == 1):
        return None
    target, call = node.targets[0], node.value
    if not (isinstance(target, ast.Name) and isinstance(call, ast.Call) and target.id in wide):
        return None
    if qualified(imports, call.func) not in READERS:
        return None
    if any(k.arg is None or k.arg in OTHER_SHAPES for k in call.keywords):
        return None
    table = f"{target.id}_table"
    text = "pd.DataFrame(READ).add_prefix('column_')"
    made = ast.parse(text, mode="eval").body
    frame = made.func.value  # type: ignore[attr-defined]
    frame.args[0] = call
    made.table = True  # type: ignore[attr-defined]
    values = ast.parse(f"{table}.to_numpy()", mode="eval").body
    found = [
        like(node, ast.Import([ast.alias("pandas", "pd")])),
        like(node, ast.Assign([ast.Name(table, ast.Store())], made)),
        like(node, ast.Assign([target], values)),
    ]
    for statement in found[1:]:
        statement.lead = []  # type: ignore[attr-defined]
    return [ast.fix_missing_locations(statement) for statement in found]


def _with_columns(body: list[ast.stmt]) -> set[str]:
    """Return the variables of which columns are taken, or which are the features of a fit."""
    found: set[str] = set()
    for statement in body:
        for node in walk(statement):
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
                found |= {node.value.id} if isinstance(node.value, ast.Name) else set()
            elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Name):
                name = ast.unparse(node.func).rsplit(".", 1)[-1]
                found |= {node.args[0].id} if name in SPLITS else set()
    return found


__all__ = ["as_tables"]
