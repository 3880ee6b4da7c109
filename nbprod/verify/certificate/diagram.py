"""The path from raw columns to features as an inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

ROW, GAP, PAD = 26, 8, 14
WIDTHS = (190, 330, 210)
BETWEEN = 70
MOST = 16


@dataclass(frozen=True)
class Step:
    """A cell on the path: its columns are those named in its code, ``learned`` what it learns."""

    title: str
    columns: frozenset[str]
    learned: tuple[str, ...]


def draw(columns: Sequence[str], steps: Sequence[Step], features: Sequence[str], model: str) -> str:
    """Return the SVG element; every text in it is escaped."""
    left = _shortened(columns)
    right = _shortened(features)
    x = (PAD, PAD + WIDTHS[0] + BETWEEN, PAD + sum(WIDTHS[:2]) + 2 * BETWEEN)
    step_heights = [ROW + 18 * len(step.learned) for step in steps]
    tallest = max(_height(len(left)), sum(step_heights) + GAP * len(steps), _height(len(right) + 2))
    height = tallest + 2 * PAD + 24
    parts: list[str] = []
    tops = _stack([ROW] * len(left), tallest)
    step_tops = _stack(step_heights, tallest)
    for name, top in zip(left, tops, strict=True):
        parts.append(_box(x[0], top, WIDTHS[0], ROW, name, "raw"))
        start = (x[0] + WIDTHS[0], top + ROW / 2)
        reached = [t for step, t in zip(steps, step_tops, strict=True) if name in step.columns]
        # A column that no cell names goes through with its table.
        for step_top in reached or step_tops[-1:]:
            parts.insert(0, _curve(start, (x[1], step_top + ROW / 2)))
    for i, (step, top) in enumerate(zip(steps, step_tops, strict=True)):
        parts.append(_box(x[1], top, WIDTHS[1], step_heights[i], step.title, "step"))
        for n, learned in enumerate(step.learned):
            parts.append(_text(x[1] + 22, top + ROW + 12 + 18 * n, f"◆ {learned}", "learned", 46))
        if i + 1 < len(steps):
            middle = x[1] + 14
            parts.insert(0, _curve((middle, top + step_heights[i]), (middle, step_tops[i + 1])))
    feature_tops = _stack([ROW] * (len(right) + 1), tallest)
    for name, top in zip(right, feature_tops, strict=False):
        parts.append(_box(x[2], top, WIDTHS[2], ROW, name, "feature"))
        if steps:
            start = (x[1] + WIDTHS[1], step_tops[-1] + ROW / 2)
            parts.insert(0, _curve(start, (x[2], top + ROW / 2)))
    parts.append(_box(x[2], feature_tops[-1] + GAP, WIDTHS[2], ROW + 4, model, "model"))
    heads = zip(("raw columns", "cells and what they learn", "features and model"), x, strict=True)
    parts += [_text(at, PAD + 4, text, "head", 60) for text, at in heads]
    width = x[2] + WIDTHS[2] + PAD
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="From raw columns to features">{"".join(parts)}</svg>'
    )


def _shortened(names: Sequence[str]) -> list[str]:
    if len(names) <= MOST:
        return list(names)
    return [*names[: MOST - 1], f"and {len(names) - MOST + 1} more"]


def _height(count: int) -> int:
    return count * (ROW + GAP)


def _stack(heights: Sequence[int], total: int) -> list[float]:
    """Return the tops of boxes that share ``total`` evenly."""
    room = total - sum(heights)
    gap = room / len(heights) if heights else 0
    tops, at = [], PAD + 18 + gap / 2
    for height in heights:
        tops.append(at)
        at += height + gap
    return tops


def _box(x: float, y: float, width: float, height: float, text: str, kind: str) -> str:
    box = f'<rect class="{kind}" x="{x:.0f}" y="{y:.0f}" width="{width}" height="{height}" rx="6"/>'
    return box + _text(x + 10, y + 17, text, f"t-{kind}", int(width / 7.2))


def _text(x: float, y: float, text: str, kind: str, most: int) -> str:
    shown = text if len(text) <= most else text[: most - 1] + "…"
    title = f"<title>{escape(text)}</title>" if shown != text else ""
    return f'<text class="{kind}" x="{x:.0f}" y="{y:.0f}">{title}{escape(shown)}</text>'


def _curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = start, end
    middle = (x1 + x2) / 2
    return f'<path d="M{x1:.0f} {y1:.0f} C{middle:.0f} {y1:.0f} {middle:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"/>'
