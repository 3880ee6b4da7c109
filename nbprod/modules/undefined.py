"""Names that a module reads and nothing defines where they are read."""

from __future__ import annotations

import builtins
import symtable
from collections.abc import Iterator

KNOWN = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__", "__class__"}


def undefined(text: str) -> list[str]:
    """Return names that functions or statements of a module read as globals and that no statement binds.

    Nothing is returned where a star import may bind any name.

    Raises:
        SyntaxError: the text is no Python.
    """
    module = symtable.symtable(text, "module", "exec")
    tables = list(_tables(module))
    bound = {s.get_name() for s in module.get_symbols() if _is_bound(s)}
    bound |= {
        s.get_name()
        for t in tables
        for s in t.get_symbols()
        if s.is_declared_global() and s.is_assigned()
    }
    if " import *" in text:
        return []
    read: dict[str, None] = {}
    for table in tables:
        for symbol in table.get_symbols():
            outer = symbol.is_global() or table is module
            if outer and symbol.is_referenced() and not (table is module and _is_bound(symbol)):
                read.setdefault(symbol.get_name())
    return [name for name in read if name not in bound | KNOWN]


def _is_bound(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


__all__ = ["undefined"]
