"""The pipeline on one screen: read, build, render, write; each stage is imported when it is needed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nbprod.collecting import rarely_collected
from nbprod.findings import Finding, NotebookError, errors
from nbprod.project_names import package_name, project_folder
from nbprod.result import Result
from nbprod.settings import Settings, load

if TYPE_CHECKING:
    from nbprod.modules import Modules
    from nbprod.notebook import Notebook
    from nbprod.render import Environment

# A column that is changed in place: what that does depends on the version of pandas.
_IN_PLACE = re.compile(r"[\w\]]\.\w+\([^\n]*inplace\s*=\s*True")
_SERVED = frozenset({"serve", "learn", "fit", "load", "target", "model", "refused"})


@dataclass(frozen=True)
class Analysed:
    """A notebook and its package as source text; nothing is written yet."""

    notebook: Notebook
    modules: Modules
    findings: tuple[Finding, ...]
    settings: Settings
    target: Path

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """The findings that keep the package from being written."""
        return errors(self.findings)


@rarely_collected()
def convert(
    path: str | Path,
    output: str | Path | None = None,
    *,
    then: Sequence[str | Path] = (),
    name: str | None = None,
    model: str | None = None,
    targets: Sequence[str] = (),
    force: bool = False,
    python: str | None = None,
    fit_scope: str = "notebook",
) -> Result:
    """Convert a notebook; the notebook is neither executed nor changed.

    Args:
        path: an ``.ipynb`` or a percent ``.py`` file.
        then: the notebooks that go on where it ends, in the same folder, for one project of them all.
        output: the project's folder; by default one beside the notebook.
        name: the project's name; by default the notebook's, or its folder's where that says more.
        model: the variable that holds the model to serve, when the notebook fits several.
        targets: deployment targets to generate.
        force: replace hand edits, and write into folders that nbprod did not write.
        python: the interpreter of the notebook's environment, whose versions are pinned; by default
            that of the kernel that the notebook names, an earlier conversion's, or this one.
        fit_scope: ``train`` learns from the training part of the notebook's split alone.

    Raises:
        NotebookError: the notebook cannot be read or has nothing to serve, or the folder cannot be
            written. The message is one line.
    """
    folder = Path(output) if output else None
    flags = Settings(folder, name, model, tuple(targets), fit_scope=fit_scope)
    following = [Path(p) for p in then]
    analysed = analyse(Path(path), flags, python, following)
    return write_project(analysed, force=force, python=python)


@rarely_collected()
def analyse(
    path: Path,
    flags: Settings | None = None,
    python: str | None = None,
    then: Sequence[Path] = (),
    *,
    printed: bool = True,
) -> Analysed:
    """Read a notebook and build its modules; nothing is executed and nothing is written.

    ``python`` is as for ``convert``: some statements mean something else in another version of pandas.
    ``then`` are the notebooks that go on where this one ends, with the files that it wrote.
    ``printed`` says that somebody will see the modules: else they are not in the notebook's own words (libcst
    is not imported then), and nothing is lowered; findings and roles are the same.

    Raises:
        NotebookError: the notebook cannot be read or has nothing to serve.
    """
    from nbprod.notebook import read_together
    from nbprod.notebook.broken_cells import judge
    from nbprod.notebook.declared import declared
    from nbprod.notebook.order import out_of_order
    from nbprod.notebook.secret_values import secrets_in
    from nbprod.notebook.withdrawn import withdrawn
    from nbprod.tags import contradictions

    notebook = read_together([path, *then])
    beside = tuple(entry.requirement for entry in declared(path.parent))
    asked = tuple(dict.fromkeys((*notebook.requirements, *beside)))
    notebook = replace(notebook, requirements=asked)
    settings = load(path, flags or Settings(), notebook.options)
    if printed or _IN_PLACE.search("\n".join(cell.code for cell in notebook.code_cells)):
        from nbprod.pins import pandas_of  # asks for what is installed, which `check` seldom needs

        version = pandas_of(project_folder(path, settings), python, notebook.kernel)
        notebook = replace(notebook, pandas=version)
    if settings.targets:
        from nbprod.targets import targets_for

        targets_for(settings.targets)  # complains about an unknown name before any work is done
    try:
        notebook, modules = _modules(notebook, settings, printed)
    except NotebookError:
        _blame_syntax(notebook)
        raise
    served = [(s.cell, s.line) for s in modules.statements if s.role in _SERVED]
    against = contradictions(notebook, modules.statements)
    found = tuple(
        dict.fromkeys(
            (
                *notebook.findings,
                *modules.findings,
                *against,
                *secrets_in(notebook),
                *withdrawn(notebook),
            )
        )
    )
    findings = tuple(f for f in judge(found, notebook, served) if settings.reports(f))
    for finding in findings:
        if finding.code == "E-SYNTAX":
            raise NotebookError(f"{finding.message}; {finding.advice}", finding.origin)
    scope, asked_for = settings.fit_scope, settings.model or ""
    modules = replace(modules, findings=findings, fit_scope=scope, fit_model=asked_for)
    saved = tuple(f for f in out_of_order(notebook) if settings.reports(f))
    return Analysed(
        notebook, modules, (*findings, *saved), settings, project_folder(path, settings)
    )


def _modules(notebook: Notebook, settings: Settings, printed: bool) -> tuple[Notebook, Modules]:
    """Build the modules of a notebook, with the fit that it left out when it only cross-validates."""
    try:
        scoped = _scoped(notebook, settings)
        return scoped, _build(scoped, settings, printed)
    except NotebookError as error:
        if not error.message.startswith("E-NOSINK"):
            raise
        from nbprod.modules.final_fit import with_final_fit

        fitted = with_final_fit(notebook, settings.model)
        if fitted is None:
            raise
    scoped = _scoped(fitted, settings)
    return scoped, replace(_build(scoped, settings, printed), final_fit=True)


def _scoped(notebook: Notebook, settings: Settings) -> Notebook:
    if settings.fit_scope != "train":
        return notebook
    from nbprod.modules.fit_scope import training_scope

    return training_scope(notebook, settings.model)


def _blame_syntax(notebook: Notebook) -> None:
    """Name the cell that does not parse: without it, what is found missing may well be in it."""
    for finding in notebook.findings:
        if finding.code == "E-SYNTAX":
            raise NotebookError(f"{finding.message}; {finding.advice}", finding.origin) from None


def _build(notebook: Notebook, settings: Settings, printed: bool) -> Modules:
    """Build the modules for the model that was asked for by name, by tag, or for the one inferred."""
    from nbprod.modules import build
    from nbprod.tags import tagged_model

    package = package_name(Path(notebook.path), settings)
    folder = Path(notebook.path).parent
    modules = build(
        notebook,
        model=settings.model,
        package=package,
        notebooks_dir=folder,
        printed=printed,
    )
    tagged = None if settings.model else tagged_model(notebook, modules)
    if tagged is None:
        return modules
    return build(notebook, model=tagged, package=package, notebooks_dir=folder, printed=printed)


@rarely_collected()
def render_project(analysed: Analysed, python: str | None = None) -> Mapping[str, str]:
    """Return every file of the generated project as text, by path; ``python`` is as for ``convert``."""
    from nbprod.pins import environment_of

    kernel = analysed.notebook.kernel
    return _render(analysed, environment_of(analysed.modules, analysed.target, python, kernel))


def _render(analysed: Analysed, environment: Environment) -> Mapping[str, str]:
    from nbprod.render import render
    from nbprod.write.manifest import MANIFEST, manifest

    tree = render(
        analysed.modules,
        environment=environment,
        data_dir=_data_dir(analysed),
        targets=analysed.settings.targets,
    )
    return {**tree, MANIFEST: manifest(analysed.notebook, analysed.modules, environment)}


def _data_dir(analysed: Analysed) -> str:
    """Return the notebook's folder seen from the project, where its relative data paths start."""
    import os

    folder = Path(analysed.notebook.path).resolve().parent
    return Path(os.path.relpath(folder, analysed.target.resolve())).as_posix()


@rarely_collected()
def write_project(analysed: Analysed, *, force: bool = False, python: str | None = None) -> Result:
    """Render and write an analysed notebook, unless it is refused; ``python`` is as for ``convert``."""
    from nbprod.notebook.declared import declared, differences
    from nbprod.pins import environment_of, not_installed, yanked_pins
    from nbprod.write import write

    if analysed.refusals:
        return Result(analysed, None)
    kernel = analysed.notebook.kernel
    environment = environment_of(analysed.modules, analysed.target, python, kernel)
    beside = declared(Path(analysed.notebook.path).parent)
    told = (
        *not_installed(environment),
        *differences(beside, dict(environment.pins)),
        *yanked_pins(environment),
    )
    unknown = tuple(f for f in told if analysed.settings.reports(f))
    analysed = replace(analysed, findings=(*analysed.findings, *unknown))
    return Result(analysed, write(_render(analysed, environment), analysed.target, force=force))


__all__ = [
    "Analysed",
    "Result",
    "analyse",
    "convert",
    "render_project",
    "write_project",
]
