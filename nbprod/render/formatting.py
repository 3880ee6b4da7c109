"""Format the Python that comes from a notebook with black, and distrust the result.

Templates are written as black leaves them, so only what holds the notebook's own code is formatted: black
takes a third of a second for a thousand lines, and twice that when it changes one of them, for it then formats
its own result again. So quotes, which it would change nearly everywhere, are exchanged before, and every
function of a module is formatted alone: most are then as black leaves them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from nbprod.findings import NotebookError

LINE_LENGTH = 100
# A comment or a string; the group is the inside of a plain one in single quotes that holds nothing to escape.
_TOKEN = re.compile(
    r"#[^\n]*"
    r"|[A-Za-z]*\"\"\"(?:[^\\]|\\.)*?\"\"\""
    r"|[A-Za-z]*'''(?:[^\\]|\\.)*?'''"
    r"|[A-Za-z]*\"(?:[^\"\\\n]|\\.)*\""
    r"|(?<![A-Za-z0-9_])'([^'\"\\\n]*)'(?!')"
    r"|[A-Za-z]*'(?:[^'\\\n]|\\.)*'",
    re.DOTALL,
)
# Two blank lines between the end of an indented block and a function.
_BETWEEN = re.compile(r"(?<=\n)([ ]+[^\s#][^\n]*\n)\n\n(?=def )")


def format_python(sources: Mapping[str, str]) -> dict[str, str]:
    """Return Python sources by path, formatted by black.

    Raises:
        NotebookError: a source is no Python, or black changed what it means; both are bugs of nbprod.
    """
    from black.parsing import ASTSafetyError

    formatted: dict[str, str] = {}
    for path, source in sources.items():
        try:
            formatted[path] = _formatted(source)
        except (ValueError, AssertionError, SyntaxError, ASTSafetyError) as error:
            reason = str(error).split("\n")[0][:120]
            raise NotebookError(
                f"E-INTERNAL: {path} is not the Python that it should be ({reason}); "
                "this is a bug of nbprod, please report the notebook"
            ) from error
    return formatted


def _formatted(source: str) -> str:
    from black import assert_equivalent, format_str
    from black.mode import Mode, TargetVersion
    from black.parsing import ASTSafetyError

    mode = Mode(line_length=LINE_LENGTH, target_versions={TargetVersion.PY311})
    parts = functions(double_quoted(source))
    if len(parts) > 1:
        try:
            text = "\n\n".join(format_str(part, mode=mode) for part in parts)
            assert_equivalent(source, text)
            return text
        except (ValueError, AssertionError, SyntaxError, ASTSafetyError):
            pass  # a text of several lines looks like code; or it is wrong as a whole, which is said below
    text = format_str(source, mode=mode)
    assert_equivalent(source, text)
    return text


def double_quoted(source: str) -> str:
    """Return Python with plain strings in the quotes that black would give them."""
    return _TOKEN.sub(lambda m: m[0] if m[1] is None else f'"{m[1]}"', source)


def functions(source: str) -> list[str]:
    """Cut a module before its functions, where black leaves two blank lines; whole when black is told to rest."""
    if "fmt:" in source or "yapf:" in source:
        return [source]
    parts: list[str] = []
    start = 0
    for found in _BETWEEN.finditer(source):
        parts.append(source[start : found.end(1)])
        start = found.end()
    return [*parts, source[start:]]


__all__ = ["LINE_LENGTH", "double_quoted", "format_python", "functions"]
