"""Files that a program writes and reads again: the variable goes straight from one to the other.

What stands between several notebooks of one project, or between the halves of a long one, is such a file.
"""

from __future__ import annotations

import ast
import re

from nbprod.flow.comments import COMMENTS
from nbprod.flow.file_handles import with_handles
from nbprod.flow.scope import keyword, literal
from nbprod.flow.tree import walk

LABELLED = " labelled"
NUMPY = ("np", "numpy")
WRITES = ("to_csv", "to_parquet", "to_pickle", "to_feather", "to_excel", "to_json")
READS = ("read_csv", "read_parquet", "read_pickle", "read_feather", "read_excel", "read_json")
# Options of a reader that change nothing where the writer left out the row labels.
HARMLESS = frozenset(("sep", "encoding", "low_memory", "engine"))


def joined(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the program with its own files replaced by variables; the same list when it has none."""
    written: dict[str, str] = {}
    changed = False
    out: list[ast.stmt] = []
    handled = with_handles(body)
    reads = {path for node in handled for part in walk(node) if (path := _read(part)) is not None}
    if not reads:
        return body
    for node in handled:
        read = [part for part in walk(node) if _read(part) in written]
        if read and not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names = {id(part): written[str(_read(part))] for part in read}
            node, changed = _taken(node, names), True
        stores = _arrays(node, reads)
        for path, array in stores:
            name = _name(path, written)
            made = ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], array), node)
            written[path] = name
            out.append(_like(node, made))
        if stores:
            changed = True
            continue
        store = _stored(node, reads)
        if store is not None:
            path, table, plain = store
            name = _name(path, written)
            value: ast.expr = _call(table, "copy")
            if not plain:
                value = _call(_call(table, "copy"), "reset_index")
            if plain is None:
                value = table
            new = ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], value), node)
            written[path] = name
            node, changed = _like(node, new), True
        out.append(node)
    return out if changed else body


def _path(node: ast.expr | None) -> str | None:
    value = literal(node)
    if isinstance(value, str):
        return re.sub(r"^\./", "", value)
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "open" and node.args:
        return _path(node.args[0])
    return None


def _read(node: ast.AST) -> str | None:
    """Return the file that a call reads whole, with options that leave the values alone; ``file:name`` for an array in one."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Call):
        archive, name = _read(node.value), literal(node.slice)
        return f"{archive}:{name}" if archive and isinstance(name, str) else None
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    if node.func.attr in READS and node.args:
        if len(node.args) == 1 and {k.arg for k in node.keywords} <= HARMLESS:
            return _path(node.args[0])
        if len(node.args) == 1 and [ast.unparse(k) for k in node.keywords] == ["index_col=0"]:
            path = _path(node.args[0])
            return f"{path}{LABELLED}" if path else None
    if node.func.attr == "load" and ast.unparse(node.func.value) in (
        "joblib",
        "pickle",
        *NUMPY,
    ):
        return _path(node.args[0]) if node.args else None
    return None


def _arrays(node: ast.stmt, reads: set[str]) -> list[tuple[str, ast.expr]]:
    """Return the files, or parts of one, that a statement writes arrays to, and the arrays."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.args):
        return []
    module, path = call.func.value, _path(call.args[0])
    if ast.unparse(module) not in NUMPY or path is None:
        return []
    function = call.func.attr
    kind = ".npy" if function == "save" else ".npz"
    path = path if path.endswith(kind) else path + kind
    given: dict[str, ast.expr] = {}
    if function == "save" and len(call.args) == 2:
        given[path] = call.args[1]
    elif function in ("savez", "savez_compressed"):
        given = {f"{path}:arr_{n}": value for n, value in enumerate(call.args[1:])}
        given |= {f"{path}:{k.arg}": k.value for k in call.keywords if k.arg}
    return [
        (file, ast.Call(ast.Attribute(module, "array", ast.Load()), [value], []))
        for file, value in given.items()
        if file in reads
    ]


def _stored(node: ast.stmt, reads: set[str]) -> tuple[str, ast.expr, bool | None] | None:
    """Return path, table and whether row labels are kept (None for an object that is no table)."""
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return None
    call = node.value
    if not isinstance(call.func, ast.Attribute):
        return None
    if call.func.attr in WRITES and call.args:
        path = _path(call.args[0])
        text = call.func.attr not in ("to_parquet", "to_pickle")
        kept = literal(keyword(call, "index")) is not False and not text
        if call.func.attr == "to_csv" and not call.keywords and f"{path}{LABELLED}" in reads:
            return f"{path}{LABELLED}", call.func.value, True
        if text and literal(keyword(call, "index")) is not False and call.func.attr != "to_feather":
            return None  # row labels become a column: leave it to the file
        return (path, call.func.value, kept) if path in reads else None
    if call.func.attr == "dump" and ast.unparse(call.func.value) in ("joblib", "pickle"):
        path = _path(call.args[1]) if len(call.args) > 1 else None
        return (path, call.args[0], None) if path in reads and path is not None else None
    return None


def _name(path: str, written: dict[str, str]) -> str:
    """Return the variable of a file, another one for each file."""
    file, _, array = path.partition(":")
    name = "_".join(
        ["file", re.sub(r"\W+", "_", file).strip("_").lower(), *([array] if array else [])]
    )
    name = re.sub(r"\W+", "_", name)
    taken = {variable for other, variable in written.items() if other != path}
    while name in taken:
        name += "_2"
    return name


def _call(value: ast.expr, method: str) -> ast.expr:
    keywords = [ast.keyword("drop", ast.Constant(True))] if method == "reset_index" else []
    return ast.Call(ast.Attribute(value, method, ast.Load()), [], keywords)


def _taken(node: ast.stmt, names: dict[int, str]) -> ast.stmt:
    class Taken(ast.NodeTransformer):
        def visit_Subscript(self, part: ast.Subscript) -> ast.AST:
            if id(part) in names:
                return ast.copy_location(ast.Name(names[id(part)], ast.Load()), part)
            return self.generic_visit(part)

        def visit_Call(self, part: ast.Call) -> ast.AST:
            if id(part) in names:
                source = ast.Name(names[id(part)], ast.Load())
                return ast.copy_location(_call(source, "copy") if _is_table(part) else source, part)
            return self.generic_visit(part)

    new = Taken().visit(node)
    assert isinstance(new, ast.stmt)
    return _like(node, new)


def _is_table(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr in READS


def _like(node: ast.stmt, new: ast.stmt) -> ast.stmt:
    """Let a new statement stand where another stood."""
    for part in walk(new):
        part.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
        if isinstance(part, (ast.expr, ast.stmt)) and not hasattr(part, "lineno"):
            ast.copy_location(part, node)
    for name in ("said", *COMMENTS):
        if hasattr(node, name):
            setattr(new, name, getattr(node, name))
    ast.fix_missing_locations(new)
    return new


__all__ = ["joined"]
