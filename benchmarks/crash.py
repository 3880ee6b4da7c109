"""Does the registry stay consistent? kill -9, a full disk, and publishers at once.

    python benchmarks/crash.py [--rounds 100]

Jobs are killed at random (seeded) moments; after each round every version must be whole and the
champion one of them. The full disk is a memory disk of 4 MB (needs root) or else a limit on the size
of files. Exit code 1 when anything was inconsistent.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.lifecycle.project import Shop, visits  # noqa: E402

ROUNDS = ROOT / "tests/lifecycle/rounds.py"
PUBLISH = """
from shop.registry import open_registry

registry = open_registry()
for _ in range({times}):
    registry.promote(registry.publish(lambda f: (f / "weights").write_bytes(b"w" * {size})))
"""
CHECK = """
from shop.bundle import Bundle
from shop.registry import open_registry

registry = open_registry()
for version in registry.versions():
    folder = registry.path(version.name)
    if (folder / "manifest.json").exists():
        Bundle.open(folder)
print(registry.champion(), len(registry.versions()))
"""


def kills(shop: Shop, job: str, rounds: int) -> str:
    """Kill one job ``rounds`` times; what was found afterwards."""
    done = subprocess.run(
        [sys.executable, str(ROUNDS), job, str(rounds)],
        cwd=shop.root,
        env=shop.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    if done.returncode:
        return f"INCONSISTENT after round {len(lines)}: {done.stderr.splitlines()[-1]}"
    _, champion, versions = lines[-1].split()
    return f"{len(lines)} of {rounds} rounds consistent; champion {champion} of {versions} versions"


def publishers(shop: Shop, writers: int = 2, times: int = 20) -> str:
    """Publish and promote from several processes at once."""
    script = PUBLISH.format(times=times, size=1000)
    processes = [shop.script(script) for _ in range(writers)]
    problems = [p.communicate()[1] for p in processes]
    if any(p.returncode for p in processes):
        return f"INCONSISTENT: {''.join(problems)[-300:]}"
    pointer = json.loads((shop.registry / "champion.json").read_text())
    names = {path.name for path in shop.registry.glob("v*")}
    named = {entry["version"] for entry in pointer["history"]}
    whole = len(names) == writers * times and named == names and pointer["version"] in names
    return f"{len(names)} versions, {len(named)} promotions{'' if whole else ' INCONSISTENT'}"


@contextmanager
def small_disk(folder: Path, megabytes: int = 4) -> Iterator[bool]:
    """Mount a small memory disk on ``folder``; false where that is not allowed."""
    folder.mkdir(exist_ok=True)
    options = f"size={megabytes}m"
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def full_disk(shop: Shop) -> dict[str, str]:
    """Publish, promote and retrain while not a byte is free; then with space again."""
    found = {}
    with small_disk(shop.registry) as mounted:
        if not mounted:
            return {"full disk": "not tried: a memory disk needs root"}
        assert shop.run("train").returncode == shop.run("train").returncode == 0
        before = shop.script(CHECK).communicate()[0]
        filler = shop.registry / "filler"
        with filler.open("wb", buffering=0) as stream:
            try:
                while stream.write(b"x" * 4096):
                    pass
            except OSError:
                pass
        for name, command in {
            "publish": ("train",),
            "promote": ("promote", "v0002"),
            "retrain": ("retrain", "--force"),
        }.items():
            done = shop.run(*command)
            after = shop.script(CHECK).communicate()[0]
            left = list(shop.registry.glob(".publish-*"))
            sound = done.returncode == 1 and after == before and not left
            told = (done.stderr.strip().splitlines() or ["?"])[-1][:70]
            found[f"full disk, {name}"] = f"`{told}`; {'as before' if sound else 'INCONSISTENT'}"
        filler.unlink()
        again = shop.run("promote", "v0002")
        found["space again, promote"] = again.stdout.strip() or f"INCONSISTENT {again.stderr}"
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    print("| what | found | seconds |\n|---|---|---:|")
    findings = []

    def tell(what: str, action: Callable[[Shop], str | dict[str, str]]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            shop = Shop(Path(folder, "shop"))
            visits(400, 1).to_csv(shop.data, index=False)
            start = time.perf_counter()
            result = action(shop)
            seconds = time.perf_counter() - start
        for name, text in (result if isinstance(result, dict) else {what: result}).items():
            findings.append(text)
            print(f"| {name} | {text} | {seconds:.0f} |", flush=True)

    for job in ("publish", "promote", "retrain"):
        tell(f"kill -9 during {job}", lambda shop, job=job: kills(shop, job, options.rounds))
    tell("two publishers at once", publishers)
    tell("full disk", full_disk)
    sys.exit(any("INCONSISTENT" in text for text in findings))


if __name__ == "__main__":
    main()
