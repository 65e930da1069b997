"""Finished routes in, routes out that run through no card.

Where lines run down, Graphviz does not see that a line leaves at a side, and between frames its
curves lose their way. Such a line gets level and upright runs around all cards instead: with few
corners if there is room, or else the shortest path on the lines beside the cards, each bend at a
cost (the sparse grid of Lee, Yang and Wong 1996, "Rectilinear shortest paths in the presence of
rectangular obstacles"). Runs that lie side by side are then moved apart (`nudges`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from erdgen.render.picture.crowds import crowding, find_crowded
from erdgen.render.picture.line_shapes import draw_curve
from erdgen.render.picture.nudges import ABOVE as _ABOVE
from erdgen.render.picture.nudges import nudge
from erdgen.render.picture.places import STUB, Area, Places, Point, Route, Sheet, Tie
from erdgen.render.picture.scene import along

_BESIDE = STUB + 4
"""How far from cards a way runs at their sides."""
_BEND = 60
"""How much longer a way may be for each bend that it saves."""
_AGAIN = 4
"""How many times longer a way counts where another line was led already."""
_ON = 3
"""Level runs nearer than that lie on one another."""
_AROUND = 5
"""How far from a self-reference and its words other lines run."""
_CURVED = 200
"""Lines running down up to which all get ways: the time for these grows by their square."""
_ROUNDS = 6
"""How many lines that come too near others are led another way at most."""
_INSIDE = 2
"""How deep in a card a line counts as running through it."""


def make_detours(
    sheet: Sheet, places: Places, meets: Sequence[tuple[Point, Point]], routes: Sequence[Route]
) -> tuple[Route, ...]:
    """Return the routes, those that run down or through cards replaced by ways around cards.

    Args:
        sheet: The cards and ties.
        places: Where the cards stand.
        meets: Where each line meets its left and its right card.
        routes: How each line runs so far; those that run level already are let be.
    """
    result = list(routes)
    areas = [
        Area(x, y, x + card.width, y + card.height)
        for card, (x, y) in zip(sheet.cards, places.cards, strict=True)
    ]
    led: list[Point] = []
    ways: dict[int, list[Point]] = {}
    below = [places.columns[tie.left.card][0] < 0 and not tie.loop for tie in sheet.ties]
    few = sum(below) <= _CURVED
    for number, (tie, route) in enumerate(zip(sheet.ties, routes, strict=True)):
        if tie.loop or route.corners:
            continue
        sides = (route.left_side, route.right_side)
        if below[number] and few:
            others = list(ways.values())
            way = _simple_way(meets[number], sides, areas, others)
            way = way or find_way(meets[number], sides, areas, others=others)
            if way:
                ways[number] = way
            continue
        points = list(along(draw_curve(route, meets[number]), 12))
        if not any(_holds(area, point) for area in _near(areas, points) for point in points):
            continue
        way = find_way(meets[number], sides, areas, led)
        if way:
            led += way
            middle = _middle(way) if route.label else None
            result[number] = route._replace(points=tuple(way), corners=True, label=middle)
    apart = _part(sheet, meets, routes, areas, ways) if ways else {}
    for number, way in apart.items():
        middle = _middle(way) if routes[number].label else None
        result[number] = routes[number]._replace(points=tuple(way), corners=True, label=middle)
    return tuple(result)


def _part(
    sheet: Sheet,
    meets: Sequence[tuple[Point, Point]],
    routes: Sequence[Route],
    areas: Sequence[Area],
    ways: Mapping[int, list[Point]],
) -> dict[int, list[Point]]:
    """Return the ways with their runs apart; where a gap is too narrow, some go another way."""
    ends = [
        (meet, side)
        for pair, route in zip(meets, routes, strict=True)
        for meet, side in zip(pair, (route.left_side, route.right_side), strict=True)
    ]
    loops = [
        (areas[tie.left.card], tie, route)
        for tie, route in zip(sheet.ties, routes, strict=True)
        if tie.loop
    ]
    around = [_loop_area(card, route) for card, _, route in loops]
    words = [_words_area(card, tie, route.label) for card, tie, route in loops if route.label]
    uprights = [
        (points[1][0], min(points[0][1], points[-1][1]), max(points[0][1], points[-1][1]))
        for points in (route.points for _, _, route in loops)
    ]
    result = nudge(ways, areas, ends, around, words)
    crowded = find_crowded(result, uprights)
    tried: set[int] = set()
    for _ in range(_ROUNDS):
        found = ({*pair} - {-1} - tried for _, *pair in crowded)
        choice = next((pair for pair in found if pair), None)
        if choice is None:
            break
        # the one that is in the way of more
        number = max(choice, key=lambda n: (sum(n in other[1:] for other in crowded), n))
        tried.add(number)
        others = {n for _, *pair in crowded if number in pair for n in pair if n >= 0}
        led = [point for n in sorted(others) for point in ways[n][1:-1]]
        sides = (routes[number].left_side, routes[number].right_side)
        rest = [way for n, way in ways.items() if n != number]
        way = find_way(meets[number], sides, areas, led, rest)
        if not way or way == ways[number]:
            continue
        moved = {n: way if n == number else was for n, was in ways.items()}
        apart = nudge(moved, areas, ends, around, words)
        left = find_crowded(apart, uprights)
        if crowding(left) < crowding(crowded):
            ways, result, crowded = moved, apart, left
    return result


def _loop_area(card: Area, route: Route) -> Area:
    """Return the rows of a card between which a self-reference runs, and how far out it does."""
    top, bottom = sorted((route.points[0][1], route.points[-1][1]))
    return Area(card.left, top, max(x for x, _ in route.points) + _AROUND, bottom)


def _words_area(card: Area, tie: Tie, at: Point) -> Area:
    """Return what the words of a self-reference take, from its card on."""
    (x, y), (wide, high) = at, tie.label
    return Area(card.left, y - high / 2, x + wide / 2 + _AROUND, y + high / 2)


def _simple_way(
    ends: tuple[Point, Point],
    sides: tuple[int, int],
    areas: Sequence[Area],
    others: Sequence[Sequence[Point]],
) -> list[Point]:
    """Return the cheapest way with at most four corners around all areas; empty for none.

    It shares the level runs at its ends with none of the other ways, but from their own ends on.
    """
    (x, top), (end_x, bottom) = ends
    first, last = x + sides[0] * STUB, end_x + sides[1] * STUB
    close = _near(areas, (*ends, (first, top), (last, bottom)), 60)
    ways: list[list[Point]] = []
    if sides[0] == sides[1] or (last - first) * sides[0] >= 0:
        lanes = [max(first, last) if sides[0] > 0 else min(first, last)]
        if sides[0] != sides[1]:
            lanes = [first, last]
        ways += [[ends[0], (lane, top), (lane, bottom), ends[1]] for lane in lanes]
    levels = {area.bottom + _ABOVE for area in close} | {area.top - _ABOVE for area in close}
    ways += [
        [ends[0], (first, top), (first, y), (last, y), (last, bottom), ends[1]]
        for y in sorted(levels)
    ]
    ways.sort(key=lambda way: _length(way) + _BEND * len(way))
    for way in ways:
        if _is_free(way, close) and not any(_meet(way, other) for other in others):
            return _without_straight(way)
    return []


def _meet(way: Sequence[Point], other: Sequence[Point]) -> bool:
    """Return whether the level runs at the ends of two ways lie on one another."""
    for (ax, y), (bx, _) in (way[:2], way[:-3:-1]):
        for (cx, level), (dx, _) in (other[:2], other[:-3:-1]):
            apart = abs(y - level) >= _ON or (ax, y) == (cx, level)
            if not apart and max(min(ax, bx), min(cx, dx)) < min(max(ax, bx), max(cx, dx)):
                return True
    return False


def _length(way: Sequence[Point]) -> float:
    return sum(abs(a - c) + abs(b - d) for (a, b), (c, d) in pairwise(way))


def _is_free(way: Sequence[Point], areas: Sequence[Area]) -> bool:
    for (a, b), (c, d) in pairwise(way[1:-1]):
        if b == d and _is_level_blocked(areas, b, min(a, c), max(a, c)):
            return False
        if a == c and _is_upright_blocked(areas, a, min(b, d), max(b, d)):
            return False
    first, last = way[0], way[-1]
    # the way out of the row is free as far as the stub; beyond, other cards may stand
    for end, corner in ((first, way[1]), (last, way[-2])):
        side = 1 if corner[0] > end[0] else -1
        a, b = sorted((end[0] + side * STUB, corner[0]))
        if _is_level_blocked(areas, end[1], a, b):
            return False
    return True


def _near(areas: Sequence[Area], points: Sequence[Point], room: float = 0) -> list[Area]:
    """Return the areas that the rectangle around the points touches."""
    left, right = min(x for x, _ in points) - room, max(x for x, _ in points) + room
    top, bottom = min(y for _, y in points) - room, max(y for _, y in points) + room
    return [
        area
        for area in areas
        if area.left < right and left < area.right and area.top < bottom and top < area.bottom
    ]


def _holds(area: Area, point: Point) -> bool:
    x, y = point
    return (
        area.left + _INSIDE < x < area.right - _INSIDE
        and area.top + _INSIDE < y < area.bottom - _INSIDE
    )


def find_way(
    ends: tuple[Point, Point],
    sides: tuple[int, int],
    areas: Sequence[Area],
    led: Sequence[Point] = (),
    others: Sequence[Sequence[Point]] = (),
) -> list[Point]:
    """Return the corners of a way around all areas, ends included; none if there is no way.

    Args:
        ends: Where it begins and ends, each at the side of a card.
        sides: To which side it leaves there: 1 to the right, -1 to the left.
        areas: What it must not touch.
        led: Corners of ways that it should not run along.
        others: Ways whose level runs at their ends it must not run along.

    >>> find_way(((0, 5), (200, 5)), (1, -1), [Area(80, 0, 120, 10)])
    [(0, 5), (52, 5), (52, -12), (176, -12), (176, 5), (200, 5)]
    """
    first, last = ((x + side * STUB, y) for (x, y), side in zip(ends, sides, strict=True))
    close = _near(areas, (*ends, first, last), 400)
    lines_x = {first[0], last[0]}
    lines_y = {first[1], last[1]}
    for area in close:
        lines_x |= {area.left - _BESIDE, area.right + _BESIDE}
        lines_y |= {area.top - _ABOVE, area.bottom + _ABOVE}
    xs, ys = sorted(lines_x), sorted(lines_y)
    grid = _Grid(xs, ys, close, {}, {}, {x for x, _ in led}, {y for _, y in led})
    for other in others:
        for (a, y), (b, _) in (other[:2], other[:-3:-1]):
            if (a, y) not in ends:
                for j in range(bisect_left(ys, y - _ON), bisect_right(ys, y + _ON)):
                    _block(grid, j, min(a, b), max(a, b))
    start = (xs.index(first[0]), ys.index(first[1]), True)
    goal = (xs.index(last[0]), ys.index(last[1]), True)
    corners = [(xs[i], ys[j]) for i, j, _ in _shortest(grid, start, goal)]
    if not corners:
        return []
    return _without_straight([ends[0], *corners, ends[1]])


class _Grid(NamedTuple):
    """Lines beside areas.

    Attributes:
        level: For each level line, as soon as it was asked for, which of its steps areas block.
        upright: The same for upright lines.
        led_x: Upright lines that other ways were led along.
    """

    xs: list[float]
    ys: list[float]
    areas: list[Area]
    level: dict[int, set[int]]
    upright: dict[int, set[int]]
    led_x: set[float]
    led_y: set[float]


_Node = tuple[int, int, bool]
"""Numbers of an upright and a level line, and whether the way comes in level."""


def _shortest(grid: _Grid, start: _Node, goal: _Node) -> list[_Node]:
    """Return the nodes of the cheapest way: Dijkstra's algorithm, straight to the goal (A*)."""
    cost = {start: 0.0}
    before: dict[_Node, _Node] = {}
    goal_x, goal_y = grid.xs[goal[0]], grid.ys[goal[1]]
    queue = [(0.0, 0.0, start)]
    while queue:
        _, so_far, node = heappop(queue)
        if node == goal:
            way = [node]
            while node != start:
                node = before[node]
                way.append(node)
            return way[::-1]
        if so_far > cost[node]:
            continue
        for other, length in _steps(grid, node):
            if so_far + length < cost.get(other, 1e12):
                cost[other] = so_far + length
                before[other] = node
                left = abs(grid.xs[other[0]] - goal_x) + abs(grid.ys[other[1]] - goal_y)
                heappush(queue, (so_far + length + left, so_far + length, other))
    return []


