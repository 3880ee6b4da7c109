"""Random notebooks, random hand edits of what they became: no line of either side is lost."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from nbprod.modules import build
from nbprod.notebook import read
from nbprod.write.plan import plan
from tests.notebook.notebooks import code, markdown, write

HEAD = "import numpy as np\nimport pandas as pd\nfrom sklearn.linear_model import Ridge\ndf = pd.read_csv('houses.csv')"
STEPS = (
    "df['area'] = df['area'].fillna(df['area'].median())",
    "df['area'] = df['area'].fillna(df['area'].mean())",
    "df['rooms'] = df['rooms'].clip(upper=df['rooms'].quantile({}))",
    "df['a{}'] = df['area'] * {}",
    "df['b{}'] = (df['rooms'] > {}).astype(int)",
    "df = df[df['area'] < {}000]",
    "df['c{}'] = np.log1p(df['area'])  # step {}",
    "df['band{}'] = pd.qcut(df['area'], {}, labels=False, duplicates='drop')",
    "def f{}(x):\n    return x + {}\ndf['d{}'] = df['area'].apply(f{})",
)
TAIL = "model = Ridge()\nmodel.fit(df.drop(columns='price'), df['price'])\nmodel.predict(df.drop(columns='price'))"
NOTEBOOKS = 60


@cache
def packages() -> tuple[Mapping[str, str], ...]:
    """The modules of random notebooks, which have some steps in common and others not."""
    return tuple(package(Random(seed)) for seed in range(NOTEBOOKS))


def package(random: Random) -> Mapping[str, str]:
    cells = [code(HEAD)]
    for number in sorted(random.sample(range(2, 20), random.randint(1, 8))):
        if random.random() < 0.3:
            cells.append(markdown(f"## Part {number}"))
        step = STEPS[number % len(STEPS)] if random.random() < 0.7 else random.choice(STEPS)
        cells.append(code(step.replace("quantile({})", "quantile(0.9)").replace("{}", str(number))))
    with TemporaryDirectory() as folder:
        notebook = read(write(Path(folder) / "houses.ipynb", *cells, code(TAIL)))
    return {f"src/houses/{name}": text for name, text in build(notebook).files.items()}


def edited(tree: Mapping[str, str], random: Random) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return a tree with hand edits, and the lines that a person wrote, with their files."""
    disk, written = dict(tree), []
    for number in range(random.randint(0, 6)):
        path = random.choice(sorted(disk))
        lines = disk[path].splitlines()
        at = random.randint(0, len(lines))
        added = [f"    mine_{number}_{k} = {k}" for k in range(random.randint(0, 3))]
        gone = lines[at : (at + random.choice((0, 0, 1, 2)))]
        lines[at : at + len(gone)] = added
        disk[path] = "\n".join(lines) + "\n"
        written = [(p, line) for p, line in written if p != path or line not in gone]
        written += [(path, line) for line in added]
    for path in sorted(disk):
        if random.random() < 0.05:
            del disk[path]
    return disk, [(path, line) for path, line in written if path in disk]


@settings(max_examples=2000, deadline=None)
@given(st.integers(0, NOTEBOOKS - 1), st.integers(0, NOTEBOOKS - 1), st.integers(0, 10**9))
def test_no_line_of_a_notebook_or_of_a_person_is_lost(before: int, after: int, seed: int) -> None:
    base, new = packages()[before], packages()[after]
    disk, written = edited(base, Random(seed))
    update = plan(base, disk, new)
    result = {path: text for path, text in {**disk, **update.files}.items() if path not in update.deleted}  # fmt: skip
    for path, line in written:
        assert line in result[path].splitlines(), path
    for path in new.keys() & result.keys():
        fresh = set(new[path].splitlines()) - set(base.get(path, "").splitlines())
        assert fresh <= set(result[path].splitlines()), path
    if disk == base:
        assert result == new
    if new == base:
        assert result == disk
    assert set(base) - set(disk) <= {c.path for c in update.changes if c.status in ("respected", "unchanged")}  # fmt: skip
