"""The queue: batches of what waits, bounds, deadlines, and requests that do not spoil each other."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
import time

import pytest

from tests.services.shop import ROW, settings


class Scorer:
    """Records its batches; holds them while ``gate`` is closed."""

    def __init__(self):
        self.batches = []
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, payloads):
        self.gate.wait(5)
        self.batches.append(list(payloads))
        return [ValueError(p) if p == "bad" else f"{p}!" for p in payloads]


def run(shop, scenario, **changes):
    async def body():
        scorer = Scorer()
        limits = settings(shop, **changes)
        batcher = shop.batching.Batcher(scorer, limits, lambda: limits.batch_rows)
        batcher.start()
        try:
            return await scenario(batcher, scorer)
        finally:
            scorer.gate.set()
            await batcher.stop()

    return asyncio.run(body())


async def queued(batcher, scorer, payloads, rows=1):
    """Submit while one request, "first", occupies the thread."""
    scorer.gate.clear()
    first = asyncio.create_task(batcher.submit("first", 1))
    await asyncio.sleep(0.02)
    tasks = [asyncio.create_task(batcher.submit(p, rows)) for p in payloads]
    await asyncio.sleep(0.02)
    return [first, *tasks]


def test_what_waits_is_scored_together_in_order(shop):
    async def scenario(batcher, scorer):
        tasks = await queued(batcher, scorer, list("abcd"))
        scorer.gate.set()
        assert await asyncio.gather(*tasks) == ["first!", "a!", "b!", "c!", "d!"]
        assert scorer.batches == [["first"], ["a", "b", "c"], ["d"]]

    run(shop, scenario, batch_rows=3)


def test_a_lone_request_does_not_wait_for_company(shop):
    async def scenario(batcher, scorer):
        started = time.perf_counter()
        await batcher.submit("a", 1)
        return time.perf_counter() - started

    assert run(shop, scenario) < 0.1


def test_a_request_larger_than_a_batch_is_scored_alone(shop):
    async def scenario(batcher, scorer):
        tasks = await queued(batcher, scorer, ["a", "b"], rows=500)
        scorer.gate.set()
        await asyncio.gather(*tasks)
        assert scorer.batches == [["first"], ["a"], ["b"]]

    run(shop, scenario, batch_rows=64)


@pytest.mark.parametrize("bounds", [{"queue_requests": 2}, {"queue_rows": 2}])
def test_a_full_queue_refuses_at_once(shop, bounds):
    async def scenario(batcher, scorer):
        tasks = await queued(batcher, scorer, ["a", "b", "c"])
        refused = tasks[3].exception()
        assert (refused.status, refused.headers) == (503, {"Retry-After": "1"})
        scorer.gate.set()
        assert await asyncio.gather(*tasks[:3]) == ["first!", "a!", "b!"]

    run(shop, scenario, **bounds)


def test_a_request_past_its_deadline_is_refused_and_never_scored(shop):
    async def scenario(batcher, scorer):
        tasks = await queued(batcher, scorer, ["a"])
        await asyncio.sleep(0.1)
        assert tasks[1].exception().status == 503
        scorer.gate.set()
        await asyncio.sleep(0.05)
        assert scorer.batches == [["first"]]

    run(shop, scenario, deadline_seconds=0.08)


def test_an_error_belongs_to_its_own_request(shop):
    async def scenario(batcher, scorer):
        tasks = await queued(batcher, scorer, ["a", "bad", "c"])
        scorer.gate.set()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert [answers[1], answers[3]] == ["a!", "c!"]
        assert isinstance(answers[2], ValueError)

    run(shop, scenario)


def test_stopping_answers_what_still_waits(shop):
    async def scenario(batcher, scorer):
        tasks = await queued(batcher, scorer, ["a"])
        await batcher.stop()
        await asyncio.sleep(0)
        assert tasks[1].exception().status == 503

    run(shop, scenario)


class Counting:
    """A predictor that counts its calls."""

    def __init__(self, predictor):
        self.calls = 0
        self._predictor = predictor

    def predict(self, frame):
        self.calls += 1
        return self._predictor.predict(frame)


def batch(shop, registry, payloads):
    loaded = shop.live_model.open_version(registry, "v0001")
    counting = Counting(loaded.predictor)
    loaded = dataclasses.replace(loaded, predictor=counting)
    asked = [shop.scoring.Asked(payload) for payload in payloads]
    return shop.scoring.score_batch(loaded, asked), counting.calls


@pytest.mark.parametrize(
    ("bad", "most"),
    [
        pytest.param({"count": "x"}, 1, id="no row of the schema"),
        pytest.param({"amount": 1e300}, 5, id="a row outside the domain that breaks the model"),
        pytest.param({"city": "Rome", "count": 7}, 22, id="a plausible row that breaks the model"),
    ],
)
def test_one_bad_request_costs_few_predictions_and_nobody_elses_answer(shop, registry, bad, most):
    payloads = [[ROW]] * 31 + [[{**ROW, **bad}]] + [[ROW, ROW]] * 32
    results, calls = batch(shop, registry, payloads)
    assert results[31].status == 422
    assert results[31].errors[0]["column"] == list(bad)[-1]
    sizes = [len(r.answers.predictions) for i, r in enumerate(results) if i != 31]
    assert sizes == [1] * 31 + [2] * 32
    assert calls <= most


def test_a_row_that_only_fails_alone_is_scored_beside_golden_rows(shop, registry):
    lonely = [{**ROW, "note": "lonely"}]
    results, _ = batch(shop, registry, [lonely])
    assert results[0].answers.predictions.tolist() == [1]


def test_the_row_and_column_to_blame_are_named_in_a_large_batch(shop, registry):
    rows = [ROW] * 700 + [{**ROW, "count": 7}] + [ROW] * 300
    results, calls = batch(shop, registry, [rows])
    assert results[0].errors == [{"column": "count", "reason": shop.faults.UNREADABLE, "row": 700}]
    assert calls < 20


def test_a_batch_without_faults_is_one_prediction(shop, registry):
    results, calls = batch(shop, registry, [[ROW], [{**ROW, "amount": -1}], [ROW]])
    assert calls == 1
    assert [len(r.answers.warnings[0]) for r in results] == [0, 1, 0]
