"""The build stage: from a notebook to the source text of its package."""

from nbprod.modules.build import build
from nbprod.modules.values import Modules

__all__ = ["Modules", "build"]
