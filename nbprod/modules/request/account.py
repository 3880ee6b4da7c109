"""Account for the notebook: what each statement is for, where values are learned, what answers."""

from __future__ import annotations

import ast

from nbprod.findings import Origin
from nbprod.flow.program import origin
from nbprod.flow.tree import walk
from nbprod.modules.request.analysis import REQUESTS, Asked
from nbprod.modules.values import Statement
from nbprod.split.learned_values import LearnSite
from nbprod.split.request.slice import changes


def made_at(asked: Asked, name: str) -> Origin:
    """Return where a variable that a request reads is made or last changed."""
    return origin(_maker(asked, name))


def _maker(asked: Asked, name: str) -> ast.stmt:
    """Return the last statement that makes or changes a variable."""
    return next(n for n in reversed(asked.kept.body) if name in changes(asked.flow, n))


def site(asked: Asked, name: str, field: str) -> LearnSite:
    """Return the place where a value of the state is learned."""
    maker = _maker(asked, name)
    at = origin(maker)
    expression = maker.value if isinstance(maker, ast.Assign) else maker
    short = ast.unparse(expression).split("\n")[0][:120]
    return LearnSite(
        f"{at.cell}:{at.line}:{name}", at.cell, at.line, short, "value", field, "all rows"
    )


def roles(asked: Asked) -> tuple[Statement, ...]:
    """Return what every statement of the notebook is for."""
    body = {id(node) for node in asked.kept.body}
    used = {id(n) for n in (*asked.kept.functions, *asked.kept.classes)}
    asked_for = {id(n) for n in asked.request.functions}
    loads = {id(call) for call in asked.flow.sources.values()}
    name = asked.request.function.name
    found = []
    for node in asked.program.body:
        at = origin(node)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            role, reason = "import", "imported where a module needs it"
        elif node is asked.request.function:
            role, reason = "model", "answers a request"
        elif id(node) in asked_for:
            role, reason = "serve", f"{name} calls it"
        elif id(node) in body and any(id(part) in loads for part in walk(node)):
            role, reason = "load", "reads the data"
        elif id(node) in body or id(node) in used:
            role, reason = "learn", f"makes what {name} reads"
        elif isinstance(node, ast.Expr):
            role, reason = "display", "shown, not part of the answer"
        else:
            role, reason = "unused", f"nothing that {name} reads depends on it"
        found.append(Statement(at.cell, at.line, role, reason))
    return tuple(found)


def sink(asked: Asked) -> dict[str, object]:
    """Return what answers requests, and the sources and fields behind it, as the report and the certificate say it."""
    request, at = asked.request, origin(asked.request.function)
    calls = asked.flow.sources
    return {
        "cell": at.cell,
        "line": at.line,
        "source": f"def {request.function.name}",
        "top_cell": at.cell,
        "top_line": at.line,
        "model": request.function.name,
        "class": "function",
        "primary": REQUESTS if request.derived else request.source,
        "sources": [
            {
                "name": name,
                "cell": origin(calls[name]).cell,
                "line": origin(calls[name]).line,
                "expression": ast.unparse(calls[name])[:200],
                "primary": name == request.source,
            }
            for name in sorted(asked.sources)
        ],
        "candidates": [],
        "request": {
            "function": request.function.name,
            "form": request.form,
            "source": request.source,
            "source_cell": origin(calls[request.source]).cell,
            "source_line": origin(calls[request.source]).line,
            "fields": [
                {
                    "name": field.parameter,
                    "column": field.column,
                    "value": None if field.column else ast.literal_eval(field.default),
                }
                for field in request.fields
            ],
        },
    }


__all__ = ["made_at", "roles", "sink", "site"]
