"""Percent scripts: ``# %% [markdown] tags=["load"]`` starts a cell.

The format is jupytext's and Spyder's (https://jupytext.readthedocs.io/en/latest/formats-scripts.html).
"""

from __future__ import annotations

import json
import re
from typing import cast

from nbprod.notebook.ipynb import RawCell
from nbprod.notebook.magics import is_known
from nbprod.notebook.values import CellKind

_MARKER = re.compile(r"#\s*%%(?!%)(?P<options>.*)$")
_KIND = re.compile(r"\[(markdown|md|raw)\]")
_TAGS = re.compile(r"tags\s*=\s*(\[[^\]]*\])")
_HEADER_FENCE = "# ---"


def parse_percent(text: str) -> tuple[RawCell, ...]:
    """Split a script at its ``# %%`` lines; a script without any is one code cell.

    Lines before the first marker form a cell of their own when they hold anything; the YAML header that
    jupytext writes does not count.
    """
    lines = _without_header(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    cells: list[RawCell] = []
    options, body = "", list[str]()
    marked = False
    for line in lines:
        marker = _MARKER.match(line)
        if marker is None:
            body.append(line)
            continue
        if marked or any(part.strip() for part in body):
            cells.append(_cell(options, body))
        options, body, marked = marker["options"], [], True
    if marked or any(part.strip() for part in body):
        cells.append(_cell(options, body))
    return tuple(cells)


def _without_header(lines: list[str]) -> list[str]:
    if lines and lines[0].rstrip() == _HEADER_FENCE:
        for index, line in enumerate(lines[1:], start=1):
            if line.rstrip() == _HEADER_FENCE:
                return lines[index + 1 :]
    return lines


def _cell(options: str, body: list[str]) -> RawCell:
    name = _KIND.search(options)
    kind = {"md": "markdown"}.get(name[1], name[1]) if name else "code"
    while body and not body[-1].strip():
        body.pop()
    if kind == "code":
        source = "\n".join(_unescape(line) for line in body)
    else:
        source = "\n".join(re.sub(r"^# ?", "", line) for line in body).strip('"').strip("\n")
    return RawCell(cast("CellKind", kind), source, tags=_tags(options))


def _unescape(line: str) -> str:
    """Jupytext comments magics out so that the script stays valid Python; undo that."""
    found = re.match(r"# (%{1,2}(?P<name>\w+)|!\w)", line)
    if found and (found["name"] is None or is_known(found["name"])):
        return line[2:]
    return line


def _tags(options: str) -> tuple[str, ...]:
    found = _TAGS.search(options)
    if not found:
        return ()
    try:
        tags = json.loads(found[1].replace("'", '"'))
    except json.JSONDecodeError:
        return ()
    return tuple(tag for tag in tags if isinstance(tag, str))


__all__ = ["parse_percent"]
