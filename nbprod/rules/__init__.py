"""The meaning of every finding: one Markdown file a code, shown by ``explain`` and on the docs site."""

from __future__ import annotations

import difflib
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
    return tuple(_read(f"{code}.md") for code in codes())


def codes() -> tuple[str, ...]:
    """Return the codes of all rules, in the same order, without reading their pages."""
    names = [entry.name for entry in files(__name__).iterdir() if entry.name.endswith(".md")]
    ordered = sorted(names, key=lambda name: ("EWI".index(name[0]), name))
    return tuple(name.removesuffix(".md") for name in ordered)


def rule(code: str) -> Rule | None:
    """Return one rule, None when there is no such code."""
    return _read(f"{code.upper()}.md") if code.upper() in codes() else None


def hint(code: str) -> str:
    """Return what may have been meant: the codes that begin like this one, else the one most like it."""
    known, code = codes(), code.upper()
    begin = [one for one in known if one.startswith(code)]
    if begin:
        return f"there are {', '.join(begin)}" if len(begin) > 1 else f"did you mean {begin[0]}?"
    # a beginning of the code counts as the whole: w-leek is close to W-LEAK-SPLIT
    shortened = {one[: len(code)]: one for one in reversed(known)}
    close = difflib.get_close_matches(code, [*shortened, *known], n=1, cutoff=0.6)
    if not close:
        return "`nbprod rules` lists all"
    return f"did you mean {shortened.get(close[0], close[0])}?"


def _read(name: str) -> Rule:
    text = files(__name__).joinpath(name).read_text("utf-8")
    heading = text.split("\n", 1)[0].removeprefix("# ")
    code, _, title = heading.partition(": ")
    return Rule(code, title, text)


__all__ = ["Rule", "codes", "hint", "rule", "rules"]
