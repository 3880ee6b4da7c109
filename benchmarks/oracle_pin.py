"""Make unseeded randomness repeat: ``random_state=None`` means 0, in the notebook's run and in training.

Executed by its path in both processes, before anything else is imported; knows nothing of nbprod.
"""

import random
from typing import Any


def pin() -> None:
    """Seed the global generators and every later ``random_state=None`` of scikit-learn and pandas."""
    import numpy as np

    random.seed(0)
    np.random.seed(0)
    _pin_layers()
    try:
        import pandas.core.common as pandas_common
        import sklearn.utils
        import sklearn.utils.validation
    except ImportError:
        return
    seeded, sampled = sklearn.utils.validation.check_random_state, pandas_common.random_state

    def check_random_state(seed: Any = None) -> Any:
        return np.random.RandomState(0) if seed is None else seeded(seed)

    def random_state(state: Any = None) -> Any:
        return np.random.RandomState(0) if state is None else sampled(state)

    # Libraries take the function by name when they are imported, which is after this.
    sklearn.utils.validation.check_random_state = check_random_state
    sklearn.utils.check_random_state = check_random_state
    pandas_common.random_state = random_state


def _pin_layers() -> None:
    """Give every layer of Keras without a seed the same one: it draws them with ``random.randint``."""
    import sys

    drawn = random.randint

    def randint(a: int, b: int) -> int:
        if not sys._getframe(1).f_globals.get("__name__", "").startswith(("keras.", "tf_keras.")):
            return drawn(a, b)
        if "tensorflow" in sys.modules:
            sys.modules["tensorflow"].random.set_seed(0)
        return 1

    random.randint = randint


def pin_deep_learning() -> None:
    """Seed Keras and PyTorch where they are imported already."""
    import sys

    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(0)
    elif "tensorflow" in sys.modules:
        sys.modules["tensorflow"].random.set_seed(0)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)
