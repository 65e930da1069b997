"""A drawing and one more box with one line in, the drawing with both out, all else as it was.

The line is led by Dijkstra's algorithm over the cells that are free, from where the other box or
a trunk of it can be left, with a cost for length, bends, crossings and rows that change; the box
stands where the end of that way and what it adds to the drawing cost least.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappush, heappushpop, nsmallest
from typing import NamedTuple

from erdgen.layout.cells import (
    BEND,
    FREE,
    LENGTH,
    NEAR,
    SOLID,
    STEPS,
    Around,
    Cells,
    Flood,
    Key,
    Origin,
    side_of,
    walk,
)
from erdgen.layout.drawing import Box, Cell, Diagram, Drawing, End, Line, Rect, Route
from erdgen.layout.labels import place_labels
from erdgen.layout.room import open_rows
from erdgen.layout.score import LOW, extent_cost
from erdgen.layout.still import first_boxes, last_line, lost_rows, rows_of
from erdgen.layout.trace import simplify

BEYOND = 2
"""Cost of a row of the new box that was no row of the drawing, in parts of one that was."""
APART = 20
"""Cost of leaving the other box elsewhere than its trunk does."""
AGAINST = 40
"""Cost of a bare box that doesn't stand on the side that its line runs to."""
MADE = 2
"""Rows that are put in for a line."""
MOST_LOST = 4
"""What part of the rows may change before rows are put in for the box."""
ENOUGH = 10
"""What part of them may change for no other place to be tried."""
SPARE = (1, 2)
"""So many rows more than the box has, where lines run right and down."""
NEARBY = 2
"""Most places at which they are put in."""
EFFORT = 300
"""Boxes and lines that are gone through for them in all."""
TRIED = 24
"""Most places for the box that are tried, the best first."""
ROOM = (10, 3)
"""Columns and rows beside and below a drawing, with the box, that may be used."""


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


