"""The ``if fitting:`` blocks of the emitted body."""

from __future__ import annotations

import ast

FITTING = "fitting"


def guard(body: list[ast.stmt], orelse: list[ast.stmt], node: ast.stmt | None) -> ast.If:
    """Return ``if fitting: body else: orelse``, its statements placed where ``node`` is."""
    new = ast.If(ast.Name(FITTING, ast.Load()), body, orelse)
    new.guard = True  # type: ignore[attr-defined]
    for statement in [*body, *orelse]:
        if node is not None and not hasattr(statement, "cell"):
            statement.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
    return new


def serving_only(body: list[ast.stmt]) -> list[ast.stmt]:
    """Drop what happens only while fitting."""
    out: list[ast.stmt] = []
    for node in body:
        if getattr(node, "guard", False):
            assert isinstance(node, ast.If)
            out.extend(serving_only(node.orelse))
            continue
        for name in ("body", "orelse"):
            inner = getattr(node, name, None)
            if (
                inner
                and isinstance(inner[0], ast.stmt)
                and not isinstance(node, (ast.FunctionDef, ast.ClassDef))
            ):
                setattr(node, name, serving_only(inner) or ([ast.Pass()] if name == "body" else []))
        out.append(node)
    return out


def merge_guards(body: list[ast.stmt]) -> list[ast.stmt]:
    """Join neighbouring ``if fitting:`` blocks that have no ``else``."""
    out: list[ast.stmt] = []
    for node in body:
        last = out[-1] if out else None
        if (
            isinstance(node, ast.If)
            and isinstance(last, ast.If)
            and getattr(node, "guard", False)
            and getattr(last, "guard", False)
            and not last.orelse
            and not (node.orelse and getattr(node, "lead", []))
        ):
            if node.body and getattr(node, "lead", []):
                node.body[0].lead = [*getattr(node, "lead", [])]  # type: ignore[attr-defined]
            last.body.extend(node.body)
            last.orelse = node.orelse
            continue
        out.append(node)
    return out


__all__ = ["FITTING", "guard", "merge_guards", "serving_only"]
