"""Start nbprod: ``python -m nbprod`` and the ``nbprod`` command."""

from __future__ import annotations

import gc
import sys

from nbprod import __version__


def main() -> None:
    """Run the command line; ``--version`` alone is answered before anything else is imported."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        print(f"nbprod {__version__}")
        return
    # Syntax trees are millions of objects that live to the end: looking for garbage costs a fifth of the time.
    gc.set_threshold(1_000_000, 10, 10)
    from nbprod.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
