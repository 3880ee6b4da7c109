"""Run a notebook's cells and keep what its chosen fit saw and said.

``python oracle_notebook.py REQUEST ANSWER``; executed by its path in the notebook's environment, which may be
old. ``REQUEST`` has the cells, the place of the fit and the place of the primary source; ``ANSWER`` receives
JSON: the raw rows, labels of the rows and the labels behind the fit, and the predictions for them.
"""

import builtins
import importlib
import json
import math
import os
import sys
import warnings
from pathlib import Path
from typing import Any, Callable  # noqa: UP035  old Pythons have no generic collections

MODELS = (
    "ensemble linear_model tree svm neighbors naive_bayes neural_network pipeline compose model_selection cluster "
    "discriminant_analysis gaussian_process multiclass multioutput calibration dummy semi_supervised mixture"
).split()
READERS = "read_csv read_table read_excel read_json read_parquet read_sql read_sql_query read_html read_pickle read_feather"
FOREIGN = ("xgboost", "lightgbm", "catboost", "imblearn.ensemble", "imblearn.pipeline", "keras")


class Watch:
    """What happened in the cells: reads, splits and fits with their places."""

    def __init__(self, request: dict) -> None:
        self.request = request
        self.depth = 0
        self.raw = None
        self.splits = []
        self.fit = None
        self.model = None
        self.heldout = []
        self.scores = None
        self.asked = []
        self.wrapped = set()
        self.names = {"__name__": "__main__"}

    def inside(self, place: list) -> bool:
        """Say whether a statement of the place is being executed: cell, first line, last line."""
        frame = sys._getframe(1)
        while frame is not None:
            name = frame.f_code.co_filename
            if name == f"<cell {place[0]}>" and place[1] <= frame.f_lineno <= place[2]:
                return True
            frame = frame.f_back
        return False

    def frame_labels(self, count: int) -> Any:
        """Return the row labels that all frames of a length share: those of arrays made from them."""
        frames = [value for value in self.names.values() if labels(value) and len(value) == count]
        found = [labels(frame) for frame in frames]
        found = [each for each in found if each != list(range(count))]
        return found[0] if found and all(each == found[0] for each in found) else None

    def read(self, table: Any) -> None:
        """Keep a table as it was read when the primary source is being read."""
        source = self.request["source"]
        if self.raw is None and source and hasattr(table, "columns") and self.inside(source):
            self.raw = table.copy(deep=True)

    def fitted(self, model: Any, x: Any, y: Any) -> None:
        """Keep the rows, the labels and the predictions of the fit that the project serves."""
        if not (self.inside(self.request["fit"]) and self.inside(self.request["top"])):
            return
        self.model = model
        self.heldout = []
        self.fit = {
            "rows": labels(x) or labels(y) or self.frame_labels(length(x)), "count": length(x), "y": None if y is None else values(y),
            "predicted": values(model.predict(x)), "splits": list(self.splits), "model": type(model).__name__,
        }  # fmt: skip
        self.scores = (
            second_class(model.predict_proba(x)) if hasattr(model, "predict_proba") else None
        )
        self.asked = []

    def scored(self, model: Any, answers: Any) -> None:
        """Keep the probabilities that the notebook asks the model for after the fit."""
        scores = second_class(answers) if model is self.model and self.fit is not None else None
        if scores is not None and len(self.asked) < 20:
            self.asked.append(scores)

    def decide(self) -> None:
        """Read off the threshold of a notebook that asks for probabilities alone and decides by itself.

        Some variable of zeros and ones is then a step of the probabilities; rows between its highest
        zero and its lowest one keep the model's prediction.
        """
        if self.fit is None or self.heldout or self.scores is None:
            return
        for scores in self.asked:
            for found in list(self.names.values()):
                step = threshold(scores, found)
                if step is not None:
                    names = plain(sorted(set(self.fit["predicted"]), key=str))
                    if len(names) == 2:
                        said = self.fit["predicted"]
                        for row, p in enumerate(self.scores):
                            sure = p <= step[0] or p >= step[1]
                            said[row] = names[p >= step[1]] if sure else said[row]

    def predicted(self, model: Any, x: Any, answers: Any) -> None:
        """Keep the predictions that the notebook itself makes with the model after the fit."""
        if model is self.model and self.fit is not None and len(self.heldout) < 20:
            self.heldout.append(
                {"rows": labels(x), "count": length(x), "predicted": values(answers)}
            )


