"""What a notebook expects around it: IPython's names, a screen for plots, somebody at the keyboard, Colab."""

from __future__ import annotations

import builtins
import importlib
import importlib.machinery
import os
import sys
import types
from pathlib import Path
from typing import Any


class Anything:
    """Accepts every call and attribute and does nothing."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self


def _no_input(prompt: object = "") -> str:
    raise EOFError("input() has nobody to answer it")


def prepare() -> dict[str, Any]:
    """Stub what needs a screen or a person; return names to add to the notebook's own."""
    os.environ["MPLBACKEND"] = "Agg"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    builtins.input = _no_input
    shell = Anything()
    _stub_ipython(shell)
    sys.meta_path.append(_Colab())  # last: where Colab's own package is, it is taken
    return {"display": Anything(), "get_ipython": lambda: shell}


class _Stub(types.ModuleType):
    """An empty module; Python 3.6 asks a module's class, but not the module, for what is missing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything if name[:1].isupper() else Anything()


class _Stubs:
    """Finds an empty module for every name under IPython."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name.partition(".")[0] != "IPython":
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: Any) -> types.ModuleType:
        return _Stub(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Leave the module empty."""


class _Uploaded(dict):  # type: ignore[type-arg]
    """The files beside the notebook, as if somebody had uploaded them: content by name."""

    def __init__(self) -> None:
        super().__init__((path.name, None) for path in sorted(Path().iterdir()) if path.is_file())

    def __getitem__(self, name: str) -> bytes:
        return Path(name).read_bytes()


class _Colab:
    """Finds ``google.colab`` where it is not installed: nothing is mounted, and files lie beside the notebook."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != "google" and not (name + ".").startswith("google.colab."):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: Any) -> types.ModuleType:
        return types.ModuleType(spec.name) if spec.name == "google" else _Stub(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Let an upload give the files that are there."""
        if module.__name__ == "google.colab.files":
            module.upload = _Uploaded  # type: ignore[attr-defined]
        elif module.__name__ == "google.colab":
            for name in ("files", "drive"):
                setattr(module, name, importlib.import_module("google.colab." + name))


def _stub_ipython(shell: Any) -> None:
    """Replace IPython, which would load for half a second to draw nothing."""
    sys.meta_path.insert(0, _Stubs())
    for name in ("IPython", "IPython.display", "IPython.core", "IPython.core.display"):
        importlib.import_module(name)
    sys.modules["IPython"].get_ipython = lambda: None  # type: ignore[attr-defined]
    sys.modules["IPython"].version_info = (8, 0, 0)  # type: ignore[attr-defined]
    sys.modules["IPython"].__version__ = "8.0.0"  # type: ignore[attr-defined]
    sys.modules["IPython"].display = sys.modules["IPython.display"]  # type: ignore[attr-defined]


def close_plots() -> None:
    """Free the figures of a cell, as a notebook's inline backend does."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")
