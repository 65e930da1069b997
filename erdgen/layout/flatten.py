"""A drawing of bare boxes whose lines run down in, the same in fewer rows out.

A row that only vertical stretches pass is taken out if all labels find a place without it; where
one lacks a few columns beside its line, they are put in.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from erdgen.layout.drawing import Cell, Diagram, Drawing, Rect, Route
from erdgen.layout.labels import paint, place_labels

EFFORT = 3000
"""Boxes and lines that are gone through in all: rows that are tried times the diagram's size."""
INSERTS = 4
"""Most places at which columns are put in for the sake of one row."""
LACK = 6
"""Most columns that are put in at one place."""

STRANGE = 1
"""Cost of a cell of a line right under a box where it doesn't end."""


class Run(NamedTuple):
    """A horizontal stretch of a line: its first and last column, its net."""

    first: int
    last: int
    net: tuple[int, int, Cell]


def flatten(diagram: Diagram, drawing: Drawing, cost: Callable[[Drawing], float]) -> Drawing:
    """Return the drawing without the rows that it can do without.

    Args:
        diagram: Boxes that may be stretched, and lines that may end anywhere.
        drawing: A drawing of it with its labels.
        cost: What a drawing costs by its extent.

    Postcondition: no line changes its course, and as many labels have a place as before.
    """
    wanted = _count(drawing)
    tries = EFFORT // diagram.effort
    y = 0
    while y < drawing.height and tries > 0:
        shorter = without_row(diagram, drawing, y)
        if shorter is not None:
            tries -= 1
            shorter = _label(diagram, shorter, wanted) or _label(diagram, _plain(shorter), wanted)
            if shorter is not None:
                strange = STRANGE * strange_cells(diagram, shorter, y)
                if cost(shorter) + strange < cost(drawing):
                    drawing = shorter
                    continue
        y += 1
    return drawing


def _count(drawing: Drawing) -> int:
    """Return how many labels have a place."""
    return sum(
        (route.label is not None)
        + (route.source_label is not None)
        + (route.target_label is not None)
        for route in drawing.routes
        if route is not None
    )


def strange_cells(diagram: Diagram, drawing: Drawing, y: int) -> int:
    """Return how many cells of a row lie right under a box, on a line that doesn't end there."""
    upper = [box for box, rect in enumerate(drawing.boxes) if rect.y + rect.height == y]
    cells: set[int] = set()
    for line, route in zip(diagram.lines, drawing.routes, strict=True):
        for a, b in pairwise(route.points if route is not None else ()):
            if a[1] != y or b[1] != y:
                continue
            for box in upper:
                if box not in (line.source.box, line.target.box):
                    rect = drawing.boxes[box]
                    first = max(rect.x, min(a[0], b[0]))
                    cells.update(range(first, min(rect.x + rect.width, max(a[0], b[0]) + 1)))
    return len(cells)


def _plain(drawing: Drawing) -> Drawing:
    """Return the drawing without labels."""
    return drawing._replace(routes=tuple(route and Route(route.points) for route in drawing.routes))


def without_row(diagram: Diagram, drawing: Drawing, y: int) -> Drawing | None:
    """Return the drawing without a row and the labels in it, None if it can't do without the row.

    It can if no box stands in the row, no line runs along it or bends in it, and what comes to lie
    next to a box keeps its mark on a straight stretch.
    """
    if any(rect.y <= y < rect.y + rect.height for rect in drawing.boxes):
        return None
    above: list[Run] = []
    below: list[Run] = []
    for index, route in enumerate(drawing.routes):
        if route is None:
            continue
        if any(point[1] == y for point in route.points[1:-1]):
            return None
        net = _net(diagram, index, route)
        for a, b in pairwise(route.points):
            if a[1] == b[1] and abs(a[1] - y) <= 1:
                if a[1] == y:
                    return None
                run = Run(min(a[0], b[0]), max(a[0], b[0]), net)
                (above if a[1] < y else below).append(run)
    if not _boxes_apart(drawing, y, above):
        return None
    routes: list[Route | None] = []
    for index, route in enumerate(drawing.routes):
        if route is None:
            routes.append(None)
            continue
        points = _shorter(diagram, drawing, index, route, y=y, near=(above, below))
        if points is None:
            return None
        label, near_source, near_target = (
            (cell[0], cell[1] - (cell[1] > y)) if cell and cell[1] != y else None
            for cell in (route.label, route.source_label, route.target_label)
        )
        routes.append(Route(points, label, near_source, near_target))
    boxes = tuple(
        Rect(rect.x, rect.y - 1, rect.width, rect.height) if rect.y > y else rect
        for rect in drawing.boxes
    )
    return Drawing(_extent(diagram, boxes, routes), drawing.height - 1, boxes, tuple(routes))


def _net(diagram: Diagram, index: int, route: Route) -> tuple[int, int, Cell]:
    line = diagram.lines[index]
    return line.trunk if line.trunk >= 0 else -1 - index, line.source.box, route.points[0]


def _boxes_apart(drawing: Drawing, y: int, above: list[Run]) -> bool:
    """Whether boxes on both sides of a row stay apart, and lines above it from boxes below it."""
    upper = [rect for rect in drawing.boxes if y - 1 <= rect.y + rect.height <= y]
    lower = [rect for rect in drawing.boxes if y + 1 <= rect.y <= y + 2]
    for rect in lower:
        first, last = rect.x - 1, rect.x + rect.width
        if rect.y == y + 1 and any(run.first <= last and first <= run.last for run in above):
            return False
        for other in upper:
            near = rect.y - other.y - other.height < 3
            if near and other.x <= last and first <= other.x + other.width - 1:
                return False
    return True


