"""Ordered columns in, places along v under way: the sweeps, ports and sizes of phase 4."""

from __future__ import annotations

from collections.abc import Iterable
from operator import add

from erdgen.layout.packing import clamp, settle
from erdgen.layout.sheet import FREE, LEFT, RIGHT, Seg, Sheet, Style
from erdgen.layout.ties import Ties

STRETCH = 14
"""Cells by which a box may be made longer for a straight line."""
BEND = 30
"""Cells of length that a straight line is worth."""
EXTENT = (28, 12)
"""Cells of length that a cell of the drawing's extent is worth, in direction right and down."""
TOO_LONG = 1000
"""The same beyond the width that was asked for."""
LOOSE = 2
"""The same where the extent may well grow."""


class Placing:
    """Places under way; see `p4_place`."""

    def __init__(
        self, sheet: Sheet, order: list[list[int]], style: Style, ties: Ties | None = None
    ) -> None:
        self.loose = False
        self.tight = False
        self.limit = 0
        self.most = 1 << 30
        self.sheet = sheet
        self.order = order
        self.position = [0] * len(sheet.size)
        for items in order:
            for index, item in enumerate(items):
                self.position[item] = index
        self.style = style
        self.top = [0] * len(sheet.size)
        self.size = list(sheet.size)
        self.offset = [max(offset, 0) for offset in sheet.port_offset]
        self.ties = ties or Ties(sheet)
        self.free = self.ties.free
        for item in range(sheet.count):
            if self.free[item]:
                for side in (LEFT, RIGHT):
                    room = self._room(sheet.ports[item][side]) + sheet.tail[item]
                    self.size[item] = max(self.size[item], room)

    def _room(self, ports: list[int]) -> int:
        if not ports:
            return 0
        reaches = [self.sheet.port_reach[port] for port in ports]
        if self.style.down:
            return 3 + sum(reaches) - min(reaches)
        return 2 + max(2, sum(reaches))

    def sweep(self, rounds: int, slack: float) -> None:
        """Place the columns near each other, there and back."""
        before: list[int] = []
        for round_ in range(rounds):
            if round_ > 1 and self.top == before:
                return
            before = list(self.top)
            self.assign_ports()
            gaps = [self.gaps(items) for items in self.order]
            longest = max(
                sum(gap) + (self.size[items[-1]] if items else 0)
                for gap, items in zip(gaps, self.order, strict=True)
            )
            self.limit = longest + int(longest * slack)
            columns = range(len(self.order))
            for column in columns if round_ % 2 == 0 else reversed(columns):
                self.settle(self.order[column], gaps[column], self.limit)

    def lean(self, side: int) -> Placing:
        """Return a copy in which each column is placed by its neighbour on one side alone."""
        other = self.copy()
        columns = range(len(self.order))
        for column in columns if side == LEFT else reversed(columns):
            items = other.order[column]
            other.settle(items, other.gaps(items), self.limit, (side,))
            other.assign_ports()
        return other

    def copy(self) -> Placing:
        """Return places that can be changed apart from these."""
        other = Placing(self.sheet, self.order, self.style, self.ties)
        other.loose, other.limit, other.most = self.loose, self.limit, self.most
        other.tight = self.tight
        other.top, other.size, other.offset = list(self.top), list(self.size), list(self.offset)
        return other

    def finish(self) -> None:
        """Give the ports their last places, keep the distances and use the room that is left."""
        self.assign_ports()
        self.push(within=True)
        if self.style.down:
            self.stretch()

    def push(self, *, within: bool = False) -> None:
        """Move items on until all keep their distances, `within` the extent of the longest column.

        The ports' last places may have changed the distances, and so that extent.
        """
        columns = [(items, self.gaps(items)) for items in self.order if items]
        if within:
            limit = max(sum(gaps) + self.size[items[-1]] for items, gaps in columns)
            first = min(self.top[items[0]] for items, _ in columns)
        for items, gaps in columns:
            for index in range(1, len(items)):
                low = self.top[items[index - 1]] + gaps[index]
                self.top[items[index]] = max(self.top[items[index]], low)
            if within:
                sizes = [self.size[item] for item in items]
                places = clamp(gaps, [self.top[item] - first for item in items], sizes, limit)
                for item, place in zip(items, places, strict=True):
                    self.top[item] = first + place

    def fit_port(self, port: int, new: list[int]) -> None:
        """Give a new port of a free box the offset nearest to its line that is left."""
        sheet = self.sheet
        item = sheet.port_item[port]
        if sheet.port_offset[port] != FREE or item >= sheet.count:
            return
        side = sheet.ports[item][sheet.port_side[port]]
        others = [other for other in side if other != port and other not in new]
        if not others:
            self._assign_one(item, port)
            return
        reach = sheet.port_reach
        spots = [
            spot
            for spot in range(1, self.size[item] - 1)
            if all(
                self.offset[one] + reach[one] <= spot or spot + reach[port] <= self.offset[one]
                for one in others
            )
        ]
        ends = self.ties.others[port]
        goal = self.port_place(ends[0]) - self.top[item] if ends else 0
        if spots:
            self.offset[port] = min(spots, key=lambda spot: (abs(spot - goal), spot))
        else:
            last = max(others, key=lambda one: self.offset[one])
            self.offset[port] = self.offset[last] + reach[last]
            self.size[item] = max(self.size[item], self.offset[port] + 2)

    def cost(self) -> int:
        """Return how bad the places are: bends, their length, and the extent of the whole."""
        segs = [seg for channel in self.sheet.segs for seg in channel]
        return self.extent_cost(self.extent()) + self.segs_cost(segs)

    def segs_cost(self, segs: Iterable[Seg]) -> int:
        """Return how bad the places of some segments' ports are."""
        top, offset, item_of = self.top, self.offset, self.sheet.port_item
        total = 0
        for _, left, right in segs:
            places = [top[item_of[port]] + offset[port] for port in left + right]
            way = max(places) - min(places)
            if way:
                total += way + BEND
        return total

    def extent_cost(self, extent: int) -> int:
        """Return how bad an extent of the whole is."""
        weight = LOOSE if self.loose else EXTENT[self.style.down]
        return weight * extent + TOO_LONG * max(0, extent - self.most)

    def bounds(self) -> tuple[int, int]:
        """Return where everything begins and ends."""
        return min(self.top), max(map(add, self.top, self.size))

    def extent(self) -> int:
        """Return the extent of the whole."""
        low, high = self.bounds()
        return high - low

    def longer(self) -> Placing | None:
        """Return a copy with free boxes as long as straight lines would need; None if none are."""
        other = self.copy()
        grown = False
        for item in range(self.sheet.count):
            if not self.free[item] or not self.sheet.stretch[item]:
                continue
            size = self.size[item]
            for side in self.sheet.ports[item]:
                goals: list[int] = []
                for port in side:
                    twin = self.ties.twin[port]
                    if twin >= 0:
                        goals.append(self.port_place(twin))
                if len(goals) > 1:
                    size = max(size, max(goals) - min(goals) + 3)
            if self.size[item] < size <= self.sheet.size[item] + STRETCH:
                other.top[item] -= (size - self.size[item]) // 2
                other.size[item] = size
                grown = True
        return other if grown else None

    def shorten(self, sizes: list[int]) -> None:
        """Take back the length that no port needs."""
        for item in range(self.sheet.count):
            spare = self.size[item] - sizes[item]
            if spare <= 0:
                continue
            offsets = [self.offset[port] for side in self.sheet.ports[item] for port in side]
            first = min(spare, min(offsets) - 1)
            self._grow(item, -first)
            spare -= first
            last = max(offset - first for offset in offsets)
            self.size[item] -= min(spare, self.size[item] - last - 2)

    def start(self) -> None:
        """Pack the columns, centred on each other."""
        for items in self.order:
            place = 0
            for item in items:
                self.top[item] = place
                place += self.size[item] + self.style.box_line_gap
            for item in items:
                self.top[item] -= place // 2

    def port_place(self, port: int) -> int:
        """Return the place of a port."""
        return self.top[self.sheet.port_item[port]] + self.offset[port]

    def assign_ports(self) -> None:
        """Give the free ports of each box their offsets, in the order of where they lead."""
        for item in range(self.sheet.count):
            if not self.free[item]:
                continue
            for side in (LEFT, RIGHT):
                ports = self.sheet.ports[item][side]
                if ports and self.sheet.port_offset[ports[0]] == FREE:
                    self._assign(item, ports)

    def _assign(self, item: int, ports: list[int]) -> None:
        reach = self.sheet.port_reach
        if len(ports) == 1:
            self._assign_one(item, ports[0])
            return
        top, offsets, item_of = self.top, self.offset, self.sheet.port_item
        wanted: list[tuple[float, int]] = []
        for port in ports:
            ends = self.ties.others[port]
            total = sum([top[item_of[end]] + offsets[end] for end in ends])
            wanted.append((total / len(ends) - top[item], port))
        wanted.sort()
        size = self.size[item]
        if not self.style.down:
            offset = 1
            for _, port in wanted:
                self.offset[port] = offset
                offset += reach[port]
            return
        count = len(wanted)
        gaps = [0] + [reach[port] for _, port in wanted[:-1]]
        room = sum(gaps)
        spread = max(0, size - 3 - room) // (count + 1)
        offset = max(1, (size - 1 - room - spread * (count - 1)) // 2)
        now = []
        for index in range(count):
            if index:
                offset += gaps[index] + spread
            now.append(offset)
        wishes = [
            [(round(place), 1)] if len(self.ties.others[port]) == 1 else []
            for place, port in wanted
        ]
        ends = [1] * (count - 1) + [size - 1 - self._last(item, wanted[-1][1])]
        places = clamp(gaps, [p - 1 for p in settle(gaps, wishes, now)], ends, size - 2)
        for (_, port), place in zip(wanted, places, strict=True):
            self.offset[port] = place + 1

    def _assign_one(self, item: int, port: int) -> None:
        offset = 1
        if self.style.down:
            others = self.ties.others[port]
            if len(others) == 1:
                offset = self.port_place(others[0]) - self.top[item]
            else:
                offset = (self.size[item] - 1) // 2
            offset = max(1, min(offset, self._last(item, port)))
        self.offset[port] = offset

    def _last(self, item: int, port: int) -> int:
        """Return the last offset that a port may have; if tight, its label stays below its box."""
        last = self.size[item] - 2
        if self.tight:
            room = self.size[item] + self.style.box_line_gap - self.sheet.port_reach[port]
            last = max(1, min(last, room))
        return last

    def gaps(self, items: list[int]) -> list[int]:
        """The least distances of a column's items, each from the one before."""
        return [0, *map(self.gap, items, items[1:])] if items else []

    def gap(self, a: int, b: int) -> int:
        """Return the least distance of an item from the one before it in its column."""
        sheet, style = self.sheet, self.style
        count = sheet.count
        if a >= count:
            # two lines keep their reach, and a box stands further from a line than that
            return 1 + (style.line_gap if b >= count else style.box_line_gap)
        reach, offset = sheet.port_reach, self.offset
        blank = style.box_gap if b < count else style.box_line_gap
        gap = self.size[a] + blank
        for first, second in zip(sheet.ports[a], sheet.ports[b], strict=True):
            if first and second:
                low = offset[second[0]] if len(second) == 1 else min([offset[p] for p in second])
                for port in first:
                    room = offset[port] + reach[port] - low
                    gap = max(gap, room)
        if style.down and sheet.thick[b] > sheet.thick[a] > 0:
            # a label below a box must not run into a higher one beside it, nor touch a frame
            for port in sheet.ports[a][RIGHT]:
                if sheet.port_room[port]:
                    gap = max(gap, offset[port] + reach[port] + 1)
        return gap

    def settle(
        self, items: list[int], gaps: list[int], limit: int, sides: tuple[int, ...] = (LEFT, RIGHT)
    ) -> None:
        """Place the items of a column near what their ports look at."""
        top, offset, looks = self.top, self.offset, self.ties.looks
        wishes = [
            [
                (top[its] + offset[other] - offset[port], weight)
                for side in sides
                for its, other, port, weight in looks[item][side]
            ]
            for item in items
        ]
        places = settle(gaps, wishes, [top[item] for item in items])
        sizes = [self.size[item] for item in items]
        half = -(limit // 2)
        places = clamp(gaps, [place - half for place in places], sizes, limit)
        for item, place in zip(items, places, strict=True):
            top[item] = place + half

    def stretch(self) -> None:
        """Make free boxes longer, into the room beside them, where that straightens lines."""
        high = max((self.top[i] + self.size[i] for i in range(len(self.top))), default=0)
        low = min(self.top, default=0)
        for items in self.order:
            for index, item in enumerate(items):
                if item >= self.sheet.count or not self.sheet.stretch[item]:
                    continue
                for side in (LEFT, RIGHT):
                    ports = sorted(self.sheet.ports[item][side], key=lambda port: self.offset[port])
                    if ports and self.free[item]:
                        self._stretch_back(items, index, ports[0], low)
                        self._stretch_on(items, index, ports[-1], high)

    def _goal(self, port: int) -> int | None:
        """Where a port would have to be for its line to be straight, if it is not."""
        twin = self.ties.twin[port]
        if twin < 0:
            return None
        goal = self.port_place(twin)
        return goal if goal != self.port_place(port) else None

    def _stretch_back(self, items: list[int], index: int, port: int, low: int) -> None:
        item = items[index]
        goal = self._goal(port)
        if goal is None or not 0 < self.top[item] + 1 - goal <= STRETCH:
            if goal is not None and self.top[item] < goal < self.port_place(port):
                self.offset[port] = goal - self.top[item]
            return
        more = self.top[item] + 1 - goal
        old = self.offset[port]
        self._grow(item, more)
        self.offset[port] = 1
        fits = goal - 1 >= low
        if index:
            before = items[index - 1]
            fits = fits and self.gap(before, item) <= self.top[item] - self.top[before]
        if not fits:
            self.offset[port] = old + more
            self._grow(item, -more)

    def _grow(self, item: int, more: int) -> None:
        """Let a box begin earlier, with its ports where they are."""
        self.top[item] -= more
        self.size[item] += more
        for side in self.sheet.ports[item]:
            for port in side:
                self.offset[port] += more

    def _stretch_on(self, items: list[int], index: int, port: int, high: int) -> None:
        item = items[index]
        goal = self._goal(port)
        if goal is None:
            return
        more = goal + 2 - self.top[item] - self.size[item]
        if not 0 < more <= STRETCH:
            if more <= 0 and goal > self.port_place(port):
                more = 0
            else:
                return
        old = self.offset[port]
        self.size[item] += more
        self.offset[port] = goal - self.top[item]
        fits = goal + 1 < high
        if index + 1 < len(items):
            after = items[index + 1]
            fits = fits and self.gap(item, after) <= self.top[after] - self.top[item]
        if not fits:
            self.size[item] -= more
            self.offset[port] = old
