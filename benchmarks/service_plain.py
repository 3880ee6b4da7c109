"""The peer that people write by hand: FastAPI, pydantic, `DataFrame([dict])`, the model as it is."""

from __future__ import annotations

import importlib
import os
from typing import Any

import pandas as pd
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

package = os.environ["BENCH_PACKAGE"]
registry = importlib.import_module(f"{package}.registry").open_registry()
bundle = importlib.import_module(f"{package}.bundle").Bundle.open(
    registry.path(registry.champion())
)
features = importlib.import_module(f"{package}.features")
answers = importlib.import_module(f"{package}.answers")
types = {column.name: column.dtype for column in bundle.schema.columns}


class Body(BaseModel):
    """What the route takes."""

    instances: list[dict[str, Any]]


app = FastAPI()


@app.get("/health")
def health() -> dict[str, str]:
    """Whether the process runs."""
    return {"status": "ok"}


@app.post("/predict")
def predict(body: Body) -> dict[str, Any]:
    """Score a request."""
    df = pd.DataFrame(body.instances, columns=list(types)).astype(types)
    X = features.transform(df, bundle.state)
    predictions = answers.answer(answers.predict(bundle.model, X), bundle.state)
    shares = answers.probabilities(bundle.model, X)
    return {
        "predictions": predictions.tolist(),
        "probabilities": None if shares is None else shares.tolist(),
    }


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["BENCH_PORT"]), access_log=False)
