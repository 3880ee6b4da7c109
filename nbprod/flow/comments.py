"""Comments and the statements that they are about, for a syntax tree has none.

A statement gets the comments above it (``lead``), the one behind it or behind its colon (``trail``), the one behind its
``else:`` (``otherwise``), and those that end the block whose last statement it is (``tail``).
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator

from nbprod.flow.tree import all_statements

# What a statement that is written anew takes over from the one that it stands for.
COMMENTS = ("lead", "trail", "otherwise", "tail")


def attach_comments(tree: ast.Module, code: str) -> None:
    """Give each statement of a cell its comments."""
    lines = code.splitlines()
    alone: dict[int, tuple[int, str]] = {}  # by line: column and text
    behind: dict[int, str] = {}
    for row, column, text in _comments(code):
        if lines[row - 1][:column].strip():
            behind[row] = text
        else:
            alone[row] = (column, text)
    statements = sorted(all_statements(tree.body), key=lambda node: node.lineno)
    for node in statements:
        node.lead = _above(node, lines, alone, statements)  # type: ignore[attr-defined]
        last = node.end_lineno or node.lineno
        body = getattr(node, "body", None)
        if body:  # the comment of a block stands behind its colon
            last = body[0].lineno - 1 if body[0].lineno > node.lineno else 0
        node.trail = behind.get(last, "")  # type: ignore[attr-defined]
        other = getattr(node, "orelse", None)
        if other:
            node.otherwise = _behind_else(other[0], lines, behind)  # type: ignore[attr-defined]
    for row in sorted(alone):
        _end_of_block(row, *alone[row], statements)


def _comments(code: str) -> Iterator[tuple[int, int, str]]:
    if "#" not in code:
        return
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.COMMENT:
                yield *token.start, _visible(token.string)
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return


def _above(
    node: ast.stmt, lines: list[str], alone: dict[int, tuple[int, str]], statements: list[ast.stmt]
) -> list[str]:
    """Take the comments above a statement, but not those that end a deeper block above it."""
    lead: list[str] = []
    row = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1
    while row in alone or (0 < row <= len(lines) and not lines[row - 1].strip()):
        if row in alone:
            column = alone[row][0]
            if column > node.col_offset and _before(row, column, statements) is not None:
                break
            lead.insert(0, alone.pop(row)[1])
        row -= 1
    return lead


def _behind_else(first: ast.stmt, lines: list[str], behind: dict[int, str]) -> str:
    row = first.lineno - 1
    while row > 0 and not lines[row - 1].lstrip().startswith("else"):
        if lines[row - 1].strip() and not lines[row - 1].lstrip().startswith("#"):
            return ""
        row -= 1
    return behind.get(row, "")


def _end_of_block(row: int, column: int, text: str, statements: list[ast.stmt]) -> None:
    """Give a comment that no statement has below it to the last one of its block; those inside a statement are in its text."""
    outer: ast.stmt | None = None
    for node in statements:
        if not node.lineno <= row <= (node.end_lineno or node.lineno) + (column > node.col_offset):
            continue
        body = getattr(node, "body", None)
        if not body:
            if row <= (node.end_lineno or node.lineno):
                return
        elif row < body[0].lineno:
            return
        else:
            outer = node
    other = getattr(outer, "orelse", None)
    if outer is not None and other and column <= outer.col_offset and row < other[0].lineno:
        other[0].lead = [text, *other[0].lead]
        return
    last = _before(row, column, statements)
    if last is not None and (column > 0 or not _is_code(text)):
        last.tail = [*getattr(last, "tail", []), text]  # type: ignore[attr-defined]


def _is_code(comment: str) -> bool:
    """Say whether a comment is a statement that was taken out, and no words for a reader."""
    try:
        (node,) = ast.parse(comment.strip("# \t")).body
    except (SyntaxError, ValueError):
        return False
    return not (isinstance(node, ast.Expr) and isinstance(node.value, (ast.Name, ast.Constant)))


def _before(row: int, column: int, statements: list[ast.stmt]) -> ast.stmt | None:
    """Return the last statement above a line that begins at a column, when the block goes on to the line."""
    found: ast.stmt | None = None
    for node in statements:
        if node.lineno > row:
            break
        if node.col_offset < column and not getattr(node, "body", None):
            found = None  # the block has ended
        elif node.col_offset == column and (node.end_lineno or node.lineno) < row:
            found = node
    return found


def _visible(comment: str) -> str:
    """Return a comment without the characters that no reader would see."""
    return "".join(c for c in comment if c.isprintable() or c == "\t").rstrip()


__all__ = ["COMMENTS", "attach_comments"]
