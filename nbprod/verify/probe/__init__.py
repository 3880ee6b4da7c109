"""What runs inside the notebook's interpreter, beside the notebook or the generated package.

Nothing here imports nbprod. ``tables``, ``randomness``, ``channel`` and ``notebook`` run on Python 3.6
and the pandas of that time; ``judge`` runs on what the generated package needs.
"""

import os
import sys

if sys.version_info < (3, 7):  # noqa: UP036  the notebook's Python, not ours
    from . import postponed

    postponed.install(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
