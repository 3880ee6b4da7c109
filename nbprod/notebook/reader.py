"""Read a notebook file: every way it can be unreadable ends in one line that says what to do."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

from nbprod.findings import Finding, NotebookError, Origin
from nbprod.notebook.identity import content_hash
from nbprod.notebook.ipynb import Document, RawCell, parse_ipynb
from nbprod.notebook.masking import mask
from nbprod.notebook.percent import parse_percent
from nbprod.notebook.roles import declared, role_findings
from nbprod.notebook.syntax import parse_error
from nbprod.notebook.values import Cell, Notebook

MAX_BYTES = 256 * 1024 * 1024
_PYTHON_LANGUAGES = {"", "python", "python2", "python3", "ipython", "ipython2", "ipython3"}
# CPython says so when it meets the print or exec statement, backticks, ``except X, e`` or ``<>``.
_PYTHON_2 = re.compile(
    r"Missing parentheses in call to '(print|exec)'|multiple exception types must be parenthesized"
    r"|leading zeros in decimal integer"
)


def read(path: str | Path) -> Notebook:
    """Read an ``.ipynb`` (nbformat 3 or 4) or a percent ``.py`` notebook; never writes, never executes.

    A cell that does not parse is masked whole and reported as ``E-SYNTAX``; the other cells are kept. A cell
    with the role ``skip`` is masked without a word.

    Raises:
        NotebookError: the file is missing, unreadable, no notebook, not Python 3, or has no code.
    """
    location = Path(path)
    text = _text(location)
    if location.suffix == ".py":
        document = Document(parse_percent(text), language="python")
    else:
        document = parse_ipynb(text, location)
    if document.language.lower() not in _PYTHON_LANGUAGES:
        raise NotebookError(
            f"{location}: the notebook is written in {document.language}; nbprod converts Python notebooks"
        )
    return _notebook(location, document)


def _text(location: Path) -> str:
    # Path.is_dir raises for names that are too long
    if os.path.isdir(location):  # noqa: PTH112
        raise NotebookError(f"{location}: is a folder; give the path of one notebook")
    if location.suffix not in {".ipynb", ".py"}:
        raise NotebookError(
            f"{location}: not a notebook; nbprod reads .ipynb and percent .py files"
        )
    try:
        size = location.stat().st_size
        if size > MAX_BYTES:
            raise NotebookError(
                f"{location}: is {size / 2**20:.0f} MB, more than {MAX_BYTES // 2**20} MB; "
                f"clear the outputs (jupyter nbconvert --clear-output --inplace) and try again"
            )
        text = location.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise NotebookError(f"{location}: no such file{_nearby(location)}") from None
    except UnicodeDecodeError as error:
        raise NotebookError(
            f"{location}: is not UTF-8 text (byte {error.start}); save it again from Jupyter"
        ) from None
    except OSError as error:
        reason = (error.strerror or "cannot be opened").lower()
        raise NotebookError(
            f"{location}: cannot be read ({reason}); check its permissions"
        ) from None
    if not text.strip():
        raise NotebookError(f"{location}: the file is empty; save the notebook first")
    return text


def _nearby(location: Path) -> str:
    """Suggest a notebook of a similar name in the same folder."""
    import difflib

    try:
        names = [entry.name for entry in location.parent.iterdir() if entry.suffix == ".ipynb"]
    except OSError:
        return ""
    close = difflib.get_close_matches(location.name, names, n=1)
    return f"; did you mean {location.parent / close[0]}?" if close else ""


def _notebook(location: Path, document: Document) -> Notebook:
    cells: list[Cell] = []
    findings: list[Finding] = []
    requirements: list[str] = []
    for number, raw in enumerate(document.cells, start=1):
        code = ""
        if raw.kind == "code" and _skipped(number, raw):
            code = "\n" * raw.source.count("\n")
        elif raw.kind == "code":
            masked = mask(raw.source, number)
            code = masked.code
            findings.extend(masked.findings)
            requirements.extend(masked.requirements)
            problem = parse_error(code)
            if problem is not None:
                message, line = problem
                origin = Origin(number, line)
                _refuse_python_2(message, origin, document)
                findings.append(_syntax_finding(message, origin, raw))
                code = "\n" * raw.source.count("\n")
        cells.append(
            Cell(number, raw.kind, raw.source, code, raw.id, raw.tags, raw.execution_count)
        )
    _refuse_nothing_to_read(location, cells, findings)
    if document.is_python_2:
        findings.append(
            Finding(
                "W-PYTHON2",
                "the notebook names a Python 2 kernel; its cells are read as Python 3",
                advice="run it once with a Python 3 kernel and save it",
            )
        )
    return Notebook(
        path=str(location),
        name=location.stem,
        cells=tuple(cells),
        kernel=document.kernel,
        requirements=tuple(dict.fromkeys(requirements)),
        content_hash=content_hash(cells),
        findings=(*findings, *role_findings(cells)),
        options=document.options,
    )


def _skipped(number: int, raw: RawCell) -> bool:
    """Whether a person said that the cell does not exist for nbprod."""
    said = declared(Cell(number, raw.kind, raw.source, tags=raw.tags))
    return said is not None and said.role == "skip"


def _refuse_python_2(message: str, origin: Origin, document: Document) -> None:
    if document.is_python_2 or (not document.kernel and _PYTHON_2.search(message)):
        raise NotebookError(
            f"Python 2 code ({message}); port the notebook to Python 3 first, 2to3 does most of it",
            origin,
        )


def _syntax_finding(message: str, origin: Origin, raw: RawCell) -> Finding:
    lines = raw.source.splitlines()
    source = lines[origin.line - 1].strip() if origin.line <= len(lines) else ""
    return Finding(
        "E-SYNTAX",
        f"the cell is not valid Python 3: {message}",
        origin,
        source=source,
        advice="correct the line, or tag the cell `skip`",
    )


def _refuse_nothing_to_read(location: Path, cells: list[Cell], findings: list[Finding]) -> None:
    """Raise when no cell has a statement; name the first broken cell when that is the reason."""
    if any(cell.code.strip() and ast.parse(cell.code).body for cell in cells):
        return
    for finding in findings:
        if finding.code == "E-SYNTAX":
            raise NotebookError(f"{finding.message}; {finding.advice}", finding.origin)
    raise NotebookError(f"{location}: the notebook has no Python code; there is nothing to convert")


__all__ = ["MAX_BYTES", "read"]
