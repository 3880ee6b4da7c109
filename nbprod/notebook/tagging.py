"""Store tags in a notebook's file; every other byte of it stays.

The text is not dumped again: a notebook's outputs hold numbers and escapes that would come out
differently. Only the metadata objects of the tagged cells are replaced.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from nbprod.findings import NotebookError

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def write_tags(path: Path, tags: Mapping[int, str]) -> int:
    """Add one tag each to cells by number, and return how many cells changed.

    Raises:
        NotebookError: the file is no nbformat 4 notebook or cannot be written.
    """
    try:
        text = path.read_bytes().decode("utf-8")
        changed, count = with_tags(text, tags)
        if count:
            temporary = path.with_name(f".{path.name}.nbprod-{os.getpid()}")
            try:
                temporary.write_text(changed, "utf-8", newline="")
                temporary.chmod(path.stat().st_mode & 0o777)
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
    except (ValueError, KeyError, TypeError):
        raise NotebookError(
            f"{path}: tags can be stored in .ipynb files of nbformat 4 only; save it again from Jupyter"
        ) from None
    except OSError as error:
        reason = (error.strerror or "failed").lower()
        raise NotebookError(
            f"{path}: cannot be written ({reason}); check its permissions"
        ) from None
    return count


def with_tags(text: str, tags: Mapping[int, str]) -> tuple[str, int]:
    """Return the notebook's text with a tag added to each listed cell, and how many cells changed.

    Raises:
        ValueError, KeyError: the text is no nbformat 4 notebook.
    """
    cells = dict(_values(text, _skip(text, 0)))["cells"]
    edits: list[tuple[int, int, str]] = []
    for number, (_, start) in enumerate(_values(text, cells), start=1):
        if number in tags:
            edit = _edit(text, start, tags[number])
            if edit is not None:
                edits.append(edit)
    for start, end, replacement in reversed(edits):
        text = text[:start] + replacement + text[end:]
    return text, len(edits)


def _edit(text: str, cell: int, tag: str) -> tuple[int, int, str] | None:
    """Return the span of a cell's metadata object and its replacement."""
    start = dict(_values(text, cell))["metadata"]
    metadata, end = _DECODER.raw_decode(text, start)
    present = metadata.get("tags", [])
    if tag in present:
        return None
    metadata["tags"] = [*present, tag]
    line = text[text.rfind("\n", 0, start) + 1 : start]
    margin = line[: len(line) - len(line.lstrip())]
    newline = "\r\n" if "\r\n" in text[:start] else "\n"
    if not margin:  # a notebook on one line
        return start, end, json.dumps(metadata, ensure_ascii=False)
    unit = _unit(text)
    dumped = json.dumps(metadata, ensure_ascii=False, indent=unit)
    return start, end, dumped.replace("\n", newline + margin)


def _unit(text: str) -> str:
    """Return the indentation of the first key: one level."""
    found = re.search(r"\{\r?\n([ \t]+)\"", text)
    return found[1] if found else " "


def _skip(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _values(text: str, position: int) -> Iterator[tuple[str, int]]:
    """Yield key and start of each value of the object or array that starts at ``position``."""
    closing = {"{": "}", "[": "]"}[text[position]]
    position = _skip(text, position + 1)
    while text[position] != closing:
        key = ""
        if closing == "}":
            key, position = _DECODER.raw_decode(text, position)
            position = _skip(text, _skip(text, position) + 1)
        yield key, position
        _, position = _DECODER.raw_decode(text, position)
        position = _skip(text, position)
        if text[position] == ",":
            position = _skip(text, position + 1)


__all__ = ["with_tags", "write_tags"]
