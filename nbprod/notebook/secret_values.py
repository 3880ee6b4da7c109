"""Passwords, keys and tokens that stand in cells as text: they would go into the package, and into git."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nbprod.findings import Finding, Origin
from nbprod.notebook.values import Notebook

_NAME = re.compile(
    r"(?:^|_)(?:password|passwd|pwd|secret|secret_?key|token|api_?key|access_?key|private_?key|credentials?)$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\w+://[^\s/:@]+:(?P<password>[^\s/@]+)@")
# Shapes that the issuers publish: AWS access key ids, GitHub, Slack and Hugging Face tokens, private keys.
_SHAPE = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|\bxox[abprs]-[A-Za-z0-9-]{10,}"
    r"|\bhf_[A-Za-z0-9]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
_HINT = re.compile(f"{_SHAPE.pattern}|://|pass|pwd|secret|token|key|credential", re.IGNORECASE)


def secrets_in(notebook: Notebook) -> Iterator[Finding]:
    """Yield one finding a line that holds a secret; the secret itself is in no finding."""
    for cell in notebook.code_cells:
        if not _HINT.search(cell.code):
            continue
        lines = {line: name for name, line in _found(ast.parse(cell.code))}
        for line, name in sorted(lines.items()):
            variable = re.sub(r"\W+", "_", name).upper() or "PASSWORD"
            yield Finding(
                "W-SECRET",
                f"{name or 'the text'} holds a secret, which would be written into the package",
                Origin(cell.number, line),
                advice=f'read it from the environment: os.environ["{variable}"]; then withdraw the old one',
            )


def _found(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        for name, value in _named(node):
            if _is_text(value) and _NAME.search(name):
                yield name, value.lineno
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            address = _ADDRESS.search(node.value)
            if _SHAPE.search(node.value) or (address and "{" not in address["password"]):
                yield "", node.lineno


def _named(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield what gets a value in a node, with the value: variables, arguments, keys."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield _name(target), node.value
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield _name(node.target), node.value
    elif isinstance(node, ast.keyword) and node.arg:
        yield node.arg, node.value
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value


def _name(target: ast.expr) -> str:
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        return str(target.slice.value)
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def _is_text(value: ast.expr) -> bool:
    """Whether a value is a text long enough to be a secret and no placeholder such as ``<password>``."""
    if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
        return False
    text = value.value
    return len(text) >= 4 and not re.fullmatch(
        r"[<{$].*[>}]?|x+|\*+|\.+|your\W.*", text, re.IGNORECASE
    )


__all__ = ["secrets_in"]
