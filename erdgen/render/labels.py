"""Labels in, each to a place of its own beside its line, and which of them found none out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from erdgen.layout.drawing import Cell, Drawing, Route
from erdgen.render.boxes import Plan
from erdgen.render.glyphs import ACROSS, DOWN, RIGHT, UP
from erdgen.render.grid import Grid
from erdgen.render.spread import Room
from erdgen.render.width import display_width


def route_of(drawing: Drawing, index: int) -> Route:
    """Return the route of a line that has one."""
    route = drawing.routes[index]
    assert route is not None, "lines without a route are lost from the start"  # noqa: S101 - a defect of ours
    return route


def write_labels(
    grid: Grid,
    plan: Plan,
    drawing: Drawing,
    members: Sequence[int],
    wanted: list[Room],
    *,
    ascii_only: bool,
) -> set[int]:
    """Write the labels of lines with one trunk where the layout puts them, else where is room.

    Args:
        grid: Boxes and lines.
        plan: What is drawn.
        drawing: Where it stands.
        members: Numbers of the lines with that trunk, the first one first.
        wanted: Where the room that is missing is added.
        ascii_only: Whether all corners look alike, so that lines around a label make it a box.

    Returns:
        The lines that have a label for which there is no room.
    """
    owner = members[0]
    routes = [route_of(drawing, index) for index in members]
    strokes = [plan.strokes[index] for index in members]
    points = routes[0].points
    texts = [
        (
            owner,
            strokes[0].near_left,
            _first(route.source_label for route in routes),
            points,
            _NEAR,
        ),
        (owner, strokes[0].label, _first(route.label for route in routes), points, _ANYWHERE),
    ]
    for index, stroke, route in zip(members, strokes, routes, strict=True):
        texts.append((index, stroke.near_right, route.target_label, route.points[::-1], _NEAR))
    failed = set()
    for index, text, place, along, reach in texts:
        if not text:
            continue
        columns = display_width(text)
        places = _places(place, along, columns, reach)
        found = _first(
            at if _is_fit(grid, at, columns, ascii_only=ascii_only) else None for at in places
        )
        if found is None:
            failed.add(index)
            wanted.append(_room_for_text(grid, along, columns, reach))
        else:
            grid.write(*found, text)
    return failed


def _first(places: Iterable[Cell | None]) -> Cell | None:
    return next((place for place in places if place is not None), None)


_NEAR = 3
"""How many cells from the end of its line a text about that end may stand."""
_ANYWHERE = 1_000_000


def _places(
    wished: Cell | None, points: Sequence[Cell], columns: int, reach: int
) -> Iterator[Cell]:
    """Yield where a text could stand, at most so many cells from the line's first point."""
    if wished is not None:
        yield from _within([wished], points[0], columns, reach)
    beside = ((x + 1, y) for x, y in _places_beside(points, columns))
    yield from _within(beside, points[0], columns, reach)


def _within(places: Iterable[Cell], end: Cell, columns: int, reach: int) -> Iterator[Cell]:
    for x, y in places:
        across = max(x - end[0], end[0] - (x + columns - 1), 0)
        if across + abs(y - end[1]) <= reach:
            yield x, y


def _is_fit(grid: Grid, place: Cell, columns: int, *, ascii_only: bool) -> bool:
    """Return whether a text can stand at a place: free, a blank on either side, not boxed in."""
    x, y = place
    if not grid.is_free(x - 1, y, columns + 2):
        return False
    if any(grid.has_text(n, y) and not grid.arms_at(n, y) for n in (x - 2, x + columns + 1)):
        return False  # two texts would read as one (a mark on a line would not)
    return not (ascii_only and _is_boxed_in(grid, x, y, columns))


def _is_boxed_in(grid: Grid, x: int, y: int, columns: int) -> bool:
    """Return whether the lines around a text make a rectangle, so that it looks like a box."""
    left, right = x - 1, x + columns
    while left >= 0 and not grid.arms_at(left, y):
        left -= 1
    while right < grid.width and not grid.arms_at(right, y):
        right += 1
    if left < 0 or right >= grid.width:
        return False
    return all(_is_closed(grid, left, right, y, step) for step in (-1, 1))


def _is_closed(grid: Grid, left: int, right: int, y: int, step: int) -> bool:
    """Return whether lines go, but for a cell or two, around what is above or below a row."""
    ahead = UP if step < 0 else DOWN
    while grid.arms_at(left, y) & ahead and grid.arms_at(right, y) & ahead:
        y += step
        across = sum(grid.arms_at(x, y) & ACROSS == ACROSS for x in range(left + 1, right))
        if across >= right - left - 3:
            return True
    return False


def _room_for_text(grid: Grid, points: Sequence[Cell], columns: int, reach: int) -> Room:
    """Return room beside a line in which a text could stand, not far from the line's first point.

    A blank row under a piece across, where that tears no box apart and nothing leaves downwards;
    else blank columns to the right of an upright piece.
    """
    rooms = []
    for (x0, y0), (x1, y1) in pairwise(points):
        if abs(x0 - points[0][0]) + abs(y0 - points[0][1]) > reach:
            break
        if y0 == y1:
            run = 0
            for x in range(min(x0, x1), max(x0, x1) + 1):
                run = 0 if grid.arms_at(x, y0) & DOWN else run + 1
                if run >= columns + 2 and y0 + 1 not in grid.whole_rows:
                    return Room(rows=(y0 + 1,))
        else:
            free = [
                y for y in range(min(y0, y1) + 1, max(y0, y1)) if not grid.arms_at(x0, y) & RIGHT
            ]
            rooms += [Room(columns=(x0 + 1,) * (columns + 2)) for _ in free[:1]]
    return rooms[0] if rooms else Room()


def _places_beside(points: Sequence[Cell], columns: int) -> Iterator[Cell]:
    """Yield where a text of so many columns, and a blank on either side, could begin."""
    for (x0, y0), (x1, y1) in pairwise(points):
        if y0 == y1:
            for x in range(min(x0, x1) - 1, max(x0, x1) - columns + 1):
                yield x, y0 + 1
                yield x, y0 - 1
        else:
            for y in range(min(y0, y1) + 1, max(y0, y1)):
                yield x0 + 1, y
                yield x0 - columns - 2, y
