"""Choose, drop, rename and copy columns of a frame."""

from __future__ import annotations

import ast

from nbprod.kernel.expressions import Expressions
from nbprod.kernel.rules import attribute, function, method
from nbprod.kernel.values import COLUMN, FRAME, LABELLED, MATRIX, PLAIN, Kind, Lowered, NotLowered


@method("frame", "copy")
def copied(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.copy()``"""
    low.bind(call, "deep")
    return Lowered(ast.Call(ast.Name("dict", ast.Load()), [base.node], []), base.kind)


@method("column", "copy", "to_numpy", "ravel", "flatten", "squeeze")
def same(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """What only changes the container of a column."""
    low.bind(call)
    return base


@attribute("column", "values", "array")
def raw_values(low: Expressions, node: ast.Attribute, base: Lowered) -> Lowered:
    """``df["a"].values``"""
    return base


@method("frame", "reset_index")
def renumbered(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.reset_index(drop=True)``: columns have no row labels."""
    given = low.bind(call, "level", "drop", "inplace")
    if low.constant(given.get("drop"), False) is not True:
        raise NotLowered("row labels as a column", call)
    if base.kind.where and not base.kind.where.startswith(LABELLED):
        raise NotLowered("chosen rows that are numbered anew", call)
    return Lowered(base.node, Kind(base.kind.what, "", base.kind.label))


@method("column", "reset_index")
def renumbered_column(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].reset_index(drop=True)``"""
    return renumbered(low, call, base)


@method("frame", "set_index")
def labelled(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.set_index("id")``: the column is no feature any more; frames with other labels do not mix with it."""
    given = low.bind(call, "keys", "drop", "inplace")
    if low.constant(given.get("drop"), True) is not True or base.kind.where:
        raise NotLowered("row labels that stay a column", call)
    names = low.plain(given["keys"])
    where = LABELLED + ast.unparse(names)
    return low.vector("drop", base, names, kind=Kind("frame", "", None, where))


@method("frame", "drop")
def dropped(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.drop(["a"], axis=1)``, ``df.drop(columns="a")``"""
    given = low.bind(call, "labels", "axis", "columns", "errors", "inplace")
    names = given.get("columns", given.get("labels"))
    if names is None or (
        "columns" not in given and low.constant(given.get("axis"), 0) not in (1, "columns")
    ):
        raise NotLowered("rows that are dropped", call)
    return low.vector("drop", base, low.plain(names), kind=base.kind)


@method("frame", "rename")
def renamed(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.rename(columns={...})``"""
    given = low.bind(call, "mapper", "axis", "columns", "inplace", ignored=("copy",))
    names = given.get("columns")
    if names is None and low.constant(given.get("axis"), 0) in (1, "columns"):
        names = given.get("mapper")
    if names is None or isinstance(names, (ast.Lambda, ast.Attribute)):
        raise NotLowered("names made by a function", call)
    found = low.lower(names)
    if found.kind.what == "function":
        raise NotLowered("names made by a function", call)
    return low.vector("rename", base, low.plain(names), kind=base.kind)


@method("frame", "assign")
def assigned(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.assign(a=...)``"""
    if call.args:
        raise NotLowered("arguments of .assign()", call)
    keys: list[ast.expr | None] = [None]
    values: list[ast.expr] = [base.node]
    for item in call.keywords:
        if item.arg is None or isinstance(item.value, ast.Lambda):
            raise NotLowered("columns made by a function", call)
        found = low.lower(item.value)
        if found.kind.what in ("plain", "learned"):
            found = low.vector("filled", base, found)
        if found.kind.what != "column" or found.kind.where != base.kind.where:
            raise NotLowered(f"a {found.kind.what} as a column", item.value)
        keys.append(ast.Constant(item.arg))
        values.append(found.node)
    return Lowered(ast.Dict(keys, values), base.kind)


@attribute("frame", "columns")
def names(low: Expressions, node: ast.Attribute, base: Lowered) -> Lowered:
    """``df.columns``"""
    return Lowered(ast.Call(ast.Name("list", ast.Load()), [base.node], []), Kind("plain", "list"))


@method("frame", "keys")
def keys(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.keys()``"""
    return names(low, ast.Attribute(call, "columns", ast.Load()), base)


@attribute("frame", "values")
def side_by_side(low: Expressions, node: ast.Attribute, base: Lowered) -> Lowered:
    """``df.values``"""
    return low.vector("matrix", base, kind=Kind("matrix", "", None, base.kind.where))


@method("frame", "to_numpy")
def as_array(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.to_numpy()``"""
    low.bind(call)
    return low.vector("matrix", base, kind=Kind("matrix", "", None, base.kind.where))


@method("matrix", "copy")
def copied_matrix(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``X.copy()``"""
    low.bind(call)
    return Lowered(ast.Call(ast.Attribute(base.node, "copy", ast.Load()), [], []), base.kind)


@method("matrix", "ravel", "flatten", "squeeze")
def flat(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``X.ravel()`` of one column."""
    low.bind(call)
    return low.vector("only_column", base)


@method("column", "reshape")
def upright(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].values.reshape(-1, 1)``"""
    shape = [low.constant(a) for a in call.args]
    if shape not in ([-1, 1], [(-1, 1)]):
        raise NotLowered("an array in another shape", call)
    ends = [ast.Slice(), ast.Constant(None)]
    upright = ast.Subscript(base.node, ast.Tuple([*ends], ast.Load()), ast.Load())
    return Lowered(upright, Kind("matrix", "", None, base.kind.where))


@method("column", "to_frame")
def framed(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].to_frame()``"""
    given = low.bind(call, "name")
    label = given.get("name", base.kind.label)
    if label is None:
        raise NotLowered("a column without a name", call)
    return Lowered(ast.Dict([label], [base.node]), Kind("frame", "", None, base.kind.where))


@function("numpy.array", "numpy.asarray")
def arrays(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``np.array(df)``, ``np.array(df["a"])``"""
    given = low.bind(call, "object")
    found = low.lower(given["object"])
    if found.kind.what == "frame":
        return low.vector("matrix", found, kind=MATRIX)
    if found.kind.what in ("column", "matrix"):
        return found
    raise NotLowered("an array made of plain values", call)


@function("pandas.DataFrame")
def made(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``pd.DataFrame(array, columns=names, index=df.index)``: the rows are those of the request"""
    given = low.bind(call, "data", "index", "columns", ignored=("copy",))
    found = low.expect(given["data"], "matrix", "frame")
    index = given.get("index")
    if index is not None and not (isinstance(index, ast.Attribute) and index.attr == "index"):
        raise NotLowered("row labels that are not those of a table", call)
    if found.kind.what == "frame":
        if "columns" not in given:
            return found
        return low.vector("select", found, low.plain(given["columns"]), kind=found.kind)
    names = [low.plain(given["columns"])] if "columns" in given else []
    return low.vector("frame_of", found, *names, kind=Kind("frame", "", None, found.kind.where))


@function("numpy.concatenate", "numpy.hstack", "numpy.column_stack")
def stacked(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``np.concatenate((a, b), axis=1)``, ``np.hstack((a, b))``"""
    name = base.kind.dtype.rsplit(".", 1)[1]
    given = low.bind(call, "tup", *(["axis"] if name == "concatenate" else []))
    parts = given["tup"]
    if not isinstance(parts, (ast.List, ast.Tuple)):
        raise NotLowered("arrays that are not listed", call)
    if name == "concatenate" and low.constant(given.get("axis"), 0) not in (1, -1):
        raise NotLowered("rows put below rows", call)
    whats = ("frame", "matrix", "column") if name == "column_stack" else ("frame", "matrix")
    found = [low.expect(part, *whats) for part in parts.elts]
    nodes = [low.vector("matrix", f).node if f.kind.what == "frame" else f.node for f in found]
    if len({f.kind.where for f in found}) > 1:
        raise NotLowered("arrays of different rows", call)
    return low.numpy(
        "column_stack",
        ast.Tuple(nodes, ast.Load()),
        kind=Kind("matrix", "", None, found[0].kind.where),
    )


@method("frame", "to_dict")
def records(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.to_dict(orient="records")`` for a ``DictVectorizer``"""
    if low.constant(low.bind(call, "orient").get("orient"), "dict") != "records":
        raise NotLowered("a dict that is not one of records", call)
    return Lowered(base.node, Kind("records", "", None, base.kind.where))


@function("len")
def length(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``len(df.columns)``; the number of rows is no fact of one row."""
    given = low.bind(call, "obj")
    return Lowered(ast.Call(ast.Name("len", ast.Load()), [low.plain(given["obj"])], []), PLAIN)


@function("list")
def listed(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``list(df)``, ``list(names)``"""
    given = low.bind(call, "iterable")
    found = low.expect(given["iterable"], "plain", "learned", "frame")
    return Lowered(ast.Call(ast.Name("list", ast.Load()), [found.node], []), Kind("plain", "list"))


@method("frame", "pipe")
def piped(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.pipe(helper)``"""
    if not call.args or not isinstance(call.args[0], ast.Name):
        raise NotLowered(".pipe() of something that is no function", call)
    name, rest = call.args[0], call.args[1:]
    return low.lower(ast.copy_location(ast.Call(name, [call.func.value, *rest], call.keywords), call))  # type: ignore[attr-defined]


__all__ = ["COLUMN", "FRAME"]
