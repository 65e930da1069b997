"""Layers in, columns that keep within a wished extent out (the second half of phase 2).

Any assignment of boxes to columns can be drawn, so this is a plain search: layers that are too
long are split, short ones may be merged, then single boxes move to where lines get shorter and
columns keep within their extent.
"""

from __future__ import annotations

from collections.abc import Sequence

Net = tuple[int, Sequence[int]]
"""A source box and its target boxes, drawn as one line with branches."""

SPAN = 6
"""Cost of a line's passing from a column to the next."""
BRACKET = 10
"""Cost of a line between two boxes of one column."""
BACK = 2
"""Cost of a line that runs against the direction."""
OVER = 4
"""Cost of a cell by which a column is too long."""
STRICT = 25
"""The same where the extent is a limit."""


def split_layers(layer: Sequence[int], loads: Sequence[int], extent: int) -> list[int]:
    """Return columns: each layer that is longer than `extent` split into as many as it needs.

    >>> split_layers([0, 0, 0, 0, 1], [5, 5, 5, 5, 5], 10)
    [0, 0, 1, 1, 2]
    """
    column = [0] * len(layer)
    by_layer: dict[int, list[int]] = {}
    for box, place in enumerate(layer):
        by_layer.setdefault(place, []).append(box)
    first = 0
    for place in sorted(by_layer):
        boxes = by_layer[place]
        total = sum(loads[box] for box in boxes)
        parts = max(1, -(-total // max(extent, 1)))
        share = total / parts
        run = 0.0
        for box in boxes:
            part = min(parts - 1, int((run + loads[box] / 2) / share)) if share else 0
            column[box] = first + part
            run += loads[box]
        first += parts
    return dense(column)


def pour_layers(layer: Sequence[int], loads: Sequence[int], count: int) -> list[int]:
    """Return `count` columns of about the same length, filled in the order of the layers.

    >>> pour_layers([0, 1, 2, 3], [5, 5, 5, 5], 2)
    [0, 0, 1, 1]
    """
    column = [0] * len(layer)
    share = sum(loads) / count or 1.0
    run = 0.0
    for box in sorted(range(len(layer)), key=lambda box: (layer[box], box)):
        column[box] = min(count - 1, int((run + loads[box] / 2) / share))
        run += loads[box]
    return dense(column)


def dense(column: Sequence[int]) -> list[int]:
    """Return the columns renumbered without empty ones.

    >>> dense([0, 4, 2])
    [0, 2, 1]
    """
    number = {place: index for index, place in enumerate(sorted(set(column)))}
    return [number[place] for place in column]


def improve_columns(
    column: Sequence[int],
    loads: Sequence[int],
    nets: Sequence[Net],
    extent: int,
    line: int,
    *,
    over: int = OVER,
    rounds: int = 6,
) -> list[int]:
    """Return columns with shorter lines and no more cells beyond the extent.

    Args:
        column: A column for each box.
        loads: Cells along the column that each box takes.
        nets: The lines, those of one trunk together.
        extent: Cells that a column should not exceed.
        line: Cells along the column that a passing line takes.
        over: Cost of a cell beyond the extent.
        rounds: Most passes over the boxes.
    """
    search = _Search(list(column), loads, nets, extent, line)
    search.over = over
    for _ in range(rounds):
        if not search.sweep():
            break
    return dense(search.column)


def guess_cost(column: Sequence[int], loads: Sequence[int], nets: Sequence[Net], line: int) -> int:
    """Return about how bad some columns are: the length of the lines and the longest column."""
    search = _Search(list(column), loads, nets, 1 << 30, line)
    cost = max(search.total)
    for index in range(len(nets)):
        low, high, brackets, back = search.span(index)
        cost += SPAN * (high - low) + BRACKET * brackets + BACK * back
    return cost


def longest_column(
    column: Sequence[int], loads: Sequence[int], nets: Sequence[Net], line: int
) -> int:
    """Return about how many cells the longest column takes, passing lines included."""
    return max(_Search(list(column), loads, nets, 1 << 30, line).total)


class _Search:
    """Columns under way, with the loads of the columns kept up to date."""

    def __init__(
        self,
        column: list[int],
        loads: Sequence[int],
        nets: Sequence[Net],
        extent: int,
        line: int,
    ) -> None:
        self.column = column
        self.loads = loads
        self.nets = nets
        self.extent = extent
        self.line = line
        self.over = OVER
        self.count = max(column, default=0) + 1
        self.nets_of: list[list[int]] = [[] for _ in column]
        # for each net how many of its targets stand in each column, its self-references apart
        self.there: list[dict[int, int]] = []
        self.times: list[dict[int, int]] = []
        for index, (source, targets) in enumerate(nets):
            there: dict[int, int] = {}
            times: dict[int, int] = {}
            for box in targets:
                if box != source:
                    there[column[box]] = there.get(column[box], 0) + 1
                    times[box] = times.get(box, 0) + 1
            self.there.append(there)
            self.times.append(times)
            for box in {source, *targets}:
                self.nets_of[box].append(index)
        self.total = [0] * self.count
        for box, place in enumerate(column):
            self.total[place] += loads[box]
        for index in range(len(nets)):
            self._count(index, 1)

    def span(self, index: int) -> tuple[int, int, int, int]:
        """Return a net's first and last column, its brackets and its lines that run back."""
        home = self.column[self.nets[index][0]]
        there = self.there[index]
        low = high = home
        back = 0
        for place, count in there.items():
            if place > high:
                high = place
            elif place < home:
                low = min(low, place)
                back += count
        return low, high, there.get(home, 0), back

    def _count(self, index: int, sign: int) -> None:
        low, high, _, _ = self.span(index)
        if high - low < 2:
            return
        home = self.column[self.nets[index][0]]
        for place in range(low + 1, high):
            if place != home:
                self.total[place] += sign * self.line

    def _cost(self, box: int) -> int:
        cost = 0
        for index in self.nets_of[box]:
            low, high, brackets, back = self.span(index)
            cost += SPAN * (high - low) + BRACKET * brackets + BACK * back
        return cost + self.over * self._over()

    def _over(self) -> int:
        extent = self.extent
        return sum(total - extent for total in self.total if total > extent)

    def _put(self, box: int, place: int) -> None:
        old = self.column[box]
        for index in self.nets_of[box]:
            self._count(index, -1)
            times = self.times[index].get(box, 0)
            if times:
                there = self.there[index]
                there[old] -= times
                if not there[old]:
                    del there[old]
                there[place] = there.get(place, 0) + times
        self.total[old] -= self.loads[box]
        self.column[box] = place
        self.total[place] += self.loads[box]
        for index in self.nets_of[box]:
            self._count(index, 1)

    def sweep(self) -> bool:
        """Try each box in each column that may be better; return whether any moved."""
        moved = False
        for box in range(len(self.column)):
            home = self.column[box]
            places = {home}
            for index in self.nets_of[box]:
                for place in (self.column[self.nets[index][0]], *self.there[index]):
                    places.update((place - 1, place, place + 1))
            places.update((home - 1, home + 1))
            best, least = home, self._cost(box)
            for place in sorted(places):
                if place == home or not 0 <= place < self.count:
                    continue
                self._put(box, place)
                cost = self._cost(box)
                if cost < least:
                    best, least = place, cost
            self._put(box, best)
            moved = moved or best != home
        return moved
