"""The fixed parts of a package that answers requests with a function of the notebook."""

from __future__ import annotations

FEATURES_TITLE = '''"""What {name} reads, learned from the training data, and its answer to each request.

``fit`` runs the statements of the notebook once; a request only calls the function.
"""'''

TRAINING = '''@dataclass
class Training:
    """The answers to known requests, and which requests they are."""

    X: Any
    y: Any
    rows: pd.Index | None = None
    holdout: pd.Index | None = None
    extras: dict[str, Any] = field(default_factory=dict)'''

KNOWN = '''MOST_ANSWERED = 2000  # known requests that are answered at training, evenly spaced


def known_requests(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the requests whose answers a version is judged by, (n requests, n columns)."""
    return rows.iloc[:: -(-len(rows) // MOST_ANSWERED) or 1]'''

TRANSFORM = '''def transform(raw: pd.DataFrame, state: PreprocessState) -> pd.DataFrame:
    """Return the answer to each request in the column ``answer``, (n requests, 1)."""
    {lines}
    return pd.DataFrame({{"answer": pd.Series(found, index=raw.index, dtype=object)}})'''

PER_ROW = {
    "series": "plain_answer({name}(raw.iloc[row]{state}))",
    "dict": "plain_answer({name}(raw.iloc[row].to_dict(){state}))",
    "frame": "plain_answer(first_answer({name}(raw.iloc[[row]]{state})))",
}

FIRST = '''def first_answer(answers: Any) -> Any:
    """Return the answer to the one row that the function was handed."""
    if hasattr(answers, "iloc"):
        return answers.iloc[0]
    return answers[0] if hasattr(answers, "__len__") and not isinstance(answers, str) else answers'''

MODEL = '''"""The function of the notebook that answers a request; ``features.py`` learns what it reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .asking import {name}
from .features import Training


def fit_model(training: Training) -> Callable[..., Any]:
    """Return the function: what it reads is in the state, so there is nothing left to fit."""
    return {name}
'''

ANSWERS = '''"""Answers of the notebook's function, as they are sent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .state import PreprocessState


def predict(model: Any, X: Any) -> np.ndarray:
    """Return the answers, (n requests,); ``features.transform`` has asked the function for them."""
    return np.asarray(X["answer"].infer_objects().to_numpy())


def probabilities(model: Any, X: Any) -> np.ndarray | None:
    """Return None: the function gives answers."""
    return None


def answer(predictions: np.ndarray, state: PreprocessState) -> np.ndarray:
    """Return the answers; they are in the terms of the notebook already."""
    return np.asarray(predictions)


def class_names(model: Any, state: PreprocessState) -> list[Any] | None:
    """Return None: the function gives answers."""
    return None


def target(raw: pd.DataFrame, state: PreprocessState) -> np.ndarray | None:
    """Return None: requests carry no label."""
    return None
'''

REQUESTS = '''def asked(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the request behind each row, (n rows, {count}); what is not in the data has its default."""
    known = rows[{columns}].set_axis({names}, axis=1)
    return known{constants}


def requests_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return every request that the data knows of, once, (n requests, {count})."""
    return asked(rows).dropna(subset={names}).drop_duplicates(ignore_index=True)'''
