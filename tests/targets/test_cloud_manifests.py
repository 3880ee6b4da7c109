"""Azure ML, SageMaker and Vertex AI files fit the clouds' own client libraries."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

SAGEMAKER = {
    "model": ("sagemaker", "CreateModel"),
    "endpoint-config": ("sagemaker", "CreateEndpointConfig"),
    "endpoint": ("sagemaker", "CreateEndpoint"),
    "retrain": ("sagemaker", "CreateProcessingJob"),
    "scaling-target": ("application-autoscaling", "RegisterScalableTarget"),
    "scaling-policy": ("application-autoscaling", "PutScalingPolicy"),
}
VERTEX = {
    "model": "Model",
    "endpoint": "Endpoint",
    "deployed-model": "DeployedModel",
    "retrain": "CustomJob",
}
AZURE = {
    "endpoint": "load_online_endpoint",
    "deployment": "load_online_deployment",
    "retrain": "load_job",
    "schedule": "load_schedule",
}


def read(project: Path, cloud: str, name: str) -> dict[str, Any]:
    """One JSON manifest."""
    found: dict[str, Any] = json.loads((project / "deploy" / cloud / f"{name}.json").read_text())
    return found


def sagemaker_errors(name: str, document: dict[str, Any]) -> str:
    """What botocore has to say against a request."""
    session = pytest.importorskip("botocore.session", reason="group validate").get_session()
    validator = pytest.importorskip("botocore.validate").ParamValidator()
    service, operation = SAGEMAKER[name]
    shape = session.get_service_model(service).operation_model(operation).input_shape
    report: str = validator.validate(document, shape).generate_report()
    return report


@pytest.mark.parametrize("name", SAGEMAKER)
def test_sagemaker_requests_are_valid(project: Path, name: str) -> None:
    assert sagemaker_errors(name, read(project, "sagemaker", name)) == ""


@pytest.mark.parametrize(
    ("name", "key", "value", "complaint"),
    [
        ("model", "ModelName", None, "Missing required parameter"),
        ("model", "PrimaryContaner", {}, "Unknown parameter"),
        ("endpoint-config", "ProductionVariants", {}, "Invalid type"),
        ("endpoint-config", "ProductionVariants", [], "Invalid length"),
        ("retrain", "RoleArn", 7, "Invalid type"),
    ],
)
def test_broken_sagemaker_requests_are_refused(
    project: Path, name: str, key: str, value: Any, complaint: str
) -> None:
    document = {**read(project, "sagemaker", name), key: value}
    if value is None:
        del document[key]
    assert complaint in sagemaker_errors(name, document)


def test_sagemaker_names_fit_together(project: Path) -> None:
    model, config = (read(project, "sagemaker", name) for name in ("model", "endpoint-config"))
    endpoint, target = (read(project, "sagemaker", n) for n in ("endpoint", "scaling-target"))
    variant = config["ProductionVariants"][0]
    assert variant["ModelName"] == model["ModelName"]
    assert endpoint["EndpointConfigName"] == config["EndpointConfigName"]
    resource = f"endpoint/{endpoint['EndpointName']}/variant/{variant['VariantName']}"
    assert target["ResourceId"] == resource


def parse_vertex(name: str, text: str) -> None:
    """Parse a Vertex AI message strictly."""
    types = pytest.importorskip("google.cloud.aiplatform_v1", reason="group validate-clouds")
    json_format = pytest.importorskip("google.protobuf.json_format")
    json_format.Parse(text, getattr(types, VERTEX[name]).pb()())


@pytest.mark.parametrize("name", VERTEX)
def test_vertex_messages_are_valid(project: Path, name: str) -> None:
    parse_vertex(name, (project / "deploy" / "vertex" / f"{name}.json").read_text())


@pytest.mark.parametrize("name", VERTEX)
def test_broken_vertex_messages_are_refused(project: Path, name: str) -> None:
    text = (project / "deploy" / "vertex" / f"{name}.json").read_text()
    parse_vertex(name, text)  # skips where the library is absent
    with pytest.raises(Exception, match="no field named"):
        parse_vertex(name, text.replace('"displayName"', '"displayNam"', 1))


def load_azure(name: str, file: Path) -> Any:
    """Load one file with the Azure ML SDK."""
    sdk = pytest.importorskip("azure.ai.ml", reason="group validate-clouds")
    if name == "schedule":
        from azure.ai.ml.entities._load_functions import load_schedule

        return load_schedule(str(file))
    return getattr(sdk, AZURE[name])(str(file))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", AZURE)
def test_azure_ml_files_are_valid(project: Path, name: str) -> None:
    assert load_azure(name, project / "deploy" / "azureml" / f"{name}.yml") is not None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("endpoint", "auth_mode: key", "auth_mode: open"),
        ("deployment", "instance_count: 2", "instance_count: two"),
        ("retrain", "type: pipeline", "type: pipelin"),
        ("schedule", "type: cron", "type: crom"),
    ],
)
def test_broken_azure_ml_files_are_refused(project: Path, name: str, old: str, new: str) -> None:
    source = project / "deploy" / "azureml" / f"{name}.yml"
    load_azure(name, source)
    broken = source.with_name(f"broken-{name}.yml")
    broken.write_text(source.read_text().replace(old, new))
    with pytest.raises(Exception, match=r"(?i)valid|type|load"):
        load_azure(name, broken)


def test_every_environment_variable_starts_with_the_package(project: Path) -> None:
    pattern = re.compile(r"\b([A-Z_]+)_(?:REGISTRY|MONITORING|DATA_DIR)\b")
    for path in project.rglob("deploy/*/*"):
        assert set(pattern.findall(path.read_text())) <= {"HOUSE_PRICES"}, path
