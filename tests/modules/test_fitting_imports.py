"""A library that only learning needs is imported where something is learned, unless an object of it is kept."""

from __future__ import annotations

import pytest

from nbprod.modules.fitting_imports import kept_by, learn_late

SMOTE = "from imblearn.over_sampling import SMOTE"
FEATURES = {
    "used while serving": ("    X = SMOTE().anything(X)", False),
    "used while serving, too": (
        "    if fitting:\n        SMOTE()\n    else:\n        SMOTE()",
        False,
    ),
    "rows of it go on": (
        "    if fitting:\n        X, y = SMOTE().fit_resample(X, y)\n    return X, y",
        True,
    ),
    "an object of it gives rows": (
        "    if fitting:\n        smote = SMOTE()\n        X, y = smote.fit_resample(X, y)\n    return X, y",
        True,
    ),
    "an object of it is state": ("    if fitting:\n        state.smote = SMOTE()", False),
    "an object of it is state under another name": (
        "    if fitting:\n        made = [SMOTE()]\n        state.first = made[0].fit(X)",
        False,
    ),
    "an object of it is put into state": (
        "    if fitting:\n        made = SMOTE()\n        state.all.append(made)",
        False,
    ),
    "an object of it goes on": ("    if fitting:\n        a = SMOTE()\n    return a", False),
    "names of columns are state": (
        "    if fitting:\n        state.names = list(SMOTE().fit(X).get_support())",
        True,
    ),
}


@pytest.mark.parametrize(("body", "late"), FEATURES.values(), ids=FEATURES)
def test_what_serving_and_state_do_not_need_is_late(body: str, late: bool) -> None:
    moved = learn_late(f"def prepare(X, y, state, *, fitting):\n{body}\n", [SMOTE])
    assert moved.head == (() if late else (SMOTE,))
    assert moved.source.count(SMOTE) == (1 if late else 0)
    compile(moved.source, "features.py", "exec")


def test_the_import_stands_at_the_head_of_what_learns() -> None:
    source = (
        "def a(X, *, fitting):\n    if fitting:\n        X = SMOTE().fit_resample(X)\n    return X"
    )
    lines = learn_late(source, [SMOTE]).source.splitlines()
    assert lines[2:4] == [f"        {SMOTE}", ""]


HELPER = 'def balance(X, y):\n    """More rows."""\n    return SMOTE().fit_resample(X, y)\n\n\n'


def test_a_function_that_only_learning_calls_imports_for_itself() -> None:
    source = f"{HELPER}def a(X, y, *, fitting):\n    if fitting:\n        X, y = balance(X, y)\n    return X"
    moved = learn_late(source, [SMOTE])
    assert moved.head == ()
    assert moved.source.splitlines()[2] == f"    {SMOTE}"


def test_a_function_that_serving_calls_keeps_its_library_at_hand() -> None:
    source = f"{HELPER}def a(X, y, *, fitting):\n    X, y = balance(X, y)\n    return X"
    assert learn_late(source, [SMOTE]).head == (SMOTE,)


def test_what_every_service_has_stays_at_the_head() -> None:
    line = "from sklearn.model_selection import train_test_split"
    source = "def a(X, *, fitting):\n    if fitting:\n        X = train_test_split(X)\n    return X"
    assert learn_late(source, [line]).head == (line,)


MODELS = {
    "the model is of it": ("xgboost", "    return XGBClassifier().fit(X, y)", True),
    "a part of the model is": (
        "imblearn.pipeline",
        "    model = make_pipeline(XGBClassifier(), Scaler())\n    model.fit(X, y)\n    return model",
        True,
    ),
    "it found parameters": (
        "optuna",
        "    study = XGBClassifier()\n    study.optimize(1)\n    model = Tree(**study.best_params)\n    return model",
        False,
    ),
    "its functions return plain values": (
        "hyperopt",
        "    best = XGBClassifier(1)\n    model = Tree(**best)\n    return model",
        False,
    ),
    "a list holds an object of it": (
        "xgboost",
        "    models = []\n    for _ in range(2):\n        models.append(XGBClassifier())\n    return Voting(models)",
        True,
    ),
}


@pytest.mark.parametrize(("module", "body", "kept"), MODELS.values(), ids=MODELS)
def test_what_a_model_holds_is_kept(module: str, body: str, kept: bool) -> None:
    line = f"from {module} import XGBClassifier"
    found = kept_by(f"def fit_model(X, y):\n{body}\n", "fit_model", [line])
    assert found == ({module.partition(".")[0]} if kept else set())


def test_what_a_helper_makes_is_kept_with_the_model() -> None:
    source = "def make():\n    return XGBClassifier()\n\n\ndef fit_model(X, y):\n    return make().fit(X, y)"
    assert kept_by(source, "fit_model", ["from xgboost import XGBClassifier"]) == {"xgboost"}
