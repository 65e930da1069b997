"""Finished places in, places out where more lines run straight: cards moved by a few pixels.

Graphviz knows at which row a line ends, but not at which height of it, and where two of a card's
lines want two heights it takes neither. So many lines would step aside by a few pixels only,
which looks like a slip of the hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import floor
from typing import NamedTuple

from erdgen.render.picture.places import Places, Point, Sheet, TieEnd, move_route

_FAR, _FAR_IN_FRAME = 16, 8
"""How far a card may move: further, and a step no longer looks like a slip."""
_LESS, _LESS_IN_FRAME = 8, 4
"""How much nearer two cards may come to each other; other lines may run between them."""
_PART = 0.1
"""The same where they are far apart, as a part of their distance."""
_NEAR = 26
"""How near they may come at least."""
_BESIDE = 5.0
"""How far a line may meet its row beside the row's middle, if that makes it straight."""
_ON = 2.0
"""Lines nearer than that lie on one another."""
_SIDESTEP = 4.0
"""How far an end may move beside others, if two lines would lie on one another otherwise."""

Meets = Sequence[tuple[Point, Point]]


class _Room(NamedTuple):
    """How far a card may move.

    Attributes:
        far: In either direction.
        up: As far as its piece reaches, negative.
        above: The card above it in its column, and by how much the two may come nearer.
    """

    far: float
    up: float
    down: float
    above: tuple[int, float] | None
    below: tuple[int, float] | None


def straighten(sheet: Sheet, places: Places, meets: Meets) -> tuple[Places, list[int]]:
    """Return the places with cards moved up or down, and how far each was.

    Lines that are nearly level are taken one by one, the levellest first; what they tie together
    moves as one from then on.

    Args:
        sheet: What was arranged.
        places: Where it stands; only cards in columns are moved.
        meets: Where each tie meets its left and its right card.
    """
    moved = [0] * len(sheet.cards)
    rooms = _rooms(sheet, places)
    bodies = {card: [card] for card in rooms}
    steps = [
        (abs(left - right), number)
        for number, ((_, left), (_, right)) in enumerate(meets)
        if abs(left - right) <= _FAR and _runs_right(sheet, places, number)
    ]
    slack = _slack(sheet, places)
    pairs = Counter(_pair(sheet, number) for _, number in steps)
    for _, number in sorted(steps):
        tie, ((_, left), (_, right)) = sheet.ties[number], meets[number]
        one, other = bodies[tie.left.card], bodies[tie.right.card]
        if one is other:
            continue
        step = round(right + moved[tie.right.card] - left - moved[tie.left.card])
        if len(one) > len(other):
            one, other, step = other, one, -step
        # of several lines between two cards one would be straight at the others' cost
        if pairs[_pair(sheet, number)] > 1 and abs(step) <= sum(slack[number]):
            step = 0
        if step and not all(_may_move(card, step, one, moved, rooms) for card in one):
            one, other, step = other, one, -step
            if not all(_may_move(card, step, one, moved, rooms) for card in one):
                continue
        for card in one:
            moved[card] += step
            bodies[card] = other
        other += one
    if not any(moved):
        return places, moved
    routes = tuple(
        move_route(route, 0, moved[tie.left.card]) if tie.loop else route
        for tie, route in zip(sheet.ties, places.routes, strict=True)
    )
    cards = tuple((x, y + by) for (x, y), by in zip(places.cards, moved, strict=True))
    return places._replace(cards=cards, routes=routes), moved


def _runs_right(sheet: Sheet, places: Places, number: int) -> bool:
    tie, route = sheet.ties[number], places.routes[number]
    in_column = places.columns[tie.left.card][0] >= 0
    return in_column and not tie.loop and route.left_side != route.right_side


def _rooms(sheet: Sheet, places: Places) -> dict[int, _Room]:
    """Return for each card in a column how far it may move."""
    framed = {card for _, members in sheet.groups for card in members}
    columns: dict[tuple[int, int], list[int]] = {}
    reach: dict[int, tuple[float, float]] = {}
    for card, column in enumerate(places.columns):
        if column[0] >= 0:
            columns.setdefault(column, []).append(card)
            top, bottom = reach.get(column[0], (1e9, -1e9))
            y = places.cards[card][1]
            reach[column[0]] = min(top, y), max(bottom, y + sheet.cards[card].height)
    rooms = {}
    for (piece, _), members in columns.items():
        members.sort(key=lambda card: places.cards[card][1])
        top, bottom = reach[piece]
        for at, card in enumerate(members):
            y, high = places.cards[card][1], sheet.cards[card].height
            near = {
                at + step: members[at + step] for step in (-1, 1) if 0 <= at + step < len(members)
            }
            above, below = (
                (near[n], _less(near[n], card, sheet, places, framed)) if n in near else None
                for n in (at - 1, at + 1)
            )
            far = _FAR_IN_FRAME if card in framed else _FAR
            rooms[card] = _Room(far, top - y, bottom - y - high, above, below)
    return rooms


