"""``jupyter nbconvert --to nbprod`` and "Save and Export Notebook As": the project as a zip archive."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter
from nbconvert.utils.exceptions import ConversionException

from nbprod.findings import NotebookError
from nbprod.pipeline import analyse, render_project
from nbprod.write import with_base

# The first day that a zip archive can name; equal notebooks give equal archives.
_EPOCH = (1980, 1, 1, 0, 0, 0)


class ProjectExporter(Exporter):  # type: ignore[misc]
    """Exports the generated project; nothing is executed."""

    export_from_notebook = "Nbprod"
    output_mimetype = "application/zip"

    def _file_extension_default(self) -> str:
        return ".zip"

    def from_notebook_node(
        self, nb: Any, resources: Any = None, **keywords: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Return the archive and nbconvert's resources.

        Raises:
            ConversionException: the notebook cannot be converted; the message is one line.
        """
        resources = self._init_resources(resources)
        metadata = resources.get("metadata", {})
        name = str(metadata.get("name") or "notebook")
        try:
            beside = Path(str(metadata.get("path") or "")).resolve().name
            package, tree = _project(nbformat.writes(nb), name, beside)
        except NotebookError as error:
            raise ConversionException(f"{name}.ipynb: {error}") from None
        resources["output_extension"] = ".zip"
        return archive(tree, package), resources


def archive(tree: Mapping[str, str], folder: str) -> bytes:
    """Return a zip archive with every file below ``folder``, the same bytes for the same tree."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(tree):
            entry = zipfile.ZipInfo(f"{folder}/{path}", _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, tree[path])
    return buffer.getvalue()


def _project(text: str, name: str, beside: str) -> tuple[str, Mapping[str, str]]:
    """Return the name and the tree of a notebook that nbconvert holds in memory; its folder is called ``beside``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, beside, f"{Path(name).name}.ipynb")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        try:
            analysed = analyse(path)
        except NotebookError as error:
            message = error.message.removeprefix(f"{path}: ")
            raise NotebookError(message, error.origin) from None
        if analysed.refusals:
            first = analysed.refusals[0]
            raise NotebookError(f"{first.code} {first.message}; {first.advice}", first.origin)
        return analysed.modules.package, with_base(render_project(analysed))


__all__ = ["ProjectExporter", "archive"]
