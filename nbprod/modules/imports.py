"""The imports a module needs, taken from the imports of the notebook."""

from __future__ import annotations

import ast
import builtins
import sys
from functools import lru_cache

from nbprod.flow.tree import all_statements, walk

ENABLING = "sklearn.experimental"  # importing from it makes classes of other modules importable


@lru_cache(maxsize=32)
def parsed(source: str) -> ast.Module:
    """Parse generated source once, however many ask."""
    return ast.parse(source)


def arrange(lines: list[str]) -> str:
    """Return import lines in the order of isort: standard library, libraries, own package."""
    plain: list[set[str]] = [set(), set(), set()]
    named: list[dict[str, set[str]]] = [{}, {}, {}]
    future = [line for line in lines if line.startswith("from __future__")]
    for line in lines:
        node = ast.parse(line).body[0] if line not in future else None
        if isinstance(node, ast.Import):
            for alias in node.names:
                plain[_section(alias.name)].add(ast.unparse(ast.Import([alias])))
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found = named[_section(module)].setdefault(module, set())
            found |= {a.name + (f" as {a.asname}" if a.asname else "") for a in node.names}
    sections = ["\n".join(future)] if future else []
    for section in range(3):
        listed = sorted(plain[section], key=lambda line: line.split()[1])
        for module in sorted(named[section], key=lambda m: m.lstrip(".")):
            names = sorted(named[section][module], key=_by_type)
            unread = "  # noqa: F401  it makes others importable" if module == ENABLING else ""
            listed.append(f"from {module} import {', '.join(names)}{unread}")
        if listed:
            sections.append("\n".join(listed))
    return "\n\n".join(sections)


def _section(module: str) -> int:
    if module.startswith("."):
        return 2
    return 0 if module.split(".")[0] in sys.stdlib_module_names else 1


def _by_type(name: str) -> tuple[int, str]:
    """Constants first, then classes, then the rest."""
    word = name.split()[0]
    if len(word) > 1 and word.isupper():
        return 0, name
    return (1, name) if word[:1].isupper() else (2, name)


def top_level(line: str) -> str:
    """Return the top-level module of an import line."""
    return line.split()[1].split(".")[0]


class Imports:
    """Know every import of the notebook; print those a piece of source uses."""

    def __init__(self, body: list[ast.stmt]) -> None:
        self.known: dict[str, str] = {"os": "import os"}  # secrets are read from the environment
        for node in all_statements(body):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.split(".")[0]
                    text = f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
                    self.known[name] = text
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    name = alias.asname or alias.name
                    suffix = f" as {alias.asname}" if alias.asname else ""
                    self.known[name] = f"from {node.module} import {alias.name}{suffix}"

    def used(self, source: str, extra: tuple[str, ...] = ()) -> list[str]:
        """Return sorted import lines for the names that ``source`` loads but does not define."""
        tree = parsed(source)
        stored: set[str] = set()
        named: set[str] = set()
        for node in walk(tree):
            if isinstance(node, ast.Name):
                named.add(node.id)
                if isinstance(node.ctx, ast.Store):
                    stored.add(node.id)
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                stored.add(node.name)
        loaded = named - {n for n in dir(builtins) if n not in self.known}
        lines = {self.known[n] for n in loaded if n in self.known and n not in stored}
        if any(line.startswith(("from sklearn", "import sklearn")) for line in lines):
            lines |= {t for t in self.known.values() if t.startswith(f"from {ENABLING} ")}
        lines |= set(extra)
        return sorted(lines, key=lambda line: (line.startswith("from"), line))

    def modules(self, source: str) -> set[str]:
        """Return the top-level modules that ``source`` imports."""
        found: set[str] = set()
        for node in all_statements(parsed(source).body):
            if isinstance(node, ast.Import):
                found |= {a.name.split(".")[0] for a in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
        return found
