import numpy as np


def predict(model, X):
    return np.asarray(model.predict(X))


def probabilities(model, X):
    return np.asarray(model.predict_proba(X))


def answer(predictions, state):
    return np.asarray(predictions)


def class_names(model, state):
    return list(model.classes_)


def target(raw, state):
    return raw["tip"].to_numpy() if "tip" in raw else None
