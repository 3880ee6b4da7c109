"""Deploy targets: one small file a target, found by walking this package.

A target names the templates that ``--target`` adds; the files themselves are below
``templates/project/deploy/``.
"""

from __future__ import annotations

from nbprod.targets.target import Target, all_targets, is_wanted, targets_for

__all__ = ["Target", "all_targets", "is_wanted", "targets_for"]
