"""Names for learned values and temporary variables: short, from what the notebook says."""

from __future__ import annotations

import ast
import builtins
import keyword
import re

from nbprod.flow.tree import walk

REDUCERS = {
    "mean", "median", "std", "var", "min", "max", "sum", "mode", "quantile", "count", "nunique", "unique", "skew",
    "value_counts", "idxmax", "columns", "dtypes", "dtype", "shape", "size", "corr", "index", "percentile", "agg", "target_names",
}  # fmt: skip
TAKEN = {"save", "load", "learn", "fields"}


def snake(text: str) -> str:
    """Return ``text`` as a Python identifier in snake case ("" when nothing is left)."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", text)
    text = re.sub(r"[^0-9a-zA-Z]+", "_", text).strip("_").lower()
    if text[:1].isdigit():
        text = f"n{text}"
    if text and (keyword.iskeyword(text) or hasattr(builtins, text)):
        text += "_"
    return text[:40].rstrip("_")


def describe(node: ast.expr) -> str:
    """Name a learned expression: ``df['Age'].median()`` is ``age_median``."""
    column, reducer, keys = "", "", ""
    for part in walk(node):
        if isinstance(part, ast.Attribute):
            if part.attr in REDUCERS and not reducer:
                reducer = part.attr
            elif part.attr == "groupby":
                pass
            elif not column and part.attr[:1].isupper():
                column = part.attr
        elif (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Attribute)
            and part.func.attr == "groupby"
        ):
            names = [
                n.value
                for a in part.args
                for n in walk(a)
                if isinstance(n, ast.Constant) and isinstance(n.value, str)
            ]
            keys = "_".join(names)
        elif (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Name)
            and part.func.id in ("len", "set", "sorted")
        ):
            reducer = reducer or {"len": "count", "set": "values", "sorted": "values"}[part.func.id]
    if not column:
        for part in walk(node):
            if (
                isinstance(part, ast.Subscript)
                and isinstance(part.slice, ast.Constant)
                and isinstance(part.slice.value, str)
            ) and part.slice.value not in keys.split("_"):
                column = part.slice.value
                break
    if not column and isinstance(node, ast.expr):
        for part in walk(node):
            if (
                (
                    isinstance(part, ast.Attribute)
                    and part.attr not in REDUCERS
                    and isinstance(part.value, ast.Name)
                )
                and part.attr.isidentifier()
                and part.attr
                not in (
                    "loc",
                    "iloc",
                    "groupby",
                    "values",
                )
            ):
                column = part.attr
                break
    if not column:
        names = [n.id for n in walk(node) if isinstance(n, ast.Name)]
        column = names[0] if names else "value"
    pieces = [snake(column), snake(reducer).rstrip("_")]
    if keys:
        pieces.append(f"by_{snake(keys)}")
    return "_".join(p for p in pieces if p) or "learned_value"


class Namer:
    """Hand out unique names."""

    def __init__(self, taken: set[str] | None = None) -> None:
        self.taken = set(taken or ()) | TAKEN

    def new(self, wanted: str) -> str:
        """Return ``wanted`` or ``wanted_2``, ``wanted_3``, ..."""
        wanted = snake(wanted) or "value"
        name, count = wanted, 2
        while name in self.taken:
            name = f"{wanted}_{count}"
            count += 1
        self.taken.add(name)
        return name
