"""The Python of the kernel that a notebook names, looked up where Jupyter keeps its kernels.

``jupyter_client`` knows this too, but takes longer to import than a conversion lasts.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from nbprod.interpreter import LAUNCHERS

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")  # what Jupyter allows; never a path
_NATIVE = frozenset({"python3", f"python{sys.version_info[0]}.{sys.version_info[1]}"})


def python_of(kernel: str) -> str | None:
    """Return the interpreter of a kernel.

    Args:
        kernel: the name in the notebook's metadata, empty when it names none.

    Returns:
        None when there is no such kernel on this machine, when it is the interpreter that runs nbprod, or
        when something else than ``python -m ipykernel`` starts it.
    """
    if not _NAME.fullmatch(kernel) or (kernel == "python3" and find_spec("ipykernel")):
        return None
    command = _command(kernel)
    if not command or not all(isinstance(word, str) for word in command):
        return None
    module = command[command.index("-m") + 1 :][:1] if "-m" in command else []
    named = Path(command[0]).name
    # Jupyter starts its own Python where a kernel says nothing but "python".
    if module not in LAUNCHERS or command[0] in {"python", *_NATIVE}:
        return None
    found = shutil.which(command[0]) if named.startswith(("python", "pypy")) else None
    return None if found is None or found == sys.executable else found


def _command(kernel: str) -> list[str]:
    from jupyter_core.paths import jupyter_path

    for folder in jupyter_path("kernels"):
        try:
            content = json.loads(Path(folder, kernel, "kernel.json").read_text("utf-8"))
            return list(content["argv"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return []


__all__ = ["python_of"]
