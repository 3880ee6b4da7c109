"""Which Python and which libraries a process runs with."""

from __future__ import annotations

import sys

LIBRARIES = {
    "numpy": "numpy",
    "pandas": "pandas",
    "sklearn": "scikit-learn",
    "scipy": "scipy",
    "xgboost": "xgboost",
    "lightgbm": "lightgbm",
    "catboost": "catboost",
    "keras": "keras",
    "torch": "torch",
}


def python() -> str:
    """Return the version of this Python."""
    return sys.version.split()[0]


def libraries() -> dict[str, str]:
    """Return the versions of the libraries that are imported, by distribution."""
    found = {}
    for module, distribution in LIBRARIES.items():
        version = getattr(sys.modules.get(module), "__version__", None)
        if version:
            found[distribution] = str(version)
    return found
