"""Vertex AI model, endpoint and custom job."""

from __future__ import annotations

from nbprod.targets.target import DEPLOY, Target

TARGET = Target(
    name="vertex",
    summary="Vertex AI model, endpoint and custom job",
    templates=(f"{DEPLOY}vertex/",),
    guide="docs/deploy-vertex.md",
)
