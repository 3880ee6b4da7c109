"""Parse the JSON of a notebook.

nbformat 4 is read directly because importing nbformat costs a quarter of a second; older formats are
upgraded in memory by nbformat itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from nbprod.findings import NotebookError, Origin
from nbprod.notebook.values import CellKind

_KINDS = {"code", "markdown", "raw"}


@dataclass(frozen=True)
class RawCell:
    """One cell as stored, with its source as one string with ``\\n`` line ends."""

    kind: CellKind
    source: str
    id: str = ""
    tags: tuple[str, ...] = ()
    execution_count: int | None = None


@dataclass(frozen=True)
class Document:
    """A notebook file before masking."""

    cells: tuple[RawCell, ...]
    language: str = ""
    kernel: str = ""
    language_version: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_python_2(self) -> bool:
        """Whether the kernel or the language version says Python 2."""
        return self.language_version.startswith("2") or self.kernel.lower() in {
            "python2",
            "python 2",
            "ipython2",
        }


def parse_ipynb(text: str, location: Path) -> Document:
    """Return the cells and kernel facts of a notebook's JSON.

    Raises:
        NotebookError: invalid JSON, not a notebook, or a format newer than nbformat 4.
    """
    content = _load(text, location)
    major = content.get("nbformat")
    if not isinstance(major, int) or isinstance(major, bool):
        raise NotebookError(f"{location}: is JSON, but no notebook (no nbformat number in it)")
    if major > 4:
        raise NotebookError(
            f"{location}: nbformat {major} is newer than nbprod knows; save it as nbformat 4"
        )
    if major < 4:
        content = _upgrade(text, location)
    cells = content.get("cells")
    if not isinstance(cells, list):
        raise NotebookError(
            f"{location}: has no list of cells; open it in Jupyter and save it again"
        )
    parsed = tuple(_cell(cell, number) for number, cell in enumerate(cells, start=1))
    metadata = _mapping(content.get("metadata"))
    kernel = _mapping(metadata.get("kernelspec"))
    info = _mapping(metadata.get("language_info"))
    return Document(
        parsed,
        language=str(info.get("name") or kernel.get("language") or ""),
        kernel=str(kernel.get("name") or ""),
        language_version=str(info.get("version") or ""),
        options=_mapping(metadata.get("nbprod")),
    )


def _load(text: str, location: Path) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        marker = re.search(r"^<{7} ", text, re.MULTILINE)
        if marker:
            line = text.count("\n", 0, marker.start()) + 1
            raise NotebookError(
                f"{location}:{line}: has unresolved git conflict markers; resolve them first"
            ) from None
        raise NotebookError(
            f"{location}:{error.lineno}:{error.colno}: is not valid JSON ({error.msg}); "
            f"restore it from Jupyter's checkpoint or from git"
        ) from None
    except RecursionError:
        raise NotebookError(f"{location}: its JSON is nested too deeply to be a notebook") from None
    except ValueError:
        raise NotebookError(
            f"{location}: has a number of thousands of digits and is no notebook; restore it from git"
        ) from None
    if not isinstance(content, dict):
        raise NotebookError(f"{location}: is JSON, but no notebook (a {type(content).__name__})")
    return content


def _upgrade(text: str, location: Path) -> dict[str, Any]:
    import warnings

    import nbformat

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return cast("dict[str, Any]", nbformat.reads(text, as_version=4))
        except Exception as error:  # noqa: BLE001 - nbformat raises whatever its upgrade runs into
            raise NotebookError(
                f"{location}: its old format cannot be upgraded ({type(error).__name__}); "
                f"run `jupyter nbconvert --to notebook` on it"
            ) from None


def _cell(cell: object, number: int) -> RawCell:
    if not isinstance(cell, Mapping):
        raise NotebookError(
            f"is not a cell but a {type(cell).__name__}; save it again", Origin(number, 1)
        )
    kind = cell.get("cell_type")
    if kind not in _KINDS:
        raise NotebookError(f"has the unknown type {kind!r}; save it again", Origin(number, 1))
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(part, str) for part in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise NotebookError("its source is no text; save the notebook again", Origin(number, 1))
    tags = _mapping(cell.get("metadata")).get("tags")
    count = cell.get("execution_count")
    return RawCell(
        cast("CellKind", kind),
        source.replace("\r\n", "\n").replace("\r", "\n"),
        id=str(cell.get("id", "")),
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        execution_count=count if isinstance(count, int) else None,
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


__all__ = ["Document", "RawCell", "parse_ipynb"]
