"""A sketch and its drawing in, what is bad about them out."""

from __future__ import annotations

from math import log2

from erdgen.layout.compose import Sketch
from erdgen.layout.drawing import Drawing

TOO_WIDE = 1_000_000_000
"""Cost of a drawing that is wider than it may be."""
COLUMN = 1_000_000
"""The same for each column by which it is."""
AGAINST = (80, 20)
"""Cost of a line of bare boxes that runs against the direction, in direction right and down."""
HIERARCHY = 50
"""The same in direction down where boxes are few: they stand as a hierarchy."""
CROSSING = (30, 60)
"""Cost of a crossing; in a small diagram of bare boxes, that can do without, it is more."""
FEW = 9
"""Most boxes of a small diagram."""
PAGE = 120
"""Columns beyond which a drawing is less welcome, whatever the limit."""
ROWS = 50
"""Rows beyond which it is."""
LOW = 12
"""Rows up to which a drawing that runs right may be as wide as one of so many rows: a band."""


def score(sketch: Sketch, drawing: Drawing, width: int | None) -> float:
    """Return how bad a drawing is: its area and shape, crossings, and the length of its lines."""
    low = 1 if sketch.style.down else LOW
    return extent_cost(drawing, width, low) + line_cost(sketch)


def line_cost(sketch: Sketch) -> float:
    """Return how bad the crossings, the length and the bends of a sketch's lines are."""
    style = sketch.style
    small = style.bare and sketch.sheet.count <= FEW
    against = HIERARCHY if style.down and small else AGAINST[style.down]
    return (
        CROSSING[small] * sketch.crossings
        + sketch.length
        + 2 * sketch.bends
        + against * sketch.against
    )


def extent_cost(drawing: Drawing, width: int | None, low: int = 1) -> float:
    """Return how bad the area and shape of a drawing are, as one of at least `low` rows."""
    # a page is about as wide as one and a half times its height, a row as high as two columns
    rows = max(drawing.height, low)
    shape = 1 + 0.25 * abs(log2(drawing.width / (rows * 2) / 1.5))
    cost = drawing.width * drawing.height * shape / 5
    if width is None or width > PAGE:
        cost += 4 * max(0, drawing.width - PAGE) + 20 * max(0, drawing.height - ROWS)
    if width is not None and drawing.width > width:
        cost += TOO_WIDE + COLUMN * (drawing.width - width)
    return cost


def columns_over(cost: float) -> float:
    """Return by how many columns a drawing of such a cost is too wide; less than 0 if it is not.

    >>> columns_over(TOO_WIDE + 3 * COLUMN + 4711), columns_over(4711) < 0
    (3, True)
    """
    return (cost - TOO_WIDE) // COLUMN
