"""SageMaker model, endpoint, autoscaling and processing job."""

from __future__ import annotations

from nbprod.targets.target import DEPLOY, Target

TARGET = Target(
    name="sagemaker",
    summary="SageMaker model, endpoint, autoscaling and processing job",
    templates=(f"{DEPLOY}sagemaker/",),
    guide="docs/deploy-sagemaker.md",
)