def _less(one: int, other: int, sheet: Sheet, places: Places, framed: set[int]) -> float:
    """Return by how much two neighbours in a column may come nearer to each other."""
    upper, lower = sorted((one, other), key=lambda card: places.cards[card][1])
    gap = places.cards[lower][1] - places.cards[upper][1] - sheet.cards[upper].height
    most = _LESS_IN_FRAME if framed & {one, other} else _LESS
    return max(min(gap - _NEAR, max(most, gap * _PART)), 0)


def _may_move(
    card: int, step: int, body: Sequence[int], moved: Sequence[int], rooms: Mapping[int, _Room]
) -> bool:
    far, up, down, above, below = rooms[card]
    to = moved[card] + step
    if abs(to) > far or not up <= to <= down:
        return False
    for side, near in ((-1, above), (1, below)):
        if near and near[0] not in body and (to - moved[near[0]]) * side > near[1]:
            return False
    return True


def meet_level(sheet: Sheet, places: Places, meets: Meets) -> list[tuple[Point, Point]]:
    """Return where ties meet their cards, a little beside the rows' middles if that saves corners.

    Only ends that nothing else shares a row's side with may move.
    """
    slack = _slack(sheet, places)
    result = list(meets)
    for number, ((left_x, left), (right_x, right)) in enumerate(meets):
        if not 0 < abs(left - right) <= sum(slack[number]) or sheet.ties[number].loop:
            continue
        level = (
            floor((left + right) / 2) if all(slack[number]) else right if slack[number][0] else left
        )
        result[number] = (left_x, level), (right_x, level)
    _part_swaps(sheet, places, result, slack)
    return result


def _part_swaps(
    sheet: Sheet,
    places: Places,
    meets: list[tuple[Point, Point]],
    slack: Sequence[tuple[float, float]],
) -> None:
    """Move an end of two lines that exchange their heights between two columns.

    Whichever of them ran upright first, they would lie on one another.
    """
    found: dict[tuple[tuple[int, int], tuple[int, int]], list[tuple[float, float, int]]] = {}
    for number, tie in enumerate(sheet.ties):
        (_, left), (_, right) = meets[number]
        one, other = places.columns[tie.left.card], places.columns[tie.right.card]
        if one == other or round(left) == round(right):
            continue
        if one > other:
            one, other, left, right = other, one, right, left
        between = found.setdefault((one, other), [])
        partner = next(
            (n for a, b, n in between if abs(a - right) < _ON and abs(b - left) < _ON), None
        )
        if partner is None:
            between.append((left, right, number))
            continue
        tries = [(which, end) for which in (number, partner) for end in (0, 1)]
        free = [(which, end, _BESIDE) for which, end in tries if slack[which][end]]
        for which, end, by in free[:1] or _sidesteps(meets, tries)[:1]:
            ends = list(meets[which])
            ends[end] = (ends[end][0], ends[end][1] + by)
            meets[which] = (ends[0], ends[1])


def _sidesteps(meets: Meets, tries: Sequence[tuple[int, int]]) -> list[tuple[int, int, float]]:
    """Return which ends that others are close to may move a little, and by how much.

    Args:
        meets: Where ties meet their cards.
        tries: The ends in question, each as a tie and 0 or 1.
    """
    found = []
    for number, end in tries:
        x, y = meets[number][end]
        near = [level - y for pair in meets for at, level in pair if at == x and level != y]
        if sum((x, y) in pair for pair in meets) == 1:
            found += [
                (number, end, by)
                for by in (-_SIDESTEP, _SIDESTEP)
                if all(abs(other - by) >= 2 * _SIDESTEP for other in near)
            ]
    return found


def _slack(sheet: Sheet, places: Places) -> list[tuple[float, float]]:
    """Return how far each tie's ends may move beside the middles of their rows."""
    ends = [
        ((tie.left, route.left_side), (tie.right, route.right_side))
        for tie, route in zip(sheet.ties, places.routes, strict=True)
    ]
    shared = Counter(end for pair in ends for end in pair)

    def slack(end: tuple[TieEnd, int]) -> float:
        wings = sheet.wings.get(end[0].card, (0, 0))
        return _BESIDE if shared[end] == 1 and not wings[end[1] > 0] else 0.0

    return [(slack(left), slack(right)) for left, right in ends]


def _pair(sheet: Sheet, number: int) -> frozenset[int]:
    tie = sheet.ties[number]
    return frozenset((tie.left.card, tie.right.card))
