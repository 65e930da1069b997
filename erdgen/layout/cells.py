"""A drawing in, out which of its cells are free, and the cheapest ways through these.

Ways are led by Dijkstra's algorithm ("A note on two problems in connexion with graphs", 1959) over
cells and the directions in which they are come to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from erdgen.layout.drawing import Cell, Diagram, Drawing, Line, Rect, Route

STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""Right, down, left, up; opposite ways differ by two."""
LENGTH = (1, 8)
"""Cost of a cell along a row and of one along a column: that one changes its row."""
BEND = 6
CROSSING = 30
REACHED = 8_000
"""Most places that the way is led to."""
BAND = 60
"""Rows above and below the box that it begins at, beyond which it isn't led."""
FREE, NEAR, RIGHT_OF, UNDER, SOLID = range(5)
"""What a cell is: free, next to a box, on a line along a row or a column, or none may pass it."""
_TAKEN = bytes(kind > NEAR for kind in range(256))
"""For each kind whether something stands there."""
_NEARER = bytes(NEAR if kind <= NEAR else SOLID for kind in range(256))
_FILLED = bytes((SOLID,)) * 256
"""What each kind becomes next to a box, and where a box or a label stands."""
_DIGITS = bytes(b"10"[kind > NEAR] for kind in range(256))
"""The same as digits: 1 where nothing stands."""


class Origin(NamedTuple):
    """Where a way may begin: a cell, its direction, what it costs so far, the corners up to it."""

    cell: Cell
    way: int
    cost: int
    before: tuple[Cell, ...]


Around = tuple[int, int, int, int]
"""Columns and rows left of, above, right of and below something."""

Key = tuple[int, int, int]
"""A cell and the way in which it was come to."""


class Cells:
    """The cells of a drawing, and the room around it."""

    def __init__(
        self,
        diagram: Diagram,
        drawing: Drawing,
        size: tuple[int, int],
        *,
        down: bool,
        middle: int,
    ) -> None:
        """Paint the cells of the rows around a middle one; the others are closed to all ways."""
        self.diagram = diagram
        self.drawing = drawing
        self.size = size
        self.down = down
        width, height = size
        self.rows = range(max(0, middle - BAND), min(height, middle + BAND + 1))
        closed = bytearray((SOLID,)) * width
        self.kind = [bytearray(width) if y in self.rows else closed for y in range(height)]
        self.beside = [closed] * height
        """Cells in which no line may run along a column, for what stands left or right of it."""
        self.arms: dict[Cell, int] = {}
        self._paint()
        # for each row the cells that are free or only next to a box, a bit for each
        self.bare = [_bits_of(row) if row is not closed else 0 for row in self.kind]

    def _paint(self) -> None:
        ends: list[tuple[Cell, int, int]] = []
        for line, route in zip(self.diagram.lines, self.drawing.routes, strict=True):
            if route is None:
                continue
            self._lead_arms(route.points)
            for end, cell in ((line.source, route.points[0]), (line.target, route.points[-1])):
                if cell[1] in self.rows:
                    side = side_of(self.drawing.boxes[end.box], cell)
                    self.arms[cell] = self.arms.get(cell, 0) | 1 << side
                    ends.append((cell, side, end.mark + 1))
            for cell, room in label_cells(line, route):
                self._fill(Rect(cell[0] - 1, cell[1], room + 2, 1), _FILLED)
        self._paint_lines(ends)
        self._paint_boxes()
        for y in self.rows:
            taken = self.kind[y].translate(_TAKEN)
            # bit by bit for the whole row at once: what stands one column to the right or left
            both = int.from_bytes(taken[1:] + b"\0") | int.from_bytes(b"\0" + taken[:-1])
            self.beside[y] = bytearray(both.to_bytes(len(taken)))

    def _lead_arms(self, points: Sequence[Cell]) -> None:
        """Note the arms of a polyline's cells."""
        arms, rows = self.arms, self.rows
        for a, b in pairwise(points):
            (x, y), (end, last) = min(a, b), max(a, b)
            if y != last:
                first, stop = max(y, rows.start), min(last + 1, rows.stop)
                for at in range(first, stop):
                    way = 10 if y < at < last else 2 if at == y else 8
                    arms[x, at] = arms.get((x, at), 0) | way
            elif y in rows:
                for at in range(x, end + 1):
                    way = 5 if x < at < end else 1 if at == x else 4
                    arms[at, y] = arms.get((at, y), 0) | way

    def _paint_lines(self, ends: Sequence[tuple[Cell, int, int]]) -> None:
        """Paint lines; where they end, at a side of a box, the cells for their marks are kept."""
        for (x, y), each in self.arms.items():
            straight = {5: RIGHT_OF, 10: UNDER}.get(each, SOLID)
            if self.kind[y][x] != SOLID:
                self.kind[y][x] = straight
        for (x, y), side, room in ends:
            dx, dy = STEPS[side]
            for away in range(room if dx else 2):
                cell = x - dx * away, y - dy * away
                if cell in self.arms:
                    self.kind[cell[1]][cell[0]] = SOLID

    def _paint_boxes(self) -> None:
        gap = 2 if self.down else 1
        for rect in self.drawing.boxes:
            around = Rect(rect.x - gap, rect.y - 1, rect.width + 2 * gap, rect.height + 2)
            self._fill(around, _NEARER)
        for rect in self.drawing.boxes:
            self._fill(rect, _FILLED)

    def _fill(self, rect: Rect, kinds: bytes) -> None:
        """Change what cells are, by a table of what each kind becomes."""
        first, end = max(0, rect.x), rect.x + rect.width
        for y in range(max(self.rows.start, rect.y), min(self.rows.stop, rect.y + rect.height)):
            row = self.kind[y]
            row[first:end] = row[first:end].translate(kinds)

    def rooms(self, width: int, height: int, around: Around) -> list[int]:
        """Return for each row where a rectangle with nothing in it may begin, a bit for each cell.

        Args:
            width: Its columns.
            height: Its rows.
            around: Columns and rows around it that must be empty too; outside there is nothing.
        """
        left, top, right, bottom = around
        whole, end = (1 << self.size[0]) - 1, self.size[0] - width + 1
        rows = []
        for row in self.bare:
            # beyond both edges nothing stands; the bit of a place is that of the cell before it
            wide = row << left | (1 << left) - 1 | ((1 << right) - 1) << self.size[0] + left
            rows.append(_runs(wide, left + width + right) & whole)
        fits = (1 << max(0, end)) - 1
        result = []
        for y in range(self.size[1] - height + 1):
            free = fits
            for row in rows[max(0, y - top) : y + height + bottom]:
                free &= row
                if not free:
                    break
            result.append(free)
        return result

    def lead(self, flood: Flood) -> Iterator[tuple[Key, int]]:
        """Yield where ways lead from the origins of a flood, and what they cost, cheapest first."""
        cost, came = flood.cost, flood.came
        heap: list[tuple[int, Key]] = []
        for number, origin in enumerate(flood.origins):
            key = (*origin.cell, origin.way)
            if origin.cost < cost.get(key, 1 << 30):
                cost[key] = origin.cost
                came[key] = number
                heappush(heap, (origin.cost, key))
        done: set[Key] = set()
        while heap and len(done) < REACHED:
            now, key = heappop(heap)
            if key in done:
                continue
            done.add(key)
            yield key, now
            x, y, way = key
            for turn in range(len(STEPS)):
                more = self._step(x, y, way, turn)
                if not more:
                    continue
                a, b = x + STEPS[turn][0], y + STEPS[turn][1]
                other = a, b, turn
                if now + more < cost.get(other, 1 << 30):
                    cost[other] = now + more
                    came[other] = key
                    heappush(heap, (now + more, other))

    def _step(self, x: int, y: int, way: int, turn: int) -> int:
        """Return what a step from a cell costs that was come to in one way; 0 if it can't be."""
        turns = turn != way
        if turns and (self.kind[y][x] > NEAR or self.beside[y][x] or (turn - way) % 4 == 2):
            return 0
        dx, dy = STEPS[turn]
        a, b = x + dx, y + dy
        if not (0 <= a < self.size[0] and 0 <= b < self.size[1]):
            return 0
        there = self.kind[b][a]
        cost = LENGTH[dy != 0] + BEND * turns
        if there == FREE:
            return 0 if dy and self.beside[b][a] else cost
        if there == RIGHT_OF and dy and not (self._upright(a - 1, b) or self._upright(a + 1, b)):
            return cost + CROSSING
        return cost + CROSSING if there == UNDER and not dy else 0

    def _upright(self, x: int, y: int) -> bool:
        return bool(self.arms.get((x, y), 0) & 10)


