"""Places and tracks in, rectangles and polylines on the character grid out, and their measures."""

from __future__ import annotations

from collections.abc import Iterable

from erdgen.layout.drawing import Cell, Diagram, Drawing, Rect, Route
from erdgen.layout.p4_place import Places
from erdgen.layout.p5_route import Tracks
from erdgen.layout.pieces import Piece, walk
from erdgen.layout.sheet import RIGHT, Sheet, Style

Point = tuple[int, int]
"""A place across and along: (u, v)."""


def spread_columns(sheet: Sheet, widths: list[int]) -> tuple[list[int], list[int]]:
    """Return the first cell across of each channel and of each column."""
    channel_at: list[int] = []
    column_at: list[int] = []
    place = 0
    for column, items in enumerate(sheet.columns):
        channel_at.append(place)
        place += widths[column]
        column_at.append(place)
        place += max((sheet.thick[item] for item in items), default=0)
    channel_at.append(place)
    return channel_at, column_at


def draw(
    diagram: Diagram,
    sheet: Sheet,
    places: Places,
    tracks: Tracks,
    box_at: list[int],
    *,
    down: bool,
) -> Drawing:
    """Return the drawing with the boxes at `box_at` and the pieces at their `at`."""
    lines = [
        () if wire is None else trace_wire(sheet, wire, places.port, tracks, box_at)
        for wire in sheet.lines
    ]
    labels = _labels(diagram, sheet, tracks, box_at)
    points = [point for line in lines for point in line]
    points.extend((u + room - 1, v) for spots in labels for u, v, room in spots if room)
    boxes = range(sheet.count)
    least = min(0, min((v for _, v in points), default=0))
    along = max([v + 1 for _, v in points] + [places.height]) - least
    across = max([u + 1 for u, _ in points] + [box_at[box] + sheet.thick[box] for box in boxes])

    def cell(u: int, v: int) -> Cell:
        return (v - least, u) if down else (u, v - least)

    def rect(box: int) -> Rect:
        x, y = cell(box_at[box], places.top[box])
        if down:
            return Rect(x, y, places.size[box], sheet.thick[box])
        return Rect(x, y, sheet.thick[box], places.size[box])

    routes: list[Route | None] = []
    for line, spots in zip(lines, labels, strict=True):
        if not line:
            routes.append(None)
            continue
        own, near, far = (cell(u, v) if room else None for u, v, room in spots)
        routes.append(Route(tuple(cell(u, v) for u, v in line), own, near, far))
    return Drawing(
        along if down else across,
        across if down else along,
        tuple(rect(box) for box in boxes),
        tuple(routes),
    )


def _labels(
    diagram: Diagram, sheet: Sheet, tracks: Tracks, box_at: list[int]
) -> list[list[tuple[int, int, int]]]:
    """Return for each line (u, v, columns) of its own, source and target label; 0 for none."""
    done: set[int] = set()
    result: list[list[tuple[int, int, int]]] = []
    for wire, line in zip(sheet.lines, diagram.lines, strict=True):
        spots = [(0, 0, 0)] * 3
        result.append(spots)
        if wire is None:
            continue
        for port, wanted in (
            (wire[1], ((1, line.source.label), (0, line.label))),
            (wire[2], ((2, line.target.label),)),
        ):
            if port not in tracks.labels or port in done:
                continue
            done.add(port)
            v, away = tracks.labels[port]
            box = sheet.port_item[port]
            if sheet.port_side[port] == RIGHT:
                u = box_at[box] + sheet.thick[box] + away
            else:
                u = box_at[box] - away - sheet.port_room[port]
            for which, room in wanted:
                if room:
                    spots[which] = (u, v, room)
                    u += room + 1
    return result


