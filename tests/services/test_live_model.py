"""Readiness, reloads, and versions that must not answer."""

from __future__ import annotations

import gc
import random
import threading
import time
import weakref
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fastapi.testclient import TestClient
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.services.shop import ROW, publish, settings, start, wait_for

BODY = {"instances": [ROW]}


def version(client):
    return client.get("/readyz").json().get("model_version")


def test_without_a_champion_the_service_lives_but_is_not_ready(shop, tmp_path: Path):
    registry = shop.registry.FileRegistry(tmp_path / "empty")
    with TestClient(shop.app.create_app(settings(shop), registry)) as client:
        assert client.get("/livez").status_code == 200
        response = client.get("/readyz")
        assert (response.status_code, "train" in response.json()["detail"]) == (503, True)
        answer = client.post("/predict", json=BODY)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        publish(shop, registry, 1)
        wait_for(lambda: client.get("/readyz").status_code == 200)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"golden": [{"record": ROW, "prediction": 99}]}, id="other golden answers"),
        pytest.param({"broken": True}, id="a hash that differs"),
    ],
)
def test_a_version_that_fails_its_checks_leaves_the_old_one_in_place(
    shop, registry, client, changes
):
    bad = publish(shop, registry, 2, **changes)
    registry.promote(bad)
    wait_for(lambda: bad in client.app.state.inference.live.problem)
    assert client.post("/predict", json=BODY).json()["model_version"] == "v0001"
    good = publish(shop, registry, 3)
    registry.promote(good)
    wait_for(lambda: version(client) == good)


def test_the_model_is_out_of_the_collectors_way_and_goes_when_it_is_replaced(
    shop, registry, client
):
    # The version answers a moment before the thread that opened it has put it aside.
    wait_for(lambda: gc.get_freeze_count() > 1000)
    assert len(gc.get_objects(generation=2)) < gc.get_freeze_count() / 2
    old = weakref.ref(client.app.state.inference.live.current.bundle)
    registry.promote(publish(shop, registry, 2))
    wait_for(lambda: old() is None)


def test_a_version_that_keeps_failing_is_tried_less_and_less_often(shop, registry, client):
    live = client.app.state.inference.live
    bad = publish(shop, registry, 2, broken=True)
    registry.promote(bad)
    wait_for(lambda: bad in live.problem)
    first = live._failures
    for _ in range(20):
        live.refresh()
    assert live._failures == first


@pytest.mark.parametrize("registry", ["kept"], indirect=True)
def test_a_model_that_hangs_makes_the_service_not_ready_until_it_returns(shop, registry):
    registry.promote(publish(shop, registry, 2, seconds=1.0))
    with start(shop, registry, deadline_seconds=0.1) as client:
        assert client.post("/predict", json=BODY).status_code == 503
        wait_for(lambda: "end" in client.get("/readyz").json().get("detail", ""), 1)
        assert client.get("/livez").status_code == 200
        wait_for(lambda: client.get("/readyz").status_code == 200)


def test_a_rollback_reaches_the_service(shop, registry, client):
    second = publish(shop, registry, 2)
    registry.promote(second)
    wait_for(lambda: version(client) == second)
    registry.rollback()
    wait_for(lambda: version(client) == "v0001")


def test_under_reloads_every_answer_belongs_to_the_version_it_names(shop, registry):
    """Two versions trade places ten thousand times while clients ask; v000N answers N."""
    publish(shop, registry, 2)
    pair = [shop.live_model.open_version(registry, v) for v in ("v0001", "v0002")]
    stop = threading.Event()
    answers = []

    def ask(client):
        while not stop.is_set():
            body = {"instances": [ROW] * random.randint(1, 3)}
            answers.append(client.post("/predict", json=body).json())

    with start(shop, registry, reload_seconds=0.0, access_log=False) as client:
        threads = [threading.Thread(target=ask, args=(client,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in range(10_000):
            client.app.state.inference.live._replace(pair[number % 2])
            time.sleep(0.0001)
        stop.set()
        for thread in threads:
            thread.join()
    pairs = {(a["model_version"], *set(a["predictions"])) for a in answers}
    assert pairs == {("v0001", 1), ("v0002", 2)}


def test_models_score_on_one_core(shop):
    model = make_pipeline(StandardScaler(), RandomForestClassifier(3, n_jobs=-1))
    model.fit(np.eye(4), [0, 1, 0, 1])
    shop.kept.use_one_core(model)
    assert model[-1].n_jobs == 1
    shop.kept.use_one_core(object())


def test_drift_is_reported_for_what_was_answered(shop, registry, client):
    assert client.get("/drift").status_code == 404
    frame = pd.DataFrame({"amount": np.linspace(0, 100, 500), "count": 1, "city": "Oslo"})
    profile = shop.profile.Profile.learn(frame, np.ones(500))

    def write(folder):
        shop.bundle.write_bundle(folder, 2)
        profile.save(folder / shop.profile.FILE)

    registry.promote(registry.publish(write))
    wait_for(lambda: version(client) == "v0002")
    client.post("/predict", json={"instances": [{**ROW, "amount": 99}] * 300})
    report = client.get("/drift?since=1h").json()
    assert (report["rows"], report["drifted"]) == (300, ["amount"])
    assert client.get("/drift?since=yesterday").status_code == 422
