"""Phase 3: a sheet in, the order of the items in each column out, with few crossings."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable

from erdgen.layout.packing import Wish, settle
from erdgen.layout.sheet import FREE, LEFT, Seg, Sheet, Style

Span = tuple[int, int, list[int], list[int]]
"""Least and greatest place of a segment, and the sorted places of its left and right ports."""

CROSSING = 60
"""How many cells of length along the columns a crossing is worth."""
HOPELESS = 5 * CROSSING
"""An item that costs so much more beyond all that draws it is led no further."""
MANY_PORTS = 8
"""Ports of a segment beyond which its crossings are counted by bisection."""
MOST_ENDS = 24
"""About how many of the other ports of its segment a port is drawn to at most."""


Standing = tuple[list[int], list[int], list[Span], list[Span]]
"""The items of a column in order, their places, and the spans of the channels on either side."""

Start = tuple[list[list[int]], list[int], int]
"""The order of each column, the place of each item, and what that costs."""


def order_items(
    sheet: Sheet,
    style: Style,
    budget: int = 400_000,
    start: Start | None = None,
    fixed: Collection[int] = (),
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
        fixed: Columns whose items keep the order of their numbers.

    Postcondition: each column holds the items it held.
    """
    order, top, cost = sweep_items(sheet, style, fixed) if start is None else start
    best = order, top
    if len(sheet.size) <= 2 or not budget:
        return [list(items) for items in order]
    state = Ordering(sheet, style, budget, fixed)
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


def sweep_items(sheet: Sheet, style: Style, fixed: Collection[int] = ()) -> Start:
    """Return the best order that barycenter sweeps find, with its places and its cost."""
    state = Ordering(sheet, style, 0, fixed)
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


class Ordering:
    """An order under way, with estimated places."""

    def __init__(
        self, sheet: Sheet, style: Style, budget: int, fixed: Collection[int] = ()
    ) -> None:
        self.sheet = sheet
        self.fixed = fixed
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
        # for each port the pairs (item, shift less its own) that it wants to be level with
        self.pulls: list[list[tuple[int, int]]] = [[] for _ in sheet.port_item]
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
                    ends, own = ends_of(sheet, seg, port), shift[port]
                    self.pulls[port] = [(item_of[end], shift[end] - own) for end in ends]
                    touched = self.touch[item_of[port]].setdefault(channel, [])
                    if index not in touched:
                        touched.append(index)
        self.spans: list[list[Span]] = [[] for _ in sheet.segs]
        # what stands in the columns on either side of the one that is sifted
        self.beside: list[tuple[list[int], list[list[int]]]] = []

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
        if len(left) == len(right) == 1:
            ((item, shift),), ((other, its),) = left, right
            a, b = top[item] + shift, top[other] + its
            return (a, b, [a], [b]) if a < b else (b, a, [a], [b])
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
                end = index + 1
                while end < len(ranked) and ranked[end][0] < high:
                    end += 1
                total += CROSSING * cross(one, ranked[index + 1 : end])
                self.spent += 1
        return total

    def sweep(self, *, forward: bool, both: bool, sort: bool) -> None:
        """Place each column near its neighbours, sorted by their places if asked for."""
        sheet, top, pulls = self.sheet, self.top, self.pulls
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
                        places.extend([top[end] + way for end, way in pulls[port]])
                if places:
                    keys.append(sum(places) / len(places))
                    wishes.append([(place, 1) for place in places])
                else:
                    keys.append(float(top[item]))
                    wishes.append([])
            if sort and column not in self.fixed:
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
            if column in self.fixed or len(items) < 2:
                continue
            self.look_beside(column)
            for item in list(items):
                if self.spent > self.budget:
                    return moved
                if self._lead(column, item):
                    moved = True
        return moved

    def look_beside(self, column: int) -> None:
        """Prepare for swaps in a column: what stands in the columns on either side of it."""
        self.beside = [self._beside(column - 1, column), self._beside(column + 1, column + 1)]

    def _beside(self, column: int, channel: int) -> tuple[list[int], list[list[int]]]:
        """Return the places of a column's items, and the segments of a channel that touch each."""
        items = self.order[column] if 0 <= column < len(self.order) else []
        top, touch = self.top, self.touch
        return [top[item] for item in items], [touch[item].get(channel, []) for item in items]

    def _lead(self, column: int, item: int) -> bool:
        items, top = self.order[column], self.top
        home = items.index(item)
        start = best = self._save(column)
        least = 0
        ends = [port for side in self.sheet.ports[item] for port in side]
        goals = [top[end] + way for port in ends for end, way in self.pulls[port]] or [top[item]]
        low, high = min(goals), max(goals)
        # up to the first place, then from home down to the last one
        for indexes in (range(home - 1, -1, -1), range(home, len(items) - 1)):
            run = 0
            for index in indexes:
                run += self.swap(column, index)
                if run < least:
                    best, least = self._save(column), run
                elif run > HOPELESS and (top[item] < low if index < home else top[item] > high):
                    break
            self._load(column, start)
        self._load(column, best)
        return least < 0

    def _save(self, column: int) -> Standing:
        """Return how a column stands."""
        items, spans = self.order[column], self.spans
        return (
            list(items),
            [self.top[item] for item in items],
            list(spans[column]),
            list(spans[column + 1]),
        )

    def _load(self, column: int, saved: Standing) -> None:
        """Let a column stand as it stood."""
        items, tops, left, right = saved
        self.order[column][:] = items
        for item, top in zip(items, tops, strict=True):
            self.top[item] = top
        self.spans[column] = list(left)
        self.spans[column + 1] = list(right)

    def swap(self, column: int, index: int) -> int:
        """Exchange an item of a column with the next one; return by how much the cost grows.

        Only crossings of two segments change of which one touches the two items, and the other
        touches them too, or something in the column beside that stands where they do.
        """
        items = self.order[column]
        a, b = items[index], items[index + 1]
        top, size, touch = self.top, self.sheet.size, self.touch
        low, high = top[a], top[b] + size[b]
        before = after = 0
        touched: list[tuple[int, list[int], list[Span]]] = []
        for channel, (tops, segs) in enumerate(self.beside, column):
            own = touch[a].get(channel)
            its = touch[b].get(channel)
            if own and its:
                own = own + [seg for seg in its if seg not in own]
            own = own or its
            if own:
                first = max(0, bisect_right(tops, low) - 1)
                near = {seg for there in segs[first : bisect_right(tops, high)] for seg in there}
                near.difference_update(own)
                spans = self.spans[channel]
                others = [spans[seg] for seg in near]
                touched.append((channel, own, others))
                before += _local([spans[seg] for seg in own], others)
                self.spent += 2 * len(own) * (len(own) + len(near))
        gap = top[b] - low - size[a]
        top[b] = low
        top[a] = low + size[b] + gap
        items[index], items[index + 1] = b, a
        for channel, own, others in touched:
            spans = self.spans[channel]
            for seg in own:
                spans[seg] = self.span(channel, seg)
            after += _local([spans[seg] for seg in own], others)
        return after - before


