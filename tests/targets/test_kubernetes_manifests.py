"""Kubernetes and KServe manifests are valid, complete and consistent; broken ones are refused."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

yaml = pytest.importorskip("yaml")
kubernetes_validate = pytest.importorskip("kubernetes_validate", reason="group validate")
jsonschema = pytest.importorskip("jsonschema", reason="group validate")

Manifest = dict[str, Any]
VERSION = kubernetes_validate.latest_version()

POD = {
    "type": "object",
    "required": ["containers"],
    "properties": {
        "minReplicas": {"type": "integer", "minimum": 0},
        "maxReplicas": {"type": "integer", "minimum": 1},
        "scaleMetric": {"enum": ["cpu", "memory", "concurrency", "rps"]},
        "scaleTarget": {"type": "integer", "minimum": 1},
        "timeout": {"type": "integer"},
        "containers": {
            "type": "array",
            "minItems": 1,
            "contains": {"properties": {"name": {"const": "kserve-container"}}},
        },
    },
}
INFERENCE_SERVICE = {
    "type": "object",
    "required": ["apiVersion", "kind", "metadata", "spec"],
    "properties": {
        "apiVersion": {"const": "serving.kserve.io/v1beta1"},
        "kind": {"const": "InferenceService"},
        "metadata": {"type": "object", "required": ["name"]},
        "spec": {
            "type": "object",
            "required": ["predictor"],
            "properties": {"predictor": POD},
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}
KSERVE_FIELDS = ("minReplicas", "maxReplicas", "scaleMetric", "scaleTarget", "timeout")


def load(folder: Path) -> list[Manifest]:
    """All documents of a folder's YAML files."""
    files = sorted(folder.glob("*.yaml"))
    return [d for file in files for d in yaml.safe_load_all(file.read_text("utf-8")) if d]


def validate(manifest: Manifest) -> None:
    """Raise when a manifest is not valid."""
    if manifest["kind"] == "InferenceService":
        jsonschema.validate(manifest, INFERENCE_SERVICE)
        predictor = manifest["spec"]["predictor"]
        pod = {k: v for k, v in predictor.items() if k not in KSERVE_FIELDS}
        manifest = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": pod}
    kubernetes_validate.validate(manifest, VERSION, strict=True)


def by_kind(manifests: list[Manifest], kind: str) -> Manifest:
    """The only manifest of a kind."""
    (found,) = (m for m in manifests if m["kind"] == kind)
    return found


