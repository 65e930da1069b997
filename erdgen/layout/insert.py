"""A drawing and one more box with one line in, the drawing with both out, all else as it was.

The line is led by Dijkstra's algorithm over the cells that are free, from where the other box or
a trunk of it can be left, with a cost for length, bends, crossings and rows that change; the box
stands where the end of that way and what it adds to the drawing cost least.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush, nsmallest
from itertools import accumulate, pairwise
from operator import add
from typing import NamedTuple

from erdgen.layout.drawing import Box, Cell, Diagram, Drawing, Line, Rect, Route
from erdgen.layout.labels import place_labels
from erdgen.layout.score import extent_cost
from erdgen.layout.trace import simplify

STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""Right, down, left, up; opposite ways differ by two."""
LENGTH = (1, 8)
"""Cost of a cell along a row and of one along a column: that one changes its row."""
BEND = 6
CROSSING = 30
BEYOND = 2
"""Cost of a row of the new box that was no row of the drawing, in parts of one that was."""
APART = 20
"""Cost of leaving the other box elsewhere than its trunk does."""
AGAINST = 40
"""Cost of a bare box that doesn't stand on the side that its line runs to."""
MADE = 2
"""Rows that are put in for a line."""
REACHED = 8_000
"""Most places that the way is led to."""
TRIED = 24
"""Most places for the box that are tried, the best first."""
ROOM = (10, 3)
"""Columns and rows beside and below a drawing, with the box, that may be used."""

FREE, NEAR, RIGHT_OF, UNDER, SOLID = range(5)
"""What a cell is: free, next to a box, on a line along a row or a column, or none may pass it."""
_TAKEN = bytes(kind > NEAR for kind in range(256))
"""For each kind whether something stands there."""


class Spot(NamedTuple):
    """Where the box may stand, and where its line comes to it.

    Attributes:
        rect: Its place.
        end: The last cell of the line.
        start: Where its last straight stretch begins.
        way: How that stretch runs, as an index of STEPS.
    """

    rect: Rect
    end: Cell
    start: Cell
    way: int


class Origin(NamedTuple):
    """Where a way may begin: a cell, its direction, what it costs so far, the corners up to it."""

    cell: Cell
    way: int
    cost: int
    before: tuple[Cell, ...]


def insert_late(
    diagram: Diagram, drawing: Drawing, width: int | None, *, down: bool
) -> list[Drawing]:
    """Return drawings with the diagram's last box and its line; see `insert_box`.

    Where lines run down, one has rows of its own put in for the line beside the other box.
    """
    found = [insert_box(diagram, drawing, width, down=down)]
    if down:
        number = len(diagram.boxes) - 1
        ends = (line for line in diagram.lines if number in (line.source.box, line.target.box))
        line = next(ends)
        inward = line.source.box == number
        host = drawing.boxes[line.target.box if inward else line.source.box]
        rows = [host.y - 1 - at if inward else host.y + host.height + 1 + at for at in range(2)]
        wider = [with_rows(drawing, row, MADE) for row in rows]
        taller = next((one for one in wider if one is not None), None)
        if taller is not None:
            found.append(insert_box(diagram, taller, width, down=down))
    return [one for one in found if one is not None]


