"""Learn from the training part alone: the program of a notebook with its split made first.

The result is a notebook again, the new oracle: the split stands right after the rows are read and chosen, and what was the split
takes all rows that are left. Cells and lines keep their numbers. The rows held back are those of the notebook's own split, as
long as no row is chosen by what was learned; that is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from nbprod.findings import Finding, NotebookError, Origin
from nbprod.flow.program import origin
from nbprod.flow.tree import own_expressions, walk
from nbprod.modules.analysis import Analysis, analyse
from nbprod.notebook.values import Notebook
from nbprod.split.held_back import hows
from nbprod.split.label import trace_label
from nbprod.split.leakage import IGNORED

CHOOSING = ("filter", "reorder", "dropna")
HELD = "held_back"


def training_scope(notebook: Notebook, model: str | None = None) -> Notebook:
    """Return the notebook that learns everything from the training part of its split.

    Raises:
        NotebookError: ``E-FIT-SCOPE``, the split cannot be made first, with the reason.
    """
    analysis = analyse(notebook, model)
    cells = {cell.number: cell for cell in notebook.code_cells}
    body = analysis.program.body
    split = _split(analysis, body)
    place, table = _place(analysis, body, split)
    call = _call(analysis, split, place, table)
    lines = {number: cell.code.splitlines() for number, cell in cells.items()}
    _replace(lines[origin(split).cell], split, _taken_whole(split))
    _insert(lines[origin(place).cell], place, call)
    changed = {number: "\n".join(text) for number, text in lines.items()}
    told = Finding(
        "I-FIT-SCOPE",
        f"everything is learned from the training part: the split of {origin(split)} is made after {origin(place)}",
        origin(split),
        ast.unparse(split)[:200],
        "without --fit-scope=train the package learns what the notebook learned",
    )
    return replace(
        notebook,
        cells=tuple(
            replace(cell, code=changed[cell.number]) if cell.number in changed else cell
            for cell in notebook.cells
        ),
        findings=(*notebook.findings, told),
    )


def _refuse(why: str, at: Origin, instead: str) -> NotebookError:
    return NotebookError(f"E-FIT-SCOPE: {why}; {instead}", at)


def _split(analysis: Analysis, body: list[ast.stmt]) -> ast.Assign:
    """Find the one split of the notebook that the rows of the fit went through."""
    sink = origin(analysis.sink.call)
    if "split:train" not in hows(analysis.flow, analysis.sink.x):
        raise _refuse(
            "the model is not fitted on the training part of a train_test_split",
            sink,
            "there is no part to learn from alone",
        )
    found = [
        node
        for node in body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func).rsplit(".", 1)[-1] == "train_test_split"
    ]
    if len(found) != 1:
        raise _refuse(
            f"the notebook has {len(found)} statements with train_test_split outside of loops and functions",
            sink,
            "leave one, at the top level of a cell",
        )
    (split,) = found
    target = split.targets[0]
    assert isinstance(split.value, ast.Call)
    whole = isinstance(target, (ast.Tuple, ast.List)) and len(target.elts) == 2 * len(
        split.value.args
    )
    if not whole or any(isinstance(a, ast.Starred) for a in split.value.args):
        raise _refuse(
            "the parts of the split are not named one by one",
            origin(split),
            "write X_train, X_test, ... = ...",
        )
    return split


def _place(analysis: Analysis, body: list[ast.stmt], split: ast.Assign) -> tuple[ast.stmt, str]:
    """Return the statement after which the split can be made, and the table to split there."""
    source = origin(analysis.flow.sources[analysis.primary])
    anchor = next(
        (n for n in body if isinstance(n, ast.Assign) and origin(n) == source and isinstance(n.targets[0], ast.Name)),
        None,
    )  # fmt: skip
    if anchor is None or body.index(anchor) > body.index(split):
        raise _refuse(
            "the rows are not read into a variable", source, "write df = pd.read_csv(...)"
        )
    place: ast.stmt = anchor
    assert isinstance(anchor.targets[0], ast.Name)
    table = anchor.targets[0].id
    between = {
        (origin(n).cell, origin(n).line) for n in body[body.index(anchor) : body.index(split)]
    }
    for node in analysis.flow.body:
        at = (origin(node).cell, origin(node).line)
        mark = analysis.slices.marks.get(id(node))
        if at not in between or mark is None or not mark.kept:
            continue
        rules = {
            analysis.flow.rule(e) for e in own_expressions(node) if analysis.flow.val(e).is_row
        }
        if rules & {"concat", "resample", "merge", "expand"}:
            raise _refuse(
                "rows are joined, added or resampled before the split",
                origin(node),
                "split before that, then the same rows can be held back",
            )
        if rules & set(CHOOSING):
            _nothing_learned_in(analysis, node)
            raw = next((n for n in body if origin(n) == origin(node)), None)
            name = _chosen(raw)
            if raw is None or not name:
                raise _refuse(
                    "rows are chosen in a way that cannot be followed",
                    origin(node),
                    "assign them to a variable",
                )
            place, table = raw, name
    _nothing_learned_before(analysis, place)
    _nothing_else_waits(analysis, body, place, split, table)
    return place, table


def _nothing_learned_in(analysis: Analysis, node: ast.stmt) -> None:
    """A threshold learned from all rows would choose other rows when it is learned from some."""
    for part in own_expressions(node):
        val = analysis.flow.val(part)
        if val.role == "stat" and val.kind != "list" and analysis.primary in val.sources:
            raise _refuse(
                f"rows are chosen by {ast.unparse(part)[:60]}, which is learned from all of them",
                origin(node),
                "choose them by a constant, or after the split",
            )


def _chosen(node: ast.stmt | None) -> str:
    """Return the table whose rows a statement chooses."""
    if (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
    ):
        return node.targets[0].id
    call = node.value if isinstance(node, ast.Expr) else None
    if (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
    ):
        return call.func.value.id
    return ""


def _nothing_learned_before(analysis: Analysis, place: ast.stmt) -> None:
    end = origin(place)
    for site in analysis.body.learned.sites:
        if site.kind not in IGNORED and Origin(site.cell, site.line) <= end:
            raise _refuse(
                f"rows are chosen in {end} after {site.expression.splitlines()[0][:60]} was learned from all of them",
                Origin(site.cell, site.line),
                "choose rows before anything is learned, or after the split",
            )


def _nothing_else_waits(
    analysis: Analysis, body: list[ast.stmt], place: ast.stmt, split: ast.Assign, table: str
) -> None:
    """Other tables and columns made before the new place would keep the rows that are held back."""
    cut = body.index(place) + 1
    later = {
        n.id
        for node in body[cut : body.index(split) + 1]
        for n in walk(node)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }
    for node in body[:cut]:
        for n in walk(node):
            if not (isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)) or n.id == table:
                continue
            val = analysis.flow.val(n)
            if n.id in later and val.is_row and analysis.primary in val.sources:
                raise _refuse(
                    f"{n.id} is made before the rows are chosen and used after",
                    origin(node),
                    "make it after the rows are chosen",
                )


def _call(analysis: Analysis, split: ast.Assign, place: ast.stmt, table: str) -> str:
    """Write the split of the whole table with the arguments of the notebook's split."""
    assert isinstance(split.value, ast.Call)
    given: dict[str, str] = {}
    for keyword in split.value.keywords:
        val = analysis.flow.val(keyword.value)
        if keyword.arg == "stratify":
            if not (isinstance(keyword.value, ast.Constant) and keyword.value.value is None):
                given["stratify"] = _labels(analysis, split, table)
        elif keyword.arg is not None and isinstance(keyword.value, ast.Constant):
            given[keyword.arg] = repr(keyword.value.value)
        elif keyword.arg is not None and val.known:
            given[keyword.arg] = repr(val.literal)
        else:
            names = {n.id for n in walk(keyword.value) if isinstance(n, ast.Name)}
            found = {n: v for n in names for v in _constants(analysis.program.body, n)}
            if keyword.arg is None or set(found) != names:
                raise _refuse(
                    f"the argument {ast.unparse(keyword.value)[:40]} of the split is no constant",
                    origin(split),
                    "write a number",
                )
            given[keyword.arg] = _filled(keyword.value, found)
    if given.get("random_state", "None") == "None" and given.get("shuffle") != "False":
        raise _refuse(
            "the split has no random_state, so no two runs hold back the same rows",
            origin(split),
            "give it one, as in random_state=0",
        )
    arguments = ", ".join([table, *(f"{name}={value}" for name, value in given.items())])
    return (
        f"; from sklearn.model_selection import train_test_split as split_first; "
        f"{table}, {HELD} = split_first({arguments})"
    )


