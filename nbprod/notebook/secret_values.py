"""Passwords, keys and tokens that stand in cells as text: they would go into the package, and into git."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

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
        lines = {value.lineno: name for name, value in _found(ast.parse(cell.code))}
        for line, name in sorted(lines.items()):
            yield Finding(
                "W-SECRET",
                f"{name or 'the text'} holds a secret; the package reads {variable(name)} from the environment",
                Origin(cell.number, line),
                advice=f'write os.environ["{variable(name)}"] in the notebook, too; then withdraw the old one',
            )


def may_hold_one(text: str) -> bool:
    """Whether a text is worth a closer look."""
    return bool(_HINT.search(text))


def secret_parts(text: str, said: Iterable[tuple[str, str, int]]) -> set[tuple[int, int]]:
    """Return where secrets start and end in a text that is no code.

    Args:
        text: any text.
        said: names with the value that the text gives them, and where the value starts.
    """
    parts = {m.span() for m in _SHAPE.finditer(text)}
    parts |= {m.span("password") for m in _ADDRESS.finditer(text) if "{" not in m["password"]}
    named = {
        (start, start + len(value))
        for name, value, start in said
        if _NAME.search(name) and _is_secret(value)
    }
    return parts | {
        span for span in named if not any(span[0] <= a and b <= span[1] for a, b in parts)
    }


def variable(name: str) -> str:
    """Return the environment variable for a secret that the notebook calls ``name``, "" for an address."""
    return re.sub(r"\W+", "_", name).strip("_").upper() or "SECRET_ADDRESS"


def without_secrets(tree: ast.Module, code: str) -> ast.Module:
    """Return the program with every secret read from the environment instead."""
    if not _HINT.search(code):
        return tree
    found = {id(value): name for name, value in _found(tree)}
    replaced: ast.Module = _FromEnvironment(found).visit(tree) if found else tree
    return replaced


class _FromEnvironment(ast.NodeTransformer):
    def __init__(self, found: dict[int, str]) -> None:
        self.found = found

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        name = self.found.get(id(node))
        if name is None:
            return node
        read = ast.parse(f"os.environ[{variable(name)!r}]", mode="eval").body
        for part in ast.walk(read):
            ast.copy_location(part, node)
        return read


def _found(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        for name, value in _named(node):
            if _is_text(value) and _NAME.search(name):
                yield name, value
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            address = _ADDRESS.search(node.value)
            if _SHAPE.search(node.value) or (address and "{" not in address["password"]):
                yield "", node


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
    return (
        isinstance(value, ast.Constant) and isinstance(value.value, str) and _is_secret(value.value)
    )


def _is_secret(text: str) -> bool:
    """Whether a text is long enough to be a secret and no placeholder such as ``<password>``."""
    return len(text) >= 4 and not re.fullmatch(
        r"[<{$].*[>}]?|x+|\*+|\.+|your\W.*", text, re.IGNORECASE
    )


__all__ = ["may_hold_one", "secret_parts", "secrets_in", "variable", "without_secrets"]
