"""Calls that read tables: sources of raw rows."""

from __future__ import annotations

import ast

from nbprod.flow.methods import Methods
from nbprod.flow.scope import keyword, literal
from nbprod.flow.tree import walk
from nbprod.flow.values import Val


class Reads(Methods):
    """Open the data sources of a program."""

    def _name_source(self, node: ast.expr) -> str:
        known = next((n for n, e in self.flow.sources.items() if e is node), None)
        if known:
            return known
        name = self.naming or "table"
        count = 2
        while name in self.flow.sources:
            name = f"{self.naming or 'table'}_{count}"
            count += 1
        self.flow.sources[name] = node
        return name

    def reads_files(self, node: ast.ListComp | ast.GeneratorExp | ast.Call) -> bool:
        """Say whether an expression reads one table a file; the tables together are the source then."""
        if isinstance(node, ast.Call):  # map(pd.read_csv, files)
            if keyword(node, "chunksize") is not None and ".read_" in ast.unparse(node.func):
                for name in [n for n, e in self.flow.sources.items() if e is node]:
                    self.flow.rules.pop(id(self.flow.sources.pop(name)), None)
                return True
            of_map = ast.unparse(node.func) == "map" and bool(node.args)
            return of_map and ".read_" in ast.unparse(node.args[0])
        targets = {
            part.id
            for generator in node.generators
            for part in walk(generator.target)
            if isinstance(part, ast.Name)
        }
        inner = [name for name, e in self.flow.sources.items() if e in list(walk(node.elt))]
        reads = [e for name in inner for e in walk(self.flow.sources[name])]
        if not any(isinstance(e, ast.Name) and e.id in targets for e in reads):
            return False
        for name in inner:
            self.flow.rules.pop(id(self.flow.sources.pop(name)), None)
        return True

    def _source(self, node: ast.Call, qual: str) -> Val:
        return self.source_of(node, "array" if qual.startswith("numpy") else "frame")

    def source_of(self, node: ast.expr, kind: str) -> Val:
        """Open a data source."""
        name = self._name_source(node)
        self.mark(node, "source")
        if name in self.statistics:
            return Val("stat", kind, sources=frozenset([name]))
        return Val("row", kind, self.axis(None, "source", True), frozenset([name]))

    def _bunch(self, node: ast.Call, qual: str) -> Val:
        if (
            literal(keyword(node, "as_frame")) is True
            and literal(keyword(node, "return_X_y")) is not True
        ):
            return Val("stat", "bunch", qual=f"{qual}:frame")
        name = self._name_source(node)
        self.mark(node, "source")
        axis = self.axis(None, "source", True)
        sources = frozenset([name])
        as_frame = literal(keyword(node, "as_frame")) is True
        kind = "frame" if as_frame else "array"
        if literal(keyword(node, "return_X_y")) is True:
            data = Val("row", kind, axis, sources, qual="bunch:data")
            label = Val("row", "series", axis, sources, target=True, qual="bunch:target")
            return Val("row", "tuple", axis, sources, elems=(data, label))
        return Val("stat", "bunch", axis, sources, qual=f"{qual}:{kind}")

    def _made(self, node: ast.Call) -> Val:
        name = self._name_source(node)
        self.mark(node, "source")
        axis = self.axis(None, "source", True)
        sources = frozenset([name])
        data = Val("row", "array", axis, sources)
        label = Val("row", "series", axis, sources, target=True)
        return Val("row", "tuple", axis, sources, elems=(data, label))
