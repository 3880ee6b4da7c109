"""Names that a cell uses before any cell above it makes them: the notebook leans on an earlier session."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.flow.tree import children, walk
from nbprod.notebook.values import Notebook

GIVEN = {"__name__", "__file__", "get_ipython", "display", "In", "Out", "_", "__", "___", "exit", "quit", "_ih", "_oh", "_dh"}  # fmt: skip
PYTHON_2 = {"unicode", "xrange", "raw_input", "basestring", "unichr", "long", "reload"}
FILLING = ("W-RUN", "W-PYLAB", "W-STORE", "W-RESET")  # names come from elsewhere
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def hidden_state(notebook: Notebook, body: list[ast.stmt]) -> list[Finding]:
    """Return a finding for the first use of each name that no statement above it makes."""
    if any(f.code in FILLING for f in notebook.findings) or _stars(body):
        return []
    known = set(dir(builtins)) | GIVEN | PYTHON_2 | _unread(notebook)
    each = [_made(statement) for statement in body]
    later = set().union(*each)
    found: dict[str, Finding] = {}
    for statement, made in zip(body, each, strict=True):
        for use in _uses(statement, known):
            if use.id not in found:
                found[use.id] = _finding(use, use.id in later)
        known |= made
    return list(found.values())


def _finding(node: ast.Name, later: bool) -> Finding:
    if later:
        what = f"{node.id} is used here and made only further down, so a run from top to bottom stops here"
        advice = f"move the cell that makes {node.id} above this one; restart the kernel and run all cells"
    else:
        what = f"{node.id} is made by no cell: it comes from a cell that was deleted or another session"
        advice = f"write the cell that makes {node.id} again; restart the kernel and run all cells"
    return Finding("W-HIDDEN-STATE", what, origin(node), node.id, advice)


def _stars(body: list[ast.stmt]) -> bool:
    return any(
        (
            n.id in ("exec", "globals", "locals")
            if isinstance(n, ast.Name)
            else isinstance(n, ast.ImportFrom) and any(a.name == "*" for a in n.names)
        )
        for n in walk(ast.Module(body, []))
    )


def _unread(notebook: Notebook) -> set[str]:
    """Return every word of a code cell that is masked whole or in part: it may make any of them."""
    return {
        word
        for cell in notebook.code_cells
        if cell.code != cell.source
        for word in re.findall(r"[^\W\d]\w*", cell.source)
    }


def _made(statement: ast.AST) -> set[str]:
    """Return the names that a statement binds at the top level."""
    made: set[str] = set()
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            made.add(node.name)
            made |= {n for part in walk(node) if isinstance(part, ast.Global) for n in part.names}
            continue
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            made.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            made |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
        elif (isinstance(node, ast.ExceptHandler) and node.name) or (
            isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name
        ):
            made.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            made.add(node.rest)
        children(node, waiting)
    return made


def _uses(statement: ast.stmt, known: set[str]) -> Iterator[ast.Name]:
    """Yield what a statement reads at once and nothing made; bodies of functions run later and are left out."""
    if all(n.id in known for n in walk(statement) if isinstance(n, ast.Name)):
        return
    own = known | _made(statement) if hasattr(statement, "body") else known
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            waiting[:0] = [*node.decorator_list, *node.args.defaults]
            continue
        if isinstance(node, (ast.Lambda, ast.ClassDef)):
            continue
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            inner = _made(node)
            reads = [n for n in walk(node) if isinstance(n, ast.Name)]
            waiting[:0] = [n for n in reads if n.id not in inner and isinstance(n.ctx, ast.Load)]
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in own:
            yield node
        elif isinstance(node, ast.NamedExpr):
            own = own | {node.target.id}
        waiting[:0] = ast.iter_child_nodes(node)


__all__ = ["hidden_state"]
