"""Libraries that a service does not have: what only training needs cannot be imported for a while."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType


class TrainingOnly(ImportError):
    """A service needs a library that the project names for training alone."""


@contextmanager
def absent(libraries: Iterable[str]) -> Iterator[None]:
    """Let the import of ``libraries`` (top-level names) fail within the block.

    Raises:
        TrainingOnly: something imports one of them.
    """
    guard = _Guard(frozenset(libraries))
    sys.meta_path.insert(0, guard)
    try:
        yield
    finally:
        sys.meta_path.remove(guard)


class _Guard:
    def __init__(self, libraries: frozenset[str]) -> None:
        self.libraries = libraries

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuse what is named; everybody else looks for the rest."""
        top = name.partition(".")[0]
        if top in self.libraries:
            raise TrainingOnly(
                f"a service needs {top}, which is only in the project's training set"
            )
        return None


__all__ = ["TrainingOnly", "absent"]
