"""A drawing in, out which of its cells are free, and the cheapest ways through these.

Ways are led by Dijkstra's algorithm ("A note on two problems in connexion with graphs", 1959) over
cells and the directions in which they are come to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import accumulate, pairwise
from operator import add
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
FREE, NEAR, RIGHT_OF, UNDER, SOLID = range(5)
"""What a cell is: free, next to a box, on a line along a row or a column, or none may pass it."""
_TAKEN = bytes(kind > NEAR for kind in range(256))
"""For each kind whether something stands there."""


class Origin(NamedTuple):
    """Where a way may begin: a cell, its direction, what it costs so far, the corners up to it."""

    cell: Cell
    way: int
    cost: int
    before: tuple[Cell, ...]


Key = tuple[int, int, int]
"""A cell and the way in which it was come to."""


class Cells:
    """The cells of a drawing, and the room around it."""

    def __init__(
        self, diagram: Diagram, drawing: Drawing, size: tuple[int, int], *, down: bool
    ) -> None:
        self.diagram = diagram
        self.drawing = drawing
        self.size = size
        self.down = down
        width, height = size
        self.kind = [bytearray(width) for _ in range(height)]
        self.beside = [bytearray(width) for _ in range(height)]
        """Cells in which no line may run along a column, for what stands left or right of it."""
        self.arms: dict[Cell, int] = {}
        self._paint()
        self.sums = self._sum()

    def _paint(self) -> None:
        arms = self.arms
        ends: list[tuple[Cell, int, int]] = []
        for line, route in zip(self.diagram.lines, self.drawing.routes, strict=True):
            if route is None:
                continue
            for cell, way in walk(route.points):
                arms[cell] = arms.get(cell, 0) | way
            for end, cell in ((line.source, route.points[0]), (line.target, route.points[-1])):
                side = side_of(self.drawing.boxes[end.box], cell)
                arms[cell] = arms.get(cell, 0) | 1 << side
                ends.append((cell, side, end.mark + 1))
            for cell, room in label_cells(line, route):
                self._fill(Rect(cell[0] - 1, cell[1], room + 2, 1), SOLID)
        self._paint_lines(ends)
        self._paint_boxes()
        for y, row in enumerate(self.kind):
            taken = row.translate(_TAKEN)
            # bit by bit for the whole row at once: what stands one column to the right or left
            both = int.from_bytes(taken[1:] + b"\0") | int.from_bytes(b"\0" + taken[:-1])
            self.beside[y] = bytearray(both.to_bytes(len(row)))

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
            self._fill(around, NEAR)
        for rect in self.drawing.boxes:
            self._fill(rect, SOLID)

    def _fill(self, rect: Rect, kind: int) -> None:
        """Make cells what they are at least."""
        for y in range(max(0, rect.y), min(self.size[1], rect.y + rect.height)):
            row = self.kind[y]
            for x in range(max(0, rect.x), min(self.size[0], rect.x + rect.width)):
                if kind == NEAR and row[x] > NEAR:
                    row[x] = SOLID
                else:
                    row[x] = max(row[x], kind)

    def _sum(self) -> list[list[int]]:
        """Return for each cell how many cells up to it something stands in."""
        sums = [[0] * (self.size[0] + 1)]
        for row in self.kind:
            along = accumulate(row.translate(_TAKEN), initial=0)
            sums.append(list(map(add, sums[-1], along)))
        return sums

    def empty(self, left: int, top: int, right: int, bottom: int) -> bool:
        """Whether nothing stands between four cells, the last ones excluded; outside is nothing."""
        left, top = max(0, left), max(0, top)
        right, bottom = min(self.size[0], right), min(self.size[1], bottom)
        sums = self.sums
        return sums[bottom][right] - sums[top][right] - sums[bottom][left] + sums[top][left] == 0

    def flood(self, origins: Sequence[Origin]) -> Flood:
        """Return the cheapest ways from some origins to the cells around."""
        flood = Flood(origins)
        cost, came = flood.cost, flood.came
        heap: list[tuple[int, Key]] = []
        for number, origin in enumerate(origins):
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
        return flood

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
