"""The workflows fit GitHub's schema, pass zizmor, and pin every action."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

yaml = pytest.importorskip("yaml")

BIN = Path(sys.executable).parent


def run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one validator; skip where it is not installed."""
    path = BIN / tool
    if not path.exists():
        pytest.skip(f"{tool} is not installed (group validate)")
    return subprocess.run(
        [str(path), *arguments], capture_output=True, text=True, timeout=120, check=False
    )


def schema_check(file: Path) -> subprocess.CompletedProcess[str]:
    return run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", str(file))


@pytest.mark.parametrize("name", ["ci.yml", "retrain.yml"])
def test_a_workflow_fits_the_schema(project: Path, name: str) -> None:
    done = schema_check(project / ".github" / "workflows" / name)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("ci.yml", "runs-on: ubuntu-24.04", "runs_on: ubuntu-24.04"),
        ("retrain.yml", "timeout-minutes: 240", "timeout-minutes: [long]"),
    ],
)
def test_a_broken_workflow_is_refused(
    project: Path, tmp_path: Path, name: str, old: str, new: str
) -> None:
    text = (project / ".github" / "workflows" / name).read_text()
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new))
    assert schema_check(tmp_path / name).returncode == 1


def test_zizmor_finds_nothing(project: Path) -> None:
    done = run("zizmor", "--offline", "--no-progress", str(project / ".github" / "workflows"))
    assert done.returncode == 0, done.stdout


def test_zizmor_refuses_an_injection(project: Path, tmp_path: Path) -> None:
    text = (project / ".github" / "workflows" / "ci.yml").read_text()
    title = "${{ github.event.pull_request.title }}"
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "ci.yml").write_text(text.replace("uv run pytest", f'echo "{title}"'))
    done = run("zizmor", "--offline", "--no-progress", str(folder))
    assert done.returncode != 0
    assert "template-injection" in done.stdout


def test_every_action_is_pinned_by_commit(project: Path) -> None:
    for file in (project / ".github" / "workflows").glob("*.yml"):
        uses = re.findall(r"uses: (\S+)", file.read_text())
        assert uses
        assert [u for u in uses if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", u)] == []


def test_tokens_may_only_read_unless_a_job_says_more(project: Path) -> None:
    for file in (project / ".github" / "workflows").glob("*.yml"):
        workflow = yaml.safe_load(file.read_text())
        assert workflow["permissions"] == {"contents": "read"}
        more = {job for job, spec in workflow["jobs"].items() if "permissions" in spec}
        assert more <= {"publish"}
