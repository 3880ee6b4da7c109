"""Formulas of statsmodels: which columns they read, and whether they say the same of a row alone.

What ``center``, ``bs`` and the like learn from the training rows is part of the fitted model, which replays it. Anything
else in a formula must be a function of the row: ``np.log(x)``, never ``x / x.max()``, which would be computed anew of the
rows of a request.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nbprod.flow.scope import keyword, literal
from nbprod.flow.tree import walk
from nbprod.knowledge import table

LIBRARIES = {"np": "numpy"}  # by the name under which statsmodels has them
_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Formula:
    """``label ~ columns`` of ``data``; ``columns`` in the order in which the formula names them."""

    label: str
    columns: tuple[str, ...]
    data: ast.expr


class NoPlainFormula(ValueError):
    """A formula that cannot be asked again for one row; the message says why and what to write."""


def formula_of(call: ast.Call, own: Mapping[str, str] | None = None) -> Formula:
    """Return the parts of ``ols("y ~ np.log(a) + C(b)", data=df)``.

    ``own`` are the names that the notebook gives a meaning, with what they import: a formula means those, not its own
    functions of that name.

    Raises:
        NoPlainFormula: it is no text, or it is no function of the columns of one row.
    """
    text = literal(call.args[0] if call.args else keyword(call, "formula"))
    data = call.args[1] if len(call.args) > 1 else keyword(call, "data")
    if not isinstance(text, str) or data is None:
        raise NoPlainFormula("must be a text, as in 'price ~ area + C(town)', beside data=")
    if text.count("~") != 1:
        raise NoPlainFormula("must have one ~ between label and features")
    left, right = (part.strip() for part in text.split("~"))
    label = _label(left)
    tree = _parsed(right)
    columns = [name for name in _columns(tree, own or {}) if name]
    if label in columns:
        raise NoPlainFormula(f"has its label {label!r} on both sides")
    if not columns:
        raise NoPlainFormula("reads no column; name the columns, as in 'price ~ area + C(town)'")
    return Formula(label, tuple(dict.fromkeys(columns)), data)


def _label(left: str) -> str:
    if _NAME.fullmatch(left):
        return left
    raise NoPlainFormula(
        f"has {left!r} for its label; compute that in a column before, as in df['label'] = {left}, and name the column"
    )


def _parsed(right: str) -> ast.Expression:
    text = right.replace("^", "**").replace("|", "+").replace("%in%", "*")
    for old in (re.sub(r":(?![^\[]*\])", "*", text), text):
        try:
            return ast.parse(old, mode="eval")
        except (SyntaxError, ValueError):
            continue
    raise NoPlainFormula("cannot be read")


def _columns(tree: ast.Expression, own: Mapping[str, str]) -> Iterable[str]:
    """Return the columns in the order of the text."""
    known = table("formulas")
    of_rows = {*known["stateful"], *known["of_values"], *known["contrasts"]}
    functions: set[int] = set()
    quoted: list[tuple[int, str]] = []
    for call in walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = ast.unparse(call.func)
        root = name.partition(".")[0]
        if root in own and own[root] != LIBRARIES.get(root):
            raise NoPlainFormula(
                f"calls {name}, which is the notebook's own: another process does not find it, and it may learn from its "
                "rows; compute it in a column before, and name the column"
            )
        if name == "Q":
            column = literal(call.args[0]) if call.args else None
            if not isinstance(column, str):
                raise NoPlainFormula("has a Q that quotes no name")
            quoted.append((call.col_offset, column))
        elif name not in of_rows:
            raise NoPlainFormula(
                f"calls {name}, which is not known to be a function of the row; compute it in a column before, and name the column"
            )
        functions |= {id(part) for part in walk(call.func)}
    for part in walk(tree):
        if isinstance(part, ast.Attribute) and id(part) not in functions:
            text = ast.unparse(part)
            raise NoPlainFormula(
                f"reads {text}; compute it in a column before, and name the column"
            )
    named = [
        (n.col_offset, n.id)
        for n in walk(tree)
        if isinstance(n, ast.Name) and id(n) not in functions
    ]
    return [name for _, name in sorted([*named, *quoted])]


def written_out(body: list[ast.stmt], models: Iterable[ast.AST]) -> None:
    """Write formulas that are put together of texts as one text, in place: ``"y ~ " + " + ".join(columns)``."""
    known: dict[str, ast.expr | None] = {}
    for statement in body:
        for node in walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                known[node.id] = None if node.id in known else _value_of(statement, node.id)
    for call in models:
        if not isinstance(call, ast.Call):
            continue
        named = next((k for k in call.keywords if k.arg == "formula"), None)
        given = call.args[0] if call.args else named.value if named else None
        text = _text(given, known) if given is not None else None
        if text is None or "~" not in text or given is None or isinstance(given, ast.Constant):
            continue
        new = ast.copy_location(ast.Constant(text), given)
        new.cell = getattr(given, "cell", 1)  # type: ignore[attr-defined]
        if call.args:
            call.args[0] = new
        elif named is not None:
            named.value = new


def _value_of(statement: ast.stmt, name: str) -> ast.expr | None:
    if isinstance(statement, ast.Assign) and [ast.unparse(t) for t in statement.targets] == [name]:
        return statement.value
    return None


def _text(node: ast.expr, known: dict[str, ast.expr | None]) -> str | None:
    """Evaluate an expression of constant texts."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        value = known.get(node.id)
        return _text(value, known) if value is not None else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [_text(side, known) for side in (node.left, node.right)]
    elif isinstance(node, ast.JoinedStr):
        parts = [
            _text(v.value if isinstance(v, ast.FormattedValue) else v, known) for v in node.values
        ]
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".join") and node.args:
        return _joined(node, known)
    else:
        return None
    return None if any(part is None for part in parts) else "".join(str(part) for part in parts)


def _joined(node: ast.Call, known: dict[str, ast.expr | None]) -> str | None:
    assert isinstance(node.func, ast.Attribute)
    between, listed = _text(node.func.value, known), node.args[0]
    if isinstance(listed, ast.Name):
        listed = known.get(listed.id) or listed
    words = literal(listed)
    if between is None or not isinstance(words, (list, tuple)):
        return None
    return between.join(words) if all(isinstance(word, str) for word in words) else None


__all__ = ["Formula", "NoPlainFormula", "formula_of", "written_out"]
