"""The values that the build stage hands to rendering: source text and the facts templates print.

Everything notebook-specific in a generated package is here; everything else is a template.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from nbprod.findings import Finding, Origin
from nbprod.split.learned_values import LearnSite, StateField

Task = Literal["classification", "regression", "clustering", "ranking", "unknown"]


@dataclass(frozen=True)
class Setting:
    """A path, address or parameter of the notebook that becomes a setting of ``config.py``."""

    name: str  # UPPER_CASE
    value: str  # Python literal source
    kind: Literal["path", "url", "secret", "parameter", "constant"]
    comment: str = ""
    origin: Origin | None = None


@dataclass(frozen=True)
class Statement:
    """One statement of the notebook and the role it ended with (exactly one each)."""

    cell: int
    line: int
    role: str  # serve | learn | fit | load | target | model | evaluate | display | import | unused | refused
    reason: str


@dataclass(frozen=True)
class Modules:
    """A whole package, as source text and facts. ``files`` maps module file name to source text.

    ``files`` always holds ``data.py``, ``features.py``, ``model.py`` and ``answers.py``.
    """

    package: str
    title: str
    files: dict[str, str]
    state: tuple[StateField, ...]
    settings: tuple[Setting, ...]
    task: Task
    model_class: str  # e.g. "sklearn.ensemble.RandomForestClassifier"
    target: str  # name of the label column, "" when unknown
    imports: tuple[str, ...]  # distributions' import names the package needs at run time
    train_only_imports: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    sites: tuple[LearnSite, ...] = ()
    assumptions: tuple[dict[str, Any], ...] = ()
    findings: tuple[Finding, ...] = ()
    sink: dict[str, Any] = field(default_factory=dict)
    data_files: tuple[str, ...] = ()  # relative paths the notebook reads, as written there
    cell_map: dict[str, str] = field(default_factory=dict)  # "cell 7" -> "features.py:group_titles"
    notebook_hash: str = ""
    requirements: tuple[str, ...] = ()
    fit_scope: str = "notebook"  # or "train": learned from the training part of the split alone
    fit_model: str = ""  # the model that was asked for by name
    final_fit: bool = False  # the notebook only cross-validates; the fit on all rows is nbprod's
    kernel: dict[str, Any] = field(
        default_factory=dict
    )  # lowered, or the reason with cell and line
    request: str = ""  # how the function of a predict cell takes a request, "" without one
