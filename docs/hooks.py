"""Build pages of the site from their single source: the rules, the changelog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
_HEADINGS = {"E": "Errors", "W": "Warnings", "I": "Notes"}


def on_files(files: Files, config: Any) -> Files:
    """Add one page a rule, a list of them, and the changelog."""
    rules = sorted(
        (ROOT / "nbprod" / "rules").glob("*.md"), key=lambda p: ("EWI".index(p.name[0]), p.name)
    )
    listed = [
        "# Rules",
        "",
        "What `nbprod check` and `nbprod convert` can report; `nbprod explain CODE` shows the same text.",
    ]
    section = ""
    for rule in rules:
        text = rule.read_text("utf-8")
        title = text.split("\n", 1)[0].removeprefix("# ")
        if rule.name[0] != section:
            section = rule.name[0]
            listed += ["", f"## {_HEADINGS[section]}", ""]
        listed.append(f"- [{title}](rules/{rule.name})")
        files.append(File.generated(config, f"rules/{rule.name}", content=text))
    files.append(File.generated(config, "rules.md", content="\n".join(listed) + "\n"))
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    files.append(File.generated(config, "changelog.md", content=changelog))
    return files
