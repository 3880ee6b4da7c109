from typing import Any

from fastapi import FastAPI

from ..bundle import Bundle
from ..predict import Predictor
from ..registry import open_registry


def create_app():
    app = FastAPI()
    registry = open_registry()
    predictor = Predictor(Bundle.open(registry.path(registry.champion())))

    @app.get("/readyz")
    def ready():
        return {"status": "ready"}

    @app.post("/predict")
    def predict(body: dict[str, Any]):
        found = predictor.predict_records(body["instances"])
        return {
            "predictions": found.predictions.tolist(),
            "probabilities": found.probabilities.tolist(),
            "classes": list(found.classes),
            "warnings": found.warnings,
        }

    return app
