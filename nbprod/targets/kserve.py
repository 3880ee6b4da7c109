"""InferenceService with the V1 and V2 protocols, and retraining."""

from __future__ import annotations

from nbprod.targets.target import DEPLOY, Target

TARGET = Target(
    name="kserve",
    summary="InferenceService with the V1 and V2 protocols, and retraining",
    templates=(f"{DEPLOY}kserve/",),
    guide="docs/deploy-kserve.md",
)
