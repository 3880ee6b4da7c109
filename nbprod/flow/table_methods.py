"""Transfer functions for methods of tables that are like no other: ``KIND_NAME`` is the method NAME of a KIND."""

from __future__ import annotations

import ast

from nbprod.flow.items import Items
from nbprod.flow.scope import axis_argument, keyword, literal
from nbprod.flow.values import Val, join
from nbprod.knowledge import effects


class TableMethods(Items):
    """Methods by kind and name."""

    def frame_drop(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        columns = keyword(node, "columns")
        axis = axis_argument(node, 1)
        if columns is not None or axis == 1:
            return base.with_(elems=None)
        self.mark(node, "filter")
        return base.with_(axis=self.axis(base.axis, "filter"), elems=None)

    def frame_eval(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        """A formula in a text is row by row unless it calls a method that is not."""
        if not _row_by_row(literal(node.args[0]) if node.args else NotImplemented):
            self.mark(node, "dynamic")
        return base.with_(elems=None, qual="", sources=join(base, *args).sources)

    def frame_dropna(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        if axis_argument(node, 0) == 1:
            self.mark(node, "fused:columns")
            return base.with_(elems=None)
        self.mark(node, "filter")
        return base.with_(axis=self.axis(base.axis, "dropna"), elems=None)

    def frame_select_dtypes(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        self.mark(node, "fused:columns")
        return base.with_(elems=None)

    def frame_fillna(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        if keyword(node, "method") is not None:
            self.mark(node, "cross")
        return base.with_(elems=None, qual="", sources=join(base, *args).sources)

    series_fillna = frame_fillna

    def frame_astype(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        kind = literal(node.args[0] if node.args else keyword(node, "dtype"))
        category = kind == "category" or (isinstance(kind, dict) and "category" in kind.values())
        if category:
            self.mark(node, "fused:astype_category")
        return base.with_(elems=None, qual="category" if category else "")

    series_astype = frame_astype

    def frame_reset_index(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        return base.with_(axis=self.axis(base.axis, "relabel", False), elems=None)

    series_reset_index = frame_reset_index

    def frame_set_index(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        return base.with_(axis=self.axis(base.axis, "set_index", False), elems=None)

    def frame_to_dict(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        orient = literal(node.args[0] if node.args else keyword(node, "orient"))
        if orient == "records":
            return base.with_(kind="records", elems=None)
        self.touch()
        return Val("stat", "dict", sources=base.sources)

    def frame_iterrows(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        return base.with_(kind="rows", elems=None)

    frame_itertuples = frame_iterrows

    def frame_items(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        column = base.with_(kind="series", elems=None)
        return Val("row", "list", base.axis, base.sources, elems=(Val("stat", "scalar"), column))

    frame_iteritems = frame_items

    def frame_append(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        self.mark(node, "concat")
        sources = join(base, *args).sources
        return base.with_(axis=self.axis(base.axis, "concat", False), elems=None, sources=sources)

    series_append = frame_append

    def frame_merge(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        self.mark(node, "merge")
        sources = join(base, *args).sources
        return base.with_(axis=self.axis(base.axis, "relabel", False), elems=None, sources=sources)

    frame_join = frame_merge

    def frame_value_counts(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        self.touch()
        return Val("stat", "series", sources=base.sources)

    def frame_pop(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        column = literal(node.args[0]) if node.args else ""
        return base.with_(kind="series", elems=None, qual=f"column:{column}")

    def frame_to_frame(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        return base.with_(kind="frame", elems=None)

    series_to_frame = frame_to_frame

    def frame_to_numpy(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        return base.with_(kind="array", elems=None, qual="values")

    def series_reshape(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        first = literal(node.args[0]) if node.args else NotImplemented
        if first == 1 or first == (1, -1):
            self.mark(node, "expand")
        return base.with_(kind="array", elems=None)

    array_reshape = series_reshape

    def series_factorize(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        return self.factorized(node, base)

    def factorized(self, node: ast.Call, base: Val) -> Val:
        """``(codes, uniques)`` of a factorisation."""
        self.mark(node, "fused:factorize")
        codes = base.with_(kind="series", elems=None)
        uniques = Val("stat", "list", sources=base.sources, target=base.target)
        return Val("row", "tuple", base.axis, base.sources, elems=(codes, uniques))

    def series_unique(self, node: ast.Call, base: Val, args: list[Val]) -> Val:
        self.touch()
        return Val("stat", "list", sources=base.sources, target=base.target)


def _row_by_row(formula: object) -> bool:
    """Say whether the text of ``df.eval`` is known to compute each row from itself."""
    if not isinstance(formula, str):
        return False
    try:
        tree = ast.parse(formula.replace("@", ""))
    except SyntaxError:
        return False
    calls = [n.func for n in ast.walk(tree) if isinstance(n, ast.Call)]
    return all(
        isinstance(f, ast.Name) or effects("series").get(getattr(f, "attr", "")) == "elementwise"
        for f in calls
    )
