"""Phase 3: a sheet in, the order of the items in each column out, with few crossings."""

from __future__ import annotations

from erdgen.layout.packing import Wish, settle
from erdgen.layout.sheet import FREE, Seg, Sheet, Style

Span = tuple[int, int, list[int], list[int]]
"""Least and greatest place of a segment, and the sorted places of its left and right ports."""

CROSSING = 60
"""How many cells of length along the columns a crossing is worth."""


Start = tuple[list[list[int]], list[int], int]
"""The order of each column, the place of each item, and what that costs."""


def order_items(
    sheet: Sheet, style: Style, budget: int = 400_000, start: Start | None = None
) -> list[list[int]]:
    """Return the items of each column in an order with few crossings.

    Barycenter sweeps (Sugiyama, Tagawa, Toda 1981) on estimated places, the best of them kept,
    then sifting (Matuszewski, Schönfeld, Molitor 1999): each item is led through its column and
    stays where crossings and length are least. Crossings are counted port by port and a trunk's
    shared parts once, for the better of the two orders in which two segments can stand in their
    channel.

    Args:
        sheet: Items, ports and segments.
        style: The distances of the direction.
        budget: About how many comparisons of two segments the sifting may take; none with 0.
        start: What `sweep_items` returned for the same sheet and style, if that is known.

    Postcondition: each column holds the items it held.
    """
    order, top, cost = sweep_items(sheet, style) if start is None else start
    best = order, top
    if len(sheet.size) <= 2 or not budget:
        return [list(items) for items in order]
    state = _State(sheet, style, budget)
    state.restore(best)
    state.cost()
    for _ in range(3):
        if state.spent > budget or not state.sift():
            break
        state.sweep(forward=True, both=True, sort=False)
        state.sweep(forward=False, both=True, sort=False)
        now = state.cost()
        if now >= cost:
            break
        best, cost = state.snapshot(), now
    state.restore(best)
    return state.order


def sweep_items(sheet: Sheet, style: Style) -> Start:
    """Return the best order that barycenter sweeps find, with its places and its cost."""
    state = _State(sheet, style, 0)
    if len(sheet.size) <= 2:
        return state.order, state.top, 0
    state.pack()
    best, cost = state.snapshot(), state.cost()
    stale = 0
    for sweep in range(10):
        state.sweep(forward=sweep % 2 == 0, both=sweep >= 4, sort=True)
        now = state.cost()
        if now < cost:
            best, cost, stale = state.snapshot(), now, 0
        else:
            stale += 1
            if stale > 3:
                break
    return *best, cost


