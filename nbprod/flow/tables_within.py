"""Tables within what a reader gives: one of several sheets or tables of a page, data of a set, what a pickle holds."""

from __future__ import annotations

import ast
import copy

from nbprod.flow.scope import keyword, literal
from nbprod.flow.statsmodels_calls import imported, qualified
from nbprod.flow.substitution import Replace
from nbprod.flow.tree import walk

SEVERAL = ("pandas.read_html", "pandas.read_excel")
PICKLES = ("pickle.load", "joblib.load", "dill.load", "cloudpickle.load")
SETS = ("load_pandas", "load", "get_rdataset")
# What only tables have: such a use tells that a pickle holds one.
OF_TABLES = frozenset(
    """columns describe drop drop_duplicates dropna dtypes fillna groupby head iloc info isna isnull loc
    select_dtypes sort_values tail value_counts""".split()
)


def taken_out(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the program with ``tables = pd.read_html(p); df = tables[0]`` as one read (the same list when there is none).

    Sheets of a workbook, data sets of statsmodels and pickled tables likewise.
    """
    imports = imported(body)
    found = _Taken(imports, _held(body, imports))
    out = [found.visit(node) for node in body]
    return out if found.changed else body


class _Taken(ast.NodeTransformer):
    """Marks the expressions that give one table as what is read."""

    def __init__(self, imports: dict[str, str], held: dict[str, ast.Call]) -> None:
        self.imports, self.held = imports, held
        self.changed = False

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        call = self._call(node.value)
        if isinstance(node.ctx, ast.Load) and call is not None and _several(self.imports, call):
            if isinstance(literal(node.slice), (int, str)):
                return self._table(node, ast.Subscript(copy.deepcopy(call), node.slice, node.ctx))
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr == "parse":
            book = self._call(function.value)
            if book is not None and _is_book(self.imports, book):
                return self._visited(self._sheet(node, book, node.args))
        if qualified(self.imports, function) == "pandas.read_excel" and node.args:
            book = self._call(node.args[0])
            if book is not None and _is_book(self.imports, book):
                return self._visited(self._sheet(node, book, node.args[1:]))
        if qualified(self.imports, function) == "pandas.concat" and node.args:
            given = node.args[0]
            inner = given
            if isinstance(given, ast.Call) and isinstance(given.func, ast.Attribute):
                inner = given.func.value if given.func.attr == "values" else given
            call = self._call(inner)
            if call is not None and _several(self.imports, call):
                new = ast.Call(function, [given, *node.args[1:]], node.keywords)
                Replace(inner, copy.deepcopy(call)).visit(new)
                return self._table(node, new)
        return self.generic_visit(node)

    def _visited(self, node: ast.Call) -> ast.AST:
        found: ast.AST = self.visit(node)
        return found

    def _sheet(self, node: ast.Call, book: ast.Call, rest: list[ast.expr]) -> ast.Call:
        """Return the reading of a sheet from the file itself."""
        assert isinstance(book.func, ast.Attribute)
        self.changed = True
        reader = ast.Attribute(book.func.value, "read_excel", ast.Load())
        new = ast.Call(reader, [copy.deepcopy(book.args[0]), *rest], node.keywords)
        for part in walk(new):
            part.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
        return ast.fix_missing_locations(ast.copy_location(new, node))

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        call = self._call(node.value)
        if call is not None and node.attr in _parts(self.imports, call):
            return self._table(node, ast.Attribute(copy.deepcopy(call), node.attr, node.ctx))
        return self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if self.held.get(name) is node.value and _is_pickle(self.imports, node.value):
                node.value.table = True  # type: ignore[attr-defined]
                self.changed = True
                return node
        return self.generic_visit(node)

    def _call(self, node: ast.expr) -> ast.Call | None:
        if isinstance(node, ast.Name):
            return self.held.get(node.id)
        return node if isinstance(node, ast.Call) else None

    def _table(self, old: ast.expr, new: ast.expr) -> ast.expr:
        self.changed = True
        new.table = True  # type: ignore[attr-defined]
        for part in walk(new):
            part.cell = getattr(old, "cell", 1)  # type: ignore[attr-defined]
        return ast.fix_missing_locations(ast.copy_location(new, old))


def _held(body: list[ast.stmt], imports: dict[str, str]) -> dict[str, ast.Call]:
    """Return the variables that hold, once and for all, what such a reader gives."""
    stores: dict[str, int] = {}
    found: dict[str, ast.Call] = {}
    used: dict[str, set[str]] = {}
    for statement in body:
        for node in walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                stores[node.id] = stores.get(node.id, 0) + 1
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                used.setdefault(node.value.id, set()).add(node.attr)
            elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
                if isinstance(node.slice, ast.List):  # columns: a dictionary has no list of keys
                    used.setdefault(node.value.id, set()).add("columns")
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                target = node.targets[0]
                if len(node.targets) == 1 and isinstance(target, ast.Name):
                    found[target.id] = node.value
    return {
        name: call
        for name, call in found.items()
        if (_is_pickle(imports, call) and used.get(name, set()) & OF_TABLES)
        or (stores[name] == 1 and _gives_tables(imports, call))
    }


def _several(imports: dict[str, str], call: ast.Call) -> bool:
    """Say whether a call reads more than one table: all of a page, or some sheets."""
    name = qualified(imports, call.func)
    if name not in SEVERAL:
        return False
    if name == "pandas.read_html":
        return True
    sheets = keyword(call, "sheet_name") or (call.args[1] if len(call.args) > 1 else None)
    return isinstance(sheets, ast.List) or (
        isinstance(sheets, ast.Constant) and sheets.value is None
    )


def _gives_tables(imports: dict[str, str], call: ast.Call) -> bool:
    return _several(imports, call) or _is_book(imports, call) or bool(_parts(imports, call))


def _is_book(imports: dict[str, str], call: ast.Call) -> bool:
    """Say whether a call opens a workbook whose sheets are read later."""
    return (
        qualified(imports, call.func) == "pandas.ExcelFile"
        and isinstance(call.func, ast.Attribute)
        and len(call.args) == 1
        and not call.keywords
    )


def _parts(imports: dict[str, str], call: ast.Call) -> tuple[str, ...]:
    """Return the attributes of a data set that are tables or columns of it."""
    name = qualified(imports, call.func)
    if name == "sklearn.datasets.fetch_openml":
        return ("frame", "data", "target")
    is_set = name.startswith("statsmodels.") and ".datasets" in name and name.endswith(SETS)
    return ("data",) if is_set else ()


def _is_pickle(imports: dict[str, str], call: ast.expr) -> bool:
    return isinstance(call, ast.Call) and qualified(imports, call.func) in PICKLES


__all__ = ["taken_out"]
