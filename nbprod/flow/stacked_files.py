"""Two or more files that are read, marked and put under or beside each other are one table of rows."""

from __future__ import annotations

import ast
import copy
from keyword import iskeyword

from nbprod.flow.scope import keyword, literal
from nbprod.flow.statsmodels_calls import imported, qualified
from nbprod.flow.substitution import like
from nbprod.flow.tree import walk

READERS = (
    "read_csv",
    "read_excel",
    "read_table",
    "read_json",
    "read_parquet",
    "read_feather",
    "read_fwf",
)
TELLING = ("print", "display", "len", "type")
KEPT = ("axis", "ignore_index", "sort")


def in_one_table(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the program with ``df = pd.concat([a, b])`` of files written as one read (the same list when there is none).

    A file counts when nothing happens to it but columns of one value, such as the kind that it stands for.
    Without such columns the tables must be of no use later, for training and test rows are put
    together, too, and taken apart again.
    """
    imports = imported(body)
    if not any(name.split(".")[0] == "pandas" for name in imports.values()):
        return body
    files: dict[str, ast.expr] = {}
    marked: set[str] = set()
    out: list[ast.stmt] = []
    changed = False
    for position, node in enumerate(body):
        stacked = _stacked(node, imports, files)
        beside = stacked is not None and _beside(node)
        if beside and marked.intersection(stacked or ()):
            stacked = None  # a column twice
        if stacked is not None and (
            (set(stacked) <= marked and not beside)
            or not _mentioned(body[position + 1 :], set(stacked) - _bound(node))
        ):
            out.append(_one_read(node, files))
            changed = True
            for name in _bound(node):
                files.pop(name, None)
            continue
        out.append(node)
        _follow(node, imports, files, marked)
    return out if changed else body


def _bound(node: ast.stmt) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _follow(
    node: ast.stmt, imports: dict[str, str], files: dict[str, ast.expr], marked: set[str]
) -> None:
    """Note what a statement reads, marks or changes."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        if isinstance(target, ast.Name) and _reads(node.value, imports):
            files[target.id] = node.value
            marked.discard(target.id)
            return
        if (
            isinstance(target, ast.Subscript)
            and isinstance(target.value, ast.Name)
            and target.value.id in files
            and isinstance(literal(target.slice), str)
            and isinstance(node.value, ast.Constant)
        ):
            name, column = target.value.id, str(literal(target.slice))
            plain = column.isidentifier() and not iskeyword(column)
            mark = ast.Dict([ast.Constant(column)], [node.value])
            method = ast.Attribute(files[name], "assign", ast.Load())
            given = ast.keyword(column, node.value) if plain else ast.keyword(None, mark)
            files[name] = ast.Call(method, [], [given])
            marked.add(name)
            return
    if not files or not _mentioned([node], set(files)):
        return
    told = _changed(node)
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
        told |= {
            n.id for n in walk(node) if isinstance(n, ast.Name)
        }  # a length takes the rows apart again
    for name in told & set(files):
        del files[name]
        marked.discard(name)


def _reads(node: ast.expr, imports: dict[str, str]) -> bool:
    if not isinstance(node, ast.Call):
        return False
    module, _, last = qualified(imports, node.func).rpartition(".")
    return (
        module == "pandas"
        and last in READERS
        and bool(node.args)
        and isinstance(literal(node.args[0]), str)
        and keyword(node, "chunksize") is None
    )


def _changed(node: ast.stmt) -> set[str]:
    """Return the variables that a statement may change: all but those it only looks at."""
    looked: set[int] = set()
    inplace: set[int] = set()
    for part in walk(node):
        if isinstance(part, ast.Call):
            if any(k.arg == "inplace" for k in part.keywords):
                inplace |= _names(part.func)
            name = ast.unparse(part.func)
            if name in TELLING or name.startswith(("plt.", "sns.", "px.")):
                looked |= {i for a in part.args for i in _names(a)}
                looked |= {i for k in part.keywords for i in _names(k.value)}
        elif isinstance(part, (ast.Subscript, ast.Attribute)) and isinstance(part.ctx, ast.Load):
            looked |= _names(part)
    looked -= inplace
    bare = {id(node.value)} if isinstance(node, ast.Expr) else set()
    return {n.id for n in walk(node) if isinstance(n, ast.Name) and id(n) not in looked | bare}


def _names(node: ast.AST) -> set[int]:
    return {id(n) for n in walk(node) if isinstance(n, ast.Name)}


def _mentioned(body: list[ast.stmt], names: set[str]) -> bool:
    return any(isinstance(n, ast.Name) and n.id in names for s in body for n in walk(s))


def _stacked(
    node: ast.stmt, imports: dict[str, str], files: dict[str, ast.expr]
) -> list[str] | None:
    """Return the tables that a statement puts under or beside each other, None when they are not all plain files."""
    if not (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
    ):
        return None
    call = _putting(node.value)
    if call is None:
        return None
    parts = _put_together(call, imports)
    names = [part.id for part in parts if isinstance(part, ast.Name) and part.id in files]
    return names if len(names) == len(parts) and len(set(names)) == len(names) > 1 else None


def _putting(value: ast.expr) -> ast.Call | None:
    """Return the call behind a bare ``reset_index``."""
    if not isinstance(value, ast.Call):
        return None
    inner = value.func.value if isinstance(value.func, ast.Attribute) else None
    if isinstance(inner, ast.Call) and isinstance(value.func, ast.Attribute):
        return inner if value.func.attr == "reset_index" and not value.args else None
    return value


def _beside(node: ast.stmt) -> bool:
    """Say whether tables are put side by side, row by row."""
    call = _putting(node.value) if isinstance(node, ast.Assign) else None
    if call is None:
        return False
    joins = isinstance(call.func, ast.Attribute) and call.func.attr == "join"
    return joins or literal(keyword(call, "axis")) not in (0, NotImplemented)


def _put_together(call: ast.Call, imports: dict[str, str]) -> list[ast.expr]:
    """Return the arguments of ``pd.concat([a, b])`` or ``a.join(b)``, which goes by the numbers of the rows."""
    if qualified(imports, call.func) == "pandas.concat":
        listed = call.args[0] if len(call.args) == 1 else None
        if isinstance(listed, (ast.List, ast.Tuple)) and all(k.arg in KEPT for k in call.keywords):
            return listed.elts
    elif isinstance(call.func, ast.Attribute) and call.func.attr == "join" and not call.keywords:
        if len(call.args) == 1:
            return [call.func.value, call.args[0]]
    return []


def _one_read(node: ast.stmt, files: dict[str, ast.expr]) -> ast.stmt:
    assert isinstance(node, ast.Assign)
    value = copy.deepcopy(node.value)
    call = _putting(value)
    assert call is not None
    _Files(files).visit(call)
    call.table = True  # type: ignore[attr-defined]
    return ast.fix_missing_locations(like(node, ast.Assign(node.targets, value)))


class _Files(ast.NodeTransformer):
    def __init__(self, files: dict[str, ast.expr]) -> None:
        self.files = files

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return copy.deepcopy(self.files[node.id]) if node.id in self.files else node


__all__ = ["in_one_table"]
