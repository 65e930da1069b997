"""Ways in, out those whose runs come so near a stranger's that a reader cannot tell them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from erdgen.render.picture.places import Point

_NEAR = 4.0
"""Runs nearer than that are hard to tell apart."""
_SHORT = 3.0
"""How long runs lie side by side at least to be looked at."""

_Run = tuple[float, float, float, int]
"""Where a run is across its direction, where it begins and ends along it, and whose it is."""


def find_crowded(
    ways: Mapping[int, Sequence[Point]], loops: Sequence[tuple[float, float, float]] = ()
) -> list[tuple[float, int, int]]:
    """Return how near ways that have no end in common run side by side, the nearest first.

    Those that are not too near are left out.

    Args:
        ways: The corners of each, ends included.
        loops: The upright runs of self-references, as (x, top, bottom); whose they are is not
            told: -1.

    >>> find_crowded({0: [(0, 0), (50, 0)], 1: [(10, 2), (90, 2)], 2: [(0, 9), (90, 9)]})
    [(2, 0, 1)]
    """
    found: dict[tuple[int, int], float] = {}
    for axis in (0, 1):
        runs: list[_Run] = []
        for number, way in ways.items():
            for one, other in pairwise(way):
                if one[axis] == other[axis] and one != other:
                    low, high = sorted((one[1 - axis], other[1 - axis]))
                    runs.append((one[axis], low, high, number))
        if axis == 0:
            runs += [(x, top, bottom, -1) for x, top, bottom in loops]
        runs.sort()
        for at, (place, low, high, one_way) in enumerate(runs):
            for after in range(at + 1, len(runs)):
                place_after, low_after, high_after, other_way = runs[after]
                if place_after - place >= _NEAR:
                    break
                beside = min(high, high_after) - max(low, low_after) > _SHORT
                if beside and one_way != other_way and not _share_an_end(ways, one_way, other_way):
                    pair = min(one_way, other_way), max(one_way, other_way)
                    found[pair] = min(found.get(pair, _NEAR), place_after - place)
    return sorted((apart, *pair) for pair, apart in found.items())


def crowding(crowded: Sequence[tuple[float, int, int]]) -> float:
    """Return how much harm is in what `find_crowded` found; what lies on one another counts most.

    >>> crowding([(0, 0, 1), (2, 0, 2)])
    20.0
    """
    return sum((_NEAR - apart) ** 2 for apart, _, _ in crowded)


def _share_an_end(ways: Mapping[int, Sequence[Point]], one: int, other: int) -> bool:
    if min(one, other) < 0:
        return False
    ends = {ways[other][0], ways[other][-1]}
    return ways[one][0] in ends or ways[one][-1] in ends
