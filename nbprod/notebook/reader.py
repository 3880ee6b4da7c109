"""Read a notebook file: every way it can be unreadable ends in one line that says what to do."""

from __future__ import annotations

import ast
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nbprod.findings import Finding, NotebookError, Origin
from nbprod.notebook.identity import content_hash
from nbprod.notebook.ipynb import Document, RawCell, parse_ipynb
from nbprod.notebook.local_modules import RUN, gather
from nbprod.notebook.masking import mask
from nbprod.notebook.percent import parse_percent
from nbprod.notebook.roles import declared, role_findings
from nbprod.notebook.secret_comments import without_commented_secrets
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
        status = location.stat()
        if not stat.S_ISREG(status.st_mode):  # reading a pipe would wait for ever
            raise NotebookError(f"{location}: is no ordinary file; give the path of one notebook")
        size = status.st_size
        if size > MAX_BYTES:
            raise NotebookError(
                f"{location}: is {size / 2**20:.0f} MB, more than {MAX_BYTES // 2**20} MB; "
                f"clear the outputs (jupyter nbconvert --clear-output --inplace) and try again"
            )
        text = location.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if location.is_symlink():
            told = location.readlink()
            raise NotebookError(f"{location}: is a link to {told}, which is not there") from None
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
    cells, findings = _with_files(location, cells, findings)
    cells, told = without_commented_secrets(cells)
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
        findings=(*findings, *told, *role_findings(cells)),
        options=document.options,
    )


def _with_files(
    location: Path, cells: list[Cell], findings: list[Finding]
) -> tuple[list[Cell], list[Finding]]:
    """Put what the notebook imports from beside it, or runs, in front of its own cells."""
    own = [cell for cell in cells if cell.kind == "code"]
    run = _run_files(location.parent, own)
    texts = [text for _, text in run.values()]
    numbers = [*([1] * len(texts)), *(cell.number for cell in own)]
    found = gather(location.parent, [*texts, *(cell.code for cell in own)], numbers)
    files = [*found.files.items(), *zip(run_names(run), found.codes[: len(texts)], strict=True)]
    if not files and not found.findings:
        return cells, findings
    codes = {cell.number: code for cell, code in zip(own, found.codes[len(texts) :], strict=True)}
    first = [
        Cell(place - len(files), "code", f"# {name}\n{text}", f"# {name}\n{text}")
        for place, (name, text) in enumerate(files)
    ]
    rest = [replace(cell, code=codes.get(cell.number, cell.code)) for cell in cells]
    told = [f for f in findings if not (f.code == "W-RUN" and f.origin and f.origin.cell in run)]
    return [*first, *rest], [*told, *found.findings]


def run_names(run: dict[int, tuple[str, str]]) -> list[str]:
    """Return the names of the files that cells run."""
    return [name for name, _ in run.values()]


def _run_files(folder: Path, cells: list[Cell]) -> dict[int, tuple[str, str]]:
    """Return name and code of the files that ``%run`` brings in, by cell.

    Only where nothing but imports stands before: what such a file finds is then the same in front.
    """
    found: dict[int, tuple[str, str]] = {}
    for cell in cells:
        for line in cell.source.split("\n"):
            wanted = RUN.match(line)
            path = folder / wanted["file"] if wanted else None
            if path is not None and not path.suffix:
                path = path.with_suffix(".py")
            if path is None or not path.is_file() or cell.number in found:
                continue
            if path.suffix == ".ipynb":
                text = "\n\n".join(c.code for c in read(path).code_cells)
            else:
                text = _text(path)
            found[cell.number] = (path.name, text)
        tree = ast.parse(cell.code)
        if any(not isinstance(n, (ast.Import, ast.ImportFrom, ast.Pass)) for n in tree.body):
            break
    return found


def read_together(paths: Sequence[Path]) -> Notebook:
    """Read several notebooks of one folder as one: the first one loads, the last one trains.

    Cells are counted on from one notebook to the next.

    Raises:
        NotebookError: one of them cannot be read, or they stand in several folders.
    """
    parts = [read(path) for path in paths]
    if len(parts) == 1:
        return parts[0]
    if len({Path(path).resolve().parent for path in paths}) > 1:
        raise NotebookError(
            "the notebooks of one project read and write the same files: put them into one folder"
        )
    cells: list[Cell] = []
    findings: list[Finding] = []
    ahead = sum(sum(cell.number < 0 for cell in part.cells) for part in parts)
    for part in parts:
        shift = max((cell.number for cell in cells), default=0)
        for cell in part.cells:
            if cell.number < 0:
                cells.append(replace(cell, number=-ahead))
                ahead -= 1
            else:
                cells.append(replace(cell, number=cell.number + shift))
        findings += [
            replace(f, origin=Origin(f.origin.cell + shift, f.origin.line)) if f.origin else f
            for f in part.findings
        ]
    cells.sort(key=lambda cell: cell.number)
    first = parts[0]
    return replace(
        first,
        cells=tuple(cells),
        findings=tuple(findings),
        requirements=tuple(dict.fromkeys(r for part in parts for r in part.requirements)),
        content_hash=content_hash(cells),
        options={k: v for part in parts for k, v in part.options.items()},
        then=tuple(part.path for part in parts[1:]),
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


__all__ = ["MAX_BYTES", "read", "read_together"]
