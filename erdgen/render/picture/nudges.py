"""Ways around cards in, the same ways out with runs of their own: none on top of a stranger's.

Ways that were found one by one run along the same cards. Runs that lie side by side are put into
an order in which they cross little, and moved apart within the room that the cards leave them
(nudging; Wybrow, Marriott and Stuckey 2009, "Orthogonal connector routing", section 4). Lines out
of one row share their runs as far as they go the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from erdgen.render.picture.places import LANE, Area, Point, grow
from erdgen.render.picture.runs import Run, neighbours, order_runs

ABOVE = 12
"""How near level runs come to cards."""
_MARK, _HIGH = 20, 7
"""How far an end's mark reaches out of its card, and above and below its line."""
_APART = (12.0, LANE, 5.0, 3.0, 1.0)
"""Between runs, the more the better."""
_ENOUGH = 5
_LONGER = 10
"""How much longer runs may become when those that they lead to are moved."""
_ROOMS = (LANE, 16, 32, 64)
"""Where runs come too near one another, an order that follows the cards more counts for more."""
_REACH = 60
"""Runs further apart than twice that keep their order."""
_NARROW = 140
"""Width of a gap that runs stand in the middle of; in wider ones they keep near their cards."""
_FAR = 10000.0
"""Beyond all cards."""


class _Part(NamedTuple):
    """A run that may be moved across its direction.

    Attributes:
        members: Which runs: (number of the way, number of its corner).
        run: Where others meet it, as in a channel.
        at: Where it is.
        limits: Between which it may be.
    """

    members: tuple[tuple[int, int], ...]
    run: Run
    at: float
    limits: tuple[float, float]


def nudge(
    ways: Mapping[int, Sequence[Point]],
    cards: Sequence[Area],
    ends: Sequence[tuple[Point, int]],
    loops: Sequence[Area] = (),
    words: Sequence[Area] = (),
) -> dict[int, list[Point]]:
    """Return the ways with their runs moved apart.

    Args:
        ways: The corners of each, ends included; they begin and end level, and the ends stay.
        cards: What no run comes near to.
        ends: Where lines meet cards and to which side they leave; marks stand there.
        loops: Where self-references run, beside their cards.
        words: Where their words stand, which no run comes near to where there is room.
    """
    result = {number: list(way) for number, way in ways.items()}
    areas = [*(grow(card, ABOVE) for card in cards), *loops]
    for (x, y), side in ends:
        out = x + side * _MARK
        areas.append(Area(min(x, out), y - _HIGH, max(x, out), y + _HIGH))
    turned = [_turned(area) for area in areas]
    words_turned = [_turned(area) for area in words]
    for _ in range(2):
        _move(result, 0, areas, words)
        _move(result, 1, turned, words_turned)
    _move(result, 0, areas, words)
    return result


def _turned(area: Area) -> Area:
    return Area(area.top, area.left, area.bottom, area.right)


def _move(
    ways: dict[int, list[Point]], axis: int, areas: Sequence[Area], words: Sequence[Area]
) -> None:
    """Move the upright runs (axis 0) or the level ones (axis 1) of the ways apart."""
    parts = _parts(ways, axis, areas, words)
    near = _neighbours(parts)
    for group in _groups(near):
        runs = [parts[n].run for n in group]
        limits = [
            (max(low, at - _REACH), min(high, at + _REACH))
            for _, _, at, (low, high) in (parts[n] for n in group)
        ]
        best: list[tuple[int, float]] = []
        most = -1.0
        for room in _ROOMS:
            order = [group[at] for at in order_runs(runs, limits, room)]
            apart, places = _spread(parts, order, near)
            if apart > most:
                best, most = list(zip(order, places, strict=True)), apart
            if apart >= _ENOUGH:
                break
        for part, at in ((parts[n], at) for n, at in best):
            for number, corner in part.members:
                way = ways[number]
                for n in (corner, corner + 1):
                    x, y = way[n]
                    way[n] = (at, y) if axis == 0 else (x, at)


