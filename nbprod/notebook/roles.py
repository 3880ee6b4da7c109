"""The role a person gave a cell: by a tag, a ``# nbprod:`` comment, or the habits of another tool.

papermill: https://papermill.readthedocs.io, Kale: https://docs.kubeflow.org/kale (cell types),
nbdev: https://nbdev.fast.ai/explanations/directives.html, Quarto: https://quarto.org/docs/computations.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, cast

from nbprod.findings import Finding, Origin
from nbprod.notebook.values import Cell

Role = Literal[
    "load", "preprocessing", "training", "evaluate", "predict", "parameters", "skip", "keep"
]

_WORDS: dict[str, Role] = {
    "load": "load",
    "preprocessing": "preprocessing",
    "preprocess": "preprocessing",
    "features": "preprocessing",
    "training": "training",
    "train": "training",
    "evaluate": "evaluate",
    "evaluation": "evaluate",
    "predict": "predict",
    "parameters": "parameters",
    "skip": "skip",
    "keep": "keep",
}
_FOREIGN: dict[str, tuple[Role, str]] = {
    "injected-parameters": ("parameters", "papermill"),
    "pipeline-parameters": ("parameters", "Kale"),
    "pipeline-metrics": ("evaluate", "Kale"),
    "imports": ("keep", "Kale"),
    "functions": ("keep", "Kale"),
    "skip-execution": ("skip", "nbclient"),
    "raises-exception": ("skip", "nbclient"),
}
# A Kale step has a free name; these beginnings say what it does.
_STEPS: tuple[tuple[str, Role], ...] = (
    ("load", "load"),
    ("preproc", "preprocessing"),
    ("feature", "preprocessing"),
    ("clean", "preprocessing"),
    ("train", "training"),
    ("fit", "training"),
    ("eval", "evaluate"),
)
_COMMENT = re.compile(r"^\s*#\s*nbprod:\s*(?P<word>[A-Za-z][\w=.-]*)\s*$")
_DIRECTIVE = re.compile(r"^\s*#\|\s*(?P<name>[\w-]+)\s*:?\s*(?P<value>.*?)\s*$")
# Said about one statement; the analysis reads these.
STATEMENT_WORDS = ("rowwise", "fit-only", "learn", "drop")


@dataclass(frozen=True)
class Declared:
    """The role of a cell, where it was said, and how much that counts (higher wins)."""

    role: Role
    reason: str
    weight: int
    line: int = 1


def declared(cell: Cell) -> Declared | None:
    """Return the role that a person gave a cell, None when nobody did.

    An ``nbprod:`` tag counts more than a ``# nbprod:`` comment, that more than a bare tag, and that
    more than the vocabulary of another tool.
    """
    return max(_all(cell), key=lambda said: said.weight, default=None)


def role_findings(cells: Iterable[Cell]) -> Iterator[Finding]:
    """Yield a finding for each contradiction and each ``nbprod:`` word that nbprod does not know."""
    for cell in cells:
        if cell.kind != "code":
            continue
        said = list(_all(cell))
        if len({one.role for one in said}) > 1:
            chosen = max(said, key=lambda one: one.weight)
            listed = ", ".join(sorted({f"{one.role} ({one.reason})" for one in said}))
            yield Finding(
                "W-ROLE-CONFLICT",
                f"the cell has several roles: {listed}; it is read as {chosen.role}",
                Origin(cell.number, chosen.line),
                advice="leave one of them",
            )
        yield from _unknown(cell)


def _all(cell: Cell) -> Iterator[Declared]:
    for tag in cell.tags:
        own = tag.removeprefix("nbprod:") if tag.startswith("nbprod:") else ""
        if own in _WORDS:
            yield Declared(_WORDS[own], f"tag {tag}", 4)
        elif tag in _WORDS:
            yield Declared(_WORDS[tag], f"tag {tag}", 2)
        elif tag in _FOREIGN:
            role, tool = _FOREIGN[tag]
            yield Declared(role, f"{tool} tag {tag}", 1)
        elif tag.startswith(("step:", "block:")):
            yield from _step(tag)
    for number, line in enumerate(cell.source.split("\n"), start=1):
        comment = _COMMENT.match(line)
        if comment and comment["word"] in _WORDS:
            yield Declared(_WORDS[comment["word"]], line.strip(), 3, number)
        elif directive := _DIRECTIVE.match(line):
            yield from _directive(directive["name"], directive["value"], number)


def _step(tag: str) -> Iterator[Declared]:
    name = tag.partition(":")[2].lower()
    for beginning, role in _STEPS:
        if name.startswith(beginning):
            yield Declared(role, f"Kale tag {tag}", 1)
            return


def _directive(name: str, value: str, line: int) -> Iterator[Declared]:
    """Read one ``#|`` line of nbdev or Quarto; ``hide``, ``echo`` and the like are presentation only."""
    if name in {"export", "exports", "exporti"}:
        yield Declared("keep", f"nbdev #| {name}", 1, line)
    elif name == "eval" and value.lower() == "false":
        yield Declared("skip", "#| eval: false", 1, line)
    elif name == "tags":
        for word in re.findall(r"[\w-]+", value):
            if word in _WORDS:
                yield Declared(_WORDS[word], f"Quarto tag {word}", 1, line)


def _unknown(cell: Cell) -> Iterator[Finding]:
    for tag in cell.tags:
        if tag.startswith("nbprod:") and tag.removeprefix("nbprod:") not in _WORDS:
            yield _unknown_word(tag.removeprefix("nbprod:"), f"tag {tag}", Origin(cell.number, 1))
    for number, line in enumerate(cell.source.split("\n"), start=1):
        comment = _COMMENT.match(line)
        if comment:
            word = cast("str", comment["word"])
            if word not in _WORDS and word not in STATEMENT_WORDS and "=" not in word:
                yield _unknown_word(word, line.strip(), Origin(cell.number, number))


def _unknown_word(word: str, said: str, origin: Origin) -> Finding:
    known = [*_WORDS, *STATEMENT_WORDS]
    close = difflib.get_close_matches(word.lower(), known, n=1)
    advice = f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(known))}"
    return Finding("W-ROLE-UNKNOWN", f"{said!r} is no role", origin, advice=advice)


__all__ = ["STATEMENT_WORDS", "Declared", "Role", "declared", "role_findings"]
