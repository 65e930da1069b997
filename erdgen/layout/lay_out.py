"""A diagram in, its drawing out: connected parts laid out one by one, and packed into a page."""

from __future__ import annotations

from math import isqrt

from erdgen.layout.candidates import MANY
from erdgen.layout.centre import centre
from erdgen.layout.components import join_parts, pack_parts, pack_rows, split_parts, take_part
from erdgen.layout.drawing import Diagram, Direction, Drawing, Rect
from erdgen.layout.flatten import flatten
from erdgen.layout.labels import place_labels
from erdgen.layout.score import extent_cost
from erdgen.layout.search import search
from erdgen.layout.still import add_next, first_boxes, late_boxes

GAP = (3, 1)
"""Columns and rows between parts that no line ties."""
LATE = 4
"""Most boxes that are put into a large drawing late."""


def lay_out(diagram: Diagram, direction: Direction = "auto", width: int | None = None) -> Drawing:
    """Return the best drawing of a diagram that was found.

    Each connected part is drawn with several assignments of its boxes to columns (or rows); the
    best by `score` is kept. Boxes without lines follow in rows of their own. Groups have frames
    where that costs little; see `frames`.

    Args:
        diagram: Boxes and lines.
        direction: Where lines run; auto takes the better.
        width: Most columns, or None for no limit; if no drawing was found that fits, the
            narrowest one is returned.
    """
    if diagram.groups:
        # only for groups: start-up time
        from erdgen.layout.frames import draw_groups

        parts, single = draw_groups(diagram, direction, width, lay_out)
    else:
        tied, single = split_parts(diagram)
        parts = []
        for boxes in tied:
            part, lines = take_part(diagram, boxes)
            parts.append((boxes, lines, draw_part(part, direction, width)))
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


def draw_part(diagram: Diagram, direction: Direction, width: int | None) -> Drawing:
    """Return the best drawing of a connected diagram.

    Boxes that were added last and hang on one line are put into the drawing of the others; they
    take part in the search only if there are many, or if the drawing gets too wide without.
    """
    drawing, down = _draw_part(diagram, direction, width)
    ends = (end for line in diagram.lines for end in (line.source, line.target))
    if down and all(end.row is None for end in ends) and all(box.stretch for box in diagram.boxes):
        drawing = centre(diagram, flatten(diagram, drawing, lambda one: extent_cost(one, width)))
    return drawing


def _draw_part(diagram: Diagram, direction: Direction, width: int | None) -> tuple[Drawing, bool]:
    """Return the best drawing, and whether its lines run down."""
    late = late_boxes(diagram)
    many = len(diagram.boxes) + len(diagram.lines) >= MANY
    if late and not (many and late > LATE):
        count = len(diagram.boxes) - late
        part, _ = first_boxes(diagram, count)
        best = search(part, direction, width)
        if many and width is not None and best.drawing.width > width:
            best = search(diagram, direction, width, quick=True)
            return best.drawing, best.down
        sketch = best.sketch if best.tucked is None else None
        while sketch is not None and count < len(diagram.boxes):
            count += 1
            part, _ = first_boxes(diagram, count)
            sketch = add_next(sketch, part, width)
        if sketch is not None:
            return place_labels(diagram, sketch.drawing), best.down
    best = search(diagram, direction, width)
    return best.drawing, best.down
