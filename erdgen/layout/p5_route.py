"""Phase 5: placed columns in, the track of each line in each channel out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from erdgen.layout.pieces import Piece, break_cycles, cut_segment, order_pieces
from erdgen.layout.sheet import LEFT, RIGHT, Seg, Sheet, Style


class Tracks:
    """How the channels are used.

    Attributes:
        width: Cells across of each channel.
        pieces: The pieces of each channel, by net; a net without one runs straight through.
        labels: For ports with a label beside their stub, the label's place along v and its
            distance counted from the channel's left edge.
    """

    __slots__ = ("labels", "pieces", "width")

    def __init__(self) -> None:
        self.width: list[int] = []
        self.pieces: list[dict[int, list[Piece]]] = []
        self.labels: dict[int, tuple[int, int]] = {}


class _Label(NamedTuple):
    """A label beside a stub: its port, its place along v, its columns, the side of the box."""

    port: int
    place: int
    room: int
    side: int


def route_channels(sheet: Sheet, port_place: list[int], style: Style) -> Tracks:
    """Return tracks for all segments such that no two lines share a cell except where they cross.

    The dependency graph of the segments (Sander 1996; Schulze, Spönemann, von Hanxleden 2014 for
    ELK), its cycles broken by splitting a segment, is ordered for few crossings; the segments
    stand in that order, as far left as it and the labels allow.

    Args:
        sheet: Ports and segments.
        port_place: Place along v of each port; no two ports of one side of a channel are equal.
        style: The distances of the direction.

    Postcondition: pieces that come closer than the ends' gap along v are a pitch apart across;
    where a line from the left and another to the right stand at the same place, the first one's
    piece is further left; no place of a piece is joined from both sides unless it is an end of
    the piece; no piece or line crosses a label in `labels`.
    """
    tracks = Tracks()
    last = len(sheet.segs) - 1
    for channel, segs in enumerate(sheet.segs):
        pieces: list[Piece] = []
        used: set[int] = set()
        for net, lefts, rights in segs:
            a = sorted(port_place[port] for port in lefts)
            b = sorted(port_place[port] for port in rights)
            used.update(a, b)
            if a != b or len(a) != 1:
                pieces.extend(cut_segment(net, a, b))
        break_cycles(pieces, used)
        by_net: dict[int, list[Piece]] = {}
        for piece in pieces:
            by_net.setdefault(piece.net, []).append(piece)
        tracks.pieces.append(by_net)
        if style.stub and channel == last and _apart(pieces):
            tracks.width.append(
                _stack(sheet, segs, port_place, by_net=by_net, tracks=tracks, style=style)
            )
            continue
        labels = [] if style.down else _place_labels(sheet, segs, port_place, pieces)
        least = (1 if channel else 0, 1 if channel < last else 0)
        order = order_pieces(pieces, style.ends_gap)
        width = _spread(
            sheet, segs, port_place, order=order, labels=labels, least=least, style=style
        )
        for label in labels:
            tracks.labels[label.port] = label.place, _first(label, labels, pieces, width)
        tracks.width.append(width)
    return tracks


def _stack(
    sheet: Sheet,
    segs: Sequence[Seg],
    port_place: list[int],
    *,
    by_net: dict[int, list[Piece]],
    tracks: Tracks,
    style: Style,
) -> int:
    """Place the pieces beside a stack and the labels right of them; return the width."""
    width = style.stub + 1
    for net, lefts, _ in segs:
        for piece in by_net[net]:
            piece.across = style.stub
            port = next((port for port in lefts if sheet.port_room[port]), -1)
            if port >= 0:
                width = max(width, style.stub + 3 + sheet.port_room[port])
            if port >= 0 and piece.high - piece.low > 3:
                place = min(max(port_place[port] + 2, piece.low + 2), piece.high - 1)
                tracks.labels[port] = place, style.stub + 2
    return width


def _spread(
    sheet: Sheet,
    segs: Sequence[Seg],
    port_place: list[int],
    *,
    order: list[Piece],
    labels: list[_Label],
    least: tuple[int, int],
    style: Style,
) -> int:
    """Place the pieces of a channel across, and return the channel's width."""
    # what must stay free on either side: a place and a number of cells
    keep_left = [(label.place, label.room + 2) for label in labels if label.side == RIGHT]
    keep_right = [(label.place, label.room + 2) for label in labels if label.side == LEFT]
    width = 0
    for label in labels:
        width = max(width, label.room + 2, style.least)
        if label.side == RIGHT:
            width = max(
                [width] + [label.room + far + 1 for row, far in keep_right if row == label.place]
            )
    for _, lefts, rights in segs:
        keep_left.extend((port_place[port], sheet.port_zone[port]) for port in lefts)
        keep_right.extend((port_place[port], sheet.port_zone[port]) for port in rights)
        if len(lefts) == len(rights) == 1 and port_place[lefts[0]] == port_place[rights[0]]:
            width = max(width, _straight(sheet, lefts[0], rights[0], style))
    _stand(order, style, least[0], keep_left)
    for piece in order:
        after = least[1]
        for place, room in keep_right:
            if room > after and piece.low <= place <= piece.high:
                after = room
        width = max(width, piece.across + 1 + after)
    return max(width, 2 if style.down else 3) if all(least) else width


