"""Show nbprod at work: convert a fixture notebook, train it, serve it, post one record, stop.

Everything happens in ``.demo/``; ``python scripts/demo.py STORY`` takes another story of ``fixtures/``.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[1]
STORY = "titanic-messy"
PACKAGE = "demo_model"
PATIENCE = 60.0  # seconds for the service to start on a slow machine


def main() -> None:
    story = sys.argv[1] if len(sys.argv) > 1 else STORY
    folder = ROOT / ".demo"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "fixtures" / story, folder)
    run(folder, "nbprod", "convert", "notebook.ipynb", "--name", PACKAGE)
    project = folder / PACKAGE
    run(project, PACKAGE, "train")
    with service(project) as address:
        record = first_record(project)
        answer = post(f"{address}/predict", {"instances": [record]})
    say(f"POST /predict {json.dumps({'instances': [record]})}")
    print(json.dumps(answer, indent=2))


def run(folder: Path, module: str, *arguments: str) -> None:
    say(f"{module} {' '.join(arguments)}")
    subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=folder, env=environment(folder), check=True
    )


def environment(folder: Path) -> dict[str, str]:
    """Let Python find the generated package without installing it."""
    return {**os.environ, "PYTHONPATH": str(folder / "src")}


@contextmanager
def service(project: Path) -> Iterator[str]:
    """Start the service on a free port, wait until it is ready, stop it afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    say(f"{PACKAGE} serve --port {port}")
    process = subprocess.Popen(
        [sys.executable, "-m", PACKAGE, "serve", "--port", str(port)],
        cwd=project, env=environment(project), stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_ready(f"{address}/readyz", process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            sys.exit(f"the service stopped with exit code {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"the service was not ready after {PATIENCE:.0f} seconds")


def first_record(project: Path) -> object:
    """Return the first row of the notebook's own data, as a client would send it."""
    plan = json.loads((project / ".nbprod" / "plan.json").read_text("utf-8"))
    rows = pd.read_csv(project.parent / plan["data_files"][0])
    features = rows.drop(columns=plan["target"], errors="ignore")
    return json.loads(features.head(1).to_json(orient="records"))[0]


def post(url: str, body: object) -> object:
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"{error}: {error.read().decode()}")


def say(text: str) -> None:
    print(f"\n$ {text}", flush=True)


if __name__ == "__main__":
    main()
