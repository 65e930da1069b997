"""Phase 3: a sheet in, the order of the items in each column out, with few crossings."""

from __future__ import annotations

from erdgen.layout.packing import settle
from erdgen.layout.sheet import FREE, Sheet, Style

Span = tuple[int, int, int, list[int], list[int]]
"""A segment's net, least and greatest place, and the places of its left and right ports."""


def order_items(sheet: Sheet, style: Style, budget: int = 400_000) -> list[list[int]]:
    """Return the items of each column in an order with few crossings.

    Barycenter sweeps (Sugiyama, Tagawa, Toda 1981) on estimated places, the best of a few kept,
    then exchanges of neighbours as long as they save crossings. Crossings are counted port by
    port and a trunk's shared parts once, for the better of the two orders in which two segments
    can stand in their channel.

    Args:
        sheet: Items, ports and segments.
        style: The distances of the direction.
        budget: Most comparisons of two segments in all; more is not spent however large the
            sheet.

    Postcondition: each column holds the items it held.
    """
    state = _State(sheet, style, budget)
    if len(sheet.size) <= 1:
        return [list(items) for items in sheet.columns]
    state.pack()
    best, cost = state.snapshot(), state.crossings()
    stale = 0
    for sweep in range(12):
        state.sweep(forward=sweep % 2 == 0, both=sweep >= 6)
        now = state.crossings()
        if now < cost:
            best, cost, stale = state.snapshot(), now, 0
        else:
            stale += 1
            if stale > 3 or state.spent > budget // 2:
                break
    state.restore(best)
    state.exchange()
    return state.order


