"""Charts of lines on two logarithmic axes: curves, and a falling step line."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from groundwire.web.charts.scales import Scale, log_range
from groundwire.web.charts.shapes import WIDE, Box, Format, dot, fit, grid, halo, line, overlap, svg, words_width


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line, labelled at its end."""

    label: str
    x: Sequence[float]
    y: Sequence[float]
    kind: str = ""
    label_at: float = 0.7
    """Share of its length at which the label stands: above and left of an upper line, below and right of a lower."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A vertical line with words at its head."""

    x: float
    label: str
    kind: str = ""


def line_chart(
    lines: Sequence[Line],
    marks: Sequence[Mark],
    *,
    title: str,
    x_axis: str,
    y_axis: str,
    x_form: Format,
    y_form: Format,
    height: float = 290.0,
    width: float = WIDE,
) -> Markup:
    """Lines on two logarithmic axes, with vertical marks."""
    xs = [v for curve in lines for v in curve.x] + [m.x for m in marks]
    ys = [v for curve in lines for v in curve.y if math.isfinite(v) and v > 0]
    x = Scale(min(xs), max(xs), 58.0, width - 6.0, log=True)
    low, high = log_range(ys, 1.15)
    top, bottom = 40.0, height - 42.0
    y = Scale(low, high, bottom, top, log=True)
    parts = grid(x, y, (x_axis, y_axis), (x_form, y_form), 6, width)
    parts += _marks(marks, x, top, bottom, width, [])
    for curve in lines:
        points = [(x(a), y(b)) for a, b in zip(curve.x, curve.y, strict=True) if math.isfinite(b) and b > 0]
        if not points:
            continue
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        parts.append(f'<polyline class="line {curve.kind}" points="{path}"/>')
        px, py = points[min(int(curve.label_at * (len(points) - 1)), len(points) - 1)]
        wide = words_width(curve.label)
        if _lower(curve, lines):
            at = min(px + 8, width - 6 - wide)
            parts.append(halo(at, py + 17, curve.label, f"label {curve.kind}", "start"))
        else:
            parts.append(halo(max(px - 8, 60 + wide), py - 6, curve.label, f"label {curve.kind}", "end"))
    return svg(width, height, title, parts)


def _lower(curve: Line, lines: Sequence[Line]) -> bool:
    """Whether another line runs above this one where its label stands."""
    at = min(int(curve.label_at * (len(curve.y) - 1)), len(curve.y) - 1)
    return any(other is not curve and at < len(other.y) and other.y[at] > curve.y[at] for other in lines)


def _marks(marks: Sequence[Mark], x: Scale, top: float, bottom: float, width: float, taken: list[Box]) -> list[str]:
    """Vertical lines; words of neighbours at different heights."""
    parts = []
    for i, m in enumerate(sorted(marks, key=lambda m: m.x)):
        at = x(m.x)
        head = top - 5 - 15 * (i % 2)
        parts.append(line(at, head + 3, at, bottom, f"mark {m.kind}"))
        anchor = "end" if at > width * 0.7 else "start" if at < width * 0.3 else "middle"
        parts.append(halo(at, head, m.label, f"marked {m.kind}", anchor))
        wide = words_width(m.label)
        left = at - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
        taken.append((left, head - 12, left + wide, head + 3))
    return parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A corner of a step line: from here on (to the right) ``label`` is reached at ``y``."""

    x: float
    y: float
    label: str = ""
    """"": not named."""
    low: float = math.nan
    high: float = math.nan
    """Range of ``y``."""


def step_chart(
    corners: Sequence[Bar],
    marks: Sequence[Mark],
    level: tuple[float, Sequence[str]] | None,
    *,
    title: str,
    x_axis: str,
    y_axis: str,
    x_form: Format,
    y_form: Format,
    height: float = 330.0,
    width: float = WIDE,
) -> Markup:
    """A falling step line (the least cost as latency grows), each new holder named; a level across it, with wordings from
    long to short: the first that has room is taken."""
    xs = [c.x for c in corners] + [m.x for m in marks]
    ys = [v for c in corners for v in (c.low, c.y, c.high)] + ([level[0]] if level else [])
    x_low, x_high = log_range(xs, 1.12)
    low, high = log_range(ys, 1.3)
    x = Scale(x_low, x_high, 58.0, width - 6.0, log=True)
    top, bottom = 40.0, height - 42.0
    y = Scale(low, high, bottom, top, log=True)
    parts = grid(x, y, (x_axis, y_axis), (x_form, y_form), 7, width)
    taken: list[Box] = []
    parts += _marks(marks, x, top, bottom, width, taken)
    path, before = [], None
    for c in corners:
        if before is not None:
            path.append(f"{x(c.x):.1f},{y(before):.1f}")
        path.append(f"{x(c.x):.1f},{y(c.y):.1f}")
        before = c.y
    if corners:
        path.append(f"{width - 6:.1f},{y(corners[-1].y):.1f}")
        parts.append(f'<polyline class="line best" points="{" ".join(path)}"/>')
    if level is not None:
        parts.append(line(58, y(level[0]), width - 6, y(level[0]), "level"))
        parts.append(_level_label(level[1], y(level[0]), corners, x, y, taken, width))
    parts += _corner_labels(corners, x, y, taken, width)
    return svg(width, height, title, parts)


def _corner_labels(corners: Sequence[Bar], x: Scale, y: Scale, taken: list[Box], width: float) -> list[str]:
    """A dot at each corner, and its name wherever there is room."""
    parts = []
    for c in corners:
        px, py = x(c.x), y(c.y)
        if c.high > c.low:
            parts.append(line(px, y(c.low), px, y(c.high), "whisker"))
        parts.append(dot(px, py, "dot best", 3.2))
        if not c.label:
            continue
        wide = words_width(c.label)
        for anchor, dx, dy in (("start", 6, -7), ("end", -6, 16), ("start", 8, 14), ("end", -4, -9)):
            left = px + dx if anchor == "start" else px + dx - wide
            box = (left, py + dy - 12, left + wide, py + dy + 4)
            inside = left >= 58 and left + wide <= width and box[3] <= y.start
            if inside and not any(overlap(box, other) for other in taken):
                parts.append(halo(px + dx, py + dy, c.label, "label", anchor))
                taken.append(box)
                break
    return parts


def _level_label(
    wordings: Sequence[str], level: float, corners: Sequence[Bar], x: Scale, y: Scale, taken: list[Box], width: float
) -> str:
    """The words of a level, at the end and on the side of it that the step line leaves free."""
    steps = [(x(c.x), y(c.y)) for c in corners]
    path: list[Box] = [(a[0], a[1] - 3, b[0], a[1] + 3) for a, b in itertools.pairwise(steps)]
    path += [(b[0] - 3, min(a[1], b[1]), b[0] + 3, max(a[1], b[1])) for a, b in itertools.pairwise(steps)]
    if steps:
        path.append((steps[-1][0], steps[-1][1] - 3, width, steps[-1][1] + 3))
    spots: list[tuple[str, Box]] = []
    for wording in wordings:
        words = fit(wording, width - 70)
        wide = words_width(words)
        for share in (1.0, 0.0, 0.75, 0.5, 0.25):
            left = 62.0 + share * (width - 70.0 - wide)
            spots += [(words, (left, level + dy - 12, left + wide, level + dy + 4)) for dy in (-7.0, 15.0)]
    words, box = min(spots, key=lambda spot: sum(overlap(spot[1], other) for other in (*path, *taken)))
    taken.append(box)
    left, base = box[0], box[3] - 4
    return halo(left, base, words, "label api", "start")
