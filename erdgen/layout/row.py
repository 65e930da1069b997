"""A chain of boxes in, a drawing of them in rows out: arrows between, everything else below.

For small diagrams whose boxes follow each other, such as the states of a document: that is how
they are drawn by hand.
"""

from __future__ import annotations

from collections.abc import Sequence

from erdgen.layout.drawing import Cell, Diagram, Drawing, Line, Rect, Route

_LEAST_GAP = 5
"""Columns between two boxes: an arrow that is seen as one."""
_HEIGHT = 3
_APART = 2
"""Columns from one line's end below a box to the next."""
_MOST_ARCS = 6
"""More lines below the row than this are a tangle."""


def lay_out_row(diagram: Diagram) -> Drawing | None:
    """Return the boxes in one row, in their order, or None if they are no chain.

    Every box must have a line to the next one; the first such line runs straight. All other
    lines leave and enter below, the shorter ones above the longer, with their label under them.
    """
    chain = _find_chain(diagram)
    if chain is None or len(diagram.lines) - len(chain) > _MOST_ARCS:
        return None
    arcs = [index for index in range(len(diagram.lines)) if index not in chain.values()]
    if any(box.height != _HEIGHT or not box.stretch for box in diagram.boxes):
        return None
    below = [_ends_below(diagram, arcs, box) for box in range(len(diagram.boxes))]
    rects = _place_boxes(diagram, chain, below)
    routes: list[Route | None] = [None] * len(diagram.lines)
    for left, index in chain.items():
        start, end = rects[left].x + rects[left].width, rects[left + 1].x - 1
        label = (start + 1, 2) if diagram.lines[index].label else None
        routes[index] = Route(((start, 1), (end, 1)), label)
    columns = _columns_of_ends(rects, below)
    height = _HEIGHT
    for index, (row, bottom) in _rows_of_arcs(diagram, arcs, columns).items():
        source, target = columns[index, True], columns[index, False]
        routes[index] = _arc(diagram.lines[index], source, target, row)
        height = max(height, bottom)
    places = [cell for route in routes if route for cell in route.points]
    last = rects[-1]
    width = max([last.x + last.width, *(x + 1 for x, _ in places)])
    for line, route in zip(diagram.lines, routes, strict=True):
        if route and route.label:
            width = max(width, route.label[0] + line.label)
    return Drawing(width, height, tuple(rects), tuple(routes), (None,) * len(diagram.groups))


