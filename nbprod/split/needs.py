"""What an expression needs: variables and, for tables, columns.

In serve mode only the path of the request rows counts: masks of training-only filters are not
needed, learned values are read from the state. In fit mode everything counts.
"""

from __future__ import annotations

import ast

from nbprod.flow.scope import axis_argument, keyword, literal
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.split.columns import ALL, Columns, some
from nbprod.split.needed import Needs
from nbprod.split.row_reads import columns_read

ROW_SELECTIONS = ("filter", "reorder")
KEEPING = (
    "copy", "fillna", "reset_index", "replace", "astype", "round", "infer_objects", "convert_dtypes",
    "to_numpy", "set_axis", "clip", "sort_values", "dropna", "drop_duplicates", "sample", "head", "tail", "query",
    "sort_index", "nlargest", "nsmallest",
)  # fmt: skip


class Reader:
    """Collect the needs of expressions for one mode."""

    def __init__(self, flow: Flow, mode: str, learned: set[int]) -> None:
        self.flow = flow
        self.mode = mode  # "serve" or "fit"
        self.learned = learned  # ids of learned expressions that serving reads from the state

    def expr(
        self, node: ast.AST | None, needs: Needs, columns: Columns = ALL, routed: bool = False
    ) -> None:
        """Add what an expression needs, of which ``columns`` are used."""
        if node is None or isinstance(node, ast.Constant):
            return
        val = self.flow.val(node)
        if isinstance(node, ast.Name):
            self._name(node, needs, columns)
            return
        if isinstance(node, ast.Lambda):
            self._body(node, needs)
            return
        if self.mode == "serve" and val.role == "stat" and isinstance(node, ast.expr):
            self.learned.add(id(node))
            return
        rule = self.flow.rule(node)
        if rule == "source" and (hasattr(node, "table") or _written_out(node)):
            return  # what the table is made of moves to ``data.py`` with it
        if isinstance(node, ast.Subscript):
            if self._subscript(node, needs, columns, rule, routed):
                return
        elif isinstance(node, ast.Attribute):
            if (
                val.is_row
                and val.qual.startswith("column:")
                and self.flow.val(node.value).kind == "frame"
            ):
                self.expr(node.value, needs, some(node.attr), routed)
                return
        elif isinstance(node, ast.Call) and self._call(node, needs, columns, rule, routed):
            return
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.expr, ast.keyword, ast.comprehension)):
                self.expr(child, needs, ALL, routed)

    def _name(self, node: ast.Name, needs: Needs, columns: Columns) -> None:
        if not isinstance(node.ctx, ast.Load):
            return
        val = self.flow.val(node)
        if val.is_row:
            needs.want(node.id, columns if val.kind == "frame" else ALL)
        elif val.role == "stat" and self.mode == "serve":
            needs.look_up(node.id)
        else:
            needs.names.add(node.id)
            if val.fn is not None:
                self._function(node.id, val.fn, needs)

    def _function(self, name: str, definition: ast.AST, needs: Needs) -> None:
        """A notebook function needs its free names too."""
        if f"def {name}" in needs.names:
            return
        needs.names.add(f"def {name}")
        self._body(definition, needs)

    def _body(self, definition: ast.AST, needs: Needs) -> None:
        bound = {
            a.arg
            for n in walk(definition)
            if isinstance(n, ast.arguments)
            for a in [*n.posonlyargs, *n.args, *n.kwonlyargs]
        }
        bound |= {
            n.id
            for n in walk(definition)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        for node in walk(definition):
            if (
                isinstance(node, ast.Name)
                and isinstance(node.ctx, ast.Load)
                and node.id not in bound
            ):
                val = self.flow.val(node)
                if val.role == "const" and node.id in self.flow.final:
                    val = self.flow.final[node.id]
                if val.is_row or val.role == "stat":
                    if self.mode == "serve":
                        needs.look_up(node.id)
                    elif val.is_row:
                        needs.want(node.id, ALL)
                    else:
                        needs.names.add(node.id)
                else:
                    needs.names.add(node.id)
                    if val.fn is not None and val.fn is not definition:
                        self._function(node.id, val.fn, needs)

    def _subscript(
        self, node: ast.Subscript, needs: Needs, columns: Columns, rule: str, routed: bool
    ) -> bool:
        base = self.flow.val(node.value)
        if rule == "filter" and self.mode == "serve" and not routed:
            inner = node.value.value if base.kind == "indexer" else node.value  # type: ignore[attr-defined]
            wanted = columns
            if base.kind == "indexer" and isinstance(node.slice, ast.Tuple):
                wanted = self._picked(node.slice.elts[-1], columns)
                self.expr(node.slice.elts[-1], needs)
            self.expr(inner, needs, wanted, routed)
            return True
        if base.kind == "indexer" and isinstance(node.value, ast.Attribute):
            wanted = ALL
            if isinstance(node.slice, ast.Tuple) and node.value.attr in ("loc", "at"):
                wanted = self._picked(node.slice.elts[-1], columns)
            elif rule == "filter":
                wanted = columns
            self.expr(node.value.value, needs, wanted, routed)
            self.expr(node.slice, needs, ALL, routed)
            return True
        if base.kind == "frame" and base.is_row:
            wanted = columns if rule == "filter" else self._picked(node.slice, columns)
            self.expr(node.value, needs, wanted, routed)
            self.expr(node.slice, needs, ALL, routed)
            return True
        return False

    def _picked(self, key: ast.expr, columns: Columns) -> Columns:
        value = self._known(key)
        if isinstance(value, str):
            return some(value)
        if isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value):
            names = [v for v in value if v in columns]
            return some(*names) if columns.only is not None else some(*value)
        return ALL

    def _known(self, key: ast.expr | None) -> object:
        if key is None:
            return None
        value = literal(key)
        if value is not NotImplemented:
            return value
        val = self.flow.val(key)
        return val.literal if val.known else None

    def _call(
        self, node: ast.Call, needs: Needs, columns: Columns, rule: str, routed: bool
    ) -> bool:
        function = node.func
        if isinstance(function, ast.Attribute):
            base = self.flow.val(function.value)
            if base.kind == "frame" and base.is_row:
                if function.attr == "drop" and rule != "filter":
                    names = self._known(dropped(node)) if dropped(node) is not None else None
                    names = [names] if isinstance(names, str) else names
                    wanted = columns.drop(names) if isinstance(names, (list, tuple)) else ALL
                    self.expr(function.value, needs, wanted if names else ALL, routed)
                    if self.mode == "fit" or not isinstance(names, (list, tuple)):
                        for argument in [*node.args, *(k.value for k in node.keywords)]:
                            self.expr(argument, needs)
                    else:
                        for argument in [*node.args, *(k.value for k in node.keywords)]:
                            self._constants(argument, needs)
                    return True
                if function.attr == "apply" and node.args and axis_argument(node, 1) == 1:
                    read = columns_read(self.flow, node.args[0])
                    self.expr(function.value, needs, ALL if read is None else some(*read), routed)
                    for argument in [*node.args, *(k.value for k in node.keywords)]:
                        self.expr(argument, needs, ALL, routed)
                    return True
                if function.attr in KEEPING:
                    self.expr(function.value, needs, columns, routed)
                    if self.mode == "fit" or rule not in ROW_SELECTIONS:
                        for argument in [*node.args, *(k.value for k in node.keywords)]:
                            self.expr(argument, needs, ALL, routed)
                    if self.mode == "fit" and function.attr in ("dropna", "drop_duplicates"):
                        subset = (
                            self._known(keyword(node, "subset"))
                            if keyword(node, "subset")
                            else None
                        )
                        extra = some(*subset) if isinstance(subset, (list, tuple)) else ALL
                        self.expr(function.value, needs, extra, routed)
                    return True
            if self.mode == "serve" and rule in ROW_SELECTIONS and not routed and base.is_row:
                self.expr(function.value, needs, columns, routed)
                return True
            if self.mode == "serve" and rule == "concat" and base.is_row:
                self.expr(function.value, needs, columns, routed)
                return True
            if self.mode == "serve" and rule in (
                "fused:fit_transform",
                "fused:fit_predict",
                "resample",
            ):
                if node.args:
                    self.expr(node.args[0], needs, columns, routed)
                else:
                    for item in node.keywords:
                        if item.arg in ("X", "x", "raw_documents", "y"):
                            self.expr(item.value, needs, columns, routed)
                if isinstance(function.value, ast.Name):
                    needs.learn_anew(function.value.id)
                else:
                    self.learned.add(id(node))
                return True
        if rule == "split" and self.mode == "serve":
            return True
        if self.mode == "serve" and rule in ROW_SELECTIONS and not routed:
            for argument in node.args:
                if self.flow.val(argument).is_row:
                    self.expr(argument, needs, columns, routed)
                    break
            return True
        if rule == "concat" and self.mode == "serve":
            parts = node.args[0] if node.args else keyword(node, "objs")
            for part in getattr(parts, "elts", []):
                if self.flow.val(part).is_row:
                    self.expr(part, needs, columns, routed)
            return True
        if rule == "fused:get_dummies" and node.args:
            encoded = keyword(node, "columns")
            names = self._known(encoded) if encoded is not None else None
            kept = columns.without if columns.only is None else frozenset()
            if isinstance(names, (list, tuple)):
                kept = kept - set(names)
            self.expr(node.args[0], needs, Columns(None, kept), routed)
            for argument in [*node.args[1:], *(k.value for k in node.keywords)]:
                self.expr(argument, needs, ALL, routed)
            return True
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name == "concat" and node.args:
            for part in getattr(node.args[0], "elts", [node.args[0]]):
                self.expr(part, needs, columns if columns.only is None else ALL, routed)
            self.expr(function, needs)
            for item in node.keywords:
                self.expr(item.value, needs)
            return True
        return False

    def _constants(self, node: ast.expr, needs: Needs) -> None:
        for part in walk(node):
            if isinstance(part, ast.Name) and self.flow.val(part).role == "const":
                needs.names.add(part.id)
            elif isinstance(part, ast.Name) and self.flow.val(part).role == "stat":
                needs.look_up(part.id)


def _written_out(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and (
        ast.unparse(node.func).rsplit(".", 1)[-1] in ("DataFrame", "json_normalize")
    )


def dropped(node: ast.Call) -> ast.expr | None:
    """Return the expression that names the columns of a ``drop`` call."""
    return keyword(node, "columns") or (node.args[0] if node.args else keyword(node, "labels"))
