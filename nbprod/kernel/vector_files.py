"""The functions of ``vector/`` that a kernel uses, as files of the generated package.

``vector/`` holds what pandas 2.2 means, a folder in it the functions that mean something else in other versions, each
under the name and in the module of the one that it replaces.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

from nbprod.flow.tree import walk
from nbprod.modules.imports import arrange

FOLDER = Path(__file__).with_name("vector")
RANGES = {  # folder of ``vector/``: the version of pandas since which, and before which its functions hold
    "pandas21": ((0, 0), (2, 2)),
    "pandas3": ((3, 0), (99, 0)),
}
HEAD = '"""Column operations on numpy alone, bit for bit those of pandas."""'


class Definition(NamedTuple):
    """A function or constant of ``vector/``: where it stands, its source and the names that it reads."""

    module: str
    source: str
    reads: frozenset[str]


class Module(NamedTuple):
    """A file of ``vector/``: its docstring and the imports of libraries by name."""

    title: str
    imports: dict[str, str]


def known(pandas: str | None = None) -> tuple[dict[str, Definition], dict[str, Module]]:
    """Return every definition by its name, and every module, for a version of pandas (by default 2.2)."""
    version = numbers(pandas)
    return _known(
        tuple(folder for folder, (since, before) in RANGES.items() if since <= version < before)
    )


def numbers(pandas: str | None) -> tuple[int, int]:
    """Return the first two numbers of a version of pandas, 2.2 where it is unknown."""
    parts = (pandas or "").split(".")[:2]
    return (
        (int(parts[0]), int(parts[1]))
        if len(parts) == 2 and all(map(str.isdigit, parts))
        else (2, 2)
    )


@cache
def _known(folders: tuple[str, ...]) -> tuple[dict[str, Definition], dict[str, Module]]:
    definitions, modules = _read_folder(FOLDER)
    for folder in folders:
        others, files = _read_folder(FOLDER / folder)
        for name, other in others.items():
            if name in definitions and definitions[name].module != other.module:
                raise ValueError(f"{name} is in {definitions[name].module} and in {other.module}")
        definitions = {**definitions, **others}
        for stem, file in files.items():
            modules[stem] = Module(modules[stem].title, {**modules[stem].imports, **file.imports})
    return definitions, modules


def _read_folder(folder: Path) -> tuple[dict[str, Definition], dict[str, Module]]:
    definitions: dict[str, Definition] = {}
    modules: dict[str, Module] = {}
    for path in sorted(folder.glob("*.py")):
        if path.stem == "__init__":
            continue
        source = path.read_text("utf-8")
        tree, lines = ast.parse(source), source.split("\n")
        imports: dict[str, str] = {}
        for node in tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                if isinstance(node, ast.ImportFrom) and node.level:
                    continue
                for alias in node.names:
                    single = (
                        ast.Import([alias])
                        if isinstance(node, ast.Import)
                        else ast.ImportFrom(node.module, [alias], 0)
                    )
                    imports[alias.asname or alias.name] = ast.unparse(single)
                continue
            for name in _defined(node):
                if name in definitions:
                    raise ValueError(f"two definitions of {name} in vector/")
                definitions[name] = Definition(
                    path.stem, _source(node, lines), frozenset(_read(node))
                )
        modules[path.stem] = Module(ast.get_docstring(tree) or "", imports)
    return definitions, modules


def _source(node: ast.stmt, lines: list[str]) -> str:
    """Return the text of a statement of a module; ``ast.get_source_segment`` would split the module for each."""
    assert node.end_lineno is not None
    last = lines[node.end_lineno - 1].encode()[: node.end_col_offset].decode()
    return "\n".join([*lines[node.lineno - 1 : node.end_lineno - 1], last])


def _read(node: ast.stmt) -> set[str]:
    """Return the names that a definition reads from its module."""
    names = [n for n in walk(node) if isinstance(n, ast.Name)]
    own = {n.id for n in names if isinstance(n.ctx, ast.Store)} | {
        n.arg for n in walk(node) if isinstance(n, ast.arg)
    }
    return {n.id for n in names if isinstance(n.ctx, ast.Load)} - own


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [t.id for t in node.targets if isinstance(t, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def vector_files(used: set[str], pandas: str | None = None) -> dict[str, str]:
    """Return the files with the used functions and what they need, by path below the package.

    ``pandas`` is the version that they are to mean, by default 2.2.
    """
    definitions, modules = known(pandas)
    wanted: set[str] = set()
    todo = sorted(used)
    while todo:
        name = todo.pop()
        if name not in wanted:
            wanted.add(name)
            todo.extend(n for n in definitions[name].reads if n in definitions)
    files: dict[str, str] = {}
    for stem, module in modules.items():
        own = [n for n, d in definitions.items() if d.module == stem and n in wanted]
        if not own:
            continue
        reads = frozenset().union(*(definitions[n].reads for n in own))
        lines = [
            "from __future__ import annotations",
            *(module.imports[n] for n in reads if n in module.imports),
        ]
        for other in sorted((reads & definitions.keys()) - set(own)):
            lines.append(f"from .{definitions[other].module} import {other}")
        constants = "\n".join(definitions[n].source for n in own if n.isupper())
        functions = [definitions[n].source for n in own if not n.isupper()]
        parts = [
            f'"""{module.title}"""\n\n{arrange(lines)}' + (f"\n\n{constants}" if constants else "")
        ]
        files[f"vector/{stem}.py"] = "\n\n\n".join([*parts, *functions]) + "\n"
    names = sorted(used)
    lines = [f"from .{definitions[n].module} import {n}" for n in names]
    listed = ", ".join(f'"{n}"' for n in names)
    files["vector/__init__.py"] = f"{HEAD}\n\n{arrange(lines)}\n\n__all__ = [{listed}]\n"
    return files
