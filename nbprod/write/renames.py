"""Find generated files that a person moved, so that the next conversion follows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path, PurePosixPath

SIMILAR = 0.6  # git's own threshold is 50 %; a wrong guess costs more here than a missed one
_SKIPPED = frozenset({"registry", "data", "node_modules", "build", "dist", "site"})
_MAX_BYTES = 512 * 1024


def renamed(root: Path, base: Mapping[str, str], known: frozenset[str]) -> dict[str, str]:
    """Map each generated file that is gone from its place to the file that it became.

    ``known`` are the paths of the last and the new conversion; only files outside of them can be the
    new name. A file counts as moved when it has the same suffix and most of the same lines.
    """
    missing = {
        path: text for path, text in base.items() if not _exists(root, path) and text.strip()
    }
    if not missing:
        return {}
    suffixes = {PurePosixPath(path).suffix for path in missing}
    strangers = {
        path: text for path, text in _texts(root, suffixes) if path not in known and text.strip()
    }
    moves: dict[str, str] = {}
    for path, text in sorted(missing.items()):
        scored = [
            (_similarity(text, other), place)
            for place, other in strangers.items()
            if PurePosixPath(place).suffix == PurePosixPath(path).suffix
        ]
        best = max(scored, default=(0.0, ""))
        if best[0] >= SIMILAR:
            moves[path] = best[1]
            del strangers[best[1]]
    return moves


def _exists(root: Path, path: str) -> bool:
    return (root / path).is_file()


def _similarity(one: str, other: str) -> float:
    if one == other:
        return 1.0
    matcher = SequenceMatcher(None, one.splitlines(), other.splitlines(), autojunk=False)
    if matcher.real_quick_ratio() < SIMILAR or matcher.quick_ratio() < SIMILAR:
        return 0.0
    return matcher.ratio()


def _texts(root: Path, suffixes: set[str]) -> Iterator[tuple[str, str]]:
    """Yield path and text of the small text files below a folder, without tools' own folders."""
    folders = [root]
    while folders:
        for entry in sorted(folders.pop().iterdir()):
            if entry.is_symlink():
                continue
            if entry.is_dir():
                if entry.name not in _SKIPPED and not entry.name.startswith((".", "__")):
                    folders.append(entry)
            elif entry.suffix in suffixes and entry.stat().st_size <= _MAX_BYTES:
                try:
                    yield entry.relative_to(root).as_posix(), entry.read_text("utf-8")
                except UnicodeDecodeError:
                    continue


__all__ = ["renamed"]