class _State:
    """An order under way, with estimated places."""

    def __init__(self, sheet: Sheet, style: Style, budget: int) -> None:
        self.sheet = sheet
        self.order = [list(items) for items in sheet.columns]
        self.top = [0] * len(sheet.size)
        self.budget = budget
        self.spent = 0
        self.shift = [
            offset if offset != FREE else (sheet.size[item] - sheet.tail[item]) // 2
            for item, offset in zip(sheet.port_item, sheet.port_offset, strict=True)
        ]
        self.blank = style.box_line_gap
        # the segments as pairs (item, shift) on either side, and which of them touch an item
        self.ends: list[list[tuple[list[tuple[int, int]], list[tuple[int, int]]]]] = []
        self.touch: list[dict[int, list[int]]] = [{} for _ in sheet.size]
        self.seg: list[Seg] = [(0, [], [])] * len(sheet.port_item)
        item_of, shift = sheet.port_item, self.shift
        for channel, segs in enumerate(sheet.segs):
            self.ends.append(
                [
                    (
                        [(item_of[port], shift[port]) for port in left],
                        [(item_of[port], shift[port]) for port in right],
                    )
                    for _, left, right in segs
                ]
            )
            for index, seg in enumerate(segs):
                for port in seg[1] + seg[2]:
                    self.seg[port] = seg
                    touched = self.touch[item_of[port]].setdefault(channel, [])
                    if index not in touched:
                        touched.append(index)
        self.spans: list[list[Span]] = [[] for _ in sheet.segs]

    def pack(self) -> None:
        """Place the items of each column side by side, centred about 0."""
        for items in self.order:
            total = sum(self.sheet.size[item] + self.blank for item in items)
            place = -(total // 2)
            for item in items:
                self.top[item] = place
                place += self.sheet.size[item] + self.blank

    def snapshot(self) -> tuple[list[list[int]], list[int]]:
        """Return a copy of order and places."""
        return [list(items) for items in self.order], list(self.top)

    def restore(self, saved: tuple[list[list[int]], list[int]]) -> None:
        """Go back to a copy."""
        self.order = [list(items) for items in saved[0]]
        self.top = list(saved[1])

    def span(self, channel: int, index: int) -> Span:
        """Return the places of a segment's ports."""
        top = self.top
        left, right = self.ends[channel][index]
        lefts = [top[item] + shift for item, shift in left]
        rights = [top[item] + shift for item, shift in right]
        if len(lefts) > 1:
            lefts.sort()
        if len(rights) > 1:
            rights.sort()
        if not lefts:
            return rights[0], rights[-1], lefts, rights
        if not rights:
            return lefts[0], lefts[-1], lefts, rights
        a, b, c, d = lefts[0], rights[0], lefts[-1], rights[-1]
        return a if a < b else b, c if c > d else d, lefts, rights

    def cost(self) -> int:
        """Return the cost of the whole: crossings and length."""
        total = 0
        for channel, ends in enumerate(self.ends):
            spans = [self.span(channel, index) for index in range(len(ends))]
            self.spans[channel] = spans
            ranked = sorted(spans, key=lambda span: span[:2])
            for index, one in enumerate(ranked):
                high = one[1]
                total += high - one[0]
                for position in range(index + 1, len(ranked)):
                    other = ranked[position]
                    if other[0] > high:
                        break
                    total += CROSSING * cross(one, other)
                self.spent += 1
        return total

    def sweep(self, *, forward: bool, both: bool, sort: bool) -> None:
        """Place each column near its neighbours, sorted by their places if asked for."""
        sheet, top, shift = self.sheet, self.top, self.shift
        item_of = sheet.port_item
        columns = range(len(self.order))
        for column in columns if forward else reversed(columns):
            items = self.order[column]
            keys: list[float] = []
            wishes: list[list[Wish]] = []
            for item in items:
                places: list[int] = []
                for side in (0, 1):
                    if not both and side != (0 if forward else 1):
                        continue
                    for port in sheet.ports[item][side]:
                        seg = self.seg[port]
                        far, near = (seg[1], seg[2]) if side == 0 else (seg[2], seg[1])
                        own = shift[port]
                        places.extend(
                            top[item_of[end]] + shift[end] - own
                            for end in far or near
                            if end != port
                        )
                if places:
                    keys.append(sum(places) / len(places))
                    wishes.append([(place, 1) for place in places])
                else:
                    keys.append(float(top[item]))
                    wishes.append([])
            if sort:
                ranked = sorted(range(len(items)), key=lambda index: (keys[index], index))
                items = [items[index] for index in ranked]
                wishes = [wishes[index] for index in ranked]
                self.order[column] = items
            gaps = [0] + [sheet.size[item] + self.blank for item in items[:-1]]
            placed = settle(gaps, wishes, [top[item] for item in items])
            for item, place in zip(items, placed, strict=True):
                top[item] = place

    def sift(self) -> bool:
        """Lead each item through its column and leave it at the best place; tell if any moved."""
        moved = False
        for column, items in enumerate(self.order):
            for item in list(items):
                if self.spent > self.budget:
                    return moved
                if self._lead(column, item):
                    moved = True
        return moved

    def _lead(self, column: int, item: int) -> bool:
        items = self.order[column]
        home = items.index(item)
        best, least, run = home, 0, 0
        position = home
        # the nearer end first, then back to the other one
        legs = (range(home, 0, -1), range(len(items) - 1))
        grown: list[int] = []
        for index in legs[0]:
            grown.append(self._swap(items, index - 1))
            run += grown[-1]
            position = index - 1
            if run < least:
                best, least = position, run
        for index in legs[1]:
            # the way back undoes what the way there did
            if grown:
                run -= grown.pop()
                self._swap(items, index, measure=False)
            else:
                run += self._swap(items, index)
            position = index + 1
            if run < least:
                best, least = position, run
        while position > best:
            self._swap(items, position - 1, measure=False)
            position -= 1
        return best != home

    def _swap(self, items: list[int], index: int, *, measure: bool = True) -> int:
        """Exchange two neighbours; return by how much the cost grows."""
        a, b = items[index], items[index + 1]
        touched: dict[int, set[int]] = {}
        for item in (a, b):
            for channel, indexes in self.touch[item].items():
                touched.setdefault(channel, set()).update(indexes)
        before = self._local(touched) if measure else 0
        top, size = self.top, self.sheet.size
        gap = top[b] - top[a] - size[a]
        top[b] = top[a]
        top[a] = top[b] + size[b] + gap
        items[index], items[index + 1] = b, a
        for channel, segs in touched.items():
            spans = self.spans[channel]
            for seg in segs:
                spans[seg] = self.span(channel, seg)
        return self._local(touched) - before if measure else 0

    def _local(self, touched: dict[int, set[int]]) -> int:
        """Return the cost of some segments: their length, their crossings with all others."""
        total = 0
        for channel, segs in touched.items():
            spans = self.spans[channel]
            self.spent += len(segs) * len(spans)
            for index in segs:
                one = spans[index]
                low, high = one[0], one[1]
                total += high - low
                for other, two in enumerate(spans):
                    if two[0] < high and two[1] > low and (other > index or other not in segs):
                        total += CROSSING * cross(one, two)
        return total


def cross(one: Span, two: Span) -> int:
    """Return how often two segments of a channel must cross.

    >>> cross((1, 5, [1], [5]), (2, 4, [4], [2]))
    1
    >>> cross((1, 3, [1], [3]), (2, 4, [2], [4]))
    0
    """
    low1, high1, left1, right1 = one
    low2, high2, left2, right2 = two
    first = second = 0
    for place in right1:
        first += low2 < place < high2
    for place in left2:
        first += low1 < place < high1
    if not first:
        return 0
    for place in right2:
        second += low1 < place < high1
    for place in left1:
        second += low2 < place < high2
    return first if first < second else second