def insert_late(
    diagram: Diagram, drawing: Drawing, width: int | None, *, down: bool
) -> list[Drawing]:
    """Return drawings with the diagram's last box and its line; see `insert_box`.

    Where lines run down, one has rows of its own put in for the line beside the other box. If many
    rows change even so, there are some with rows put in for the box, but a band stays one.
    """
    found = [insert_box(diagram, drawing, width, down=down)]
    rest, _ = first_boxes(diagram, len(diagram.boxes) - 1)
    _, line, other = last_line(diagram)
    inward = line.target.box == other
    host = drawing.boxes[other]
    beside = [host.y - 1 - at if inward else host.y + host.height + 1 + at for at in range(2)]
    middle = host.x + host.width // 2
    if down:
        wider = (open_rows(rest, drawing, (middle, row), MADE) for row in beside)
        taller = next((one for one in wider if one is not None), None)
        if taller is not None:
            found.append(insert_box(diagram, taller, width, down=down))
    before = rows_of(drawing)

    def is_still(one: Drawing | None, part: int) -> bool:
        """Whether no more than a part of the rows has changed, and the line has its labels."""
        if one is None or not has_labels(diagram, one):
            return False
        return lost_rows(before, one) * part <= drawing.height

    is_band = not down and drawing.height <= LOW
    if not is_band and not any(is_still(one, MOST_LOST) for one in found):
        cells = [(middle, row) for row in beside] if down else _below(drawing, host, inward=inward)
        effort = diagram.effort
        for cell in cells[: max(1, EFFORT // effort)]:
            taller = open_rows(rest, drawing, cell, diagram.boxes[-1].height + SPARE[down])
            if taller is not None:
                found.append(insert_box(diagram, taller, width, down=down))
                if is_still(found[-1], ENOUGH):
                    break
    return [one for one in found if one is not None]


def _below(drawing: Drawing, host: Rect, *, inward: bool) -> list[Cell]:
    """Return where rows may be put in for a box beside another: above and below those near it."""
    near: list[tuple[int, Cell]] = []
    for rect in drawing.boxes:
        away = host.x - rect.x - rect.width if inward else rect.x - host.x - host.width
        if away >= 0 or rect == host:
            for row in (rect.y, rect.y + rect.height):
                cost = LENGTH[1] * abs(row - host.y - host.height // 2) + LENGTH[0] * max(0, away)
                near.append((cost, (rect.x + rect.width // 2, row)))
    return [cell for _, cell in nsmallest(NEARBY, near)]


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
    index, line, other = last_line(diagram)
    routes = list(drawing.routes)
    routes.insert(index, None)
    drawing = drawing._replace(routes=tuple(routes))
    box = diagram.boxes[number]
    far = drawing.width + box.width + ROOM[0]
    size = far if width is None else min(far, width), drawing.height + box.height + ROOM[1]
    if drawing.width > size[0]:
        return None
    host = drawing.boxes[other]
    plan = _Plan(diagram, drawing, size, down=down, middle=host.y + host.height // 2)
    origins = list(plan.origins(index))
    plan.shut(plan.net_of(index))
    flood = Flood(origins)
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
        if has_labels(diagram, placed):
            return placed
        best = best or placed
    return best


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


def has_labels(diagram: Diagram, drawing: Drawing) -> bool:
    """Whether the line of the last box has all its labels; in a trunk the others have some."""
    index, line, _ = last_line(diagram)
    route = drawing.routes[index]
    if route is None:
        return False
    shares = any(
        other.trunk == line.trunk >= 0 and at != index and _starts_at(there, route.points[0])
        for at, (other, there) in enumerate(zip(diagram.lines, drawing.routes, strict=True))
    )
    return (
        (shares or not line.label or route.label is not None)
        and (shares or not line.source.label or route.source_label is not None)
        and (not line.target.label or route.target_label is not None)
    )


class _Plan(Cells):
    """The cells of a drawing, and how a new box may be tied to one of its boxes."""

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

    def shut(self, lines: Sequence[int]) -> None:
        """Let no way cross some lines: where one shares a trunk with them, it would end there."""
        for index in lines:
            route = self.drawing.routes[index]
            for (x, y), _ in walk(route.points if route is not None else ()):
                if y in self.rows:
                    self.kind[y][x] = SOLID

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
        cells = [cell for cell, _ in walk(route.points)]
        cells = list(dict.fromkeys(cells))
        first = route.points[0]
        room = (
            max(2, line.source.mark + 1)
            if side_of(self.drawing.boxes[line.source.box], first) in (0, 2)
            else 2
        )
        last = len(cells) - max(2, line.target.mark + 1)
        passed = 0
        for place, (x, y) in enumerate(cells[: max(0, last)]):
            passed += route.points[passed] == (x, y)
            if place < room - 1 or y not in self.rows:
                continue
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
                before = simplify((*route.points[:passed], (x, y)))
                yield Origin(cell, way, LENGTH[dy != 0] + BEND, before)

    def spots(
        self, box: Box, line: Line, flood: Flood, width: int | None
    ) -> list[tuple[Spot, Key]]:
        """Return where the box may stand, the best first, and the key of the way to it."""
        number = len(self.diagram.boxes) - 1
        inward = line.source.box == number
        own = line.source if inward else line.target
        host = self.drawing.boxes[line.target.box if inward else line.source.box]
        room = max(2, own.mark + 1)
        sides = self._sides(box, own, inward=inward)
        rooms = {way: self.rooms(box.width, box.height, _around(way, room)) for way, _ in sides}
        if not any(any(rows) for rows in rooms.values()):
            return []
        before = extent_cost(self.drawing, width)
        extents: dict[tuple[int, int], float] = {}

        def cost_of(spot: Spot) -> float:
            """Return what the box and the last stretch of its line cost."""
            rect = spot.rect
            right = max(self.drawing.width, rect.x + rect.width)
            bottom = max(self.drawing.height, rect.y + rect.height)
            if (right, bottom) not in extents:
                size = self.drawing._replace(width=right, height=bottom)
                extents[right, bottom] = extent_cost(size, width) - before
            rows = max(0, min(self.drawing.height, rect.y + rect.height) - rect.y)
            total = extents[right, bottom] + LENGTH[STEPS[spot.way][1] != 0] * (room - 1)
            total += LENGTH[1] * (rows + (rect.height - rows) / BEYOND)
            if own.row is None and self._is_against(rect, host, inward=inward):
                total += AGAINST
            return total

        # what it costs at least, wherever a way has led to; more of it can't grow smaller
        least = room - 1 + LENGTH[1] * box.height / BEYOND
        best: list[float] = []
        found: list[tuple[float, Key, Spot]] = []
        for key, cost in self.lead(flood):
            if len(best) == TRIED and cost + least > -best[0]:
                break
            x, y, come = key
            for way, (left, top) in sides if self.kind[y][x] <= NEAR else ():
                if (come - way) % 4 == 2 or (come != way and self.beside[y][x]):
                    continue
                end = x + STEPS[way][0] * (room - 1), y + STEPS[way][1] * (room - 1)
                rect = Rect(end[0] - left, end[1] - top, box.width, box.height)
                if not (0 <= rect.y < len(rooms[way]) and rect.x >= 0):
                    continue
                if rooms[way][rect.y] >> rect.x & 1:
                    spot = Spot(rect, end, (x, y), way)
                    total = cost + BEND * (come != way) + cost_of(spot)
                    (heappush if len(best) < TRIED else heappushpop)(best, -total)
                    found.append((total, key, spot))
        return [(spot, key) for _, key, spot in nsmallest(TRIED, found)]

    def _sides(self, box: Box, own: End, *, inward: bool) -> list[tuple[int, Cell]]:
        """Return how its line may come to the box, and to which cell beside it."""
        if own.row is not None:
            return [(0, (-1, own.row)), (2, (box.width, own.row))]
        middle = (box.width - 1) // 2, box.height // 2
        if self.down:
            return [(3, (middle[0], box.height))] if inward else [(1, (middle[0], -1))]
        return [(2, (box.width, middle[1]))] if inward else [(0, (-1, middle[1]))]

    def _is_against(self, rect: Rect, host: Rect, *, inward: bool) -> bool:
        one, two = (rect, host) if inward else (host, rect)
        if self.down:
            return one.y + one.height > two.y
        return one.x + one.width > two.x

    def trace(self, flood: Flood, key: Key) -> tuple[Cell, ...] | None:
        """Return the corners of a way; None if it meets what it shares with others again."""
        cells: list[Cell] = []
        while True:
            cells.append((key[0], key[1]))
            came = flood.came[key]
            if isinstance(came, int):
                before = flood.origins[came].before
                points = (*before, *cells[::-1])
                flat = [cell for cell, _ in walk(simplify(points))]
                shared = {cell for cell, _ in walk(before)} if len(before) > 1 else set()
                fresh = list(dict.fromkeys(flat))
                again = len(cells) != len(set(cells)) or shared.intersection(cells)
                return None if again or not fresh else simplify(points)
            key = came

    def meets(self, way: Sequence[Cell], spot: Spot) -> bool:
        """Whether a way runs through or beside the box at its end before it gets there."""
        rect = spot.rect
        last = way[-1]
        for cell, _ in walk(way):
            if cell == last:
                continue
            if (
                rect.x - 2 < cell[0] < rect.x + rect.width + 1
                and rect.y - 1 <= cell[1] <= rect.y + rect.height
            ):
                return True
        return False


def _around(way: int, room: int) -> Around:
    """Return the room around a box to which a line comes in one way, with a mark at its end."""
    return room if way == 0 else 2, 2 if way == 1 else 1, room if way == 2 else 2, 1 + (way == 3)


def _taken(arms: dict[Cell, int], *cells: Cell) -> bool:
    return any(cell in arms for cell in cells)