def _straight(sheet: Sheet, left: int, right: int, style: Style) -> int:
    """Return the cells that a straight line needs for its marks and labels."""
    marks = sheet.port_zone[left] + sheet.port_zone[right]
    if style.down:
        return marks
    rooms = [room for port in (left, right) if (room := sheet.port_room[port])]
    return max(marks - 1, sum(rooms) + len(rooms) + 2)


def _first(label: _Label, labels: list[_Label], pieces: list[Piece], width: int) -> int:
    """Return how far from its box a label begins: two blanks as in the templates, or one."""
    if label.side == LEFT or label.room + 3 > width:
        return 1
    if any(other.side == LEFT and other.place == label.place for other in labels):
        return 1
    if any(
        piece.low <= label.place <= piece.high and piece.across < label.room + 3 for piece in pieces
    ):
        return 1
    return 2


def _apart(pieces: list[Piece]) -> bool:
    """Whether no two pieces meet along v."""
    ranked = sorted((piece.low, piece.high) for piece in pieces)
    return all(one[1] + 1 < other[0] for one, other in pairwise(ranked))


def _place_labels(
    sheet: Sheet, segs: Sequence[Seg], port_place: list[int], pieces: list[Piece]
) -> list[_Label]:
    """Return the labels that fit beside their stubs.

    A label stands below its stub, or above where the line turns down and nothing else is near.
    """
    result: list[_Label] = []
    for side in (LEFT, RIGHT):
        ports = [port for _, left, right in segs for port in (left if side == RIGHT else right)]
        taken = {port_place[port] for port in ports}
        ports = [port for port in ports if sheet.port_room[port]]
        falls: set[int] = set()
        for piece in pieces:
            for place in piece.left if side == RIGHT else piece.right:
                if place == piece.low < piece.high:
                    falls.add(place)
        for port in sorted(ports, key=lambda port: port_place[port]):
            place = port_place[port]
            below = place + 1 not in taken
            above = place - 1 not in taken and place - 2 not in taken
            if not below and not above:
                continue
            chosen = place - 1 if above and (not below or place in falls) else place + 1
            taken.add(chosen)
            result.append(_Label(port, chosen, sheet.port_room[port], side))
    return result


def _stand(order: list[Piece], style: Style, least: int, keep: list[tuple[int, int]]) -> None:
    """Place the pieces across, each as far left as the order and the cells to keep allow."""
    gap, pitch = style.ends_gap, style.pitch
    for index, piece in enumerate(order):
        across = least
        for place, room in keep:
            if room > across and piece.low <= place <= piece.high:
                across = room
        for other in order[:index]:
            if (
                other.across + pitch > across
                and other.low <= piece.high + gap
                and piece.low <= other.high + gap
            ):
                across = other.across + pitch
        piece.across = across
