"""A component that was laid out in, the same from (0, 0) and measured out."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from erdgen.render.picture.places import (
    LANE,
    Area,
    Piece,
    Point,
    Sheet,
    card_area,
    frame_area,
    move_route,
)

_STEP, _SLACK = 48, 12
"""By how much a piece grows for lines outside its cards, and how much of them it bears as it is."""


def move_to_origin(sheet: Sheet, piece: Piece) -> Piece:
    """Return a piece moved by whole pixels so that it begins at (0, 0), and measured."""
    xs: list[float] = []
    ys: list[float] = []
    areas = [card_area(sheet, number, at) for number, at in piece.at.items()]
    areas += [frame_area(frame) for frame in piece.frames]
    for area in areas:
        xs += [area.left, area.right]
        ys += [area.top, area.bottom]
    for number, route in piece.routes.items():
        if sheet.ties[number].loop:
            xs += [x for x, _ in route.points]
            ys += [y for _, y in route.points]
        if route.label:
            width, height = sheet.ties[number].label
            xs += [route.label[0] - width / 2, route.label[0] + width / 2]
            ys += [route.label[1] - height / 2, route.label[1] + height / 2]
    start_x, start_y = floor(min(xs)), floor(min(ys))
    left, right, top, bottom = float(start_x), max(xs), float(start_y), max(ys)
    reach = Area(left, top, right, bottom)
    reaches = [
        curve_reach(piece.routes[number].points)
        for number in piece.routes
        if not sheet.ties[number].loop and not is_within(reach, piece.routes[number].points)
    ]
    if piece.down or any(route.label for route in piece.routes.values()):
        left, right = min([left, *(r[0] for r in reaches)]), max([right, *(r[1] for r in reaches)])
        top, bottom = min([top, *(r[2] for r in reaches)]), max([bottom, *(r[3] for r in reaches)])
    else:
        # these lines will run level (`tracks`), the outermost ones close by
        top -= LANE * sum(1 for reach in reaches if reach[2] < top)
        bottom += LANE * sum(1 for reach in reaches if reach[3] > bottom)
    # in steps, so that a line that bends a little further does not move everything
    dx, dy = _steps(start_x - left) - start_x, _steps(start_y - top) - start_y
    return shift(piece._replace(width=ceil(right) + dx, height=ceil(bottom) + dy), dx, dy)


def is_within(area: Area, points: Sequence[Point]) -> bool:
    """Return whether all points, and handles of a curve, are within an area."""
    left, top, right, bottom = area
    for x, y in points:  # noqa: SIM110 - large pictures ask for every line: a third of the time
        if not (left <= x <= right and top <= y <= bottom):
            return False
    return True


def _steps(length: float) -> int:
    """Return a length in whole steps; a little more than some steps is taken for these.

    >>> _steps(0), _steps(5), _steps(20)
    (0, 0, 48)
    """
    return ceil(max(length - _SLACK, 0) / _STEP) * _STEP


def curve_reach(points: Sequence[Point]) -> tuple[float, float, float, float]:
    """Return how far a chain of cubic curves goes to the left, right, top and bottom.

    Args:
        points: A start, and three points for each curve.

    >>> curve_reach([(0, 0), (0, -8), (4, -8), (4, 0)])
    (0, 4, -6.0, 0)
    """
    reach: list[float] = []
    for axis in (0, 1):
        values = [point[axis] for point in points]
        low, high = min(values[::3]), max(values[::3])
        for at in range(0, len(values) - 3, 3):
            a, b, c, d = values[at : at + 4]
            if min(b, c) < low or max(b, c) > high:
                for t in _turns(a, b, c, d):
                    u = 1 - t
                    value = u**3 * a + 3 * u * u * t * b + 3 * u * t * t * c + t**3 * d
                    low, high = min(low, value), max(high, value)
        reach += [low, high]
    return reach[0], reach[1], reach[2], reach[3]


def _turns(a: float, b: float, c: float, d: float) -> list[float]:
    """Return where between 0 and 1 a cubic curve turns back: the roots of its derivative."""
    p, q, r = d - a + 3 * (b - c), 2 * (a - 2 * b + c), b - a
    if abs(p) < 1e-9:
        roots = [-r / q] if q else []
    else:
        inside = q * q - 4 * p * r
        roots = [(-q + sign * inside**0.5) / (2 * p) for sign in (1, -1)] if inside >= 0 else []
    return [root for root in roots if 0 < root < 1]


def shift(piece: Piece, dx: float, dy: float) -> Piece:
    """Return a piece moved to the right and down."""
    if not dx and not dy:
        return piece
    return piece._replace(
        at={number: (x + dx, y + dy) for number, (x, y) in piece.at.items()},
        frames=tuple(item._replace(x=item.x + dx, y=item.y + dy) for item in piece.frames),
        routes={number: move_route(route, dx, dy) for number, route in piece.routes.items()},
    )
