"""Names of generated functions: what the heading says is done, else what the statements make."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from nbprod.flow.tree import walk
from nbprod.split.naming import snake

NUMBERING = re.compile(
    r"^\W*(?:(?:step|part|section|chapter|task|phase|question)\W+)?(?:[\d.]*\d|[IVX]+(?=[.):])|[A-Za-z](?=[.):]))(?![a-z])\W*",
    re.IGNORECASE,
)
VERBS = frozenset(
    """add aggregate apply bin build calculate change clean combine compute convert correct create derive
    detect drop encode engineer extract fill filter fix format generate handle impute join make map merge
    normalise normalize parse prepare preprocess process reduce remove rename replace rescale reshape scale
    select separate simplify split standardise standardize tokenize transform vectorize""".split()
)
LONGEST = 32  # characters


def function_name(title: str, body: list[ast.stmt], outputs: list[str]) -> str:
    """Return a name for the function of a heading ``title`` with these statements and results."""
    words = heading_words(title)
    if words and _says_what_is_done(words):
        return "_".join(words)
    action = _action(body)
    columns = [name for name in dict.fromkeys(snake(m) for m in action.columns) if name]
    if columns:
        return f"{action.verb}_{'_and_'.join(columns[:2])}"[:40].rstrip("_")
    if action.verb != "prepare":
        return f"{action.verb}_{action.what}"
    return f"prepare_{snake(outputs[0])}" if outputs else "prepare"


def what_is_done(body: list[ast.stmt]) -> str:
    """Return what statements do in words, with the columns as the notebook spells them: ``Fill Age and Fare``."""
    action = _action(body)
    columns = [name for name in dict.fromkeys(action.columns) if snake(name)]
    if not columns:
        return f"{action.verb.capitalize()} the {action.what}"
    if len(columns) > 3:
        return f"{action.verb.capitalize()} {', '.join(columns[:2])} and {len(columns) - 2} more columns"
    listed = [", ".join(columns[:-1]), columns[-1]] if columns[1:] else columns
    return f"{action.verb.capitalize()} {' and '.join(listed)}"


class _Action(NamedTuple):
    verb: str
    what: str
    columns: list[str]


def _action(body: list[ast.stmt]) -> _Action:
    parts = [part for statement in body for part in walk(statement)]
    calls = {n.attr for n in parts if isinstance(n, ast.Attribute)}
    calls |= {n.id for n in parts if isinstance(n, ast.Name)}
    if "train_test_split" in calls:
        return _Action("split", "rows", [])
    if "get_dummies" in calls:
        return _Action("encode", "categories", [])
    made = _made(parts)
    if any(map(snake, made)):
        verb = (
            "fill"
            if "fillna" in calls
            else "encode" if calls & {"transform", "map", "LabelEncoder"} else "add"
        )
        return _Action(verb, "columns", made)
    if "transform" in calls:
        return _Action("transform", "features", [])
    if "drop" in calls:
        return _Action("select", "features", [])
    return _Action("prepare", "rows", [])


def heading_words(title: str) -> list[str]:
    """Return the words of a heading without its number; none when it is too long for a name."""
    words = snake(NUMBERING.sub("", title, count=1)).split("_")
    fits = len("_".join(words)) <= LONGEST and len(words) <= 5
    return words if fits and words != [""] else []


def _says_what_is_done(words: list[str]) -> bool:
    return words[0] in VERBS or any(word.endswith("ing") and len(word) > 5 for word in words)


def _made(parts: list[ast.AST]) -> list[str]:
    """Return the columns that are assigned, in the order of the statements."""
    made: list[str] = []
    for part in parts:
        if not isinstance(part, (ast.Subscript, ast.Attribute)):
            continue
        if not isinstance(part.ctx, ast.Store):
            continue
        if isinstance(part, ast.Subscript):
            if isinstance(part.slice, ast.Constant):
                made.append(str(part.slice.value))
        elif isinstance(part.value, ast.Name) and part.value.id != "state":
            made.append(part.attr)
    return made
