"""A component that was laid out in, other plans for it out: how it may fit a page better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from erdgen.render.component import APART, NEAR, Plan, orient
from erdgen.render.packing import RATIO
from erdgen.render.places import STUB, Part, Piece, Sheet

TALL, WIDE = 0.85, 3.0
"""Width to height at which a component calls for another plan."""
_SMALL = 120
"""Cards up to which there is time for several plans."""


def other_plans(
    part: Part, sheet: Sheet, piece: Piece, *, down: bool, strip: bool
) -> Iterator[Plan]:
    """Yield further plans for a component that came out too tall or too wide.

    Args:
        part: The component.
        sheet: What it is a part of.
        piece: Its layout so far.
        down: Whether lines run down in it.
        strip: Whether the whole picture is a strip and lines may run down instead.
    """
    ratio = piece.width / max(piece.height, 1)
    if (ratio > WIDE) if down else (ratio < TALL):
        for share in (1.0, 0.7, 0.5) if len(part.cards) <= _SMALL else (0.7,):
            spans = stagger(part, sheet, piece, share, down=down)
            if spans:
                yield Plan(down, spans)
    if strip and ratio > WIDE:
        yield Plan(down=True)


def stagger(
    part: Part, sheet: Sheet, piece: Piece, share: float, *, down: bool
) -> Mapping[int, int]:
    """Return how many ranks ties span so that crowded ranks are spread over several.

    As `unflatten` does with leaves: cards that nothing follows go further on, and cards that
    nothing precedes further back, in turn along the rank.

    Args:
        part: The component.
        sheet: What it is a part of.
        piece: Its layout so far.
        share: How long a rank may be, as a part of the side of a page that holds them all.
        down: Whether lines run down, so that ranks are rows.
    """
    ends = orient(part, sheet.ties)
    sources = {tail.card for tail, _ in ends.values()}
    targets = {head.card for _, head in ends.values()}
    lengths = {card: _length(sheet, card, down=down) for card in part.cards}
    area = sum(
        (sheet.cards[card].width + 2 * STUB + APART) * (sheet.cards[card].height + NEAR)
        for card in part.cards
    )
    page_side = (area * 1.6 * (RATIO if down else 1 / RATIO)) ** 0.5
    most = max(page_side * share, *lengths.values())
    ranks: dict[int, list[int]] = {}
    for card in part.cards:
        ranks.setdefault(piece.ranks[card], []).append(card)
    moved: dict[int, int] = {}
    for members in ranks.values():
        total = sum(lengths[card] for card in members)
        loose = [card for card in members if (card in sources) != (card in targets)]
        loose.sort(key=lambda card: piece.at[card][0 if down else 1])
        steps = min(-int(-total // most), 8)
        if steps > 1 and len(loose) > 1:
            moved |= {card: index % steps for index, card in enumerate(loose)}
    return {
        number: 1
        + moved.get(tail.card, 0) * (tail.card not in targets)
        + moved.get(head.card, 0) * (head.card not in sources)
        for number, (tail, head) in ends.items()
        if moved.get(tail.card, 0) or moved.get(head.card, 0)
    }


def _length(sheet: Sheet, card: int, *, down: bool) -> int:
    """Return how much of its rank a card takes."""
    return NEAR + (sheet.cards[card].width + 2 * STUB if down else sheet.cards[card].height)


def side_plan(part: Part, sheet: Sheet, plan: Plan, piece: Piece) -> Plan:
    """Return the plan with a side for each end of the ties: that which faces the other card."""
    sides = {}
    for number, (tail, head) in orient(part, sheet.ties).items():
        at_tail, at_head = piece.at[tail.card][0], piece.at[head.card][0]
        gap_right = at_head - (at_tail + sheet.cards[tail.card].width)
        gap_left = at_tail - (at_head + sheet.cards[head.card].width)
        if gap_right > STUB:
            sides[number] = ("e", "w")
        elif gap_left > STUB:
            sides[number] = ("w", "e")
        else:
            tail_middle = at_tail + sheet.cards[tail.card].width / 2
            head_middle = at_head + sheet.cards[head.card].width / 2
            side = "e" if head_middle >= tail_middle else "w"
            sides[number] = (side, side)
    return plan._replace(sides=sides)
