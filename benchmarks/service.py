"""One model behind several servers, in one run: ours on both rungs, plain FastAPI, mlflow, BentoML.

    python benchmarks/service.py --project DIR [--seconds 5] [--peers compiled,kept,plain,mlflow,bentoml,batched]

DIR is a generated project whose model is trained. Every peer gets an environment of its own under
`.bench/` (some hundred megabytes), one worker process, and the same feature code and
model; only the serving differs. The table goes to standard output, as Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

HERE = Path(__file__).parent
SHARED = ["fastapi", "uvicorn[standard]", "msgspec", "prometheus-client", "pyarrow"]
MODEL = ["numpy", "scipy", "pandas", "scikit-learn", "joblib"]
CLIENTS = (1, 16, 64, 256)


@dataclass(frozen=True)
class Peer:
    """How a server is started and asked."""

    name: str
    requirements: tuple[str, ...]
    command: tuple[str, ...]
    path: str = "/predict"
    health: str = "/health"
    key: str = "instances"
    variables: tuple[tuple[str, str], ...] = ()  # of the environment, after the package's prefix
    home: str = ""  # the peer whose environment it shares

    @property
    def ours(self) -> bool:
        return "serve" in self.command


PEERS = (
    Peer("compiled", (), ("-m", "{package}", "serve"), health="/livez", home="ours"),
    Peer(
        "kept",
        (),
        ("-m", "{package}", "serve"),
        health="/livez",
        variables=(("COMPILED", "0"),),
        home="ours",
    ),
    Peer("plain", (), (str(HERE / "service_plain.py"),), home="ours"),
    Peer(
        "mlflow",
        ("mlflow",),
        (str(HERE / "service_mlflow.py"),),
        "/invocations",
        "/health",
        "dataframe_records",
    ),
    Peer("bentoml", ("bentoml>=1.4",), (str(HERE / "service_bento.py"),), health="/livez"),
    Peer(
        "batched",
        ("bentoml>=1.4",),
        (str(HERE / "service_bento.py"),),
        "/predict_together",
        "/livez",
        home="bentoml",
    ),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--peers", default=",".join(peer.name for peer in PEERS))
    parser.add_argument("--folder", type=Path, default=Path(".bench"))
    options = parser.parse_args()
    project = options.project.resolve()
    package = next((project / "src").glob("*/service")).parent.name
    chosen = [peer for peer in PEERS if peer.name in options.peers.split(",")]
    rows = {
        peer.name: run(peer, project, package, options.folder.resolve(), options.seconds)
        for peer in chosen
    }
    print(table(rows))


def run(peer: Peer, project: Path, package: str, folder: Path, seconds: float) -> dict[str, Any]:
    """Start a peer, load it with each number of clients, stop it."""
    python = environment(peer, project, folder)
    with server(peer, python, project, package, folder) as (process, port, started):
        body = request_body(peer, python, project, package)
        load(port, peer, 4, 1.0, body)  # warm
        result: dict[str, Any] = {"start": started}
        for clients in CLIENTS:
            before = cpu_seconds(process)
            measured = load(port, peer, clients, seconds, body)
            spent = cpu_seconds(process) - before
            answers = max(1, sum(measured["statuses"].values()))
            result[clients] = {**measured, "cpu": spent / answers * 1e6}
            print(peer.name, clients, json.dumps(result[clients]), file=sys.stderr)
        result["memory"] = sum(p.memory_info().rss for p in family(process)) / 2**20
    return result


def environment(peer: Peer, project: Path, folder: Path) -> Path:
    """The interpreter of a peer's environment, made when it is missing."""
    home = folder / (peer.home or peer.name)
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        pip = [python, "-m", "pip", "install", "-q"]
        needed = [*SHARED, *peer.requirements, *model_pins(project)]
        subprocess.run([*pip, *needed], check=True)
        subprocess.run([*pip, "--no-deps", "-e", str(project)], check=True)
    return python


