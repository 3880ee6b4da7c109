from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib

from .state import PreprocessState


@dataclass
class Bundle:
    version: str
    state: Any
    model: Any
    schema: Any

    @classmethod
    def open(cls, folder):
        folder = Path(folder)
        model, schema = joblib.load(folder / "rest.joblib")
        return cls(folder.name, PreprocessState.load(folder), model, schema)


def write_bundle(folder, state, model, schema):
    state.save(folder)
    joblib.dump((model, schema), Path(folder) / "rest.joblib")
