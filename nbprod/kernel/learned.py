"""What is known of learned values from the expressions that learn them."""

from __future__ import annotations

import ast

from nbprod.flow.tree import walk
from nbprod.flow.values import Flow

LISTS = frozenset("tolist drop union difference intersection to_list".split())
NAMES = frozenset("index columns categories".split())
LABELS = frozenset("idxmax idxmin".split())


def is_list(annotation: str, expression: str) -> bool | None:
    """Return whether a learned value is several values, one, or a thing that this does not tell."""
    if annotation.startswith("list") or annotation == "pd.Index":
        return True
    try:
        node: ast.expr = ast.parse(expression, mode="eval").body
    except SyntaxError:
        return None
    while isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        node = node.value
    if isinstance(node, (ast.List, ast.ListComp, ast.Tuple)):
        return True
    if isinstance(node, ast.Attribute):
        return True if node.attr in NAMES else None
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name):
            return True if node.func.id in ("list", "sorted", "set") else None
        if isinstance(node.func, ast.Attribute):
            return True if node.func.attr in LISTS else False if node.func.attr in LABELS else None
    if isinstance(node, ast.Subscript):
        if isinstance(node.slice, (ast.Constant, ast.UnaryOp)) and not _is_mask(node.slice):
            return False  # one of them, by its place
        chosen = node.value
        return True if isinstance(chosen, ast.Attribute) and chosen.attr in NAMES else None
    return False if isinstance(node, ast.Compare) else None


def _is_mask(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Invert, ast.Not))


def encoder_class(expression: str, flow: Flow) -> str:
    """Return the class of a learned estimator, or an empty string."""
    try:
        tree = ast.parse(expression, mode="eval")
    except SyntaxError:
        return ""
    for node in walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr.startswith("fit")
        ):
            made = node.func.value
            while (
                isinstance(made, ast.Call)
                and isinstance(made.func, ast.Name)
                and made.func.id == "deepcopy"
            ):
                made = made.args[0]
            if isinstance(made, ast.Call):
                return (
                    made.func.attr
                    if isinstance(made.func, ast.Attribute)
                    else getattr(made.func, "id", "")
                )
            if isinstance(made, ast.Name):
                return flow.final[made.id].qual.rsplit(".", 1)[-1] if made.id in flow.final else ""
    return ""
