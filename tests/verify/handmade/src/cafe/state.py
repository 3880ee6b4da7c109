from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import joblib


@dataclass
class PreprocessState:
    bill_by_day: Any = None
    rare_days: list = field(default_factory=list)
    bill_bins: Any = None
    scaler: Any = None
    columns: list = field(default_factory=list)

    def save(self, folder):
        joblib.dump(vars(self), Path(folder) / "state.joblib")

    @classmethod
    def load(cls, folder):
        return cls(**joblib.load(Path(folder) / "state.joblib"))
