"""Put rewritten parts into the notebook's own text: libcst keeps the layout and the comments around them."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from nbprod.flow.tree import shallow
from nbprod.modules.differences import Differences, Edit, differences, equal
from nbprod.modules.own_text import OwnText, position

if TYPE_CHECKING:
    import libcst as cst

_HOLE = re.compile(r"_hole_(\d+)_")
# Expressions that need no parentheses wherever they stand.
_ATOMS = (
    ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant, ast.JoinedStr,
    ast.List, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp,
)  # fmt: skip
_LOOSE = (ast.Tuple, ast.GeneratorExp, ast.NamedExpr, ast.Yield, ast.YieldFrom)
# Places between delimiters, where no operator can reach in.
_DELIMITED = {
    (ast.Call, "args"), (ast.keyword, "value"), (ast.List, "elts"), (ast.Set, "elts"), (ast.Subscript, "slice"),
    (ast.Assign, "value"), (ast.AugAssign, "value"), (ast.AnnAssign, "value"), (ast.Return, "value"),
    (ast.Expr, "value"), (ast.If, "test"), (ast.While, "test"), (ast.For, "iter"), (ast.Lambda, "body"),
}  # fmt: skip


class Splicer:
    """Print syntax trees with everything that the notebook wrote as it wrote it."""

    def __init__(self, own: OwnText) -> None:
        self.own = own

    def text(self, node: ast.AST) -> str:
        """Return the text of a statement or expression; parentheses around it are for its place to add.

        Raises:
            SyntaxError: the notebook's text cannot be parsed by libcst.
        """
        original = self.own.original(node)
        own = self.own.text(original) if original is not None else None
        if original is not None and own is not None:
            if equal(node, original):
                return own
            found = differences(node, original)
            spliced = self._cut_in(original, own, found) if found is not None else None
            if spliced is None and found is not None:
                spliced = self._spliced(original, found)
            if spliced is not None:
                return spliced
        return self._built(node)

    def _cut_in(self, original: ast.AST, own: str, found: Differences) -> str | None:
        """Exchange parts of one line by their columns, None where parentheses may belong to them: libcst can tell."""
        place = position(original)
        if found.keywords or place is None or place[0] != place[2] or not own.isascii():
            return None
        text, last = own, len(own)
        for edit in sorted(found.edits, key=lambda e: e.old.col_offset, reverse=True):
            at = position(edit.old)
            if at is None or at[0] != place[0] or isinstance(edit.old, ast.GeneratorExp):
                return None
            start, end = at[1] - place[1], at[3] - place[1]
            held = own[:start].rstrip().endswith("(") and own[end:].lstrip().startswith(")")
            if end > last or (held and not _sole_argument(edit, start + place[1])):
                return None
            new = self._placed(edit.new, edit.parent, edit.field)
            text, last = text[:start] + new + text[end:], start
        return text

    def _spliced(self, original: ast.AST, found: Differences) -> str | None:
        """Return the notebook's text with its rewritten parts exchanged, None when it cannot hold them."""
        import libcst as cst

        from nbprod.modules.exchange import Change, exchange

        tree = self.own.tree(original)
        parts: dict[cst.CSTNode, cst.BaseExpression] = {}
        for edit in found.edits:
            old = self.own.tree(edit.old)
            if old is None:
                return None
            placed = self._placed(edit.new, edit.parent, edit.field)
            parts[old] = _expression(placed)
        calls: dict[cst.CSTNode, Change] = {}
        for change in found.keywords:
            call = self.own.tree(change.call)
            if call is None:
                return None
            added = {
                str(k.arg): _expression(self._placed(k.value, k, "value")) for k in change.added
            }
            calls[call] = Change(change.removed, added)
        if tree is None:
            return None
        return cst.Module([]).code_for_node(exchange(tree, parts, calls))

    def _built(self, node: ast.AST) -> str:
        """Return a new text around the parts that the notebook wrote."""
        holes: list[str] = []
        framed = self._with_holes(node, holes)
        text = ast.unparse(ast.fix_missing_locations(framed))
        return _HOLE.sub(lambda found: holes[int(found[1])], text) if holes else text

    def _with_holes(self, node: Any, holes: list[str]) -> Any:
        """Copy a tree with a name in the place of every part that has a text of its own."""
        if isinstance(node, ast.JoinedStr):
            return node
        new = shallow(node)
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                setattr(new, name, [self._hole(item, node, name, holes) for item in value])
            elif isinstance(value, ast.AST):
                setattr(new, name, self._hole(value, node, name, holes))
        return new

    def _hole(self, value: Any, parent: Any, place: str, holes: list[str]) -> Any:
        if not isinstance(value, ast.AST) or isinstance(value, ast.expr_context):
            return value
        stands = isinstance(value, ast.expr) and not isinstance(
            value, (ast.Name, ast.Slice, ast.Starred)
        )
        if isinstance(value, ast.Tuple) and any(isinstance(e, ast.Slice) for e in value.elts):
            stands = False
        if not stands or isinstance(parent, ast.pattern) or self.own.original(value) is None:
            return self._with_holes(value, holes)
        text = self._placed(value, parent, place)
        holes.append(text)
        return ast.Name(f"_hole_{len(holes) - 1}_", ast.Load())

    def _placed(self, node: ast.expr, parent: ast.AST, place: str) -> str:
        """Return an expression with parentheses where its place needs them."""
        text = self.text(node)
        at = (type(parent), place)
        if isinstance(node, _LOOSE):
            needed = at != (ast.Subscript, "slice") and not _enclosed(text)
        elif isinstance(node, _ATOMS):
            number = isinstance(node, ast.Constant) and isinstance(node.value, (int, float))
            needed = number and at == (ast.Attribute, "value")
        else:
            needed = at not in _DELIMITED
        return f"({text})" if needed or _breaks_off(text) else text


def _sole_argument(edit: Edit, start: int) -> bool:
    """Say whether the parentheses around a part are those of its call."""
    call = edit.parent
    if not isinstance(call, ast.Call) or edit.field != "args":
        return False
    alone = len(call.args) == 1 and not call.keywords
    return alone and call.func.end_col_offset == start - 1 and call.end_col_offset == _end(edit) + 1


def _end(edit: Edit) -> int:
    return edit.old.end_col_offset or 0


def _expression(text: str) -> cst.BaseExpression:
    import libcst as cst

    try:
        return cst.parse_expression(text)
    except cst.ParserSyntaxError as error:
        raise SyntaxError(str(error)) from None


def _enclosed(text: str) -> bool:
    """Say whether the text of a tuple or generator has its own parentheses."""
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for number, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return number == len(text) - 1
    return False


def _breaks_off(text: str) -> bool:
    """Say whether an expression of several lines ends with its first one unless parentheses hold it."""
    if "\n" not in text:
        return False
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return True
    return False
