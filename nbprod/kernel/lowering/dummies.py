"""One column for each category."""

from __future__ import annotations

import ast

from nbprod.kernel.expressions import Expressions
from nbprod.kernel.rules import function
from nbprod.kernel.values import FRAME, Lowered, NotLowered

PARAMETERS = (
    "data",
    "prefix",
    "prefix_sep",
    "dummy_na",
    "columns",
    "sparse",
    "drop_first",
    "dtype",
)
TYPES = {
    "int": "int64",
    "float": "float64",
    "bool": "bool",
    "'int64'": "int64",
    "np.uint8": "uint8",
    "'uint8'": "uint8",
}


@function("as_categories")
def learned_categories(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``as_categories`` of ``replay.py`` stands only inside ``pd.get_dummies``."""
    raise NotLowered("categories that are not encoded", call)


@function("pandas.get_dummies")
def get_dummies(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``pd.get_dummies(as_categories(df, state.categories), columns=[...], drop_first=True)``"""
    given = low.bind(call, *PARAMETERS)
    data = given["data"]
    if not (
        isinstance(data, ast.Call)
        and isinstance(data.func, ast.Name)
        and data.func.id == "as_categories"
    ):
        raise NotLowered("categories that were not learned", call)
    if low.constant(given.get("sparse"), False):
        raise NotLowered("sparse columns", call)
    rows = low.expect(data.args[0], "frame", "column")
    known = low.plain(data.args[1])
    flags = {
        name: given[name]
        for name in ("drop_first", "dummy_na")
        if low.constant(given.get(name), False) is True
    }
    options: dict[str, ast.expr | None] = {**flags}
    if "dtype" in given:
        dtype = TYPES.get(ast.unparse(given["dtype"]))
        if dtype is None:
            raise NotLowered(f"dummies of the type {ast.unparse(given['dtype'])[:40]}", call)
        if dtype != "bool":
            options["dtype"] = ast.Constant(dtype)
    prefix = given.get("prefix")
    if prefix is not None and low.constant(prefix) is not None:
        options["prefix"] = low.plain(prefix)
    if low.constant(given.get("prefix_sep"), "_") != "_":
        options["separator"] = low.plain(given["prefix_sep"])
    if rows.kind.what == "column":
        if "dummy_na" in flags and "prefix" not in options:
            raise NotLowered("a column for missing values without a name", call)
        return low.vector("one_hot", rows, known, kind=FRAME, **options)
    if "columns" not in given:
        raise NotLowered("columns that are chosen by their type", call)
    return low.vector(
        "one_hot_frame", rows, known, low.plain(given["columns"]), kind=FRAME, **options
    )
