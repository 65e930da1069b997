"""A diagram in, the same with spare rows in its boxes out; and a drawing of it without them again.

A box with one row more or less would change what is above what, and thereby which drawing is the
best. Boxes of several rows are therefore laid out as if they were a little higher, and what that
costs is taken out again where it can be: a row at a time, along a seam from the left edge to the
right (after Avidan and Shamir: Seam carving for content-aware image resizing, 2007).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from erdgen.layout.cells import label_cells
from erdgen.layout.drawing import Cell, Diagram, Drawing, Rect

LEAST = 7
"""Rows of the highest box that surely gets none: one of three attributes."""
STEP = 2
"""A box may be so much higher than the next lower one that gets no spare rows, and .."""
SHARE = 10
""".. by one more for so many rows that it has."""
BAND = 12
"""Most rows that a seam runs up and down in."""


def with_spare(diagram: Diagram) -> Diagram:
    """Return the diagram with boxes of rows only as high as a few fixed heights.

    >>> from erdgen.layout.drawing import Box
    >>> heights = range(4, 16)
    >>> spare = with_spare(Diagram(tuple(Box(9, height) for height in heights), ()))
    >>> [box.height for box in spare.boxes]
    [4, 5, 6, 7, 9, 9, 11, 11, 14, 14, 14, 17]
    """
    boxes = tuple(
        box if box.stretch else box._replace(height=_stair(box.height)) for box in diagram.boxes
    )
    return diagram if boxes == diagram.boxes else diagram._replace(boxes=boxes)


def _stair(height: int) -> int:
    stair = min(height, LEAST)
    while stair < height:
        stair += STEP + stair // SHARE
    return stair


def without_spare(diagram: Diagram, drawing: Drawing, width: int | None = None) -> Drawing:
    """Return a drawing with boxes as high as they are, and without rows that it can do without.

    Args:
        diagram: Boxes as they are.
        drawing: Of the diagram with spare rows.
        width: Most columns; what is wider keeps its rows, as it is hardly ever shown.

    Postcondition: it is no higher than before, no line changes its course, and what stood apart
    still does.
    """
    boxes = tuple(
        rect if box.stretch else rect._replace(height=box.height)
        for rect, box in zip(drawing.boxes, diagram.boxes, strict=True)
    )
    if width is not None and drawing.width > width:
        return drawing._replace(boxes=boxes)
    cells = _Cells(diagram, drawing)
    seams: list[list[int]] = []
    bottom = drawing.height
    while bottom > 0:
        seam = cells.find_seam(max(0, bottom - BAND), bottom)
        if seam is None:
            bottom -= 1
        else:
            seams.append(seam)
            cells.take_out(seam)
            bottom = min(bottom, cells.height)
    return _moved(drawing._replace(boxes=boxes), seams)


def _moved(drawing: Drawing, seams: Sequence[Sequence[int]]) -> Drawing:
    """Return the drawing with what is below a seam one row higher, for one seam after the other."""

    def up(cell: Cell) -> Cell:
        x, y = cell
        for seam in seams:
            y -= y > seam[min(x, len(seam) - 1)]
        return x, y

    routes = tuple(route and route.moved(up) for route in drawing.routes)
    boxes = tuple(rect._replace(y=up((rect.x, rect.y))[1]) for rect in drawing.boxes)
    frames = tuple(frame and _without_rows(frame, up) for frame in drawing.frames)
    return Drawing(drawing.width, drawing.height - len(seams), boxes, routes, frames)


def _without_rows(frame: Rect, up: Callable[[Cell], Cell]) -> Rect:
    top, bottom = (up((frame.x, frame.y + at))[1] for at in (0, frame.height - 1))
    return frame._replace(y=top, height=bottom - top + 1)


class _Cells:
    """What stands in each column of a drawing, a bit for each row."""

    def __init__(self, diagram: Diagram, drawing: Drawing) -> None:
        self.width, self.height = drawing.width, drawing.height
        self.solid = [0] * self.width
        self.spare = [0] * self.width
        for rect, box in zip(drawing.boxes, diagram.boxes, strict=True):
            whole = rect if box.stretch else rect._replace(height=box.height)
            self._fill(whole, self.solid)
            below = rect._replace(y=rect.y + whole.height, height=rect.height - whole.height)
            self._fill(below, self.spare)
        for frame in drawing.frames:
            if frame is not None:
                x, y, width, height = frame
                for row in (y, y + height - 1):
                    self._fill(Rect(x, row, width, 1), self.solid)
        for line, route in zip(diagram.lines, drawing.routes, strict=True):
            if route is None:
                continue
            for a, b in pairwise(route.points):
                if a[1] == b[1]:
                    self._fill(Rect(min(a[0], b[0]), a[1], abs(a[0] - b[0]) + 1, 1), self.solid)
            for x, y in route.points:
                self._fill(Rect(x, y, 1, 1), self.solid)
            # an end at the top or bottom of a box keeps its mark on a straight stretch
            for x, y in (route.points[0], route.points[-1]):
                self._fill(Rect(x, max(0, y - 1), 1, 3), self.solid)
            for cell, room in label_cells(line, route):
                self._fill(Rect(*cell, room, 1), self.solid)

    def _fill(self, rect: Rect, columns: list[int]) -> None:
        bits = ((1 << rect.height) - 1) << rect.y
        for x in range(max(0, rect.x), min(self.width, rect.x + rect.width)):
            columns[x] |= bits

    def find_seam(self, top: int, bottom: int) -> list[int] | None:
        """Return a cell of each column that can be taken out of it, within some rows.

        None if there are none that go together: what is on one side of the seam must not touch
        what is on the other, it steps up or down only past nothing, and somewhere it passes a spare
        row, so that distances that are wanted are left.
        """
        # only the rows from the one above the band to the one below it, in short numbers
        base = max(0, top - 1)
        window = (2 << bottom - base) - 1
        band = (1 << bottom - base) - (1 << top - base)
        # the rows that a seam can come to, and those that it can come to past a spare one
        ways: list[int] = []
        passed: list[int] = []
        # the rows in which it may step between a column and the next one: at most a line runs up
        # and down there, which is the same when it moves; under a box it doesn't step, so that it
        # takes a row of all of it
        steps: list[int] = []
        own, after = 0, self.solid[0] >> base & window
        way, past, free = band, 0, 0
        for x, column in enumerate(self.spare):
            before, own, spare = own, after, column >> base & window
            after = self.solid[x + 1] >> base & window if x + 1 < self.width else 0
            near = before | own | after
            keep = band & ~own & ~(near << 1 & near >> 1)
            way = spread_bits(way, free) & keep
            if not way:
                return None
            past = spread_bits(past, free) & keep | way & spare
            ways.append(way)
            passed.append(past)
            if x + 1 < self.width:
                free = band & ~(own | spare | after | self.spare[x + 1] >> base)
                steps.append(free)
        if not past:
            return None
        seams = [self._trace(ways, passed, steps, base, row) for row in bits_of(past)]
        return min(seams, key=lambda seam: sum(abs(b - a) for a, b in pairwise(seam)))

    def _trace(
        self, ways: list[int], passed: list[int], steps: list[int], base: int, row: int
    ) -> list[int]:
        """Return the seam that ends in a row, from the rows that it can come to in each column."""
        seam = [base + row]
        reach = passed
        for x in range(self.width - 2, -1, -1):
            if not reach[x] >> row & 1:
                if reach is passed and self.spare[x + 1] >> base + row & 1:
                    reach = ways
                last = row
                near = spread_bits(1 << row, steps[x]) & reach[x]
                row = min(bits_of(near), key=lambda at: abs(at - last))
            seam.append(base + row)
        return seam[::-1]

    def take_out(self, seam: Sequence[int]) -> None:
        """Take a cell out of each column; what is below it moves up."""
        self.height -= 1
        for columns in (self.solid, self.spare):
            for x, row in enumerate(seam):
                bits = columns[x]
                columns[x] = bits & (1 << row) - 1 | bits >> row + 1 << row


def spread_bits(rows: int, free: int) -> int:
    """Return rows, and all that can be reached from them through rows that are free.

    >>> bin(spread_bits(0b0100100, 0b1110001))
    '0b1110100'
    """
    ways = rows & free
    if not (ways << 1 | ways >> 1) & free & ~rows:  # mostly they are there already
        return rows
    # a carry runs up to the end of each stretch of ones, and down where these are turned round
    length = free.bit_length()
    turned, back = _turned(free, length), _turned(ways, length)
    return rows | free & ~(free + ways) | _turned(turned & ~(turned + back), length)


def _turned(bits: int, length: int) -> int:
    return int(f"{bits:0{length}b}"[::-1], 2)


def bits_of(rows: int) -> list[int]:
    """Return which bits are set.

    >>> bits_of(0b1000010)
    [1, 6]
    """
    return [row for row in range(rows.bit_length()) if rows >> row & 1]
