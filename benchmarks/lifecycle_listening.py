"""The life of a recommender, as a story with plots: tastes change, listeners arrive, a feed breaks, a bad version is undone.

    python benchmarks/lifecycle_listening.py [--out docs/listening-story.md --plots docs]

The project is the converted fixture `fixtures/listening`; the world is made up here (seeded). A hit is a track
that a listener plays for the first time and that was among the five they were offered. First the months, each
with a scheduled `retrain`; then the same world with versions trained never, monthly, weekly, daily and hourly.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.charts import bars, lines  # noqa: E402
from nbprod.pipeline import convert  # noqa: E402

START = pd.Timestamp("2025-01-01")
STYLES, TRACKS = 12, 480
LISTENERS, NEWCOMERS, PLAYS = 250, 120, 180  # plays a day
HISTORY = 60  # days before the first version
TURN = range(100, 112)  # days in which half of the listeners find another style


class World:
    """Who listens to what on a day; tastes turn round in `TURN`, newcomers arrive on day 90."""

    def __init__(self) -> None:
        rng = np.random.default_rng(7)
        people = LISTENERS + NEWCOMERS
        self.liked = rng.dirichlet(np.full(STYLES, 0.08), people)
        self.turned = np.roll(self.liked, 5, axis=1)
        self.turns_on = rng.choice(list(TURN), people)
        self.faithful = rng.random(people) < 0.4
        self.style = np.arange(TRACKS) % STYLES
        self.weight = 1 / rng.permutation(np.arange(1, TRACKS + 1)) ** 0.4

    def day(self, day: int) -> pd.DataFrame:
        """The plays of one day."""
        rng = np.random.default_rng(1000 + day)
        people = LISTENERS + (NEWCOMERS if day >= 90 else 0)
        who = rng.integers(0, people, PLAYS)
        who[who >= LISTENERS] = rng.integers(LISTENERS, people, (who >= LISTENERS).sum())
        changed = (day >= self.turns_on) & ~self.faithful
        taste = np.where(changed[:, None], self.turned, self.liked)
        chances = taste[who][:, self.style] * self.weight
        chances /= chances.sum(axis=1, keepdims=True)
        what = (chances.cumsum(axis=1) > rng.random((PLAYS, 1))).argmax(axis=1)
        seconds = np.sort(rng.integers(0, 86_400, PLAYS))
        skipped = rng.random(PLAYS) < 0.12
        return pd.DataFrame(
            {
                "user": [f"u{u:03d}" for u in who],
                "track": [f"{'abcdefghijkl'[t % STYLES]}{t:03d}" for t in what],
                "played_at": START + pd.to_timedelta(day * 86_400 + seconds, "s"),
                "seconds": np.where(skipped, 12, rng.integers(90, 300, PLAYS)),
            }
        )

    def days(self, first: int, last: int) -> pd.DataFrame:
        """The plays from day ``first`` to before day ``last``."""
        return pd.concat([self.day(day) for day in range(first, last)], ignore_index=True)


def first_plays(history: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``new`` in which a listener plays a track for the first time."""
    both = pd.concat([history, new])
    first = ~both.duplicated(["user", "track"])
    return both[first.to_numpy() & (np.arange(len(both)) >= len(history))]


@dataclass(frozen=True)
class Month:
    """What happens, and what the team does instead of the scheduled retraining."""

    name: str
    note: str = ""
    mixed: bool = False  # a wrong join gives the plays of the month to other listeners
    empty: bool = False  # the export loses the listeners
    promote: bool = False  # somebody promotes a version of the broken month by hand
    rollback: bool = False


STORY = [
    Month("Mar", "as in training"),
    Month("Apr", "120 new listeners; from the 11th, half of all find another style"),
    Month("May"),
    Month("Jun", "the export loses the listeners", empty=True),
    Month("Jul", "a wrong join gives plays to other listeners", mixed=True),
    Month("Aug", "a version of such plays is promoted by hand", promote=True),
    Month("Sep", "and rolled back", rollback=True),
    Month("Oct"),
]


class Package:
    """The converted fixture, imported."""

    def __init__(self, root: Path) -> None:
        convert(ROOT / "fixtures/listening/notebook.ipynb", output=root, name="listening")
        self.root, self.data = root, root / "plays.csv"
        os.environ["LISTENING_MONITORING"] = str(root / "monitoring")
        os.environ["LISTENING_COOLDOWN_HOURS"] = "0"
        sys.path.insert(0, str(root / "src"))

    def __getattr__(self, name: str) -> Any:
        return self.module(name)

    def module(self, name: str) -> Any:
        """A module of the package."""
        return importlib.import_module(f"listening.{name}")

    def sources(self, plays: pd.DataFrame) -> Any:
        """What the package's loader returns for these plays."""
        return self.module("data").Sources(self.data_module.requests_of(plays), plays)

    @property
    def data_module(self) -> Any:
        return importlib.import_module("listening.data")