def _constants(body: list[ast.stmt], name: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            if any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
                yield repr(node.value.value)


def _filled(expression: ast.expr, constants: dict[str, str]) -> str:
    """Return an expression of constants, each name replaced by its value."""
    text = ast.unparse(expression)
    return constants.get(text) or ast.unparse(
        ast.parse(" ".join(constants.get(word, word) for word in text.split()), mode="eval")
    )


def _labels(analysis: Analysis, split: ast.Assign, table: str) -> str:
    column = trace_label(analysis.flow, analysis.sink, analysis.body.learned).column
    if not column:
        raise _refuse(
            "the split is stratified by what is no column of the table",
            origin(split),
            "stratify by the label's column",
        )
    return f"{table}[{column!r}]"


def _taken_whole(split: ast.Assign) -> str:
    """What was the split takes all rows that are left; names of the held back part get them, too."""
    assert isinstance(split.value, ast.Call)
    parts = [ast.unparse(a) for a in split.value.args for _ in range(2)]
    return f"{ast.unparse(split.targets[0])} = {', '.join(parts)}"


def _replace(lines: list[str], node: ast.stmt, text: str) -> None:
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    before = lines[first].encode()[: node.col_offset].decode()
    after = lines[last].encode()[node.end_col_offset :].decode()
    lines[first : last + 1] = [before + text + after, *[""] * (last - first)]


def _insert(lines: list[str], node: ast.stmt, text: str) -> None:
    last = (node.end_lineno or node.lineno) - 1
    line = lines[last].encode()
    lines[last] = line[: node.end_col_offset].decode() + text + line[node.end_col_offset :].decode()


__all__ = ["training_scope"]
