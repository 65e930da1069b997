"""Rules of a drawing checked from its cells alone, without any knowledge of how it came about."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from erdgen.layout.drawing import Cell, Diagram, Drawing, Rect, Route

Net = tuple[object, ...]
STEPS = {(1, 0): 0, (0, -1): 1, (-1, 0): 2, (0, 1): 3}
STRAIGHT = (frozenset({0, 2}), frozenset({1, 3}))


def cells_of(route: Route) -> list[Cell]:
    """All cells of a route, in order."""
    cells = [route.points[0]]
    for a, b in pairwise(route.points):
        dx, dy = (b[0] > a[0]) - (b[0] < a[0]), (b[1] > a[1]) - (b[1] < a[1])
        assert not (dx and dy), "a route runs along rows and columns"
        x, y = a
        while (x, y) != b:
            x, y = x + dx, y + dy
            cells.append((x, y))
    return cells


def net_of(diagram: Diagram, drawing: Drawing, index: int) -> Net:
    """Which lines may share cells: those of one trunk that leave at the same cell."""
    line, route = diagram.lines[index], drawing.routes[index]
    assert route is not None
    if line.trunk >= 0:
        return "trunk", line.trunk, line.source.box, route.points[0]
    return "line", index


def side_of(rect: Rect, cell: Cell) -> int | None:
    """In which direction the box lies from a cell outside its border; corners don't count."""
    inside_x = rect.x < cell[0] < rect.x + rect.width - 1
    inside_y = rect.y < cell[1] < rect.y + rect.height - 1
    if inside_y and cell[0] == rect.x - 1:
        return 0
    if inside_y and cell[0] == rect.x + rect.width:
        return 2
    if inside_x and cell[1] == rect.y - 1:
        return 3
    if inside_x and cell[1] == rect.y + rect.height:
        return 1
    return None