def trace_wire(
    sheet: Sheet,
    wire: tuple[int, int, int],
    port_place: list[int],
    tracks: Tracks,
    box_at: list[int],
) -> tuple[Point, ...]:
    """Return the corners of a wire's polyline in (u, v), both ends included.

    Args:
        sheet: Ports, nets and dummies.
        wire: Its net, source port and target port.
        port_place: Place along v of each port.
        tracks: The pieces of each channel.
        box_at: First cell across of each box.
    """
    net, source, target = wire
    points: list[Point] = [_outside(sheet, source, box_at, port_place)]
    channel = sheet.column[sheet.port_item[source]] + sheet.port_side[source]
    goal = sheet.column[sheet.port_item[target]] + sheet.port_side[target]
    port = source
    while channel != goal:
        step = 1 if goal > channel else -1
        column = channel if step > 0 else channel - 1
        dummy = sheet.passes[net][column]
        into, out = sheet.ports[dummy] if step > 0 else sheet.ports[dummy][::-1]
        points.extend(_through(sheet, tracks.pieces[channel], port, into[0], port_place))
        port = out[0]
        channel += step
    points.extend(_through(sheet, tracks.pieces[channel], port, target, port_place))
    points.append(_outside(sheet, target, box_at, port_place))
    return simplify(points)


def _through(
    sheet: Sheet, channel: dict[int, list[Piece]], port: int, other: int, port_place: list[int]
) -> list[Point]:
    """Return the corners within a channel from a port to another of the same net."""
    pieces = channel.get(sheet.port_net[port])
    if not pieces:
        return []
    start, end = port_place[port], port_place[other]
    steps = walk(pieces, (start, 1 - sheet.port_side[port]), (end, 1 - sheet.port_side[other]))
    points: list[Point] = []
    place = start
    for index, piece in enumerate(steps):
        if index:
            before = steps[index - 1]
            place = next(place for one, place in before.joints if one is piece)
            points.append((before.at, place))
        points.append((piece.at, place))
    points.append((steps[-1].at, end))
    return points


def _outside(sheet: Sheet, port: int, box_at: list[int], port_place: list[int]) -> Point:
    item = sheet.port_item[port]
    if sheet.port_side[port] == RIGHT:
        return box_at[item] + sheet.thick[item], port_place[port]
    return box_at[item] - 1, port_place[port]


def simplify(points: Iterable[Point]) -> tuple[Point, ...]:
    """Drop points that are no corners.

    >>> simplify([(0, 0), (2, 0), (2, 0), (5, 0), (5, 3)])
    ((0, 0), (5, 0), (5, 3))
    """
    result: list[Point] = []
    for point in points:
        if result and point == result[-1]:
            continue
        if len(result) > 1 and (
            result[-2][0] == result[-1][0] == point[0] or result[-2][1] == result[-1][1] == point[1]
        ):
            result[-1] = point
            continue
        result.append(point)
    return tuple(result)


def measure(sheet: Sheet, places: Places, tracks: Tracks, style: Style) -> tuple[int, int, int]:
    """Count crossings, length (a row counts as two columns) and bent segments."""
    along, across = (1, 2) if style.down else (2, 1)
    crossings = length = bends = 0
    for channel, segs in enumerate(sheet.segs):
        pieces = tracks.pieces[channel]
        width = tracks.width[channel]
        # the stretches across: place, cells between which they run, net
        runs: list[tuple[int, int, int, int]] = []
        for net, left, right in segs:
            group = pieces.get(net)
            if group is None:
                runs.append((places.port[(left or right)[0]], -1, width, net))
                continue
            for piece in group:
                length += (piece.high - piece.low) * along
                bends += 1
                runs.extend((place, -1, piece.across, net) for place in piece.left)
                runs.extend((place, piece.across, width, net) for place in piece.right)
        length += across * sum(last - first for _, first, last, _ in runs)
        crossings += _crossings(runs, [piece for group in pieces.values() for piece in group])
    for items in sheet.columns:
        thick = max((sheet.thick[item] for item in items), default=0)
        length += thick * across * sum(item >= sheet.count for item in items)
    return crossings, length, bends


def _crossings(runs: list[tuple[int, int, int, int]], pieces: list[Piece]) -> int:
    """Count where stretches across and pieces of a channel cross; shared stretches once."""
    runs.sort()
    total = 0
    for piece in pieces:
        seen = set()
        for place, first, last, net in runs:
            if place <= piece.low:
                continue
            if place >= piece.high:
                break
            if first < piece.across < last and net != piece.net:
                seen.add(place)
        total += len(seen)
    return total
