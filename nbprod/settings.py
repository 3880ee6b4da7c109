"""Settings of one run: flags > environment > notebook metadata > ``[tool.nbprod]`` > default.

Flags and ``NBPROD_*`` variables arrive through click; this module adds what files say.
"""

from __future__ import annotations

import difflib
import fnmatch
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from nbprod.findings import Finding, NotebookError, Severity
from nbprod.project_names import folder_below


@dataclass(frozen=True)
class Settings:
    """What a person can choose. ``output`` is the folder of the project itself.

    ``keep_rows`` says whether ``verify`` may leave rows of the notebook's data with the project's tests,
    ``fit_scope`` from which rows is learned: those that the notebook learned from, or the training part of its split.
    """

    output: Path | None = None
    name: str | None = None
    model: str | None = None
    targets: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    strict: bool = False
    keep_rows: bool = True
    fit_scope: str = "notebook"

    def reports(self, finding: Finding) -> bool:
        """Whether a finding is to be shown; an error always is."""
        if finding.severity is Severity.ERROR:
            return True
        if self.select and not finding.code.startswith(self.select):
            return False
        return not (self.ignore and finding.code.startswith(self.ignore))

    def fails(self, finding: Finding) -> bool:
        """Whether a finding makes ``check`` fail: errors, and warnings too when ``strict``."""
        return finding.severity is Severity.ERROR or (
            self.strict and finding.severity is Severity.WARNING
        )

    def excludes(self, notebook: Path) -> bool:
        """Whether a pattern of ``exclude`` matches the notebook's path or name."""
        path = notebook.as_posix()
        return any(
            fnmatch.fnmatch(path, pattern) or fnmatch.fnmatch(notebook.name, pattern)
            for pattern in self.exclude
        )


_STRINGS = {"output", "name", "model", "fit_scope"}
_LISTS = {"targets", "select", "ignore", "exclude"}
_SWITCHES = {"strict", "keep_rows"}
_PER_NOTEBOOK = {"output", "name", "model", "targets", "ignore", "keep_rows", "fit_scope"}
FIT_SCOPES = ("notebook", "train")


def load(notebook: Path, flags: Settings, options: Mapping[str, Any] | None = None) -> Settings:
    """Complete what was said on the command line by what files say.

    Args:
        notebook: the notebook's path; the nearest ``pyproject.toml`` above it counts.
        flags: from the command line and the environment.
        options: ``metadata.nbprod`` of the notebook.

    Raises:
        NotebookError: an unknown key or code, or a value of the wrong type, with a suggestion.
    """
    pyproject = _nearest(notebook)
    said = _table(pyproject) if pyproject else {}
    special = said.pop("notebooks", {})
    if not isinstance(special, dict):
        raise NotebookError(f"{pyproject}: [tool.nbprod.notebooks] must be a table")
    layers = [_checked(said, str(pyproject), {f.name for f in fields(Settings)})]
    parent = layers[0].pop("output", None)
    if pyproject is not None and parent is not None:
        layers[0]["output"] = folder_below(pyproject.parent / parent, notebook)
    for pattern, table in special.items():
        if pyproject and notebook.resolve().match(pattern):
            where = f'{pyproject} [tool.nbprod.notebooks."{pattern}"]'
            layers.append(_checked(table, where, _PER_NOTEBOOK, pyproject.parent))
    layers.append(_said_in(notebook, options or {}))
    merged = Settings()
    for layer in layers:
        merged = replace(merged, **layer)
    chosen = {
        f.name: getattr(flags, f.name)
        for f in fields(Settings)
        if getattr(flags, f.name) != f.default
    }
    merged = replace(merged, **chosen)
    _know(merged.select, "select")
    _know(merged.ignore, "ignore")
    if merged.fit_scope not in FIT_SCOPES:
        raise NotebookError(f"fit-scope: {merged.fit_scope!r} is none of {', '.join(FIT_SCOPES)}")
    return merged


def _know(codes: tuple[str, ...], setting: str) -> None:
    """Complain about the beginning of a code that no finding has: it would never do anything."""
    if not codes:
        return
    from nbprod import rules

    for code in codes:
        if not any(known.startswith(code) for known in rules.codes()):
            raise NotebookError(f"{setting}: no finding begins with {code!r}; {rules.hint(code)}")


def _said_in(notebook: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return a notebook's own settings; a notebook from somewhere may only write beside itself."""
    where = f"{notebook} metadata.nbprod"
    checked = _checked(options, where, _PER_NOTEBOOK, notebook.parent)
    output = checked.get("output")
    if output is not None and not output.resolve().is_relative_to(notebook.parent.resolve()):
        raise NotebookError(
            f"{where}: output must lie in the notebook's folder; "
            f"say another one with -o or in pyproject.toml"
        )
    return checked


def _nearest(notebook: Path) -> Path | None:
    for folder in notebook.resolve().parents:
        if (folder / "pyproject.toml").is_file():
            return folder / "pyproject.toml"
        if (folder / ".git").exists():
            return None
    return None


def _table(pyproject: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(pyproject.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NotebookError(f"{pyproject}: cannot be read ({error}); correct it") from None
    table = content.get("tool", {}).get("nbprod", {})
    if not isinstance(table, dict):
        raise NotebookError(f"{pyproject}: [tool.nbprod] must be a table")
    return dict(table)


def _checked(
    table: Mapping[str, Any], where: str, known: set[str], folder: Path | None = None
) -> dict[str, Any]:
    """Return the table as arguments of ``Settings``."""
    if not isinstance(table, Mapping):
        raise NotebookError(f"{where}: must be a table of settings")
    checked: dict[str, Any] = {}
    for key, value in table.items():
        field = key.replace("-", "_")
        if field not in known:
            close = difflib.get_close_matches(field, known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(known))}"
            raise NotebookError(f"{where}: unknown key {key!r}; {hint}")
        if field in _STRINGS and isinstance(value, str) and value:
            checked[field] = (folder or Path()) / value if field == "output" else value
        elif field in _LISTS and _is_strings(value):
            checked[field] = tuple(value)
        elif field in _SWITCHES and isinstance(value, bool):
            checked[field] = value
        else:
            kind = "a list of strings" if field in _LISTS else "true or false"
            kind = "a string" if field in _STRINGS else kind
            raise NotebookError(f"{where}: {key} must be {kind}")
    return checked


def _is_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


__all__ = ["Settings", "load"]
