"""A diagram in, its drawing out: connected parts laid out one by one, and packed into a page."""

from __future__ import annotations

from math import isqrt

from erdgen.layout.candidates import MANY, Choice
from erdgen.layout.centre import centre
from erdgen.layout.components import join_parts, pack_parts, pack_rows, split_parts, take_part
from erdgen.layout.drawing import Diagram, Direction, Drawing, Rect
from erdgen.layout.flatten import flatten
from erdgen.layout.insert import has_labels, insert_late
from erdgen.layout.labels import place_labels
from erdgen.layout.level import level
from erdgen.layout.score import extent_cost
from erdgen.layout.search import Known, search
from erdgen.layout.spare import with_spare, without_spare
from erdgen.layout.still import LOST, add_next, first_boxes, late_boxes, lost_rows, rows_of

GAP = (3, 1)
"""Columns and rows between parts that no line ties."""
LATE = 4
"""Most boxes that are put into a large drawing late."""

HANDSOME = 3
"""So many more rows may change for a late box that has room made for it and its line."""


def lay_out(
    diagram: Diagram,
    direction: Direction = "auto",
    width: int | None = None,
    known: Known | None = None,
) -> Drawing:
    """Return the best drawing of a diagram that was found.

    Each connected part is drawn with several assignments of its boxes to columns (or rows); the
    best by `score` is kept. Boxes without lines follow in rows of their own. Groups have frames
    where that costs little; see `frames`.

    Args:
        diagram: Boxes and lines.
        direction: Where lines run; auto takes the better.
        width: Most columns, or None for no limit; if no drawing was found that fits, the
            narrowest one is returned.
        known: What was sketched for other widths; what is sketched for this one is added.
    """
    if diagram.groups:
        # only for groups: start-up time
        from erdgen.layout.frames import draw_groups

        def lay_out_plain(part: Diagram, direction: Direction, width: int | None) -> Drawing:
            return lay_out(part, direction, width, known)

        parts, single = draw_groups(diagram, direction, width, lay_out_plain)
    else:
        tied, single = split_parts(diagram)
        parts = []
        for boxes in tied:
            part, lines = take_part(diagram, boxes)
            parts.append((boxes, lines, draw_part(part, direction, width, known)))
    page = _page_width(diagram, [drawing for _, _, drawing in parts], single, width)
    places = pack_parts([(d.width, d.height) for _, _, d in parts], page, GAP)
    if single:
        bottom = max(
            (y + d.height + GAP[1] for (_, _, d), (_, y) in zip(parts, places, strict=True)),
            default=0,
        )
        parts.append((single, [], _block(diagram, single, page)))
        places.append((0, bottom))
    return join_parts(diagram, parts, places)


def least_width(
    diagram: Diagram, direction: Direction, width: int, known: Known | None = None
) -> int:
    """Return how wide a drawing would be, without drawing it to the end: groups have no frames.

    Args:
        diagram: Boxes and lines.
        direction: Where lines run.
        width: Most columns.
        known: What was sketched already; what is sketched is added.
    """
    widest = 0
    for boxes in split_parts(diagram)[0]:
        part = with_spare(take_part(diagram, boxes)[0])
        best = search(first_boxes(part, _first(part))[0], direction, width, known=known)
        widest = max(widest, best.drawing.width)
    return widest


