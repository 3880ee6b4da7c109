"""The tables of calls that current libraries no longer have, one file a library, as one list of rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nbprod.knowledge import table

FOLDER = Path(__file__).with_name("removed")


@dataclass(frozen=True)
class Removed:
    """One call that is gone.

    ``kind`` is ``name`` (imported or attribute path), ``method`` (or attribute), ``keyword``, ``value`` (of a
    keyword) or ``positional``; ``call`` is the path, method or callable, ``argument`` the keyword, ``value`` the value, ``most``
    how many positional arguments are still taken. ``on`` names the receivers: kinds of tables, ``estimator``,
    ``model:LIBRARY``. ``last`` has the call, ``gone`` is the first version without it, ``back`` the first
    that has it again.
    """

    distribution: str
    module: str
    kind: str
    call: str
    argument: str
    value: str
    most: int
    on: tuple[str, ...]
    last: str
    gone: str
    back: str
    instead: str

    @property
    def text(self) -> str:
        """The call as a reader would write it."""
        if self.kind == "keyword":
            return f"{self.call}({self.argument}=)"
        if self.kind == "value":
            return f"{self.call}({self.argument}={self.value!r})"
        if self.kind == "positional":
            return f"{self.call} with more than {self.most} positional argument{'' if self.most == 1 else 's'}"
        return self.call

    @property
    def word(self) -> str:
        """A word that stands in every source that makes the call."""
        return self.argument or self.call.rsplit(".", 1)[-1]


@cache
def removed() -> tuple[Removed, ...]:
    """Return the rules of all libraries."""
    return tuple(rule for path in sorted(FOLDER.glob("*.toml")) for rule in _read(path.stem))


def _read(name: str) -> Iterator[Removed]:
    content = table(f"removed/{name}")
    for group in content["removed"]:
        library = group.get("library") or content["library"]
        module = group.get("module") or content.get("module") or library
        for key, instead in group["instead"].items():
            for call, argument, value, most in _calls(group["kind"], key, group.get("of")):
                yield Removed(
                    library, module, group["kind"], call, argument, value, most,
                    tuple(group.get("on", ())), group["last"], group["gone"], group.get("back", ""), instead,
                )  # fmt: skip


def _calls(kind: str, key: str, of: list[str] | None) -> Iterator[tuple[str, str, str, int]]:
    """Spell out ``call.keyword``, ``call.keyword=value`` and ``call/most``; ``of`` lists callables that share it."""
    if kind in ("name", "method"):
        yield key, "", "", 0
        return
    if kind == "positional":
        call, _, most = key.partition("/")
        for name in of or [call]:
            yield name, "", "", int(most)
        return
    left, _, value = key.partition("=")
    call, _, argument = left.rpartition(".")
    for name in of or [call]:
        yield name, argument, value, 0


__all__ = ["Removed", "removed"]
