"""Print statements with the comments of the notebook around them."""

from __future__ import annotations

import ast
import copy

INDENT = "    "


def print_body(body: list[ast.stmt], depth: int = 1) -> str:
    """Return the source of statements at an indentation depth."""
    return "\n".join(line for node in body for line in _lines(node, depth))


def _lines(node: ast.stmt, depth: int) -> list[str]:
    pad = INDENT * depth
    out = [pad + comment for comment in getattr(node, "lead", [])]
    blocks = [n for n in ("body", "orelse", "finalbody") if getattr(node, n, None)]
    if not blocks or isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        text = ast.unparse(ast.fix_missing_locations(node)).splitlines()
        trail = getattr(node, "trail", "")
        if trail and text and not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            text[-1] += f"  {trail}"
        return out + _indented(text, pad)
    header = copy.copy(node)
    for name in ("body", "orelse", "finalbody"):
        if hasattr(header, name):
            setattr(header, name, [ast.Pass()] if name == "body" else [])
    if isinstance(header, ast.Try):
        header.handlers = []
        header.finalbody = [ast.Pass()]
        out.append(f"{pad}try:")
    else:
        out.extend(_indented(ast.unparse(ast.fix_missing_locations(header)).splitlines()[:-1], pad))
    for statement in getattr(node, "body", []):
        out.extend(_lines(statement, depth + 1))
    for handler in getattr(node, "handlers", []):
        kind = f" {ast.unparse(handler.type)}" if handler.type is not None else ""
        name = f" as {handler.name}" if handler.name else ""
        out.append(f"{pad}except{kind}{name}:")
        for statement in handler.body:
            out.extend(_lines(statement, depth + 1))
    if getattr(node, "orelse", None):
        out.append(f"{pad}else:")
        for statement in node.orelse:  # type: ignore[attr-defined]
            out.extend(_lines(statement, depth + 1))
    if getattr(node, "finalbody", None):
        out.append(f"{pad}finally:")
        for statement in node.finalbody:  # type: ignore[attr-defined]
            out.extend(_lines(statement, depth + 1))
    return out


def _indented(lines: list[str], pad: str) -> list[str]:
    return [pad + line if line.strip() else "" for line in lines]
