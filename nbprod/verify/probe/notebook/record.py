"""Record the fit that the package reproduces, and what the notebook asks the fitted model."""

from __future__ import annotations

import functools
import inspect
import json
import os
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Optional

from .. import randomness, storage, tables
from . import calls
from .asking import Asking, as_table
from .networks import Networks

MOST_PREDICTIONS = 12
MOST_CELLS = 20 * 10**6  # values in one recorded table


class Recorder:
    """Sees every marked call of the notebook; keeps the last one at the sink."""

    def __init__(self, folder: str, sink: dict[str, Any]) -> None:
        self.folder = folder
        self.sink = sink
        self.spans: dict[int, list[list[int]]] = {}
        self.fit: dict[str, Any] | None = None
        self.predictions: list[dict[str, Any]] = []
        self.reads: list[dict[str, Any]] = []
        self.fits: list[dict[str, Any]] = []
        self.rows_added = 0
        self._model: Any = None
        self._holders: dict[int, Any] = {}
        self._busy = False
        self._process = os.getpid()
        plan = sink.get("request")
        self.asking = Asking(plan, sink["cell"]) if plan else None
        trained = sink.get("network")
        self.networks = Networks(trained) if trained else None

    def __call__(self, function: Any, name: str, cell: int, line: int) -> Any:
        if self._busy or os.getpid() != self._process or not callable(function):
            return function
        if inspect.isclass(function) and name not in calls.HOLDERS:
            return function
        return functools.partial(self._called, function, name, cell, line)

    def __reduce__(self) -> Any:
        # Workers of joblib unpickle functions of the notebook with their globals; they record nothing.
        return eval, ("lambda function, *place: function",)

    def _called(
        self, function: Any, name: str, cell: int, line: int, *args: Any, **kwargs: Any
    ) -> Any:
        if name in calls.HOLDERS:
            result = function(*args, **kwargs)
            self._hold(result, function, args, kwargs)
            return result
        if name in calls.ANSWERS:
            result = function(*args, **kwargs)
            self._guarded(self._answered, function, name, cell, line, args, kwargs, result)
            return result
        if name in calls.FITS:
            return self._fitted(function, name, cell, line, args, kwargs)
        args = self._placed(args)
        result = function(*args, **kwargs)
        self._guarded(self._read, function, name, cell, line, args, kwargs, result)
        return result

    def _placed(self, args: Any) -> Any:
        """Read a file where it lies when it is not where the notebook had it."""
        placed = self.sink.get("placed") or {}
        if args and isinstance(args[0], (str, os.PathLike)):
            path = os.fspath(args[0])
            if path in placed and not os.path.exists(path):  # noqa: PTH110
                return (placed[path], *args[1:])
        return args

    def _fitted(
        self, function: Any, name: str, cell: int, line: int, args: Any, kwargs: Any
    ) -> Any:
        top_cell, top_line = _outermost(cell, line)
        here = self._is_sink(cell, line, top_cell, top_line)
        owner = getattr(function, "__self__", None)
        if self._model is not None and owner is self._model:
            self._model = None
        captured = self._guarded(self._inputs, function, args, kwargs) if here else None
        before = randomness.PIN["unseeded"]
        randomness.pin_libraries()
        result = function(*args, **kwargs)
        unseeded = randomness.PIN["unseeded"] > before
        if name == "fit_resample":
            self.rows_added += _rows_added(function, args, kwargs, result)
        self.fits.append({"cell": cell, "line": line, "class": _class(owner), "unseeded": unseeded})
        if here and captured is not None:
            model = owner if owner is not None and hasattr(owner, "predict") else result
            if inspect.ismodule(owner) or _class(owner).startswith("statsmodels."):
                model = result
            self._guarded(self._keep, model, result, name, captured, unseeded)
            assert self.fit is not None
            self.fit.update(cell=cell, line=line, top_cell=top_cell, top_line=top_line)
        return result

    def _inputs(self, function: Any, args: Any, kwargs: Any) -> dict[str, Any]:
        x, y = _arguments(function, args, kwargs)
        asked = x
        if id(x) in self._holders:
            _, x, y = self._holders[id(x)]
        owner = getattr(function, "__self__", None)
        if x is None and owner is not None and hasattr(owner, "exog"):
            asked, x, y = self._built_around(owner)
        return {
            "asked": asked,
            "plain": x,
            "X": tables.table(x),
            "y": tables.table(y),
            "type": _class(x),
        }

    def _built_around(self, owner: Any) -> tuple[Any, Any, Any]:
        """Return what a model of statsmodels was built around, as the notebook had it."""
        formula = self.sink.get("formula")
        if formula:
            table = owner.data.frame
            rows = table[formula["columns"]]
            return rows, rows, table[owner.endog_names]
        x = getattr(owner.data, "orig_exog", owner.exog)
        y = getattr(owner.data, "orig_endog", owner.endog)
        return x, x, y

    def _keep(
        self,
        model: Any,
        result: Any,
        name: str,
        captured: dict[str, Any],
        unseeded: bool,
    ) -> None:
        self.predictions = []
        self._model = model
        x = captured["asked"]
        predicted = (
            tables.table(result) if name == "fit_predict" else self._ask(model, "predict", x)
        )
        if predicted is None:  # a booster of LightGBM is asked for rows, not for its data set
            predicted = self._ask(model, "predict", captured["plain"])
        self.fit = {
            "X": self._save(captured["X"], "X"),
            "y": self._save(captured["y"], "y"),
            "type": captured["type"],
            "predictions": self._save(predicted, "predictions"),
            "probabilities": self._save(self._ask(model, "predict_proba", x), "probabilities"),
            "class": _class(model),
            "params": parameters(model),
            "unseeded": unseeded,
        }

    def cell_done(self, cell: int, names: dict[str, Any]) -> None:
        """Ask the function of the ``predict`` cell, right after the cell has run."""
        if self.asking is None or cell != self.asking.cell:
            return
        asked = self._guarded(self.asking.ask, names)
        if asked is None:
            return
        answered = as_table(asked["answers"], asked["labels"])
        sink = self.sink
        self.fit = {
            "X": self._save(answered, "X"),
            "y": None,
            "type": "request",
            "predictions": self._save(answered, "predictions"),
            "probabilities": None,
            "class": "builtins.function",
            "params": {},
            "unseeded": not asked["repeats"],
            "others": asked["others"],
            "cell": cell,
            "line": sink.get("line"),
            "top_cell": cell,
            "top_line": sink.get("line"),
        }

    def trained(self, cell: int, names: dict[str, Any]) -> None:
        """Keep what a loop of the notebook trained its network on, and what the network says of it."""
        assert self.networks is not None
        plan = self.networks.plan
        rows, label = (self.networks.rows(name, plan[name]) for name in ("rows", "label"))
        if rows is None or plan["model"] not in names:
            return
        network = names[self.networks.plan["model"]]
        predicted = self._guarded(self._outputs, names, rows)
        self.fit = {
            "X": self._save(tables.table(rows), "X"),
            "y": self._save(tables.table(label), "y"),
            "type": _class(rows),
            "predictions": self._save(predicted, "predictions"),
            "probabilities": None,
            "class": "torch." + type(network).__name__,
            "params": {},
            "unseeded": False,
            "cell": cell,
            "line": self.networks.plan["end"]["line"],
            "top_cell": cell,
            "top_line": self.networks.plan["end"]["line"],
        }
        self.networks.trained = True

    def _outputs(self, names: dict[str, Any], rows: Any) -> Any:
        assert self.networks is not None
        try:
            return tables.table(self.networks.outputs(names, rows))
        except Exception:  # noqa: BLE001  a network without this answer has none to compare
            return None

    def finish(self, names: dict[str, Any]) -> None:
        """Keep the rows that a trained network was asked for, and the notebook's answers."""
        found = self.networks.asked() if self.networks is not None else []
        for number, (rows, answer, cell, line) in enumerate(found[-MOST_PREDICTIONS:]):
            described = self._save(tables.table(rows), "asked%d" % number)  # noqa: UP031
            answers = self._save(tables.table(answer), "answered%d" % number)  # noqa: UP031
            if described is not None and answers is not None:
                entry = {"call": "answers", "cell": cell, "line": line}
                said = self._guarded(self._outputs, names, rows)
                place = "outputs%d" % number  # noqa: UP031
                entry.update(X=described, answers=answers, outputs=self._save(said, place))
                self.predictions.append(entry)

    def _ask(self, model: Any, name: str, x: Any) -> Any:
        try:
            found = getattr(model, name)(x)
            several = name == "predict_proba" and isinstance(found, list)  # one table an output
            return None if several else tables.table(found)
        except Exception:  # noqa: BLE001  a model without this answer has none to compare
            return None

    def _save(self, found: Any, name: str) -> Any:
        if found is None or (
            found.rows * max(found.width, 1) > MOST_CELLS and found.kind != "sparse"
        ):
            return None
        return storage.save(found, self.folder, name)

    def _answered(
        self, function: Any, name: str, cell: int, line: int, args: Any, kwargs: Any, result: Any
    ) -> None:
        owner = getattr(function, "__self__", None)
        if owner is None or owner is not self._model or len(self.predictions) >= MOST_PREDICTIONS:
            return
        x, _ = _arguments(function, args, kwargs)
        if id(x) in self._holders:
            x = self._holders[id(x)][1]
        number = len(self.predictions)
        described = self._save(tables.table(x), "asked%d" % number)  # noqa: UP031
        answers = self._save(tables.table(result), "answered%d" % number)  # noqa: UP031
        if described is not None and answers is not None:
            self.predictions.append(
                {"call": name, "cell": cell, "line": line, "X": described, "answers": answers}
            )

    def _read(
        self, function: Any, name: str, cell: int, line: int, args: Any, kwargs: Any, result: Any
    ) -> None:
        if self.asking is not None:
            self.asking.read(cell, line, result)
        try:
            json.dumps([args, kwargs])
        except (TypeError, ValueError):
            return
        self.reads.append(
            {
                "call": name,
                "cell": cell,
                "line": line,
                "args": list(args),
                "kwargs": kwargs,
                "columns": [str(c) for c in getattr(result, "columns", [])],
                "rows": len(result) if hasattr(result, "__len__") else 0,
            }
        )

    def _hold(self, result: Any, function: Any, args: Any, kwargs: Any) -> None:
        values = dict(kwargs)
        x = args[0] if args else values.get("data")
        y = args[1] if len(args) > 1 else values.get("label")
        # The holder is kept too: its id must not be given to another object.
        self._holders[id(result)] = (result, x, y)

    def _guarded(self, action: Callable[..., Any], *args: Any) -> Any:
        """Run our own code; what the model's methods call meanwhile is not the notebook's doing."""
        self._busy = True
        try:
            return action(*args)
        finally:
            self._busy = False

    def _is_sink(self, cell: int, line: int, top_cell: int, top_line: int) -> bool:
        sink = self.sink
        outer = sink.get("top_cell") or top_cell, sink.get("top_line") or top_line
        return self._within(cell, line, sink.get("cell"), sink.get("line")) and self._within(
            top_cell, top_line, *outer
        )

    def _within(self, cell: int, line: int, cell_of: Any, line_of: Any) -> bool:
        """Say whether two lines belong to the same innermost statement."""
        if cell != cell_of:
            return False
        return bool(self._statement(cell, line) == self._statement(cell, line_of))

    def _statement(self, cell: int, line: int) -> Any:
        around = [span for span in self.spans.get(cell, []) if span[0] <= line <= span[1]]
        return max(around, key=lambda span: (span[0], -span[1])) if around else line


