"""Finished places in, level and upright lines out, each with a track of its own.

Where lines run right, Graphviz stands the cards in columns. Between two columns every line needs
at most one upright run; lines that share a trunk share it. The runs are ordered so that they
cross as little as they can and brought onto tracks (left-edge packing along that order, as in
channel routing; Sander 1996, "Layout of compound directed graphs", section 6). Past a column a
line keeps to the lane between two cards that Graphviz found for it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from math import floor

from erdgen.render.picture.lanes import BESIDE, Column, Line, part_lanes, take_lanes
from erdgen.render.picture.places import STUB, Frame, Places, Point, Route, Sheet
from erdgen.render.picture.runs import CLOSE, Run, find_meetings, neighbours, order_runs

_TRACK = 12.0
"""Between upright runs, where there is room."""
_CLOSEST = 4.0
"""The same where there is little."""
_MARK = 20.0
"""Beside a card, for end marks: no upright run comes nearer."""
_FINEST = 1 << 24
"""Of how many parts of a curve those before a place are counted."""


def lay_tracks(
    sheet: Sheet, places: Places, meets: Sequence[tuple[Point, Point]]
) -> tuple[Route, ...]:
    """Return the routes, those between columns as corners to be joined by straight runs.

    Args:
        sheet: What was arranged.
        places: Where it stands; pieces that are not in columns keep their curves.
        meets: Where each tie meets its left and its right card.
    """
    routes = list(places.routes)
    pieces: dict[int, list[int]] = {}
    for card, (piece, _) in enumerate(places.columns):
        if piece >= 0:
            pieces.setdefault(piece, []).append(card)
    ties: dict[int, list[int]] = {}
    for number, tie in enumerate(sheet.ties):
        ties.setdefault(places.columns[tie.left.card][0], []).append(number)
    for piece, cards in pieces.items():
        loops: list[int] = []
        mine: list[int] = []
        for number in ties.get(piece, ()):
            (loops if sheet.ties[number].loop else mine).append(number)
        columns = _columns(sheet, places, cards, mine, loops)
        if columns is None:
            continue
        lines = [
            line
            for number in mine
            if (line := _line(places, number, meets[number], columns)) is not None
        ]
        take_lanes(columns, lines, sheet.ties, below=sheet.turned)
        tracks, meetings = _take_tracks(columns, lines, places.frames)
        if meetings and part_lanes(columns, lines, meetings):
            tracks, _ = _take_tracks(columns, lines, places.frames)
        for line in lines:
            number, height = line.number, sheet.ties[line.number].label[1]
            # where lines run down, words stand to the right of them
            beside = (height / 2 + BESIDE) * (1 if sheet.turned else -1)
            routes[number] = _corners(line, tracks, meets[number], routes[number], beside)
    return tuple(routes)


# --- columns -------------------------------------------------------------------------------------


def _columns(
    sheet: Sheet, places: Places, cards: Sequence[int], ties: Sequence[int], loops: Sequence[int]
) -> list[Column] | None:
    """Return a piece's columns from left to right; None if some stand beside one another."""
    reaches: dict[int, float] = {}
    for number in loops:
        tie, route = sheet.ties[number], places.routes[number]
        card = tie.left.card
        out = max(x for x, _ in route.points) - places.cards[card][0] - sheet.cards[card].width
        wide = tie.label[0] + 4 if route.label else 0
        reaches[card] = max(reaches.get(card, 0), out + CLOSE + wide)
    found: dict[int, list[tuple[float, float, float, float]]] = {}
    for card in cards:
        (x, y), (left, right) = places.cards[card], sheet.wings.get(card, (0, 0))
        reach = reaches.get(card, 0.0)
        wide, high = sheet.cards[card].width, sheet.cards[card].height
        found.setdefault(places.columns[card][1], []).append(
            (x - max(left, _MARK), x + wide + max(right, _MARK, reach), y, y + high)
        )
    labels: dict[int, list[tuple[float, float, float, float]]] = {}
    for number in ties:
        label, (wide, high) = places.routes[number].label, sheet.ties[number].label
        if label:
            x, y = label
            labels.setdefault(round(x / STUB), []).append(
                (x - wide / 2, x + wide / 2, y - high / 2, y + high / 2)
            )
    columns = sorted(
        [
            *(_column(group) for group in found.values()),
            *(_column(group)._replace(blocks=()) for group in labels.values()),
        ]
    )
    joined: list[Column] = []
    for column in columns:
        before = joined[-1] if joined else column
        if column.left >= before.right or column is before:
            joined.append(column)
        elif column.blocks and before.blocks:
            return None
        else:
            # a long line's label may stand in a column of cards
            first = before if before.blocks else column
            joined[-1] = first._replace(left=before.left, right=max(before.right, column.right))
    return joined


