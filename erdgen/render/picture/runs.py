"""Upright runs of one channel in, their order from left to right out: they cross little in it."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

from erdgen.render.picture.places import LANE

CLOSE = 5.0
"""Level runs nearer than that are taken for one."""
_ON_TOP, _AT_ONE, _CROSSING, _FORCED = 200, 20, 1, 1000
"""What it costs that level runs lie on one another, nearly do, or cross an upright one."""
_TOUCH = 2.0
"""Level runs nearer than that lie on one another."""
_APART = 4.0
"""Level runs nearer than that are hard to tell apart."""


class Run(NamedTuple):
    """An upright run in a channel, for one line or a trunk of several.

    Attributes:
        members: The numbers of the lines.
        lefts: Where lines come in from the left.
        rights: Where they go out to the right.
    """

    members: tuple[int, ...]
    lefts: tuple[float, ...]
    rights: tuple[float, ...]
    low: float
    high: float


def _cost(one: Run, other: Run) -> int:
    """Return what it costs to have a run to the left of another that it overlaps."""
    cost = 0
    for right in one.rights:
        if other.low - CLOSE < right < other.high + CLOSE:
            cost += _CROSSING
        for left in other.lefts:
            if abs(left - right) < CLOSE:
                cost += _AT_ONE if abs(left - right) >= _TOUCH else _ON_TOP
    for left in other.lefts:
        if one.low - CLOSE < left < one.high + CLOSE:
            cost += _CROSSING
    return cost


def find_meetings(runs: Sequence[Run]) -> list[tuple[float, float]]:
    """Return the heights of level runs that lie on one another, or nearly: from the left, and out.

    Args:
        runs: Those of one channel, from left to right.

    >>> one, other = Run((0,), (5,), (30,), 5, 30), Run((1,), (31,), (60,), 31, 60)
    >>> find_meetings([one, other]), find_meetings([other, one])
    ([(31, 30)], [])
    """
    found = []
    out: list[float] = []
    for run in runs:
        for left in run.lefts:
            at = bisect_left(out, left - _APART)
            while at < len(out) and out[at] < left + _APART:
                if out[at] not in run.rights:
                    found.append((left, out[at]))
                at += 1
        for right in run.rights:
            insort(out, right)
    return found


def order_runs(
    runs: Sequence[Run], limits: Sequence[tuple[float, float]] = (), room: float = LANE
) -> list[int]:
    """Return runs from left to right, so that they cross little: greedily, then by exchanging.

    Args:
        runs: Those of one channel.
        limits: Between what each has to stand, if that differs.
        room: What two runs need between the limit of one and that of the other.
    """
    gain = [[0] * len(runs) for _ in runs]
    near = neighbours(runs)
    for a, found in enumerate(near):
        for b in found:
            if a < b:
                difference = _cost(runs[a], runs[b]) - _cost(runs[b], runs[a])
                if limits:
                    difference += _FORCED * (
                        (limits[a][0] + room > limits[b][1]) - (limits[b][0] + room > limits[a][1])
                    )
                gain[a][b], gain[b][a] = difference, -difference
    rest = sorted(range(len(runs)), key=lambda n: (runs[n].low, runs[n].high))
    order: list[int] = []
    sums = [sum(row) for row in gain]
    while rest:
        first = min(rest, key=lambda n: sums[n])
        rest.remove(first)
        order.append(first)
        for other in rest:
            sums[other] -= gain[other][first]
    moved = True
    while moved:
        moved = False
        for at in range(len(runs) - 1):
            a, b = order[at], order[at + 1]
            if gain[a][b] > 0:
                order[at], order[at + 1] = b, a
                moved = True
    return _compact(near, _sift(order, gain) if limits else order, gain)


def _compact(
    near: Sequence[Sequence[int]], order: Sequence[int], gain: Sequence[Sequence[int]]
) -> list[int]:
    """Return an order that costs as much and takes fewer tracks: each run on the first free one.

    Runs that overlap may change places where that costs nothing, as those of a chain may.
    """
    tracks: dict[int, int] = {}
    for run in order:
        before = [other for other in near[run] if other in tracks]
        # an order that costs less than the other way round is kept
        least = max((tracks[other] + 1 for other in before if gain[other][run] < 0), default=0)
        taken = {tracks[other] for other in before}
        tracks[run] = next(at for at in count(least) if at not in taken)
    return sorted(order, key=lambda run: tracks[run])


def _sift(order: list[int], gain: Sequence[Sequence[int]]) -> list[int]:
    """Return an order, each run moved to where it costs least among the others (sifting)."""
    for run in sorted(order):
        at = order.index(run)
        saved, best, place = 0, 0, at
        for to in range(at - 1, -1, -1):
            saved += gain[order[to]][run]
            if saved > best:
                best, place = saved, to
        saved = 0
        for to in range(at + 1, len(order)):
            saved += gain[run][order[to]]
            if saved > best:
                best, place = saved, to
        if place != at:
            order.insert(place, order.pop(at))
    return order


def neighbours(runs: Sequence[Run]) -> list[list[int]]:
    """Return for each run those that would touch it if they stood at one place, by sweeping.

    >>> neighbours([Run((), (), (), low, low + 10) for low in (0, 40, 15)])
    [[2], [], [0]]
    """
    result: list[list[int]] = [[] for _ in runs]
    open_ones: list[int] = []
    for a in sorted(range(len(runs)), key=lambda n: runs[n].low):
        open_ones = [b for b in open_ones if runs[a].low < runs[b].high + LANE]
        for b in open_ones:
            result[a].append(b)
            result[b].append(a)
        open_ones.append(a)
    return result