class _State:
    """An order under way, with estimated places."""

    def __init__(self, sheet: Sheet, style: Style, budget: int) -> None:
        self.sheet = sheet
        self.order = [list(items) for items in sheet.columns]
        self.top = [0] * len(sheet.size)
        self.budget = budget
        self.spent = 0
        self.half = [size // 2 for size in sheet.size]
        self.shift = [
            offset if offset != FREE else self.half[item]
            for item, offset in zip(sheet.port_item, sheet.port_offset, strict=True)
        ]
        self.blank = style.box_line_gap
        self.touch: list[list[tuple[int, int]]] = [[] for _ in sheet.size]
        for channel, segs in enumerate(sheet.segs):
            for index, (_, left, right) in enumerate(segs):
                for item in {sheet.port_item[port] for port in left + right}:
                    self.touch[item].append((channel, index))
        self.start = self._depth_first()

    def _depth_first(self) -> list[int]:
        return list(range(len(self.sheet.size)))

    def pack(self) -> None:
        """Place the items of each column side by side, centred about 0."""
        for items in self.order:
            total = sum(self.sheet.size[item] + self.blank for item in items)
            place = -(total // 2)
            for item in items:
                self.top[item] = place
                place += self.sheet.size[item] + self.blank

    def snapshot(self) -> tuple[list[list[int]], list[int]]:
        return [list(items) for items in self.order], list(self.top)

    def restore(self, saved: tuple[list[list[int]], list[int]]) -> None:
        self.order = [list(items) for items in saved[0]]
        self.top = list(saved[1])

    def span(self, channel: int, index: int) -> Span:
        """The places of a segment's ports."""
        net, left, right = self.sheet.segs[channel][index]
        item, top, shift = self.sheet.port_item, self.top, self.shift
        lefts = [top[item[port]] + shift[port] for port in left]
        rights = [top[item[port]] + shift[port] for port in right]
        every = lefts + rights
        return net, min(every), max(every), lefts, rights

    def crossings(self) -> int:
        """Count the crossings of all channels."""
        total = 0
        for channel, segs in enumerate(self.sheet.segs):
            spans = [self.span(channel, index) for index in range(len(segs))]
            spans.sort(key=lambda span: (span[1], span[2]))
            total += self._count(spans)
        return total

    def _count(self, spans: list[Span]) -> int:
        total = 0
        for index, one in enumerate(spans):
            high = one[2]
            for other in spans[index + 1 :]:
                if other[1] > high:
                    break
                total += cross(one, other)
                self.spent += 1
        return total

    def sweep(self, *, forward: bool, both: bool) -> None:
        """Sort each column by the places of its neighbours, and place it near them."""
        sheet, top, shift = self.sheet, self.top, self.shift
        columns = range(len(self.order))
        for column in columns if forward else reversed(columns):
            items = self.order[column]
            keys: list[float] = []
            wishes: list[list[tuple[int, int]]] = []
            for item in items:
                places: list[int] = []
                for side in (0, 1):
                    if not both and side != (0 if forward else 1):
                        continue
                    for port in sheet.ports[item][side]:
                        seg = self._seg_of(port)
                        far = seg[1] if side == 0 else seg[2]
                        near = seg[2] if side == 0 else seg[1]
                        for end in far or near:
                            if end != port:
                                places.append(top[sheet.port_item[end]] + shift[end] - shift[port])
                if places:
                    keys.append(sum(places) / len(places))
                    wishes.append([(place, 1) for place in places])
                else:
                    keys.append(float(top[item]))
                    wishes.append([])
            ranked = sorted(range(len(items)), key=lambda index: (keys[index], index))
            items = [items[index] for index in ranked]
            self.order[column] = items
            gaps = [0] + [sheet.size[item] + self.blank for item in items[:-1]]
            placed = settle(
                gaps, [wishes[index] for index in ranked], [top[item] for item in items]
            )
            for item, place in zip(items, placed, strict=True):
                top[item] = place

    def _seg_of(self, port: int) -> tuple[int, list[int], list[int]]:
        sheet = self.sheet
        channel = sheet.column[sheet.port_item[port]] + sheet.port_side[port]
        for _, index in self._touching(sheet.port_item[port], channel):
            seg = sheet.segs[channel][index]
            if seg[0] == sheet.port_net[port]:
                return seg
        raise AssertionError

    def _touching(self, item: int, channel: int) -> list[tuple[int, int]]:
        return [pair for pair in self.touch[item] if pair[0] == channel]

    def local(self, channel: int, indexes: set[int]) -> int:
        """Crossings of some segments of a channel with all of it."""
        count = len(self.sheet.segs[channel])
        spans = [self.span(channel, index) for index in range(count)]
        total = 0
        for index in indexes:
            one = spans[index]
            low, high = one[1], one[2]
            for other in range(count):
                if other == index or (other in indexes and other < index):
                    continue
                two = spans[other]
                if two[1] <= high and two[2] >= low:
                    total += cross(one, two)
        self.spent += count * len(indexes)
        return total

    def exchange(self) -> None:
        """Exchange neighbours while it saves crossings, or length at equal crossings."""
        improved = True
        while improved and self.spent < self.budget:
            improved = False
            for items in self.order:
                for index in range(len(items) - 1):
                    if self.spent >= self.budget:
                        return
                    if self._try(items, index):
                        improved = True

    def _try(self, items: list[int], index: int) -> bool:
        a, b = items[index], items[index + 1]
        segs: dict[int, set[int]] = {}
        for channel, seg in self.touch[a] + self.touch[b]:
            segs.setdefault(channel, set()).add(seg)
        if not segs:
            return False
        before = self._cost(segs)
        top, size = self.top, self.sheet.size
        old = top[a], top[b]
        gap = top[b] - top[a] - size[a]
        top[b] = top[a]
        top[a] = top[b] + size[b] + gap
        after = self._cost(segs)
        if after < before:
            items[index], items[index + 1] = b, a
            return True
        top[a], top[b] = old
        return False

    def _cost(self, segs: dict[int, set[int]]) -> tuple[int, int]:
        crossings = sum(self.local(channel, indexes) for channel, indexes in segs.items())
        length = 0
        for channel, indexes in segs.items():
            for index in indexes:
                span = self.span(channel, index)
                length += span[2] - span[1]
        return crossings, length


def cross(one: Span, two: Span) -> int:
    """Return how often two segments of a channel must cross.

    >>> cross((0, 1, 5, [1], [5]), (1, 2, 4, [4], [2]))
    1
    >>> cross((0, 1, 3, [1], [3]), (1, 2, 4, [2], [4]))
    0
    """
    _, low1, high1, left1, right1 = one
    _, low2, high2, left2, right2 = two
    first = second = 0
    for place in right1:
        if low2 < place < high2:
            first += 1
    for place in left2:
        if low1 < place < high1:
            first += 1
    if not first:
        return 0
    for place in right2:
        if low1 < place < high1:
            second += 1
    for place in left1:
        if low2 < place < high2:
            second += 1
    return min(first, second)
