"""Pin every unseeded random source, in the notebook's run and in the package's run alike.

A notebook that trains without a seed cannot be compared with anything, not even with itself. Where a
library would draw from the clock or from the global generator, it gets a generator with a fixed seed,
new for every call, so that the answer does not depend on what ran before.
"""

from __future__ import annotations

import random
import sys
from typing import Any

PIN = {"seed": 0, "unseeded": 0}


def pin() -> None:
    """Seed the global generators and pin the libraries that are imported now."""
    random.seed(PIN["seed"])
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(PIN["seed"])
        _pin_numpy(numpy)
    _pin_networks()
    pin_libraries()


def pin_libraries() -> None:
    """Pin scikit-learn and pandas where they are imported and not pinned yet."""
    numpy = sys.modules.get("numpy")
    validation = sys.modules.get("sklearn.utils.validation")
    check = getattr(validation, "check_random_state", None)
    if check is not None and "_nbprod_pin" not in check.__globals__:
        check.__globals__["_nbprod_pin"] = PIN
        check.__code__ = _check_random_state.__code__
    common = sys.modules.get("pandas.core.common")
    state = getattr(common, "random_state", None)
    if state is not None and not hasattr(state, "_nbprod_pin"):
        setattr(common, "random_state", _pandas_random_state(state, numpy))  # noqa: B010
    _pin_torch()


def _pin_torch() -> None:
    """Let PyTorch draw the same numbers in every run, and add them up in the same order: on one thread."""
    torch: Any = sys.modules.get("torch")
    if hasattr(torch, "manual_seed") and not hasattr(torch, "_nbprod_pin"):
        torch._nbprod_pin = True
        torch.set_num_threads(1)
        torch.manual_seed(PIN["seed"])


def _check_random_state(seed: Any) -> Any:
    # Runs with the globals of sklearn.utils.validation: every module that imported the function by
    # name keeps the same function object, so only its code can be exchanged.
    if seed is None or seed is np.random:  # type: ignore[name-defined]  # noqa: F821
        _nbprod_pin["unseeded"] += 1  # type: ignore[name-defined]  # noqa: F821
        return np.random.RandomState(_nbprod_pin["seed"])  # type: ignore[name-defined]  # noqa: F821
    if isinstance(seed, numbers.Integral):  # type: ignore[name-defined]  # noqa: F821
        return np.random.RandomState(seed)  # type: ignore[name-defined]  # noqa: F821
    if isinstance(seed, np.random.RandomState):  # type: ignore[name-defined]  # noqa: F821
        return seed
    raise ValueError("%r cannot be used to seed a RandomState instance" % seed)  # noqa: UP031


def _pandas_random_state(original: Any, numpy: Any) -> Any:
    def random_state(state: Any = None) -> Any:
        if state is None:
            PIN["unseeded"] += 1
            return numpy.random.RandomState(PIN["seed"])
        return original(state)

    random_state._nbprod_pin = True  # type: ignore[attr-defined]
    return random_state


def _pin_networks() -> None:
    """Let layers of Keras draw the same first weights whatever was drawn before, and batches the same order.

    Keras takes the seed of every layer without one from ``random.randint``, in every version. Only its own
    calls are answered here: what a notebook draws must stay random.
    """
    original = random.randint
    if hasattr(original, "_nbprod_pin"):
        return

    def randint(low: int, high: int) -> int:
        asking = sys._getframe(1).f_globals.get("__name__", "")
        if not asking.startswith(("keras.", "tf_keras.")):
            return original(low, high)
        tensorflow = sys.modules.get("tensorflow")
        if tensorflow is not None:
            tensorflow.random.set_seed(PIN["seed"])
        return min(max(low, PIN["seed"] + 1), high)

    randint._nbprod_pin = True  # type: ignore[attr-defined]
    setattr(random, "randint", randint)  # noqa: B010


def _pin_numpy(numpy: Any) -> None:
    original = getattr(numpy.random, "default_rng", None)
    if original is None or hasattr(original, "_nbprod_pin"):
        return

    def default_rng(seed: Any = None) -> Any:
        if seed is None:
            PIN["unseeded"] += 1
            seed = PIN["seed"]
        return original(seed)

    default_rng._nbprod_pin = True  # type: ignore[attr-defined]
    numpy.random.default_rng = default_rng
