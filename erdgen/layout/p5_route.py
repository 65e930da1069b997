"""Phase 5: placed columns in, the track of each line in each channel out."""

from __future__ import annotations

from collections.abc import Sequence

from erdgen.layout.sheet import LEFT, RIGHT, Seg, Sheet, Style

HARD = 1_000_000


class Piece:
    """A stretch along v in a channel.

    Attributes:
        net: The net it belongs to.
        left, right: Places at which it is joined from the left and from the right.
        low, high: Its least and greatest place.
        across: Where it stands: cells from the left edge of its channel.
        at: The same from the left edge of the drawing, set by who knows that.
        joints: Pieces of the same net that it is joined with, and where.
    """

    __slots__ = ("across", "at", "high", "joints", "left", "low", "net", "right")

    def __init__(self, net: int, left: list[int], right: list[int]) -> None:
        self.net = net
        self.left = left
        self.right = right
        self.low = min(left + right)
        self.high = max(left + right)
        self.across = 0
        self.at = 0
        self.joints: list[tuple[Piece, int]] = []


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
        zones = [1 if channel else 0, 1 if channel < last else 0]
        straight = 0
        for net, lefts, rights in segs:
            a = sorted(port_place[port] for port in lefts)
            b = sorted(port_place[port] for port in rights)
            used.update(a)
            used.update(b)
            if a == b and len(a) == 1:
                rooms = [room for port in (lefts[0], rights[0]) if (room := sheet.port_room[port])]
                marks = sheet.port_zone[lefts[0]] + sheet.port_zone[rights[0]]
                room = sum(rooms) + len(rooms) + 2
                straight = max(straight, marks if style.down else max(marks - 1, room))
                continue
            cut = _cut(net, a, b)
            pieces.extend(cut)
        _break_cycles(pieces, used)
        labels: list[tuple[int, int, int, int]] = []
        if style.stub and channel == last and _apart(pieces):
            for piece in pieces:
                piece.across = style.stub
            rooms = [sheet.port_room[port] for _, lefts, _ in segs for port in lefts]
            tracks.width.append(style.stub + 3 + max(rooms) if any(rooms) else style.stub + 1)
            tracks.pieces.append({piece.net: [piece] for piece in pieces})
            for net, lefts, _ in segs:
                piece = tracks.pieces[channel][net][0]
                port = next((port for port in lefts if sheet.port_room[port]), -1)
                if port >= 0 and piece.high - piece.low > 3:
                    place = min(max(port_place[port] + 2, piece.low + 2), piece.high - 1)
                    tracks.labels[port] = place, style.stub + 2
            continue
        if not style.down:
            labels = _place_labels(sheet, segs, port_place, pieces)
        order = _order_pieces(pieces, style.ends_gap)
        left_labels = [(place, room) for _, place, room, side in labels if side == RIGHT]
        right_labels = [(place, room) for _, place, room, side in labels if side == LEFT]
        # what must stay free on either side: a place and a number of cells
        keep_left = [(place, room + 2) for place, room in left_labels]
        keep_right = [(place, room + 2) for place, room in right_labels]
        for _, lefts, rights in segs:
            keep_left.extend((port_place[port], sheet.port_zone[port]) for port in lefts)
            keep_right.extend((port_place[port], sheet.port_zone[port]) for port in rights)
        _stand(order, style, zones[0], keep_left)
        width = straight
        for piece in pieces:
            after = zones[1]
            for place, room in keep_right:
                if room > after and piece.low <= place <= piece.high:
                    after = room
            width = max(width, piece.across + 1 + after)
        for _, place, room, side in labels:
            width = max(width, room + 2)
            if side == RIGHT:
                width = max([width] + [room + far + 3 for row, far in right_labels if row == place])
        if 0 < channel < last:
            width = max(width, 2 if style.down else 3)
        if labels:
            width = max(width, style.least)
        for port, place, room, side in labels:
            first = 1
            if (
                room + 3 <= width
                and not any(row == place for row, _ in right_labels)
                and not any(
                    piece.low <= place <= piece.high and piece.across < room + 3
                    for piece in pieces
                )
            ):
                first = 2  # as in the templates, where there is room
            tracks.labels[port] = place, first if side == RIGHT else 1
        tracks.width.append(width)
        by_net: dict[int, list[Piece]] = {}
        for piece in pieces:
            by_net.setdefault(piece.net, []).append(piece)
        tracks.pieces.append(by_net)
    return tracks


def _apart(pieces: list[Piece]) -> bool:
    """Whether no two pieces meet along v."""
    ranked = sorted((piece.low, piece.high) for piece in pieces)
    return all(one[1] + 1 < other[0] for one, other in zip(ranked, ranked[1:], strict=False))


def _place_labels(
    sheet: Sheet, segs: Sequence[Seg], port_place: list[int], pieces: list[Piece]
) -> list[tuple[int, int, int, int]]:
    """Return (port, place, columns, side of the box) of the labels that fit beside their stubs.

    A label stands below its stub, or above where the line turns down and nothing else is near.
    """
    result: list[tuple[int, int, int, int]] = []
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
            result.append((port, chosen, sheet.port_room[port], side))
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


def _cut(net: int, left: list[int], right: list[int]) -> list[Piece]:
    """Make the pieces of a segment, cut where it would be joined from both sides."""
    low, high = min(left[:1] + right[:1]), max(left[-1:] + right[-1:])
    cuts = [place for place in left if low < place < high and place in right]
    bounds = [low, *cuts, high]
    pieces: list[Piece] = []
    for start, end in zip(bounds, bounds[1:], strict=False):
        piece = Piece(
            net,
            [place for place in left if start <= place <= end],
            [place for place in right if start <= place <= end],
        )
        if pieces:
            join(pieces[-1], piece, start)
        pieces.append(piece)
    return pieces


