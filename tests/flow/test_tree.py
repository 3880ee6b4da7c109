"""Walks see what ``ast.walk`` sees but operators and contexts; copies share what they may."""

from __future__ import annotations

import ast
import copy
from pathlib import Path

import pytest

import nbprod
from nbprod.flow.tree import children, copied, own_expressions, shallow, walk

UNSEEN = (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)
SOURCES = [path.read_text("utf-8") for path in sorted(Path(nbprod.__file__).parent.glob("*.py"))]
ODD = """
def f(a, /, b: int = 1, *c, d, e=2, **g) -> {**a, 'k': 1}:
    global h
    match a:
        case {'x': None, **rest}: del b[1:2]
        case C(1, y=[_, *z]) | True: nonlocal_ = lambda: (yield)
        case _: pass
    try:
        async def k(): return [x async for x in a if b]
    except* E as error:
        raise error from None
    with a as b, c: assert a, f"{b!r:>{c}}"
"""


@pytest.mark.parametrize("source", [*SOURCES, ODD])
def test_a_walk_sees_everything_but_operators_and_contexts(source: str) -> None:
    tree = ast.parse(source)
    assert [*walk(tree)] == [n for n in ast.walk(tree) if not isinstance(n, UNSEEN)]


def test_children_are_those_right_below() -> None:
    for node in ast.walk(ast.parse(ODD)):
        below: list[ast.AST] = []
        children(node, below)
        assert below == [n for n in ast.iter_child_nodes(node) if not isinstance(n, UNSEEN)]


def test_a_node_that_lacks_fields_has_no_children_there() -> None:
    assert [type(n) for n in walk(ast.Call())] == [ast.Call]


def test_own_expressions_leave_out_the_statements_of_a_block() -> None:
    (node,) = ast.parse("for x in a(b):\n    c = d").body
    assert {n.id for n in own_expressions(node) if isinstance(n, ast.Name)} == {"x", "a", "b"}


def test_a_shallow_copy_shares_what_is_in_its_fields() -> None:
    (node,) = ast.parse("a = b").body
    node.cell = 3  # type: ignore[attr-defined]
    new = shallow(node)
    assert type(new) is type(node)
    assert vars(new) == vars(node) == vars(copy.copy(node))
    new.lineno = 7
    assert node.lineno == 1


def test_a_copied_tree_shares_no_node() -> None:
    tree = ast.parse(ODD)
    new = copied(tree)
    assert ast.dump(new) == ast.dump(tree)
    assert not {id(n) for n in walk(new)} & {id(n) for n in walk(tree)}