def _parts(
    ways: Mapping[int, Sequence[Point]], axis: int, areas: Sequence[Area], words: Sequence[Area]
) -> list[_Part]:
    trunks: dict[tuple[Point, ...], list[tuple[int, int]]] = {}
    shared: dict[tuple[Point, ...], int] = {}
    found = [
        (number, corner)
        for number, way in ways.items()
        for corner in range(1 + axis, len(way) - 2, 2)
    ]
    for number, corner in found:
        for key in _keys(ways[number], corner):
            shared[key] = shared.get(key, 0) + 1
    for number, corner in found:
        first, last = _keys(ways[number], corner)
        key = first if shared[first] > 1 else last if shared[last] > 1 else (*first, *last)
        trunks.setdefault(key, []).append((number, corner))
    parts = []
    for members in trunks.values():
        number, corner = members[0]
        at = ways[number][corner][axis]
        before: set[float] = set()
        after: set[float] = set()
        for number, corner in members:
            way = ways[number]
            for inner, outer in ((corner, corner - 1), (corner + 1, corner + 2)):
                (before if way[outer][axis] < at else after).add(way[inner][1 - axis])
        low, high = min(before | after), max(before | after)
        run = Run(
            tuple(n for n, _ in members),
            tuple(sorted(before)),
            tuple(sorted(after)),
            low - _LONGER,
            high + _LONGER,
        )
        limits = _limits(at, low, high, areas)
        if words:
            beside = _limits(at, low, high, words)
            narrow = max(limits[0], beside[0]), min(limits[1], beside[1])
            # where there is no room, the words move
            limits = narrow if narrow[0] <= narrow[1] else limits
        parts.append(_Part(tuple(members), run, at, limits))
    return parts


def _keys(way: Sequence[Point], corner: int) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Return what ways have in common that share a run: how they come to it from either end."""
    return tuple(way[: corner + 1]), tuple(way[:corner:-1])


def _limits(at: float, low: float, high: float, areas: Sequence[Area]) -> tuple[float, float]:
    """Return between which heights, or how far left and right, a run is free of cards."""
    first, last = -_FAR, _FAR
    for left, top, right, bottom in areas:
        if top < high and low < bottom:
            if (left + right) / 2 < at:
                first = max(first, right)
            else:
                last = min(last, left)
    if first <= last:
        return first, last
    return min(first, at), max(last, at)


def _neighbours(parts: Sequence[_Part]) -> list[set[int]]:
    """Return for each run those that may come near it."""
    return [
        {b for b in found if _may_meet(one.limits, parts[b].limits)}
        for one, found in zip(parts, neighbours([part.run for part in parts]), strict=True)
    ]


def _groups(near: Sequence[set[int]]) -> list[list[int]]:
    """Return the runs that may come near one another, directly or by others, together."""
    groups: list[list[int]] = []
    seen: set[int] = set()
    for first in range(len(near)):
        if first in seen:
            continue
        seen.add(first)
        group = [first]
        for one in group:
            fresh = near[one] - seen
            seen |= fresh
            group += sorted(fresh)
        groups.append(sorted(group))
    return groups


def _may_meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Return whether runs within these limits may come near each other."""
    return one[0] < other[1] + LANE and other[0] < one[1] + LANE


def _spread(
    parts: Sequence[_Part], order: Sequence[int], near: Sequence[set[int]]
) -> tuple[float, list[float]]:
    """Return how far apart runs stand at least, and where, in their order."""
    count = len(order)
    rank = {n: at for at, n in enumerate(order)}
    after = [sorted(rank[b] for b in near[n] if rank[b] > rank[n]) for n in order]
    apart = [0] * count
    free = True
    while True:
        steps = [_APART[at] for at in apart]
        least = [parts[n].limits[0] for n in order]
        most = [parts[n].limits[1] for n in order]
        for a in range(count):
            for b in after[a]:
                least[b] = max(least[b], least[a] + min(steps[a], steps[b]))
        for a in range(count - 1, -1, -1):
            most[a] = min([most[a], *(most[b] - min(steps[a], steps[b]) for b in after[a])])
        # in a row of runs with too little room, none has any
        tight = [a for a in range(count) if least[a] > most[a] + 1e-6]
        if not tight:
            break
        if all(apart[a] == len(_APART) - 1 for a in tight):
            free = False
            after = [
                [b for b in found if a not in tight or b not in tight]
                for a, found in enumerate(after)
            ]
        for a in tight:
            apart[a] = min(apart[a] + 1, len(_APART) - 1)
    result = []
    for a in range(count):
        part = parts[order[a]]
        first, last = part.limits
        wish = (least[a] + most[a]) / 2 if last - first <= _NARROW else part.at
        at = min(max(wish, least[a]), most[a])
        result.append(at)
        for b in after[a]:
            least[b] = max(least[b], at + min(steps[a], steps[b]))
    return _APART[max(apart)] if free else 0.0, result
