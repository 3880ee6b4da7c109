"""No module is handed on that cannot be loaded, or that reads a name which nothing in it makes."""

from __future__ import annotations

import ast

from nbprod.findings import NotebookError
from nbprod.flow.program import origin
from nbprod.flow.unbound import unbound
from nbprod.modules.undefined import undefined


def check(name: str, text: str, notebook: list[ast.stmt]) -> None:
    """Look at a generated module.

    Raises:
        NotebookError: ``E-UNBOUND`` where the notebook never makes the name, ``E-INTERNAL`` where nbprod lost it.
    """
    bug = "this is a bug of nbprod, please report the notebook"
    try:
        missing = undefined(text)
    except SyntaxError as error:
        raise NotebookError(
            f"E-INTERNAL: the generated {name} is not valid Python (line {error.lineno}: {error.msg}); {bug}"
        ) from error
    never = [found for found in unbound(notebook) if found in missing]
    if never:
        raise NotebookError(
            f"E-UNBOUND: the model depends on {never[0]}, which no cell defines, so the notebook runs in no other "
            f"session; define it before it is used"
        )
    star = next(
        (s for s in notebook if isinstance(s, ast.ImportFrom) and s.names[0].name == "*"), None
    )
    if missing and star is not None and not _bound(missing[0], notebook):
        at = origin(star)
        raise NotebookError(
            f"E-UNBOUND: cell {at.cell}:{at.line}: the model depends on {missing[0]}, which no cell names; if "
            f"`{ast.unparse(star)}` brings it, write `from {star.module} import {missing[0]}`"
        )
    if missing:
        raise NotebookError(
            f"E-INTERNAL: the generated {name} uses {missing[0]} and nothing in it defines it; set it once, before what "
            f"reads it; {bug}"
        )


def _bound(name: str, notebook: list[ast.stmt]) -> bool:
    """Say whether a program makes or imports a name itself."""
    named = [s for s in notebook if not isinstance(s, ast.ImportFrom) or s.names[0].name != "*"]
    return name not in unbound([*named, ast.Expr(ast.Name(name, ast.Load()))])


__all__ = ["check"]
