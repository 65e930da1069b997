"""A drawing in, the same with more room out: blank columns and rows where things stand too close.

The layout deals in cells that know their arms. On paper, an ASCII corner does not show its arms,
and a mark may be longer than the straight piece it was given: here the room for that is made.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from erdgen.layout.drawing import Cell, Diagram, Drawing, Rect, Route
from erdgen.render.text.glyphs import ACROSS, ARMS, DOWN, LEFT, RIGHT, UP, UPRIGHT
from erdgen.render.text.grid import BOX, Grid


class Room(NamedTuple):
    """Room that is wanted.

    Attributes:
        columns: Before which columns a blank one is wanted; twice for two.
        rows: The same for rows, unless that would tear a box of attribute rows apart.
        tears: The same for rows, even so: the box gets a blank row.
    """

    columns: tuple[int, ...] = ()
    rows: tuple[int, ...] = ()
    tears: tuple[int, ...] = ()


def room_at_end(x: int, y: int, arm: int, cells: int) -> Room:
    """Return the room that makes the last straight piece of a line longer by so many cells.

    >>> room_at_end(5, 1, LEFT, 2), room_at_end(5, 1, DOWN, 1)
    (Room(columns=(5, 5), rows=(), tears=()), Room(columns=(), rows=(2,), tears=()))
    """
    if arm & ACROSS:
        return Room(columns=(x if arm == LEFT else x + 1,) * cells)
    return Room(rows=(y if arm == UP else y + 1,) * cells)


def all_rooms(rooms: Iterable[Room]) -> Room:
    """Return room that is enough for each: what two want at one place serves both.

    >>> all_rooms([Room((5, 5)), Room((5,), (2,)), Room((), (2,))])
    Room(columns=(5, 5), rows=(2,), tears=())
    """
    columns: Counter[int] = Counter()
    rows: Counter[int] = Counter()
    tears: Counter[int] = Counter()
    for room in rooms:
        columns |= Counter(room.columns)
        rows |= Counter(room.rows)
        tears |= Counter(room.tears)
    return Room(*(tuple(sorted(found.elements())) for found in (columns, rows, tears)))


def find_lookalikes(grid: Grid) -> Room:
    """Return the room that parts what cannot be told apart where all corners look alike.

    Two corners or junctions side by side look tied even if they are not, and where both would
    make sense untied nobody knows if they are. One beside a box looks tied to it, and does not
    show it if it is.
    """
    columns, rows = set(), set()
    junctions = bytes(code for code in range(64) if _is_junction(code & ARMS))
    for found in re.finditer(b"[" + re.escape(junctions) + b"]", grid.arms):
        index = found.start()
        if grid.across[index] == BOX:
            continue
        arms = grid.arms[index] & ARMS
        y, x = divmod(index, grid.width)
        for arm, back, step_x, step_y in _NEIGHBOURS:
            if _deceives(grid, arms, (arm, back), (x + step_x, y + step_y)):
                if step_x:
                    columns.add(max(x, x + step_x))
                else:
                    rows.add(max(y, y + step_y))
    return Room(tuple(sorted(columns)), (), tuple(sorted(rows)))


_NEIGHBOURS = ((LEFT, RIGHT, -1, 0), (RIGHT, LEFT, 1, 0), (UP, DOWN, 0, -1), (DOWN, UP, 0, 1))


def _is_junction(arms: int) -> bool:
    """Return whether a cell with these arms is a corner, a junction or a crossing.

    >>> _is_junction(LEFT | UP), _is_junction(LEFT | RIGHT), _is_junction(LEFT)
    (True, False, False)
    """
    return arms not in (0, LEFT, RIGHT, UP, DOWN, ACROSS, UPRIGHT)


def _deceives(grid: Grid, arms: int, way: tuple[int, int], beside: Cell) -> bool:
    """Return whether nobody could tell if a junction is tied to what stands beside it.

    Args:
        grid: The cells.
        arms: The junction's arms.
        way: The arm that would lead to the cell beside it, and the one that would lead back.
        beside: That cell.
    """
    (arm, back), (x, y) = way, beside
    if not (0 <= x < grid.width and 0 <= y < grid.height):
        return False
    index = y * grid.width + x
    if grid.across[index] == BOX:
        return True
    there = grid.arms[index] & ARMS
    if not _is_junction(there):
        return False
    return not arms & arm or (_is_junction(arms & ~arm) and _is_junction(there & ~back))


def rows_to_put_in(diagram: Diagram, drawing: Drawing, room: Room) -> list[int]:
    """Return before which rows a blank one is put in, in order."""
    whole = rows_within(diagram, drawing)
    rows = Counter(row for row in room.rows if row not in whole) | Counter(room.tears)
    return sorted(rows.elements())


def spread(diagram: Diagram, drawing: Drawing, room: Room) -> Drawing:
    """Return the drawing with blank columns and rows put in."""
    columns = sorted(room.columns)
    rows = rows_to_put_in(diagram, drawing, room)

    def moved(cell: Cell) -> Cell:
        return (
            cell[0] + bisect_right(columns, cell[0]),
            cell[1] + bisect_right(rows, cell[1]),
        )

    def moved_rect(rect: Rect) -> Rect:
        x0, y0 = moved((rect.x, rect.y))
        x1, y1 = moved((rect.x + rect.width - 1, rect.y + rect.height - 1))
        return Rect(x0, y0, x1 - x0 + 1, y1 - y0 + 1)

    boxes = []
    for box, rect in zip(diagram.boxes, drawing.boxes, strict=True):
        wider = moved_rect(rect)
        if not box.stretch:  # a row put in at its edge stays outside
            above, below = rows.count(rect.y + 1), rows.count(rect.y + rect.height - 1)
            wider = wider._replace(y=wider.y + above, height=wider.height - above - below)
        boxes.append(wider)
    routes: list[Route | None] = []
    for line, route in zip(diagram.lines, drawing.routes, strict=True):
        if route is None:
            routes.append(None)
            continue
        points = [moved(point) for point in route.points]
        source, target = boxes[line.source.box], boxes[line.target.box]
        points = [_beside(source, points[0]), *points, _beside(target, points[-1])]
        routes.append(
            Route(
                _without_repeats(points),
                *(
                    label and _moved_label(label, length, route.points, moved)
                    for label, length in (
                        (route.label, line.label),
                        (route.source_label, line.source.label),
                        (route.target_label, line.target.label),
                    )
                ),
            )
        )
    return Drawing(
        drawing.width + len(columns),
        drawing.height + len(rows),
        tuple(boxes),
        tuple(routes),
        tuple(frame and moved_rect(frame) for frame in drawing.frames),
    )


def _moved_label(
    label: Cell, columns: int, points: Sequence[Cell], moved: Callable[[Cell], Cell]
) -> Cell | None:
    """Return a label's new place, still at the same stretch of its line; None if it has lost it."""
    x, y = label
    for (x0, y0), (x1, y1) in pairwise(points):
        left, right = min(x0, x1), max(x0, x1)
        if y0 == y1 and abs(y - y0) == 1 and left - columns <= x <= right + 1:
            return moved(label)[0], moved((x, y0))[1] + y - y0
        if x0 == x1 and min(y0, y1) <= y <= max(y0, y1):
            if x0 == x - 2:
                return moved((x0, y))[0] + 2, moved(label)[1]
            if x0 == x + columns + 1:
                return moved((x0, y))[0] - columns - 1, moved(label)[1]
    return None


def rows_within(diagram: Diagram, drawing: Drawing) -> set[int]:
    """Return the rows before which one would tear a box of attribute rows apart."""
    return {
        row
        for box, rect in zip(diagram.boxes, drawing.boxes, strict=True)
        if not box.stretch
        for row in range(rect.y + 1, rect.y + rect.height)
    }


def _beside(rect: Rect, point: Cell) -> Cell:
    """Return the cell next to the box that is straight on from a point outside of it.

    >>> _beside(Rect(0, 0, 5, 3), (8, 1)), _beside(Rect(0, 0, 5, 3), (2, 3))
    ((5, 1), (2, 3))
    """
    x, y = point
    if rect.y <= y < rect.y + rect.height:
        return (rect.x - 1 if x < rect.x else rect.x + rect.width), y
    return x, (rect.y - 1 if y < rect.y else rect.y + rect.height)


def _without_repeats(points: Sequence[Cell]) -> tuple[Cell, ...]:
    kept = [points[0]]
    for point in points[1:]:
        if point != kept[-1]:
            kept.append(point)
    return tuple(kept)
