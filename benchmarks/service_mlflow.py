"""The peer `mlflow models serve`: the same feature code and model as a pyfunc, one worker."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import mlflow.pyfunc
import pandas as pd

FOLDER = Path(os.environ["BENCH_FOLDER"]) / "mlflow-model"


class Model(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
    """Loads the champion of the generated project."""

    def load_context(self, context: Any) -> None:
        """Open the bundle once."""
        package = os.environ["BENCH_PACKAGE"]
        registry = importlib.import_module(f"{package}.registry").open_registry()
        self.bundle = importlib.import_module(f"{package}.bundle").Bundle.open(
            registry.path(registry.champion())
        )
        self.features = importlib.import_module(f"{package}.features")
        self.answers = importlib.import_module(f"{package}.answers")
        self.types = {column.name: column.dtype for column in self.bundle.schema.columns}

    def predict(self, context: Any, model_input: pd.DataFrame, params: Any = None) -> Any:
        """Score a frame."""
        df = model_input.reindex(columns=list(self.types)).astype(self.types)
        X = self.features.transform(df, self.bundle.state)
        return self.answers.answer(self.answers.predict(self.bundle.model, X), self.bundle.state)


if __name__ == "__main__":
    shutil.rmtree(FOLDER, ignore_errors=True)
    mlflow.pyfunc.save_model(FOLDER, python_model=Model(), pip_requirements=[])
    command = [sys.executable, "-m", "mlflow", "models", "serve", "-m", str(FOLDER)]
    options = ["--env-manager", "local", "--port", os.environ["BENCH_PORT"], "--workers", "1"]
    os.execv(sys.executable, command + options)
