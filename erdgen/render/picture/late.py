"""A component without its last leaves in, laid out; the same with them, and nothing else moved.

A model grows at its end, mostly by cards that one line ties to the rest. Graphviz would lay out
everything anew for each; here they take free places beside what they are tied to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from erdgen.render.picture.component import APART, NEAR
from erdgen.render.picture.places import (
    LANE,
    STUB,
    Area,
    Part,
    Piece,
    Point,
    Route,
    Sheet,
    TieEnd,
    card_area,
    frame_area,
    grow,
    middle_of,
)
from erdgen.render.picture.tracks import level_at

_SHARE = 4
"""Of so many cards one may be late: a star is laid out as a whole."""
_LEAST = 8
"""Cards below which a component is laid out as a whole: it shows where a small one is not even."""
_FAR = 500
"""How far from the height of its line a leaf may stand."""
_TURNED, _CROSSED, _GROWN = 120.0, 40.0, 2.0
"""What it costs that a line runs against the others' way, to cross a line, and a pixel by which
the picture grows."""


class _Column(NamedTuple):
    """A column of a piece.

    Attributes:
        edge: The left edge of its cards.
        left: Where these and the room beside them reach.
    """

    rank: int
    edge: float
    left: float
    right: float


def part_late(part: Part, sheet: Sheet) -> tuple[Part, tuple[int, ...]]:
    """Return a component without its late leaves, and the ties that hold these, in order.

    Late are the last cards of the component as far as one tie each holds them, to a card that
    stays, unless they belong to a group, have a label, or are more than a few.
    """
    ties: dict[int, list[int]] = {card: [] for card in part.cards}
    for number in part.ties:
        for card in {sheet.ties[number].left.card, sheet.ties[number].right.card}:
            ties[card].append(number)
    grouped = {card for _, members in sheet.groups for card in members}
    late: list[int] = []
    for card in reversed(part.cards):
        tie = sheet.ties[ties[card][0]] if len(ties[card]) == 1 else None
        if tie is None or tie.loop or tie.label[0] or card in grouped:
            break
        late.append(ties[card][0])
    held = part.cards[: len(part.cards) - len(late)]
    if not late or len(held) < _LEAST or len(late) * _SHARE > len(part.cards):
        return part, ()
    if not all({sheet.ties[n].left.card, sheet.ties[n].right.card} & set(held) for n in late):
        return part, ()
    kept = tuple(number for number in part.ties if number not in late)
    return Part(held, kept), tuple(reversed(late))


def put_in(sheet: Sheet, piece: Piece, late: Sequence[int], *, free: bool) -> Piece | None:
    """Return a piece with its late leaves; None if there is no good place for one of them.

    Args:
        sheet: What the piece is a part of.
        piece: Its layout without them.
        late: The ties that hold them.
        free: Whether their lines may run against the others' way.
    """
    grown: Piece | None = piece
    for number in late:
        if grown is None or grown.down:
            return None
        grown = _with_leaf(sheet, grown, number, free=free)
    return grown


def _with_leaf(sheet: Sheet, piece: Piece, number: int, *, free: bool) -> Piece | None:
    """Return a piece with the leaf that a tie holds, at the best free place beside its card."""
    tie = sheet.ties[number]
    turned = tie.left.card not in piece.at
    leaf, end = (tie.left, tie.right) if turned else (tie.right, tie.left)
    columns = _columns(sheet, piece)
    here = next(at for at, item in enumerate(columns) if item.rank == piece.ranks[end.card])
    level = piece.at[end.card][1] + middle_of(sheet, end)
    found = []
    usual = -1 if turned else 1
    for side in (-1, 1) if free else (usual,):
        x, rank, looked_at = _stand(sheet, columns, here, leaf.card, side)
        if x < 0:
            continue
        middle = _middle_of_gap(columns[here], x, sheet.cards[leaf.card].width, side)
        passing = _levels(sheet, piece, middle)
        for y in _heights(sheet, piece, leaf, (x, looked_at), level):
            run = (y + middle_of(sheet, leaf), level)
            cost = (
                abs(run[0] - level)
                + _TURNED * (side != usual)
                + _CROSSED * sum(1 for other in passing if min(run) < other < max(run))
                + _GROWN * max(y + sheet.cards[leaf.card].height - piece.height, 0)
                + _GROWN * max(x + sheet.cards[leaf.card].width - piece.width, 0)
            )
            if abs(run[0] - level) <= _FAR:
                found.append((cost, side, x, y, rank))
    if not found:
        return None
    _, side, x, y, rank = min(found)
    card, wings = sheet.cards[leaf.card], sheet.wings.get(leaf.card, (0, 0))
    points = _curve(sheet, (piece.at[end.card], end), ((x, y), leaf), side)
    route = Route(points[::-1], -side, side) if turned else Route(points, side, -side)
    return piece._replace(
        width=max(piece.width, x + card.width + wings[1]),
        height=max(piece.height, y + card.height),
        at={**piece.at, leaf.card: (x, y)},
        ranks={**piece.ranks, leaf.card: rank},
        routes={**piece.routes, number: route},
    )


def _columns(sheet: Sheet, piece: Piece) -> list[_Column]:
    reach: dict[int, tuple[float, float, float]] = {}
    for card, at in piece.at.items():
        area = card_area(sheet, card, at)
        edge, left, right = reach.get(piece.ranks[card], (at[0], area.left, area.right))
        reach[piece.ranks[card]] = min(edge, at[0]), min(left, area.left), max(right, area.right)
    for number, route in piece.routes.items():
        if sheet.ties[number].loop:
            rank = piece.ranks[sheet.ties[number].left.card]
            edge, left, right = reach[rank]
            reach[rank] = edge, left, max(right, *(x for x, _ in route.points))
    return [_Column(rank, *reach[rank]) for rank in sorted(reach)]


def _stand(
    sheet: Sheet, columns: Sequence[_Column], here: int, leaf: int, side: int
) -> tuple[float, int, float]:
    """Return where a leaf stands in a column beside, the column's rank and where its middle is.

    It is flush with the column's cards. Where it cannot stand in the column, it is at -1.

    Args:
        sheet: The cards.
        columns: From left to right.
        here: That of the card that holds the leaf.
        leaf: Its number.
        side: 1 to the right, -1 to the left.
    """
    left, right = sheet.wings.get(leaf, (0, 0))
    width = sheet.cards[leaf].width
    if not 0 <= here + side < len(columns):
        # what begins a column at the left would move everything
        edge = columns[here].right + APART + 2 * STUB
        x = round(edge + left)
        return (-1 if side < 0 else x), columns[here].rank + round(edge), x + width / 2
    column = columns[here + side]
    outer = column is columns[-1] and side > 0
    x = max(round(column.edge), round(column.left) + left)
    inside = outer or x + width + right <= column.right
    return (x if inside else -1), column.rank, (column.left + column.right) / 2


def _middle_of_gap(column: _Column, x: float, width: float, side: int) -> float:
    """Return the middle between a column and a leaf beside it."""
    return (column.right + x if side > 0 else x + width + column.left) / 2


def _heights(
    sheet: Sheet, piece: Piece, leaf: TieEnd, stands: tuple[float, float], level: float
) -> list[int]:
    """Return the heights at which a leaf may stand: level with its line, or beside others.

    Args:
        sheet: The cards.
        piece: What it is put in.
        leaf: Its end of the line.
        stands: Its left edge, and where lines that pass its column are looked at.
        level: The height of its line.
    """
    x, middle = stands
    card = sheet.cards[leaf.card]
    taken: list[tuple[float, float]] = []
    room = grow(card_area(sheet, leaf.card, (x, 0)), STUB)
    for other, at in piece.at.items():
        area = card_area(sheet, other, at)
        if area.left < room.right and room.left < area.right:
            taken.append((area.top - NEAR, area.bottom + NEAR))
    for frame in piece.frames:
        area = grow(frame_area(frame), NEAR)
        if area.left < room.right and room.left < area.right:
            taken.append((area.top, area.bottom))
    for number, route in piece.routes.items():
        if sheet.ties[number].loop:
            xs, ys = zip(*route.points, strict=True)
            if min(xs) < room.right and room.left < max(xs):
                taken.append((min(ys) - 2 * LANE, max(ys) + 2 * LANE))
        elif (passing := _level(route, middle)) is not None:
            taken.append((passing - 2 * LANE, passing + 2 * LANE))
        if route.label:
            (a, b), (wide, high) = route.label, sheet.ties[number].label
            label = grow(Area(a - wide / 2, b - high / 2, a + wide / 2, b + high / 2), LANE)
            if label.left < room.right and room.left < label.right:
                taken.append((label.top, label.bottom))
    tries = {round(level - middle_of(sheet, leaf))}
    for top, bottom in taken:
        tries |= {int(top - card.height), int(bottom + 1)}
    return sorted(
        y
        for y in tries
        if y >= 0 and not any(top < y + card.height and y < bottom for top, bottom in taken)
    )


def _level(route: Route, x: float) -> float | None:
    """Return the height of a line at x, None where it does not come by."""
    points = route.points if route.points[0][0] <= route.points[-1][0] else route.points[::-1]
    return level_at(points, x) if points[0][0] <= x <= points[-1][0] else None


def _levels(sheet: Sheet, piece: Piece, x: float) -> list[float]:
    """Return the heights at which lines come by at x."""
    levels = (
        _level(route, x) for number, route in piece.routes.items() if not sheet.ties[number].loop
    )
    return [level for level in levels if level is not None]


def _curve(
    sheet: Sheet, start: tuple[Point, TieEnd], stop: tuple[Point, TieEnd], side: int
) -> tuple[Point, ...]:
    """Return a curve from stub to stub, to the right (1) or left (-1)."""
    (ax, ay), (bx, by) = start[0], stop[0]
    if side > 0:
        ax += sheet.cards[start[1].card].width
    else:
        bx += sheet.cards[stop[1].card].width
    ax, bx = ax + side * STUB, bx - side * STUB
    ay, by = ay + middle_of(sheet, start[1]), by + middle_of(sheet, stop[1])
    half = (ax + bx) / 2
    return (ax, ay), (half, ay), (half, by), (bx, by)
