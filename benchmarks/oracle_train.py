"""Train a generated project with the same pinned randomness as the notebook's run.

``python oracle_train.py SRC PACKAGE``; executed by its path in the project's environment.
"""

import sys
import warnings
from importlib import import_module
from pathlib import Path


def main(source: str, package: str) -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    from oracle_pin import pin, pin_deep_learning

    warnings.filterwarnings("ignore")
    pin()
    sys.path.insert(0, source)
    import_module(package + ".model")
    pin_deep_learning()
    sys.exit(import_module(package + ".cli").main(["train"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
