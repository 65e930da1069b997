"""A component with many long lines in, what these pass from rank to rank out: one way a trunk.

Graphviz leads each line past each rank by itself. Lines that begin at one key share a trunk in
the picture, as long as they go the same way; so here they go the same way, over one chain of
small nodes. They take less room, cross less, and Graphviz has a third of the work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from erdgen.render.picture.places import Part, Point, Route, Sheet, TieEnd, middle_of

_FEW = 60
"""Lines below which a component is not looked at: it takes little time anyhow."""
_FEW_PASSED = 100
"""How many ranks lines may pass, taken together, and be led one by one: there is room."""
_LANE = 'shape=box label="" width=0.01 height=0.028'
"""A small node: with the room between nodes a lane for one line."""
Ends = Mapping[int, tuple[TieEnd, TieEnd]]
"""For each tie its ends in the direction in which the ranks run."""


class Chains(NamedTuple):
    """The small nodes that lines pass on their way.

    Attributes:
        ways: For each tie its nodes, from the tail to the head.
        homes: For each node the group in whose frame it is, -1 for none.
    """

    ways: Mapping[int, tuple[int, ...]]
    homes: Sequence[int]


def make_chains(
    part: Part,
    sheet: Sheet,
    ends: Ends,
    rough: Mapping[int, int],
    spans: Mapping[int, int] | None,
) -> Chains | None:
    """Return the nodes that lines pass where they span more than one rank; None for few.

    Few long lines are led one by one, as are lines that say something.

    Args:
        part: The component.
        sheet: What it is a part of.
        ends: Of its ties, in canonical order; self-references are left out.
        rough: A rank for each card; with the best ones lines are no longer.
        spans: Ties that are to span more than one rank.
    """
    if len(ends) < _FEW or any(sheet.ties[number].label[0] for number in ends):
        return None
    if not spans and _passed(ends, rough) <= _FEW_PASSED:
        return None
    ranks = _find_ranks(part, ends, spans or {})
    return _chain(part, sheet, ends, ranks) if _passed(ends, ranks) > _FEW_PASSED else None


def _passed(ends: Ends, ranks: Mapping[int, int]) -> int:
    """Return how many ranks lines pass, taken together."""
    return sum(ranks[head.card] - ranks[tail.card] - 1 for tail, head in ends.values())


def _find_ranks(part: Part, ends: Ends, spans: Mapping[int, int]) -> dict[int, int]:
    """Return a rank for each card, such that lines are short together."""
    from erdgen.layout.p2_layers import assign_layers  # only for large models: start-up time

    index = {card: number for number, card in enumerate(part.cards)}
    edges: list[tuple[int, int, int]] = []
    count = len(part.cards)
    for number, (tail, head) in ends.items():
        at = index[tail.card]
        for _ in range(spans.get(number, 1) - 1):
            edges.append((at, count, 1))
            at, count = count, count + 1
        edges.append((at, index[head.card], 1))
    return dict(zip(part.cards, assign_layers(count, edges), strict=False))


def _chain(part: Part, sheet: Sheet, ends: Ends, ranks: Mapping[int, int]) -> Chains:
    """Return the nodes; whoever leaves a frame shares none with those that stay."""
    mine = set(part.cards)
    groups = {
        card: number
        for number, (_, members) in enumerate(sheet.groups)
        for card in members
        if card in mine
    }
    ways: dict[int, tuple[int, ...]] = {}
    homes: list[int] = []
    known: dict[tuple[object, ...], int] = {}
    for number, (tail, head) in ends.items():
        tie = sheet.ties[number]
        trunk = tie.trunks[0 if tail == tie.left else 1] or number
        home = groups.get(tail.card, -1)
        if home != groups.get(head.card, -1):
            home = -1
        way = []
        for rank in range(ranks[tail.card] + 1, ranks[head.card]):
            key = (tail, trunk, home, rank)
            if key not in known:
                known[key] = len(homes)
                homes.append(home)
            way.append(known[key])
        ways[number] = tuple(way)
    return Chains(ways, homes)


def write_lanes(chains: Chains, home: int = -1) -> str:
    """Return the small nodes in a group's frame, or in none, as DOT; empty if there are none."""
    names = " ".join(f"d{at}" for at, where in enumerate(chains.homes) if where == home)
    return f"node [{_LANE}] {names}" if names else ""


def write_chains(ends: Ends, chains: Chains) -> Iterator[str]:
    """Yield the lines from rank to rank as DOT."""
    drawn: set[int] = set()
    for number, (tail, head) in ends.items():
        steps = [f"n{tail.card}:p{tail.row + 1}:e"]
        for at in chains.ways[number]:
            if at in drawn:
                steps = [f"d{at}"]
            else:
                drawn.add(at)
                steps.append(f"d{at}")
        yield f"{' -> '.join(steps)} -> n{head.card}:p{head.row + 1}:w"


def lead(
    sheet: Sheet,
    number: int,
    at: Mapping[int, Point],
    way: Sequence[Point],
    margins: Mapping[int, tuple[int, int]],
) -> Route:
    """Return the route of a line that runs right.

    Args:
        sheet: The cards and ties.
        number: Of the tie.
        at: Where the cards stand.
        way: Where the small nodes stand that it passes.
        margins: The room left and right of each card, which it runs level through.
    """
    tie = sheet.ties[number]
    turned = at[tie.left.card][0] > at[tie.right.card][0]
    tail, head = (tie.right, tie.left) if turned else (tie.left, tie.right)
    (x, y), (end, level) = at[tail.card], at[head.card]
    start = (x + sheet.cards[tail.card].width + margins[tail.card][1], y + middle_of(sheet, tail))
    stop = (end - margins[head.card][0], level + middle_of(sheet, head))
    points = _curve([start, *way, stop])
    return Route(points[::-1], -1, 1) if turned else Route(points, 1, -1)


def _curve(knots: Sequence[Point]) -> tuple[Point, ...]:
    """Return a curve that is level at each of its knots.

    >>> _curve([(0, 5), (10, 7)])
    ((0, 5), (5.0, 5), (5.0, 7), (10, 7))
    """
    points = [knots[0]]
    for (a, b), (c, d) in pairwise(knots):
        half = (a + c) / 2
        points += [(half, b), (half, d), (c, d)]
    return tuple(points)
