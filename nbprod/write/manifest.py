"""The record of a conversion in the project: which notebook, in which state, by which nbprod."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbprod import __version__
from nbprod.findings import NotebookError

if TYPE_CHECKING:
    from nbprod.modules.values import Modules
    from nbprod.notebook.values import Notebook
    from nbprod.render.environment import Environment

MANIFEST = ".nbprod/manifest.json"
FORMAT = 1


def manifest(notebook: Notebook, modules: Modules, environment: Environment) -> str:
    """Return the manifest as JSON; no times and no folders, so that equal input gives equal bytes."""
    content = {
        "format": FORMAT,
        "nbprod": __version__,
        "notebook": {
            "name": Path(notebook.path).name,
            "content_hash": notebook.content_hash,
        },
        "package": modules.package,
        "cells": modules.cell_map,
        "environment": {
            "python": environment.python,
            "pins": dict(environment.pins),
            "lock": list(environment.lock),
            **({"training": list(environment.training)} if environment.training else {}),
            **({"chosen": True} if environment.chosen else {}),
            **({"kernel": environment.kernel} if environment.kernel else {}),
        },
    }
    return json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def load(project: Path) -> dict[str, Any] | None:
    """Return the manifest of a project, None when the folder has none.

    Raises:
        NotebookError: the file is damaged.
    """
    location = project / MANIFEST
    try:
        content = json.loads(location.read_text("utf-8"))
        content["notebook"]["content_hash"]
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise NotebookError(
            f"{location}: is damaged; restore it from git, or convert again"
        ) from None
    assert isinstance(content, dict)
    return content


__all__ = ["MANIFEST", "load", "manifest"]
