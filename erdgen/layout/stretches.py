"""A drawing in, the straight parts of its lines out, and what joins them.

Along is the axis on which things may be moved: rows, or columns where lines run down. Across is the
other one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from erdgen.layout.cells import label_cells
from erdgen.layout.drawing import Cell, Diagram, Drawing

NEAR = (8, 3)
"""Columns and rows that a line of a trunk may be off from where it could go on straight."""

Span = tuple[int, int, int]
"""A place along, the first and the last cell across; or a cell across, two places along."""


class Stretch(NamedTuple):
    """A straight part of a line: its net, its place along, its first and last cell across."""

    net: int
    place: int
    low: int
    high: int


Step = tuple[int, int, int]
"""How far two stretches that could be one are off, and their numbers."""


class Parts:
    """The parts of a drawing's lines.

    Attributes:
        along: The axis on which things may be moved: 0 for x, 1 for y.
        stretches: All straight parts across; what lines of a trunk share is there once.
        runs: For each line its stretches, from its source to its target.
        back: The stretches on which lines come back to the box that they left.
        links: What joins them along: the cell across, the stretches from first to last.
        labels: For each label its cell, columns and net, the stretch that it stands beside (or -1)
            and else the link (or -1).
    """

    def __init__(self, diagram: Diagram, drawing: Drawing, along: int) -> None:
        self.diagram = diagram
        self.drawing = drawing
        self.along = along
        self.stretches: list[Stretch] = []
        self.links: list[tuple[int, list[int]]] = []
        self.runs: list[list[int]] = []
        self.back: set[int] = set()
        self._collect()
        self.labels = list(self._labels())

    def _collect(self) -> None:
        """Find the stretches and the links of all lines."""
        along, across = self.along, 1 - self.along
        numbers: dict[tuple[object, ...], int] = {}
        runs: dict[tuple[int, bool], list[Span]] = {}
        falls: dict[int, list[Span]] = {}
        mine: list[tuple[int, list[tuple[Span, bool]]]] = []
        for index, (line, route) in enumerate(
            zip(self.diagram.lines, self.drawing.routes, strict=True)
        ):
            points = route.points if route is not None else ()
            trunk = line.trunk if line.trunk >= 0 else -1 - index
            net = numbers.setdefault((trunk, line.source.box, *points[:1]), len(numbers))
            parts = [list(part) for _, part in groupby(points, key=itemgetter(along))]
            spans: list[tuple[Span, bool]] = []
            for number, part in enumerate(parts, 1):
                low, high = sorted((part[0][across], part[-1][across]))
                back = number == len(parts) > 1 and line.source.box == line.target.box
                spans.append(((part[0][along], low, high), back))
                runs.setdefault((net, back), []).append(spans[-1][0])
            mine.append((net, spans))
            for one, two in pairwise(parts):
                first, last = sorted((one[0][along], two[0][along]))
                falls.setdefault(net, []).append((two[0][across], first, last))
        found: dict[tuple[int, bool], range] = {}
        for (net, back), run in runs.items():
            first = len(self.stretches)
            self.stretches.extend(Stretch(net, *span) for span in _merged(run))
            found[net, back] = range(first, len(self.stretches))
            if back:
                self.back.update(found[net, back])
        for net, spans in mine:
            self.runs.append([self._holding(found[net, back], span) for span, back in spans])
        for net, fall in falls.items():
            of_net = [*found[net, False], *found.get((net, True), ())]
            for cell, low, high in _merged(fall):
                joined = [number for number in of_net if self._meets(number, cell, low, high)]
                joined.sort(key=lambda number: (self.stretches[number].place, number))
                self.links.append((cell, joined))

    def _holding(self, numbers: range, span: Span) -> int:
        """Return which of some stretches a part of a line is in."""
        place, low, _ = span
        return next(number for number in numbers if self._meets(number, low, place, place))

    def _meets(self, number: int, cell: int, first: int, last: int) -> bool:
        """Whether a stretch comes to a cell across between two places."""
        _, place, low, high = self.stretches[number]
        return low <= cell <= high and first <= place <= last

    def steps(self) -> Iterator[Step]:
        """Yield the steps: where two stretches come to a link from its two sides.

        One of them is the link's first or last, so that nowhere four ways meet. Where a line comes
        back to its box it stays beside the others; a link with a label beside it stays. Lines of a
        trunk stay where they are if they are not near: its box stands in their midst.
        """
        held = {link for *_, link in self.labels}
        sources = {runs[0] for runs in self.runs if runs}
        for number, (cell, joined) in enumerate(self.links):
            if number in held:
                continue
            there = [number for number in joined if number not in self.back]
            for one, two in pairwise(there):
                first, last = one == joined[0], two == joined[-1]
                if joined.index(two) - joined.index(one) > 1:
                    first, last = first and one in sources, last and two in sources
                if not (first or last):
                    continue
                sides = [self._sides(number, cell) for number in (one, two)]
                if sorted(sides) == [(False, True), (True, False)]:
                    off = self.stretches[two].place - self.stretches[one].place
                    if len(there) == 2 or off <= NEAR[self.along]:
                        yield off, one, two

    def _sides(self, number: int, cell: int) -> tuple[bool, bool]:
        stretch = self.stretches[number]
        return stretch.low < cell, cell < stretch.high

    def _labels(self) -> Iterator[tuple[Cell, int, int, int, int]]:
        """Yield for each label its cell, columns and net, its stretch (or -1) and link (or -1)."""
        across = 1 - self.along
        for line, route, runs in zip(
            self.diagram.lines, self.drawing.routes, self.runs, strict=True
        ):
            for cell, room in label_cells(line, route) if route is not None else ():
                net = self.stretches[runs[0]].net
                size = (room, 1)
                beside = (
                    number
                    for number in runs
                    for one in (self.stretches[number],)
                    if _touch(cell[across], size[across], one.low, one.high)
                    and one.place in _sides_of(cell[self.along], size[self.along], self.along)
                )
                stretch = next(beside, -1)
                links = (
                    number
                    for number, (at, joined) in enumerate(self.links)
                    if self.stretches[joined[0]].net == net
                    and at in _sides_of(cell[across], size[across], across)
                    and _touch(
                        cell[self.along],
                        size[self.along],
                        self.stretches[joined[0]].place,
                        self.stretches[joined[-1]].place,
                    )
                )
                yield cell, room, net, stretch, next(links, -1) if stretch < 0 else -1


def _touch(start: int, size: int, first: int, last: int) -> bool:
    """Whether a text of some cells has one of those from a first to a last."""
    return start <= last and first < start + size


def _sides_of(start: int, size: int, axis: int) -> tuple[int, int]:
    """Return where a line that a text is beside may run: a blank before or after it, or a row."""
    blank = 2 - axis
    return start - blank, start + size - 1 + blank


def _merged(runs: Sequence[Span]) -> list[Span]:
    """Return the runs (place, first and last cell), those that touch in one place as one.

    >>> _merged([(1, 4, 6), (0, 0, 2), (1, 2, 4), (1, 8, 9)])
    [(0, 0, 2), (1, 2, 6), (1, 8, 9)]
    """
    result: list[Span] = []
    for place, low, high in sorted(runs):
        if result and result[-1][0] == place and low <= result[-1][2]:
            result[-1] = place, result[-1][1], max(high, result[-1][2])
        else:
            result.append((place, low, high))
    return result
