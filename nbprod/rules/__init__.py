"""The meaning of every finding: one Markdown file a code, shown by ``explain`` and on the docs site."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class Rule:
    """One code with its title and its page in Markdown."""

    code: str
    title: str
    text: str


def rules() -> tuple[Rule, ...]:
    """Return all rules: errors, then warnings, then notes, each in the order of the alphabet."""
    names = [entry.name for entry in files(__name__).iterdir() if entry.name.endswith(".md")]
    return tuple(
        _read(name) for name in sorted(names, key=lambda name: ("EWI".index(name[0]), name))
    )


def rule(code: str) -> Rule | None:
    """Return one rule, None when there is no such code."""
    names = {entry.name for entry in files(__name__).iterdir()}
    return _read(f"{code.upper()}.md") if f"{code.upper()}.md" in names else None


def _read(name: str) -> Rule:
    text = files(__name__).joinpath(name).read_text("utf-8")
    heading = text.split("\n", 1)[0].removeprefix("# ")
    code, _, title = heading.partition(": ")
    return Rule(code, title, text)


__all__ = ["Rule", "rule", "rules"]
