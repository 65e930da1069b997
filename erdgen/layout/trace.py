"""Places and tracks in, rectangles and polylines on the character grid out."""

from __future__ import annotations

from collections.abc import Callable

from erdgen.layout.sheet import RIGHT, Sheet

Point = tuple[int, int]


def spread_columns(sheet: Sheet, widths: list[int]) -> tuple[list[int], list[int], int]:
    """Return the first cell across of each channel and each column, and the cells in all."""
    channel_at: list[int] = []
    column_at: list[int] = []
    place = 0
    for column, items in enumerate(sheet.columns):
        channel_at.append(place)
        place += widths[column]
        column_at.append(place)
        place += max((sheet.thick[item] for item in items), default=0)
    channel_at.append(place)
    return channel_at, column_at, place + widths[len(sheet.columns)]


def trace_wire(
    sheet: Sheet,
    wire: tuple[int, int, int],
    box_at: list[int],
    port_place: list[int],
    path: Callable[[int, int, int], list[Point]],
) -> tuple[Point, ...]:
    """Return the corners of a wire's polyline in (u, v), both ends included.

    Args:
        sheet: Ports, nets and dummies.
        wire: Its net, source port and target port.
        box_at: First cell across of each box.
        port_place: Place along v of each port.
        path: The corners (u, v) within a channel from a port to another of the same net, given
            as (channel, port, port).
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
        points.extend(path(channel, port, into[0]))
        port = out[0]
        channel += step
    points.extend(path(channel, port, target))
    points.append(_outside(sheet, target, box_at, port_place))
    return simplify(points)


def _outside(sheet: Sheet, port: int, box_at: list[int], port_place: list[int]) -> Point:
    item = sheet.port_item[port]
    if sheet.port_side[port] == RIGHT:
        return box_at[item] + sheet.thick[item], port_place[port]
    return box_at[item] - 1, port_place[port]


def simplify(points: list[Point]) -> tuple[Point, ...]:
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
