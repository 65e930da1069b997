"""Items of a column with wishes and distances in, the places nearest to the wishes out."""

from __future__ import annotations

Wish = tuple[int, int]
"""A wished place and its weight."""


def settle(gaps: list[int], wishes: list[list[Wish]], now: list[int]) -> list[int]:
    """Return places in order that keep the distances and miss the wishes by least (L1).

    Isotonic regression by pooling adjacent violators, each pool standing at the weighted median
    of its items' wishes (Best and Chakravarti 1990).

    Args:
        gaps: Least distance of each item's place from the one before it; the first is ignored.
        wishes: For each item where it wants to stand.
        now: Where each item stands; it decides among equally good places, and for items that
            have no wish.

    Postcondition: place[i] - place[i - 1] >= gaps[i].

    >>> settle([0, 3, 3], [[(5, 1)], [(5, 2)], [(20, 1)]], [5, 5, 20])
    [2, 5, 20]
    """
    offset = 0
    starts: list[int] = []
    places: list[int] = []
    pools: list[list[Wish]] = []
    weights: list[int] = []
    offsets: list[int] = []
    for index, wish in enumerate(wishes):
        if index:
            offset += gaps[index]
        offsets.append(offset)
        here = now[index] - offset
        if len(wish) > 1:
            pool = [(place - offset, weight * 16) for place, weight in wish]
            pool.append((here, 1))
            weight = 1
            for _, each in wish:
                weight += each * 16
            place = _median(pool, weight)
        elif wish:  # outweighs where the item stands
            place, weight = wish[0]
            place -= offset
            weight *= 16
            pool = [(place, weight), (here, 1)]
            weight += 1
        else:
            place, weight = here, 1
            pool = [(here, 1)]
        first = index
        while places and places[-1] > place:
            pool += pools.pop()
            weight += weights.pop()
            first = starts.pop()
            places.pop()
            place = _median(pool, weight)
        pools.append(pool)
        weights.append(weight)
        places.append(place)
        starts.append(first)
    result: list[int] = []
    starts.append(len(wishes))
    for place, first, last in zip(places, starts, starts[1:], strict=False):
        result.extend([place + offset for offset in offsets[first:last]])
    return result


def _median(pool: list[Wish], total: int) -> int:
    pool.sort()
    run = 0
    for place, weight in pool:
        run += 2 * weight
        if run >= total:
            return place
    return pool[-1][0]


def clamp(gaps: list[int], places: list[int], sizes: list[int], limit: int) -> list[int]:
    """Return the places moved into 0..limit as far as the distances allow.

    >>> clamp([0, 3], [-2, 9], [2, 2], 8)
    [0, 6]
    """
    count = len(places)
    result = list(places)
    low = 0
    for index in range(count):
        if index:
            low += gaps[index]
        result[index] = max(result[index], low)
    high = limit
    for index in range(count - 1, -1, -1):
        top = limit - sizes[index] if index == count - 1 else high - gaps[index + 1]
        high = min(top, limit - sizes[index])
        result[index] = min(result[index], high)
    if count and result[0] < 0:
        result = [place - result[0] for place in result]
    return result
