"""Format the Python that comes from a notebook with black, and distrust the result.

Templates are written as black leaves them, so only what holds the notebook's own code is formatted: black
takes a third of a second for a thousand lines, and twice that when it changes one of them, for it then formats
its own result again. So quotes, which it would change nearly everywhere, are exchanged before, every function of
a module is formatted alone (most are then as black leaves them), and one whose lines all have shapes that black
left alone before is not shown to it. What was changed is compared with what it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from nbprod.findings import NotebookError
from nbprod.modules.quotes import double_quoted
from nbprod.render.familiar import Familiar

LINE_LENGTH = 100
# Two blank lines between the end of an indented block and a function.
_BETWEEN = re.compile(r"(?<=\n)([ ]+[^\s#][^\n]*\n)\n\n(?=def )")


def format_python(sources: Mapping[str, str]) -> dict[str, str]:
    """Return Python sources by path, formatted by black.

    Raises:
        NotebookError: a source is no Python, or black changed what it means; both are bugs of nbprod.
    """
    from black.parsing import ASTSafetyError

    formatted: dict[str, str] = {}
    familiar = Familiar(LINE_LENGTH)
    for path, source in sources.items():
        try:
            formatted[path] = _formatted(source, familiar)
        except (ValueError, AssertionError, SyntaxError, ASTSafetyError) as error:
            reason = str(error).split("\n")[0][:120]
            raise NotebookError(
                f"E-INTERNAL: {path} is not the Python that it should be ({reason}); "
                "this is a bug of nbprod, please report the notebook"
            ) from error
    return formatted


def _formatted(source: str, familiar: Familiar) -> str:
    from black.parsing import ASTSafetyError

    parts = functions(source)
    if len(parts) > 1:
        try:
            return "\n\n".join(_part(part, familiar) for part in parts)
        except (ValueError, AssertionError, SyntaxError, ASTSafetyError):
            pass  # a text of several lines looks like code; or it is wrong as a whole, which is said below
    return _part(source, familiar)


def _part(source: str, familiar: Familiar) -> str:
    """Format what stands for itself: a module, or a function of it."""
    from black import assert_equivalent, format_str
    from black.mode import Mode, TargetVersion

    text = double_quoted(source)
    if not familiar.knows(text):
        mode = Mode(line_length=LINE_LENGTH, target_versions={TargetVersion.PY311})
        text = format_str(text, mode=mode)
        familiar.learn(text)
    if text != source:
        assert_equivalent(source, text)
    return text


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


__all__ = ["LINE_LENGTH", "format_python", "functions"]
