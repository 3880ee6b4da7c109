"""Names of generated functions: what the heading says is done, else what the statements make."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from nbprod.flow.tree import all_statements, walk
from nbprod.split.naming import snake

NUMBERING = re.compile(
    r"^\W*(?:(?:step|part|section|chapter|task|phase|question)\W+)?(?:[\d.]*\d|[IVX]+(?=[.):])|[A-Za-z](?=[.):]))(?![a-z])\W*",
    re.IGNORECASE,
)
VERBS = frozenset(
    """add aggregate apply bin build calculate change clean collect combine compare compute convert correct
    count create derive detect drop encode engineer extract fill filter find fix flag format generate group
    handle impute join keep make map mark measure merge normalise normalize parse pick pivot prepare preprocess
    process reduce remove rename replace rescale reshape scale select separate simplify split standardise
    standardize tidy tokenize transform trim vectorize weigh""".split()
)
LONGEST = 32  # characters
MOST = 3  # columns that are named one by one


SPLITS = frozenset(
    {"train_test_split", "StratifiedShuffleSplit", "ShuffleSplit", "GroupShuffleSplit"}
)
LEARNERS = {  # by the end of a class: what it does to what
    "Scaler": ("scale", "features"),
    "Normalizer": ("scale", "features"),
    "DictVectorizer": ("encode", "categories"),
    "Vectorizer": ("vectorize", "texts"),
    "TfidfTransformer": ("vectorize", "texts"),
    "Encoder": ("encode", "categories"),
    "Binarizer": ("encode", "categories"),
    "Imputer": ("fill", "gaps"),
    "PCA": ("reduce", "dimensions"),
    "SVD": ("reduce", "dimensions"),
    "PolynomialFeatures": ("add", "polynomials"),
    "PowerTransformer": ("transform", "features"),
    "Tokenizer": ("tokenize", "texts"),
    "Discretizer": ("bin", "values"),
}
DOES = {  # by a call, where no column is named
    "fillna": ("fill", "gaps"),
    "merge": ("join", "tables"),
    "concat": ("combine", "tables"),
    "to_datetime": ("convert", "types"),
    "to_numeric": ("convert", "types"),
    "astype": ("convert", "types"),
    "rename": ("rename", "columns"),
    "drop": ("select", "features"),
    "dropna": ("drop", "incomplete rows"),
    "drop_duplicates": ("drop", "duplicates"),
    "replace": ("replace", "values"),
    "transform": ("transform", "features"),
    "to_dict": ("list", "records"),
}
# What a column gets, by the calls of the statement that sets it.
SETS = {
    "fillna": "fill", "transform": "encode", "map": "encode", "LabelEncoder": "encode", "factorize": "encode",
    "to_datetime": "convert", "to_numeric": "convert", "astype": "convert", "cut": "bin", "qcut": "bin",
}  # fmt: skip


def function_names(title: str, body: list[ast.stmt], outputs: list[str]) -> list[str]:
    """Return names for the function of a heading ``title`` with these statements and results, best first."""
    words = heading_words(title)
    made = _from_statements(body, outputs)
    if words and _says_what_is_done(words):
        return ["_".join(words), made]
    other = (
        "_".join([made.split("_")[0], *words])
        if words
        else f"{made}_of_{snake(outputs[0])}" if outputs else made
    )
    return [made, other[:40].rstrip("_")]


def _from_statements(body: list[ast.stmt], outputs: list[str]) -> str:
    action = _action(body)
    if len(action.made) == 2 and len(set(action.made.values())) == 2:
        both = "_and_".join(f"{verb}_{snake(name)}" for name, verb in action.made.items())
        if len(both) <= LONGEST:
            return both
    columns = list(dict.fromkeys(map(snake, action.columns)))
    if columns:
        return f"{action.verb}_{'_and_'.join(columns[:2])}"[:40].rstrip("_")
    if action.verb != "prepare":
        return snake(f"{action.verb} {action.what}")
    return f"prepare_{snake(outputs[0])}" if outputs else "prepare"


def what_is_done(body: list[ast.stmt]) -> str:
    """Return what statements do in words, with the columns as the notebook spells them: ``Fill Age and Fare``."""
    action = _action(body)
    columns = action.columns
    if not columns:
        return f"{action.verb.capitalize()} the {action.what}"
    if len(action.made) <= MOST:
        verbs = dict.fromkeys(action.made.values())
        said = [f"{v} {listed([n for n, w in action.made.items() if w == v])}" for v in verbs]
        text = listed(said)
        return text[:1].upper() + text[1:]
    if len(columns) > MOST:
        return f"{action.verb.capitalize()} {', '.join(columns[:2])} and {len(columns) - 2} more columns"
    return f"{action.verb.capitalize()} {listed(columns)}"


def listed(names: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def says_what_is_done(title: str) -> bool:
    """Say whether a heading names an action, such as ``Fill the gaps`` or ``Feature engineering``."""
    words = snake(NUMBERING.sub("", title, count=1)).split("_")
    return words != [""] and _says_what_is_done(words)


class _Action(NamedTuple):
    verb: str
    what: str
    columns: list[str]
    made: dict[str, str] = {}  # noqa: RUF012


def _action(body: list[ast.stmt]) -> _Action:
    parts = [part for statement in body for part in walk(statement)]
    calls = _calls(parts)
    if calls & SPLITS:
        return _Action("split", "rows", [])
    if "get_dummies" in calls:
        return _Action("encode", "categories", [])
    made = _made(body)
    if made:
        verbs = Counter(made.values())
        verb = max(verbs, key=lambda v: verbs[v])
        return _Action(verb, "columns", [name for name, v in made.items() if v == verb], made)
    for ending, (verb, what) in LEARNERS.items():
        if any(call.endswith(ending) for call in calls):
            return _Action(verb, what, [])
    for call, (verb, what) in DOES.items():
        if call in calls:
            return _Action(verb, what, [])
    return _Action("prepare", "rows", [])


def _calls(parts: list[ast.AST]) -> set[str]:
    calls = {n.attr for n in parts if isinstance(n, ast.Attribute)}
    return calls | {n.id for n in parts if isinstance(n, ast.Name)}


def heading_words(title: str) -> list[str]:
    """Return the words of a heading without its number; none when it is too long for a name."""
    words = snake(NUMBERING.sub("", title, count=1)).split("_")
    fits = len("_".join(words)) <= LONGEST and len(words) <= 5
    return words if fits and words != [""] else []


def _says_what_is_done(words: list[str]) -> bool:
    return words[0] in VERBS or any(word.endswith("ing") and len(word) > 5 for word in words)


def _made(body: list[ast.stmt]) -> dict[str, str]:
    """Return the columns that are assigned, in the order of the statements, with what happens to them."""
    made: dict[str, str] = {}
    for statement in all_statements(body):
        if not isinstance(statement, (ast.Assign, ast.AugAssign)):
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        names = [name for target in targets if (name := _column(target)) and snake(name)]
        if not names:
            continue
        parts = list(walk(statement.value))
        calls = _calls(parts)
        read = {p.value for p in parts if isinstance(p, ast.Constant)} | calls
        for name in names:
            verb = next((v for call, v in SETS.items() if call in calls), "clean")
            known = name in read or verb in ("encode", "bin")
            made.setdefault(name, verb if known else "add")
    return made


def _column(target: ast.expr) -> str:
    """Return the column that ``df["a"] = ...``, ``df.loc[rows, "a"] = ...`` or ``df.a = ...`` sets."""
    if isinstance(target, ast.Subscript):
        key = target.slice.elts[-1] if isinstance(target.slice, ast.Tuple) else target.slice
        return str(key.value) if isinstance(key, ast.Constant) else ""
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        own = target.value.id == "state" or target.attr in ("columns", "index", "name")
        return "" if own else target.attr
    return ""
