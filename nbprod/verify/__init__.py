"""Prove that a package does what its notebook did, for one raw row as for all of them.

The harness knows nothing of the splitter: it judges any package that follows
``docs/generated-project.md``.
"""

from nbprod.verify.proof import verify
from nbprod.verify.verdict import Check, Verdict

__all__ = ["Check", "Verdict", "verify"]
