"""What the rewriting leaves alone is printed as the notebook has it; what it changes is put into that text."""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from nbprod.flow.program import parse
from nbprod.modules.differences import equal
from nbprod.modules.printing import Printer
from nbprod.modules.quotes import double_quoted
from nbprod.notebook.values import Cell, Notebook

HERE = Path(__file__).parents[2]


def notebook(*cells: str) -> Notebook:
    found = tuple(Cell(number, "code", code, code) for number, code in enumerate(cells, 1))
    return Notebook("x.ipynb", "x", found)


def printed(code: str, change: Callable[[ast.stmt], ast.stmt] = lambda s: s) -> str:
    """Return the text of the statements of a cell, each changed on its way."""
    cell = notebook(code)
    printer = Printer(cell)
    return printer.body([change(copy.deepcopy(s)) for s in parse(cell).body], 0)


UNTOUCHED = [
    'df["Title"] = df.Name.str.extract(r" ([A-Za-z]+)\\.", expand=False)',
    "limit = 1_000 + 0x1F + 1e-3",
    "name = 'single' + \"it's\"",
    "mask = (df['a'] > 1) & (df['b'] < 2)",
    "prices = {\n    'a': 1,  # the cheap one\n    # nobody buys this\n    'b': 2,\n}",
    "x = df[['a', 'b']].mean() # in euros",
    'query = """\n  two\n    lines\n"""',
    "y = (a +\n     b)",
    "z = long_name \\\n    + other",
    "s = 'Zürich' + df['größe']",
    "# why\nx = 1\n\n# and this\ny = 2",
]


@pytest.mark.parametrize("code", UNTOUCHED)
def test_text_that_nothing_changed_stays_as_it_is_but_for_its_quotes(code: str) -> None:
    assert printed(code).replace("  # in", " # in") == double_quoted(code)


