"""Types and shapes of the variables at the borders of the generated functions, for signatures and docstrings.

The analysis knows what is aligned with the rows; what an expression makes of a table, its syntax says.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from nbprod.flow.scope import keyword, literal
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.modules.pieces import Piece

FRAME, SERIES, ARRAY, INDEX = "pd.DataFrame", "pd.Series", "np.ndarray", "pd.Index"
TABLES = {FRAME, SERIES, ARRAY}
KINDS = {"frame": FRAME, "series": SERIES, "array": ARRAY}
# Methods that give what they are called on.
SAME = frozenset(
    """abs add assign astype bfill clip copy div divide drop drop_duplicates dropna ffill fillna head infer_objects
    interpolate isin isna isnull mask mul multiply ne notna notnull pow query rename replace reset_index round sample
    set_axis select_dtypes set_index sort_index sort_values sub subtract tail truediv where add_prefix add_suffix map
    applymap between eq ge gt le lt join merge reindex nlargest nsmallest convert_dtypes""".split()
)
OF_ARRAYS = frozenset("astype copy clip round".split())
ON_COLUMNS = frozenset({"apply", "str", "dt", "cat"})  # of a series: a series again
NOT_COLUMNS = frozenset(
    "values columns index shape dtypes T loc iloc at iat size empty ndim str dt plot style".split()
)
FRAMES = frozenset("DataFrame get_dummies merge json_normalize".split())
ARRAYS = frozenset("array asarray column_stack hstack vstack zeros ones arange linspace".split())
CHOOSING = frozenset("dropna drop_duplicates train_test_split sample query head".split())
MASKS = (ast.Compare, ast.UnaryOp, ast.BinOp)  # what chooses rows in ``df[...]``
APPLIED = frozenset({"transform", "fit_transform", "predict", "predict_proba"})


@dataclass(frozen=True)
class Kind:
    """The ``type`` as it is annotated; for tables, whether they have ``rows`` of the data, and their shape."""

    type: str
    rows: bool = False
    columns: int | None = None
    flat: bool | None = None  # an array of one dimension
    fewer: bool = False  # rows were left out while fitting, in the function at hand

    @property
    def shape(self) -> str:
        """The shape in words, empty where nothing is known."""
        if not self.rows or self.type not in TABLES:
            return ""
        if self.type == SERIES or self.flat:
            return "(n rows,)"
        if self.type == ARRAY and self.flat is None:
            return ""
        return f"(n rows, {self.columns or 'n columns'})"


class VariableTypes:
    """Follow the types through the functions, in the order in which they are called."""

    def __init__(self, flow: Flow, names: Mapping[str, str], sources: Iterable[str]) -> None:
        self.env: dict[str, Kind] = {s: Kind(FRAME, rows=True) for s in sources}
        self.known: dict[tuple[int, int, int], str] = (
            {}
        )  # by position: the kind of rows, else empty
        self.always: dict[str, set[str]] = {}  # by name
        for node in walk(ast.Module(flow.body, [])):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                val = flow.val(node)
                kind = val.kind if val.is_row else ""
                self.known[_place(node)] = kind
                self.always.setdefault(names.get(node.id, node.id), set()).add(kind)

    def follow(self, pieces: Iterable[Piece]) -> None:
        """Fill in what goes into every function and what comes out."""
        for piece in pieces:
            self.env = {name: replace(kind, fewer=False) for name, kind in self.env.items()}
            piece.taken = {n: self.env[n] for n in piece.inputs if n in self.env}
            self._block(piece.body, self.env)
            piece.given = {n: self.env[n] for n in piece.outputs if n in self.env}

    def of(self, node: ast.expr | None) -> Kind | None:
        """Return what an expression behind all functions is."""
        return None if node is None else self._of(node, self.env)

    def _block(self, body: Iterable[ast.stmt], env: dict[str, Kind]) -> None:
        for node in body:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._bind(target, node.value, env)
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                self._bind(node.target, node.value, env)
            elif isinstance(node, (ast.If, ast.For, ast.While, ast.With, ast.Try)):
                self._branches(node, env)
            elif isinstance(node, ast.Expr):
                self._in_place(node.value, env)

    def _branches(self, node: ast.stmt, env: dict[str, Kind]) -> None:
        blocks: list[list[ast.stmt]] = [getattr(node, "body", []), getattr(node, "orelse", [])]
        if isinstance(node, ast.With):
            del blocks[1]
        ends = [dict(env) for _ in blocks]
        for block, end in zip(blocks, ends, strict=True):
            self._block(block, end)
        stored = [set(map(_name, _stores(block))) for block in blocks]
        for name in sorted({n for end in ends for n in end}):
            found = [end[name] for end in ends if name in end]
            lost = any(
                name not in end and (name in env or name in own)
                for end, own in zip(ends, stored, strict=True)
            )
            if lost or len({kind.type for kind in found}) > 1:
                env.pop(name, None)
            else:
                first, *others = found
                same = all(o.columns == first.columns and o.flat == first.flat for o in others)
                env[name] = first if same else Kind(first.type, first.rows)
        if getattr(node, "guard", False) and isinstance(node, ast.If):
            for name in {n for inner in node.body for n in _left_out(inner)} & ends[1].keys():
                if name in env and env[name].type in TABLES:
                    env[name] = replace(env[name], fewer=True)

    def _in_place(self, node: ast.expr, env: dict[str, Kind]) -> None:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            base = node.func.value
            if isinstance(base, ast.Name) and base.id in env and env[base.id].type in TABLES:
                env[base.id] = replace(env[base.id], columns=None)

    def _bind(self, target: ast.expr, value: ast.expr, env: dict[str, Kind]) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            parts = self._parts(value, len(target.elts), env)
            for element, kind in zip(target.elts, parts, strict=True):
                self._put(element, kind, env)
        elif isinstance(target, ast.Name):
            self._put(target, self._of(value, env), env)
        elif isinstance(target, (ast.Subscript, ast.Attribute)):
            base = target.value
            if isinstance(base, ast.Name) and base.id in env:
                env[base.id] = replace(env[base.id], columns=None)

    def _parts(self, value: ast.expr, count: int, env: dict[str, Kind]) -> list[Kind | None]:
        if isinstance(value, ast.Tuple) and len(value.elts) == count:
            return [self._of(element, env) for element in value.elts]
        if isinstance(value, ast.Call) and _last(value.func) == "train_test_split":
            return [self._of(a, env) for a in value.args for _ in range(2)][:count] + [None] * (
                count - 2 * len(value.args)
            )
        return [None] * count

    def _put(self, target: ast.expr, kind: Kind | None, env: dict[str, Kind]) -> None:
        if not isinstance(target, ast.Name):
            return
        always = self.always.get(target.id, set())
        said = self.known.get(_place(target), next(iter(always)) if len(always) == 1 else None)
        if kind is None and said in KINDS:
            kind = Kind(KINDS[said])
        if kind is None:
            env.pop(target.id, None)
            return
        if said is not None and kind.type in TABLES:
            kind = replace(kind, rows=bool(said))
        env[target.id] = kind

    def _of(self, node: ast.expr, env: dict[str, Kind]) -> Kind | None:
        if isinstance(node, ast.Name):
            return env.get(node.id)
        if isinstance(node, ast.Constant):
            name = type(node.value).__name__
            return Kind(name) if name in ("int", "float", "str", "bool") else None
        if isinstance(node, ast.JoinedStr):
            return Kind("str")
        if isinstance(node, ast.List):
            texts = node.elts and all(
                isinstance(e, ast.Constant) and isinstance(e.value, str) for e in node.elts
            )
            return Kind("list[str]" if texts else "list[Any]")
        if isinstance(node, ast.ListComp):
            return Kind("list[Any]")
        if isinstance(node, ast.Attribute):
            return self._attribute(node, env)
        if isinstance(node, ast.Subscript):
            return self._part(node, env)
        if isinstance(node, ast.Call):
            return self._call(node, env)
        if isinstance(node, (ast.BinOp, ast.Compare)):
            sides = [
                node.left,
                *([node.right] if isinstance(node, ast.BinOp) else node.comparators),
            ]
            found = [k for side in sides if (k := self._of(side, env)) and k.type in TABLES]
            return found[0] if len({k.type for k in found}) == 1 else None
        if isinstance(node, ast.UnaryOp):
            found_one = self._of(node.operand, env)
            return found_one if found_one and found_one.type in TABLES else None
        return None

    def _attribute(self, node: ast.Attribute, env: dict[str, Kind]) -> Kind | None:
        base = self._of(node.value, env)
        if base is None:
            return None
        if node.attr == "values" and base.type in (FRAME, SERIES):
            return replace(base, type=ARRAY, flat=base.type == SERIES)
        if node.attr in ("columns", "index") and base.type == FRAME:
            return Kind(INDEX)
        if base.type == FRAME and node.attr not in NOT_COLUMNS:
            return Kind(SERIES, base.rows, fewer=base.fewer)
        return None

    def _part(self, node: ast.Subscript, env: dict[str, Kind]) -> Kind | None:
        """Return what ``df["a"]``, ``df[["a", "b"]]``, ``df[mask]``, ``df.loc[rows, "a"]`` or ``X[:, 1:]`` is."""
        key, value = node.slice, node.value
        if isinstance(value, ast.Attribute) and value.attr in ("loc", "iloc"):
            base = self._of(value.value, env)
            if base is None or base.type != FRAME or isinstance(key, ast.Constant):
                return None
            if not isinstance(key, ast.Tuple):
                return base
            key = key.elts[-1]
            if isinstance(key, (ast.Constant, ast.UnaryOp)):
                return Kind(SERIES, base.rows, fewer=base.fewer)
            wide = isinstance(key, (ast.Slice, ast.List))
            return replace(base, columns=_count(key)) if wide else None
        base = self._of(value, env)
        if base is None:
            return None
        if base.type == ARRAY:
            if isinstance(key, ast.Tuple) and base.rows:
                last = key.elts[-1]
                if isinstance(last, (ast.Slice, ast.List)):
                    return replace(base, columns=_count(last), flat=False)
                return replace(base, columns=None, flat=True)
            return base if isinstance(key, ast.Slice) else None
        if base.type == SERIES:
            return base if isinstance(key, (ast.Compare, ast.Slice, ast.BinOp)) else None
        if base.type != FRAME:
            return None
        if isinstance(key, (ast.JoinedStr, ast.Constant)):
            return Kind(SERIES, base.rows, fewer=base.fewer)
        if isinstance(key, ast.List):
            return replace(base, columns=_count(key))
        if isinstance(
            key, (ast.Compare, ast.BinOp, ast.UnaryOp, ast.Slice, ast.ListComp, ast.Call)
        ):
            return replace(base, columns=None)
        chosen = self._of(key, env)
        return replace(base, columns=None) if chosen and chosen.type.startswith("list") else None

    def _call(self, node: ast.Call, env: dict[str, Kind]) -> Kind | None:
        name = _last(node.func)
        if isinstance(node.func, ast.Name):
            return Kind("int") if name == "len" else None
        if not isinstance(node.func, ast.Attribute):
            return None
        first = self._of(node.args[0], env) if node.args else None
        module = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
        if module == "pd":
            if name in FRAMES or name.startswith("read_"):
                return Kind(FRAME, rows=name == "get_dummies")
            if name == "concat":
                across = literal(keyword(node, "axis")) in (1, "columns")
                return Kind(FRAME, rows=True) if across else None
            return first if name in ("to_numeric", "to_datetime") else None
        if module == "np":
            if name in ARRAYS:
                return Kind(ARRAY)
            return first if first and first.type in TABLES and len(node.args) == 1 else None
        if name in APPLIED and node.args:
            return None
        return self._method(node, node.func, self._of(node.func.value, env), env)

    def _method(
        self, node: ast.Call, func: ast.Attribute, base: Kind | None, env: dict[str, Kind]
    ) -> Kind | None:
        if base is None:
            inner = func.value
            accessor = isinstance(inner, ast.Attribute) and inner.attr in ("str", "dt")
            held = (
                self._of(inner.value, env)
                if accessor and isinstance(inner, ast.Attribute)
                else None
            )
            plain = func.attr not in (
                "get_dummies",
                "partition",
                "extract",
                "extractall",
                "isocalendar",
                "cat",
            )
            return held if held and held.type == SERIES and plain else None
        if func.attr in ("to_numpy", "toarray"):
            return replace(base, type=ARRAY, flat=base.type == SERIES)
        if func.attr == "to_dict" and "records" in map(literal, [*node.args, *_values(node)]):
            return Kind("list[dict[Any, Any]]")
        if base.type in (FRAME, SERIES) and func.attr in SAME:
            kept = func.attr in ("copy", "fillna", "replace", "astype", "round", "clip", "dropna")
            return base if kept else replace(base, columns=None)
        if base.type == ARRAY and func.attr in OF_ARRAYS:
            return base
        if base.type == ARRAY and func.attr in ("ravel", "flatten"):
            return replace(base, flat=True, columns=None)
        if base.type == SERIES and func.attr in ("tolist", "to_list"):
            return Kind("list[Any]")
        return None


def _stores(body: Iterable[ast.stmt]) -> list[ast.Name]:
    parts = [part for node in body for part in walk(node)]
    return [n for n in parts if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]


def _name(node: ast.Name) -> str:
    return node.id


def _left_out(node: ast.stmt) -> list[str]:
    """Return the variables that a statement gives some of the rows."""
    if isinstance(node, ast.Assign):
        chosen = any(
            (isinstance(part, ast.Subscript) and isinstance(part.slice, MASKS))
            or (isinstance(part, (ast.Attribute, ast.Name)) and _last(part) in CHOOSING)
            for part in walk(node.value)
        )
        names = [t.id for target in node.targets for t in walk(target) if isinstance(t, ast.Name)]
        return names if chosen else []
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        func = node.value.func
        if _last(func) in CHOOSING and isinstance(func, ast.Attribute):
            return [func.value.id] if isinstance(func.value, ast.Name) else []
    return []


def _values(node: ast.Call) -> list[ast.expr]:
    return [item.value for item in node.keywords]


def _count(node: ast.expr) -> int | None:
    named = isinstance(node, ast.List) and not any(isinstance(e, ast.Starred) for e in node.elts)
    return len(node.elts) if named and isinstance(node, ast.List) else None


def _last(node: ast.expr) -> str:
    return (
        node.attr
        if isinstance(node, ast.Attribute)
        else node.id if isinstance(node, ast.Name) else ""
    )


def _place(node: ast.Name) -> tuple[int, int, int]:
    return (getattr(node, "cell", 0), getattr(node, "lineno", 0), getattr(node, "col_offset", 0))


__all__ = ["Kind", "VariableTypes"]
