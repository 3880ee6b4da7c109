"""Ask CPython whether a text is valid Python, without noise on stderr."""

from __future__ import annotations

import ast
import warnings


def parse_error(code: str) -> tuple[str, int] | None:
    """Return CPython's message and the 1-based line of the first syntax error, or None.

    Warnings such as invalid escapes in a notebook's strings are the notebook's business.
    """
    if "\0" in code:  # CPython 3.11 raises ValueError without a line
        return "it contains a null character", code.partition("\0")[0].count("\n") + 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(code)
        except SyntaxError as error:
            lines = code.count("\n") + 1
            return error.msg, min(max(error.lineno or 1, 1), lines)
        except UnicodeError:
            return "it contains half a surrogate pair", 1
        except (RecursionError, MemoryError):
            return "it is nested too deeply", 1
    return None


__all__ = ["parse_error"]
