"""A finished drawing in, the same with fewer lines that step aside by a little out.

What stands in a drawing is gathered into movers: boxes with the stretches of lines that end at
their rows, other stretches, labels. Two stretches that a step joins become one where the mover of
one can be shifted so far. All else keeps its order and its distances and is pushed along, so that
no line changes its course otherwise (a constraint graph as in Lengauer: Combinatorial Algorithms
for Integrated Circuit Layout, 1990).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from erdgen.layout.cells import label_cells
from erdgen.layout.drawing import Cell, Diagram, Drawing, Rect, Route
from erdgen.layout.stretches import Parts, Step
from erdgen.layout.trace import simplify

MOST = 300
"""Boxes and lines of a drawing beyond which it stays as it is."""
HIDDEN = 2
"""So many lines before the last one are seen by what stands after it: it may move away alone."""
ROUNDS = 3
"""How often all steps are gone through."""
STRAIGHT = 30
"""Cells by which other lines may get longer in all for a step less."""

LINE, BACK, BOX, LABEL = range(4)
"""What takes room: a line, one that comes back to its box, a box, a label."""
BLANK = (
    ((0, 0, 1, 1), (0, 0, 1, 1), (1, 1, 1, 1), (1, 1, 1, 1)),
    ((1, 1, 2, 2), (1, 1, 2, 2), (2, 2, 2, 1), (2, 2, 1, 2)),
)
"""Blank cells wanted between two of these, one below the other and side by side."""
OWN = (0, 1)
"""The same between what is of one line."""
MARGIN = ((0, 0, 1, 2), (0, 0, 1, 1))
"""Cells beside each kind in which nothing else may come to stand by being shifted."""


Block = tuple[int, int, int, int, int, int, int, int]
"""What takes room: first and last place along, first and last cell across, kind, mover, net and
stretch (-1: none)."""

Pair = tuple[int, int]

Rule = tuple[int, int, Pair | None]
"""A mover, how much more than another one it is shifted at least, and while which step is there."""


def level(diagram: Diagram, drawing: Drawing, *, down: bool) -> Drawing:
    """Return the drawing with fewer steps in its lines.

    Args:
        diagram: Boxes and lines.
        drawing: A drawing of it without frames, with its labels.
        down: Whether lines run down, and their ends may slide along their boxes.

    Postcondition: the extent is as before, and so are the order and the least distances of all that
    stands one beside the other; there are fewer bends, and no more crossings.
    """
    if diagram.effort > MOST or any(drawing.frames):
        return drawing
    parts = Parts(diagram, drawing, 0 if down else 1)
    steps = sorted(parts.steps())
    if not steps:
        return drawing
    work = _Movers(parts)
    moved = False
    for _ in range(ROUNDS):
        left = [step for step in steps if not work.close(step)]
        if len(left) == len(steps):
            break
        steps, moved = left, True
    return work.result() if moved else drawing


class _Movers:
    """What may be shifted in a drawing, and what follows from that.

    Attributes:
        mover: The mover of each box, stretch and label, in this order.
        shift: How far each mover was shifted.
        span: Where each mover begins and ends.
        before, after: For each mover the rules about those before and after it.
        closed: The steps that are none any more.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.drawing = parts.drawing
        self.down = parts.along == 0
        boxes = self.drawing.boxes
        first = len(boxes)
        self.owner = list(range(first + len(self.parts.stretches) + len(self.parts.labels)))
        slides: list[tuple[int, int]] = []
        for line, runs in zip(self.parts.diagram.lines, self.parts.runs, strict=True):
            for box, run in ((line.source.box, 0), (line.target.box, -1)) if runs else ():
                if self.down:
                    slides.append((box, runs[run]))
                else:
                    self._unite(box, first + runs[run])
        for number, (*_, stretch, _) in enumerate(self.parts.labels):
            if stretch >= 0:
                self._unite(first + len(self.parts.stretches) + number, first + stretch)
        self.mover = [self._find(number) for number in range(len(self.owner))]
        self.shift = [0] * len(self.mover)
        self.before: list[list[Rule]] = [[] for _ in self.mover]
        self.after: list[list[Rule]] = [[] for _ in self.mover]
        self.span = [(max(self.drawing[:2]), -1)] * len(self.mover)
        self.closed: set[Pair] = set()
        self.links_of: list[set[int]] = [set() for _ in self.mover]
        for number, (_, joined) in enumerate(self.parts.links):
            for stretch in joined:
                self.links_of[self.mover[first + stretch]].add(number)
        self._keep_apart(slides)
        self._hold_labels()
        for box, stretch in slides:
            one, two = self.mover[box], self.mover[first + stretch]
            low, size = boxes[box][self.parts.along], boxes[box][self.parts.along + 2]
            place = self.parts.stretches[stretch].place
            self._rule(one, two, low + 1 - place)
            self._rule(two, one, place - low - size + 2)

    def _unite(self, one: int, other: int) -> None:
        self.owner[self._find(other)] = self._find(one)

    def _find(self, number: int) -> int:
        while self.owner[number] != number:
            number = self.owner[number]
        return number

    def _blocks(self) -> Iterator[Block]:
        """Yield what takes room."""
        along, across = self.parts.along, 1 - self.parts.along
        count = len(self.drawing.boxes)
        rects = [(rect, BOX, box, -1) for box, rect in enumerate(self.drawing.boxes)]
        rects += [
            (Rect(*cell, room, 1), LABEL, count + len(self.parts.stretches) + number, net)
            for number, (cell, room, net, _, _) in enumerate(self.parts.labels)
        ]
        for rect, kind, number, net in rects:
            first, low = rect[along], rect[across]
            last, high = first + rect[along + 2] - 1, low + rect[across + 2] - 1
            yield first, last, low, high, kind, self.mover[number], net, -1
        for number, (net, place, low, high) in enumerate(self.parts.stretches):
            kind, mover = BACK if number in self.parts.back else LINE, self.mover[count + number]
            yield place, place, low, high, kind, mover, net, number

    def _keep_apart(self, slides: Sequence[tuple[int, int]]) -> None:
        """Add the rules that keep what stands one after the other in order, and apart."""
        first = len(self.drawing.boxes)
        own = {(self.mover[box], self.mover[first + stretch]) for box, stretch in slides}
        seen: dict[int, dict[tuple[int, bool], tuple[Block, ...]]] = {}
        least: dict[tuple[int, int, Pair | None], int] = {}
        for block in sorted(self._blocks()):
            start, end, low, high, kind, mover, net, stretch = block
            first, last = self.span[mover]
            self.span[mover] = min(first, start), max(last, end)
            margin = MARGIN[self.down][kind]
            near: set[Block] = set()
            for cell in range(low - margin, high + margin + 1):
                there = seen.setdefault(cell, {})
                near.update(*there.values())
                key = kind, low <= cell <= high
                there[key] = (block, *there.get(key, ())[: HIDDEN if stretch >= 0 else 0])
            for _, before, _, _, its, other, its_net, its_stretch in near:
                gap = start - before - 1
                pair = other, mover
                if gap < 0 or other == mover or pair in own or pair[::-1] in own:
                    continue
                step = None
                wanted = BLANK[self.down][its][kind]
                if its_net == net >= 0:
                    wanted = OWN[self.down]
                    step = (its_stretch, stretch) if its_stretch >= 0 <= stretch else None
                need = min(gap, wanted) - gap
                least[*pair, step] = max(least.get((*pair, step), need), need)
        for (one, two, step), need in least.items():
            self._rule(one, two, need, step)

    def _hold_labels(self) -> None:
        """Add the rules that keep labels beside their links."""
        boxes = len(self.drawing.boxes)
        for number, (cell, room, _, _, link) in enumerate(self.parts.labels):
            if link < 0:
                continue
            label = self.mover[boxes + len(self.parts.stretches) + number]
            start = cell[self.parts.along]
            end = start + (room - 1 if self.down else 0)
            joined = self.parts.links[link][1]
            one, two = joined[0], joined[-1]
            self._rule(
                self.mover[boxes + one], label, min(0, self.parts.stretches[one].place - start)
            )
            self._rule(
                label, self.mover[boxes + two], min(0, end - self.parts.stretches[two].place)
            )

    def _rule(self, first: int, second: int, least: int, step: Pair | None = None) -> None:
        self.after[first].append((second, least, step))
        self.before[second].append((first, least, step))

    def close(self, step: Step) -> bool:
        """Make two stretches one if that is worth it; tell if they are one."""
        boxes = len(self.drawing.boxes)
        off, first, second = step
        pair = first, second
        one, two = (self.mover[boxes + number] for number in pair)
        off += self.shift[two] - self.shift[one]
        if one == two:
            return False
        if off:
            found = self._shifted(one, off, two, pair) or self._shifted(two, -off, one, pair)
            if found is None:
                return False
            for mover, shift in found.items():
                self.shift[mover] = shift
        self.closed.add(pair)
        least = self.shift[two] - self.shift[one]
        self._rule(one, two, least)
        self._rule(two, one, -least)
        return True

    def _shifted(self, mover: int, by: int, fixed: int, step: Pair) -> dict[int, int] | None:
        """Return the shifts of a mover and all that it pushes along.

        None if something stands in the way, or if other lines get too long.
        """
        extent = (self.drawing.width, self.drawing.height)[self.parts.along]
        way = 1 if by > 0 else -1
        found = {mover: self.shift[mover] + by}
        stack = [mover]
        while stack:
            one = stack.pop()
            first, last = self.span[one]
            if first + found[one] < 0 or last + found[one] >= extent:
                return None
            for other, least, part in self.after[one] if way > 0 else self.before[one]:
                if part is not None and (part == step or part in self.closed):
                    continue
                need = found[one] + least * way
                if (need - found.get(other, self.shift[other])) * way > 0:
                    if other in (fixed, mover):
                        return None
                    found[other] = need
                    stack.append(other)
        links = {link for one in found for link in self.links_of[one]}
        longer = sum(self._length(link, found) - self._length(link, {}) for link in links)
        return found if longer < STRAIGHT else None

    def _length(self, link: int, found: Mapping[int, int]) -> int:
        boxes = len(self.drawing.boxes)
        places = [
            self.parts.stretches[number].place + found.get(mover, self.shift[mover])
            for number in self.parts.links[link][1]
            for mover in (self.mover[boxes + number],)
        ]
        return max(places) - min(places)

    def result(self) -> Drawing:
        """Return the drawing as it stands now."""
        first = len(self.drawing.boxes)
        boxes = tuple(
            Rect(*self._by(rect[:2], number), *rect[2:])
            for number, rect in enumerate(self.drawing.boxes)
        )
        routes: list[Route | None] = []
        number = first + len(self.parts.stretches)
        for line, route, runs in zip(
            self.parts.diagram.lines, self.drawing.routes, self.parts.runs, strict=True
        ):
            if route is None:
                routes.append(None)
                continue
            moved: dict[Cell, Cell] = {}
            for cell, _ in label_cells(line, route):
                moved[cell] = self._by(cell, number)
                number += 1
            parts = groupby(route.points, key=itemgetter(self.parts.along))
            points = [
                self._by(point, first + run)
                for run, (_, part) in zip(runs, parts, strict=True)
                for point in part
            ]
            _, *texts = route
            routes.append(Route(simplify(points), *[cell and moved.get(cell) for cell in texts]))
        return self.drawing._replace(boxes=boxes, routes=tuple(routes))

    def _by(self, cell: Cell, number: int) -> Cell:
        """Return where a cell of a box, stretch or label comes to stand."""
        shift = self.shift[self.mover[number]]
        return (cell[0] + shift, cell[1]) if self.down else (cell[0], cell[1] + shift)
