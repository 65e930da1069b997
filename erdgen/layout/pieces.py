"""Segments of a channel in, the pieces they are drawn as and their order across out.

A part of phase 5.
"""

from __future__ import annotations

from itertools import pairwise

from erdgen.layout.sheet import LEFT

HARD = 1_000_000
"""Cost of an order in which two lines would lie on each other."""


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


def cut_segment(net: int, left: list[int], right: list[int]) -> list[Piece]:
    """Make the pieces of a segment, cut where it would be joined from both sides."""
    low, high = min(left[:1] + right[:1]), max(left[-1:] + right[-1:])
    cuts = [place for place in left if low < place < high and place in right]
    bounds = [low, *cuts, high]
    pieces: list[Piece] = []
    for start, end in pairwise(bounds):
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


def break_cycles(pieces: list[Piece], used: set[int]) -> None:
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
            if place in left.left and (place not in right.right or place in other.right):
                # what is on the right at that place is reached through the other piece
                join(left, other, place)
                right.right = [one for one in right.right if one != place]
            else:
                join(right, other, place)
                left.left = [one for one in left.left if one != place]
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
    for piece in pieces:
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


def order_pieces(pieces: list[Piece], gap: int) -> list[Piece]:
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
        for rest, value in better[first].items():
            total[rest] += value
            blocked[rest] -= value < -HARD // 2
    if count <= 200:
        _reinsert(order, better)
    return [pieces[index] for index in order]


def _reinsert(order: list[int], better: list[dict[int, int]]) -> None:
    """Move single pieces to better positions while there are some."""
    for _ in range(6):
        changed = False
        for number in sorted(order):
            row = better[number]
            position = order.index(number)
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
                order.insert(best, number)
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


def walk(pieces: list[Piece], start: tuple[int, int], end: tuple[int, int]) -> list[Piece]:
    """Return the pieces that lead from a port to another, in order.

    Args:
        pieces: The pieces of a net in a channel.
        start: Place of the first port, and the side of the channel where it lies.
        end: The same of the other port.

    Postcondition: each piece is joined with the next; never empty.
    """
    goals, roots = _at(pieces, end), _at(pieces, start)
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
    raise AssertionError("the pieces of a net hang together")


def _at(pieces: list[Piece], port: tuple[int, int]) -> list[Piece]:
    place, side = port
    return [piece for piece in pieces if place in (piece.left if side == LEFT else piece.right)]
