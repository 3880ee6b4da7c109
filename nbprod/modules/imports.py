"""The imports a module needs, taken from the imports of the notebook."""

from __future__ import annotations

import ast
import builtins


class Imports:
    """Know every import of the notebook; print those a piece of source uses."""

    def __init__(self, body: list[ast.stmt]) -> None:
        self.known: dict[str, str] = {}
        for node in ast.walk(ast.Module(body, [])):
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
        tree = ast.parse(source)
        stored = {
            n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        } | {n.name for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
        loaded = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} - {
            n for n in dir(builtins) if n not in self.known
        }
        lines = {self.known[n] for n in loaded if n in self.known and n not in stored}
        lines |= set(extra)
        return sorted(lines, key=lambda line: (line.startswith("from"), line))

    def modules(self, source: str) -> set[str]:
        """Return the top-level modules that ``source`` imports."""
        found: set[str] = set()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                found |= {a.name.split(".")[0] for a in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
        return found