def pods(manifests: list[Manifest]) -> Iterator[Manifest]:
    """Every pod template of the manifests."""
    for manifest in manifests:
        if manifest["kind"] == "Deployment":
            yield manifest["spec"]["template"]["spec"]
        elif manifest["kind"] == "CronJob":
            yield manifest["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        elif manifest["kind"] == "InferenceService":
            yield manifest["spec"]["predictor"]


@pytest.fixture(scope="module", params=["kubernetes", "kserve"])
def manifests(project: Path, request: pytest.FixtureRequest) -> list[Manifest]:
    found = load(project / "deploy" / request.param)
    return [m for m in found if m["kind"] != "Kustomization"]


@pytest.fixture(scope="module")
def kubernetes(project: Path) -> list[Manifest]:
    return load(project / "deploy" / "kubernetes")


def test_every_manifest_is_valid(manifests: list[Manifest]) -> None:
    for manifest in manifests:
        validate(manifest)


def broken_probe(m: Manifest) -> None:
    container(m)["livenessProbe"]["httpGet"]["prot"] = 1


def broken_type(m: Manifest) -> None:
    container(m)["ports"][0]["containerPort"] = "http"


def broken_field(m: Manifest) -> None:
    pod = next(pods([m]))
    pod["securtyContext"] = pod.pop("securityContext")


def no_containers(m: Manifest) -> None:
    del next(pods([m]))["containers"]


BREAKS: list[Callable[[Manifest], None]] = [broken_probe, broken_type, broken_field, no_containers]


def container(m: Manifest) -> Manifest:
    """The first container of a manifest's pod."""
    found: Manifest = next(pods([m]))["containers"][0]
    return found


@pytest.mark.parametrize("kind", ["Deployment", "InferenceService"])
@pytest.mark.parametrize("spoil", BREAKS)
def test_a_broken_variant_is_refused(
    project: Path, kind: str, spoil: Callable[[Manifest], None]
) -> None:
    folder = "kubernetes" if kind == "Deployment" else "kserve"
    manifest = copy.deepcopy(by_kind(load(project / "deploy" / folder), kind))
    spoil(manifest)
    with pytest.raises((kubernetes_validate.ValidationError, jsonschema.ValidationError)):
        validate(manifest)


def test_kserve_wants_its_own_container_name(project: Path) -> None:
    manifest = copy.deepcopy(by_kind(load(project / "deploy" / "kserve"), "InferenceService"))
    container(manifest)["name"] = "service"
    with pytest.raises(jsonschema.ValidationError):
        validate(manifest)


def test_pods_run_with_the_least_rights(manifests: list[Manifest]) -> None:
    for pod in pods(manifests):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        for c in pod["containers"]:
            assert c["securityContext"]["readOnlyRootFilesystem"] is True
            assert c["securityContext"]["allowPrivilegeEscalation"] is False
            assert c["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert c["resources"]["requests"].keys() == {"cpu", "memory"}
            assert "memory" in c["resources"]["limits"]
            assert "/tmp" in {mount["mountPath"] for mount in c["volumeMounts"]}


def test_every_mounted_volume_exists_and_only_retraining_writes_the_registry(
    manifests: list[Manifest],
) -> None:
    claims = {m["metadata"]["name"] for m in manifests if m["kind"] == "PersistentVolumeClaim"}
    for pod in pods(manifests):
        volumes = {v["name"]: v for v in pod["volumes"]}
        assert volumes["data"]["persistentVolumeClaim"]["claimName"] in claims
        for c in pod["containers"]:
            assert {mount["name"] for mount in c["volumeMounts"]} <= volumes.keys()
            registry = next(x for x in c["volumeMounts"] if x["mountPath"] == "/srv/registry")
            assert registry.get("readOnly", False) is (c["args"] == ["serve"])


def test_selectors_find_the_pods_of_the_service_and_not_those_of_retraining(
    kubernetes: list[Manifest],
) -> None:
    labels = by_kind(kubernetes, "Deployment")["spec"]["template"]["metadata"]["labels"]
    job = by_kind(kubernetes, "CronJob")["spec"]["jobTemplate"]["spec"]["template"]["metadata"]
    selectors = [
        by_kind(kubernetes, "Service")["spec"]["selector"],
        by_kind(kubernetes, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        by_kind(kubernetes, "Deployment")["spec"]["selector"]["matchLabels"],
    ]
    for selector in selectors:
        assert selector.items() <= labels.items()
        assert not selector.items() <= job["labels"].items()
    target = by_kind(kubernetes, "HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]
    assert target["name"] == by_kind(kubernetes, "Deployment")["metadata"]["name"]


def test_probes_are_apart_and_the_pod_outlives_its_drain(kubernetes: list[Manifest]) -> None:
    pod = by_kind(kubernetes, "Deployment")["spec"]["template"]["spec"]
    service = pod["containers"][0]
    assert service["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert service["livenessProbe"]["httpGet"]["path"] == "/livez"
    assert service["startupProbe"]["httpGet"]["path"] == "/livez"
    stop = service["lifecycle"]["preStop"]["sleep"]["seconds"]
    drain = 5  # drain_seconds of the service settings
    assert pod["terminationGracePeriodSeconds"] > stop + 2 * drain


def test_the_kustomization_lists_every_file(project: Path) -> None:
    folder = project / "deploy" / "kubernetes"
    listed = yaml.safe_load((folder / "kustomization.yaml").read_text("utf-8"))["resources"]
    assert sorted(listed) == sorted(
        f.name for f in folder.glob("*.yaml") if f.name != "kustomization.yaml"
    )


def test_two_retrainings_never_run_at_once(kubernetes: list[Manifest]) -> None:
    job = by_kind(kubernetes, "CronJob")["spec"]
    assert job["concurrencyPolicy"] == "Forbid"
    assert job["jobTemplate"]["spec"]["template"]["spec"]["restartPolicy"] == "Never"
