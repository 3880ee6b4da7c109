"""Bars and lines as SVG, for the stories in the documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

STYLE = 'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="12"'
COLOURS = ("#868e96", "#1971c2", "#e8590c", "#2b8a3e", "#9c36b5")


def bars(
    title: str, names: Sequence[tuple[str, str]], values: Sequence[float], marked: Sequence[bool]
) -> str:
    """One bar a value, two lines of text below each; ``marked`` bars are orange."""
    width, height, base, step = 760, 250, 200, 720 // len(values)
    top = max(values) * 1.15
    shapes = [f'<line x1="30" y1="{base}" x2="{width}" y2="{base}" stroke="#333"/>']
    for number, (value, (name, below)) in enumerate(zip(values, names, strict=True)):
        x, y = 40 + number * step, base - value / top * (base - 30)
        colour = "#d9480f" if marked[number] else "#2b8a3e"
        shapes.append(
            f'<rect x="{x}" y="{y:.0f}" width="{step - 26}" height="{base - y:.0f}" fill="{colour}"/>'
            + text(x + step / 2 - 13, y - 6, f"{value:.2f}")
            + text(x + step / 2 - 13, base + 18, name)
            + text(x + step / 2 - 13, base + 36, below)
        )
    return svg(title, width, height, shapes)


def lines(title: str, series: Mapping[str, Sequence[float]], marked: Mapping[int, str]) -> str:
    """One line a series over numbered days; ``marked`` days carry a dashed line and a text."""
    width, height, base, left = 760, 300, 260, 40
    count = max(len(values) for values in series.values())
    top = max(max(values) for values in series.values()) * 1.1
    step = (width - left - 90) / max(1, count - 1)

    def place(day: int, value: float) -> tuple[float, float]:
        return left + day * step, base - value / top * (base - 30)

    shapes = [f'<line x1="{left}" y1="{base}" x2="{width - 90}" y2="{base}" stroke="#333"/>']
    for share in range(int(top * 10) + 1):
        _, y = place(0, share / 10)
        shapes.append(
            f'<line x1="{left}" y1="{y:.0f}" x2="{width - 90}" y2="{y:.0f}" stroke="#dee2e6"/>'
        )
        shapes.append(text(left - 16, y + 4, f"{share / 10:.0%}"))
    for day, words in marked.items():
        x, _ = place(day, 0)
        shapes.append(
            f'<line x1="{x:.0f}" y1="24" x2="{x:.0f}" y2="{base}" stroke="#333" stroke-dasharray="4"/>'
        )
        shapes.append(text(x, 18, words))
    for day in range(0, count, 7):
        shapes.append(text(place(day, 0)[0], base + 18, f"day {day}"))
    taken: list[float] = []
    for (name, values), colour in zip(series.items(), COLOURS, strict=False):
        points = " ".join(
            f"{x:.1f},{y:.1f}" for x, y in (place(d, v) for d, v in enumerate(values))
        )
        shapes.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        y = place(0, values[-1])[1] + 4
        while any(abs(y - other) < 13 for other in taken):
            y += 2
        taken.append(y)
        shapes.append(f'<text x="{width - 84}" y="{y:.0f}" fill="{colour}">{name}</text>')
    return svg(title, width, height, shapes)


def text(x: float, y: float, words: str) -> str:
    """A text around ``x``."""
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle">{words}</text>'


def svg(title: str, width: int, height: int, shapes: Sequence[str]) -> str:
    """The shapes as one picture with a title for readers that do not see it."""
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f"<svg {STYLE} {size}><title>{title}</title>{''.join(shapes)}</svg>\n"
