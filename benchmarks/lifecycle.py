"""Eleven months of a model, as a story with plots: drift, alarms, retrainings, a refusal, a rollback.

    python benchmarks/lifecycle.py [--out docs/lifecycle-story.md --plot docs/lifecycle-story.svg]

The project is rendered from the templates (the small shop of ``tests/lifecycle/project.py``). Every month brings 1500
visits; the service's monitor counts them, labels arrive at the end, and `retrain --if-drift` runs. Seeded; about two minutes.
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

import pandas as pd

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.lifecycle.project import Shop, visits  # noqa: E402

ROWS = 1500


@dataclass(frozen=True)
class Month:
    """What changes in the world, and what the team does."""

    name: str
    taste: float = 1.0
    older: float = 0.0
    broken: bool = False  # the feed loses its ages
    shuffled: bool = False  # a wrong join mixes up the labels
    promote: bool = False  # somebody promotes the newest version by hand
    rollback: bool = False
    note: str = ""


STORY = [
    Month("Feb", note="as in training"),
    Month("Mar", note="as in training"),
    Month("Apr", older=6, note="a campaign brings older visitors"),
    Month("May", older=6),
    Month("Jun", older=6, broken=True, note="the export loses the column age"),
    Month("Jul", older=6, shuffled=True, note="a wrong join mixes up the labels"),
    Month("Aug", older=6, taste=-0.5, note="tastes turn round: buyers sit at desks"),
    Month("Sep", older=6, taste=-0.5),
    Month(
        "Oct",
        older=6,
        taste=-0.5,
        promote=True,
        note="a version of wrong labels is promoted by hand",
    ),
    Month("Nov", older=6, taste=-0.5, rollback=True, note="and rolled back"),
    Month("Dec", older=6, taste=-0.5),
]


def play(shop: Shop) -> list[dict[str, Any]]:
    """Live through the months; one row each."""
    sys.path.insert(0, str(shop.root / "src"))
    os.environ["SHOP_COOLDOWN_HOURS"] = "0"
    os.environ["SHOP_MONITORING"] = str(shop.root / "monitoring")
    for name in (
        "train",
        "retrain",
        "registry",
        "monitoring",
        "drift.late_labels",
        "predict",
        "bundle",
    ):
        importlib.import_module(f"shop.{name}")
    modules = sys.modules
    registry = modules["shop.registry"].open_registry()
    history = [visits(3000, 0)]
    history[0].to_csv(shop.data, index=False)
    modules["shop.train"].train()
    rows = []
    for number, month in enumerate(STORY, start=1):
        champion = registry.champion()
        # A month is over in a second here: last month's counts would be in the same hour.
        shutil.rmtree(shop.root / "monitoring" / champion, ignore_errors=True)
        new = visits(ROWS, number, taste=month.taste, older=month.older)
        if month.shuffled:
            new["bought"] = new["bought"].sample(frac=1, random_state=0).to_numpy()
        drifted = serve(modules, registry, champion, new)
        new.to_csv(shop.root / "labels.csv", index=False)
        judged = modules["shop.drift.late_labels"].judge_labels(shop.root / "labels.csv")
        feed = pd.concat([*history[-1:], new])
        if month.broken:
            feed = feed.drop(columns="age")
        elif not month.shuffled:
            history.append(new)
        feed.to_csv(shop.data, index=False)
        if month.promote:
            newest = bad_version(shop, modules)
            registry.promote(newest, "by hand")
            action = f"{newest} promoted by hand"
        elif month.rollback:
            action = f"rolled back to {registry.rollback('worse in service')}"
        else:
            outcome = modules["shop.retrain"].retrain(if_drift=True)
            words = outcome.reason if outcome.status != "skipped" else "nothing to do"
            action = f"{outcome.status}: {words.split(' (')[0]}"
        rows.append(
            {
                "month": month.name,
                "champion": champion,
                "drifted": ", ".join(drifted) or "-",
                "loss": judged.loss,
                "performance": judged.verdict,
                "action": action,
                "note": month.note,
            }
        )
    return rows


def serve(modules: dict[str, Any], registry: Any, champion: str, new: pd.DataFrame) -> list[str]:
    """Answer a month of visits, counted as the service counts them."""
    folder = registry.path(champion)
    predictor = modules["shop.predict"].Predictor(modules["shop.bundle"].Bundle.open(folder))
    monitor = modules["shop.monitoring"].Monitor.open(folder, champion)
    frame = predictor.bundle.schema.coerce(new.drop(columns="bought"))
    answers = predictor.predict(frame)
    monitor.observe(frame, answers.predictions, answers.probabilities)
    monitor.flush()
    alarms: list[str] = monitor.report().drifted
    return alarms


def bad_version(shop: Shop, modules: dict[str, Any]) -> str:
    """A version trained on a month whose labels were turned round."""
    wrong = visits(ROWS, 99, taste=-1.0)
    wrong.to_csv(shop.root / "wrong.csv", index=False)
    version: str = modules["shop.train"].train(shop.root / "wrong.csv")
    return version


def table(rows: list[dict[str, Any]]) -> str:
    """The story as Markdown."""
    lines = [
        "| month | champion | what happens | drifted | loss | retraining |",
        "|---|---|---|---|---:|---|",
    ]
    for row in rows:
        loss = f"{row['loss']:.3f}{' worse' if row['performance'] == 'worse' else ''}"
        lines.append(
            f"| {row['month']} | {row['champion']} | {row['note']} | {row['drifted']} | {loss} | {row['action']} |"
        )
    return "\n".join(lines) + "\n"


def plot(rows: list[dict[str, Any]]) -> str:
    """Loss by month, coloured by what the labels say, as SVG."""
    width, height, base, step = 760, 250, 200, 66
    top = max(row["loss"] for row in rows) * 1.15
    shapes = [f'<line x1="30" y1="{base}" x2="{width}" y2="{base}" stroke="#333"/>']
    for number, row in enumerate(rows):
        x, y = 40 + number * step, base - row["loss"] / top * (base - 30)
        colour = "#d9480f" if row["performance"] == "worse" else "#2b8a3e"
        shapes.append(
            f'<rect x="{x}" y="{y:.0f}" width="40" height="{base - y:.0f}" fill="{colour}"/>'
            f'<text x="{x + 20}" y="{y - 6:.0f}" text-anchor="middle">{row["loss"]:.2f}</text>'
            f'<text x="{x + 20}" y="{base + 18}" text-anchor="middle">{row["month"]}</text>'
            f'<text x="{x + 20}" y="{base + 36}" text-anchor="middle">{row["champion"]}</text>'
        )
    style = 'font-family="sans-serif" font-size="12"'
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    title = "<title>Share of wrong answers by month; orange: worse than expected</title>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>{title}{"".join(shapes)}</svg>\n'
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    rows = play(Shop(Path(tempfile.mkdtemp()) / "shop"))
    print(table(rows))
    if options.out:
        options.out.write_text(table(rows), "utf-8")
    if options.plot:
        options.plot.write_text(plot(rows), "utf-8")


if __name__ == "__main__":
    main()
