"""What a rewritten syntax tree has in another way than the tree it was made from."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

IGNORED = frozenset(["ctx", "kind", "type_comment"])


@dataclass(frozen=True)
class Edit:
    """An expression of the notebook that another one replaces; ``parent`` and ``field`` are its place."""

    old: ast.expr
    new: ast.expr
    parent: ast.AST
    field: str


@dataclass(frozen=True)
class Keywords:
    """Keyword arguments that a call of the notebook loses and gets."""

    call: ast.Call
    removed: frozenset[str]
    added: tuple[ast.keyword, ...]


@dataclass
class Differences:
    """Everything that differs between two trees of the same shape."""

    edits: list[Edit] = field(default_factory=list)
    keywords: list[Keywords] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.edits or self.keywords)


def differences(new: ast.AST, old: ast.AST) -> Differences | None:
    """Return what differs, as few and as small parts as possible; None when it is the shape itself."""
    found = Differences()
    return found if _compare(new, old, found) else None


def equal(one: ast.AST, two: ast.AST) -> bool:
    """Say whether two trees mean the same program text."""
    if type(one) is not type(two):
        return False
    for name in one._fields:
        if name in IGNORED:
            continue
        first, second = getattr(one, name, None), getattr(two, name, None)
        if isinstance(first, list) and isinstance(second, list):
            if len(first) != len(second):
                return False
            if not all(_same(a, b) for a, b in zip(first, second, strict=True)):
                return False
        elif not _same(first, second):
            return False
    return True


def _same(one: object, two: object) -> bool:
    if isinstance(one, ast.AST) and isinstance(two, ast.AST):
        return equal(one, two)
    return one is two or (type(one) is type(two) and repr(one) == repr(two))


def _compare(new: ast.AST, old: ast.AST, found: Differences) -> bool:
    if type(new) is not type(old):
        return False
    if isinstance(new, ast.JoinedStr):  # replaced as a whole, or not at all
        return equal(new, old)
    marks = len(found.edits), len(found.keywords)
    for name in new._fields:
        if name in IGNORED:
            continue
        first, second = getattr(new, name, None), getattr(old, name, None)
        if name == "keywords" and isinstance(new, ast.Call) and isinstance(old, ast.Call):
            matched = _match_keywords(new, old, found)
        else:
            matched = all(_field(a, b, old, name, found) for a, b in _pairs(first, second))
        if not matched:
            del found.edits[marks[0] :], found.keywords[marks[1] :]
            return False
    return True


def _pairs(first: object, second: object) -> Iterator[tuple[object, object]]:
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        yield from zip(first, second, strict=True)
    else:
        yield first, second


def _field(first: object, second: object, old: ast.AST, name: str, found: Differences) -> bool:
    if not (isinstance(first, ast.AST) and isinstance(second, ast.AST)):
        return _same(first, second)
    if _compare(first, second, found):
        return True
    if not (_replaceable(first) and _replaceable(second)):
        return False
    assert isinstance(first, ast.expr)
    assert isinstance(second, ast.expr)
    found.edits.append(Edit(second, first, old, name))
    return True


def _replaceable(node: ast.AST) -> bool:
    """Say whether an expression can stand by itself, in the place of any other."""
    if isinstance(node, ast.Tuple) and any(isinstance(e, ast.Slice) for e in node.elts):
        return False
    return isinstance(node, ast.expr) and not isinstance(node, (ast.Slice, ast.Starred))


def _match_keywords(new: ast.Call, old: ast.Call, found: Differences) -> bool:
    """Compare keyword arguments by name; one that was renamed, moved or unpacked is another shape."""
    names = [k.arg for k in new.keywords]
    before = [k.arg for k in old.keywords]
    kept = [n for n in before if n in names]
    if names[: len(kept)] != kept or None in {*names[len(kept) :], *(set(before) - set(names))}:
        return False
    if len(set(names)) != len(names):
        return False
    removed = frozenset(str(n) for n in before if n not in names)
    if removed or len(names) > len(kept):
        found.keywords.append(Keywords(old, removed, tuple(new.keywords[len(kept) :])))
    by_name = {k.arg: k for k in old.keywords}
    return all(
        _field(k.value, by_name[k.arg].value, by_name[k.arg], "value", found)
        for k in new.keywords[: len(kept)]
    )


__all__ = ["Differences", "Edit", "Keywords", "differences", "equal"]