def _page_width(
    diagram: Diagram, drawings: list[Drawing], single: list[int], width: int | None
) -> int:
    """Return how wide the page is that parts and single boxes are packed into."""
    area = sum((one.width + GAP[0]) * (one.height + GAP[1]) for one in drawings)
    area += sum((diagram.boxes[box].width + 2) * (diagram.boxes[box].height + 1) for box in single)
    page = isqrt(area * 4)
    page = max([page if width is None else min(width, page)] + [one.width for one in drawings])
    return page if width is None else max(page, min(width, page * 5 // 4))


def _block(diagram: Diagram, single: list[int], width: int) -> Drawing:
    """Return a drawing of boxes without lines, in rows."""
    boxes = [diagram.boxes[box] for box in single]
    sizes = [(box.width, box.height) for box in boxes]
    places = pack_rows(sizes, width, (2, 1))
    rects = [Rect(x, y, w, h) for (x, y), (w, h) in zip(places, sizes, strict=True)]
    return Drawing(
        max(rect.x + rect.width for rect in rects),
        max(rect.y + rect.height for rect in rects),
        tuple(rects),
        (),
    )


def draw_part(
    diagram: Diagram,
    direction: Direction,
    width: int | None,
    known: Known | None = None,
) -> Drawing:
    """Return the best drawing of a connected diagram, laid out with spare rows in its boxes."""
    roomy = with_spare(diagram)
    drawing = _draw_roomy(roomy, direction, width, known)
    return drawing if roomy is diagram else without_spare(diagram, drawing, width)


def _first(diagram: Diagram) -> int:
    """Return how many boxes take part in the first search; the others are put in late."""
    count, late = len(diagram.boxes), late_boxes(diagram)
    many = count + len(diagram.lines) >= MANY
    return count if many and late > LATE else count - late


def _draw_roomy(
    diagram: Diagram, direction: Direction, width: int | None, known: Known | None
) -> Drawing:
    """Return the best drawing of a connected diagram.

    Boxes that were added last and hang on one line are put into the drawing of the others; they
    take part in the search only if there are many, or if there is no room for them.
    """
    count, first = len(diagram.boxes), _first(diagram)
    again = False
    many = count + len(diagram.lines) >= MANY
    while True:
        best = search(first_boxes(diagram, first)[0], direction, width, known=known)
        if many and first < count and width is not None and best.drawing.width > width:
            best = search(diagram, direction, width, quick=True, known=known)
            return _finish(diagram, best.drawing, width, down=best.down)
        # what is too wide is hardly ever shown, and gets no narrower by a box beside what stands
        limit = None if width is None else max(width, best.drawing.width)
        drawing, placed = _add_late(diagram, best, first, limit, whole=limit == width)
        if placed == count:
            return drawing
        # the next one has no place: it takes part in the search, too; then all do
        first, again = count if again else placed + 1, True


def _add_late(
    diagram: Diagram, best: Choice, first: int, width: int | None, *, whole: bool = True
) -> tuple[Drawing, int]:
    """Return a drawing with late boxes in it, and how many boxes it has: all, if all have a place.

    Each is put into the finished drawing, or into its sketch, which makes room: where that costs
    least. Since nothing can be put into the sketch any more when something was put into the
    drawing, that is only done where needed if one has no place in the end (not `whole`).

    Args:
        diagram: All boxes and lines.
        best: The drawing of the first boxes.
        first: How many these are.
        width: Most columns.
        whole: Whether all boxes are put into the drawing if that is better.
    """
    part, _ = first_boxes(diagram, first)
    drawing = _finish(part, best.drawing, width, down=best.down)
    sketch = best.sketch if best.tucked is None else None
    for end in range(first + 1, len(diagram.boxes) + 1):
        part, _ = first_boxes(diagram, end)
        ways: list[Drawing] = []
        dropped = sketch is None and best.tucked is None
        if whole or sketch is None:
            ways.extend(insert_late(part, drawing, width, down=best.down))
        sketch = add_next(sketch, part, width) if sketch is not None else None
        if sketch is not None:
            made = place_labels(part, sketch.drawing)
            ways.append(_finish(part, made, width, down=best.down))
        if not ways:
            if whole and dropped:
                return _add_late(diagram, best, first, width, whole=False)
            return drawing, end - 1
        before = rows_of(drawing)
        costs = [
            extent_cost(one, width)
            + LOST * (lost_rows(before, one) if has_labels(part, one) else one.height)
            for one in ways
        ]
        if sketch is not None:
            costs[-1] -= HANDSOME * LOST
        chosen = costs.index(min(costs))
        drawing = ways[chosen]
        sketch = sketch if chosen == len(ways) - 1 else None
    return drawing, len(diagram.boxes)


def _finish(diagram: Diagram, drawing: Drawing, width: int | None, *, down: bool) -> Drawing:
    """Return a drawing in its final shape: its lines straighter, that of bare boxes closer."""
    if not (down and all(box.stretch for box in diagram.boxes)):
        return level(diagram, drawing, down=down)
    drawing = flatten(diagram, drawing, lambda one: extent_cost(one, width))
    return centre(diagram, level(diagram, drawing, down=True))