def _column(group: Sequence[tuple[float, float, float, float]]) -> Column:
    left, right = min(item[0] for item in group), max(item[1] for item in group)
    return Column(
        left, right, (left + right) / 2, tuple(sorted((item[2], item[3]) for item in group))
    )


def _line(
    places: Places,
    number: int,
    meets: tuple[Point, Point],
    columns: Sequence[Column],
) -> Line | None:
    """Return a tie as Graphviz laid it; None if it does not run from a right to a left side."""
    route = places.routes[number]
    if route.left_side == route.right_side:
        return None
    turned = route.left_side < 0
    (start, level), (end, last) = meets[::-1] if turned else meets
    points = route.points[::-1] if turned else route.points
    first, final = _column_at(columns, start), _column_at(columns, end)
    if first < 0 or final <= first:
        return None
    between = [level_at(points, item.middle) for item in columns[first + 1 : final]]
    label = -1
    if route.label:
        label = _column_at(columns, route.label[0])
        if not first < label < final:
            return None
    return Line(number, first, [level, *between, last], turned, label)


def _column_at(columns: Sequence[Column], x: float) -> int:
    """Return the number of the column within which x lies, or -1."""
    at = bisect_left(columns, x, key=lambda item: item.left) - 1
    return at if at >= 0 and x < columns[at].right else -1


def level_at(points: Sequence[Point], x: float) -> float:
    """Return a curve's height at x: curves between columns never run back far."""
    for at in range(0, len(points) - 1, 3):
        curve = points[at : at + 4]
        if x <= curve[3][0] or at + 4 >= len(points):
            break
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = curve
    return _on_curve(ay, by, cy, dy, part_at(ax, bx, cx, dx, x))


def _on_curve(a: float, b: float, c: float, d: float, t: float) -> float:
    u = 1 - t
    return u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d


def part_at(a: float, b: float, c: float, d: float, x: float) -> float:
    """Return how much of a cubic curve lies before x, rounded down to 24 binary digits.

    Halving finds that, in 24 steps. A few of Newton's method do the same where the curve runs right
    all the way: large pictures spend their time here.

    Args:
        a: Where the curve begins.
        b: Its first handle.
        c: Its second handle.
        d: Where it ends.
        x: A place between, or beyond an end for all or nothing of the curve.

    >>> round(part_at(0, 1, 2, 3, 1.5), 6)
    0.5
    """
    low, high = 0.0, 1.0
    if a < b <= c < d and a < x < d:
        one, two, three = 3 * (b - a), 3 * (a - 2 * b + c), d - a + 3 * (b - c)
        t = (x - a) / (d - a)
        for _ in range(4):
            slope = (3 * three * t + 2 * two) * t + one
            t -= (((three * t + two) * t + one) * t + a - x) / (slope or 1)
        low = floor(t * _FINEST) / _FINEST if 0 < t < 1 else 0.0
        if _on_curve(a, b, c, d, low) < x <= _on_curve(a, b, c, d, low + 1 / _FINEST):
            return low
        low = 0.0
    while high - low > 1 / _FINEST:
        t = (low + high) / 2
        if _on_curve(a, b, c, d, t) < x:
            low = t
        else:
            high = t
    return low


# --- tracks between columns ----------------------------------------------------------------------


def _take_tracks(
    columns: Sequence[Column], lines: Sequence[Line], frames: Sequence[Frame]
) -> tuple[Mapping[tuple[int, int], float], list[tuple[int, float, float]]]:
    """Return where lines run upright, (channel, number of the line) -> x, and what lies on what.

    See `part_lanes` for the latter.
    """
    channels: dict[int, list[int]] = {}
    for index, line in enumerate(lines):
        for at in range(len(line.levels) - 1):
            channels.setdefault(line.first + at, []).append(index)
    result: dict[tuple[int, int], float] = {}
    meetings = []
    for channel, members in channels.items():
        steps = [
            (n, lines[n].levels[channel - lines[n].first : channel - lines[n].first + 2])
            for n in members
        ]
        runs = _runs(steps)
        runs = [runs[n] for n in order_runs(runs)]
        meetings += [(channel, left, right) for left, right in find_meetings(runs)]
        left, right = columns[channel].right, columns[channel + 1].left
        # on whole pixels lines are sharp, but close ones would come closer
        roomy = (right - left) / (len(runs) or 1) > _CLOSEST
        places = _spread(runs, left, right)
        if frames:
            _off_frames(places, runs, frames, (left, right))
        for run, x in zip(runs, places, strict=True):
            whole = floor(x) if roomy else x
            result |= {(channel, lines[n].number): whole for n in run.members}
    return result, meetings


