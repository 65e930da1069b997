"""Rectangles in, their places on one page-shaped area out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

RATIO = 1.6
"""Width to height of a page that suits screens and slides."""
Size = tuple[float, float]
Spot = tuple[float, float]


def page(width: float, height: float) -> float:
    """Return the width of the smallest page of the ratio that holds a picture.

    >>> page(100, 100)
    160.0
    """
    return max(width, height * RATIO)


def page_on_its_side(width: float, height: float) -> float:
    """Return the same for a picture whose width and height are exchanged."""
    return page(height, width)


def pack(
    sizes: Sequence[Size], gap: float, cost: Callable[[float, float], float] = page
) -> tuple[list[Spot], float, float]:
    """Return a place for each rectangle, and the width and height that they take together.

    Skyline packing (bottom-left, tallest first; Jylänki 2010, "A thousand ways to pack the bin")
    tried with several widths; the one with the least cost wins.

    Args:
        sizes: Width and height of each.
        gap: Room between any two.
        cost: What a width and height are charged with: by default the size of the smallest page
            of the ratio that holds them.

    >>> pack([(100, 50), (100, 50)], 10)
    ([(0, 0.0), (0, 60.0)], 100, 110.0)
    """
    if not sizes:
        return [], 0.0, 0.0
    best: tuple[float, list[Spot], float, float] | None = None
    for spots, wide, high in packings(tuple(sizes), gap):
        size = cost(wide, high)
        if best is None or size < best[0] - 0.5:
            best = (size, spots, wide, high)
    assert best is not None  # noqa: S101 - there is at least one width
    return list(best[1]), best[2], best[3]


@lru_cache(4)
def packings(sizes: tuple[Size, ...], gap: float) -> tuple[tuple[list[Spot], float, float], ...]:
    """Return the places, width and height that each of several widths gives.

    What they cost is often asked again, in another way: they are kept.
    """
    order = sorted(range(len(sizes)), key=lambda n: (-sizes[n][1], n))
    widest = max(width for width, _ in sizes)
    area = sum((width + gap) * (height + gap) for width, height in sizes)
    side = (area * RATIO) ** 0.5
    found = []
    for limit in sorted({max(widest, side * step / 8) for step in range(2, 25)}):
        spots = _skyline(sizes, order, limit, gap)
        wide = max(x + sizes[n][0] for n, (x, _) in enumerate(spots))
        high = max(y + sizes[n][1] for n, (_, y) in enumerate(spots))
        found.append((spots, wide, high))
    return tuple(found)


def _skyline(sizes: Sequence[Size], order: Sequence[int], limit: float, gap: float) -> list[Spot]:
    spots: list[Spot] = [(0, 0)] * len(sizes)
    line: list[tuple[float, float, float]] = [(0, limit + gap, 0)]  # from, to, height
    for number in order:
        width, height = sizes[number]
        x, y = _lowest(line, width + gap, limit + gap)
        spots[number] = (x, y)
        line = _raised(line, x, x + width + gap, y + height + gap)
    return spots


def _lowest(line: list[tuple[float, float, float]], width: float, limit: float) -> Spot:
    best: Spot | None = None
    for index, (start, _, _) in enumerate(line):
        if start + width > limit + 0.001:
            break
        y = 0.0
        for _, to, height in line[index:]:
            y = max(y, height)
            if to >= start + width:
                break
        if best is None or y < best[1]:
            best = (start, y)
    assert best is not None  # noqa: S101 - the first start is 0 and no width is above the limit
    return best


def _raised(
    line: list[tuple[float, float, float]], start: float, to: float, height: float
) -> list[tuple[float, float, float]]:
    result = []
    for a, b, level in line:
        if a < start:
            result.append((a, min(b, start), level))
    result.append((start, to, height))
    for a, b, level in line:
        if b > to:
            result.append((max(a, to), b, level))
    return result
