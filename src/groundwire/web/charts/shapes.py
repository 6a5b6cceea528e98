"""What charts are drawn with: plain SVG with classes that the style sheet colours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from markupsafe import Markup, escape

from groundwire.web.charts.scales import Scale

WIDE: Final = 640.0
NARROW: Final = 370.0
"""Drawn twice: the style sheet shows the one that the column has room for."""
Format = Callable[[float], str]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def twice(draw: Callable[[float], Markup]) -> Markup:
    """A chart for a wide and for a narrow column; the style sheet shows one of them."""
    wide, narrow = draw(WIDE), draw(NARROW)
    return Markup('<div class="for-wide">{}</div><div class="for-narrow">{}</div>').format(wide, narrow)


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """Words at a place."""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    name = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{name}{place}>{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """A line."""
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def rect(x: float, y: float, width: float, height: float, kind: str) -> str:
    """A bar."""
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{height:.1f}"/>'


def dot(x: float, y: float, kind: str, radius: float = 4.5) -> str:
    """A dot."""
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"/>'


def svg(width: float, height: float, title: str, parts: Sequence[str]) -> Markup:
    """A whole chart of its parts."""
    body = "".join(parts)
    return Markup(  # noqa: S704  every word in it went through escape
        f'<svg class="chart" viewBox="0 0 {width:g} {height:.0f}" role="img" aria-label="{escape(title)}">{body}</svg>'
    )


def bottom_axis(scale: Scale, y: float, top: float, form: Format, title: str, count: int = 6) -> list[str]:
    """Grid lines down to ``y``, their values below, and what is measured, with its unit, at the right."""
    parts = []
    for tick in scale.ticks(count):
        x = scale(tick)
        parts.append(line(x, top, x, y, "grid"))
        anchor = "middle" if scale.start + 12 < x < scale.end - 12 else "start" if x < scale.end - 12 else "end"
        parts.append(text(x, y + 15, form(tick), "tick", anchor))
    parts.append(text(scale.end, y + 31, title, "axis", "end"))
    return parts


def grid(
    x: Scale, y: Scale, axes: tuple[str, str], forms: tuple[Format, Format], x_ticks: int, width: float
) -> list[str]:
    """Level lines with their values at the left, marks with theirs below, and what both axes measure (x, then y)."""
    bottom = y.start
    parts = [text(2, 12, axes[1], "axis")]
    for tick in y.ticks(5):
        parts.append(line(x.start, y(tick), x.end, y(tick), "grid"))
        parts.append(text(x.start - 6, y(tick) + 4, forms[1](tick), "tick", "end"))
    for tick in x.ticks(x_ticks):
        parts.append(line(x(tick), bottom, x(tick), bottom + 4, "tickmark"))
        parts.append(text(x(tick), bottom + 17, forms[0](tick), "tick", "middle"))
    parts.append(text(width - 6, bottom + 34, axes[0], "axis", "end"))
    return parts


def halo(x: float, y: float, words: str, kind: str, anchor: str) -> str:
    """Words over lines: a copy in the paper's colour keeps them readable."""
    place = f' text-anchor="{anchor}"'
    said = escape(words)
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" class="halo {kind}"{place} aria-hidden="true">{said}</text>'
        f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}"{place}>{said}</text>'
    )


def words_width(words: str, size: float = 12.0) -> float:
    """About how wide words stand in the sans face: a Chinese character is as wide as high, a letter half."""
    return sum(size if ord(ch) > 0x2E80 else size * 0.54 for ch in words)


def fit(words: str, room: float, size: float = 12.0) -> str:
    """Words cut off, with an ellipsis, where there is no room for them."""
    if words_width(words, size) <= room:
        return words
    while words and words_width(words + "…", size) > room:
        words = words[:-1]
    return words.rstrip(" ,;，；") + "…"


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes share a spot."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
