"""A component that was laid out in, other plans for it out: how it may fit a page better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from math import ceil

from erdgen.render.picture.cards import Card
from erdgen.render.picture.component import APART, NEAR, Plan, length_in_rank, orient
from erdgen.render.picture.folds import fold
from erdgen.render.picture.packing import RATIO, page, page_on_its_side
from erdgen.render.picture.places import STUB, Part, Piece, Sheet

WIDE = 3.0
"""Width to height, or height to width, at which a component calls for another plan."""
_AROUND = 48
"""What margins add to a picture's width and height."""
_ENOUGH = 2400
"""Width of a page up to which crowded ranks are left as they are: everybody can read them."""
_MANY = 600
"""Ties above which a second layout takes minutes."""
_MOST_ROOM = 96
"""How much more room there may be between cards of a rank, for the shape's sake."""
_BAND, _READER = 2.0, 900
"""Width to height, and width, at which a component is folded: a reader's page is not as wide."""
TOWER = 0.65
"""Width to height up to which it is a tower: what hangs on a card is put on both its sides."""
_FOLDED = 1.35
"""Width to height that it is folded to: what suits a screen and a column of text."""
_SLACK = 1.5
"""How much longer a column is than the cards that stand in it."""
_MOST_FOLDED, _LEAST_FOLDED = 200, 4
"""Ties above which folding would not make a text legible; columns below which there is little
to fold."""
_BEYOND = 2.5
"""What it counts that a component is out of shape."""
_SHARE = 0.7
"""How long a rank may be, as a part of the side of a page that holds all cards."""


def other_plans(
    part: Part, sheet: Sheet, piece: Piece, *, down: bool, free: bool
) -> Iterator[Plan]:
    """Yield further plans for a component that came out too tall or too wide.

    Args:
        part: The component.
        sheet: What it is a part of.
        piece: Its layout so far.
        down: Whether lines run down in it.
        free: Whether lines may run down instead.
    """
    ratio = piece.width / max(piece.height, 1)
    if len(part.ties) > _MANY:
        return
    if ratio > WIDE and not down:
        near = _roomier(piece)
        if near <= NEAR + _MOST_ROOM:
            yield Plan(near=near)
    crowded = ratio > WIDE if down else ratio < 1 / WIDE
    if crowded and max(piece.width, piece.height * RATIO) > _ENOUGH:
        spans = stagger(part, sheet, piece, down=down)
        if spans:
            yield Plan(down, spans)
    if ratio > WIDE and free:
        yield Plan(down=True)


def fold_plans(part: Part, sheet: Sheet, piece: Piece, *, high: bool) -> Iterator[Plan]:
    """Yield a plan with other columns for a component that came out as a band or as a tower.

    Args:
        part: The component.
        sheet: What it is a part of.
        piece: Its layout so far, with lines that run right.
        high: Whether the whole picture is higher than a page.
    """
    shape = _shape(piece)
    if len(part.ties) > _MOST_FOLDED:
        return
    band = shape > WIDE or (shape > _BAND and piece.width > _READER)
    tower = high and shape < TOWER and not sheet.turned
    count = len(set(piece.ranks.values()))
    if not tower and not (band and count >= _LEAST_FOLDED):
        return
    # cards fill their columns but in part
    length = _SLACK * sum(length_in_rank(sheet, card, down=False) for card in part.cards)
    wanted = 1 / _FOLDED if sheet.turned else _FOLDED
    most = max(round((wanted * length * count / piece.width) ** 0.5), 3)
    columns = fold(part, sheet, piece, max(most, count) if tower else min(most, count - 1))
    if columns:
        yield Plan(columns=columns)


def _shape(piece: Piece) -> float:
    """Return a piece's width to height in the picture, with the margins around it."""
    return (piece.width + _AROUND) / (piece.height + _AROUND)


def _roomier(piece: Piece) -> int:
    """Return the room between cards of a rank that makes a piece high enough for its width."""
    ranks = Counter(piece.ranks.values())
    missing = piece.width / WIDE * 1.1 - piece.height
    return NEAR + ceil(missing / max(ranks.values()) / 12) * 12


def burden(sheet: Sheet, plan: Plan, piece: Piece) -> float:
    """Return how little a piece suits a page; the least is the best.

    It is the size of the page that it takes, more the more it is out of shape, and more where
    lines run down, since rows with their keys at the sides read better to the right, or back.
    """
    sized = page_on_its_side if sheet.turned else page
    size = sized(piece.width, piece.height)
    size *= 4 / 3 if piece.down else 1.15 if plan.columns else 1
    ratio = _shape(piece)
    beyond = max(ratio, 1 / ratio) / WIDE
    return size * _BEYOND * beyond if beyond > 1 else size


def stagger(part: Part, sheet: Sheet, piece: Piece, *, down: bool) -> Mapping[int, int]:
    """Return how many ranks ties span so that crowded ranks are spread over several.

    As `unflatten` does with leaves: cards that nothing follows go further on, and cards that
    nothing precedes further back.

    Args:
        part: The component.
        sheet: What it is a part of.
        piece: Its layout so far.
        down: Whether lines run down, so that ranks are rows.
    """
    ends = orient(part, sheet, Plan(down))
    sources = {tail.card for tail, _ in ends.values()}
    targets = {head.card for _, head in ends.values()}
    lengths = {card: length_in_rank(sheet, card, down=down) for card in part.cards}
    area = sum(
        (sheet.cards[card].width + 2 * STUB + APART) * (sheet.cards[card].height + NEAR)
        for card in part.cards
    )
    page_side = (area * 1.6 * (RATIO if down else 1 / RATIO)) ** 0.5
    most = max(page_side * _SHARE, *lengths.values())
    ranks: dict[int, list[int]] = {}
    for card in part.cards:
        ranks.setdefault(piece.ranks[card], []).append(card)
    moved: dict[int, int] = {}
    for members in ranks.values():
        total = sum(lengths[card] for card in members)
        loose = [card for card in members if card in sources or card in targets]
        # powers of two, so that a rank that grows a little seldom changes all turns
        steps = next(power for power in (1, 2, 4, 8) if power == 8 or total <= most * power)
        if steps > 1 and len(loose) > 1:
            moved |= {card: _turn(sheet.cards[card]) % steps for card in loose}
    return {
        number: 1 + moved.get(tail.card, 0) * (tail.card not in targets) + moved.get(head.card, 0)
        for number, (tail, head) in ends.items()
        if moved.get(tail.card, 0) or moved.get(head.card, 0)
    }


def _turn(card: Card) -> int:
    """Return a number that only the entity's name decides, so that no other card moves it."""
    from zlib import crc32  # only for pictures out of shape

    return crc32(card.entity.name.encode("utf-8", "replace")) >> 8


def side_plan(part: Part, sheet: Sheet, plan: Plan, piece: Piece) -> Plan:
    """Return the plan with a side for each end of the ties: that which faces the other card."""
    sides = {}
    for number, (tail, head) in orient(part, sheet, plan).items():
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