def model_pins(project: Path) -> list[str]:
    """The versions that the model was made with; what carries requests may differ from server to server."""
    told = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    pins: list[str] = told["project"]["dependencies"]
    return [pin for pin in pins if pin.partition("==")[0] in MODEL]


@contextmanager
def server(
    peer: Peer, python: Path, project: Path, package: str, folder: Path
) -> Iterator[tuple[psutil.Process, int, float]]:
    """A running peer: its process, port, and the seconds until it answered."""
    port = 18080
    variables = {
        **os.environ,
        "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
        "BENCH_PACKAGE": package,
        "BENCH_PORT": str(port),
        "BENCH_FOLDER": str(folder),
        f"{package.upper()}_PORT": str(port),
        f"{package.upper()}_ACCESS_LOG": "0",
        "BENTOML_DO_NOT_TRACK": "True",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "PYTHONPATH": str(project / "src"),
        **{f"{package.upper()}_{name}": value for name, value in peer.variables},
    }
    command = [str(python), *(part.format(package=package) for part in peer.command)]
    with (folder / f"{peer.name}.log").open("w") as log:
        started = time.monotonic()
        running = subprocess.Popen(command, env=variables, cwd=project, stdout=log, stderr=log)
        try:
            wait_until_ready(port, "/readyz" if peer.ours else peer.health)
            yield psutil.Process(running.pid), port, time.monotonic() - started
        finally:
            members = family(psutil.Process(running.pid))
            for member in members:
                member.terminate()
            _, alive = psutil.wait_procs(members, timeout=15)
            for member in alive:
                member.kill()


def wait_until_ready(port: int, path: str) -> None:
    """Poll until the peer answers 200; gives up after two minutes."""
    for _ in range(6000):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.02)
    raise SystemExit(f"nothing answered on {path}; see the log in the folder of the benchmark")


def request_body(peer: Peer, python: Path, project: Path, package: str) -> bytes:
    """One row of the model's examples, in the form of the peer."""
    code = (
        f"import json; from {package}.registry import open_registry as o; "
        f"from {package}.bundle import Bundle as B; r = o(); "
        "s = B.open(r.path(r.champion())).schema; "
        "print(json.dumps({c.name: c.example for c in s.columns}))"
    )
    path = {**os.environ, "PYTHONPATH": str(project / "src")}
    row = subprocess.run(
        [python, "-c", code], env=path, cwd=project, check=True, capture_output=True
    )
    return json.dumps({peer.key: [json.loads(row.stdout)]}).encode()


def load(port: int, peer: Peer, clients: int, seconds: float, body: bytes) -> dict[str, Any]:
    """Load a peer from another process."""
    command = [sys.executable, str(HERE / "service_load.py"), str(port), peer.path]
    command += [str(clients), str(seconds), peer.health]
    result = subprocess.run(command, input=body, check=True, capture_output=True)
    return dict(json.loads(result.stdout))


def family(process: psutil.Process) -> list[psutil.Process]:
    """A process and all that it started."""
    return [process, *process.children(recursive=True)]


def cpu_seconds(process: psutil.Process) -> float:
    """Processor time of a process and its children, user and system."""
    times = [member.cpu_times() for member in family(process)]
    return sum(t.user + t.system for t in times)


def table(rows: dict[str, dict[str, Any]]) -> str:
    """The results as a Markdown table."""
    head = ["", *(f"requests/s, {n}" for n in CLIENTS), "p99 ms, 16", "health ms, 256 (max)"]
    head += [*(f"CPU us/request, {n}" for n in CLIENTS), "memory MB", "start s"]
    lines = [head, ["---", *["---:"] * (len(head) - 1)]]
    for name, row in rows.items():
        rates = [f"{row[n]['good_per_second']:.0f}" for n in CLIENTS]
        probe = f"{row[256]['probe_p50']:.0f} ({row[256]['probe_max']:.0f})"
        costs = [f"{row[n]['cpu']:.0f}" for n in CLIENTS]
        rest = [f"{row[16]['p99']:.0f}", probe, *costs]
        lines.append([name, *rates, *rest, f"{row['memory']:.0f}", f"{row['start']:.1f}"])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
