"""Data sets that ship with scikit-learn: read them as one table with named columns.

``iris.data`` becomes columns of the table ``load_iris(as_frame=True).frame``, so that a request can name them.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass

from nbprod.flow.tree import walk
from nbprod.flow.values import Flow

LABELS = {"fetch_california_housing": "MedHouseVal"}
WITHOUT_FRAME = ("load_boston",)  # it was gone before the others were given the argument


@dataclass(frozen=True)
class Bunch:
    """A data set that a variable stands for: how to load it, whether it held tables, the column of its label."""

    call: ast.Call
    framed: bool
    label: str


def as_tables(flow: Flow) -> list[ast.stmt]:
    """Return the program with bunch objects replaced by tables (the same list when there are none)."""
    names: dict[str, Bunch] = {}
    body: list[ast.stmt] = []
    changed = False
    for statement in flow.body:
        new = _reading(flow, statement, names)
        if new is not None:
            body.extend(new)
            changed = True
            continue
        body.append(statement)
    if not changed:
        return flow.body
    replace = _Attributes(names)
    return [replace.visit(copy.deepcopy(s)) if _mentions(s, names) else s for s in body]


def _mentions(node: ast.stmt, names: dict[str, Bunch]) -> bool:
    return any(isinstance(n, ast.Name) and n.id in names for n in walk(node))


def _is_bunch(flow: Flow, node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and not hasattr(node, "table")
        and (
            flow.val(node).kind == "bunch"
            or (
                flow.rule(node) == "source"
                and (flow.val(node).qual.startswith("bunch") or flow.val(node).kind == "tuple")
            )
        )
    )


def _reading(flow: Flow, node: ast.stmt, names: dict[str, Bunch]) -> list[ast.stmt] | None:
    if not (
        isinstance(node, ast.Assign) and len(node.targets) == 1 and _is_bunch(flow, node.value)
    ):
        return None
    call = node.value
    assert isinstance(call, ast.Call)
    function = ast.unparse(call.func).rsplit(".", 1)[-1]
    if not function.startswith("load_") and function not in LABELS:
        return None
    target = node.targets[0]
    label = LABELS.get(function, "target")
    framed = any(k.arg == "as_frame" for k in call.keywords)
    kept = [k for k in call.keywords if k.arg not in ("as_frame", "return_X_y")]
    bunch = Bunch(ast.Call(call.func, call.args, kept), framed, label)
    table = _table(bunch, function)
    first: list[ast.stmt] = []
    if function in WITHOUT_FRAME:
        first = [_placed(node, ast.Import([ast.alias("pandas", "pd")]))]
    if isinstance(target, ast.Name):
        names[target.id] = bunch
        return [*first, _placed(node, ast.Assign([target], table))]
    if isinstance(target, (ast.Tuple, ast.List)) and len(target.elts) == 2:
        name = function.removeprefix("load_").removeprefix("fetch_")
        read = _placed(node, ast.Assign([ast.Name(name, ast.Store())], table))
        rest = [
            _placed(node, ast.Assign([part], _column(name, which, bunch)))
            for part, which in zip(target.elts, ("data", "target"), strict=True)
        ]
        return [*first, read, *rest]
    return None


def _table(bunch: Bunch, function: str) -> ast.expr:
    """Return the expression that reads the data set as one table with its label."""
    if function not in WITHOUT_FRAME:
        framed = ast.keyword("as_frame", ast.Constant(True))
        made = ast.Call(bunch.call.func, bunch.call.args, [*bunch.call.keywords, framed])
        return ast.Attribute(made, "frame", ast.Load())
    loaded = ast.unparse(bunch.call)
    text = f"pd.DataFrame({loaded}.data, columns={loaded}.feature_names).assign(target={loaded}.target)"
    table = ast.parse(text, mode="eval").body
    table.table = True  # type: ignore[attr-defined]
    return table


def _column(name: str, which: str, bunch: Bunch) -> ast.expr:
    label = repr(bunch.label)
    text = {
        "data": f"{name}.drop(columns={label})",
        "target": f"{name}[{label}]",
        "feature_names": f"list({name}.columns.drop({label}))",
        "frame": name,
    }[which]
    if not bunch.framed and which in ("data", "target"):
        # A copy in row order, as scikit-learn hands it out: sums keep their last digits.
        text += ".to_numpy().copy()" if which == "data" else ".to_numpy()"
    return ast.parse(text, mode="eval").body


def _placed(template: ast.stmt, node: ast.stmt) -> ast.stmt:
    for part in walk(node):
        part.cell = getattr(template, "cell", 1)  # type: ignore[attr-defined]
        if isinstance(part, (ast.expr, ast.stmt)):
            ast.copy_location(part, template)
    node.lead = getattr(template, "lead", [])  # type: ignore[attr-defined]
    node.trail = getattr(template, "trail", "")  # type: ignore[attr-defined]
    return node


class _Attributes(ast.NodeTransformer):
    def __init__(self, names: dict[str, Bunch]) -> None:
        self.names = names

    def _replaced(self, node: ast.expr, name: str, which: str) -> ast.expr:
        bunch = self.names[name]
        if which in ("data", "target", "feature_names", "frame"):
            new = _column(name, which, bunch)
        else:
            new = ast.Attribute(copy.deepcopy(bunch.call), which, ast.Load())
        for part in walk(new):
            part.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
            if isinstance(part, ast.expr):
                ast.copy_location(part, node)
        return new

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id in self.names:
            return self._replaced(node, node.value.id, node.attr)
        return self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id in self.names:
            if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                if node.slice.value in (
                    "data",
                    "target",
                    "feature_names",
                    "target_names",
                    "DESCR",
                    "frame",
                ):
                    return self._replaced(node, node.value.id, node.slice.value)
        return self.generic_visit(node)
