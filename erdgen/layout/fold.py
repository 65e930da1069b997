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
HARD = 150
"""The same where it must be kept."""

SIBLINGS = 6
"""Columns of a net's targets beyond which these don't attract each other."""


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
    search = _Search(list(column), loads, nets, extent, line, over=over)
    for _ in range(rounds):
        if not search.sweep():
            break
    return dense(search.column)


def guess_cost(column: Sequence[int], loads: Sequence[int], nets: Sequence[Net], line: int) -> int:
    """Return about how bad some columns are: the length of the lines and the longest column."""
    search = _Search(list(column), loads, nets, 1 << 30, line)
    return search.cost + max(search.total)


def longest_column(
    column: Sequence[int], loads: Sequence[int], nets: Sequence[Net], line: int
) -> int:
    """Return about how many cells the longest column takes, passing lines included."""
    return max(_Search(list(column), loads, nets, 1 << 30, line).total)


class _Search:
    """Columns under way, with what they cost kept up to date.

    Attributes:
        column: Of each box.
        total: Cells that each column takes, those of passing lines included.
        cost: What everything costs.
    """

    def __init__(
        self,
        column: list[int],
        loads: Sequence[int],
        nets: Sequence[Net],
        extent: int,
        line: int,
        *,
        over: int = OVER,
    ) -> None:
        self.column = column
        self.loads = loads
        self.nets = nets
        self.extent = extent
        self.line = line
        self.over = over
        self.count = max(column, default=0) + 1
        self.nets_of: list[list[int]] = [[] for _ in column]
        # for each net how many of its targets stand in each column, its self-references apart
        self.there: list[dict[int, int]] = []
        self.times: list[dict[int, int]] = []
        # for each net its first and last column, and how many of its lines run back
        self.spans: list[tuple[int, int, int]] = []
        self.total = [0] * self.count
        self.cost = 0
        for box, place in enumerate(column):
            self._load(place, place + 1, loads[box])
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
            home = column[source]
            self.cost += BRACKET * there.get(home, 0)
            self.spans.append((home, home, 0))
            self._move_source(index, home, home)

    def _load(self, first: int, end: int, cells: int) -> None:
        """Add cells to some columns."""
        total, extent = self.total, self.extent
        for place in range(first, end):
            before = total[place] - extent
            after = before + cells
            total[place] += cells
            if before > 0 or after > 0:
                more = (after if after > 0 else 0) - (before if before > 0 else 0)
                self.cost += self.over * more

    def _move_source(self, index: int, old: int, home: int) -> None:
        """Bring a net up to date whose source has moved from a column to another."""
        there = self.there[index]
        low0, high0, back0 = self.spans[index]
        low, high = (min(home, *there), max(home, *there)) if there else (home, home)
        back = sum([there[place] for place in there if place < home])
        self.spans[index] = low, high, back
        self.cost += SPAN * (high - low - high0 + low0) + BACK * (back - back0)
        line = self.line
        # the net passes the columns between its first and last one but that of its source
        if low0 < old < high0:
            self._load(old, old + 1, line)
        if low < home < high:
            self._load(home, home + 1, -line)
        first0, end0 = low0 + 1, max(high0, low0 + 1)
        first, end = low + 1, max(high, low + 1)
        if end0 <= first or end <= first0:
            self._load(first0, end0, -line)
            self._load(first, end, line)
        else:
            self._shift(first0, first)
            self._shift(end, end0)

    def _shift(self, first0: int, first: int) -> None:
        """Let a line pass the columns from another one on, instead of from the first one on."""
        if first0 < first:
            self._load(first0, first, -self.line)
        elif first < first0:
            self._load(first, first0, self.line)

    def _move_target(self, index: int, times: int, old: int, place: int) -> None:
        """Bring a net up to date of which some targets have moved from a column to another."""
        there, home = self.there[index], self.column[self.nets[index][0]]
        low0, high0, back = self.spans[index]
        there[old] -= times
        if not there[old]:
            del there[old]
        there[place] = there.get(place, 0) + times
        low, high = min(home, *there), max(home, *there)
        more = times * ((place < home) - (old < home))
        self.spans[index] = low, high, back + more
        self.cost += BRACKET * times * ((place == home) - (old == home))
        self.cost += SPAN * (high - low - high0 + low0) + BACK * more
        if low != low0:  # a net that begins in the source's column passes none before it
            self._shift(min(low0 + 1, home), min(low + 1, home))
        if high != high0:
            self._shift(max(high, home + 1), max(high0, home + 1))

    def put(self, box: int, place: int) -> None:
        """Move a box to another column."""
        old = self.column[box]
        if old == place:
            return
        self.column[box] = place
        self._load(old, old + 1, -self.loads[box])
        self._load(place, place + 1, self.loads[box])
        for index in self.nets_of[box]:
            if self.nets[index][0] == box:
                there = self.there[index]
                self.cost += BRACKET * (there.get(place, 0) - there.get(old, 0))
                self._move_source(index, old, place)
            else:
                self._move_target(index, self.times[index][box], old, place)

    def sweep(self) -> bool:
        """Try each box in each column that may be better; return whether any moved."""
        moved = False
        for box in range(len(self.column)):
            home = self.column[box]
            best, least = home, self.cost
            for place in self._places(box):
                if place == home or not 0 <= place < self.count:
                    continue
                self.put(box, place)
                if self.cost < least:
                    best, least = place, self.cost
            self.put(box, best)
            moved = moved or best != home
        return moved

    def _places(self, box: int) -> list[int]:
        """Return the columns beside a box's own and those of its neighbours.

        Its siblings in a large net say nothing of where it should stand.
        """
        near = {self.column[box]}
        for index in self.nets_of[box]:
            source, there = self.nets[index][0], self.there[index]
            near.add(self.column[source])
            if source == box or len(there) <= SIBLINGS:
                near.update(there)
        return sorted({place + step for place in near for step in (-1, 0, 1)})
