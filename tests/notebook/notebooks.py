"""Small notebooks for the tests, as JSON text."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


def code(source: str, tags: list[str] | None = None, **extra: Any) -> dict[str, Any]:
    metadata = {"tags": tags} if tags else {}
    return {
        "cell_type": "code",
        "id": "a" + hashlib.sha256(source.encode()).hexdigest()[:7],
        "execution_count": 1,
        "metadata": metadata,
        "outputs": [],
        "source": source.splitlines(keepends=True),
        **extra,
    }


def markdown(source: str) -> dict[str, Any]:
    return {
        "cell_type": "markdown",
        "id": "t" + hashlib.sha256(source.encode()).hexdigest()[:7],
        "metadata": {},
        "source": source,
    }


def document(
    cells: list[Any], *, language: str = "python", version: str = "3.11.7"
) -> dict[str, Any]:
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"name": "python3", "language": language},
            "language_info": {"name": language, "version": version},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def write(path: Path, *cells: Any, **options: str) -> Path:
    path.write_text(json.dumps(document(list(cells), **options)), "utf-8")
    return path