def join(one: Piece, other: Piece, place: int) -> None:
    """Tie two pieces of a net by a stretch across at a place."""
    one.joints.append((other, place))
    other.joints.append((one, place))


def _break_cycles(pieces: list[Piece], used: set[int]) -> None:
    """Split pieces until no two must be left of each other."""
    while True:
        cycle = _find_cycle(pieces)
        if not cycle:
            return
        piece = min(cycle, key=lambda one: (len(one.joints), one.high - one.low, one.net))
        middle = (piece.low + piece.high) // 2
        step = 0
        while middle in used:
            step += 1
            middle += step if step % 2 else -step
        used.add(middle)
        old_joints = piece.joints
        left = Piece(piece.net, piece.left, [middle])
        right = Piece(piece.net, [middle], piece.right)
        join(left, right, middle)
        for other, place in old_joints:
            other.joints = [pair for pair in other.joints if pair[0] is not piece]
            if place in left.left:
                join(left, other, place)
                right.right = [one for one in right.right if one != place]
            else:
                join(right, other, place)
        for half in (left, right):
            half.low = min(half.left + half.right)
            half.high = max(half.left + half.right)
        where = pieces.index(piece)
        pieces[where : where + 1] = [left, right]


def _find_cycle(pieces: list[Piece]) -> list[Piece]:
    """Return pieces of which each must be left of the next, in a circle; empty if there is none."""
    owner: dict[int, list[int]] = {}
    for index, piece in enumerate(pieces):
        for place in piece.right:
            owner.setdefault(place, []).append(index)
    after: list[list[int]] = []
    for index, piece in enumerate(pieces):
        nexts: list[int] = []
        for place in piece.left:
            nexts.extend(other for other in owner.get(place, ()) if pieces[other].net != piece.net)
        after.append(nexts)
    color = [0] * len(pieces)
    for root in range(len(pieces)):
        if color[root]:
            continue
        path = [root]
        color[root] = 1
        iterators = [iter(after[root])]
        while path:
            found = next(iterators[-1], None)
            if found is None:
                color[path.pop()] = 2
                iterators.pop()
            elif color[found] == 1:
                return [pieces[index] for index in path[path.index(found) :]]
            elif color[found] == 0:
                color[found] = 1
                path.append(found)
                iterators.append(iter(after[found]))
    return []


def _order_pieces(pieces: list[Piece], gap: int) -> list[Piece]:
    """Return the pieces from left to right with few crossings and no hard order broken."""
    count = len(pieces)
    if count < 2:
        return pieces
    better: list[dict[int, int]] = [{} for _ in range(count)]
    ranked = sorted(range(count), key=lambda index: (pieces[index].low, pieces[index].high, index))
    for position, i in enumerate(ranked):
        one = pieces[i]
        for j in ranked[position + 1 :]:
            other = pieces[j]
            if other.low > one.high + gap:
                break
            balance = _crossings(one, other) - _crossings(other, one)
            better[i][j] = balance
            better[j][i] = -balance
    total = [sum(row.values()) for row in better]
    # how many pieces still to come must stand left of each
    blocked = [sum(value > HARD // 2 for value in row.values()) for row in better]
    alive = set(range(count))
    order: list[int] = []
    while alive:
        first = min(
            alive, key=lambda index: (blocked[index], total[index], pieces[index].low, index)
        )
        alive.remove(first)
        order.append(first)
        for other, value in better[first].items():
            total[other] += value
            blocked[other] -= value < -HARD // 2
    if count <= 200:
        _reinsert(order, better)
    return [pieces[index] for index in order]


def _reinsert(order: list[int], better: list[dict[int, int]]) -> None:
    """Move single pieces to better positions while there are some."""
    for _ in range(6):
        changed = False
        for piece in sorted(order):
            row = better[piece]
            position = order.index(piece)
            best, gain = position, 0
            run = 0
            for index in range(position - 1, -1, -1):
                run += row.get(order[index], 0)
                if run < gain:
                    best, gain = index, run
            run = 0
            for index in range(position + 1, len(order)):
                run -= row.get(order[index], 0)
                if run < gain:
                    best, gain = index, run
            if gain < 0:
                order.pop(position)
                order.insert(best, piece)
                changed = True
        if not changed:
            return


def _crossings(one: Piece, other: Piece) -> int:
    """Crossings of two pieces if the first stands left of the other; HARD if it must not."""
    total = 0
    if one.net == other.net:
        return 0
    for place in one.right:
        if other.low < place < other.high:
            total += 1
        if place in other.left:
            total += HARD
    for place in other.left:
        if one.low < place < one.high:
            total += 1
    return total


def walk(pieces: list[Piece], start: int, side: int, end: int, end_side: int) -> list[Piece]:
    """Return the pieces that lead from a port to another, in order.

    Args:
        pieces: The pieces of a net in a channel.
        start, side: Place of the first port and the side of the channel (LEFT or RIGHT) where it
            lies.
        end, end_side: The same of the other port.
    """
    goals = [piece for piece in pieces if end in (piece.left if end_side == LEFT else piece.right)]
    roots = [piece for piece in pieces if start in (piece.left if side == LEFT else piece.right)]
    came: dict[int, Piece | None] = {id(piece): None for piece in roots}
    queue = list(roots)
    for piece in queue:
        if piece in goals:
            path = [piece]
            while (before := came[id(path[-1])]) is not None:
                path.append(before)
            return path[::-1]
        for other, _ in piece.joints:
            if id(other) not in came:
                came[id(other)] = piece
                queue.append(other)
    return []
