"""Azure ML online endpoint, pipeline job and schedule."""

from __future__ import annotations

from nbprod.targets.target import DEPLOY, Target

TARGET = Target(
    name="azureml",
    summary="Azure ML online endpoint, pipeline job and schedule",
    templates=(f"{DEPLOY}azureml/",),
    guide="docs/deploy-azureml.md",
)
