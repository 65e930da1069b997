"""A sketch and one more box with one line in, the sketch with it out, all else left where it is.

Entities are mostly added at the end of a file. Boxes at the end that hang on a single line are
therefore left out of the search for a layout and put into what was found, so that a drawing keeps
still when one of them is added.
"""

from __future__ import annotations

from erdgen.layout.candidates import MANY
from erdgen.layout.compose import Sketch, make_sheet, route_sketch
from erdgen.layout.drawing import Diagram
from erdgen.layout.labels import place_labels
from erdgen.layout.p4_place import Places, keep_places
from erdgen.layout.score import score
from erdgen.layout.sheet import FREE, Sheet

FEW = 8
"""Columns up to which the end of each is tried for a new box."""
PART = 4
"""At most one of so many boxes is put in late."""
MOVED = 100
"""Cost of a box that moves when another is added."""


def late_boxes(diagram: Diagram) -> int:
    """Return how many boxes at the end of the diagram have only one line each, to an earlier box.

    >>> from erdgen.layout.drawing import Box, End, Line
    >>> pairs = [(0, 1), (1, 2), (2, 0), (0, 3)]
    >>> late_boxes(Diagram((Box(9, 3),) * 4, tuple(Line(End(a), End(b)) for a, b in pairs)))
    1
    """
    ends: list[list[int]] = [[] for _ in diagram.boxes]
    for line in diagram.lines:
        ends[line.source.box].append(line.target.box)
        ends[line.target.box].append(line.source.box)
    count = len(diagram.boxes)
    late = 0
    while (
        late < count
        and len(ends[count - 1 - late]) == 1
        and ends[count - 1 - late][0] < count - 1 - late
    ):
        late += 1
    # a box that another late one hangs on has more than one line, so it ended the loop
    return late if late * PART <= count else 0


def first_boxes(diagram: Diagram, count: int) -> tuple[Diagram, list[int]]:
    """Return the diagram of the first boxes, and the numbers of its lines in the whole."""
    lines = [
        index
        for index, line in enumerate(diagram.lines)
        if line.source.box < count and line.target.box < count
    ]
    part = Diagram(diagram.boxes[:count], tuple(diagram.lines[index] for index in lines))
    return part, lines


def places_for(sketch: Sketch, diagram: Diagram, lines: list[int]) -> list[tuple[int, bool]]:
    """Return where the next box may stand: pairs of a column and whether at its end.

    Args:
        sketch: Of the first boxes.
        diagram: Of these and the next box.
        lines: Numbers of the sketch's lines in the diagram.
    """
    new = (set(range(len(diagram.lines))) - set(lines)).pop()
    line = diagram.lines[new]
    is_target = line.target.box == len(diagram.boxes) - 1
    host = line.source.box if is_target else line.target.box
    home = sketch.sheet.column[host]
    last = len(sketch.sheet.columns) - 1
    wanted = [home + 1, home, last + 1] if is_target else [home - 1, home + 1, home, last + 1]
    columns = [column for column in dict.fromkeys(wanted) if 0 <= column <= last + 1]
    places = [(column, end) for column in columns for end in (True, False)]
    if last < FEW:
        places.extend((column, True) for column in range(last + 1) if column not in columns)
    return places


def add_box(
    sketch: Sketch, diagram: Diagram, lines: list[int], column: int, *, end: bool
) -> Sketch | None:
    """Return the sketch with the diagram's last box in a column, at its end or near its host.

    None if its line would meet another one at a row.

    Args:
        sketch: Of the first boxes.
        diagram: Of these and the next box.
        lines: Numbers of the sketch's lines in the diagram.
        column: Where the box goes.
        end: Whether behind all that stands there.
    """
    old, style = sketch.sheet, sketch.style
    count = old.count
    sides: dict[int, tuple[int, int]] = {}
    for index, wire in zip(lines, old.lines, strict=True):
        if wire is not None:
            sides[index] = old.port_side[wire[1]], old.port_side[wire[2]]
    sheet = make_sheet(diagram, [*old.column[:count], column], style, sides)
    if not _rows_apart(sheet):
        return None
    items, ports = _match(old, sheet, lines)
    order: list[list[int]] = [[items[item] for item in column] for column in sketch.order]
    order.extend([] for _ in range(len(sheet.columns) - len(order)))
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
    host = next(
        line.source.box + line.target.box - count
        for line in diagram.lines
        if count in (line.source.box, line.target.box)
    )
    middle = places.top[host] + places.size[host] // 2
    for item in range(len(sheet.size)):
        if item not in kept:
            row = order[sheet.column[item]]
            index = len(row)
            if not end or item != count:
                index = sum(places.top[other] + places.size[other] // 2 < middle for other in row)
            places.top[item] = max(0, middle - places.size[item] // 2)
            row.insert(index, item)
    places = keep_places(sheet, order, style, places)
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


def _match(old: Sheet, new: Sheet, lines: list[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Return which item and which port of the new sheet is which of the old one."""
    items = {box: box for box in range(old.count)}
    ports: dict[int, int] = {}
    for index, wire in zip(lines, old.lines, strict=True):
        other = new.lines[index]
        if wire is None or other is None:
            continue
        ports[wire[1]], ports[wire[2]] = other[1], other[2]
        for column, dummy in old.passes[wire[0]].items():
            twin = new.passes[other[0]][column]
            items[dummy] = twin
            for side in (0, 1):
                ports[old.ports[dummy][side][0]] = new.ports[twin][side][0]
    return items, ports


def add_next(sketch: Sketch, diagram: Diagram, width: int | None) -> Sketch | None:
    """Return the sketch with one box more, where it disturbs least; None if it gets too wide."""
    _, lines = first_boxes(diagram, len(diagram.boxes) - 1)
    best: tuple[float, Sketch] | None = None
    options = places_for(sketch, diagram, lines)
    if len(diagram.boxes) + len(diagram.lines) >= MANY:
        options = options[:1]
    for column, end in options:
        other = add_box(sketch, diagram, lines, column, end=end)
        if other is None:
            continue
        drawing = place_labels(diagram, other.drawing)
        if width is not None and drawing.width > width:
            continue
        cost = score(other, drawing, width) + MOVED * _moved(sketch, other)
        if best is None or cost < best[0]:
            best = cost, other
    return best[1] if best is not None else None


def _moved(before: Sketch, after: Sketch) -> int:
    """Return how many boxes stand in other columns of the page, or in direction right rows."""
    pairs = zip(before.drawing.boxes, after.drawing.boxes, strict=False)
    if before.style.down:
        return sum(one.x != other.x for one, other in pairs)
    return sum((one.x, one.y) != (other.x, other.y) for one, other in pairs)
