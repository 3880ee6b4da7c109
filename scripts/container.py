"""Build the Dockerfile of a generated project with buildah, run it unprivileged on a read-only root, and try it.

    python scripts/container.py [--story titanic-messy] [--rootfs DIR] [--mirror URL]

Needs root and buildah, no container engine. The base image is pulled; where there is no registry, it is made
from a Debian root file system: ``--rootfs DIR``, or one that debootstrap fetches from ``--mirror``. What pip is
configured by on this machine (certificates, index) is mounted while the image is built, never copied.

Checks: no root user, labels, health check, entry point; as that user on a read-only root with an empty /tmp the
service becomes ready, answers, passes its health check, and after SIGTERM under load ends without a lost request.
Prints the figures; exit code 1 when a check fails, 0 with the reason where it cannot run.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from scripts.demo import first_record  # noqa: E402

BUILDAH = ("buildah", "--storage-driver", "vfs")
PACKAGE = "demo_model"
IMAGE = f"localhost/{PACKAGE}:check"
PIP_VARIABLES = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CERT", "SSL_CERT_FILE", "HTTPS_PROXY")
PIP_FILES = ("/etc/pip.conf", "/root/.config/pip", "/root/.pip", "/etc/ssl/certs")
MOUNT_POINTS = ("run/.containerenv", "etc/hosts", "etc/resolv.conf")
CLIENTS = 8


class CheckFailed(Exception):
    """The image or the container is not as promised."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--story", default="titanic-messy")
    parser.add_argument("--rootfs", type=Path, help="a Debian root with python3 and python3-venv")
    parser.add_argument("--mirror", default="http://deb.debian.org/debian")
    parser.add_argument("--stage", default="", help="of the Dockerfile, such as lean; the last one")
    options = parser.parse_args()
    reason = missing()
    if reason:
        print(f"skipped: {reason}")
        return
    folder = Path(tempfile.mkdtemp())
    try:
        project = convert(options.story, folder)
        provide_base(project, options.rootfs, options.mirror, folder)
        build(project, options.stage)
        check_image()
        with container() as name:
            check_container(name, first_record(project))
    except CheckFailed as error:
        sys.exit(f"failed: {error}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def missing() -> str:
    """Why this machine cannot run the check, empty when it can."""
    if shutil.which("buildah") is None:
        return "buildah is not installed"
    return "" if os.geteuid() == 0 else "chroot isolation needs root"


def convert(story: str, folder: Path) -> Path:
    """Convert and train a story of ``fixtures/``."""
    notebook = folder / "notebook"
    shutil.copytree(ROOT / "fixtures" / story, notebook)
    python = [sys.executable, "-m"]
    paths = {**os.environ, "PYTHONPATH": str(ROOT)}
    arguments = [*python, "nbprod", "convert", "notebook.ipynb", "--name", PACKAGE]
    subprocess.run(arguments, cwd=notebook, env=paths, check=True, capture_output=True)
    project = notebook / PACKAGE
    paths["PYTHONPATH"] = str(project / "src")
    subprocess.run(
        [*python, PACKAGE, "train"], cwd=project, env=paths, check=True, capture_output=True
    )
    return project


def provide_base(project: Path, rootfs: Path | None, mirror: str, folder: Path) -> None:
    """Make sure that the image the Dockerfile starts from is in the local storage."""
    lines = (project / "Dockerfile").read_text().splitlines()
    base = next(line.split()[1] for line in lines if line.startswith("FROM "))
    name = f"docker.io/library/{base}"
    if rootfs is None and (succeeds("inspect", "--type", "image", name) or succeeds("pull", name)):
        return
    if rootfs is None:
        rootfs = folder / "rootfs"
        debootstrap(rootfs, mirror)
    working = output("from", "scratch")
    subprocess.run(["cp", "-a", f"{rootfs}/.", output("mount", working)], check=True)
    link = Path(output("mount", working)) / "usr/bin/python"
    if not link.exists():
        link.symlink_to("python3")
    buildah("config", "--env", "PATH=/usr/local/bin:/usr/bin:/bin", working)
    buildah("commit", "--format", "docker", working, name)
    buildah("rm", working)


def debootstrap(rootfs: Path, mirror: str) -> None:
    """A minimal Debian with Python, the release of this machine."""
    if shutil.which("debootstrap") is None:
        print("skipped: the base image cannot be pulled, and debootstrap is not installed")
        sys.exit(0)
    release = Path("/etc/os-release").read_text().partition("VERSION_CODENAME=")[2].split()[0]
    wanted = "--include=python3,python3-venv,ca-certificates"
    command = ["debootstrap", "--variant=minbase", wanted, release, str(rootfs), mirror]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def build(project: Path, stage: str) -> None:
    """Build the image, with this machine's way to the package index."""
    started = time.monotonic()
    volumes = [path for path in PIP_FILES if Path(path).exists()]
    given = {name: os.environ[name] for name in PIP_VARIABLES if os.environ.get(name)}
    arguments = [part for path in volumes for part in ("--volume", f"{path}:{path}:ro")]
    arguments += [part for name, value in given.items() for part in ("--env", f"{name}={value}")]
    options = ["--isolation", "chroot", "--pull-never", "--format", "docker", "--tag", IMAGE]
    options += ["--target", stage] if stage else []
    done = run("build", *options, *arguments, str(project))
    if done.returncode:
        raise CheckFailed(f"the build ended with {done.returncode}: {done.stderr[-2000:]}")
    print(f"built in {time.monotonic() - started:.0f} s")


def check_image() -> None:
    """The image says what it should about user, labels, entry point and health."""
    config = json.loads(output("inspect", "--type", "image", IMAGE))["Docker"]["config"]
    user = config["User"].partition(":")[0]
    if not user.isdigit() or int(user) == 0:
        raise CheckFailed(f"the image runs as {config['User'] or 'root'!r}")
    if config["Entrypoint"] != [PACKAGE] or config["Cmd"] != ["serve"]:
        raise CheckFailed(f"it starts {config['Entrypoint']} {config['Cmd']}")
    if not config.get("Healthcheck"):
        raise CheckFailed("there is no health check")
    if config["Labels"].get("org.opencontainers.image.title") != PACKAGE:
        raise CheckFailed("the label with the title is missing")
    print(f"image: user {config['User']}, entry point {config['Entrypoint'] + config['Cmd']}")


@contextmanager
def container() -> Iterator[str]:
    """A working container whose root is mounted read-only."""
    name = output("from", "--pull-never", IMAGE)
    root = output("mount", name)
    try:
        # buildah makes the places of its own mounts at each start, which it cannot on this root.
        for place in MOUNT_POINTS:
            (Path(root) / place).parent.mkdir(parents=True, exist_ok=True)
            (Path(root) / place).touch()
        subprocess.run(["mount", "--bind", root, root], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", root], check=True)
        yield name
    finally:
        subprocess.run(["umount", root], check=False, stderr=subprocess.DEVNULL)
        buildah("rm", name)


def inside(name: str, *command: str, **options: Any) -> subprocess.Popen[str]:
    """Start a command in the container, as the user of the image, with an empty writable /tmp."""
    temporary = "type=tmpfs,destination=/tmp"
    arguments = [*BUILDAH, "run", "--isolation", "chroot", "--mount", temporary, name, "--"]
    return subprocess.Popen([*arguments, *command], text=True, **options)


def check_container(name: str, record: dict[str, Any]) -> None:
    """Start the service, ask it, end it under load."""
    port = free_port()
    probe = "import os, pathlib; print(os.getuid()); pathlib.Path('/venv/x').touch()"
    tried = inside(
        name, "python", "-c", probe, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ).communicate()
    if "Read-only file system" not in tried[1] or tried[0].split()[:1] == ["0"]:
        raise CheckFailed("the root is writable, or the user is root")
    variables = [f"PORT={port}", f"{PACKAGE.upper()}_HOST=127.0.0.1"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = time.monotonic()
    running = inside(name, "env", *variables, PACKAGE, "serve", **quiet)
    try:
        wait_until_ready(port, running)
        print(
            f"ready after {time.monotonic() - started:.1f} s, as user {tried[0].strip()}, read-only"
        )
        answer = post(port, record)
        print(f"answers {answer['predictions']} by {answer['model_version']}")
        health = json.loads(output("inspect", "--type", "image", IMAGE))["Docker"]["config"]
        command = health["Healthcheck"]["Test"][1:]
        # The words tell, not the exit code: buildah fails when it clears up behind itself on this root.
        words = ("env", f"PORT={port}", "sh", "-c", '"$@" && echo healthy', "sh", *command)
        told = inside(name, *words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if told.communicate()[0].strip() != "healthy":
            raise CheckFailed("the health check of the image fails")
        print("reports healthy")
        drain(port, record, service_process(running))
    finally:
        for member in psutil.Process(running.pid).children(recursive=True):
            member.kill()
        running.wait(30)


def drain(port: int, record: dict[str, Any], service: psutil.Process) -> None:
    """SIGTERM under load: every request that was sent gets its answer, and the process ends."""
    seen: Counter[str] = Counter()
    clients = [threading.Thread(target=ask_on, args=(port, record, seen)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(2)
    service.send_signal(signal.SIGTERM)
    started = time.monotonic()
    for client in clients:
        client.join(30)
    service.wait(30)
    lost = {what: count for what, count in seen.items() if what != "200"}
    if lost or seen["200"] < CLIENTS:
        raise CheckFailed(f"while it drained: {dict(seen)}")
    seconds = time.monotonic() - started
    print(f"drained in {seconds:.1f} s: {seen['200']} requests of {CLIENTS} clients, none lost")


def ask_on(port: int, record: dict[str, Any], seen: Counter[str]) -> None:
    """Ask over kept-alive connections until nobody listens any more."""
    body = json.dumps({"instances": [record]})
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.connect()
        except ConnectionRefusedError:
            return
        closed = False
        try:
            while not closed:
                connection.request("POST", "/predict", body, {"content-type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                seen[str(answer.status)] += 1
                closed = answer.will_close
        except OSError as error:
            seen[type(error).__name__] += 1
        finally:
            connection.close()


def service_process(running: subprocess.Popen[str]) -> psutil.Process:
    """The service below ``buildah run``: what an engine would send SIGTERM to."""
    below = psutil.Process(running.pid).children(recursive=True)
    owned = [member for member in below if member.uids().real != 0]
    if not owned:
        raise CheckFailed("no process runs as the user of the image")
    return owned[-1]


def wait_until_ready(port: int, running: subprocess.Popen[str]) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            if running.poll() is not None:
                raise CheckFailed(f"the service ended with {running.returncode}") from None
            time.sleep(0.2)
    raise CheckFailed("the service was not ready within a minute")


def post(port: int, record: dict[str, Any]) -> dict[str, Any]:
    body = json.dumps({"instances": [record]}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/predict", body, {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return dict(json.load(answer))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*BUILDAH, *arguments], capture_output=True, text=True, check=False)


def succeeds(*arguments: str) -> bool:
    return run(*arguments).returncode == 0


def buildah(*arguments: str) -> None:
    done = run(*arguments)
    if done.returncode:
        raise CheckFailed(f"buildah {arguments[0]}: {done.stderr.strip()[-500:]}")


def output(*arguments: str) -> str:
    done = run(*arguments)
    if done.returncode:
        raise CheckFailed(f"buildah {arguments[0]}: {done.stderr.strip()[-500:]}")
    return done.stdout.strip()


if __name__ == "__main__":
    main()
