"""Format the Python that comes from a notebook with black, and distrust the result.

Templates are written as black leaves them, so only what holds the notebook's own code is formatted: black
takes a third of a second for a thousand lines.
"""

from __future__ import annotations

from collections.abc import Mapping

from nbprod.findings import NotebookError

LINE_LENGTH = 100


def format_python(sources: Mapping[str, str]) -> dict[str, str]:
    """Return Python sources by path, formatted by black.

    Raises:
        NotebookError: a source is no Python, or black changed what it means; both are bugs of nbprod.
    """
    from black import assert_equivalent, format_str
    from black.mode import Mode, TargetVersion
    from black.parsing import ASTSafetyError

    mode = Mode(line_length=LINE_LENGTH, target_versions={TargetVersion.PY311})
    formatted: dict[str, str] = {}
    for path, source in sources.items():
        try:
            formatted[path] = format_str(source, mode=mode)
            assert_equivalent(source, formatted[path])
        except (ValueError, AssertionError, SyntaxError, ASTSafetyError) as error:
            reason = str(error).split("\n")[0][:120]
            raise NotebookError(
                f"E-INTERNAL: {path} is not the Python that it should be ({reason}); "
                "this is a bug of nbprod, please report the notebook"
            ) from error
    return formatted


__all__ = ["LINE_LENGTH", "format_python"]
