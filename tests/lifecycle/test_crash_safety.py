"""kill -9, a full disk and two publishers at once leave a champion that can be served."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.crash import full_disk
from tests.lifecycle.project import Shop, visits

ROUNDS = Path(__file__).with_name("rounds.py")
TWO_WRITERS = """
import sys
from pathlib import Path
from shop.registry import open_registry

registry = open_registry()
for _ in range(20):
    registry.promote(registry.publish(lambda f: (f / "weights").write_bytes(b"w" * 1000)))
"""
FULL_DISK = """
import sys
from shop.registry import open_registry

try:
    open_registry().publish(lambda folder: (folder / "weights").write_bytes(b"w" * 4_000_000))
except OSError as error:
    print(error.errno)
"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="forks and kills")
@pytest.mark.parametrize(("job", "rounds"), [("publish", 100), ("promote", 100), ("retrain", 100)])
def test_a_hundred_kills_leave_a_consistent_registry(shop: Shop, job: str, rounds: int) -> None:
    visits(400, 1).to_csv(shop.data, index=False)
    done = subprocess.run(
        [sys.executable, str(ROUNDS), job, str(rounds)],
        cwd=shop.root,
        env=shop.environment(),
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == rounds
    assert lines[-1].split()[1] != "None"


def test_two_publishers_at_once_lose_nothing(shop: Shop) -> None:
    writers = [shop.script(TWO_WRITERS) for _ in range(2)]
    for writer in writers:
        _, problems = writer.communicate(timeout=600)
        assert writer.returncode == 0, problems
    pointer = json.loads((shop.registry / "champion.json").read_text())
    names = sorted(path.name for path in shop.registry.glob("v*"))
    assert names == [f"v{number:04d}" for number in range(1, 41)]
    promoted = [entry["version"] for entry in pointer["history"]]
    assert set(promoted) == set(names)
    assert pointer["version"] == promoted[-1]


@pytest.mark.slow
def test_a_full_disk_stops_training_promotion_and_retraining_and_nothing_else(shop: Shop) -> None:
    visits(400, 1).to_csv(shop.data, index=False)
    found = full_disk(shop)
    if "full disk" in found:
        pytest.skip(found["full disk"])
    told = [found.pop(f"full disk, {command}") for command in ("publish", "promote", "retrain")]
    assert all("No space left" in text and text.endswith("as before") for text in told), told
    assert found == {"space again, promote": "v0002"}


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounts a small disk")
def test_a_full_disk_keeps_the_champion(shop: Shop) -> None:
    shop.registry.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(shop.registry)], check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        first = shop.script(FULL_DISK.replace("4_000_000", "400_000"))
        assert first.communicate(timeout=600)[0] == ""
        second = shop.script(FULL_DISK)
        assert second.communicate(timeout=600)[0].strip() == "28"  # ENOSPC
        assert shop.run("versions").stdout.split()[0] == "v0001"
        assert sorted(p.name for p in shop.registry.glob("[!.]*")) == ["champion.json", "v0001"]
        assert not list(shop.registry.glob(".publish-*"))
    finally:
        subprocess.run(["umount", str(shop.registry)], check=True)
