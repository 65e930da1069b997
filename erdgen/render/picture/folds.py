"""A component out of shape in, for each card another column out: it is folded.

Cards that a line ties together stand in different columns, and which of two stands further left
is free: a chain may run to the right and back again below itself. So a component that came out
as a band fills a page instead, and its text is shown larger. One that came out as a tower gets
columns on both sides of the cards that much hangs on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from erdgen.render.picture.component import NEAR
from erdgen.render.picture.places import Part, Piece, Sheet

_LONG, _TURNED, _SAME, _CROWDED = 1.0, 1.5, 100.0, 4.0
"""What a column that a line passes is charged with, a line that runs back, a line within a
column, and as much height beyond a page's as a page has."""
_SLACK = 1.2
"""How much more than its fair share of all cards a column may hold."""
_SWEEPS = 8


class _Task(NamedTuple):
    """What is to be folded.

    Attributes:
        ends: For each card the cards that lines tie to it, one a line.
        before: Where each card stands now.
        heights: What each card takes of a column.
        page: How high a column may be.
    """

    ends: Mapping[int, list[int]]
    before: Mapping[int, int]
    heights: Mapping[int, int]
    page: float


def fold(part: Part, sheet: Sheet, piece: Piece, most: int) -> dict[int, int] | None:
    """Return a column for each card, at most so many; None if there is no such way.

    Everything beyond a window of columns is reflected at its edges; then cards move, one at a
    time, to the column that is best for them, as long as that betters anything. Of all windows
    the one with the best outcome is taken.

    Args:
        part: The component.
        sheet: What it is a part of.
        piece: Its layout so far.
        most: How many columns there may be.
    """
    ends: dict[int, list[int]] = {card: [] for card in part.cards}
    for number in part.ties:
        tie = sheet.ties[number]
        if not tie.loop:
            ends[tie.left.card].append(tie.right.card)
            ends[tie.right.card].append(tie.left.card)
    # what hangs on one card only is added to the rest, so that one more of it moves nothing else
    core = [card for card in part.cards if len(set(ends[card])) > 1]
    if not core:
        return None
    stands = {x: at for at, x in enumerate(sorted({piece.ranks[card] for card in core}))}
    before = {card: stands[piece.ranks[card]] for card in core}
    heights = {card: NEAR + sheet.cards[card].height for card in part.cards}
    task = _Task(ends, piece.ranks, heights, _SLACK * sum(heights.values()) / most)
    ways = []
    over = len(stands) - most
    for first in range(over + 1) if over > 0 else (over // 2,):
        columns = {card: _reflected(at - first, most - 1) for card, at in before.items()}
        ways.append((_settle(task, columns, most), first, columns))
    cost, _, columns = min(ways)
    if cost >= _SAME:
        return None
    _hang(task, columns, [card for card in part.cards if card not in columns], most)
    # Graphviz sees them in the order of the layout that it made, which a change changes little
    return {
        card: columns[card] for card in sorted(columns, key=lambda card: (piece.at[card][1], card))
    }


def _reflected(at: int, last: int) -> int:
    """Return where a column comes to stand between 0 and the last.

    >>> [_reflected(at, 3) for at in range(-2, 9)]
    [2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2]
    """
    at = abs(at) % (2 * last)
    return min(at, 2 * last - at)


def _settle(task: _Task, columns: dict[int, int], count: int) -> float:
    """Move cards to the columns that are best for them; return what the outcome costs."""
    full = [0] * count
    for card, at in columns.items():
        full[at] += task.heights[card]
    for _ in range(_SWEEPS):
        moved = False
        for card, was in tuple(columns.items()):
            full[was] -= task.heights[card]
            costs = [
                _cost_of_ends(task, columns, card, at)
                + _CROWDED * max(full[at] + task.heights[card] - task.page, 0) / task.page
                for at in range(count)
            ]
            best = min(range(count), key=costs.__getitem__)
            if costs[best] < costs[was]:
                columns[card] = best
                moved = True
            full[columns[card]] += task.heights[card]
        if not moved:
            break
    lines = sum(_cost_of_ends(task, columns, card, at) for card, at in columns.items())
    return lines / 2 + _CROWDED * sum(max(high - task.page, 0) for high in full) / task.page


def _hang(task: _Task, columns: dict[int, int], leaves: Sequence[int], count: int) -> None:
    """Put each leaf beside its card, where lines run as before or where there is more room."""
    full = [0] * count
    for card, at in columns.items():
        full[at] += task.heights[card]
    for leaf in leaves:
        card = task.ends[leaf][0] if task.ends[leaf] else leaf
        if card not in columns:
            # only a group holds it, or it and its card, in this component
            columns[leaf] = 0
            continue
        beside = [at for at in (columns[card] - 1, columns[card] + 1) if 0 <= at < count]
        columns[leaf] = min(
            beside,
            key=lambda at: (
                _cost_of_ends(task, columns, leaf, at)
                + _CROWDED * max(full[at] + task.heights[leaf] - task.page, 0) / task.page
            ),
        )
        full[columns[leaf]] += task.heights[leaf]


def _cost_of_ends(task: _Task, columns: Mapping[int, int], card: int, at: int) -> float:
    """Return what a card's lines cost if it stands in a column."""
    cost = 0.0
    for other in task.ends[card]:
        if other not in columns:
            continue
        apart = columns[other] - at
        if apart:
            back = (apart > 0) != (task.before[other] > task.before[card])
            cost += _LONG * (abs(apart) - 1) + _TURNED * back
        else:
            cost += _SAME
    return cost
