from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from sklearn.preprocessing import StandardScaler

from .state import PreprocessState


@dataclass
class Training:
    X: Any
    y: Any
    rows: Any = None
    holdout: Any = None
    extras: dict = field(default_factory=dict)


def prepare(df, state, *, fitting):
    if fitting:
        state.bill_by_day = df.groupby("day")["bill"].median()
    df["bill"] = df["bill"].fillna(df["day"].map(state.bill_by_day))
    if fitting:
        counts = df["day"].value_counts()
        state.rare_days = list(counts[counts < 15].index)
    df["day"] = df["day"].replace(state.rare_days, "other")
    df["per_head"] = df["bill"] / df["party"]
    if fitting:
        df = df[df["bill"] < 150].copy()
        state.bill_bins = pd.qcut(df["bill"], 4, retbins=True)[1]
    df["band"] = pd.cut(df["bill"], state.bill_bins, labels=False, include_lowest=True).fillna(3)
    target = df["tip"] if fitting else None
    X = pd.get_dummies(df[["party", "bill", "per_head", "band", "day"]], columns=["day"], dtype=int)
    if fitting:
        state.columns = list(X.columns)
    X = X.reindex(columns=state.columns, fill_value=0)
    if fitting:
        state.scaler = StandardScaler().fit(X[["bill", "per_head"]])
    X[["bill", "per_head"]] = state.scaler.transform(X[["bill", "per_head"]])
    return X, target


def fit(sources):
    state = PreprocessState()
    X, y = prepare(sources.visits.copy(), state, fitting=True)
    return state, Training(X, y, rows=X.index)


def transform(raw, state):
    X, _ = prepare(raw.reset_index(drop=True), state, fitting=False)
    return X.set_axis(raw.index)
