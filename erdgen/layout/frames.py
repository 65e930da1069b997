"""A drawing in, the same with a frame around each group where there is room for one out."""

from __future__ import annotations

from itertools import pairwise

from erdgen.layout.components import shift_route
from erdgen.layout.drawing import Cell, Diagram, Drawing, Rect

MARGIN = (2, 1)
"""Columns and rows between a box and the frame around it, the frame included."""

ACROSS, UPRIGHT, OTHER = 1, 2, 3


def frame_groups(diagram: Diagram, drawing: Drawing, width: int | None) -> Drawing:
    """Return the drawing with a rectangle for each group that can have one.

    A frame holds the boxes of its group and no other ones, meets no other frame, and lines cross
    its border at right angles only, away from its corners, its title and their own marks and
    labels. Where the drawing has no room at its edge, it is moved, if the width allows.
    """
    count = len(diagram.groups)
    if not count:
        return drawing
    wanted = [_around(diagram, drawing, group) for group in range(count)]
    left = max([0] + [-rect.x for rect in wanted if rect])
    top = max([0] + [-rect.y for rect in wanted if rect])
    right = max([drawing.width] + [rect.x + rect.width for rect in wanted if rect])
    if width is not None and left + right > width:
        left, right = 0, drawing.width
    taken = _taken(diagram, drawing)
    frames: list[Rect | None] = []
    for group, rect in enumerate(wanted):
        fits = (
            rect is not None
            and rect.x >= -left
            and rect.x + rect.width <= right
            and rect.width >= diagram.groups[group] + 4
            and _is_clear(diagram, drawing, group, rect, taken)
            and not any(frame is not None and _meet(rect, frame) for frame in frames)
        )
        frames.append(rect if fits else None)
    chosen = [frame for frame in frames if frame is not None]
    left = max([0] + [-frame.x for frame in chosen])
    top = max([0] + [-frame.y for frame in chosen])
    return Drawing(
        left + max([drawing.width] + [frame.x + frame.width for frame in chosen]),
        top + max([drawing.height] + [frame.y + frame.height for frame in chosen]),
        tuple(rect._replace(x=rect.x + left, y=rect.y + top) for rect in drawing.boxes),
        tuple(shift_route(route, (left, top)) for route in drawing.routes),
        tuple(
            None if frame is None else frame._replace(x=frame.x + left, y=frame.y + top)
            for frame in frames
        ),
    )


def _around(diagram: Diagram, drawing: Drawing, group: int) -> Rect | None:
    rects = [
        rect for box, rect in zip(diagram.boxes, drawing.boxes, strict=True) if box.group == group
    ]
    if not rects:
        return None
    x, y = min(rect.x for rect in rects), min(rect.y for rect in rects)
    right = max(rect.x + rect.width for rect in rects)
    bottom = max(rect.y + rect.height for rect in rects)
    dx, dy = MARGIN
    return Rect(x - dx, y - dy, right - x + 2 * dx, bottom - y + 2 * dy)


def _meet(one: Rect, other: Rect) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def _taken(diagram: Diagram, drawing: Drawing) -> dict[Cell, int]:
    """Return what lies on the cells of lines and labels."""
    taken: dict[Cell, int] = {}
    for line, route in zip(diagram.lines, drawing.routes, strict=True):
        if route is None:
            continue
        for a, b in pairwise(route.points):
            kind = ACROSS if a[1] == b[1] else UPRIGHT
            for x in range(min(a[0], b[0]), max(a[0], b[0]) + 1):
                for y in range(min(a[1], b[1]), max(a[1], b[1]) + 1):
                    taken[x, y] = kind if taken.get((x, y), kind) == kind else OTHER
        for corner in route.points:
            taken[corner] = OTHER
        for cell, length in (
            (route.label, line.label),
            (route.source_label, line.source.label),
            (route.target_label, line.target.label),
        ):
            if cell is not None:
                for x in range(cell[0], cell[0] + length):
                    taken[x, cell[1]] = OTHER
    return taken


def _is_clear(
    diagram: Diagram, drawing: Drawing, group: int, frame: Rect, taken: dict[Cell, int]
) -> bool:
    """Whether nothing stands in the way of a frame."""
    for box, rect in zip(diagram.boxes, drawing.boxes, strict=True):
        if box.group != group and _meet(frame, rect):
            return False
    right, bottom = frame.x + frame.width - 1, frame.y + frame.height - 1
    title = frame.x + diagram.groups[group] + 3
    for y in (frame.y, bottom):
        for x in range(frame.x, right + 1):
            corner = x in {frame.x, right} or (y == frame.y and x <= title)
            if taken.get((x, y), UPRIGHT) != UPRIGHT or (corner and (x, y) in taken):
                return False
    return all(
        taken.get((x, y), ACROSS) == ACROSS
        for x in (frame.x, right)
        for y in range(frame.y + 1, bottom)
    )