def months(package: Package, world: World) -> list[dict[str, Any]]:
    """Live through the story; one row a month."""
    registry = package.registry.open_registry()
    history = world.days(0, HISTORY)
    history.to_csv(package.data, index=False)
    package.train.train(package.data)
    rows = []
    for number, month in enumerate(STORY):
        champion = registry.champion()
        shutil.rmtree(package.root / "monitoring" / champion, ignore_errors=True)
        day = HISTORY + 30 * number
        new = world.days(day, day + 30)
        alarms = serve(package, registry, champion, new)
        first_plays(history, new).to_csv(package.root / "labels.csv", index=False)
        judged = package.module("drift.late_labels").judge_labels(package.root / "labels.csv")
        feed = pd.concat([history, mixed(new) if month.mixed else new], ignore_index=True)
        if month.empty:
            feed["user"] = ""
        feed.to_csv(package.data, index=False)
        if month.promote:
            wrong = mixed(pd.concat([history, new]))
            wrong.to_csv(package.root / "wrong.csv", index=False)
            newest = package.train.train(package.root / "wrong.csv")
            registry.promote(newest, "by hand")
            action = f"{newest} promoted by hand"
        elif month.rollback:
            action = f"rolled back to {registry.rollback('worse in service')}"
        else:
            outcome = package.retrain.retrain(package.data)
            action = f"{outcome.status}: {outcome.reason.split(' (')[0]}"
        if not month.mixed:
            history = pd.concat([history, new], ignore_index=True)
        rows.append(
            {
                "month": month.name,
                "champion": champion,
                "note": month.note,
                "drifted": ", ".join(alarms) or "-",
                "hits": 1 - judged.loss,
                "verdict": judged.verdict,
                "action": action,
            }
        )
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


def mixed(plays: pd.DataFrame) -> pd.DataFrame:
    """The plays with the listeners of other plays."""
    rng = np.random.default_rng(0)
    return plays.assign(user=rng.permutation(plays["user"].to_numpy()))


def serve(package: Package, registry: Any, champion: str, new: pd.DataFrame) -> list[str]:
    """Answer a request at every play of the month, counted as the service counts it."""
    folder = registry.path(champion)
    predictor = package.predict.Predictor(package.bundle.Bundle.open(folder))
    monitor = package.monitoring.Monitor.open(folder, champion)
    requests, behind = package.ranking.requests_behind(new)
    answers = predictor.predict(predictor.bundle.schema.coerce(requests))
    monitor.observe(requests.iloc[behind], answers.predictions[behind], None)
    monitor.flush()
    found: list[str] = monitor.report().drifted
    return found


def cadences(package: Package, world: World, first: int, last: int) -> dict[str, list[float]]:
    """Share of hits by day for versions trained at different intervals, in hours (0: once)."""
    history = world.days(0, first)
    plays = pd.concat([history, world.days(first, last)], ignore_index=True)
    opening = START + pd.Timedelta(days=first)
    hour = ((plays["played_at"] - opening) / pd.Timedelta(hours=1)).astype(int)
    fresh = (~plays.duplicated(["user", "track"])).to_numpy() & (hour >= 0).to_numpy()
    found: dict[str, list[float]] = {}
    for name, every in {
        "never": 0,
        "monthly": 720,
        "weekly": 168,
        "daily": 24,
        "hourly": 1,
    }.items():
        hits = np.full(len(plays), np.nan)
        state, trained = None, None
        for now in range(24 * (last - first)):
            due = now - now % every if every else 0
            if trained != due:
                known = plays[plays["played_at"] < opening + pd.Timedelta(hours=due)]
                state, _ = package.features.fit(package.sources(known))
                trained = due
            for place in np.flatnonzero(fresh & (hour == now).to_numpy()):
                user, track = plays.at[place, "user"], plays.at[place, "track"]
                hits[place] = track in package.asking.recommend(user=user, k=5, state=state)
        days = (hour // 24)[fresh]
        found[name] = pd.Series(hits[fresh]).groupby(days.to_numpy()).mean().tolist()
        print(name, round(float(np.nanmean(hits)), 3), file=sys.stderr, flush=True)
    return found


def smooth(values: list[float], days: int = 7) -> list[float]:
    """Means of the last ``days`` values."""
    return pd.Series(values).rolling(days, min_periods=1).mean().tolist()


def tables(rows: list[dict[str, Any]], found: dict[str, list[float]], first: int) -> str:
    """Both stories as Markdown."""
    text = [
        "| month | champion | what happens | drifted | hits | retraining |",
        "|---|---|---|---|---:|---|",
    ]
    for row in rows:
        hits = f"{row['hits']:.1%}{' worse' if row['verdict'] == 'worse' else ''}"
        text.append(
            f"| {row['month']} | {row['champion']} | {row['note']} | {row['drifted']} | {hits} | {row['action']} |"
        )
    spans = {
        "before": (0, 100 - first),
        "turning": (100 - first, 112 - first),
        "after": (112 - first, None),
    }
    text += ["", f"| trained | {' | '.join(spans)} |", f"|---|{'---:|' * len(spans)}"]
    for name, values in found.items():
        cells = [f"{np.mean(values[a:b]):.1%}" for a, b in spans.values()]
        text.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(text) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path)
    parser.add_argument("--plots", type=Path)
    parser.add_argument("--days", type=int, nargs=2, default=[90, 132])
    options = parser.parse_args()
    package, world = Package(Path(tempfile.mkdtemp()) / "listening"), World()
    rows = months(package, world)
    first, last = options.days
    if first == last:
        return
    found = cadences(package, world, first, last)
    text = tables(rows, found, first)
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")
    if options.plots:
        shares = [row["hits"] for row in rows]
        names = [(row["month"], row["champion"]) for row in rows]
        worse = [row["verdict"] == "worse" for row in rows]
        title = "Share of hits by month; orange: worse than expected"
        (options.plots / "listening-story.svg").write_text(
            bars(title, names, shares, worse), "utf-8"
        )
        title = "Share of hits by day, mean of seven, by how often versions are trained"
        drawn = {name: smooth(values) for name, values in found.items()}
        marked = {TURN.start - first: "tastes turn", TURN.stop - first: "and settle"}
        (options.plots / "listening-cadence.svg").write_text(lines(title, drawn, marked), "utf-8")


if __name__ == "__main__":
    main()
