"""Compiled versions and others follow each other in one process, and the metrics say which one answers."""

from __future__ import annotations

import importlib

import pytest

from tests.services.shop import ROW, publish, start, wait_for

BODY = {"instances": [ROW]}


def rungs(client):
    """The rungs that the metrics show as the one that answers, with their reasons."""
    lines = [
        line for line in client.get("/metrics").text.splitlines() if "model_serving_rung{" in line
    ]
    return [line for line in lines if line.endswith(" 1.0")]


def answered_by(client):
    return client.post("/predict", json=BODY).json()["model_version"]


@pytest.mark.parametrize("registry", ["compiled"], indirect=True)
def test_a_version_that_is_not_compiled_follows_without_a_restart(shop, registry, client):
    assert client.app.state.inference.loaded().rung == "compiled"
    assert answered_by(client) == "v0001"
    registry.promote(publish(shop, registry, 2, rung="kept"))
    wait_for(lambda: answered_by(client) == "v0002")
    assert [line for line in rungs(client) if 'rung="kept"' in line]
    registry.promote(publish(shop, registry, 3))
    wait_for(lambda: answered_by(client) == "v0003")
    assert [line for line in rungs(client) if 'rung="compiled"' in line]


@pytest.mark.parametrize("registry", ["compiled"], indirect=True)
def test_a_compiled_form_that_cannot_be_opened_gives_way_to_the_trained_model(
    shop, registry, monkeypatch
):
    def open_nothing(folder):
        raise OSError("another machine")

    predictor = importlib.import_module("shop.compiled.predictor")
    monkeypatch.setattr(predictor.CompiledBundle, "open", open_nothing)
    real = shop.live_model._open_kept
    opened = []

    def kept(folder, version, reason):
        monkeypatch.undo()
        opened.append(reason)
        return real(folder, version, reason)

    monkeypatch.setattr(shop.live_model, "_open_kept", kept)
    loaded = shop.live_model.open_version(registry, "v0001")
    assert (loaded.rung, loaded.reason) == ("kept", opened[0])
    assert "OSError" in loaded.reason


@pytest.mark.parametrize("registry", ["compiled"], indirect=True)
def test_the_compiled_form_can_be_switched_off(shop, registry):
    with start(shop, registry, compiled=False) as client:
        assert client.app.state.inference.loaded().rung == "kept"
        assert answered_by(client) == "v0001"


@pytest.mark.parametrize("registry", ["compiled"], indirect=True)
def test_errors_of_the_short_way_are_problems_like_all_others(client):
    for body, status in (
        (b"no JSON", 400),
        (b'{"instances": []}', 422),
        (b'{"instances": [{"amount": "x"}]}', 422),
    ):
        answer = client.post("/predict", content=body, headers={"content-type": "application/json"})
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["x-request-id"]
    assert 'route="/predict",status="422"' in client.get("/metrics").text