def insert_box(
    diagram: Diagram, drawing: Drawing, width: int | None, *, down: bool
) -> Drawing | None:
    """Return the drawing with the diagram's last box and its line, None if there is no room.

    Args:
        diagram: Its last box has one line, and the drawing is that of the others.
        drawing: Where they stand; nothing of it moves.
        width: Most columns.
        down: Whether lines of bare boxes run down.
    """
    number = len(diagram.boxes) - 1
    index, line = next(
        (at, one)
        for at, one in enumerate(diagram.lines)
        if number in (one.source.box, one.target.box)
    )
    routes = list(drawing.routes)
    routes.insert(index, None)
    drawing = drawing._replace(routes=tuple(routes))
    box = diagram.boxes[number]
    far = drawing.width + box.width + ROOM[0]
    size = far if width is None else min(far, width), drawing.height + box.height + ROOM[1]
    if drawing.width > size[0]:
        return None
    plan = _Plan(diagram, drawing, size, down=down)
    flood = plan.flood(list(plan.origins(index)))
    spots = plan.spots(box, line, flood, width)
    best: Drawing | None = None
    for spot, key in spots:
        way = plan.trace(flood, key)
        if way is None or plan.meets(way, spot):
            continue
        points = simplify((*way, spot.end))
        if line.source.box == number:
            points = points[::-1]
        mates = [at for at in plan.net_of(index) if _starts_at(routes[at], points[0])]
        placed = drawing._replace(
            width=max(drawing.width, spot.rect.x + spot.rect.width, *(x + 1 for x, _ in points)),
            height=max(drawing.height, spot.rect.y + spot.rect.height, *(y + 1 for _, y in points)),
            boxes=(*drawing.boxes, spot.rect),
            routes=tuple(_with_route(routes, index, points, mates)),
        )
        placed = place_labels(diagram, placed, within=width)
        if width is not None and placed.width > width:
            continue
        if _labelled(line, placed.routes[index], shares=bool(mates)):
            return placed
        best = best or placed
    return best


def with_rows(drawing: Drawing, y: int, count: int) -> Drawing | None:
    """Return the drawing with rows put in before a row, None if a box or an end is in the way."""
    for rect in drawing.boxes:
        if rect.y <= y <= rect.y + rect.height:
            return None

    def moved(cell: Cell | None, points: Sequence[Cell]) -> Cell | None:
        if cell is not None and cell[1] in (y - 1, y):
            # beside a stretch along a row that may move away from it: it gets another place
            upright = ((cell[0] - 2, cell[1]), 10)
            if upright not in _walk(points):
                return None
        return (cell[0], cell[1] + count) if cell is not None and cell[1] >= y else cell

    routes = [
        route
        and Route(
            tuple((at, row + count if row >= y else row) for at, row in route.points),
            moved(route.label, route.points),
            moved(route.source_label, route.points),
            moved(route.target_label, route.points),
        )
        for route in drawing.routes
    ]
    boxes = (rect._replace(y=rect.y + count) if rect.y >= y else rect for rect in drawing.boxes)
    return drawing._replace(height=drawing.height + count, boxes=tuple(boxes), routes=tuple(routes))


def _starts_at(route: Route | None, cell: Cell) -> bool:
    return route is not None and route.points[0] == cell


def _with_route(
    routes: Sequence[Route | None], index: int, points: tuple[Cell, ...], mates: Sequence[int]
) -> list[Route | None]:
    """Return the routes with one more; the labels of a trunk belong to the first of its lines."""
    result = list(routes)
    result[index] = Route(points)
    first = result[mates[0]] if mates and mates[0] > index else None
    if first is not None:
        result[index] = Route(points, first.label, first.source_label)
        result[mates[0]] = first._replace(label=None, source_label=None)
    return result


def _labelled(line: Line, route: Route | None, *, shares: bool) -> bool:
    """Whether a line has all its labels; in a trunk the others have some for it."""
    return route is not None and (
        (shares or not line.label or route.label is not None)
        and (shares or not line.source.label or route.source_label is not None)
        and (not line.target.label or route.target_label is not None)
    )


Key = tuple[int, int, int]
"""A cell and the way in which it was come to."""


