"""Names of generated functions: what the heading says is done, else what the statements make."""

from __future__ import annotations

import ast
import re

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
    parts = [part for statement in body for part in walk(statement)]
    calls = {n.attr for n in parts if isinstance(n, ast.Attribute)}
    calls |= {n.id for n in parts if isinstance(n, ast.Name)}
    columns = [name for name in dict.fromkeys(snake(m) for m in _made(parts)) if name]
    if "train_test_split" in calls:
        return "split_rows"
    if "get_dummies" in calls:
        return "encode_categories"
    if columns:
        verb = (
            "fill"
            if "fillna" in calls
            else "encode" if calls & {"transform", "map", "LabelEncoder"} else "add"
        )
        return f"{verb}_{'_and_'.join(columns[:2])}"[:40].rstrip("_")
    if "transform" in calls:
        return "transform_features"
    if calls & {"drop"}:
        return "select_features"
    return f"prepare_{snake(outputs[0])}" if outputs else "prepare"


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
