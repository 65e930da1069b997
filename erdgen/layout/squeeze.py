"""Routed columns in, the same with less room across out: compaction after routing.

The columns and channels are given up: each box and each stretch of a line moves towards the first
column as far as what lies before it allows, if the drawing gets smaller by that. Boxes of one
column stay in line as far as that costs nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import itemgetter

from erdgen.layout.p4_place import Places
from erdgen.layout.p5_route import Tracks
from erdgen.layout.pieces import Piece
from erdgen.layout.sheet import LEFT, RIGHT, Sheet, Style

MOST = 3000
"""Most rectangles; beyond, nothing is done."""
FEW = 150
"""Most rectangles for which the columns are kept in line one after the other."""
FAR = 3
"""Cells between two rectangles that are enough, whatever they are."""

BOX, PIECE, LABEL = 0, 1, 2

Rectangle = tuple[int, int, int, int, int, int, int]
"""Kind, first cell across, end across, first and last place along, mover, offset to the mover."""

Rule = tuple[int, int, int]
"""The second mover stands at least so many cells after the first."""


def squeeze(
    sheet: Sheet,
    places: Places,
    tracks: Tracks,
    box_at: list[int],
    style: Style,
    *,
    floor: Sequence[int] = (),
) -> list[int]:
    """Move boxes and pieces (their `at`) across to save room; return the boxes' first cells.

    One-dimensional compaction with a constraint graph (Lengauer 1990): whatever overlaps along v
    keeps its order and distance across, so no line changes its course.

    Args:
        sheet: What was laid out.
        places: Where it stands along v.
        tracks: Where the lines run.
        box_at: First cell of each box.
        style: The distances of the direction.
        floor: Where the first boxes stood before others were added; they stay there if they can.

    Precondition: the boxes at `box_at` and the pieces at their `at` are a valid drawing.
    Postcondition: so they are afterwards, and it extends no further across.
    """
    pieces = [piece for channel in tracks.pieces for group in channel.values() for piece in group]
    rectangles = _rectangles(sheet, places, tracks, box_at, pieces=pieces, style=style)
    if len(rectangles) > MOST:
        return box_at
    now = box_at + [piece.at for piece in pieces]
    rules = _rules(rectangles, style) + _straight(sheet, places, tracks, box_at, style)
    rules = [rule for rule in rules if rule[0] != rule[1]]
    rules.sort(key=lambda rule: now[rule[0]])
    ends = [0] * len(now)
    for _, _, end, _, _, mover, _ in rectangles:
        ends[mover] = max(ends[mover], end - now[mover])
    first = min(rectangle[1] for rectangle in rectangles)
    low = [0] * len(now)
    for rectangle in rectangles:
        low[rectangle[5]] = max(low[rectangle[5]], -rectangle[6])
    soon = _push(low, rules)
    extent = max(place + end for place, end in zip(soon, ends, strict=True))
    if floor:
        for box, place in enumerate(floor):
            low[box] = max(low[box], place)
        soon = _push(low, rules)
    elif extent >= max(rectangle[2] for rectangle in rectangles) - first:
        return box_at
    else:
        late = _pull([extent - end for end in ends], rules)
        soon = _line_up(sheet, low, soon, late, rules if len(rectangles) <= FEW else [])
        soon = _push(soon, rules)
    for piece, place in zip(pieces, soon[sheet.count :], strict=True):
        piece.at = place
    return soon[: sheet.count]


def _line_up(
    sheet: Sheet, low: list[int], soon: list[int], late: list[int], rules: list[Rule]
) -> list[int]:
    """Move boxes on so that as many as possible of each column begin in line."""
    low = list(low)
    for items in sheet.columns:
        boxes = [item for item in items if item < sheet.count]
        if not boxes:
            continue
        line = max(
            sorted({soon[box] for box in boxes}),
            key=lambda place: sum(soon[box] <= place <= late[box] for box in boxes),
        )
        for box in boxes:
            if soon[box] <= line <= late[box]:
                low[box] = line
        soon = _push(low, rules)
    return [max(pair) for pair in zip(low, soon, strict=True)]


def _push(low: list[int], rules: list[Rule]) -> list[int]:
    """Return the least places that keep the rules."""
    place = list(low)
    changed = True
    while changed:
        changed = False
        for first, second, distance in rules:
            if place[first] + distance > place[second]:
                place[second] = place[first] + distance
                changed = True
    return place


def _pull(high: list[int], rules: list[Rule]) -> list[int]:
    """Return the greatest places that keep the rules."""
    place = list(high)
    changed = True
    while changed:
        changed = False
        for first, second, distance in reversed(rules):
            if place[second] - distance < place[first]:
                place[first] = place[second] - distance
                changed = True
    return place


def _rectangles(
    sheet: Sheet,
    places: Places,
    tracks: Tracks,
    box_at: list[int],
    *,
    pieces: list[Piece],
    style: Style,
) -> list[Rectangle]:
    result: list[Rectangle] = []
    for box in range(sheet.count):
        at, top = box_at[box], places.top[box]
        end = at + sheet.thick[box]
        result.append((BOX, at, end, top, top + places.size[box] - 1, box, 0))
        for side in (LEFT, RIGHT):
            for port in sheet.ports[box][side]:
                room = sheet.port_room[port]
                if not room:
                    continue
                if style.down:
                    rows = sheet.port_zone[port]
                    start = end if side == RIGHT else at - rows
                    v = places.port[port] + 2
                    last = places.port[port] + sheet.port_reach[port] - 2
                elif port in tracks.labels:
                    v, offset = tracks.labels[port]
                    last, rows = v, room
                    start = end + offset if side == RIGHT else at - offset - room
                else:
                    continue
                result.append((LABEL, start, start + rows, v, last, box, start - at))
    for index, piece in enumerate(pieces):
        result.append(
            (PIECE, piece.at, piece.at + 1, piece.low, piece.high, sheet.count + index, 0)
        )
    return result


def _rules(rectangles: list[Rectangle], style: Style) -> list[Rule]:
    """Return the distances of pairs that overlap along v, or nearly so.

    Of those that overlap in a place the neighbours are enough, as they keep the others away.
    """
    beside = ((1, style.box_line_gap, 1), (style.box_line_gap, style.ends_gap, 1), (1, 1, 1))
    if style.down:
        before = ((2, 1, 0), (2, style.pitch - 1, 0), (1, 0, 0))
    else:
        before = ((3, 2, 2), (2, style.pitch - 1, 1), (2, 1, 1))
    rules: list[Rule] = []

    def keep_apart(one: Rectangle, other: Rectangle) -> int:
        """Add the distance of two if they don't overlap across; return the cells it spans."""
        left, right = (other, one) if other[2] <= one[1] else (one, other)
        gap = right[1] - left[2]
        if gap < 0:
            return 0
        if one[5] != other[5]:
            gap = min(gap, before[left[0]][right[0]])
            rules.append((left[5], right[5], left[6] + left[2] - left[1] + gap - right[6]))
        return gap + other[2] - other[1]

    place = 0
    # what overlaps the place, from the first to the last across, and what ended shortly before
    active: list[Rectangle] = []
    ended: list[Rectangle] = []
    for one in sorted(rectangles, key=itemgetter(3)):
        kind, start, _, low, *_ = one
        if low != place:
            place = low
            ended = [other for other in ended + active if other[4] < low <= other[4] + 2]
            active = [other for other in active if other[4] >= low]
        for other in ended:
            if other[4] + beside[kind][other[0]] >= low:
                keep_apart(one, other)
        at = bisect_left(active, start, key=itemgetter(1))
        for near in (reversed(active[:at]), active[at:]):
            room = 0
            for other in near:
                room += keep_apart(one, other)
                if room >= FAR:
                    break
        active.insert(at, one)
    return rules