def second_class(scores: Any) -> Any:
    """Return the probabilities of the second of two classes, None for other models."""
    return (
        values(scores[:, 1])
        if len(getattr(scores, "shape", ())) == 2 and scores.shape[1] == 2
        else None
    )


def threshold(scores: list, found: Any) -> Any:
    """Return the highest score with a zero and the lowest with a one, None where they are mixed."""
    if isinstance(found, type) or not isinstance(getattr(found, "shape", None), tuple):
        return None
    if found.shape != (len(scores),) or getattr(found, "name", None):  # a named one is a column
        return None
    decided = values(found)
    if set(decided) != {0, 1}:
        return None
    zeros = max(p for p, d in zip(scores, decided) if not d)  # noqa: B905  runs on old Pythons
    ones = min(p for p, d in zip(scores, decided) if d)  # noqa: B905
    return (zeros, ones) if zeros <= ones else None


def labels(table: Any) -> Any:
    """Return the labels of a frame's or a series' rows, None for anything else."""
    return (
        values(table.index) if hasattr(table, "index") and hasattr(table.index, "dtype") else None
    )


def length(rows: Any) -> int:
    return int(rows.shape[0]) if hasattr(rows, "shape") else len(rows)


def values(array: Any) -> Any:
    """Return plain Python values, nested like the array; floats keep every bit."""
    import numpy as np

    return plain(np.asarray(array).tolist())


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if hasattr(value, "item"):
        return plain(value.item())
    return None if str(value) in ("NaT", "<NA>") else str(value)


def table(frame: Any) -> dict:
    """Return a frame as JSON: column names, row labels and rows, missing values as null."""
    columns = [frame.iloc[:, position].tolist() for position in range(frame.shape[1])]
    return {
        "columns": [str(name) for name in frame.columns],
        "rows": [plain(list(row)) for row in zip(*columns)],  # noqa: B905  runs on old Pythons
        "labels": values(frame.index),
    }


def watch_readers(watch: Watch) -> None:
    import pandas as pd

    def wrap(reader: Callable) -> Callable:
        def read(*args: Any, **kwargs: Any) -> Any:
            found = reader(*args, **kwargs)
            watch.read(found)
            return found

        return read

    for name in READERS.split():
        if hasattr(pd, name):
            setattr(pd, name, wrap(getattr(pd, name)))


def watch_splits(watch: Watch) -> None:
    """Split row numbers along with whatever the notebook splits."""
    import numpy as np
    import sklearn.model_selection as selection

    split = selection.train_test_split

    def train_test_split(*arrays: Any, **options: Any) -> list:
        count = length(arrays[0])
        found = split(*arrays, np.arange(count), **options)
        parts = {"train": values(found[-2]), "test": values(found[-1])}
        watch.splits.append({"count": count, "labels": watch.frame_labels(count), **parts})
        return found[:-2]

    selection.train_test_split = train_test_split


def watch_models(watch: Watch) -> None:
    """Wrap ``fit`` and ``predict`` of every class that has both; new classes at every call."""
    import sklearn.base

    roots = [sklearn.base.BaseEstimator]
    if "keras" in sys.modules:
        roots.append(sys.modules["keras"].Model)
    if "xgboost" in sys.modules:
        roots.append(sys.modules["xgboost"].XGBModel)
    for name in ("lightgbm", "catboost"):
        if name in sys.modules:
            found = vars(sys.modules[name]).values()
            roots.extend(c for c in found if isinstance(c, type) and hasattr(c, "fit"))
    todo = roots
    while todo:
        cls = todo.pop()
        todo.extend(cls.__subclasses__())
        watch_class(watch, cls)
        for parent in cls.__mro__:  # some methods come from classes that are no estimators
            if callable(parent.__dict__.get("predict")):
                watch_class(watch, parent)


def watch_new_classes(watch: Watch) -> None:
    """Watch the classes that the notebook itself writes, from the moment they are made."""
    build = builtins.__build_class__

    def build_class(body: Callable, name: str, *bases: Any, **options: Any) -> Any:
        found = build(body, name, *bases, **options)
        if body.__code__.co_filename.startswith("<cell ") and hasattr(found, "predict"):
            watch_class(watch, found)
        return found

    builtins.__build_class__ = build_class


