"""Start nbprod so that it can be interrupted: ``python -m nbprod.lab.interruptible check a.ipynb``.

A server that was started in the background may ignore SIGINT, and what it starts would inherit that.
"""

from __future__ import annotations

import signal

from nbprod.__main__ import main

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
