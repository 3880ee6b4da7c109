"""A model of groups: the rows that it is fitted on are each made from several rows of the data that is read.

Customers out of their orders, days out of their sales: the table of the groups is the data of the model then, and what makes it
belongs to reading the data. One row of that table is one request.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbprod.findings import Finding
from nbprod.flow.index_columns import computed_with, with_labels
from nbprod.flow.made_tables import MadeTable
from nbprod.flow.program import origin
from nbprod.flow.scope import base_name
from nbprod.flow.tree import all_statements, walk
from nbprod.flow.values import Flow
from nbprod.split.effects import effects
from nbprod.split.group_labels import is_relabelled, label_columns

FITS = ("fit", "fit_predict")
BLOCKS = (ast.For, ast.While, ast.If, ast.With, ast.Try)
NO_COLUMNS = (".values", ".to_numpy()", ".tolist()")


@dataclass(frozen=True)
class Aggregated:
    """The table of the groups, and the program that starts with it."""

    table: MadeTable
    body: list[ast.stmt]

    @property
    def finding(self) -> Finding:
        """Say what a request is, and where its row is made."""
        last, name = self.table.statements[-1], self.table.name
        return Finding(
            "W-AGGREGATED",
            f"the model is fitted on {name}, whose rows are each made from several rows of the data: a request is one row of "
            f"{name}, and data.py makes it for training",
            origin(last),
            ast.unparse(last)[:200],
            f"send rows with the columns that {name} has here",
        )


def aggregated(flow: Flow) -> Iterator[Aggregated]:
    """Yield the tables of groups that fits of the program can start with, the last fit first."""
    seen: set[tuple[int, str]] = set()
    for place, names in _fits(flow):
        position, name = next(_cuts(flow, place, names), (0, ""))
        if not name or (position, name) in seen:
            continue
        seen.add((position, name))
        position = _with_labels(flow, position, place, name)
        made = _made_by(flow, flow.body[:position], name)
        if _is_table(flow, made, name):
            yield _started(flow, position, name, made)


def _started(flow: Flow, position: int, name: str, made: tuple[ast.stmt, ...]) -> Aggregated:
    """Start the program with a table; labels that it computes with are columns of the table first."""
    rest = flow.body[position:]
    labels = label_columns(made, name) if computed_with(rest) else []
    table = MadeTable(name, made, f"{name}.reset_index()" if labels else name)
    read = _read(made[-1], table)
    start = [read, *([with_labels(made[-1], name, labels)] if labels else [])]
    return Aggregated(table, [*flow.body[:position], *start, *rest])


def _is_table(flow: Flow, made: tuple[ast.stmt, ...], name: str) -> bool:
    """Say whether a variable is made by methods and functions of pandas, and keeps names of columns."""
    bound = [
        s.value
        for s in made
        if isinstance(s, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == name for t in s.targets)
    ]
    root = base_name(bound[-1]) if bound else None
    if root is None or ast.unparse(bound[-1]).endswith(NO_COLUMNS):
        return False
    if root in flow.imports:
        return flow.imports[root].split(".")[0] == "pandas"
    return root in flow.functions or any(root in set().union(*_changes(flow, s)) for s in made)


def _fits(flow: Flow) -> Iterator[tuple[int, set[str]]]:
    """Find the statements that fit something, the last first, with the names that they fit it on."""
    for place in range(len(flow.body) - 1, -1, -1):
        if isinstance(flow.body[place], (ast.FunctionDef, ast.ClassDef)):
            continue
        for node in walk(flow.body[place]):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in FITS and (node.args or node.keywords):
                    given = [*node.args, *(k.value for k in node.keywords)]
                    yield place, {n.id for a in given for n in walk(a) if isinstance(n, ast.Name)}


def _cuts(flow: Flow, place: int, names: set[str]) -> Iterator[tuple[int, str]]:
    """Yield where one table holds all that a fit needs of the data, the earliest place first."""
    needed = {place: set(names)}  # by the number of statements before
    wanted = set(names)
    for position in range(place - 1, -1, -1):
        statement = flow.body[position]
        strong, weak = _changes(flow, statement)
        if (strong | weak) & wanted:
            if not isinstance(statement, (ast.FunctionDef, ast.ClassDef)) and _has_rows(
                flow, statement
            ):
                break
            wanted = (wanted - strong) | _loads(statement)
        needed[position] = set(wanted)
    else:
        return
    for later in range(position + 1, place + 1):
        of_data = needed[later] & _from_rows(flow, flow.body[:later])
        if len(of_data) == 1:
            yield later, of_data.pop()


def _with_labels(flow: Flow, position: int, place: int, name: str) -> int:
    """Go on over what gives the new rows and columns their names: a request has those names."""
    end = position
    for later in range(position, place):
        statement = flow.body[later]
        strong, weak = _changes(flow, statement)
        if name in strong | weak:
            if not is_relabelled(statement, name):
                break
            end = later + 1
        elif name in _loads(statement) and strong | weak:
            break
    return end


def _changes(flow: Flow, statement: ast.stmt) -> tuple[set[str], set[str]]:
    """Return the names whose value a statement replaces for sure, and those that it may change."""
    strong, weak = set[str](), set[str]()
    for inner in all_statements([statement]):
        for change in effects(flow, inner):
            sure = change.kind == "bind" and not isinstance(statement, BLOCKS)
            (strong if sure else weak).add(change.name)
            if change.kind != "bind":
                weak |= {n for group in flow.aliases if change.name in group for n in group}
        if isinstance(inner, ast.For):
            weak |= _names([inner.target])
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            return {statement.name}, set()
    return strong - weak, weak


def _names(nodes: Iterable[ast.AST]) -> set[str]:
    return {n.id for node in nodes for n in walk(node) if isinstance(n, ast.Name)}


def _loads(statement: ast.stmt) -> set[str]:
    own = (
        {a.arg for n in walk(statement) if isinstance(n, ast.arguments) for a in n.args}
        if isinstance(statement, ast.FunctionDef)
        else set()
    )
    loads = {
        n.id for n in walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }
    # ``a += 1`` and ``a[0] = 1`` need what ``a`` was
    if isinstance(statement, ast.AugAssign):
        loads |= _names([statement.target])
    return loads - own


def _has_rows(flow: Flow, statement: ast.stmt) -> bool:
    return any(flow.val(n).is_row for n in walk(statement) if isinstance(n, ast.Name)) or any(
        flow.rule(n) == "source" for n in walk(statement) if isinstance(n, ast.Call)
    )


def _from_rows(flow: Flow, body: list[ast.stmt]) -> set[str]:
    """Return the variables that hold something of the data after these statements."""
    found: set[str] = set()
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            continue
        if _has_rows(flow, statement) or _loads(statement) & found:
            strong, weak = _changes(flow, statement)
            found |= strong | weak
    return found


def _made_by(flow: Flow, body: list[ast.stmt], name: str) -> tuple[ast.stmt, ...]:
    """Return the statements that a variable depends on, in order."""
    wanted, kept = {name}, list[ast.stmt]()
    for statement in reversed(body):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            continue
        strong, weak = _changes(flow, statement)
        if (strong | weak) & wanted:
            kept.insert(0, statement)
            wanted = (wanted - strong) | _loads(statement)
    return tuple(kept)


def _read(last: ast.stmt, table: MadeTable) -> ast.Assign:
    """Write ``name = make_name()`` where the last of the statements stands that make the table."""
    call = ast.Call(ast.Name(f"make_{table.name}", ast.Load()), [], [])
    read = ast.Assign([ast.Name(table.name, ast.Store())], call)
    for node in walk(read):
        ast.copy_location(node, last)
        node.cell = origin(last).cell  # type: ignore[attr-defined]
    call.made_by = table  # type: ignore[attr-defined]
    return read


__all__ = ["Aggregated", "aggregated"]