def lay_out_rows(diagram: Diagram, width: int) -> Drawing | None:
    """Return the boxes of a chain in as few rows of about as many boxes as fit the width.

    From the end of a row a line leads back to the beginning of the next one. None if the boxes
    are no chain, or if a line other than that would have to lead from one row to another.
    """
    chain = _find_chain(diagram)
    total = len(diagram.boxes)
    if chain is None:
        return None
    for count in range(2, total):
        size = -(-total // count)
        starts = range(0, total, size)
        rows = [lay_out_row(_part(diagram, start, start + size)) for start in starts]
        if all(row and row.width + _TURN <= width for row in rows):
            return _join_rows(diagram, chain, size, [row for row in rows if row])
    return None


_TURN = 2
"""Columns to the right of a row for the line to the next one."""


def _inside(diagram: Diagram, first: int, end: int) -> list[int]:
    """Return the lines between boxes from the first one up to an end."""
    return [
        index
        for index, line in enumerate(diagram.lines)
        if first <= line.source.box < end and first <= line.target.box < end
    ]


def _part(diagram: Diagram, first: int, end: int) -> Diagram:
    lines = [diagram.lines[index] for index in _inside(diagram, first, end)]
    return Diagram(
        diagram.boxes[first:end],
        tuple(
            line._replace(
                source=line.source._replace(box=line.source.box - first),
                target=line.target._replace(box=line.target.box - first),
            )
            for line in lines
        ),
    )


def _join_rows(
    diagram: Diagram, chain: dict[int, int], size: int, rows: Sequence[Drawing]
) -> Drawing | None:
    """Return the rows below one another, each tied to the next; None if that leaves a line out."""
    rects: list[Rect] = []
    routes: list[Route | None] = [None] * len(diagram.lines)
    y = 0
    for number, row in enumerate(rows):
        first = number * size
        inside = _inside(diagram, first, first + len(row.boxes))
        for index, route in zip(inside, row.routes, strict=True):
            routes[index] = route and _lowered(route, y)
        rects += [rect._replace(y=rect.y + y) for rect in row.boxes]
        last = rects[-1]
        if len(rects) < len(diagram.boxes):
            index, turn = chain[len(rects) - 1], row.width + _TURN - 1
            middle, across = rows[number + 1].boxes[0].width // 2, y + row.height
            points = (
                (last.x + last.width, y + 1),
                (turn, y + 1),
                (turn, across),
                (middle, across),
                (middle, across + 1),
            )
            label = (middle + 2, across + 1) if diagram.lines[index].label else None
            routes[index] = Route(points, label)
            y = across + 2
        else:
            y += row.height
    if None in routes:
        return None
    width = max(row.width for row in rows) + _TURN
    return Drawing(width, y, tuple(rects), tuple(routes), (None,) * len(diagram.groups))


def _lowered(route: Route, rows: int) -> Route:
    label = route.label and (route.label[0], route.label[1] + rows)
    return Route(tuple((x, y + rows) for x, y in route.points), label)


def _find_chain(diagram: Diagram) -> dict[int, int] | None:
    """Return box -> the line to the next box, or None where one is missing."""
    chain: dict[int, int] = {}
    for index, line in enumerate(diagram.lines):
        if line.source.row is not None or line.target.row is not None:
            return None
        if line.target.box == line.source.box + 1:
            chain.setdefault(line.source.box, index)
    return chain if len(chain) == len(diagram.boxes) - 1 else None


End = tuple[int, bool]
"""A line and whether it is its source end."""


def _ends_below(diagram: Diagram, arcs: Sequence[int], box: int) -> list[End]:
    """Return the ends below a box from left to right, so that no two lines cross there.

    Those that go left first, the shortest leftmost; then lines to the box itself; then those
    that go right, the longest leftmost.
    """
    ends: list[tuple[tuple[int, int], End]] = []
    for index in arcs:
        line = diagram.lines[index]
        for is_source, here, there in (
            (True, line.source.box, line.target.box),
            (False, line.target.box, line.source.box),
        ):
            if here == box:
                way = (there > box) - (there < box)
                key = (way, abs(there - box) if way < 0 else -abs(there - box))
                ends.append((key, (index, is_source)))
    return [end for _, end in sorted(ends, key=lambda item: item[0])]


def _place_boxes(
    diagram: Diagram, chain: dict[int, int], below: Sequence[Sequence[End]]
) -> list[Rect]:
    rects = []
    x = 0
    for number, box in enumerate(diagram.boxes):
        width = max(box.width, _APART * len(below[number]) + 3)
        rects.append(Rect(x, 0, width, _HEIGHT))
        label = diagram.lines[chain[number]].label if number in chain else 0
        x += width + max(_LEAST_GAP, label + 2 if label else 0)
    return rects


def _columns_of_ends(rects: Sequence[Rect], below: Sequence[Sequence[End]]) -> dict[End, int]:
    """Return the column of every end, spread under the middle of its box."""
    columns = {}
    for rect, ends in zip(rects, below, strict=True):
        first = rect.x + (rect.width - 1 - _APART * (len(ends) - 1)) // 2
        for number, end in enumerate(ends):
            columns[end] = first + _APART * number
    return columns


def _rows_of_arcs(
    diagram: Diagram, arcs: Sequence[int], columns: dict[End, int]
) -> dict[int, tuple[int, int]]:
    """Return for every arc the row of its piece across, and the row below its label.

    Shorter arcs take the upper rows; two that do not overlap may share one.
    """

    def span(index: int) -> tuple[int, int]:
        ends = sorted((columns[index, True], columns[index, False]))
        room = max(ends[1] - ends[0] + 1, diagram.lines[index].label + 2)
        return ends[0] - 1, ends[0] + room

    tracks: list[list[int]] = []
    for index in sorted(arcs, key=lambda each: (span(each)[1] - span(each)[0], each)):
        free = None
        for track in tracks[::-1]:
            if any(
                span(other)[0] <= span(index)[1] and span(index)[0] <= span(other)[1]
                for other in track
            ):
                break
            free = track
        if free is None:
            tracks.append([index])
        else:
            free.append(index)
    rows = {}
    row = _HEIGHT + 1
    for track in tracks:
        bottom = row + 1 + any(diagram.lines[index].label for index in track)
        for index in track:
            rows[index] = (row, bottom)
        row = bottom
    return rows


def _arc(line: Line, source: int, target: int, row: int) -> Route:
    points: tuple[Cell, ...] = (
        (source, _HEIGHT),
        (source, row),
        (target, row),
        (target, _HEIGHT),
    )
    left, right = sorted((source, target))
    label = (max(left, (left + right + 1 - line.label) // 2), row + 1) if line.label else None
    return Route(points, label)
