"""Modules beside a notebook, and notebooks that it runs, become cells in front of it.

What such a file defines is analysed like the notebook's own cells: a helper that learns learns into the
state, a class lands in the package. The cells have the numbers -1, -2, ... so that the others keep theirs.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

from nbprod.findings import Finding, Origin

RUN = re.compile(r"^\s*%run\s+(?:-\w\s+)*[\"']?(?P<file>[^\s\"']+)[\"']?\s*$")
_IMPORTING = re.compile(r"^.*\bimport\b(?:.*\\\r?\n)*.*", re.MULTILINE)
_MOST = 40  # files; more are no longer helpers of one notebook


@dataclass
class Gathered:
    """Files in the order in which they are needed: name and text; ``codes`` are the cells without their imports."""

    files: dict[str, str] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def leave(self, name: str, why: str, number: int) -> bool:
        """Note that a file is not taken along; its import stays."""
        message = f"{why}; it is not taken along, and the package cannot import it"
        if all(found.message != message for found in self.findings):
            advice = f"repair {name}, or give one of the two another name"
            self.findings.append(
                Finding("W-LOCAL-MODULE", message, Origin(number, 1), advice=advice)
            )
        return False


def gather(folder: Path, codes: list[str], numbers: list[int]) -> Gathered:
    """Find the local modules that cells import, and take the imports out of the cells, line for line."""
    found = Gathered()
    places = [folder, *_more_places(folder, codes)]
    if _may_be_local(codes, places):
        codes = _without_imports(codes, numbers, places, found, _stored(codes))
    found.codes.extend(codes)
    return found


def _may_be_local(codes: list[str], places: list[Path]) -> bool:
    """Say whether a word of a line with an import is the name of a file: most notebooks import libraries alone."""
    words = {
        word
        for code in codes
        for line in _IMPORTING.findall(code)
        for word in re.findall(r"[^\W\d]\w*", line)
    }
    return any(
        place.joinpath(f"{word}.py").is_file() or place.joinpath(word).is_dir()
        for place in places
        for word in words
    )


def _more_places(folder: Path, codes: list[str]) -> list[Path]:
    """Return the folders that cells add to ``sys.path`` by name."""
    named = [
        match
        for code in codes
        for match in re.findall(
            r"sys\.path\.(?:append|insert)\(\s*(?:\d+\s*,\s*)?[\"']([^\"']+)[\"']", code
        )
    ]
    return [folder / name for name in named if not Path(name).is_absolute()]


def _stored(codes: list[str]) -> set[str]:
    found: set[str] = set()
    for code in codes:
        for node in ast.walk(_parsed(code)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                found.add(node.name)
    return found


def _parsed(code: str) -> ast.Module:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def _without_imports(
    codes: list[str], numbers: list[int], places: list[Path], found: Gathered, stored: set[str]
) -> list[str]:
    """Return the codes of one scope with local modules' names in place of their imports."""
    trees = [_parsed(code) for code in codes]
    edits: list[list[tuple[ast.AST, str]]] = [[] for _ in codes]
    modules: set[str] = set()  # names that stand for a module here
    aliases: dict[str, str] = {}
    for tree, number, changes in zip(trees, numbers, edits, strict=True):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                if _take(node.module, places, found, number, stored):
                    named = {a.asname: a.name for a in node.names if a.asname not in (None, a.name)}
                    renamed = {str(new): old for new, old in named.items() if new not in stored}
                    aliases |= renamed
                    kept = [f"{n} = {o}" for n, o in named.items() if n not in renamed]
                    changes.append((node, "; ".join(kept) or "pass"))
            elif isinstance(node, ast.Import):
                local = [a for a in node.names if _file(a.name, places) is not None]
                if len(local) == len(node.names) and all(
                    (a.asname or "." not in a.name) and _take(a.name, places, found, number, stored)
                    for a in local
                ):
                    modules |= {a.asname or a.name for a in local}
                    changes.append((node, "pass"))
    if not modules and not aliases and not any(edits):
        return codes
    for tree, changes in zip(trees, edits, strict=True):
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in modules
            ):
                changes.append((node, node.attr))
            elif isinstance(node, ast.Name) and node.id in aliases:
                changes.append((node, aliases[node.id]))
    return [_edited(code, changes) for code, changes in zip(codes, edits, strict=True)]


def _take(module: str, places: list[Path], found: Gathered, number: int, stored: set[str]) -> bool:
    """Take a module's file, those that it imports first; say whether it is a local one."""
    path = _file(module, places)
    if path is None:
        return False
    name = path.name if path.stem != "__init__" else f"{path.parent.name}/__init__.py"
    if name in found.files:
        return True
    if len(found.files) >= _MOST:
        return found.leave(name, f"more than {_MOST} files are imported", number)
    try:
        text = path.read_text("utf-8-sig")
        tree = ast.parse(text)
    except (OSError, UnicodeDecodeError, SyntaxError, ValueError) as error:
        return found.leave(name, f"{name} cannot be read: {error}", number)
    if any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree)):
        return found.leave(name, f"{name} is part of a package of its own", number)
    clash = sorted(_own_names(tree) & stored)
    if clash:
        names = ", ".join(clash[:3])
        why = f"{name} and the notebook both define {names}, and mean different things by it"
        return found.leave(name, why, number)
    found.files[name] = ""  # a module that imports itself in a circle is taken once
    text = _without_main(text, tree)
    (text,) = _without_imports([text], [number], [path.parent, *places], found, set())
    del found.files[name]
    found.files[name] = text
    return True


def _file(module: str, places: list[Path]) -> Path | None:
    parts = module.split(".")
    for place in places:
        for path in (
            place.joinpath(*parts[:-1], f"{parts[-1]}.py"),
            place.joinpath(*parts, "__init__.py"),
        ):
            if path.is_file():
                return path
    return None


def _own_names(tree: ast.Module) -> set[str]:
    """Return what a module defines and its own functions read: the notebook must not mean something else by it."""
    defined = {n.name for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))} | {
        t.id
        for n in tree.body
        if isinstance(n, ast.Assign)
        for t in n.targets
        if isinstance(t, ast.Name)
    }
    read = {
        part.id
        for n in tree.body
        if isinstance(n, (ast.FunctionDef, ast.ClassDef))
        for part in ast.walk(n)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
    }
    return defined & read


def _without_main(text: str, tree: ast.Module) -> str:
    lines = text.split("\n")
    for node in tree.body:
        if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
            for row in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[row] = ""
        elif isinstance(node, ast.ImportFrom) and node.module == "__future__":
            lines[node.lineno - 1] = ""
    return "\n".join(lines)


def _edited(code: str, edits: list[tuple[ast.AST, str]]) -> str:
    """Replace the text of nodes; as many lines as before."""
    lines = [line.encode() for line in code.split("\n")]
    placed = sorted(edits, key=lambda e: (e[0].lineno, e[0].col_offset), reverse=True)  # type: ignore[attr-defined]
    for node, text in placed:
        first, last = node.lineno - 1, node.end_lineno - 1  # type: ignore[attr-defined]
        head = lines[first][: node.col_offset]  # type: ignore[attr-defined]
        tail = lines[last][node.end_col_offset :]  # type: ignore[attr-defined]
        lines[first] = head + text.encode() + tail
        for row in range(first + 1, last + 1):
            lines[row] = b""
    return "\n".join(line.decode() for line in lines)


__all__ = ["RUN", "Gathered", "gather"]
