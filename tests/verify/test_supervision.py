"""Whatever a notebook does, it ends in time, leaves nothing running and touches only its copy."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from nbprod.verify import Verdict

LINGER = (
    "import subprocess, sys\n"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)', {mark!r}],"
    " start_new_session=True)\n"
)


def failure(verdict: Verdict) -> str:
    return next(f.message for f in verdict.findings if f.code == "W-NOTEBOOK-FAILS")


def running(mark: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if mark.encode() in arguments:
            found.append(str(path))
    return found


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder for temporary files; it must be empty afterwards."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def test_a_loop_without_end_is_ended_with_everything_it_started(shop: Any, temporary: Path) -> None:
    mark = f"lingers-{os.getpid()}-a"
    shop.cells["load"] = LINGER.format(mark=mark) + "while True: pass"

    verdict = shop.verify(timeout=8.0)

    assert verdict.level == "unverified"
    assert "longer than 8 s" in failure(verdict)
    assert next(f for f in verdict.findings if f.code == "W-NOTEBOOK-FAILS").origin.cell == 1
    assert running(mark) == []
    assert list(temporary.iterdir()) == []


def test_a_notebook_that_fills_memory_is_ended(shop: Any) -> None:
    shop.cells["load"] = "blocks = []\nwhile True: blocks.append(bytearray(b'x' * 2**24))"

    verdict = shop.verify(max_memory=600 * 2**20)

    assert "more than 600 MiB" in failure(verdict)


def test_what_a_notebook_deletes_and_overwrites_is_only_its_copy(shop: Any) -> None:
    shop.cells["evaluate"] = (
        "import os, shutil\nos.remove('cafe.ipynb')\nopen('visits.csv', 'w').write('gone')\n"
        "os.mkdir('new'); os.chmod('new', 0)"
    )
    data = (shop.folder / "visits.csv").read_bytes()

    verdict = shop.verify()

    assert verdict.level == "proven", "the package still reads the data as it was"
    assert (shop.folder / "visits.csv").read_bytes() == data
    assert sorted(path.name for path in shop.folder.iterdir()) == ["cafe.ipynb", "visits.csv"]


def test_a_question_at_the_keyboard_fails_at_once(shop: Any) -> None:
    shop.cells["load"] += "\nname = input('who are you?')"

    verdict = shop.verify()

    assert "input() has nobody to answer it" in failure(verdict)


def test_links_out_of_the_folder_are_not_followed(shop: Any, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    (shop.folder / "secret.csv").symlink_to(tmp_path / "secret.csv")
    shop.cells["load"] += "\npd.read_csv('secret.csv')"

    verdict = shop.verify()

    found = next(f for f in verdict.findings if f.code == "W-NOTEBOOK-FAILS")
    assert "FileNotFoundError" in found.message
    assert "secret.csv" in found.advice


def test_killing_nbprod_leaves_no_process_no_folder_and_no_half_verdict(
    shop: Any, temporary: Path
) -> None:
    mark = f"lingers-{os.getpid()}-b"
    shop.cells["plot"] = LINGER.format(mark=mark) + "while True: pass"
    shop.write()
    code = (
        "import sys; from pathlib import Path; from nbprod.verify import verify\n"
        "verify(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    command = [sys.executable, "-c", code, str(shop.notebook), str(shop.project)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen(command, env=environment)
    wait_until(lambda: bool(running(mark)))

    process.send_signal(signal.SIGKILL)
    process.wait()

    wait_until(lambda: not running(mark) and not list(temporary.iterdir()))
    assert sorted(path.name for path in shop.project.iterdir()) == [".nbprod", "src"]


@pytest.mark.slow
@pytest.mark.parametrize("signal_name", ["SIGKILL", "SIGTERM", "SIGINT"])
@pytest.mark.parametrize("stage", ["notebook: cell 2", "package: train", "V4 ", "V14 "])
def test_an_end_at_any_stage_leaves_nothing_behind(
    shop: Any, temporary: Path, stage: str, signal_name: str
) -> None:
    shop.write()
    code = (
        "import os, signal, sys; from pathlib import Path; from nbprod.verify import verify\n"
        "def stop(text):\n"
        f"    if text.startswith({stage!r}): os.kill(os.getpid(), signal.{signal_name})\n"
        "verify(Path(sys.argv[1]), Path(sys.argv[2]), progress=stop)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", code, str(shop.notebook), str(shop.project)]

    ended = subprocess.run(command, env=environment, capture_output=True, check=False)

    assert ended.returncode != 0
    wait_until(lambda: not here(temporary) and not list(temporary.iterdir()))
    assert sorted(path.name for path in shop.project.iterdir()) == [".nbprod", "src"]


def here(folder: Path) -> list[str]:
    """Return the processes whose temporary folder this is, besides the one that tests."""
    mark = f"TMPDIR={folder}".encode()
    own = str(os.getpid())
    return [
        path.parent.name
        for path in Path("/proc").glob("[0-9]*/environ")
        if path.parent.name != own and mark in environment_of(path)
    ]


def environment_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def wait_until(condition: Any, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_process_without_session_and_environment_is_ended(shop: Any) -> None:
    mark = f"lingers-{os.getpid()}-c"
    shop.cells["plot"] = LINGER.format(mark=mark).replace(
        "start_new_session=True", "start_new_session=True, env={}"
    )

    assert shop.verify().level == "proven"
    assert running(mark) == []


def test_memory_of_a_process_in_another_session_counts(shop: Any) -> None:
    code = "b = bytearray(b'x') * (1200 * 2**20); import time; time.sleep(30)"
    shop.cells["plot"] = (
        "import subprocess, sys\n"
        f"subprocess.run([sys.executable, '-c', {code!r}], start_new_session=True)"
    )

    assert "more than 700 MiB" in failure(shop.verify(max_memory=700 * 2**20))
