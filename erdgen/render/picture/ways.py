"""Places in, the ways of the lines out: where they meet cards, how they run, where words stand.

The page grows where a way or its words would leave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from erdgen.model.relationships import Relationship
from erdgen.render.picture.ends import place_ends
from erdgen.render.picture.extents import curve_reach, is_within
from erdgen.render.picture.places import (
    Area,
    Places,
    Point,
    Sheet,
    TieEnd,
    shift_places,
)
from erdgen.render.picture.straight import meet_level, straighten
from erdgen.render.picture.tracks import lay_tracks

_SLACK = 12
"""How far ways and words may reach into the margin around a picture."""


class Ways(NamedTuple):
    """Where everything stands and runs.

    Attributes:
        places: Its routes are how the lines run.
        meets: Where each line meets its left and its right card.
        others: Where the references' stubs meet their cards.
    """

    places: Places
    meets: tuple[tuple[Point, Point], ...]
    others: tuple[Point, ...]


def run_lines(
    relationships: Sequence[Relationship],
    sheet: Sheet,
    places: Places,
    slots: Sequence[tuple[TieEnd, int]],
    notation: str | None,
) -> Ways:
    """Return how the lines run between cards that stand.

    Args:
        relationships: What the sheet's ties are.
        sheet: The cards and ties.
        places: Where the cards stand, from (0, 0), and Graphviz's curves.
        slots: Where references stand: at which row, to which side.
        notation: Which marks stand at the ends.
    """
    meets, others = place_ends(
        relationships, sheet.ties, places, sheet.cards, slots, notation=notation
    )
    places, moved = straighten(sheet, places, meets)
    meets = [
        ((a, b + moved[tie.left.card]), (c, d + moved[tie.right.card]))
        for tie, ((a, b), (c, d)) in zip(sheet.ties, meets, strict=True)
    ]
    others = [(x, y + moved[end.card]) for (x, y), (end, _) in zip(others, slots, strict=True)]
    routes = lay_tracks(sheet, places, meet_level(sheet, places, meets))
    # a line that saves a corner meets its card a little beside its slot
    meets = [
        (route.points[0], route.points[-1]) if route.corners else meet
        for route, meet in zip(routes, meets, strict=True)
    ]
    if not all(route.corners or tie.loop for tie, route in zip(sheet.ties, routes, strict=True)):
        # few lines are curves: start-up time
        from erdgen.render.picture.detours import make_detours

        routes = make_detours(sheet, places, meets, routes)
    if any(route.label for route in routes):
        # only for words beside lines: start-up time
        from erdgen.render.picture.label_spots import free_labels

        routes = free_labels(sheet, places, meets, routes)
    led = places._replace(routes=tuple(routes))
    return _grown(sheet, Ways(led, tuple(meets), tuple(others)))


def _grown(sheet: Sheet, ways: Ways) -> Ways:
    """Return the ways on a page that is large enough for them."""
    page = Area(0.0, 0.0, ways.places.width, ways.places.height)
    xs, ys = [page.left, page.right], [page.top, page.bottom]
    for tie, route in zip(sheet.ties, ways.places.routes, strict=True):
        if not is_within(page, route.points):
            if route.corners or tie.loop:
                xs += [x for x, _ in route.points]
                ys += [y for _, y in route.points]
            else:
                a, b, c, d = curve_reach(route.points)
                xs += [a, b]
                ys += [c, d]
        if route.label:
            (x, y), (width, height) = route.label, tie.label
            xs += [x - width / 2, x + width / 2]
            ys += [y - height / 2, y + height / 2]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    dx, dy = ceil(max(-left - _SLACK, 0)), ceil(max(-top - _SLACK, 0))
    places = ways.places._replace(
        width=max(ways.places.width, ceil(right) - _SLACK) + dx,
        height=max(ways.places.height, ceil(bottom) - _SLACK) + dy,
    )
    return shift_ways(ways._replace(places=places), dx, dy)


def shift_ways(ways: Ways, dx: float, dy: float) -> Ways:
    """Return everything moved to the right and down."""
    if not dx and not dy:
        return ways
    return Ways(
        shift_places(ways.places, dx, dy),
        tuple(((a + dx, b + dy), (c + dx, d + dy)) for (a, b), (c, d) in ways.meets),
        tuple((x + dx, y + dy) for x, y in ways.others),
    )
