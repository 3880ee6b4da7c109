"""Format the Python templates as black would format what they render to, with a name of the longest kind.

Conversions do not format again what comes from templates, so it must be as black leaves it. Names stand for its
placeholders meanwhile; a template with blocks is formatted by hand, and a test says where.
``python scripts/format_templates.py``
"""

from __future__ import annotations

import re
from pathlib import Path

import black

TEMPLATES = Path(__file__).parents[1] / "templates" / "project"
LONGEST = 40  # characters of a package name
MODE = black.Mode(line_length=100, target_versions={black.TargetVersion.PY311})
VALUE = re.compile(r"\{\{.*?\}\}")


def main() -> None:
    for path in sorted(TEMPLATES.rglob("*.py.j2")):
        text = path.read_text("utf-8")
        new = formatted(text)
        if new != text:
            path.write_text(new, "utf-8")
            print(path.relative_to(TEMPLATES))


def formatted(text: str) -> str:
    """Return a template in black's format; unchanged when it has blocks."""
    holes: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        inner = found[0].strip("{} ")
        length = LONGEST if inner in ("package", "env") else 8
        holes[key := f"h{len(holes):03d}".ljust(length, "q")] = found[0]
        return key

    plain = VALUE.sub(name, text)
    if "{%" in text or not plain.strip():
        return text
    try:
        done = black.format_str(plain, mode=MODE)
    except black.InvalidInput:
        return text
    for key, value in holes.items():
        if done.count(key) != 1:
            return text
        done = done.replace(key, value)
    return done


if __name__ == "__main__":
    main()
