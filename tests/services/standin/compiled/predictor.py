"""Stand-in: the compiled form is the same constant, on arrays."""

from __future__ import annotations

from ..bundle import Bundle as CompiledBundle
from ..predict import Predictor as CompiledPredictor

__all__ = ["CompiledBundle", "CompiledPredictor"]
