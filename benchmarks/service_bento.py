"""The peer BentoML: the same feature code and model behind one API, one worker."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import bentoml
import pandas as pd


@bentoml.service(workers=1, traffic={"timeout": 30})
class Peer:
    """Loads the champion of the generated project."""

    def __init__(self) -> None:
        package = os.environ["BENCH_PACKAGE"]
        registry = importlib.import_module(f"{package}.registry").open_registry()
        self.bundle = importlib.import_module(f"{package}.bundle").Bundle.open(
            registry.path(registry.champion())
        )
        self.features = importlib.import_module(f"{package}.features")
        self.answers = importlib.import_module(f"{package}.answers")
        self.types = {column.name: column.dtype for column in self.bundle.schema.columns}

    @bentoml.api
    def predict(self, instances: list[dict[str, Any]]) -> list[Any]:
        """Score a request."""
        return self.scored(instances)

    def scored(self, instances: list[dict[str, Any]]) -> list[Any]:
        """Answers of rows."""
        df = pd.DataFrame(instances, columns=list(self.types)).astype(self.types)
        X = self.features.transform(df, self.bundle.state)
        predictions = self.answers.predict(self.bundle.model, X)
        return list(self.answers.answer(predictions, self.bundle.state).tolist())

    @bentoml.api(batchable=True, max_batch_size=64, max_latency_ms=1000)
    def predict_together(self, instances: list[dict[str, Any]]) -> list[Any]:
        """Score what requests of many clients hold, together."""
        return self.scored(instances)


if __name__ == "__main__":
    os.chdir(Path(__file__).parent)
    options = ["--port", os.environ["BENCH_PORT"], "--host", "127.0.0.1"]
    command = [sys.executable, "-m", "bentoml", "serve", "service_bento:Peer", *options]
    os.execv(sys.executable, command)
