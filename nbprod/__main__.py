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
    from nbprod.collecting import rarely_collected

    with rarely_collected():
        from nbprod.cli import run

        code = run()
        gc.freeze()  # the process is over: Python would look through all that it holds once more
    sys.exit(code)


if __name__ == "__main__":
    main()