class Report:
    """What was found: problems in words, crossings, lines and labels that are missing."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.crossings = 0
        self.undrawn: list[int] = []
        self.unlabelled: list[int] = []
        self.hugging = 0


def check(diagram: Diagram, drawing: Drawing) -> Report:
    """Check all rules of a drawing."""
    report = Report()
    taken = _boxes(diagram, drawing, report)
    arms: dict[Cell, dict[Net, set[int]]] = defaultdict(lambda: defaultdict(set))
    marks: list[tuple[Cell, Net]] = []
    for index, route in enumerate(drawing.routes):
        if route is None:
            report.undrawn.append(index)
        else:
            _route(diagram, drawing, index, route, arms=arms, marks=marks, report=report)
    _cells(drawing, taken, arms, marks, report)
    _labels(diagram, drawing, taken, arms, report)
    return report


def _boxes(diagram: Diagram, drawing: Drawing, report: Report) -> dict[Cell, int]:
    taken: dict[Cell, int] = {}
    assert len(drawing.boxes) == len(diagram.boxes)
    for index, (box, rect) in enumerate(zip(diagram.boxes, drawing.boxes, strict=True)):
        if rect.width < box.width or rect.height < box.height:
            report.problems.append(f"box {index} is too small")
        if rect.height != box.height and not box.stretch:
            report.problems.append(f"box {index} was stretched")
        if rect.x < 0 or rect.y < 0:
            report.problems.append(f"box {index} is outside")
        if rect.x + rect.width > drawing.width or rect.y + rect.height > drawing.height:
            report.problems.append(f"box {index} is outside")
        for y in range(rect.y, rect.y + rect.height):
            for x in range(rect.x, rect.x + rect.width):
                if (x, y) in taken:
                    report.problems.append(f"boxes {index} and {taken[x, y]} overlap")
                taken[x, y] = index
    return taken


def _route(
    diagram: Diagram,
    drawing: Drawing,
    index: int,
    route: Route,
    *,
    arms: dict[Cell, dict[Net, set[int]]],
    marks: list[tuple[Cell, Net]],
    report: Report,
) -> None:
    line, net = diagram.lines[index], net_of(diagram, drawing, index)
    cells = cells_of(route)
    if len(set(cells)) != len(cells):
        report.problems.append(f"line {index} meets itself")
    for end, cell in ((line.source, cells[0]), (line.target, cells[-1])):
        rect = drawing.boxes[end.box]
        side = side_of(rect, cell)
        if side is None:
            report.problems.append(f"line {index} does not reach box {end.box}")
            continue
        if end.row is not None and (side in {1, 3} or cell[1] != rect.y + end.row):
            report.problems.append(f"line {index} misses its row")
        arms[cell][net].add(side)
        step = ((-1, 0), (0, 1), (1, 0), (0, -1))[side]
        for away in range(end.mark if step[0] else min(end.mark, 1)):
            marked = cell[0] + step[0] * away, cell[1] + step[1] * away
            marks.append((marked, net))
            if marked not in cells:
                report.problems.append(f"line {index} has no room for its mark")
    for a, b in pairwise(cells):
        way = STEPS[b[0] - a[0], b[1] - a[1]]
        arms[a][net].add(way)
        arms[b][net].add((way + 2) % 4)


def _cells(
    drawing: Drawing,
    taken: dict[Cell, int],
    arms: dict[Cell, dict[Net, set[int]]],
    marks: list[tuple[Cell, Net]],
    report: Report,
) -> None:
    for cell, nets in arms.items():
        if cell in taken:
            report.problems.append(f"a line runs through box {taken[cell]} at {cell}")
        if not (0 <= cell[0] < drawing.width and 0 <= cell[1] < drawing.height):
            report.problems.append(f"a line leaves the drawing at {cell}")
        ways = [frozenset(each) for each in nets.values()]
        if len(ways) == 1:
            if len(ways[0]) not in {2, 3}:
                report.problems.append(f"{len(ways[0])} arms at {cell}")
        elif len(ways) == 2 and set(ways) == set(STRAIGHT):
            report.crossings += 1
        else:
            report.problems.append(f"lines touch at {cell}")
        if len(ways) == 1 and ways[0] in STRAIGHT:
            dx, dy = (1, 0) if ways[0] == STRAIGHT[1] else (0, 1)
            # a line may turn right under a box, not right above one
            for step in (-1, 1) if dx else (1,):
                report.hugging += (cell[0] + step * dx, cell[1] + step * dy) in taken
    for cell, net in marks:
        if len(arms[cell]) > 1 or frozenset(arms[cell][net]) not in STRAIGHT:
            report.problems.append(f"the mark at {cell} is on a crossing or a bend")


def _labels(
    diagram: Diagram,
    drawing: Drawing,
    taken: dict[Cell, int],
    arms: dict[Cell, dict[Net, set[int]]],
    report: Report,
) -> None:
    written: dict[Cell, int] = {}
    seen: set[Net] = set()
    for index, route in enumerate(drawing.routes):
        if route is None:
            continue
        line, net = diagram.lines[index], net_of(diagram, drawing, index)
        first = net not in seen
        seen.add(net)
        for cell, length, wanted in (
            (route.source_label, line.source.label, first),
            (route.label, line.label, first),
            (route.target_label, line.target.label, True),
        ):
            if cell is None:
                if length and wanted:
                    report.unlabelled.append(index)
                continue
            row = [(x, cell[1]) for x in range(cell[0], cell[0] + length)]
            for each in row:
                if each in taken or each in arms or each in written:
                    report.problems.append(f"the label of line {index} is on something")
                if not (0 <= each[0] < drawing.width and 0 <= each[1] < drawing.height):
                    report.problems.append(f"the label of line {index} is cut")
                written[each] = index
            for each in ((cell[0] - 1, cell[1]), (cell[0] + length, cell[1])):
                if each in arms or (each in written and written[each] != index):
                    report.problems.append(f"the label of line {index} touches something")
            near = (
                (x, cell[1] + dy)
                for x in range(cell[0] - 2, cell[0] + length + 2)
                for dy in (-1, 0, 1)
            )
            if not any(net in arms[each] for each in near if each in arms):
                report.problems.append(f"the label of line {index} is not beside it")