def _straight(
    sheet: Sheet, places: Places, tracks: Tracks, box_at: list[int], style: Style
) -> list[Rule]:
    """Return the distances of what straight stretches tie, for their marks and labels."""
    rules: list[Rule] = []
    index: dict[int, int] = {}
    number = sheet.count
    for groups in tracks.pieces:
        for group in groups.values():
            for piece in group:
                index[id(piece)] = number
                number += 1
    for port, item in enumerate(sheet.port_item):
        if item >= sheet.count:
            continue
        side = sheet.port_side[port]
        net, place = sheet.port_net[port], places.port[port]
        column = sheet.column[item]
        step = 1 if side == RIGHT else -1
        while True:
            channel = column + (1 if step > 0 else 0)
            found = tracks.pieces[channel].get(net, [])
            end = next(
                (one for one in found if place in (one.left if step > 0 else one.right)), None
            )
            if end is not None:
                mover = index[id(end)]
                gap = sheet.port_zone[port]
                if step > 0:
                    gap = min(gap, end.at - box_at[item] - sheet.thick[item])
                    rules.append((item, mover, sheet.thick[item] + gap))
                else:
                    gap = min(gap, box_at[item] - end.at - 1)
                    rules.append((mover, item, 1 + gap))
                break
            if step < 0:
                break
            column += step
            dummy = sheet.passes[net].get(column)
            if dummy is not None:
                continue
            far = next(other for seg in sheet.segs[channel] if seg[0] == net for other in seg[2])
            rooms = [room for each in (port, far) if (room := sheet.port_room[each])]
            marks = sheet.port_zone[port] + sheet.port_zone[far]
            if style.down:
                gap = marks
            else:
                gap = max(marks - 1, sum(rooms) + len(rooms) + 2, style.least if rooms else 0)
            other = sheet.port_item[far]
            gap = min(gap, box_at[other] - box_at[item] - sheet.thick[item])
            rules.append((item, other, sheet.thick[item] + gap))
            break
    return rules