def watch_class(watch: Watch, cls: type) -> None:
    """Wrap the ``fit`` and the ``predict`` that a class itself defines, once."""
    if cls in watch.wrapped:
        return
    watch.wrapped.add(cls)
    for name, wrap in (
        ("fit", wrap_fit),
        ("predict", wrap_predict),
        ("predict_proba", wrap_scores),
    ):
        if callable(cls.__dict__.get(name)):
            try:
                setattr(cls, name, wrap(watch, cls.__dict__[name]))
            except (AttributeError, TypeError):
                continue


def wrap_fit(watch: Watch, fit: Callable) -> Callable:
    def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
        watch.depth += 1
        try:
            result = fit(self, *args, **kwargs)
        finally:
            watch.depth -= 1
        if watch.depth == 0:
            given = list(args)
            x = given.pop(0) if given else kwargs.get("X", kwargs.get("x"))
            y = given.pop(0) if given else kwargs.get("y")
            if hasattr(self, "predict") and x is not None:
                watch.depth += 1
                try:
                    watch.fitted(self, x, y)
                finally:
                    watch.depth -= 1
        return result

    watched.__wrapped__ = fit
    watched.__name__ = fit.__name__  # scikit-learn asks a method for its name
    return watched


def wrap_predict(watch: Watch, predict: Callable) -> Callable:
    def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
        watch.depth += 1
        try:
            result = predict(self, *args, **kwargs)
        finally:
            watch.depth -= 1
        if watch.depth == 0 and args:
            watch.predicted(self, args[0], result)
        return result

    watched.__wrapped__ = predict
    watched.__name__ = predict.__name__  # scikit-learn asks a method for its name
    return watched


def wrap_scores(watch: Watch, scores: Callable) -> Callable:
    def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
        watch.depth += 1
        try:
            result = scores(self, *args, **kwargs)
        finally:
            watch.depth -= 1
        if watch.depth == 0 and args:
            watch.scored(self, result)
        return result

    watched.__wrapped__ = scores
    watched.__name__ = scores.__name__  # scikit-learn asks a method for its name
    return watched


def quiet_surroundings() -> None:
    """Stand in for the notebook's screen: no plots, no display, magics that are gone already."""
    warnings.filterwarnings("ignore")
    os.environ["MPLBACKEND"] = "Agg"
    builtins.display = lambda *args, **kwargs: None
    nothing = type("Shell", (), {"__getattr__": lambda self, name: lambda *args, **kwargs: None})
    builtins.get_ipython = lambda: nothing()


def run(request: dict) -> dict:
    """Run the cells in order until the notebook ends or fails."""
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from oracle_pin import pin, pin_deep_learning

    quiet_surroundings()
    pin()
    code = "\n".join(cell["code"] for cell in request["cells"])
    for module in ["sklearn." + name for name in MODELS] + [n for n in FOREIGN if n in code]:
        try:
            importlib.import_module(module)
        except ImportError:
            continue
    watch = Watch(request)
    watch_readers(watch)
    watch_splits(watch)
    watch_new_classes(watch)
    pin_deep_learning()
    sys.path.insert(0, "")
    failure = ""
    for cell in request["cells"]:
        watch_models(watch)
        try:
            code = compile(cell["code"], "<cell {}>".format(cell["number"]), "exec")
            exec(code, watch.names)  # noqa: S102  running the notebook is what this program is for
        except Exception as error:  # noqa: BLE001  a notebook may fail in any way
            if "raises-exception" not in cell["tags"]:
                failure = "cell {}: {}: {}".format(cell["number"], type(error).__name__, error)
                break
    watch.decide()
    return {
        "raw": None if watch.raw is None else table(watch.raw),
        "fit": watch.fit, "heldout": watch.heldout, "failure": failure[:300],
    }  # fmt: skip


def main(request: str, answer: str) -> None:
    result = run(json.loads(Path(request).read_text(encoding="utf-8")))
    Path(answer).write_text(json.dumps(result), encoding="utf-8")
    os._exit(0)  # threads that the notebook left behind have nothing to say any more


if __name__ == "__main__":
    main(*sys.argv[1:])
