"""A drawing whose lines run down in, the same with boxes and lines in each other's middle out.

Boxes slide under their lines, straight lines slide between their boxes, the stem of a trunk
slides under its box, and a line with one step gets straight. Nothing gets longer, bends or crosses
more: what stands in the way stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from erdgen.layout.drawing import Cell, Diagram, Drawing, Line, Rect, Route
from erdgen.layout.trace import simplify

ROUNDS = 4
"""How often lines and boxes are moved in turn."""
MANY = 300
"""Boxes and lines of a diagram beyond which nothing is moved."""
SNAP = 3
"""By how many columns a stem may miss its branch to be put above it."""
APART = 2
"""Blank columns between a box and what stands beside it."""


def centre(diagram: Diagram, drawing: Drawing) -> Drawing:
    """Return the drawing with boxes and lines moved to each other's middle.

    Args:
        diagram: Boxes, and lines that may end anywhere.
        drawing: A drawing of it with its labels, whose lines leave boxes above and below.

    Postcondition: the extent and the crossings are as before, there are no more bends, and as many
    labels have a place.
    """
    if diagram.effort > MANY:
        return drawing
    work = _Work(diagram, drawing)
    for _ in range(ROUNDS):
        moved = [work.snap_line(index) for index in work.alone]
        moved += [work.slide_stem(stem) for stem in list(work.stems)]
        moved += [work.slide_box(box) for box in range(len(work.boxes))]
        if not any(moved):
            break
    return drawing._replace(boxes=tuple(work.boxes), routes=tuple(work.routes))


class _Stem:
    """An upright stretch that can slide: a straight line, or where a trunk leaves its box.

    Attributes:
        lines: The lines that share it.
        boxes: What it ends at: both boxes of a straight line, or the trunk's.
        x: Its column.
        rows: Its first and last row; for a trunk without the row in which it branches, so there may
            be none.
        span: Columns between which it must stay, these excluded; None for a straight line.
        joints: Columns at which it must not stand, as the trunk branches there.
        onward: Those of them whose branches lead away from the trunk's box.
    """

    __slots__ = ("boxes", "joints", "lines", "onward", "rows", "span", "x")

    def __init__(
        self,
        lines: list[int],
        boxes: tuple[int, ...],
        x: int,
        *,
        rows: tuple[int, int],
        span: tuple[int, int] | None = None,
        joints: frozenset[int] = frozenset(),
        onward: frozenset[int] = frozenset(),
    ) -> None:
        self.lines = lines
        self.boxes = boxes
        self.x = x
        self.rows = rows
        self.span = span
        self.joints = joints
        self.onward = onward


class _Work:
    """A drawing under way.

    Attributes:
        taken: How many things lie on each cell.
        texts: How many of them are labels.
    """

    def __init__(self, diagram: Diagram, drawing: Drawing) -> None:
        self.diagram = diagram
        self.width = drawing.width
        self.boxes = list(drawing.boxes)
        self.routes = list(drawing.routes)
        self.taken: Counter[Cell] = Counter()
        self.texts: Counter[Cell] = Counter()
        for rect in self.boxes:
            _count(self.taken, _cells_of_box(rect), 1)
        for frame in drawing.frames:
            if frame is not None:
                _count(self.taken, _cells_of_border(frame), 1)
        bundles: dict[tuple[int, ...], list[int]] = {}
        for index, (line, route) in enumerate(zip(diagram.lines, self.routes, strict=True)):
            if route is not None:
                trunk = line.trunk if line.trunk >= 0 else -1 - index
                key = trunk, line.source.box, *route.points[0]
                bundles.setdefault(key, []).append(index)
                for cell, room in _labels(line, route):
                    cells_of_label = [(x, cell[1]) for x in range(cell[0], cell[0] + room)]
                    _count(self.taken, cells_of_label, 1)
                    _count(self.texts, cells_of_label, 1)
        self.ends: list[list[tuple[int, bool]]] = [[] for _ in self.boxes]
        """The lines that end at each box, and whether it is their source."""
        self.stems: list[_Stem] = []
        self.alone: list[int] = []
        """The lines that share nothing with others."""
        for lines in bundles.values():
            cells: set[Cell] = set()
            for index in lines:
                line, route = diagram.lines[index], self.routes[index]
                if route is not None:
                    cells.update(_cells_of_route(route))
                    self.ends[line.source.box].append((index, True))
                    self.ends[line.target.box].append((index, False))
            _count(self.taken, cells, 1)
            if len(lines) == 1:
                self.alone.append(lines[0])
            stem = self._stem(lines)
            if stem is not None:
                self.stems.append(stem)

    def _stem(self, lines: list[int]) -> _Stem | None:
        first = self.routes[lines[0]]
        line = self.diagram.lines[lines[0]]
        if first is None or len(first.points) < 2:
            return None
        x, start = first.points[0]
        if len(lines) == 1:
            if (
                len(first.points) > 2
                or first.points[1][0] != x
                or line.source.box == line.target.box
            ):
                return None
            rows = sorted((start, first.points[1][1]))
            return _Stem(lines, (line.source.box, line.target.box), x, rows=(rows[0], rows[1]))
        row = first.points[1][1]
        # a trunk may branch right beside its box
        second = 1 if row == start else 2
        columns: set[int] = set()
        back: set[int] = set()
        for index in lines:
            route = self.routes[index]
            if route is None or len(route.points) <= second:
                return None
            if route.points[second - 1] != (x, row) or route.points[second][1] != row:
                return None
            columns.add(route.points[second][0])
            if self.diagram.lines[index].target.box == line.source.box:
                back.add(route.points[second][0])
        low, high = min(columns), max(columns)
        if not low < x < high:
            return None
        return _Stem(
            lines,
            (line.source.box,),
            x,
            rows=(start, row - 1) if row >= start else (row + 1, start),
            span=(low, high),
            joints=frozenset(columns),
            onward=frozenset(columns - back),
        )

    def slide_stem(self, stem: _Stem) -> bool:
        """Move a stem towards the middle of its boxes; tell if it moved."""
        rects = [self.boxes[box] for box in stem.boxes]
        wish = sum(rect.x + (rect.width - 1) / 2 for rect in rects) / len(rects)
        low = max(rect.x + 1 for rect in rects)
        high = min(rect.x + rect.width - 2 for rect in rects)
        if stem.span is not None:
            low, high = max(low, stem.span[0] + 1), min(high, stem.span[1] - 1)
        goal = min(max(stem.x + int(wish - stem.x), low), high)
        if stem.span is not None:
            # a branch a little beside the stem had better go on straight
            ends = [
                end for end in stem.span if abs(end - goal) <= SNAP and low - 1 <= end <= high + 1
            ]
            inside = range(rects[0].x + 1, rects[0].x + rects[0].width - 1)
            goal = next((end for end in ends if end in inside and end in stem.onward), goal)
        here = stem.x
        labels = self._labels_beside(stem)
        self._count_stem(stem, labels, -1)
        best = self._reach(stem, goal, labels)
        labels = self._move_stem(stem, best, labels)
        self._count_stem(stem, labels, 1)
        if stem.span is not None and best in stem.span:
            self.stems.remove(stem)
        return best != here

    def _reach(self, stem: _Stem, goal: int, labels: Sequence[_Label]) -> int:
        """Return the column nearest to a goal that a stem can slide to, its cells being free."""
        best = here = stem.x
        step = 1 if goal > here else -1
        for x in range(here + step, goal + step, step) if goal != here else ():
            if not self._is_free(stem, x, [label.moved(x - here) for label in labels]):
                break
            # at an outer branch there are three arms, at another one there would be four
            if x not in stem.joints or (stem.span is not None and x == goal and x in stem.span):
                best = x
        return best

    def snap_line(self, index: int) -> bool:
        """Make a line with one step straight if one of its ends can slide so far; tell if so."""
        line, route = self.diagram.lines[index], self.routes[index]
        if route is None or len(route.points) != 4 or line.source.box == line.target.box:
            return False
        if route.points[0][0] != route.points[1][0]:
            return False
        for upper in (True, False):
            points = route.points if upper else route.points[::-1]
            (x, first), (_, corner), (goal, _), (_, last) = points
            way = 1 if corner > first else -1
            rect = self.boxes[line.source.box if upper else line.target.box]
            if corner == first or not rect.x < goal < rect.x + rect.width - 1:
                continue
            rows = sorted((first, corner - way))
            stem = _Stem([index], (), x, rows=(rows[0], rows[1]))
            labels = self._labels_beside(stem)
            ends = sorted((corner, last))
            below = self._labels_beside(_Stem([index], (), goal, rows=(ends[0], ends[1])))
            if len(labels) + len(below) < len(_labels(line, route)):
                continue  # one stands at the step
            _count(self.taken, _cells_of_route(route), -1)
            self._count_labels(labels, -1)
            fits = self._reach(stem, goal, labels) == goal
            if fits:
                labels = self._move_stem(stem, goal, labels)
                route = self.routes[index] or route
                route = route._replace(
                    points=((goal, route.points[0][1]), (goal, route.points[-1][1]))
                )
                self.routes[index] = route
            self._count_labels(labels, 1)
            _count(self.taken, _cells_of_route(route), 1)
            if fits:
                rows = sorted((first, last))
                boxes = (line.source.box, line.target.box)
                self.stems.append(_Stem([index], boxes, goal, rows=(rows[0], rows[1])))
                return True
        return False

    def _labels_beside(self, stem: _Stem) -> list[_Label]:
        """Return the labels that go with a stem."""
        found: list[_Label] = []
        for index in stem.lines:
            line, route = self.diagram.lines[index], self.routes[index]
            if route is None:
                continue
            for name, room in (
                ("label", line.label),
                ("source_label", line.source.label),
                ("target_label", line.target.label),
            ):
                cell: Cell | None = getattr(route, name)
                if cell is None or not stem.rows[0] <= cell[1] <= stem.rows[1]:
                    continue
                if stem.x in (cell[0] - 2, cell[0] + room + 1):
                    found.append(_Label(index, name, cell, room))
        return found

    def _is_free(self, stem: _Stem, x: int, labels: Iterable[_Label]) -> bool:
        """Whether a stem may stand in a column, with its labels."""
        taken = self.taken
        rows = range(stem.rows[0], stem.rows[1] + 1)
        if any((x + near, row) in taken for row in rows for near in (-1, 0, 1)):
            return False
        # what stands right of a line seems to be its label: two blanks to that of another
        if any((x - 2, row) in self.texts for row in rows):
            return False
        return all(
            label.cell[0] >= 0
            and label.cell[0] + label.room <= self.width
            and not any(
                (label.cell[0] + at, label.cell[1]) in taken for at in range(-1, label.room + 2)
            )
            for label in labels
        )

    def _count_stem(self, stem: _Stem, labels: Iterable[_Label], sign: int) -> None:
        """Take or leave the cells of a stem and its labels."""
        cells = [(stem.x, row) for row in range(stem.rows[0], stem.rows[1] + 1)]
        _count(self.taken, cells, sign)
        self._count_labels(labels, sign)

    def _count_labels(self, labels: Iterable[_Label], sign: int) -> None:
        """Take or leave the cells of labels."""
        texts = [(x, label.cell[1]) for label in labels for x in label.columns()]
        _count(self.taken, texts, sign)
        _count(self.texts, texts, sign)

    def _move_stem(self, stem: _Stem, x: int, labels: Iterable[_Label]) -> list[_Label]:
        """Put a stem and its labels into a column; return the labels."""
        shifted = [label.moved(x - stem.x) for label in labels]
        for index in stem.lines:
            route = self.routes[index]
            if route is not None:
                first, second, *rest = route.points
                if first[1] != second[1]:
                    second = x, second[1]
                points = ((x, first[1]), second, *rest)
                self.routes[index] = route._replace(points=simplify(points))
        for label in shifted:
            route = self.routes[label.line]
            if route is not None:
                spots = {
                    "label": route.label,
                    "source_label": route.source_label,
                    "target_label": route.target_label,
                    label.name: label.cell,
                }
                self.routes[label.line] = Route(route.points, **spots)
        stem.x = x
        return shifted

    def slide_box(self, box: int) -> bool:
        """Move a box towards the middle of its lines; tell if it moved."""
        rect = self.boxes[box]
        sides: tuple[list[int], list[int]] = [], []
        for index, is_source in self.ends[box]:
            route = self.routes[index]
            if route is None:
                return False
            x, y = route.points[0] if is_source else route.points[-1]
            if y not in (rect.y - 1, rect.y + rect.height) or not rect.x < x < rect.x + rect.width:
                return False
            sides[y > rect.y].append(x)
        middles = [(min(side) + max(side)) / 2 for side in sides if side]
        if not middles:
            return False
        low, high = max(map(max, filter(None, sides))), min(map(min, filter(None, sides)))
        wish = int(sum(middles) / len(middles) - rect.x - (rect.width - 1) / 2)
        goal = min(max(rect.x + wish, low - rect.width + 2), high - 1)
        step = 1 if goal > rect.x else -1
        here = rect.x
        while here != goal and self._may_step(rect._replace(x=here), step):
            here += step
        if here == rect.x:
            return False
        _count(self.taken, _cells_of_box(rect), -1)
        self.boxes[box] = rect._replace(x=here)
        _count(self.taken, _cells_of_box(self.boxes[box]), 1)
        return True

    def _may_step(self, rect: Rect, step: int) -> bool:
        """Whether a box may move by a column."""
        edge = rect.x + rect.width if step > 0 else rect.x - 1
        if not 0 <= edge < self.width:
            return False
        rows = range(rect.y, rect.y + rect.height)
        if any((edge + step * at, row) in self.taken for at in range(APART + 1) for row in rows):
            return False
        # no line may come to run along the box
        return all(
            self.taken[edge, row] == self.texts[edge, row]
            for row in (rect.y - 1, rect.y + rect.height)
        )


class _Label(NamedTuple):
    """A label: its line, what it is of it, where it stands, its columns."""

    line: int
    name: str
    cell: Cell
    room: int

    def moved(self, by: int) -> _Label:
        """Return the label some columns further on."""
        return self._replace(cell=(self.cell[0] + by, self.cell[1]))

    def columns(self) -> range:
        """Return the columns that it takes."""
        return range(self.cell[0], self.cell[0] + self.room)


def _count(taken: Counter[Cell], cells: Iterable[Cell], sign: int) -> None:
    for cell in cells:
        taken[cell] += sign
        if not taken[cell]:
            del taken[cell]


def _cells_of_box(rect: Rect) -> list[Cell]:
    return [
        (x, y)
        for y in range(rect.y, rect.y + rect.height)
        for x in range(rect.x, rect.x + rect.width)
    ]


def _cells_of_border(frame: Rect) -> list[Cell]:
    x, y, width, height = frame
    rows = [(at, row) for row in (y, y + height - 1) for at in range(x, x + width)]
    return rows + [(at, row) for at in (x, x + width - 1) for row in range(y + 1, y + height - 1)]


def _cells_of_route(route: Route) -> set[Cell]:
    cells = {route.points[0]}
    for a, b in pairwise(route.points):
        cells.update(
            (x, y)
            for x in range(min(a[0], b[0]), max(a[0], b[0]) + 1)
            for y in range(min(a[1], b[1]), max(a[1], b[1]) + 1)
        )
    return cells


def _labels(line: Line, route: Route) -> list[tuple[Cell, int]]:
    labels = (
        (route.label, line.label),
        (route.source_label, line.source.label),
        (route.target_label, line.target.label),
    )
    return [(cell, room) for cell, room in labels if cell is not None]
