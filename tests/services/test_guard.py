"""Keys, CORS, request ids, and what an operator sees."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from tests.services.shop import ROW, start

BODY = {"instances": [ROW]}


def test_without_a_configured_key_none_is_asked_for(client):
    assert client.post("/predict", json=BODY).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 401, id="none"),
        pytest.param({"x-api-key": "wrong"}, 401, id="a wrong one"),
        pytest.param({"x-api-key": ""}, 401, id="an empty one"),
        pytest.param({"x-api-key": "one"}, 200, id="the first"),
        pytest.param({"authorization": "Bearer two"}, 200, id="the second, as a bearer"),
    ],
)
def test_a_configured_key_is_asked_for(shop, registry, headers, status):
    with start(shop, registry, api_keys=("one", "two")) as client:
        assert client.post("/predict", json=BODY, headers=headers).status_code == status


def test_only_probes_and_metrics_are_open_without_the_key(shop, registry):
    with start(shop, registry, api_keys=("one",)) as client:
        routes = [r for r in client.app.routes if "GET" in getattr(r, "methods", ())]
        paths = {r.path.replace("{version}", "v0001") for r in routes}
        answered = {path for path in paths if client.get(path).status_code != 401}
    assert {"/livez", "/readyz", "/metrics", "/ping", "/v2/health/live"} <= answered
    assert not {"/docs", "/openapi.json", "/schema", "/drift", "/v1/models"} & answered


def test_other_origins_are_not_allowed_unless_configured(shop, registry, client):
    origin = {"origin": "https://shop.example"}
    assert "access-control-allow-origin" not in client.get("/livez", headers=origin).headers
    with start(shop, registry, cors_origins=("https://shop.example",)) as open_client:
        allowed = open_client.get("/livez", headers=origin).headers
    assert allowed["access-control-allow-origin"] == "https://shop.example"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param("abc-123", True, id="a plain one"),
        pytest.param('a"<script>', False, id="markup"),
        pytest.param("x" * 200, False, id="a long one"),
    ],
)
def test_the_request_id_of_the_caller_is_kept_when_harmless(client, given, kept):
    answer = client.get("/livez", headers={"x-request-id": given}).headers["x-request-id"]
    assert (answer == given) is kept
    assert len(answer) <= 128


def test_logs_are_json_with_request_id_and_version_and_without_the_row(shop, client, caplog):
    with caplog.at_level(logging.INFO):
        client.post("/predict", json=BODY, headers={"x-request-id": "r1"})
    lines = [json.loads(shop.logs.JsonFormatter().format(record)) for record in caplog.records]
    line = next(line for line in lines if line.get("request_id") == "r1")
    assert (line["route"], line["status"], line["model_version"]) == ("/predict", 200, "v0001")
    assert "Oslo" not in json.dumps(lines)


def test_unknown_paths_share_one_route_in_the_metrics(client):
    client.get("/guess/1")
    client.get("/guess/2")
    text = client.get("/metrics").text
    assert 'route="other"' in text
    assert "guess" not in text


def test_a_setting_that_cannot_be_read_is_named(shop):
    with pytest.raises(ValueError, match="SHOP_MAX_ROWS='many' cannot be read"):
        shop.settings.ServiceSettings.from_environment({"SHOP_MAX_ROWS": "many"})
    with pytest.raises(ValueError, match="SHOP_DOCS='maybe' cannot be read"):
        shop.settings.ServiceSettings.from_environment({"SHOP_DOCS": "maybe"})


def test_settings_come_from_the_environment(shop, monkeypatch):
    given = {"SHOP_API_KEYS": "a, b", "SHOP_DOCS": "no", "SHOP_DEADLINE_SECONDS": "1.5"}
    settings = shop.settings.ServiceSettings.from_environment({**given, "PORT": "9000"})
    assert settings.api_keys == ("a", "b")
    assert (settings.docs, settings.deadline_seconds, settings.port) == (False, 1.5, 9000)


def test_the_variable_that_kubernetes_sets_for_a_service_is_not_taken_for_the_port(shop):
    given = {"SHOP_PORT": "tcp://10.0.0.7:8080", "PORT": "9000"}
    assert shop.settings.ServiceSettings.from_environment(given).port == 9000
    with pytest.raises(ValueError, match="SHOP_PORT='80a' cannot be read"):
        shop.settings.ServiceSettings.from_environment({"SHOP_PORT": "80a"})


def test_the_service_listens_on_loopback_outside_a_container(shop, monkeypatch):
    settings = shop.settings.ServiceSettings()
    monkeypatch.setattr(shop.settings, "in_container", lambda: False)
    assert settings.bind_host == "127.0.0.1"
    monkeypatch.setattr(shop.settings, "in_container", lambda: True)
    assert settings.bind_host == "0.0.0.0"
    assert shop.settings.ServiceSettings(host="10.0.0.1").bind_host == "10.0.0.1"


def test_docs_can_be_switched_off(shop, registry):
    with start(shop, registry, docs=False) as client:
        assert client.get("/docs").status_code == client.get("/openapi.json").status_code == 404


def test_tracing_without_its_packages_says_what_to_install(shop, registry, monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.resources", None)
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter", None)
    with pytest.raises(RuntimeError, match="install the extra `tracing`"):
        start(shop, registry, tracing=True)
