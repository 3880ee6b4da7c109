"""Files that are opened under a name to be pickled or unpickled: the call opens its file itself."""

from __future__ import annotations

import ast

from nbprod.flow.substitution import like, substitute
from nbprod.flow.tree import walk

PICKLERS = ("pickle.dump", "pickle.load", "joblib.dump", "joblib.load")


def with_handles(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the program with ``pickle.load(f)`` written as ``pickle.load(open("a.pkl", "rb"))``.

    The statements that open the files stay unless they open them for this alone.
    """
    opened: dict[str, ast.expr] = {}
    out: list[ast.stmt] = []
    for node in body:
        if isinstance(node, ast.With):
            inside = _of_block(node)
            out.extend([node] if inside is None else inside)
            continue
        if isinstance(node, ast.Assign):
            new = _named(node, opened)
            for target in node.targets:
                for part in walk(target):
                    if isinstance(part, ast.Name):
                        opened.pop(part.id, None)
            target = node.targets[0]
            if isinstance(target, ast.Name) and _opens(node.value):
                opened[target.id] = node.value
            out.append(new)
            continue
        out.append(_named(node, opened) if isinstance(node, ast.Expr) else node)
    return out


def _opens(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "open" and bool(node.args)


def _of_block(node: ast.With) -> list[ast.stmt] | None:
    """Return the statements of a block that only pickles, None for any other block."""
    if len(node.items) != 1 or not isinstance(node.items[0].optional_vars, ast.Name):
        return None
    if not _opens(node.items[0].context_expr):
        return None
    name = node.items[0].optional_vars.id
    opened = {name: node.items[0].context_expr}
    found: list[ast.stmt] = []
    for statement in node.body:
        uses = [n for n in walk(statement) if isinstance(n, ast.Name) and n.id == name]
        new = _named(statement, opened)
        if not uses or not isinstance(statement, (ast.Expr, ast.Assign)) or new is statement:
            return None
        found.append(new)
    return found


def _named(node: ast.stmt, opened: dict[str, ast.expr]) -> ast.stmt:
    """Return a statement whose pickling opens its file, the same where it does not pickle."""
    for call in walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) in PICKLERS:
            file = call.args[-1] if call.args else None
            if isinstance(file, ast.Name) and file.id in opened:
                return like(node, substitute(node, {file.id: opened[file.id]}))
    return node


__all__ = ["with_handles"]
