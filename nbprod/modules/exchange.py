"""Exchange nodes of a libcst tree. Importing this module imports libcst."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import libcst as cst


@dataclass(frozen=True)
class Change:
    """Keyword arguments that a call loses and gets."""

    removed: frozenset[str]
    added: Mapping[str, cst.BaseExpression]


def exchange(
    tree: cst.CSTNode,
    parts: Mapping[cst.CSTNode, cst.BaseExpression],
    calls: Mapping[cst.CSTNode, Change],
) -> cst.CSTNode:
    """Return a tree with other parts, and with other keyword arguments in its calls."""
    made = tree.visit(_Exchange(parts, calls))
    assert isinstance(made, cst.CSTNode)
    if isinstance(made, cst.BaseSmallStatement):
        return made.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
    if isinstance(made, cst.BaseExpression):  # its parentheses belong to the place where it stood
        own = 1 if isinstance(made, (cst.Tuple, cst.GeneratorExp)) and made.lpar else 0
        return made.with_changes(lpar=made.lpar[:own], rpar=made.rpar[:own])
    return made


class _Exchange(cst.CSTTransformer):
    def __init__(
        self,
        parts: Mapping[cst.CSTNode, cst.BaseExpression],
        calls: Mapping[cst.CSTNode, Change],
    ) -> None:
        super().__init__()
        self.parts, self.calls = parts, calls

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node not in self.parts and not isinstance(node, cst.BaseParenthesizableWhitespace)

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        if original_node in self.parts:
            new = self.parts[original_node]
            if original_node.lpar and not new.lpar and not isinstance(new, _CLOSED):
                return new.with_changes(lpar=original_node.lpar, rpar=original_node.rpar)
            return new
        if original_node in self.calls:
            return _with_arguments(updated_node, self.calls[original_node])
        return updated_node


_CLOSED = (cst.Name, cst.Attribute, cst.Subscript, cst.Call, cst.List, cst.Dict)


def _with_arguments(call: cst.Call, change: Change) -> cst.Call:
    kept = [a for a in call.args if a.keyword is None or a.keyword.value not in change.removed]
    none = cst.SimpleWhitespace("")
    added = [
        cst.Arg(value, cst.Name(name), cst.AssignEqual(none, none))
        for name, value in change.added.items()
    ]
    ends_in_comma = bool(call.args) and isinstance(call.args[-1].comma, cst.Comma)
    arguments = [*kept, *added]
    if kept and added and not isinstance(kept[-1].comma, cst.Comma):
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        arguments[len(kept) - 1] = kept[-1].with_changes(comma=comma)
    if arguments and not ends_in_comma:
        arguments[-1] = arguments[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return call.with_changes(args=arguments)
