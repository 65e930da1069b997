"""A drawing and a place in it in, the same drawing with blank rows put in there out.

Boxes may stand beside the place, so the rows are put in along a seam from the left edge to the
right that steps up and down where it crosses nothing: of the other rows, few change.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from erdgen.layout.cells import label_cells
from erdgen.layout.drawing import Cell, Diagram, Drawing, Rect
from erdgen.layout.spare import bits_of, spread_bits

STEPS = 12
"""Most rows that a seam steps up or down in all."""


def open_rows(diagram: Diagram, drawing: Drawing, at: Cell, count: int) -> Drawing | None:
    """Return the drawing with blank rows put in above a cell, None if no seam leads past it.

    Args:
        diagram: What is drawn; the drawing may lack the last box and have no route for its line.
        drawing: Without frames.
        at: The cell; what is below it moves down.
        count: How many rows.

    Postcondition: no line changes its course, and labels stay beside their lines.
    """
    x, y = at
    if not (0 <= x < drawing.width and 0 <= y < drawing.height):
        return None
    cells = _Cuts(diagram, drawing)
    if not cells.cuts[x] >> y & 1:
        return None
    left = cells.lead(range(x, -1, -1), y)
    right = cells.lead(range(x, drawing.width), y)
    if left is None or right is None:
        return None
    return _opened(drawing, [*left[:0:-1], *right], count)


def _opened(drawing: Drawing, seam: Sequence[int], count: int) -> Drawing:
    """Return the drawing with what is at a seam or below it moved down."""

    def down(cell: Cell) -> Cell:
        x, y = cell
        return x, y + count * (y >= seam[min(x, len(seam) - 1)])

    routes = tuple(route and route.moved(down) for route in drawing.routes)
    boxes = tuple(rect._replace(y=down((rect.x, rect.y))[1]) for rect in drawing.boxes)
    return drawing._replace(height=drawing.height + count, boxes=boxes, routes=routes)


class _Cuts:
    """Where each column of a drawing can be cut, a bit for each row below a cut, and what is free.

    Where a line only runs up and down it is free: there it is the same if it moves. A column can't
    be cut within a box, between a box and a line that ends there, nor between a label and the
    stretch of its line that it stands above or below.
    """

    def __init__(self, diagram: Diagram, drawing: Drawing) -> None:
        self.width, self.height = drawing.width, drawing.height
        whole = (1 << self.height) - 1
        self.cuts = [whole] * self.width
        self.free = [whole] * self.width
        for rect in drawing.boxes:
            self._clear(rect, self.free)
            self._clear(rect._replace(y=rect.y + 1, height=rect.height - 1), self.cuts)
        for line, route in zip(diagram.lines, drawing.routes, strict=True):
            if route is None:
                continue
            stretches = list(pairwise(route.points))
            for a, b in stretches:
                if a[1] == b[1]:
                    self._clear(Rect(min(a[0], b[0]), a[1], abs(a[0] - b[0]) + 1, 1), self.free)
            for x, y in route.points:
                self._clear(Rect(x, y, 1, 1), self.free)
            ends = (line.source.box, route.points[0]), (line.target.box, route.points[-1])
            for box, (x, y) in ends:
                rect = drawing.boxes[box]
                if y in (rect.y - 1, rect.y + rect.height):
                    self._clear(Rect(x, max(y, rect.y), 1, 1), self.cuts)
            for (x, y), room in label_cells(line, route):
                self._clear(Rect(x, y, room, 1), self.free)
                for a, b in stretches:
                    if a[1] == b[1] and abs(a[1] - y) == 1 and min(a[0], b[0]) <= x + room:
                        self._clear(Rect(x, max(y, a[1]), room, 1), self.cuts)

    def _clear(self, rect: Rect, columns: list[int]) -> None:
        bits = ~(((1 << rect.height) - 1) << max(0, rect.y))
        for x in range(max(0, rect.x), min(self.width, rect.x + rect.width)):
            columns[x] &= bits

    def lead(self, columns: Sequence[int], row: int) -> list[int] | None:
        """Return a row for each of some columns, side by side, at which they are cut.

        Args:
            columns: From one that is cut at a row to the edge.
            row: That row.
        """
        low, high = max(0, row - STEPS), min(self.height, row + STEPS + 1)
        band = (1 << high) - (1 << low)
        reach = [1 << row]
        for before, x in pairwise(columns):
            rows = self._step(reach[-1], before, x) & band & self.cuts[x]
            if not rows:
                return None
            reach.append(rows)
        seam = [_nearest(reach[-1], row)]
        for index in range(len(columns) - 2, -1, -1):
            rows = self._step(1 << seam[-1], columns[index], columns[index + 1])
            seam.append(_nearest(rows & reach[index], seam[-1]))
        return seam[::-1]

    def _step(self, rows: int, one: int, two: int) -> int:
        """Return the rows to which cuts may step from one column to the next."""
        free = self.free[one] & self.free[two]
        # a cut is above its row: it may step over all rows that are free, and to the one below
        down = spread_bits(rows & free, free)
        up = spread_bits(rows >> 1 & free, free)
        return rows | down | down << 1 | up


def _nearest(rows: int, row: int) -> int:
    """Return which bit of some is nearest to one.

    >>> _nearest(0b1000010, 3), _nearest(0b1000010, 5)
    (1, 6)
    """
    return min(bits_of(rows), key=lambda at: (abs(at - row), at))
