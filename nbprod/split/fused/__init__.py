"""Operations that learn and apply in one call: one small file each, discovered by name.

A module ``fused/<name>.py`` defines ``rewrite(rewriter, node)``: it adds the learning line and returns
the expression that replays it. Adding a file adds an idiom.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

RULES = {
    module.name: import_module(f"{__name__}.{module.name}").rewrite
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name)
}
