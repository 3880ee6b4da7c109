"""Run the tests with the oldest and with the newest pandas, numpy and scikit-learn that nbprod supports.

    python scripts/versions.py [oldest|newest ...] [-- PYTEST ARGUMENTS]

Each end gets a virtual environment of its own below ``.versions/``, made once and kept; without pytest arguments all
tests run but the slow ones and those in a browser, which ``make slow`` and ``make browser`` run with the usual versions.
What a test needs beyond the libraries of the range (validators, engines, other boosters) is not installed: such tests
skip and say so. Prints one line an end; exit code 1 when one is not green.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENDS = {
    "oldest": [
        "pandas==2.0.*",
        "numpy==1.26.*",
        "scikit-learn==1.4.*",
        "scipy<1.14",
        "pyarrow==18.*",
    ],
    "newest": ["pandas>=3", "numpy>=2", "scikit-learn"],
}
TESTS = ["-m", "not slow and not browser", "tests"]


def main(arguments: list[str]) -> int:
    """Run the ends that were asked for."""
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    ends = arguments[:cut] or list(ENDS)
    unknown = [end for end in ends if end not in ENDS]
    if unknown:
        print(f"{unknown[0]}: no such end; one of {', '.join(ENDS)}", file=sys.stderr)
        return 2
    asked = arguments[cut + 1 :] or TESTS
    codes = {end: run(end, asked) for end in ends}
    for end, code in codes.items():
        print(f"{end}: {'green' if code == 0 else f'red (exit code {code})'}")
    return int(any(codes.values()))


def run(end: str, asked: list[str]) -> int:
    """Make the environment of one end unless it is there, say what is in it, and run pytest."""
    folder = ROOT / ".versions" / end
    python = folder / "bin" / "python"
    made = folder / ".made"
    wanted = "\n".join(ENDS[end])
    if not made.exists() or made.read_text("utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [python, "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--upgrade", "pip>=25.1"], check=True)
        subprocess.run(
            [*pip, "--editable", ".[verify,lab]", "--group", "range", *ENDS[end]],
            check=True,
            cwd=ROOT,
        )
        made.write_text(wanted, "utf-8")
    libraries = "pandas numpy sklearn".split()
    told = "; ".join(f"import {name}; print('{name}', {name}.__version__)" for name in libraries)
    subprocess.run([python, "-c", told], check=True)
    return subprocess.run([python, "-m", "pytest", "-q", *asked], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
