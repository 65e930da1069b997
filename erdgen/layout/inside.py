"""A group with the ends of the lines that leave it in, a drawing of it in its frame out.

Lines across the frame end at terminals: cells in the frame's border, each held by a box of one
cell in a column of its own at the left or right of the group's columns (above or below, for
direction down).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from erdgen.layout.components import shift_route
from erdgen.layout.compose import Sketch, make_sheet, route_sketch
from erdgen.layout.drawing import Box, Cell, Diagram, Drawing, End, Line, Rect, Route
from erdgen.layout.groups import NetKey
from erdgen.layout.labels import place_labels
from erdgen.layout.p3_order import order_items, sweep_items
from erdgen.layout.p4_place import place_items
from erdgen.layout.sheet import LEFT, RIGHT, Style

APART = (3, 1)
"""Columns and rows between what is tied across the frame and the rest of the group."""
TITLE = 6
"""Columns that a title takes beside its text: blanks, and two cells of the border on each side."""


class Border(NamedTuple):
    """How much room a frame takes.

    Attributes:
        box: Columns and rows between a box and the frame around it, the frame included.
        line: The same between a line or a label and the frame.
        title: Whether there is a title.
    """

    box: tuple[int, int]
    line: int
    title: bool


FRAME = Border((2, 1), 2, True)
AIRY = Border((2, 2), 2, True)
"""With a blank row between the frame and the boxes."""
UNSEEN = Border((0, 0), 0, False)
"""No frame: the group only stands together."""


class Terminal(NamedTuple):
    """Where the lines of a net cross a frame.

    Attributes:
        net: The net.
        side: Whether it lies in the left border (the upper one, for direction down) or the right.
        out: Whether the net's source is inside.
    """

    net: NetKey
    side: int
    out: bool


class Group(NamedTuple):
    """A group to be drawn in its frame.

    Attributes:
        diagram: The diagram that it is a part of.
        boxes: Its boxes that take part: tied to others, or by lines across the frame.
        lines: The lines between them.
        out: For each net that leaves it its first line that does.
        into: For each net that enters it the lines that do.
        title: Columns of the title.
        border: The room of the frame.
        rest: The other boxes, in a drawing of their own, and the lines between them.
    """

    diagram: Diagram
    boxes: tuple[int, ...]
    lines: tuple[int, ...]
    out: Mapping[NetKey, int]
    into: Mapping[NetKey, Sequence[int]]
    title: int
    border: Border
    rest: tuple[Sequence[int], Sequence[int], Drawing] | None = None


class Inside(NamedTuple):
    """A group in its frame, which begins at (0, 0).

    Attributes:
        width, height: Of the frame, borders included.
        boxes: Where each box stands.
        routes: The lines between the boxes.
        out: For each terminal that leads out the route to it.
        into: For each line that enters the route from its terminal.
        places: Place along the border of each terminal.
        sketch: What it was drawn from, for its measures.
    """

    width: int
    height: int
    boxes: Mapping[int, Rect]
    routes: Mapping[int, Route | None]
    out: Mapping[Terminal, Route | None]
    into: Mapping[int, Route | None]
    places: Mapping[Terminal, int]
    sketch: Sketch


def draw_inside(
    group: Group,
    column: Sequence[int],
    terminals: Sequence[Terminal],
    *,
    style: Style,
    budget: int,
    fixed: bool = False,
) -> Inside:
    """Return a group in its frame.

    Args:
        group: What is drawn.
        column: The column of each of its boxes.
        terminals: Where lines cross the frame, in the order in which that would suit the others.
        style: The distances of the direction.
        budget: What the search for an order may cost; with 0 the drawing is a quick one.
        fixed: Whether the terminals keep their order.
    """
    part, lines = _with_terminals(group, terminals)
    sides = {terminal.side for terminal in terminals}
    first, last = int(LEFT in sides), max(column, default=0) + int(LEFT in sides)
    columns = [place + first for place in column]
    columns += [0 if terminal.side == LEFT else last + 1 for terminal in terminals]
    sheet = make_sheet(part, columns, style)
    kept = {0} if first else set()
    if RIGHT in sides:
        kept.add(last + 1)
    keep = kept if fixed else set()
    start = sweep_items(sheet, style, keep)
    order = order_items(sheet, style, budget, start, keep)
    places = place_items(sheet, order, style, generous=budget > 0)
    sketch = route_sketch(part, sheet, order, places, style, tight=budget > 0)
    return _in_frame(group, part, lines, terminals, sketch)


Key = tuple[str, int]
"""What a line of the part with terminals is: of the group, out by a terminal, or into the group."""


def _with_terminals(group: Group, terminals: Sequence[Terminal]) -> tuple[Diagram, list[Key]]:
    """Return the diagram of a group and its terminals, and what its lines are."""
    whole = group.diagram
    number = {box: index for index, box in enumerate(group.boxes)}
    found: list[tuple[int, Key, Line]] = []
    for index in group.lines:
        line = whole.lines[index]
        found.append((index, ("inner", index), _moved(line, number)))
    trunk = 1 + max((line.trunk for line in whole.lines), default=0)
    for at, terminal in enumerate(terminals):
        end = End(len(number) + at, 0)
        if terminal.out:
            index = group.out[terminal.net]
            line = _moved(whole.lines[index], number)
            found.append((index, ("out", at), line._replace(target=end)))
            continue
        for index in group.into[terminal.net]:
            line = _moved(whole.lines[index], number)
            found.append(
                (index, ("into", index), Line(end, line.target, trunk=trunk + at)),
            )
    found.sort(key=lambda one: one[:2])
    boxes = [whole.boxes[box] for box in group.boxes] + [Box(1, 1)] * len(terminals)
    return (
        Diagram(tuple(boxes), tuple(line for _, _, line in found)),
        [key for _, key, _ in found],
    )


def _moved(line: Line, number: Mapping[int, int]) -> Line:
    return line._replace(
        source=line.source._replace(box=number.get(line.source.box, 0)),
        target=line.target._replace(box=number.get(line.target.box, 0)),
    )


def _in_frame(
    group: Group, part: Diagram, lines: list[Key], terminals: Sequence[Terminal], sketch: Sketch
) -> Inside:
    """Return what was sketched with a frame around it and lines drawn out to the frame."""
    down = sketch.style.down
    measure = _Measure(part, len(group.boxes), group.border)
    across, along = (1, 0) if down else (0, 1)
    low, high = measure.borders(sketch.drawing, across)
    drawing = measure.drawn_out(sketch.drawing, terminals, (low, high), across)
    size = [drawing.width, drawing.height]
    size[across] = high - low + 1
    drawing = shift(drawing._replace(width=size[0], height=size[1]), _step(across, -low))
    ring = [Rect(0, 0, *size)._replace(**{"height" if down else "width": 2})]
    ring.append(ring[0]._replace(**{"y" if down else "x": size[across] - 2}))
    drawing = place_labels(part, drawing, ring)
    low, high = measure.borders(drawing, along)
    size[along] = high - low + 1
    drawing = shift(drawing, _step(along, -low))
    boxes = dict(zip(group.boxes, drawing.boxes, strict=False))
    routes: dict[int, Route | None] = {}
    out: dict[Terminal, Route | None] = {}
    into: dict[int, Route | None] = {}
    for (kind, number), route in zip(lines, drawing.routes, strict=True):
        if kind == "inner":
            routes[number] = route
        elif kind == "out":
            out[terminals[number]] = route
        else:
            into[number] = route
    places = {
        terminal: rect[along]
        for terminal, rect in zip(terminals, drawing.boxes[len(group.boxes) :], strict=True)
    }
    inside = Inside(size[0], size[1], boxes, routes, out, into, places, sketch)
    inside = _with_rest(group, inside)
    return _with_title(group, inside, down=down) if group.border.title else inside


def _step(axis: int, by: int) -> Cell:
    return (0, by) if axis else (by, 0)


class _Measure:
    """Measures drawings of a group with its terminals; axis 0 is x, 1 is y."""

    def __init__(self, part: Diagram, count: int, border: Border) -> None:
        self.part = part
        self.count = count
        self.border = border
        self.ends: dict[int, tuple[int, int]] = {}
        """For each line that ends at a terminal: which of its points, and which terminal."""
        for index, line in enumerate(part.lines):
            if line.source.box >= count:
                self.ends[index] = 0, line.source.box - count
            elif line.target.box >= count:
                self.ends[index] = -1, line.target.box - count

    def borders(self, drawing: Drawing, axis: int) -> tuple[int, int]:
        """Return where the two borders across an axis are to stand."""
        spans: list[tuple[int, int]] = []
        for rect in drawing.boxes[: self.count]:
            margin = self.border.box[axis]
            spans.append((rect[axis] - margin, rect[axis] + rect[axis + 2] - 1 + margin))
        spans.extend((rect[axis], rect[axis]) for rect in drawing.boxes[self.count :])
        clear = self.border.line
        for index, (line, route) in enumerate(zip(self.part.lines, drawing.routes, strict=True)):
            if route is None:
                continue
            points = list(route.points)
            if index in self.ends and len(points) > 1:
                # where it runs straight on into a border it keeps no distance from it
                at = self.ends[index][0]
                if points[at][1 - axis] == points[1 if at == 0 else -2][1 - axis]:
                    del points[at]
            spans.extend((point[axis] - clear, point[axis] + clear) for point in points)
            for cell, room in (
                (route.label, line.label),
                (route.source_label, line.source.label),
                (route.target_label, line.target.label),
            ):
                if cell is not None:
                    last = cell[axis] + (0 if axis else room - 1)
                    spans.append((cell[axis] - clear, last + clear))
        return min(low for low, _ in spans), max(high for _, high in spans)

    def drawn_out(
        self, drawing: Drawing, terminals: Sequence[Terminal], borders: tuple[int, int], axis: int
    ) -> Drawing:
        """Return the drawing with the terminals in the borders and their lines drawn out to them.

        Beyond a terminal there is nothing: whatever overlaps with it along the border and stood
        before it still does.
        """
        boxes = list(drawing.boxes)
        for at, terminal in enumerate(terminals):
            x, y, width, height = boxes[self.count + at]
            place = borders[terminal.side]
            boxes[self.count + at] = Rect(*((x, place) if axis else (place, y)), width, height)
        routes = list(drawing.routes)
        for index, (at, number) in self.ends.items():
            route = routes[index]
            if route is None:
                continue
            x, y = route.points[at]
            place = borders[terminals[number].side] + (1 if terminals[number].side == LEFT else -1)
            end = (x, place) if axis else (place, y)
            points = list(route.points)
            if len(points) == 1:
                points.append(points[0])
            points[at] = end
            routes[index] = route._replace(points=tuple(points))
        return drawing._replace(boxes=tuple(boxes), routes=tuple(routes))


def _with_rest(group: Group, inside: Inside) -> Inside:
    """Return the frame with the boxes that nothing ties to the others beside or below these."""
    if group.rest is None:
        return inside
    numbers, lines, drawing = group.rest
    down = inside.sketch.style.down
    dx, dy = group.border.box
    if not down:
        by = dx, inside.height - dy + APART[1]
        size = max(inside.width, drawing.width + 2 * dx), by[1] + drawing.height + dy
    else:
        by = inside.width - dx + APART[0], dy
        size = by[0] + drawing.width + dx, max(inside.height, drawing.height + 2 * dy)
    moved = shift(drawing, by)
    return inside._replace(
        width=size[0],
        height=size[1],
        boxes={**inside.boxes, **dict(zip(numbers, moved.boxes, strict=True))},
        routes={**inside.routes, **dict(zip(lines, moved.routes, strict=True))},
    )


def _with_title(group: Group, inside: Inside, *, down: bool) -> Inside:
    """Return the frame wide enough for its title in the upper border, or else in the lower one."""
    borders = [[-1, inside.width], [-1, inside.width]]
    for terminal, place in inside.places.items() if down else ():
        borders[terminal.side].append(place)
    room = group.title + TITLE
    for places in borders:
        places.sort()
        # the corners and a cell beside them are no room, nor is a line
        if any(two - one - 1 >= room for one, two in pairwise(places)):
            return inside
    last = min(max(places[:-1]) for places in borders)
    return inside._replace(width=max(inside.width, last + 1 + room))


def shift(drawing: Drawing, by: Cell) -> Drawing:
    """Return a drawing without frames moved by some columns and rows, its extent as it was."""
    dx, dy = by
    return drawing._replace(
        boxes=tuple(rect._replace(x=rect.x + dx, y=rect.y + dy) for rect in drawing.boxes),
        routes=tuple(shift_route(route, by) for route in drawing.routes),
    )


def frame_alone(
    diagram: Diagram, drawing: Drawing, title: int, border: Border
) -> tuple[Drawing, Rect]:
    """Return the drawing of a group that nothing ties to others, moved into its frame."""
    measure = _Measure(diagram, len(diagram.boxes), border)
    (left, right), (top, bottom) = (measure.borders(drawing, axis) for axis in (0, 1))
    frame = Rect(0, 0, max(right - left + 1, title + TITLE + 2), bottom - top + 1)
    moved = shift(drawing, (-left, -top))
    return moved._replace(width=frame.width, height=frame.height), frame
