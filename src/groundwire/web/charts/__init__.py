"""Charts as in a good newspaper: drawn on the server, labelled directly, units on axes, ranges shown, no legend.

Plain SVG with classes that the style sheet colours, so that one drawing serves light, dark and print, needs no inline
style (the content security policy forbids it) and takes about a millisecond. A Vega-Lite chart through vl-convert took
24 ms each and 0.6 s at first use (measured 2026-11 on two cores): six of them would have used up the 200 ms in which
the workbench answers.
"""

from groundwire.web.charts.lines import Bar, Line, Mark, line_chart, step_chart
from groundwire.web.charts.rows import Point, Step, Swing, dot_plot, tornado_chart, waterfall
from groundwire.web.charts.shapes import NARROW, WIDE, twice

__all__ = [
    "NARROW",
    "WIDE",
    "Bar",
    "Line",
    "Mark",
    "Point",
    "Step",
    "Swing",
    "dot_plot",
    "line_chart",
    "step_chart",
    "tornado_chart",
    "twice",
    "waterfall",
]
