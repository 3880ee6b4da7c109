"""``with`` blocks that only change what is shown or warned about: their statements stand in the open.

``with warnings.catch_warnings():`` hides messages and no value depends on it, so the slice may take the one
statement it needs and leave the others, as it does outside a block.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from nbprod.flow.scope import literal
from nbprod.flow.tree import walk
from nbprod.flow.values import Val

QUIET = {
    "warnings.catch_warnings",
    "numpy.errstate",
    "pandas.option_context",
    "matplotlib.pyplot.style.context",
    "matplotlib.pyplot.rc_context",
    "matplotlib.rc_context",
    "seaborn.axes_style",
    "seaborn.plotting_context",
    "seaborn.color_palette",
}
SHOWN = ("display.", "mode.chained_assignment", "plotting.", "styler.")
RAISES = ("error", "raise")


def in_the_open(node: ast.stmt, value: Callable[[ast.AST], Val]) -> list[ast.stmt] | None:
    """Return the statements of a block that changes no value, None for every other statement."""
    if not isinstance(node, ast.With):
        return None
    for item in node.items:
        call = item.context_expr
        if not isinstance(call, ast.Call) or item.optional_vars is not None:
            return None
        name = value(call.func).qual
        if name not in QUIET:
            return None
        if name == "pandas.option_context" and not _only_shown(call):
            return None
    if any(isinstance(n, ast.Constant) and n.value in RAISES for n in walk(node)):
        return None  # a warning that stops the cell is no message
    return node.body


def _only_shown(call: ast.Call) -> bool:
    names = [literal(argument) for argument in call.args[::2]]
    return bool(names) and all(isinstance(n, str) and n.startswith(SHOWN) for n in names)