class Swap(ast.NodeTransformer):
    """Read ``df.median()`` from the state, as a learned value is; call ``old`` ``new``."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "median":
            return ast.parse("state.middle", mode="eval").body
        if isinstance(node.func, ast.Attribute) and node.func.attr == "total":
            return ast.parse("a + b", mode="eval").body
        self.generic_visit(node)
        node.keywords = [k for k in node.keywords if k.arg != "inplace"]
        if isinstance(node.func, ast.Attribute) and node.func.attr == "drop":
            node.keywords.append(ast.keyword("errors", ast.Constant("ignore")))
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name("new", node.ctx) if node.id == "old" else node


SPLICED = [
    (
        "df['a'] = df['a'].fillna(df['a'].median())  # gaps",
        "df['a'] = df['a'].fillna(state.middle)  # gaps",
    ),
    ("x = (df['a'].median()) * 2", "x = state.middle * 2"),
    ("x = df.total() * 1_000", "x = (a + b) * 1_000"),
    ("x = df.total()", "x = a + b"),
    ("x = df.f(df.total(), 'b')", "x = df.f(a + b, 'b')"),
    (
        "table = {\n    'a': old,  # one\n    'b': r'\\d',\n}",
        "table = {\n    'a': new,  # one\n    'b': r'\\d',\n}",
    ),
    ("df.f('a', inplace=True)", "df.f('a')"),
    (
        "df.drop(['a',\n         'b'], axis=1)",
        "df.drop(['a',\n         'b'], axis=1, errors='ignore')",
    ),
    ("df.drop(['a'], inplace=True, axis=1)", "df.drop(['a'], axis=1, errors='ignore')"),
    ("é = f('ü', old) + df['größe'].median()", "é = f('ü', new) + state.middle"),
    ("for old in ['a', 'b']:\n    x = old\n", "for new in ['a', 'b']:\n    x = new"),
    (
        "if a > old:  # high\n    x = 1\nelif b:\n    x = 0x2\nelse:\n    x = 3",
        "if a > new:  # high\n    x = 1\nelif b:\n    x = 0x2\nelse:\n    x = 3",
    ),
    (
        "def f(a, b=r'\\d', *c, d: int = old):\n    '''Say it.'''\n    # why\n    return a + old",
        "def f(a, b=r'\\d', *c, d: int=new):\n    '''Say it.'''\n    # why\n    return a + new",
    ),
    (
        "try:\n    x = old\nexcept (KeyError, OSError) as e:\n    x = 'b'\nfinally:\n    y = 1",
        "try:\n    x = new\nexcept (KeyError, OSError) as e:\n    x = 'b'\nfinally:\n    y = 1",
    ),
    ("with a(old) as b, c('d'):\n    pass", "with a(new) as b, c('d'):\n    pass"),
    ("x = f'{old!r:>10} {b}'", "x = f'{new!r:>10} {b}'"),
    ("x = lambda r: r['a'] + old", "x = lambda r: r['a'] + new"),
    ("x = old[1:, ['a', 'b']]", "x = new[1:, ['a', 'b']]"),
    ("a = 1; b = old; c = 'x'", "a = 1\nb = new\nc = 'x'"),
]


@pytest.mark.parametrize(("code", "expected"), SPLICED)
def test_rewritten_parts_are_put_into_the_text_around_them(code: str, expected: str) -> None:
    assert printed(code, lambda s: Swap().visit(s)) == double_quoted(expected)


def test_a_statement_that_was_made_keeps_the_text_of_its_parts() -> None:
    cell = notebook("df['a'] = df['a'].map({'x': 1_000,\n  'y': 2})  # note")
    printer = Printer(cell)
    assign = parse(cell).body[0]
    assert isinstance(assign, ast.Assign)
    target = ast.parse("state.codes").body[0]
    assert isinstance(target, ast.Expr)
    learned = ast.Assign([target.value], assign.value)
    guard = ast.If(ast.Name("fitting", ast.Load()), [learned], [])
    assert printer.body([guard]) == (
        '    if fitting:\n        state.codes = df["a"].map({"x": 1_000,\n  "y": 2})'
    )


def test_a_part_of_several_lines_gets_parentheses_where_none_hold_it() -> None:
    cell = notebook("x = f((a\n     + b).sum(), (df\n  .mean()))")
    printer = Printer(cell)
    assign = parse(cell).body[0]
    assert isinstance(assign, ast.Assign)
    assert isinstance(assign.value, ast.Call)
    assert printer.expression(assign.value.args[1]) == "(df\n  .mean())"
    assert printer.expression(assign.value.args[0]) == "(a\n     + b).sum()"


@pytest.mark.parametrize("mark", ["\u202e", "\u200b", "\x0c", "\x00"])
def test_characters_that_no_reader_sees_are_written_as_escapes(mark: str) -> None:
    assert printed(f"x = 'a{mark}b'" if mark != "\x00" else "x = 'a\\x00b'").isprintable()


def test_a_comment_loses_the_characters_that_no_reader_sees() -> None:
    assert printed("x = 1  # a\u202eb") == "x = 1  # ab"


class Renaming(ast.NodeTransformer):
    """Rename some variables, as the rewriting does everywhere."""

    def __init__(self, names: set[str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id not in self.names:
            return node
        return ast.parse(f"state.{node.id}", mode="eval").body if _loads(node) else node


def _loads(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


@pytest.mark.parametrize(
    "path", sorted((HERE / "nbprod" / "flow").glob("*.py")), ids=lambda p: p.stem
)
def test_any_program_is_printed_as_the_tree_that_was_meant(path: Path) -> None:
    """Every text means its tree, and next to none has to be printed without the notebook's text."""
    code = path.read_text("utf-8")
    cell = notebook(code)
    printer = Printer(cell)
    chance = random.Random(path.name)
    names = sorted({n.id for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Name)})
    chosen = set(chance.sample(names, len(names) // 3))
    body = [Renaming(chosen).visit(s) for s in parse(cell).body]
    wanted = ast.parse(ast.unparse(ast.fix_missing_locations(ast.Module(body, []))))
    assert equal(ast.parse(printer.body(body, 0)), wanted)
    assert printer.plain == 0
