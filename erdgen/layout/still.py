"""A sketch and one more box with one line in, the sketch with it out, all else left where it is.

Entities are mostly added at the end of a file. Boxes at the end that hang on the others by a
single line are therefore left out of the search for a layout and put into what was found, so that
a drawing keeps still when one of them is added.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from erdgen.layout.compose import Sketch, make_sheet, route_sketch
from erdgen.layout.drawing import Diagram, Drawing, Line
from erdgen.layout.labels import place_labels
from erdgen.layout.p4_place import Places, keep_places
from erdgen.layout.score import score
from erdgen.layout.sheet import FREE, LEFT, RIGHT, Sheet

FEW = 8
"""Columns up to which the end of each is tried for a new box."""
ROOM = 2
"""Columns between a box in a row of its own and the lines beside it."""
FEWER = 3
"""Other places that are tried for it in a large diagram, .."""
LARGE = 200
""".. one of so many boxes and lines."""
PART = 4
"""At most one of so many boxes is put in late."""
FEWEST = 8
"""If there are more of them, the fewest boxes that take part in the search."""
LOST = 60
"""Cost of a row that changes when a box is added; less in a drawing of fewer rows."""


def late_boxes(diagram: Diagram) -> int:
    """Return how many boxes at the end of the diagram are put in late.

    Each has only one line to the boxes before it. If they are many, most of them take part in the
    search: as many as make one of a few fixed numbers of boxes, so that one more changes nothing.

    >>> from erdgen.layout.drawing import Box, End, Line
    >>> pairs = [(0, 1), (1, 2), (2, 0), (0, 3)]
    >>> late_boxes(Diagram((Box(9, 3),) * 4, tuple(Line(End(a), End(b)) for a, b in pairs)))
    1
    >>> def star(count):
    ...     lines = tuple(Line(End(0), End(box)) for box in range(1, count))
    ...     return Diagram((Box(9, 3),) * count, lines)
    >>> [late_boxes(star(count)) for count in range(7, 16)]
    [0, 0, 1, 2, 0, 1, 2, 3, 0]
    """
    count = len(diagram.boxes)
    before, after = [0] * count, [0] * count
    for line in diagram.lines:
        one, two = line.source.box, line.target.box
        # a line to itself is no line to one before
        before[max(one, two)] += 1 if one != two else count
        after[min(one, two)] += 1
    first = count
    while first and before[first - 1] == 1:
        first -= 1
    least = count - count // PART
    if first < least:
        # of a long chain, only the end
        first = count
        while first and before[first - 1] == 1 and not after[first - 1]:
            first -= 1
    if first < least:
        first = FEWEST
        while first < least:
            first += -(-first // (PART - 1))
    return max(0, count - first)


def first_boxes(diagram: Diagram, count: int) -> tuple[Diagram, list[int]]:
    """Return the diagram of the first boxes, and the numbers of its lines in the whole."""
    lines = [
        index
        for index, line in enumerate(diagram.lines)
        if line.source.box < count and line.target.box < count
    ]
    part = Diagram(diagram.boxes[:count], tuple(diagram.lines[index] for index in lines))
    return part, lines


def last_line(diagram: Diagram) -> tuple[int, Line, int]:
    """Return the only line of the last box: its number, the line, and the box that it leads to."""
    last = len(diagram.boxes) - 1
    index, line = next(
        (at, one)
        for at, one in enumerate(diagram.lines)
        if last in (one.source.box, one.target.box)
    )
    return index, line, line.source.box + line.target.box - last


class Spot(NamedTuple):
    """Where a new box may stand.

    Attributes:
        column: The column.
        end: Whether behind all that stands there, or near its host.
        fresh: Whether the column is put in for it; those from it on move on by one.
    """

    column: int
    end: bool
    fresh: bool = False


def spots_for(sketch: Sketch, diagram: Diagram) -> list[Spot]:
    """Return where the next box may stand.

    Args:
        sketch: Of the first boxes.
        diagram: Of these and the next box.
    """
    _, line, host = last_line(diagram)
    is_target = line.source.box == host
    home = sketch.sheet.column[host]
    last = len(sketch.sheet.columns) - 1
    wanted = [home + 1, home, last + 1] if is_target else [home - 1, home + 1, home, last + 1]
    columns = [column for column in dict.fromkeys(wanted) if 0 <= column <= last + 1]
    spots = [Spot(column, end) for column in columns for end in (True, False)]
    if last < FEW:
        spots.extend(Spot(column, True) for column in range(last + 1) if column not in columns)
    if sketch.style.down and (home < last if is_target else home > 0):
        spots.append(Spot(home + 1 if is_target else home, end=False, fresh=True))
    return spots


def add_box(
    sketch: Sketch, diagram: Diagram, lines: list[int], spot: Spot, width: int | None
) -> Sketch | None:
    """Return the sketch with the diagram's last box at a spot.

    None if its line would meet another one at a row, or where a row gets too long.

    Args:
        sketch: Of the first boxes.
        diagram: Of these and the next box.
        lines: Numbers of the sketch's lines in the diagram.
        spot: Where the box goes.
        width: Most columns.
    """
    old, style = sketch.sheet, sketch.style
    count = old.count
    sides: dict[int, tuple[int, int]] = {}
    for index, wire in zip(lines, old.lines, strict=True):
        if wire is not None:
            sides[index] = old.port_side[wire[1]], old.port_side[wire[2]]
    first = spot.column if spot.fresh else len(old.columns)
    columns = [place + (place >= first) for place in old.column[:count]]
    sheet = make_sheet(diagram, [*columns, spot.column], style, sides)
    if not _rows_apart(sheet):
        return None
    items, ports = _match(old, sheet, lines, first)
    order: list[list[int]] = [[] for _ in sheet.columns]
    for place, column in enumerate(sketch.order):
        order[place + (place >= first)] = [items[item] for item in column]
    kept = {new: old_item for old_item, new in items.items()}
    places = Places(
        [sketch.places.top[kept[item]] if item in kept else 0 for item in range(len(sheet.size))],
        [
            sketch.places.size[kept[item]] if item in kept else sheet.size[item]
            for item in range(len(sheet.size))
        ],
        [-1] * len(sheet.port_item),
        sketch.places.height,
    )
    for port, new in ports.items():
        places.port[new] = sketch.places.port[port]
    _, _, host = last_line(diagram)
    middle = places.top[host] + places.size[host] // 2
    if spot.fresh:
        row = order[spot.column]
        _fill_column(sheet, places, row, spot.column)
        index, places.top[count] = _gap_for(places, row, count, middle)
        row.insert(index, count)
    for item in range(len(sheet.size)):
        if item not in kept and item not in order[sheet.column[item]]:
            row = order[sheet.column[item]]
            index = len(row)
            if not spot.end or item != count:
                index = sum(places.top[other] + places.size[other] // 2 < middle for other in row)
            places.top[item] = max(0, middle - places.size[item] // 2)
            row.insert(index, item)
    places = keep_places(sheet, order, style, places)
    if width is not None and style.down and places.height > width:
        return None
    return route_sketch(diagram, sheet, order, places, style, floor=sketch.box_at)


def _rows_apart(sheet: Sheet) -> bool:
    """Whether no two ports share a row at a side of a box, and every line has its sides."""
    ends = [
        (item, side, offset)
        for item, side, offset in zip(
            sheet.port_item, sheet.port_side, sheet.port_offset, strict=True
        )
        if item < sheet.count and offset != FREE
    ]
    return len(set(ends)) == len(ends) and None not in sheet.lines


def _fill_column(sheet: Sheet, places: Places, row: list[int], column: int) -> None:
    """Let the lines that pass a new column do so where they come from the one before it."""
    tops: dict[int, int] = {}
    for net, left, right in sheet.segs[column]:
        dummy = sheet.passes[net].get(column)
        if dummy is None:
            continue
        into = sheet.ports[dummy][LEFT][0]
        known = [places.port[port] for port in left if places.port[port] >= 0]
        if into in right and known:
            tops[dummy] = min(known)
    for dummy in sorted(tops, key=lambda one: (tops[one], one)):
        places.top[dummy] = tops[dummy]
        for side in (LEFT, RIGHT):
            places.port[sheet.ports[dummy][side][0]] = tops[dummy]
        row.append(dummy)


def _gap_for(places: Places, row: list[int], box: int, middle: int) -> tuple[int, int]:
    """Return where among the lines of a column a box has room, nearest to a place: index, place."""
    size = places.size[box]
    wish = max(0, middle - size // 2)
    found: list[tuple[int, int, int]] = []
    for index in range(len(row) + 1):
        low = places.top[row[index - 1]] + 1 + ROOM if index else 0
        top = max(low, wish)
        if index < len(row):
            top = min(top, places.top[row[index]] - ROOM - size)
        if top >= low:
            found.append((abs(top - wish), index, top))
    _, index, top = min(found)
    return index, top


def _match(
    old: Sheet, new: Sheet, lines: list[int], first: int
) -> tuple[dict[int, int], dict[int, int]]:
    """Return which item and which port of the new sheet is which of the old one.

    Columns from the first one on have moved on by one.
    """
    items = {box: box for box in range(old.count)}
    ports: dict[int, int] = {}
    for index, wire in zip(lines, old.lines, strict=True):
        other = new.lines[index]
        if wire is None or other is None:
            continue
        ports[wire[1]], ports[wire[2]] = other[1], other[2]
        for column, dummy in old.passes[wire[0]].items():
            twin = new.passes[other[0]][column + (column >= first)]
            items[dummy] = twin
            for side in (0, 1):
                ports[old.ports[dummy][side][0]] = new.ports[twin][side][0]
    return items, ports


def add_next(sketch: Sketch, diagram: Diagram, width: int | None) -> Sketch | None:
    """Return the sketch with one box more, where it disturbs least.

    None if it gets too wide, or if there is no place for it but one that its line runs to against
    the direction: what hangs on a box looks as if it stood above it then.
    """
    _, lines = first_boxes(diagram, len(diagram.boxes) - 1)
    best: tuple[float, Sketch] | None = None
    options = spots_for(sketch, diagram)
    if diagram.effort >= LARGE:
        options = [spot for spot in options if spot.fresh or spot in options[:FEWER]]
    before = rows_of(sketch.drawing)
    for spot in options:
        other = add_box(sketch, diagram, lines, spot, width)
        if other is None or other.against > sketch.against:
            continue
        drawing = place_labels(diagram, other.drawing)
        if width is not None and drawing.width > width:
            continue
        lost = lost_rows(before, other.drawing)
        cost = score(other, drawing, width) + min(LOST, sketch.drawing.height) * lost
        if best is None or cost < best[0]:
            best = cost, other
    return best[1] if best is not None else None


Rows = Counter[tuple[tuple[int, int, int], ...]]
"""What stands in the rows of a drawing, and in how many of them."""


def lost_rows(before: Rows, after: Drawing) -> int:
    """Return how many rows of a drawing another one hasn't."""
    return (before - rows_of(after)).total()


def rows_of(drawing: Drawing) -> Rows:
    """Return what stands in each row: parts of boxes and lines, by their places."""
    rows: list[list[tuple[int, int, int]]] = [[] for _ in range(drawing.height)]
    for rect in drawing.boxes:
        for y in range(rect.height):
            rows[rect.y + y].append((rect.x, rect.width, y))
    for route in drawing.routes:
        for a, b in pairwise(route.points if route is not None else ()):
            if a[1] == b[1]:
                rows[a[1]].append((min(a[0], b[0]), max(a[0], b[0]), -1))
                continue
            for y in range(min(a[1], b[1]), max(a[1], b[1]) + 1):
                rows[y].append((a[0], a[0], -1))
    return Counter(tuple(sorted(row)) for row in rows)
