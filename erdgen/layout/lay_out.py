"""A diagram in, the best drawing found out: the phases in a row, tried with a few settings."""

from __future__ import annotations

from erdgen.layout.drawing import Diagram, Direction, Drawing, Rect, Route
from erdgen.layout.p1_cycles import order_nodes
from erdgen.layout.p2_layers import assign_layers
from erdgen.layout.p3_order import order_items
from erdgen.layout.p4_place import place_items
from erdgen.layout.p5_route import Piece, route_channels, walk
from erdgen.layout.sheet import FREE, RIGHT, Style, Wire, build_sheet, choose_sides
from erdgen.layout.trace import Point, spread_columns, trace_wire
from erdgen.layout.labels import place_labels


def lay_out(diagram: Diagram, direction: Direction = "auto", width: int | None = None) -> Drawing:
    """Return the best drawing of a diagram that was found.

    Args:
        diagram: Boxes and lines.
        direction: Where lines run; auto takes the better.
        width: Most columns, or None for no limit.
    """
    bare = all(line.source.row is None and line.target.row is None for line in diagram.lines)
    column = layers_of(diagram)
    down = direction == "down" or (direction == "auto" and bare)
    return draw_columns(diagram, column, down=down and bare)


def layers_of(diagram: Diagram) -> list[int]:
    """Return a column for each box: cycles broken, then layers by network simplex."""
    count = len(diagram.boxes)
    pairs = [(line.source.box, line.target.box) for line in diagram.lines]
    position = order_nodes(count, pairs)
    edges = [(a, b, 1) if position[a] < position[b] else (b, a, 1) for a, b in pairs if a != b]
    return assign_layers(count, edges)


def wires_of(diagram: Diagram, *, down: bool) -> list[Wire]:
    """Return the lines in the abstract orientation, with the room that their ends need."""
    wires: list[Wire] = []
    for line in diagram.lines:
        source, target = line.source, line.target
        wires.append(
            Wire(
                source.box,
                target.box,
                (
                    FREE if source.row is None else source.row,
                    FREE if target.row is None else target.row,
                ),
                (
                    _zone(source.mark, source.label + line.label, down=down),
                    _zone(target.mark, target.label, down=down),
                ),
                (
                    _reach(source.label + line.label, down=down),
                    _reach(target.label, down=down),
                ),
                line.trunk,
            )
        )
    return wires


def _zone(mark: int, label: int, *, down: bool) -> int:
    if down:
        return 1
    return max(mark + 1, label + 2 if label else 0)


def _reach(label: int, *, down: bool) -> int:
    if down:
        return label + 3 if label else 2
    return 2 if label else 1


def draw_columns(diagram: Diagram, column: list[int], *, down: bool) -> Drawing:
    """Return the drawing with the boxes in these columns."""
    style = Style(down=down)
    wires = wires_of(diagram, down=down)
    boxes = diagram.boxes
    sizes = [box.width if down else box.height for box in boxes]
    thick = [box.height if down else box.width for box in boxes]
    stretch = [box.stretch for box in boxes]
    sides = choose_sides(wires, column)
    sheet = build_sheet(sizes, thick, stretch, wires, column, sides, style)
    order = order_items(sheet, style)
    places = place_items(sheet, order, style)
    tracks = route_channels(sheet, places.port, style)
    channel_at, column_at, across = spread_columns(sheet, tracks.width)
    box_at = [column_at[sheet.column[box]] for box in range(sheet.count)]

    def path(channel: int, port: int, other: int) -> list[Point]:
        net = sheet.port_net[port]
        start, end = places.port[port], places.port[other]
        pieces = tracks.pieces[channel].get(net)
        if not pieces:
            return []
        base = channel_at[channel] + tracks.first[channel]
        steps = walk(pieces, start, 1 - sheet.port_side[port], end, 1 - sheet.port_side[other])
        points: list[Point] = []
        before: Piece | None = None
        for piece in steps:
            u = base + piece.track * style.pitch
            if before is not None:
                place = next(place for one, place in before.joints if one is piece)
                points.append((base + before.track * style.pitch, place))
                points.append((u, place))
            else:
                points.append((u, start))
            before = piece
        if before is not None:
            points.append((base + before.track * style.pitch, end))
        return points

    lines = [trace_wire(sheet, wire, box_at, places.port, path) for wire in range(len(wires))]
    rects = [
        (box_at[box], places.top[box], sheet.thick[box], places.size[box])
        for box in range(sheet.count)
    ]
    least = min((v for points in lines for _, v in points), default=0)
    least = min(0, least)
    most = max([v + 1 for points in lines for _, v in points] + [places.height])
    if down:
        boxes_out = tuple(Rect(v - least, u, h, w) for u, v, w, h in rects)
        routes = [Route(tuple((v - least, u) for u, v in points)) for points in lines]
        size = most - least, across
    else:
        boxes_out = tuple(Rect(u, v - least, w, h) for u, v, w, h in rects)
        routes = [Route(tuple((u, v - least) for u, v in points)) for points in lines]
        size = across, most - least
    return place_labels(diagram, Drawing(size[0], size[1], boxes_out, tuple(routes)))


__all__ = ["RIGHT", "draw_columns", "lay_out"]
