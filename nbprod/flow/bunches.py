"""Data sets that ship with scikit-learn: read them as one table with named columns.

``iris.data`` becomes columns of the table ``load_iris(as_frame=True).frame``, so that a request can name them.
"""

from __future__ import annotations

import ast
import copy

from nbprod.flow.tree import walk
from nbprod.flow.values import Flow


def as_tables(flow: Flow) -> list[ast.stmt]:
    """Return the program with bunch objects replaced by tables (the same list when there are none)."""
    names: dict[str, tuple[ast.Call, bool]] = {}
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


def _mentions(node: ast.stmt, names: dict[str, tuple[ast.Call, bool]]) -> bool:
    return any(isinstance(n, ast.Name) and n.id in names for n in walk(node))


def _is_bunch(flow: Flow, node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and flow.rule(node) == "source"
        and (
            flow.val(node).kind == "bunch"
            or flow.val(node).qual.startswith("bunch")
            or flow.val(node).kind == "tuple"
        )
    )


def _reading(
    flow: Flow, node: ast.stmt, names: dict[str, tuple[ast.Call, bool]]
) -> list[ast.stmt] | None:
    if not (
        isinstance(node, ast.Assign) and len(node.targets) == 1 and _is_bunch(flow, node.value)
    ):
        return None
    call = node.value
    assert isinstance(call, ast.Call)
    function = ast.unparse(call.func).rsplit(".", 1)[-1]
    if not function.startswith("load_"):
        return None
    target = node.targets[0]
    framed = any(k.arg == "as_frame" for k in call.keywords)
    kept = [k for k in call.keywords if k.arg not in ("as_frame", "return_X_y")]
    made = ast.Call(call.func, call.args, [*kept, ast.keyword("as_frame", ast.Constant(True))])
    table: ast.expr = ast.Attribute(made, "frame", ast.Load())
    plain = ast.Call(call.func, call.args, kept)
    if isinstance(target, ast.Name):
        names[target.id] = (plain, framed)
        return [_placed(node, ast.Assign([target], table))]
    if isinstance(target, (ast.Tuple, ast.List)) and len(target.elts) == 2:
        name = function.removeprefix("load_")
        first = _placed(node, ast.Assign([ast.Name(name, ast.Store())], table))
        rest = [
            _placed(node, ast.Assign([part], _column(name, which, framed)))
            for part, which in zip(target.elts, ("data", "target"), strict=True)
        ]
        return [first, *rest]
    return None


def _column(name: str, which: str, framed: bool) -> ast.expr:
    text = {
        "data": f"{name}.drop(columns='target')",
        "target": f"{name}['target']",
        "feature_names": f"list({name}.columns.drop('target'))",
        "frame": name,
    }[which]
    if not framed and which in ("data", "target"):
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
    def __init__(self, names: dict[str, tuple[ast.Call, bool]]) -> None:
        self.names = names

    def _replaced(self, node: ast.expr, name: str, which: str) -> ast.expr:
        call, framed = self.names[name]
        if which in ("data", "target", "feature_names", "frame"):
            new = _column(name, which, framed)
        else:
            new = ast.Attribute(copy.deepcopy(call), which, ast.Load())
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
