"""Finished routes in, routes out whose labels cover neither cards nor lines nor one another.

A label that stands free stays where it is; another one tries places beside its own line, from the
middle outwards, and takes the first free one, or the one that covers least.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import dist, floor

from erdgen.render.picture.line_shapes import draw_curve, draw_loop
from erdgen.render.picture.places import Area, Places, Point, Route, Sheet, areas_meet
from erdgen.render.picture.scene import along

_CELL = 128
"""Side of the squares by which what is near is found."""
_TRIES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.12, 0.88)
"""Where along its line a label may stand, as parts of the line's length."""
_MORE = tuple((32 + (n // 2 if n % 2 else -n // 2)) / 64 for n in range(2, 64))
"""The same where all of these are taken: every 64th, from the middle on."""
_ON_CARD, _ON_LABEL, _ON_LINE = 100, 40, 10
_AIR = 3
"""Between a line and its label."""


def free_labels(
    sheet: Sheet, places: Places, meets: Sequence[tuple[Point, Point]], routes: Sequence[Route]
) -> tuple[Route, ...]:
    """Return the routes with their labels where they cover least.

    Args:
        sheet: The cards and ties, and how large labels are.
        places: Where the cards stand.
        meets: Where each line meets its left and its right card.
        routes: How each line runs.
    """
    result = list(routes)
    labelled = [number for number, route in enumerate(routes) if route.label]
    if not labelled:
        return tuple(routes)
    cards, lines, labels = _Near(), _Near(), _Near()
    for card, (x, y) in zip(sheet.cards, places.cards, strict=True):
        cards.add(Area(x, y, x + card.width, y + card.height))
    ways = []
    for tie, route, meet in zip(sheet.ties, routes, meets, strict=True):
        path = draw_loop(route, meet) if tie.loop else draw_curve(route, meet)
        ways.append(list(along(path, 12)))
        for (a, b), (c, d) in pairwise(ways[-1]):
            lines.add(Area(min(a, c), min(b, d), max(a, c), max(b, d)))

    def cost(area: Area) -> float:
        return (
            _ON_CARD * cards.count(area)
            + _ON_LABEL * labels.count(area)
            + _ON_LINE * lines.count(area)
        )

    # those that stand free keep their places
    waiting = []
    for number in labelled:
        area = _around(routes[number].label, sheet.ties[number].label)
        if cost(area):
            waiting.append(number)
        else:
            labels.add(area)
    for number in waiting:
        size = sheet.ties[number].label
        spots = [routes[number].label, *_spots(ways[number], size, _TRIES)]
        best = min(spots, key=lambda spot: cost(_around(spot, size)))
        if cost(_around(best, size)):
            spots = [best, *_spots(ways[number], size, _MORE)]
            best = min(spots, key=lambda spot: cost(_around(spot, size)))
        labels.add(_around(best, size))
        result[number] = result[number]._replace(label=best)
    return tuple(result)


class _Near:
    """Rectangles, found by the squares that they lie in."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[Area]] = {}

    def add(self, area: Area) -> None:
        for cell in _cells(area):
            self._cells.setdefault(cell, []).append(area)

    def count(self, area: Area) -> int:
        """Return how many of them an area touches."""
        return sum(
            areas_meet(other, area) for cell in _cells(area) for other in self._cells.get(cell, ())
        )


def _cells(area: Area) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = (floor(value / _CELL) for value in area)
    for x in range(left, right + 1):
        for y in range(top, bottom + 1):
            yield x, y


def _around(at: Point | None, size: tuple[int, int]) -> Area:
    """Return what a label's letters cover; its size has some air in it."""
    x, y = at or (0.0, 0.0)
    width, height = (size[0] - 8) / 2, (size[1] - 6) / 2
    return Area(x - width, y - height, x + width, y + height)


def _spots(way: Sequence[Point], size: tuple[int, int], tries: Sequence[float]) -> Iterator[Point]:
    """Yield where a label may stand beside its line: above and below, or right and left of it."""
    lengths = [dist(a, b) for a, b in pairwise(way)]
    for part in tries:
        left = sum(lengths) * part
        for (a, b), length in zip(pairwise(way), lengths, strict=True):
            if left <= length and length:
                x, y = a[0] + (b[0] - a[0]) * left / length, a[1] + (b[1] - a[1]) * left / length
                if abs(b[0] - a[0]) > abs(b[1] - a[1]):
                    out = (size[1] - 6) / 2 + _AIR
                    yield x, y - out
                    yield x, y + out
                else:
                    out = (size[0] - 8) / 2 + _AIR
                    yield x + out, y
                    yield x - out, y
                break
            left -= length
