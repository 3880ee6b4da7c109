"""Layers of a network get the same first weights in both runs; what a notebook draws by itself stays random."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from nbprod.verify.probe import randomness


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    before, seed = random.randint, randomness.PIN["seed"]
    yield
    random.randint = before
    randomness.PIN["seed"] = seed


def asked_by(module: str) -> int:
    """Draw a seed as a layer without one does, in a module of this name."""
    space: dict[str, Any] = {"__name__": module, "random": random}
    exec("def make_default_seed():\n    return random.randint(1, int(1e9))", space)
    return int(space["make_default_seed"]())


@pytest.mark.parametrize("module", ["keras.src.random.seed_generator", "keras.backend"])
def test_layers_get_the_same_seed_whatever_was_drawn_before(module: str) -> None:
    randomness._pin_networks()
    first = asked_by(module)
    random.random()
    assert asked_by(module) == first


def test_another_pin_is_another_seed() -> None:
    randomness._pin_networks()
    first = asked_by("keras.backend")
    randomness.PIN["seed"] = 7
    assert asked_by("keras.backend") != first


def test_what_the_notebook_draws_stays_random() -> None:
    randomness._pin_networks()
    assert len({asked_by("__main__") for _ in range(20)}) > 1


def test_batches_come_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds: list[int] = []
    tensorflow = SimpleNamespace(random=SimpleNamespace(set_seed=seeds.append))
    monkeypatch.setitem(sys.modules, "tensorflow", tensorflow)
    randomness._pin_networks()
    asked_by("keras.src.layers")
    assert seeds == [randomness.PIN["seed"]]


def test_pytorch_is_seeded_once_and_adds_on_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, int]] = []
    torch = SimpleNamespace(
        manual_seed=lambda seed: done.append(("seed", seed)),
        set_num_threads=lambda count: done.append(("threads", count)),
    )
    monkeypatch.setitem(sys.modules, "torch", torch)
    randomness.pin_libraries()
    randomness.pin_libraries()  # later imports must not undo what the notebook seeded
    assert sorted(done) == [("seed", randomness.PIN["seed"]), ("threads", 1)]
