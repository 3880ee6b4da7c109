"""Every idiom that is served: its kernel is the preprocessing in pandas, bit for bit, or says why there is none."""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nbprod.modules import build
from nbprod.modules.values import Modules
from tests.cases.test_idioms import CASES, as_notebook, import_package, read_case, write_data

SERVED = [path for path in CASES if read_case(path).verdict.startswith("serves")]
SHARE = 0.85  # of the idioms that are served; loops over rows have no kernel


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def built(path: Path) -> Modules:
    return build(as_notebook("kernel_" + path.stem.replace("-", "_"), read_case(path).cells))


def test_most_idioms_are_lowered_and_the_others_say_why_and_where() -> None:
    kernels = {path.stem: built(path).kernel for path in SERVED}
    refused = {name: kernel for name, kernel in kernels.items() if not kernel["lowered"]}
    print(f"{len(kernels) - len(refused)} of {len(kernels)} idioms are lowered")
    for name, kernel in refused.items():
        print(f"  {name}, cell {kernel['cell']}:{kernel['line']}: {kernel['reason']}")
        assert kernel["reason"]
        assert kernel["cell"] > 0
        assert kernel["line"] > 0
    assert len(refused) <= (1 - SHARE) * len(kernels)


@pytest.mark.slow
@pytest.mark.parametrize("path", SERVED, ids=lambda p: p.stem)
def test_a_kernel_is_the_preprocessing_in_pandas(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = read_case(path)
    if int(pd.__version__.split(".")[0]) >= case.before:
        pytest.skip(f"the notebook itself needs pandas before {case.before:g}")
    modules = built(path)
    if not modules.kernel["lowered"]:
        pytest.skip(modules.kernel["reason"])
    monkeypatch.chdir(tmp_path)
    write_data(tmp_path)
    name = modules.package
    import_package(name, modules, tmp_path, monkeypatch)
    try:
        assert different(name) == []
    finally:
        for module in [m for m in sys.modules if m.split(".")[0] == name]:
            del sys.modules[module]


def different(package: str) -> list[str]:
    """Return where the kernel of a package differs: on all rows, some alone, and rows never met."""

    def part(name: str) -> ModuleType:
        return importlib.import_module(f"{package}.{name}")

    sources = part("data").load()
    state, training = part("features").fit(sources)
    raw = part("train").known_rows(sources[0], training, state)
    schema = part("schema").RawSchema.learn(raw, set(raw.columns))
    rows = schema.coerce(raw).reset_index(drop=True)
    parity = part("training.kernel_parity")
    values = parity.restored(part("training.kernel_state").kernel_state(state), state)
    plain = SimpleNamespace(**values)

    def compute(columns: Any) -> Any:
        return part("kernel").features(columns, plain)

    some = np.random.default_rng(0).permutation(len(rows))[:25]
    found = [parity.difference(rows, state, compute)]
    found += parity.differences(rows.iloc[some].reset_index(drop=True), state, compute)
    found += parity.differences(parity.fuzzed(rows, 25), state, compute)
    return [reason for reason in found if reason]
