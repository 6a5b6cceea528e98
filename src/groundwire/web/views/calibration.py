"""The calibration plot: how often things came true, by how likely they were said to be."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from groundwire.forecasts.score import Bin

SIDE = 300.0
_LEFT, _TOP, _BOTTOM, _RIGHT = 44.0, 26.0, 48.0, 92.0


def calibration_chart(bins: Sequence[Bin], *, title: str, stated: str, came_true: str, perfect: str) -> Markup:
    """A square with both shares from 0 to 100 %; a dot for each class with its 95 % interval and its count.

    Args:
        bins: Classes of stated probability.
        title: Read out instead of the drawing.
        stated: Name of the horizontal axis.
        came_true: Name of the vertical one.
        perfect: Name of the diagonal, on which a calibrated forecaster stands.
    """

    def x(share: float) -> float:
        return _LEFT + share * SIDE

    def y(share: float) -> float:
        return _TOP + (1 - share) * SIDE

    parts = [f'<text class="axis" x="2" y="12">{escape(came_true)}</text>']
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        parts.append(f'<line class="grid" x1="{x(0):.1f}" y1="{y(tick):.1f}" x2="{x(1):.1f}" y2="{y(tick):.1f}"/>')
        parts.append(
            f'<text class="tick" x="{_LEFT - 7:.1f}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:.0%}</text>'
        )
        parts.append(
            f'<line class="tickmark" x1="{x(tick):.1f}" y1="{y(0):.1f}" x2="{x(tick):.1f}" y2="{y(0) + 4:.1f}"/>'
        )
        parts.append(f'<text class="tick" x="{x(tick):.1f}" y="{y(0) + 17:.1f}" text-anchor="middle">{tick:.0%}</text>')
    parts.append(f'<text class="axis" x="{x(1):.1f}" y="{y(0) + 36:.1f}" text-anchor="end">{escape(stated)}</text>')
    parts.append(f'<line class="level" x1="{x(0):.1f}" y1="{y(0):.1f}" x2="{x(1):.1f}" y2="{y(1):.1f}"/>')
    parts.append(f'<text class="label api" x="{x(1) + 6:.1f}" y="{y(1) + 4:.1f}">{escape(perfect)}</text>')
    for b in bins:
        at = x(b.stated)
        parts.append(f'<line class="range" x1="{at:.1f}" y1="{y(b.low):.1f}" x2="{at:.1f}" y2="{y(b.high):.1f}"/>')
        parts.append(f'<circle class="dot best" cx="{at:.1f}" cy="{y(b.came_true):.1f}" r="5"/>')
        parts.append(f'<text class="value" x="{at + 9:.1f}" y="{y(b.came_true) + 4:.1f}">{b.count}</text>')
    width, height = _LEFT + SIDE + _RIGHT, _TOP + SIDE + _BOTTOM
    return Markup(  # noqa: S704  every word in it went through escape
        f'<svg class="chart calibration" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )
