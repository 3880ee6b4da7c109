"""Deployment, service, autoscaling, disruption budget, network policy, retraining."""

from __future__ import annotations

from nbprod.targets.target import DEPLOY, Target

TARGET = Target(
    name="kubernetes",
    summary="Deployment, service, autoscaling, disruption budget, network policy, retraining",
    templates=(f"{DEPLOY}kubernetes/",),
    guide="docs/deploy-kubernetes.md",
)
