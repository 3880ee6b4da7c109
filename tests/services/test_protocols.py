"""Each platform's documented request gets the answer that the platform documents."""

from __future__ import annotations

import json

import pytest

from tests.services.shop import ROW, start

LIST = [9.5, 2, "Oslo", None]  # in the order of /schema

V2_REQUEST = {
    "id": "42",
    "inputs": [
        {"name": "amount", "shape": [2], "datatype": "FP64", "data": [1.5, 2.5]},
        {"name": "count", "shape": [2, 1], "datatype": "INT64", "data": [1, 2]},
        {"name": "city", "shape": [2], "datatype": "BYTES", "data": ["Oslo", "Rome"]},
    ],
}


def test_kserve_v1(client):
    assert client.get("/v1/models").json() == {"models": ["shop"]}
    assert client.get("/v1/models/shop").json() == {"name": "shop", "ready": True}
    answer = client.post("/v1/models/shop:predict", json={"instances": [ROW, LIST]})
    assert answer.json()["predictions"] == [1, 1]
    assert client.post("/v1/models/other:predict", json={"instances": [ROW]}).status_code == 404


def test_kserve_v2_health_and_metadata(client):
    assert client.get("/v2/health/live").json() == {"live": True}
    assert client.get("/v2/health/ready").json() == {"ready": True}
    assert client.get("/v2/models/shop/ready").json() == {"name": "shop", "ready": True}
    assert client.get("/v2/models/shop/versions/v0001/ready").status_code == 200
    assert client.get("/v2/models/shop/versions/v0009/ready").status_code == 404
    metadata = client.get("/v2/models/shop").json()
    assert (metadata["name"], metadata["versions"]) == ("shop", ["v0001"])
    assert metadata["inputs"][0] == {"name": "amount", "datatype": "FP64", "shape": [-1]}


def test_kserve_v2_infer(client):
    assert client.post("/v2/models/shop/infer", json=V2_REQUEST).json() == {
        "id": "42",
        "model_name": "shop",
        "model_version": "v0001",
        "outputs": [
            {"name": "predictions", "shape": [2], "datatype": "INT64", "data": [1, 1]},
            {
                "name": "probabilities",
                "shape": [2, 2],
                "datatype": "FP64",
                "data": [0.25, 0.75, 0.25, 0.75],
            },
        ],
    }


def test_kserve_v2_answers_the_outputs_that_are_asked_for(client):
    asked = {**V2_REQUEST, "outputs": [{"name": "predictions"}]}
    answer = client.post("/v2/models/shop/versions/v0001/infer", json=asked).json()
    assert [output["name"] for output in answer["outputs"]] == ["predictions"]
    asked["outputs"] = [{"name": "other"}]
    assert client.post("/v2/models/shop/infer", json=asked).status_code == 422


@pytest.mark.parametrize(
    "tensor",
    [
        pytest.param({"shape": [3], "data": [1.0, 2.0]}, id="another number of values"),
        pytest.param({"shape": [1, 2], "data": [1.0, 2.0]}, id="a row"),
        pytest.param({"shape": [3], "data": [1.0, 2.0, 3.0]}, id="more rows than the others"),
    ],
)
def test_kserve_v2_refuses_tensors_that_are_no_columns(client, tensor):
    inputs = [*V2_REQUEST["inputs"][1:], {"name": "amount", "datatype": "FP64", **tensor}]
    response = client.post("/v2/models/shop/infer", json={"inputs": inputs})
    assert response.json()["errors"][0]["column"] == "amount"


def test_sagemaker(client):
    assert client.get("/ping").status_code == 200
    answer = client.post("/invocations", json={"instances": [ROW]})
    assert answer.json()["predictions"] == [1]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("9.5,2,Oslo,\n1,1,Rome,x\n", id="without a header"),
        pytest.param("city,count,amount\nOslo,2,9.5\nRome,1,1\n", id="with a header"),
    ],
)
def test_sagemaker_takes_and_answers_csv(client, text):
    headers = {"content-type": "text/csv", "accept": "text/csv"}
    assert client.post("/invocations", content=text, headers=headers).text == "1\n1\n"


def test_sagemaker_takes_json_lines(client):
    lines = "\n".join(json.dumps(ROW) for _ in range(3))
    headers = {"content-type": "application/jsonlines"}
    answer = client.post("/invocations", content=lines, headers=headers)
    assert answer.json()["predictions"] == [1, 1, 1]


def test_vertex_answers_on_the_routes_that_the_platform_names(shop, registry, monkeypatch):
    monkeypatch.setenv("AIP_HTTP_PORT", "9090")
    monkeypatch.setenv("AIP_HEALTH_ROUTE", "/v1/endpoints/1/health")
    monkeypatch.setenv("AIP_PREDICT_ROUTE", "/v1/endpoints/1:predict")
    assert shop.settings.ServiceSettings.from_environment().port == 9090
    with start(shop, registry) as client:
        assert client.get("/v1/endpoints/1/health").status_code == 200
        body = {"instances": [ROW, LIST], "parameters": {"unknown": 1}}
        answer = client.post("/v1/endpoints/1:predict", json=body)
        assert answer.json() == {"predictions": [1, 1]}
        body["parameters"] = {"probabilities": True}
        assert client.post("/v1/endpoints/1:predict", json=body).json()["predictions"][0] == {
            "prediction": 1,
            "probabilities": {"0": 0.25, "1": 0.75},
        }


def test_azureml(client):
    assert client.post("/score", json={"data": [ROW]}).json()["predictions"] == [1]
    split = {"columns": ["city", "count", "amount"], "index": [0], "data": [["Oslo", 2, 9.5]]}
    assert client.post("/score", json={"input_data": split}).json() == [1]
    assert client.post("/score", json={}).status_code == 422
    assert client.post("/score", json={"data": [ROW], "instances": [ROW]}).status_code == 422


def test_a_list_of_another_length_is_refused_rather_than_shifted(client):
    response = client.post("/v1/models/shop:predict", json={"instances": [LIST[:-1]]})
    assert response.status_code == 422
