"""Arrays that are read from a file: as a table with numbered columns, so that a request can name them.

Where the notebook makes a table of arrays itself, that table is what is read, with the columns that it adds from arrays.
"""

from __future__ import annotations

import ast
import copy

from nbprod.flow.array_archives import ARCHIVES
from nbprod.flow.scope import literal
from nbprod.flow.statsmodels_calls import imported, qualified
from nbprod.flow.substitution import like, substitute
from nbprod.flow.tree import walk

READERS = ("numpy.genfromtxt", "numpy.loadtxt", "numpy.load")
SAME_VALUES = ("ravel", "flatten", "squeeze", "astype", "copy", "reshape")
OTHER_SHAPES = (
    "names",
    "dtype",
    "unpack",
    "usecols",
    "ndmin",
)  # no plain rows and columns of numbers
SPLITS = ("fit", "fit_transform", "train_test_split")


def as_tables(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the program with ``a = np.loadtxt(...)`` written as a table and its values (the same list when there is none)."""
    imports = imported(body)
    if not any(name.split(".")[0] in ("numpy", "scipy") for name in imports.values()):
        return body
    found = _Arrays(imports, body)
    wide = _with_columns(body)
    out: list[ast.stmt] = []
    changed = False
    for node in found.assembled():
        new = found.table(node, wide)
        out.extend(new or [node])
        changed = changed or new is not None
    return out if changed or found.changed else body


class _Arrays:
    """The arrays that a program reads from files, by the variables that hold them once and for all."""

    def __init__(self, imports: dict[str, str], body: list[ast.stmt]) -> None:
        self.imports, self.body = imports, body
        self.changed = False
        self.labels: dict[str, str] = {}  # label -> the table that has it as a column
        stores = [
            n.id
            for s in body
            for n in walk(s)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        ]
        self.held: dict[str, ast.expr] = {}
        for node in body:
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            if isinstance(node, ast.Assign) and isinstance(target, ast.Name):
                if stores.count(target.id) == 1 and self.is_array(node.value):
                    self.held[target.id] = node.value

    def is_array(self, node: ast.expr) -> bool:
        """Say whether an expression reads an array, perhaps in another shape."""
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute) and function.attr in SAME_VALUES:
                return self.is_array(function.value)
            return qualified(self.imports, function) in READERS and not _is_archive_file(node)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Call):
            named = isinstance(literal(node.slice), str)
            return named and qualified(self.imports, node.value.func) in ARCHIVES
        return isinstance(node, ast.Name) and node.id in self.held

    def assembled(self) -> list[ast.stmt]:
        """Return the program where ``pd.DataFrame(a)`` of an array, with columns of arrays, is one read."""
        out: list[ast.stmt] = []
        for node in self.body:
            read = self._frame(node)
            if read is not None:
                out.append(read)
                continue
            column = self._column(node, out[-1] if out else None)
            if column is None:
                out.append(node)
            else:
                out[-1] = column
        return out

    def _frame(self, node: ast.stmt) -> ast.stmt | None:
        call = node.value if isinstance(node, ast.Assign) else None
        if not (isinstance(node, ast.Assign) and isinstance(call, ast.Call) and call.args):
            return None
        if qualified(self.imports, call.func) != "pandas.DataFrame":
            return None
        if not self.is_array(call.args[0]):
            return None
        return self._read(node, substitute(call, self.held))

    def _column(self, node: ast.stmt, before: ast.stmt | None) -> ast.stmt | None:
        """Return the read before with one more column, None where a statement does not add one."""
        if not (isinstance(before, ast.Assign) and getattr(before.value, "table", "") == "arrays"):
            return None
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if not (
            isinstance(node, ast.Assign)
            and len(node.targets) == 1
            and isinstance(target, ast.Subscript)
            and ast.unparse(target.value) == ast.unparse(before.targets[0])
            and isinstance(name := literal(target.slice), str)
            and self.is_array(node.value)
        ):
            return None
        value = substitute(node.value, self.held)
        plain = name.isidentifier()
        given = ast.keyword(name if plain else None, value)
        if not plain:
            given.value = ast.Dict([ast.Constant(name)], [value])
        method = ast.Attribute(copy.copy(before.value), "assign", ast.Load())
        del method.value.table  # type: ignore[attr-defined]
        return self._read(before, ast.Call(method, [], [given]))

    def _read(self, template: ast.Assign, value: ast.expr) -> ast.stmt:
        self.changed = True
        value.table = "arrays"  # type: ignore[attr-defined]
        new = like(template, ast.Assign(template.targets, value))
        return ast.fix_missing_locations(new)

    def table(self, node: ast.stmt, wide: set[str]) -> list[ast.stmt] | None:
        """Return the statements for ``a = np.loadtxt(...)``, None for anything else."""
        if not (isinstance(node, ast.Assign) and len(node.targets) == 1):
            return None
        target, call = node.targets[0], node.value
        if not (isinstance(target, ast.Name) and self.is_array(call)) or isinstance(call, ast.Name):
            return None
        if target.id in self.labels:
            read = ast.parse(
                f"{self.labels[target.id]}[{target.id!r}].to_numpy()", mode="eval"
            ).body
            return [ast.fix_missing_locations(like(node, ast.Assign([target], read)))]
        if target.id not in wide:
            return self._vector(node)
        if isinstance(call, ast.Call) and any(
            k.arg is None or k.arg in OTHER_SHAPES for k in call.keywords
        ):
            return None
        table = f"{target.id}_table"
        text = "pd.DataFrame(READ).add_prefix('column_')"
        made = ast.parse(text, mode="eval").body
        frame = made.func.value  # type: ignore[attr-defined]
        frame.args[0] = call
        label = self._label_of(target.id, node)
        values = ast.parse(f"{table}.to_numpy()", mode="eval").body
        if label is not None:
            self.labels[label[0]] = table
            method = ast.Attribute(made, "assign", ast.Load())
            made = ast.Call(method, [], [ast.keyword(label[0], copy.deepcopy(label[1]))])
            text = f"{table}.drop(columns={label[0]!r}).to_numpy()"
            values = ast.parse(text, mode="eval").body
        made.table = True  # type: ignore[attr-defined]
        found = [
            like(node, ast.Import([ast.alias("pandas", "pd")])),
            like(node, ast.Assign([ast.Name(table, ast.Store())], made)),
            like(node, ast.Assign([target], values)),
        ]
        for statement in found[1:]:
            statement.lead = []  # type: ignore[attr-defined]
        return [ast.fix_missing_locations(statement) for statement in found]

    def _label_of(self, name: str, read: ast.stmt) -> tuple[str, ast.expr] | None:
        """Return the array that is handed on as the label of another one, where it is read behind that one."""
        order = {id(node): number for number, node in enumerate(self.body)}
        for statement in self.body:
            for node in walk(statement):
                if not (isinstance(node, ast.Call) and len(node.args) > 1):
                    continue
                x, y = node.args[:2]
                if not (isinstance(x, ast.Name) and isinstance(y, ast.Name) and x.id == name):
                    continue
                if ast.unparse(node.func).rsplit(".", 1)[-1] not in SPLITS or y.id not in self.held:
                    continue
                at = next(s for s in self.body if _assigns(s, y.id))
                if y.id != name and order[id(at)] > order.get(id(read), len(order)):
                    return y.id, self.held[y.id]
        return None

    def _vector(self, node: ast.Assign) -> list[ast.stmt] | None:
        """Mark an array that no reader of text files gives as what is read."""
        inner: ast.expr = node.value
        while isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
            if inner.func.attr not in SAME_VALUES:
                break
            inner = inner.func.value
        call = inner.value if isinstance(inner, ast.Subscript) else inner
        if isinstance(call, ast.Call) and qualified(self.imports, call.func) in ARCHIVES:
            inner.table = "array"  # type: ignore[attr-defined]
            self.changed = True
        return None


def _assigns(node: ast.stmt, name: str) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(t, ast.Name) and t.id == name for t in targets)


def _is_archive_file(call: ast.Call) -> bool:
    path = literal(call.args[0]) if call.args else ""
    return isinstance(path, str) and path.endswith(".npz")


def _with_columns(body: list[ast.stmt]) -> set[str]:
    """Return the variables of which columns are taken, or which are the features of a fit."""
    found: set[str] = set()
    for statement in body:
        for node in walk(statement):
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
                found |= {node.value.id} if isinstance(node.value, ast.Name) else set()
            elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Name):
                name = ast.unparse(node.func).rsplit(".", 1)[-1]
                found |= {node.args[0].id} if name in SPLITS else set()
    return found


__all__ = ["as_tables"]