class _Plan:
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
            for cell, way in _walk(route.points):
                arms[cell] = arms.get(cell, 0) | way
            for end, cell in ((line.source, route.points[0]), (line.target, route.points[-1])):
                side = _side(self.drawing.boxes[end.box], cell)
                arms[cell] = arms.get(cell, 0) | 1 << side
                ends.append((cell, side, end.mark + 1))
            for cell, room in _labels(line, route):
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

    def net_of(self, index: int) -> list[int]:
        """Return the drawn lines that may share a trunk with one."""
        line = self.diagram.lines[index]
        if line.trunk < 0:
            return []
        return [
            at
            for at, other in enumerate(self.diagram.lines)
            if other.trunk == line.trunk
            and other.source.box == line.source.box
            and other.source.row == line.source.row
            and self.drawing.routes[at] is not None
        ]

    def origins(self, index: int) -> Iterator[Origin]:
        """Yield where the way to the new box may begin: at the trunk, or else at the other box."""
        line, number = self.diagram.lines[index], len(self.diagram.boxes) - 1
        inward = line.source.box == number
        host = line.target if inward else line.source
        net = [] if inward else self.net_of(index)
        for at in net:
            yield from self._branches(at)
        rect = self.drawing.boxes[host.box]
        room = max(2, host.mark + 1)
        if host.row is not None:
            starts = [
                ((rect.x + rect.width, rect.y + host.row), 0),
                ((rect.x - 1, rect.y + host.row), 2),
            ]
        elif self.down:
            way = 3 if inward else 1
            y = rect.y - 1 if inward else rect.y + rect.height
            starts = [((x, y), way) for x in range(rect.x + 1, rect.x + rect.width - 1)]
        else:
            x = rect.x - 1 if inward else rect.x + rect.width
            starts = [
                ((x, y), 2 if inward else 0) for y in range(rect.y + 1, rect.y + rect.height - 1)
            ]
        for cell, way in starts:
            dx, dy = STEPS[way]
            cells = [(cell[0] + dx * at, cell[1] + dy * at) for at in range(room)]
            last = cells[-1]
            if not (0 <= last[0] < self.size[0] and 0 <= last[1] < self.size[1]):
                continue
            if any(self.kind[y][x] > NEAR for x, y in cells):
                continue
            if dy and any(self.beside[y][x] for x, y in cells):
                continue
            middle = abs(2 * (cell[0] - rect.x) - rect.width + 1) // 2 if dy else 0
            cost = room * LENGTH[dy != 0] + middle // 4 + (APART if net else 0)
            yield Origin(last, way, cost, (cell,))

    def _branches(self, at: int) -> Iterator[Origin]:
        """Yield where a way may leave a line that its own shares a trunk with."""
        line, route = self.diagram.lines[at], self.drawing.routes[at]
        if route is None:
            return
        cells = [cell for cell, _ in _walk(route.points)]
        cells = list(dict.fromkeys(cells))
        first = route.points[0]
        room = (
            max(2, line.source.mark + 1)
            if _side(self.drawing.boxes[line.source.box], first) in (0, 2)
            else 2
        )
        last = len(cells) - max(2, line.target.mark + 1)
        for place in range(room - 1, last):
            x, y = cells[place]
            arms = self.arms[x, y]
            if arms.bit_count() > 2:
                continue
            for way, (dx, dy) in enumerate(STEPS):
                if arms >> way & 1:
                    continue
                cell = x + dx, y + dy
                if not (0 <= cell[0] < self.size[0] and 0 <= cell[1] < self.size[1]):
                    continue
                if self.kind[cell[1]][cell[0]] > FREE:
                    continue
                if dy and _taken(self.arms, (x - 1, y + dy), (x + 1, y + dy)):
                    continue
                before = simplify((*cells[: place + 1],))
                yield Origin(cell, way, LENGTH[dy != 0] + BEND, before)

    def flood(self, origins: Sequence[Origin]) -> _Flood:
        """Return the cheapest ways from some origins to the cells around."""
        flood = _Flood(origins)
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

    def spots(
        self, box: Box, line: Line, flood: _Flood, width: int | None
    ) -> list[tuple[Spot, Key]]:
        """Return where the box may stand, the best first, and the key of the way to it."""
        number = len(self.diagram.boxes) - 1
        inward = line.source.box == number
        own = line.source if inward else line.target
        host = self.drawing.boxes[line.target.box if inward else line.source.box]
        room = max(2, own.mark + 1)
        if own.row is not None:
            sides = [(0, (-1, own.row)), (2, (box.width, own.row))]
        elif self.down:
            middle = (box.width - 1) // 2
            sides = [(3, (middle, box.height))] if inward else [(1, (middle, -1))]
        else:
            sides = [(2, (box.width, box.height // 2))] if inward else [(0, (-1, box.height // 2))]
        before = extent_cost(self.drawing, width)
        extents: dict[tuple[int, int], float] = {}

        def found() -> Iterator[tuple[float, Key, Spot]]:
            for key, cost in flood.cost.items():
                x, y, come = key
                if self.kind[y][x] > NEAR:
                    continue
                for way, (left, top) in sides:
                    if (come - way) % 4 == 2 or (come != way and self.beside[y][x]):
                        continue
                    dx, dy = STEPS[way]
                    end = x + dx * (room - 1), y + dy * (room - 1)
                    rect = Rect(end[0] - left, end[1] - top, box.width, box.height)
                    if not self._has_room(rect, way, room):
                        continue
                    right = max(self.drawing.width, rect.x + rect.width)
                    bottom = max(self.drawing.height, rect.y + rect.height)
                    if (right, bottom) not in extents:
                        size = self.drawing._replace(width=right, height=bottom)
                        extents[right, bottom] = extent_cost(size, width) - before
                    rows = max(0, min(self.drawing.height, rect.y + rect.height) - rect.y)
                    total = cost + extents[right, bottom] + LENGTH[dy != 0] * (room - 1)
                    total += LENGTH[1] * (rows + (rect.height - rows) / BEYOND)
                    total += BEND * (come != way)
                    if own.row is None and self._is_against(rect, host, inward=inward):
                        total += AGAINST
                    yield total, key, Spot(rect, end, (x, y), way)

        return [(spot, key) for _, key, spot in nsmallest(TRIED, found())]

    def _is_against(self, rect: Rect, host: Rect, *, inward: bool) -> bool:
        one, two = (rect, host) if inward else (host, rect)
        if self.down:
            return one.y + one.height > two.y
        return one.x + one.width > two.x

    def _has_room(self, rect: Rect, way: int, room: int) -> bool:
        if rect.x < 0 or rect.y < 0:
            return False
        if rect.x + rect.width > self.size[0] or rect.y + rect.height > self.size[1]:
            return False
        left = room if way == 0 else 2
        right = room if way == 2 else 2
        top = 2 if way == 1 else 1
        bottom = 2 if way == 3 else 1
        return self.empty(
            rect.x - left, rect.y - top, rect.x + rect.width + right, rect.y + rect.height + bottom
        )

    def trace(self, flood: _Flood, key: Key) -> tuple[Cell, ...] | None:
        """Return the corners of a way; None if it meets what it shares with others again."""
        cells: list[Cell] = []
        while True:
            cells.append((key[0], key[1]))
            came = flood.came[key]
            if isinstance(came, int):
                before = flood.origins[came].before
                points = (*before, *cells[::-1])
                flat = [cell for cell, _ in _walk(simplify(points))]
                shared = {cell for cell, _ in _walk(before)} if len(before) > 1 else set()
                fresh = list(dict.fromkeys(flat))
                again = len(cells) != len(set(cells)) or shared.intersection(cells)
                return None if again or not fresh else simplify(points)
            key = came

    def meets(self, way: Sequence[Cell], spot: Spot) -> bool:
        """Whether a way runs through or beside the box at its end before it gets there."""
        rect = spot.rect
        last = way[-1]
        for cell, _ in _walk(way):
            if cell == last:
                continue
            if (
                rect.x - 2 < cell[0] < rect.x + rect.width + 1
                and rect.y - 1 <= cell[1] <= rect.y + rect.height
            ):
                return True
        return False


class _Flood:
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


def _walk(points: Sequence[Cell]) -> Iterator[tuple[Cell, int]]:
    """Yield the cells of a polyline with the arms that it has there; corners come twice.

    >>> list(_walk(((0, 0), (1, 0), (1, 1))))
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


def _side(rect: Rect, cell: Cell) -> int:
    """Return in which direction a box lies from a cell beside it."""
    if cell[0] < rect.x:
        return 0
    if cell[0] >= rect.x + rect.width:
        return 2
    return 1 if cell[1] < rect.y else 3


def _labels(line: Line, route: Route) -> Iterator[tuple[Cell, int]]:
    """Yield where a line's labels begin, and their columns."""
    for cell, room in (
        (route.label, line.label),
        (route.source_label, line.source.label),
        (route.target_label, line.target.label),
    ):
        if cell is not None and room:
            yield cell, room


def _taken(arms: dict[Cell, int], *cells: Cell) -> bool:
    return any(cell in arms for cell in cells)