def _runs(steps: Sequence[tuple[int, Sequence[float]]]) -> list[Run]:
    """Return a channel's upright runs: lines from one trunk, or into one, share theirs."""
    from_left: dict[float, list[int]] = {}
    into_right: dict[float, list[int]] = {}
    bent = [(n, left, right) for n, (left, right) in steps if abs(left - right) > 0.5]
    for n, left, right in bent:
        from_left.setdefault(left, []).append(n)
        into_right.setdefault(right, []).append(n)
    trunks: dict[tuple[int, float], list[tuple[int, float, float]]] = {}
    comes_from = {n: left for n, left, _ in bent}
    for n, left, right in bent:
        # never both, or a line could be followed from one trunk into the other
        merges = len(from_left[left]) == 1 and all(
            len(from_left[comes_from[m]]) == 1 for m in into_right[right]
        )
        key = (1, right) if merges else (0, left)
        trunks.setdefault(key, []).append((n, left, right))
    result = []
    for members in trunks.values():
        lefts = tuple(sorted({left for _, left, _ in members}))
        rights = tuple(sorted({right for _, _, right in members}))
        low, high = min(lefts[0], rights[0]), max(lefts[-1], rights[-1])
        result.append(Run(tuple(n for n, _, _ in members), lefts, rights, low, high))
    return result


def _spread(runs: Sequence[Run], left: float, right: float) -> list[float]:
    """Return an x for each run: as many tracks as overlap asks for, in the channel's middle."""
    near = neighbours(runs)
    from_left, from_right = [0] * len(runs), [0] * len(runs)
    for at, found in enumerate(near):
        from_left[at] = max((from_left[other] + 1 for other in found if other < at), default=0)
    count = max(from_left, default=0) + 1
    for at in range(len(runs) - 1, -1, -1):
        last = (from_right[other] - 1 for other in near[at] if other > at)
        from_right[at] = min(last, default=count - 1)
    step = min(_TRACK, (right - left) / count)
    first = (left + right) / 2 - step * (count - 1) / 2
    return [
        first + step * (low + high) / 2 for low, high in zip(from_left, from_right, strict=True)
    ]


def _off_frames(
    places: list[float], runs: Sequence[Run], frames: Sequence[Frame], limits: tuple[float, float]
) -> None:
    """Move runs a little that would lie on the upright edge of a group's frame.

    Args:
        places: Where they are; changed.
        runs: What they are.
        frames: Those of the picture.
        limits: Between what they stay.
    """
    near = neighbours(runs)
    edges = [
        (edge, frame.y, frame.y + frame.height)
        for frame in frames
        for edge in (frame.x, frame.x + frame.width)
    ]
    for at, run in enumerate(runs):
        others = [places[other] for other in near[at]]
        for edge, top, bottom in edges:
            x = places[at]
            if abs(x - edge) >= CLOSE or run.high < top or run.low > bottom:
                continue
            sides = sorted((edge - CLOSE, edge + CLOSE), key=lambda to: abs(to - x))
            for moved in sides:
                free = all(abs(moved - other) >= _CLOSEST for other in others)
                if free and limits[0] <= moved <= limits[1]:
                    places[at] = moved
                    break


# --- corners -------------------------------------------------------------------------------------


def _corners(
    line: Line,
    tracks: Mapping[tuple[int, int], float],
    meets: tuple[Point, Point],
    route: Route,
    beside: float,
) -> Route:
    """Return the route of a line: so far `beside` it is the middle of its label."""
    start, end = meets[::-1] if line.turned else meets
    points = [start]
    for at, (level, following) in enumerate(zip(line.levels, line.levels[1:], strict=False)):
        x = tracks.get((line.first + at, line.number))
        if x is not None:
            points += [(x, level), (x, following)]
    points.append(end)
    label = route.label
    if label is not None:
        level = line.levels[line.label - line.first]
        label = (label[0], level + beside)
    way = tuple(points[::-1] if line.turned else points)
    return route._replace(points=way, label=label, corners=True)
