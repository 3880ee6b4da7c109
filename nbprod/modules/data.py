"""Print ``data.py``: where the notebook reads its tables, with paths as settings."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nbprod.findings import Finding
from nbprod.flow.corrections import corrections
from nbprod.flow.made_tables import MadeTable, made_table
from nbprod.flow.program import origin
from nbprod.flow.scope import base_name
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.modules import late_imports
from nbprod.modules.data_paths import Paths, absolute
from nbprod.modules.data_statements import (
    OTHER,
    PARAMETER,
    asks,
    only_reads,
    parts_of,
    replace_argument,
    without_blocks,
    without_parameter,
)
from nbprod.modules.data_text import READ_TABLE, maker
from nbprod.modules.imports import Imports, arrange
from nbprod.modules.opened import Place, with_settings
from nbprod.modules.printing import Printer
from nbprod.modules.values import Setting
from nbprod.split.naming import Namer


@dataclass(frozen=True)
class Derived:
    """A table that is made from the tables that are read: its ``value``, and the ``functions`` it needs."""

    name: str
    source: str
    value: str
    functions: str


class Data:
    """The sources of the package, the primary one first: settings and the source of ``data.py``.

    A ``derived`` table comes before them and is the primary one then.
    """

    def __init__(
        self,
        flow: Flow,
        sources: list[str],
        imports: Imports,
        taken: set[str],
        printer: Printer,
        derived: Derived | None = None,
        folder: Path | None = None,
    ) -> None:
        self.paths = Paths(flow, folder)
        self.placed: dict[str, str] = {}  # files that lie elsewhere than the notebook says
        self.flow = flow
        self.printer = printer
        self.sources = sources
        self.derived = derived
        self.imports = imports
        self.settings: list[Setting] = []
        self.files: list[str] = []
        self.findings: list[Finding] = []
        self.reads: dict[str, str] = {}
        self.before: list[str] = []
        self.makers: list[str] = []  # functions that make tables out of the rows that are read
        self.tables = False
        self._place: Place | None = None  # makes settings of places that definitions open
        namer = Namer({t.lower() for t in taken})
        for index, name in enumerate(sources):
            self._source(name, index == 0, namer)

    def _source(self, name: str, primary: bool, namer: Namer) -> None:
        node = self.flow.sources[name]
        table = made_table(node)
        if table is not None:
            self._made(name, table, primary, namer)
            return
        path = self.paths.path(node)
        node = without_parameter(node)
        if path is None:
            self._place = lambda value, kind: self._opened(name, value, kind, node, namer)
            text = self.printer.expression(with_settings(self._constant(node), self._place))
            self.before.extend(self._definitions(node))
            if primary:
                self.tables = True
                text = f"read_table(data) if data is not None else {text}"
            self.reads[name] = text
            return
        argument, value = path
        url = "://" in value
        setting = namer.new(f"{name}_{'url' if url else 'path'}").upper()
        at = origin(node)
        found = None if url else self.paths.beside(value)
        if found is not None:
            self.findings.append(
                Finding(
                    "W-ABSOLUTE-PATH" if absolute(value) else "I-DATA-BESIDE",
                    f"{value} is not here; {found} is read instead, and {setting} sets another place",
                    at,
                    ast.unparse(node)[:200],
                    f"write {found!r}" if absolute(value) else "",
                )
            )
            self.placed[value] = value = found
        elif not url and absolute(value):
            self.findings.append(
                Finding(
                    "W-ABSOLUTE-PATH",
                    f"{value} exists on one machine only; it is the setting {setting}",
                    at,
                    ast.unparse(node)[:200],
                    "keep data beside the notebook, or set the path when training",
                )
            )
        self.settings.append(
            Setting(setting, repr(value), "url" if url else "path", f"read into {name}", at)
        )
        if not url:
            self.files.append(value)
        new = copy.deepcopy(node)
        replacement = ast.Name(setting, ast.Load())
        value_node: ast.expr = replacement
        if primary:
            value_node = ast.parse(f"{setting} if data is None else data", mode="eval").body
        replace_argument(new, argument, value_node)
        ours = {setting, PARAMETER}
        self.before.extend(self._definitions(new, ours))
        self._place = None
        self.reads[name] = self.printer.expression(self._constant(new, ours))

    def _made(self, name: str, table: MadeTable, primary: bool, namer: Namer) -> None:
        """Print the function that makes a table out of the rows that are read."""
        node = self.flow.sources[name]

        def located(statement: ast.stmt) -> ast.stmt:
            inside = list(walk(statement))
            read = next((n for n, e in self.flow.sources.items() if e in inside), name)
            return with_settings(
                statement, lambda value, kind: self._opened(read, value, kind, node, namer)
            )

        self.makers.append(maker(table, [located(s) for s in table.statements], self.printer))
        self.tables |= primary
        made = f"make_{table.name}()"
        self.reads[name] = f"read_table(data) if data is not None else {made}" if primary else made

    def _corrected(self, name: str) -> str:
        """Return the lines that correct single rows of the notebook's own file."""
        found = [without_parameter(s) for s in corrections(self.flow.sources[name])]
        if not found:
            return ""
        if name != self.sources[0]:
            return "\n" + self.printer.body(found)
        return "\n    if data is None:\n" + self.printer.body(found, 2)

    def _opened(self, name: str, value: str, kind: str, node: ast.expr, namer: Namer) -> str:
        """Return the setting of a place that is opened before a reader gets it."""
        known = next((s.name for s in self.settings if s.value == repr(value)), None)
        if known is not None:
            return known
        setting = namer.new(f"{name}_{kind}").upper()
        while setting in self.flow.final and not self.flow.final[setting].known:
            setting = namer.new(f"{name}_{kind}").upper()  # a variable of ``load`` has that name
        said: Literal["url", "path"] = "url" if kind == "url" else "path"
        self.settings.append(
            Setting(setting, repr(value), said, f"opened for {name}", origin(node))
        )
        if kind == "path":
            self.files.append(value)
        return setting

    def _constant(self, node: ast.expr, ours: Iterable[str] = ()) -> ast.expr:
        """Write known constants out where a reader's options name them."""
        flow = self.flow

        class Known(ast.NodeTransformer):
            def visit_Name(self, inner: ast.Name) -> ast.AST:
                val = flow.final.get(PARAMETER if inner.id == PARAMETER + OTHER else inner.id)
                if (
                    inner.id not in ours
                    and isinstance(inner.ctx, ast.Load)
                    and val is not None
                    and val.known
                    and val.role == "const"
                ):
                    return ast.copy_location(ast.parse(repr(val.literal), mode="eval").body, inner)
                return inner

        return Known().visit(copy.deepcopy(node))  # type: ignore[no-any-return]

    def _definitions(self, node: ast.expr, skip: Iterable[str] = ()) -> list[str]:
        """Return the notebook's assignments that a reader needs and that are no settings."""
        constant = self._constant(node, skip)
        wanted = {n.id for n in walk(constant) if isinstance(n, ast.Name)} - set(skip)
        lines: list[str] = []
        for statement in without_blocks(self.flow.body, wanted):
            if isinstance(statement, ast.With):
                names = {
                    base_name(t)
                    for inner in statement.body
                    if isinstance(inner, ast.Assign)
                    for target in inner.targets
                    for t in parts_of(target)
                }
            elif isinstance(statement, ast.Assign) and not self.flow.val(statement.value).is_row:
                names = {base_name(t) for target in statement.targets for t in parts_of(target)}
            elif isinstance(statement, ast.Expr) and asks(statement.value):
                names = {base_name(statement.value)}
            else:
                continue
            names |= {PARAMETER + OTHER} if PARAMETER in names else set()
            if names & wanted:
                renamed = without_parameter(statement)
                wanted |= {n.id for n in walk(renamed) if isinstance(n, ast.Name)}
                located = with_settings(renamed, self._place) if self._place else renamed
                lines.insert(0, self.printer.body([located]))
        return [line for line in lines if line not in self.before]

    def text(self) -> str:
        """Return the source of ``data.py``."""
        derived = self.derived
        tables = [*([derived.name] if derived else []), *self.sources]
        fields = "\n".join(f"    {name}: pd.DataFrame" for name in tables)
        body = "\n".join(self.before)
        reads = "\n".join(
            f"    {name} = {self.reads[name]}{self._corrected(name)}" for name in self.sources
        )
        signature = "data: str | Path | None = None"
        function = "\n".join(
            x
            for x in (
                f"def load({signature}) -> Sources:",
                '    """Read the tables of the notebook; ``data`` replaces the file of the first one."""',
                body,
                reads,
                f"    return Sources({', '.join([*([derived.value] if derived else []), *self.sources])})",
            )
            if x
        )
        parts = [*([READ_TABLE] if self.tables else []), *self.makers, function]
        if derived:
            parts.insert(-1, derived.functions)
        source = "\n\n\n".join(parts)
        lines = self.imports.used(
            source,
            ("from pathlib import Path", "from typing import NamedTuple", "import pandas as pd"),
        )
        placed = late_imports.place([x for x in lines if only_reads(x)], source, late="load")
        if not placed.types:
            lines = [*(x for x in lines if not only_reads(x)), *placed.head]
            source = placed.source
        config = [s.name for s in self.settings]
        package = [f"from .config import {', '.join(sorted(config))}"] if config else []
        title = '"""The data of the notebook: one row of the first table is one request."""'
        sources = f'class Sources(NamedTuple):\n    """The tables that training reads, the primary one first."""\n\n{fields}'
        return "\n".join(
            [
                title,
                "",
                arrange(["from __future__ import annotations", *lines, *package]),
                "",
                f'PRIMARY = "{tables[0]}"',
                "",
                "",
                sources,
                "",
                "",
                source,
                "",
            ]
        )
