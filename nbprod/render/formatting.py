"""Format generated Python."""

from __future__ import annotations


def format_python(source: str) -> str:
    """Return source formatted by black with sorted imports (unchanged when black cannot read it)."""
    import black

    mode = black.Mode(line_length=100, target_versions={black.TargetVersion.PY311})
    try:
        return black.format_str(source, mode=mode)
    except black.InvalidInput:
        return source