def _local(own: list[Span], near: list[Span]) -> int:
    """Return the cost of some segments: length, crossings with each other and those near."""
    total = 0
    others = list(near)
    for one in own:
        low, high = one[0], one[1]
        total += high - low
        overlapping = [other for other in others if other[0] < high and other[1] > low]
        if overlapping:
            total += CROSSING * cross(one, overlapping)
        others.append(one)
    return total


def ends_of(sheet: Sheet, seg: Seg, port: int) -> list[int]:
    """Return the ports that a port looks at, across its channel or else beside it.

    Of very many only some: what is in the middle of all is nearly in the middle of these.
    """
    _, left, right = seg
    far, near = (left, right) if sheet.port_side[port] == LEFT else (right, left)
    ends = far or [end for end in near if end != port]
    return ends[:: len(ends) // MOST_ENDS + 1]


def cross(one: Span, others: Iterable[Span]) -> int:  # noqa: C901 - the innermost loop, no calls
    """Return how often a segment of a channel must cross others, each by itself.

    >>> cross((1, 5, [1], [5]), [(2, 4, [4], [2])])
    1
    >>> cross((1, 3, [1], [3]), [(2, 4, [2], [4])])
    0
    """
    low1, high1, left1, right1 = one
    many = len(left1) + len(right1) > MANY_PORTS
    total = 0
    for low2, high2, left2, right2 in others:
        if low2 >= high1 or high2 <= low1:
            continue
        if many or len(left2) + len(right2) > MANY_PORTS:
            total += _cross_many(one, (low2, high2, left2, right2))
            continue
        first = second = 0
        for place in right1:
            if low2 < place < high2:
                first += 1
        for place in left2:
            if low1 < place < high1:
                first += 1
        if first:
            for place in right2:
                if low1 < place < high1:
                    second += 1
            for place in left1:
                if low2 < place < high2:
                    second += 1
            total += first if first < second else second
    return total


def _cross_many(one: Span, other: Span) -> int:
    """Return how often two segments that overlap must cross, by bisection.

    >>> _cross_many((1, 9, [1], [3, 5, 9]), (2, 6, [6], [2]))
    1
    """
    low1, high1, left1, right1 = one
    low2, high2, left2, right2 = other
    # what is straight has no places between its ends
    first = bisect_left(right1, high2) - bisect_right(right1, low2) if low2 < high2 else 0
    if low1 < high1:
        first += bisect_left(left2, high1) - bisect_right(left2, low1)
    if not first:
        return 0
    second = bisect_left(left1, high2) - bisect_right(left1, low2) if low2 < high2 else 0
    if low1 < high1:
        second += bisect_left(right2, high1) - bisect_right(right2, low1)
    return min(first, second)
