"""What runs inside the notebook's interpreter, beside the notebook or the generated package.

Nothing here imports nbprod. ``tables``, ``randomness``, ``channel`` and ``notebook`` run on Python 3.7
and the pandas of that time; ``judge`` runs on what the generated package needs.
"""
