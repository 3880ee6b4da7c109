"""The package's HTTP service on a loopback port, asked like any client asks it."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .. import comparison, tables
from ..tables import Table
from .case import Package
from .own_answers import is_network
from .wording import difference

STARTUP = 30.0  # seconds until the service must be ready
Post = Callable[[list[dict[str, Any]]], dict[str, Any]]


@contextlib.contextmanager
def running(package: str) -> Iterator[Post]:
    """Run the service in a thread; yields a function that posts instances.

    Raises:
        RuntimeError: the service does not become ready, or answers with an error.
    """
    import uvicorn

    app = Package(f"{package}.service").app.create_app()
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        _wait(port, thread)
        yield lambda instances: _post(port, instances)
    finally:
        server.should_exit = True
        thread.join(5)
        listener.close()


def _wait(port: int, thread: threading.Thread) -> None:
    deadline = time.monotonic() + STARTUP
    text = ""
    while time.monotonic() < deadline and thread.is_alive():
        with contextlib.suppress(OSError, http.client.HTTPException):
            status, text = _ask(port, "GET", "/readyz", None)
            if status == 200:
                return
        time.sleep(0.02)
    raise RuntimeError(f"the service is not ready: {text[:200]}")


def _post(port: int, instances: list[dict[str, Any]]) -> dict[str, Any]:
    status, text = _ask(port, "POST", "/predict", json.dumps({"instances": instances}))
    if status != 200:
        raise RuntimeError(f"HTTP {status}: {' '.join(text.split())[:300]}")
    answer: dict[str, Any] = json.loads(text)
    return answer


def _ask(port: int, method: str, path: str, body: str | None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=STARTUP)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read().decode("utf-8", "replace")
    finally:
        connection.close()


def compare(post: Post, request: dict[str, Any], predictions: Table) -> tuple[str, str]:
    """Compare the answers for single rows and for all at once with those of the notebook's model.

    Probabilities and class names are compared with the package's own, which V11 compares with the
    notebook's.
    """
    expected = _in_the_notebooks_terms(request, predictions)
    probabilities, classes = _shares(request)
    rows, labels = request["rows"], [f"row {label}" for label in request["labels"]]
    single = is_network(request["model"]) or _in_single_precision(request)
    singles, together = [post([row]) for row in rows], post(rows)
    for what, given in (("one by one", _joined(singles)), ("in one request", together)):
        problem = _compare("predictions", expected, given["predictions"], labels, single)
        if not problem and probabilities is not None:
            shares = given.get("probabilities")
            problem = _compare("probabilities", probabilities, shares, labels, single)
        if not problem and given.get("classes") != classes:
            problem = f"classes are {given.get('classes')} instead of {classes}"
        if problem:
            return "failed", f"{what}: {problem}"
    return (
        "proven",
        f"{len(rows)} rows one by one and in one request, as the notebook predicts them",
    )


def _joined(answers: list[dict[str, Any]]) -> dict[str, Any]:
    """Return answers to one row each as the answer to all of them."""
    keys = [key for key in ("predictions", "probabilities") if answers[0].get(key) is not None]
    rows: dict[str, Any] = {key: [answer[key][0] for answer in answers] for key in keys}
    return {**rows, "classes": answers[0].get("classes")}


def _compare(what: str, expected: Table, given: Any, labels: list[str], single: bool) -> str:
    """Return how answers differ from those of the notebook's model, or an empty text."""
    actual = tables.table(given)
    if actual is None:
        return f"the answer has no {what}, the model has"
    if (actual.rows, actual.width) != (expected.rows, expected.width):
        return f"{what} have another shape than those of the notebook's model"
    differs = comparison.differences(expected, actual, single)
    return f"{what}: {difference(expected, actual, differs, labels)}" if differs.any() else ""


def _shares(request: dict[str, Any]) -> tuple[Table | None, list[Any] | None]:
    """Return the package's probabilities of the rows and its class names, as JSON carries them."""
    package = Package(request["package"])
    bundle = package.bundle.Bundle.open(Path(request["bundle"]))
    X = package.features.transform(bundle.schema.frame(request["rows"]), bundle.state)
    shares = package.answers.probabilities(bundle.model, X)
    if shares is None:
        return None, None
    names = package.answers.class_names(bundle.model, bundle.state)
    plain = None if names is None else [n.item() if hasattr(n, "item") else n for n in names]
    return tables.table(np.asarray(shares)), json.loads(json.dumps(plain, default=str))


def _in_single_precision(request: dict[str, Any]) -> bool:
    """Say whether the model predicts in 32 bits, as boosters do: what is computed from them is as coarse."""
    package = Package(request["package"])
    bundle = package.bundle.Bundle.open(Path(request["bundle"]))
    X = package.features.transform(bundle.schema.frame(request["rows"]), bundle.state)
    return bool(np.asarray(package.answers.predict(bundle.model, X)).dtype == np.float32)


def _in_the_notebooks_terms(request: dict[str, Any], predictions: Table) -> Table:
    """Return the notebook's predictions through ``answers.answer``, as JSON carries them."""
    package = Package(request["package"])
    bundle = package.bundle.Bundle.open(Path(request["bundle"]))
    answered = package.answers.answer(predictions.array(), bundle.state)
    found = tables.table(json.loads(json.dumps(np.asarray(answered).tolist(), default=str)))
    if found is None:
        raise RuntimeError("answers.answer returned no table")
    return found