class Flood:
    """The cheapest ways from some origins.

    Attributes:
        cost: For each cell and direction what the way to it costs.
        came: From where, or from which origin, it comes.
    """

    __slots__ = ("came", "cost", "origins")

    def __init__(self, origins: Sequence[Origin]) -> None:
        self.origins = origins
        self.cost: dict[Key, int] = {}
        self.came: dict[Key, Key | int] = {}


def _bits_of(row: bytearray) -> int:
    """Return the cells in which nothing stands, a bit for each.

    >>> bin(_bits_of(bytearray((FREE, NEAR, SOLID, UNDER, FREE))))
    '0b10011'
    """
    return int(row.translate(_DIGITS)[::-1], 2)


def _runs(bits: int, length: int) -> int:
    """Return where so many set bits follow each other.

    >>> bin(_runs(0b1101111, 3))
    '0b11'
    """
    have = 1
    while have < length:
        more = min(have, length - have)
        bits &= bits >> more
        have += more
    return bits


def walk(points: Sequence[Cell]) -> Iterator[tuple[Cell, int]]:
    """Yield the cells of a polyline with the arms that it has there; corners come twice.

    >>> list(walk(((0, 0), (1, 0), (1, 1))))
    [((0, 0), 1), ((1, 0), 4), ((1, 0), 2), ((1, 1), 8)]
    """
    if len(points) == 1:
        yield points[0], 0
    for a, b in pairwise(points):
        dx, dy = (b[0] > a[0]) - (b[0] < a[0]), (b[1] > a[1]) - (b[1] < a[1])
        way = STEPS.index((dx, dy))
        x, y = a
        yield a, 1 << way
        while (x + dx, y + dy) != b:
            x, y = x + dx, y + dy
            yield (x, y), 1 << way | 1 << (way + 2) % 4
        yield b, 1 << (way + 2) % 4


def side_of(rect: Rect, cell: Cell) -> int:
    """Return in which direction a box lies from a cell beside it."""
    if cell[0] < rect.x:
        return 0
    if cell[0] >= rect.x + rect.width:
        return 2
    return 1 if cell[1] < rect.y else 3


def label_cells(line: Line, route: Route) -> Iterator[tuple[Cell, int]]:
    """Yield where a line's labels begin, and their columns."""
    for cell, room in (
        (route.label, line.label),
        (route.source_label, line.source.label),
        (route.target_label, line.target.label),
    ):
        if cell is not None and room:
            yield cell, room