def _steps(grid: _Grid, node: _Node) -> Iterator[tuple[_Node, float]]:
    i, j, level = node
    yield (i, j, not level), _BEND
    blocked = _blocked(grid, node)
    for step in (-1, 1):
        if level and 0 <= i + step < len(grid.xs) and min(i, i + step) not in blocked:
            times = _AGAIN if grid.ys[j] in grid.led_y else 1
            yield (i + step, j, level), abs(grid.xs[i + step] - grid.xs[i]) * times
        if not level and 0 <= j + step < len(grid.ys) and min(j, j + step) not in blocked:
            times = _AGAIN if grid.xs[i] in grid.led_x else 1
            yield (i, j + step, level), abs(grid.ys[j + step] - grid.ys[j]) * times


def _block(grid: _Grid, row: int, left: float, right: float) -> None:
    """Block the steps of a level line between two places."""
    begin = max(bisect_right(grid.xs, left) - 1, 0)
    _blocked(grid, (0, row, True)).update(range(begin, bisect_left(grid.xs, right)))


def _blocked(grid: _Grid, node: _Node) -> set[int]:
    """Return which steps areas block on the line that a node's way comes in on."""
    i, j, level = node
    known, at = (grid.level, j) if level else (grid.upright, i)
    if at not in known:
        blocked: set[int] = set()
        known[at] = blocked
        line = grid.ys[j] if level else grid.xs[i]
        along_line = grid.xs if level else grid.ys
        beside, above = (STUB, _ABOVE) if level else (_ABOVE, STUB)
        for left, top, right, bottom in grid.areas:
            low, high, first, last = (
                (top, bottom, left, right) if level else (left, right, top, bottom)
            )
            if low - above < line < high + above:
                begin = max(bisect_right(along_line, first - beside) - 1, 0)
                blocked.update(range(begin, bisect_left(along_line, last + beside)))
    return known[at]


def _is_level_blocked(areas: Sequence[Area], y: float, left: float, right: float) -> bool:
    return any(
        area.top - _ABOVE < y < area.bottom + _ABOVE
        and area.left - STUB < right
        and left < area.right + STUB
        for area in areas
    )


def _is_upright_blocked(areas: Sequence[Area], x: float, top: float, bottom: float) -> bool:
    return any(
        area.left - STUB < x < area.right + STUB
        and area.top - _ABOVE < bottom
        and top < area.bottom + _ABOVE
        for area in areas
    )


def _without_straight(points: Sequence[Point]) -> list[Point]:
    """Return the corners among the points of a way of level and upright runs."""
    kept = [points[0]]
    for point, after in pairwise(points[1:]):
        before = kept[-1]
        straight = (before[0] == point[0] == after[0]) or (before[1] == point[1] == after[1])
        if point != before and not straight:
            kept.append(point)
    return [*kept, points[-1]]


def _middle(way: Sequence[Point]) -> Point:
    """Return the middle of a way's longest run."""
    a, b = max(
        pairwise(way), key=lambda run: abs(run[0][0] - run[1][0]) + abs(run[0][1] - run[1][1])
    )
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
