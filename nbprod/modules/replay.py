"""The small functions that a generated package needs to replay what it learned.

They are plain source files, printed into ``replay.py`` of the package only when used.
"""

from __future__ import annotations

import ast
from pathlib import Path

from nbprod.modules.imports import arrange

HEADER = '"""Replay on new rows what was learned from the training rows."""\n'


def _function(source: str) -> str:
    """Return the source of the one function of a module."""
    node = next(n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef))
    return ast.get_source_segment(source, node) or ""


def print_replay(names: set[str]) -> str:
    """Return the source of ``replay.py`` with the named functions."""
    folder = Path(__file__).with_name("runtime")
    parts = [_function(folder.joinpath(f"{name}.py").read_text("utf-8")) for name in sorted(names)]
    source = "\n\n\n".join(parts)
    imports = ["from typing import Any"] if "Any" in source else []
    if "np." in source:
        imports.append("import numpy as np")
    if "pd." in source:
        imports.append("import pandas as pd")
    head = arrange(["from __future__ import annotations", *imports])
    return f"{HEADER}\n{head}\n\n\n{source}\n"
