"""Print statements in the words of the notebook, with its comments around them."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Sequence

from nbprod.flow.tree import shallow
from nbprod.modules.differences import equal
from nbprod.modules.escapes import mended
from nbprod.modules.own_text import OwnText
from nbprod.modules.quotes import double_quoted
from nbprod.modules.splicing import Splicer
from nbprod.notebook.values import Notebook

INDENT = "    "
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


class Printer:
    """Print the rewritten statements of one notebook.

    What the rewriting left alone is printed as the notebook has it: its number forms, its line breaks, its
    comments; a body has the quotes that black would give it, an expression those of the notebook. ``plain`` counts the statements for which that was not possible. Without a notebook
    everything is printed plainly.
    """

    def __init__(self, notebook: Notebook | None) -> None:
        self.own = OwnText(notebook) if notebook is not None else None
        self.splicer = Splicer(self.own) if self.own is not None else None
        self.plain = 0

    def body(self, body: Sequence[ast.stmt], depth: int = 1) -> str:
        """Return the source of statements at an indentation depth."""
        return "\n".join(self._block(body, depth))

    def expression(self, node: ast.expr) -> str:
        """Return the source of an expression that may stand on the right of an assignment."""
        text = self._written(ast.Assign([ast.Name("_", ast.Store())], node), _as_it_is)
        return text.removeprefix("_ = ")

    def _block(self, body: Sequence[ast.stmt], depth: int) -> list[str]:
        lines: list[str] = []
        last: tuple[int, int] | None = None
        for node in body:
            place = (getattr(node, "cell", 0), getattr(node, "lineno", 0))
            if last is not None and place[1] and place != last:
                if self.own is not None and (place[0] != last[0] or self.own.gap_above(node)):
                    lines.append("")
            lines.extend(self._lines(node, depth))
            lines.extend(INDENT * depth + comment for comment in getattr(node, "tail", []))
            last = place if place[1] else last
        return lines

    def _lines(self, node: ast.stmt, depth: int, word: str = "") -> list[str]:
        pad = INDENT * depth
        out = [pad + comment for comment in getattr(node, "lead", [])]
        trail = getattr(node, "trail", "")
        comment = f"  {trail}" if trail else ""
        if not isinstance(getattr(node, "body", None), list) or isinstance(node, ast.Match):
            return [*out, f"{pad}{self._written(node)}{comment}"]
        header = "try:" if isinstance(node, ast.Try) else self._header(node)
        out.extend(f"{pad}@{self.expression(d)}" for d in getattr(node, "decorator_list", []))
        out.append(f"{pad}{word}{header}{comment}")
        out.extend(self._block(node.body, depth + 1))  # type: ignore[attr-defined]
        for handler in getattr(node, "handlers", []):
            kind = f" {self.expression(handler.type)}" if handler.type is not None else ""
            name = f" as {handler.name}" if handler.name else ""
            out.append(f"{pad}except{kind}{name}:")
            out.extend(self._block(handler.body, depth + 1))
        orelse = getattr(node, "orelse", [])
        if isinstance(node, ast.If) and len(orelse) == 1 and isinstance(orelse[0], ast.If):
            out.extend(self._lines(orelse[0], depth, "el"))
        elif orelse:
            otherwise = getattr(node, "otherwise", "")
            out.append(f"{pad}else:  {otherwise}".rstrip())
            out.extend(self._block(orelse, depth + 1))
        if getattr(node, "finalbody", None):
            out.append(f"{pad}finally:")
            out.extend(self._block(node.finalbody, depth + 1))  # type: ignore[attr-defined]
        return out

    def _header(self, node: ast.stmt) -> str:
        """Return the text of a block up to its colon."""
        header = shallow(node)
        for name in BLOCKS:
            if hasattr(header, name):
                setattr(header, name, [ast.Pass()] if name == "body" else [])
        if isinstance(header, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            header.decorator_list = []
        return self._written(header).rstrip().removesuffix("pass").rstrip()

    def _written(self, node: ast.stmt, quoted: Callable[[str], str] = double_quoted) -> str:
        """Return the text of a statement: the notebook's, with the rewritten parts put in."""
        if self.splicer is not None:
            try:
                text = quoted(mended(self.splicer.text(node)))
                if means(text, node):
                    return text
            except SyntaxError:
                pass
            self.plain += 1
        return ast.unparse(ast.fix_missing_locations(node))


def _as_it_is(text: str) -> str:
    return text


def means(text: str, node: ast.stmt) -> bool:
    """Say whether a text is the program of a statement."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = ast.parse(text).body
        if len(parsed) == 1 and equal(parsed[0], node):
            return True
        # A tree that was made may have a shape that no text has, such as a negative constant.
        again = ast.parse(ast.unparse(ast.fix_missing_locations(node)))
    return equal(ast.Module(parsed, []), again)