def _arguments(function: Any, args: Any, kwargs: Any) -> tuple[Any, Any]:
    try:
        bound = list(inspect.signature(function).bind(*args, **kwargs).arguments.values())
        names = list(inspect.signature(function).bind(*args, **kwargs).arguments)
    except (TypeError, ValueError):
        bound, names = list(args) + list(kwargs.values()), [""] * len(args) + list(kwargs)
    pairs = dict(zip(names, bound))  # noqa: B905
    x = next(
        (pairs[name] for name in ("X", "x", "train_set", "dtrain", "data") if name in pairs), None
    )
    y = next((pairs[name] for name in ("y", "Y", "label") if name in pairs), None)
    if x is None and args:
        x, y = args[0], args[1] if len(args) > 1 else kwargs.get("y")
    return x, y


def _rows_added(function: Any, args: Any, kwargs: Any, result: Any) -> int:
    """Return how many rows a resampler made up."""
    x, _ = _arguments(function, args, kwargs)
    try:
        return max(0, int(result[0].shape[0]) - int(x.shape[0]))
    except (AttributeError, TypeError, IndexError):
        return 0


def _outermost(cell: int, line: int) -> tuple[int, int]:
    """Return cell and line of the statement that, through helpers, led to this call."""
    frame: Optional[FrameType] = sys._getframe(1)  # noqa: UP045  Python 3.7
    found = (cell, line)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith("<cell ") and name.endswith(">"):
            found = (int(name[6:-1]), frame.f_lineno)
        frame = frame.f_back
    return found


def _class(value: Any) -> str:
    return "" if value is None else f"{type(value).__module__}.{type(value).__name__}"


def parameters(model: Any) -> dict[str, str]:
    """Return the hyperparameters that have a value of their own, as text."""
    try:
        found = model.get_params(deep=True)
    except Exception:  # noqa: BLE001  not every model has parameters
        return {}
    plain = (bool, int, float, str, type(None))
    texts = {}
    for name, value in found.items():
        if hasattr(value, "item") and not getattr(value, "shape", ()):
            value = value.item()
        if isinstance(value, plain):
            texts[name] = repr(value)
        elif isinstance(value, (list, tuple)) and all(isinstance(item, plain) for item in value):
            texts[name] = repr(list(value))
    return texts
