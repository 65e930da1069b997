"""A diagram and a column for each box in, a sketch (everything placed but the labels) out."""

from __future__ import annotations

from collections.abc import Sequence

from erdgen.layout.drawing import Box, Cell, Diagram, Drawing, Rect, Route
from erdgen.layout.p3_order import order_items
from erdgen.layout.p4_place import Places, place_items
from erdgen.layout.p5_route import Piece, Tracks, route_channels, walk
from erdgen.layout.sheet import FREE, RIGHT, Sheet, Style, Wire, build_sheet, choose_sides
from erdgen.layout.squeeze import squeeze
from erdgen.layout.trace import Point, spread_columns, trace_wire

STACK = 3
"""Most boxes of a single column that stand as airily as in the templates."""


class Sketch:
    """A drawing without labels, and what it is judged by.

    Attributes:
        drawing: Boxes and routes.
        crossings: How often lines cross.
        length: Length of all lines, a row counted as two columns.
        bends: Pieces along columns that are no straight lines.
        against: Lines of bare boxes that don't run from a column to a later one.
    """

    __slots__ = ("against", "bends", "crossings", "drawing", "length")

    def __init__(
        self, drawing: Drawing, crossings: int, length: int, bends: int, against: int
    ) -> None:
        self.drawing = drawing
        self.crossings = crossings
        self.length = length
        self.bends = bends
        self.against = against


def sketch_columns(
    diagram: Diagram,
    column: list[int],
    *,
    down: bool,
    budget: int = 400_000,
    tails: Sequence[int] = (),
) -> Sketch:
    """Run phases 3 to 5 with the boxes in these columns (rows, for direction down).

    Args:
        diagram: Boxes and lines.
        column: A column for each box.
        down: Whether lines run down.
        budget: What the search for an order may cost.
        tails: Cells to be added to each box along its column, where no line attaches.
    """
    bare = all(line.source.row is None and line.target.row is None for line in diagram.lines)
    stack = not bare and not down and _is_stack(diagram, column)
    style = Style(down=down, bare=bare, stack=stack)
    wires = wires_of(diagram, down=down)
    boxes = diagram.boxes
    sheet = build_sheet(
        [box.width if down else box.height for box in boxes],
        _across(boxes, down=down, even=stack),
        [box.stretch for box in boxes],
        wires,
        column,
        choose_sides(wires, column),
        style,
    )
    for box, tail in enumerate(tails):
        sheet.size[box] += tail
        sheet.tail[box] = tail
    order = order_items(sheet, style, budget)
    places = place_items(sheet, order, style, generous=budget > 0)
    tracks = route_channels(sheet, places.port, style)
    return _draw(diagram, sheet, places, tracks, style)


def _is_stack(diagram: Diagram, column: list[int]) -> bool:
    """Whether these are few boxes in one column, with no labels at the ends of their lines."""
    return (
        len(column) <= STACK
        and max(column, default=0) == 0
        and not any(line.source.label or line.target.label for line in diagram.lines)
    )


def _across(boxes: tuple[Box, ...], *, down: bool, even: bool) -> list[int]:
    """Return the extent across of each box; in a stack all are as wide as the widest one."""
    if down:
        return [box.height for box in boxes]
    widest = max(box.width for box in boxes)
    return [widest if even else box.width for box in boxes]


def wires_of(diagram: Diagram, *, down: bool) -> list[Wire]:
    """Return the lines in the abstract orientation, with the room that their ends need."""
    wires: list[Wire] = []
    for line in diagram.lines:
        source, target = line.source, line.target
        rooms = both(source.label, line.label), target.label
        wires.append(
            Wire(
                source.box,
                target.box,
                (
                    FREE if source.row is None else source.row,
                    FREE if target.row is None else target.row,
                ),
                (
                    _zone(source.mark, source.label, line.label, down=down),
                    _zone(target.mark, target.label, 0, down=down),
                ),
                rooms,
                (
                    _reach(source.label, line.label, down=down),
                    _reach(target.label, 0, down=down),
                ),
                line.trunk,
            )
        )
    return wires


def both(first: int, second: int) -> int:
    """Return the columns of two labels side by side.

    >>> both(6, 0), both(3, 6)
    (6, 10)
    """
    return first + second + (1 if first and second else 0)


def _zone(mark: int, first: int, second: int, *, down: bool) -> int:
    """Return the cells across between a box and where its line may turn."""
    if down:
        return 2 if first and second else 1
    # two labels must both stand beside the line, one may reach beyond its turn
    return max(mark + 1, first + second + 3 if first and second else 0)


def _reach(first: int, second: int, *, down: bool) -> int:
    """Return the distance along v to the next line on that side."""
    if down:
        label = max(first, second)
        return label + 3 if label else 2
    return 2 if first or second else 1


