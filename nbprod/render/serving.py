"""The smaller set of distributions that a compiled version is served with: neither pandas nor scikit-learn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from nbprod.render.environment import closure
from nbprod.render.installed import here

NEEDED = ("click", "fastapi", "msgspec", "numpy", "prometheus-client", "uvicorn")
# What they required in 2026, for an environment whose metadata cannot be asked.
KNOWN = frozenset(
    "annotated-doc annotated-types anyio click exceptiongroup fastapi h11 httptools idna msgspec numpy "
    "prometheus-client pydantic pydantic-core python-dotenv pyyaml sniffio starlette typing-extensions "
    "typing-inspection uvicorn uvloop watchfiles websockets".split()
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def serving_lines(lock: Iterable[str], files: Mapping[str, str] | None = None) -> list[str]:
    """Return the lines of a lock that the service needs when it answers compiled; ``files`` are the modules, by path."""
    wanted = KNOWN | {_name(line) for line in closure(dict.fromkeys(NEEDED, ""), here())}
    vector = [text for path, text in (files or {}).items() if path.startswith("vector/")]
    if any("from pyarrow" in text for text in vector):
        wanted |= {"pyarrow"}
    return [line for line in lock if _name(line) in wanted]


def _name(line: str) -> str:
    found = _NAME.match(line)
    return re.sub(r"[-_.]+", "-", found.group()).lower() if found else ""


__all__ = ["serving_lines"]