def _shorter(
    diagram: Diagram,
    drawing: Drawing,
    index: int,
    route: Route,
    *,
    y: int,
    near: tuple[list[Run], list[Run]],
) -> tuple[Cell, ...] | None:
    """Return the corners of a line without a row; None if an end needs the row."""
    line, points = diagram.lines[index], route.points
    marks = (line.source.mark > 0) + (line.target.mark > 0)
    heights = [point[1] for point in points]
    straight = len({x for x, _ in points}) == 1 and min(heights) <= y <= max(heights)
    if straight and max(heights) - min(heights) < max(2, marks + 1):
        return None
    moved = [(x, row - 1 if row > y else row) for x, row in points]
    net = _net(diagram, index, route)
    for at, end in ((0, line.source), (-1, line.target)):
        x, row = points[at]
        if row != y:
            continue
        rect = drawing.boxes[end.box]
        under = rect.y < y
        if under != (rect.y + rect.height == y) or not rect.x <= x < rect.x + rect.width:
            return None
        for run in near[under]:
            if run.first <= x <= run.last and (end.mark or run.net != net):
                return None
        if not under:
            moved[at] = x, y - 1
    result = [moved[0]]
    for point in moved[1:]:
        if point != result[-1]:
            result.append(point)
    return tuple(result)


def _extent(diagram: Diagram, boxes: tuple[Rect, ...], routes: list[Route | None]) -> int:
    right = max(rect.x + rect.width for rect in boxes)
    for route, line in zip(routes, diagram.lines, strict=True):
        if route is None:
            continue
        right = max(right, *(x + 1 for x, _ in route.points))
        for cell, length in (
            (route.label, line.label),
            (route.source_label, line.source.label),
            (route.target_label, line.target.label),
        ):
            if cell is not None:
                right = max(right, cell[0] + length)
    return right


def _label(diagram: Diagram, drawing: Drawing, wanted: int) -> Drawing | None:
    """Return the drawing with all its labels, perhaps wider; None if they find no place."""
    for _ in range(INSERTS):
        labelled = place_labels(diagram, drawing)
        if _count(labelled) >= wanted:
            return labelled
        wider = _wider(diagram, drawing, labelled)
        if wider is None:
            return None
        drawing = wider
    labelled = place_labels(diagram, drawing)
    return labelled if _count(labelled) >= wanted else None


def _wider(diagram: Diagram, drawing: Drawing, labelled: Drawing) -> Drawing | None:
    """Return the drawing with room for the first label that has no place in the other."""
    seen: set[tuple[int, int, Cell]] = set()
    for index, route in enumerate(labelled.routes):
        if route is None:
            continue
        line, net = diagram.lines[index], _net(diagram, index, route)
        first = net not in seen
        seen.add(net)
        for length, place in (
            (line.source.label if first else 0, route.source_label),
            (line.target.label, route.target_label),
            (line.label if first else 0, route.label),
        ):
            if length and place is None:
                return _insert_beside(diagram, drawing, labelled, route, length)
    return None


def _insert_beside(
    diagram: Diagram, drawing: Drawing, labelled: Drawing, route: Route, length: int
) -> Drawing | None:
    """Return the drawing with the fewest columns put in that a label beside a line lacks."""
    grid = paint(diagram, labelled)
    best: tuple[int, int, int] | None = None
    for a, b in pairwise(route.points):
        if a[0] != b[0]:
            continue
        for y in range(min(a[1], b[1]), max(a[1], b[1]) + 1):
            room = 0
            while room < length + 2 and grid.free(a[0] + 1 + room, y, 1):
                room += 1
            lack = length + 2 - room
            if not 0 < lack <= LACK:
                continue
            for x in range(a[0] + 1, a[0] + room + 2):
                key = (lack, _stretched(drawing, x), x)
                if best is None or key < best:
                    best = key
    return insert_columns(diagram, drawing, best[2], best[0]) if best is not None else None


def _stretched(drawing: Drawing, x: int) -> int:
    return sum(rect.x < x < rect.x + rect.width for rect in drawing.boxes)


def insert_columns(diagram: Diagram, drawing: Drawing, x: int, count: int) -> Drawing:
    """Return the drawing with columns put in before a column; labels stay beside their lines.

    >>> from erdgen.layout.drawing import Box, End, Line
    >>> one = Diagram((Box(5, 3, stretch=True),), (Line(End(0), End(0)),))
    >>> plain = Drawing(5, 3, (Rect(0, 0, 5, 3),), (Route(((2, 3), (4, 3))),))
    >>> wide = insert_columns(one, plain, 3, 2)
    >>> wide.boxes, wide.routes[0].points
    ((Rect(x=0, y=0, width=7, height=3),), ((2, 3), (6, 3)))
    """
    boxes = tuple(
        Rect(
            rect.x + (count if rect.x >= x else 0),
            rect.y,
            rect.width + (count if rect.x < x < rect.x + rect.width else 0),
            rect.height,
        )
        for rect in drawing.boxes
    )

    def label(cell: Cell | None) -> Cell | None:
        # what stands at a line left of the new columns stays there
        return (cell[0] + count, cell[1]) if cell is not None and cell[0] - 2 >= x else cell

    routes = [
        route
        and Route(
            tuple((at + count if at >= x else at, y) for at, y in route.points),
            label(route.label),
            label(route.source_label),
            label(route.target_label),
        )
        for route in drawing.routes
    ]
    return Drawing(_extent(diagram, boxes, routes), drawing.height, boxes, tuple(routes))