def _draw(diagram: Diagram, sheet: Sheet, places: Places, tracks: Tracks, style: Style) -> Sketch:
    channel_at, column_at, across = spread_columns(sheet, tracks.width)
    box_at = [column_at[sheet.column[box]] for box in range(sheet.count)]
    for start, groups in zip(channel_at, tracks.pieces, strict=True):
        for group in groups.values():
            for piece in group:
                piece.at = start + piece.across
    if not style.stub:
        box_at = squeeze(sheet, places, tracks, box_at, style)

    def path(channel: int, port: int, other: int) -> list[Point]:
        pieces = tracks.pieces[channel].get(sheet.port_net[port])
        if not pieces:
            return []
        start, end = places.port[port], places.port[other]
        steps = walk(pieces, start, 1 - sheet.port_side[port], end, 1 - sheet.port_side[other])
        points: list[Point] = []
        before: Piece | None = None
        place = start
        for piece in steps:
            if before is not None:
                place = next(place for one, place in before.joints if one is piece)
                points.append((before.at, place))
            points.append((piece.at, place))
            before = piece
        if before is not None:
            points.append((before.at, end))
        return points

    lines = [
        () if wire is None else trace_wire(sheet, wire, box_at, places.port, path)
        for wire in sheet.lines
    ]
    least = min((v for points in lines for _, v in points), default=0)
    least = min(0, least)
    most = max([v + 1 for points in lines for _, v in points] + [places.height]) - least
    rects = [
        (box_at[box], places.top[box] - least, sheet.thick[box], places.size[box])
        for box in range(sheet.count)
    ]

    def cell(u: int, v: int) -> Cell:
        return (v - least, u) if style.down else (u, v - least)

    routes: list[Route | None] = []
    labelled: set[int] = set()
    for wire, line, points in zip(sheet.lines, diagram.lines, lines, strict=True):
        if wire is None:
            routes.append(None)
            continue
        spots: list[Cell | None] = [None, None, None]
        _, source, target = wire
        for port, sizes in (
            (source, (line.source.label, line.label)),
            (target, (line.target.label,)),
        ):
            if port in tracks.labels and port not in labelled:
                labelled.add(port)
                v, u = tracks.labels[port]
                box = sheet.port_item[port]
                if sheet.port_side[port] == RIGHT:
                    u += box_at[box] + sheet.thick[box]
                else:
                    u = box_at[box] - u - sheet.port_room[port]
                if len(sizes) == 1:
                    spots[2] = cell(u, v)
                else:
                    if sizes[0]:
                        spots[0] = cell(u, v)
                        u += sizes[0] + 1
                    if sizes[1]:
                        spots[1] = cell(u, v)
        routes.append(Route(tuple(cell(u, v) for u, v in points), spots[1], spots[0], spots[2]))
    ends = [box_at[box] + sheet.thick[box] for box in range(sheet.count)]
    ends.extend(u + 1 for points in lines for u, _ in points)
    for port, (_, offset) in tracks.labels.items():
        box = sheet.port_item[port]
        if sheet.port_side[port] == RIGHT:
            ends.append(box_at[box] + sheet.thick[box] + offset + sheet.port_room[port])
    across = max(ends, default=across)
    drawing = Drawing(
        most if style.down else across,
        across if style.down else most,
        tuple(Rect(v, u, h, w) if style.down else Rect(u, v, w, h) for u, v, w, h in rects),
        tuple(routes),
    )
    crossings, length, bends = _measure(sheet, places, tracks, column_at, style)
    against = sum(
        line.source.row is None
        and line.source.box != line.target.box
        and sheet.column[line.source.box] >= sheet.column[line.target.box]
        for line in diagram.lines
    )
    return Sketch(drawing, crossings, length, bends, against)


def _measure(
    sheet: Sheet, places: Places, tracks: Tracks, column_at: list[int], style: Style
) -> tuple[int, int, int]:
    """Count crossings, length (a row counted as two columns) and bends."""
    along, across = (1, 2) if style.down else (2, 1)
    crossings = length = bends = 0
    for channel, segs in enumerate(sheet.segs):
        pieces = tracks.pieces[channel]
        width = tracks.width[channel]
        # where each horizontal stretch of the channel runs: place, first and last track, net
        runs: list[tuple[int, int, int, int]] = []
        every = [piece for group in pieces.values() for piece in group]
        for net, left, right in segs:
            group = pieces.get(net)
            if group is None:
                runs.append((places.port[(left or right)[0]], -1, 1 << 20, net))
                length += width * across
                continue
            for piece in group:
                length += (piece.high - piece.low) * along
                bends += 1
                for place in piece.left:
                    runs.append((place, -1, piece.across, net))
                    length += piece.across * across
                for place in piece.right:
                    runs.append((place, piece.across, 1 << 20, net))
                    length += (width - piece.across) * across
        runs.sort()
        seen: set[tuple[int, int, int]] = set()
        for piece in every:
            for place, first, last, net in runs:
                if place <= piece.low:
                    continue
                if place >= piece.high:
                    break
                if first < piece.across < last and net != piece.net:
                    seen.add((place, piece.across, piece.low))
        crossings += len(seen)
    for column, items in enumerate(sheet.columns):
        thick = max((sheet.thick[item] for item in items), default=0)
        length += thick * across * sum(1 for item in items if item >= sheet.count)
        del column
    del column_at
    return crossings, length, bends
