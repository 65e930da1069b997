"""Cells outside of the boxes in, connected lines with their ends out, and every loose end."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from dataclasses import dataclass, field

from tests.oracle.boxes import Alphabet
from tests.oracle.cells import Grid
from tests.oracle.glyphs import (
    ASCII_LINES,
    FRAME_GLYPHS,
    OPPOSITE,
    SIDE_MARKS,
    STEP,
    UPRIGHT_MARKS,
    arms,
    weights,
)
from tests.oracle.reading import Cell, Fault, ReadBox, ReadEnd, ReadLine

_SIDES = {"left": "L", "right": "R", "top": "U", "bottom": "D"}
_LONGEST_MARK = 3
_MOST_GUESSES = 12

Node = tuple[int, int, str]


@dataclass(slots=True)
class Field:
    """The grid with what is known of each cell so far.

    Attributes:
        owner: Cells of boxes.
        frame: Cells of frames' borders.
        arms: Line cells with their arms.
        marks: Cells of end marks.
        ends: The line cell and the arm by which it reaches a box -> the end.
    """

    grid: Grid
    alphabet: Alphabet
    boxes: tuple[ReadBox, ...]
    owner: dict[Cell, int] = field(default_factory=dict)
    frame: set[Cell] = field(default_factory=set)
    arms: dict[Cell, frozenset[str]] = field(default_factory=dict)
    marks: set[Cell] = field(default_factory=set)
    ends: dict[tuple[Cell, str], ReadEnd] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def survey(
    grid: Grid, alphabet: Alphabet, boxes: tuple[ReadBox, ...], frames: tuple[ReadBox, ...]
) -> Field:
    """Find the line cells, the marks and the ends."""
    ground = Field(grid, alphabet, boxes)
    for index, box in enumerate(boxes):
        for y in range(box.y0, box.y1 + 1):
            for x in range(box.x0, box.x1 + 1):
                ground.owner[x, y] = index
    for frame in frames:
        _own_frame(ground, frame)
    if alphabet.ascii:
        _find_ends(ground)
        _ascii_cells(ground)
        _solve_pluses(ground)
    else:
        for y, row in enumerate(grid.rows):
            for x, char in enumerate(row):
                if (x, y) not in ground.owner and (x, y) not in ground.frame and arms(char):
                    ground.arms[x, y] = arms(char)
        if alphabet.joints:
            _build_bridges(ground)
        _find_ends(ground)
    return ground


def _build_bridges(ground: Field) -> None:
    """Take `─│─` for a crossing, as drawings of others mean it; several may stand in a row."""
    upright, across = frozenset("UD"), frozenset("LR")
    for ahead, passed in (("R", upright), ("D", across)):
        dx, dy = STEP[ahead]
        for x, y in sorted(ground.arms):
            if ahead not in ground.arms[x, y] or ground.arms[x, y] == passed:
                continue
            run: list[Cell] = []
            here = (x + dx, y + dy)
            while ground.arms.get(here) == passed:
                run.append(here)
                here = (here[0] + dx, here[1] + dy)
            if run and OPPOSITE[ahead] in ground.arms.get(here, ()):
                ground.arms.update(dict.fromkeys(run, upright | across))


def _own_frame(ground: Field, frame: ReadBox) -> None:
    """Mark the cells of a frame's border; where a line runs, the border has given way to it."""
    across = [(x, y) for y in (frame.y0, frame.y1) for x in range(frame.x0, frame.x1 + 1)]
    upright = [(x, y) for x in (frame.x0, frame.x1) for y in range(frame.y0, frame.y1 + 1)]
    if not ground.alphabet.ascii:
        cells = (cell for cell in across + upright if ground.grid.at(*cell) in FRAME_GLYPHS)
        ground.frame.update(cells)
        return
    corners = {(x, y) for x in (frame.x0, frame.x1) for y in (frame.y0, frame.y1)}
    ground.frame.update(corners)
    at = ground.grid.at
    for x, y in across:
        beside = {at(x - 1, y), at(x + 1, y)}
        if at(x, y) == "-" and "-" not in beside and (x - frame.x0) % 2 == 0:
            ground.frame.add((x, y))
    for x, y in upright:
        if at(x, y) == "|" and "|" not in {at(x, y - 1), at(x, y + 1)} and (y - frame.y0) % 2 == 0:
            ground.frame.add((x, y))


# --- ends ---------------------------------------------------------------------------------------


def _find_ends(ground: Field) -> None:
    """Look around every box for lines that reach it, directly or through a mark."""
    for index, box in enumerate(ground.boxes):
        for side, cell in _around(box):
            _look_out(ground, index, side, cell)


def _look_out(ground: Field, index: int, side: str, cell: Cell) -> None:
    outwards = _SIDES[side]
    dx, dy = STEP[outwards]
    allowed = SIDE_MARKS if outwards in "LR" else UPRIGHT_MARKS
    mark: list[Cell] = []
    here = cell
    if ground.alphabet.gap and dx and ground.grid.at(*cell) == " ":
        here = (cell[0] + dx, cell[1])
    while here not in ground.owner and here not in ground.marks:
        if _reaches(ground, here, OPPOSITE[outwards], mark):
            _add_end(ground, index, side, here, mark)
            return
        if ground.grid.at(*here) not in allowed or here in ground.arms:
            return
        if not dx and any(_is_letter(ground, here[0] + off, here[1], allowed) for off in (-1, 1)):
            return  # a letter or hyphen of a text
        if len(mark) == _LONGEST_MARK:
            return
        mark.append(here)
        here = (here[0] + dx, here[1] + dy)


def _is_letter(ground: Field, x: int, y: int, marks: frozenset[str]) -> bool:
    char = ground.grid.at(x, y)
    return char.isalnum() and char not in marks


def _reaches(ground: Field, cell: Cell, arm: str, mark: list[Cell]) -> bool:
    """Return whether a line's arm points from this cell towards the box."""
    if not ground.alphabet.ascii:
        return arm in ground.arms.get(cell, ())
    char = ground.grid.at(*cell)
    if char == "+":
        # beside a border it is settled with the other junctions
        return bool(mark) and not any(_passes(ground, each, arm) for each in mark)
    return char in ("-", "=") if arm in "LR" else char == "|"


def _passes(ground: Field, cell: Cell, arm: str) -> bool:
    """Return whether a bar is rather a line that passes by than a mark on the way to the box."""
    char, at = ground.grid.at(*cell), ground.grid.at
    x, y = cell
    if arm in "LR":
        return char == "|" and (at(x, y - 1) in ("|", "+") or at(x, y + 1) in ("|", "+"))
    return char == "-" and (at(x - 1, y) in ("-", "+") or at(x + 1, y) in ("-", "+"))


def _around(box: ReadBox) -> list[tuple[str, Cell]]:
    cells: list[tuple[str, Cell]] = []
    for y in range(box.y0, box.y1 + 1):
        cells += [("left", (box.x0 - 1, y)), ("right", (box.x1 + 1, y))]
    for x in range(box.x0, box.x1 + 1):
        cells += [("top", (x, box.y0 - 1)), ("bottom", (x, box.y1 + 1))]
    return cells


def _add_end(ground: Field, index: int, side: str, line: Cell, mark: list[Cell]) -> None:
    box = ground.boxes[index]
    x, y = mark[0] if mark else line
    upright = side in ("top", "bottom")
    row = "" if upright else box.row_at(y)
    text = "".join(ground.grid.at(*each) for each in mark)
    ground.ends[line, OPPOSITE[_SIDES[side]]] = ReadEnd(index, row, side, text, (x, y))
    ground.marks.update(mark)
    if x in (box.x0, box.x1) if upright else y in (box.y0, box.y1):
        ground.faults.append(Fault("line-at-corner", x, y, box.name))


# --- ASCII --------------------------------------------------------------------------------------


def _ascii_cells(ground: Field) -> None:
    """Tell line cells from texts: a word is a text; line characters at its edges are lines."""
    for y, row in enumerate(ground.grid.rows):
        free = [_is_free(ground, x, y, char) for x, char in enumerate(row)]
        for wanted, group in itertools.groupby(range(len(row)), key=free.__getitem__):
            cells = list(group)
            if wanted:
                _ascii_word(ground, cells[0], y, "".join(row[x] or "\0" for x in cells))


def _is_free(ground: Field, x: int, y: int, char: str) -> bool:
    taken = (x, y) in ground.owner or (x, y) in ground.marks or (x, y) in ground.frame
    return char != " " and not taken


def _ascii_word(ground: Field, start: int, y: int, word: str) -> None:
    if set(word) <= ASCII_LINES:
        spans = [(0, len(word))]
    else:
        found = re.fullmatch(r"([-+|=]*)(.*?)([-+|=]*)", word, re.DOTALL)
        fringe = (len(found[1]), len(found[3])) if found else (0, 0)
        spans = [(0, fringe[0]), (len(word) - fringe[1], len(word))]
    for first, last in spans:
        for offset in range(first, last):
            x, char = start + offset, word[offset]
            run = {"-": "LR", "=": "LR", "|": "UD", "+": "LRUD"}.get(char, "")
            if run:
                ground.arms[x, y] = frozenset(run)


def _solve_pluses(ground: Field) -> None:
    """Find which arms each `+` has: those that its neighbours ask for, and joins between `+`."""
    pluses = {cell for cell in ground.arms if ground.grid.at(*cell) == "+"}
    sure: dict[Cell, set[str]] = {}
    maybe: dict[Cell, set[str]] = {}
    for cell in pluses:
        sure[cell], maybe[cell] = set(), set()
        for arm, (dx, dy) in STEP.items():
            other = (cell[0] + dx, cell[1] + dy)
            if (cell, arm) in ground.ends:
                sure[cell].add(arm)
            elif other in pluses or _faces_border(ground, other, arm):
                maybe[cell].add(arm)
            elif OPPOSITE[arm] in ground.arms.get(other, ()):
                sure[cell].add(arm)
    for group in _groups(pluses):
        _solve_group(ground, group, sure, maybe)


def _faces_border(ground: Field, cell: Cell, arm: str) -> bool:
    """Return whether the cell is a box's border (no corner) that the arm runs straight into."""
    index = ground.owner.get(cell)
    if index is None:
        return False
    box = ground.boxes[index]
    if arm in "LR":
        return cell[0] in (box.x0, box.x1) and box.y0 < cell[1] < box.y1
    return cell[1] in (box.y0, box.y1) and box.x0 < cell[0] < box.x1


def _groups(cells: set[Cell]) -> list[list[Cell]]:
    left, groups = set(cells), []
    while left:
        group, todo = [], [min(left)]
        left.discard(todo[0])
        while todo:
            x, y = todo.pop()
            group.append((x, y))
            for dx, dy in STEP.values():
                if (x + dx, y + dy) in left:
                    left.discard((x + dx, y + dy))
                    todo.append((x + dx, y + dy))
        groups.append(sorted(group))
    return groups


def _is_junction(found: set[str]) -> bool:
    return len(found) >= 3 or (len(found) == 2 and len(found & {"L", "R"}) == 1)


def _solve_group(
    ground: Field, group: list[Cell], sure: dict[Cell, set[str]], maybe: dict[Cell, set[str]]
) -> None:
    solutions = _solutions(group, sure, maybe)
    if not solutions:
        for cell in group:
            ground.arms[cell] = frozenset(sure[cell])
            ground.faults.append(Fault("odd-junction", *cell, "".join(sorted(sure[cell]))))
        return
    if len(solutions) > 1:
        ground.faults.append(Fault("ambiguous-junction", *group[0], "several ways to read the +"))
    for cell, found_arms in solutions[0].items():
        ground.arms[cell] = frozenset(found_arms)
        for arm in sorted(found_arms - sure[cell]):
            other = _next(cell, arm)
            if other in ground.owner:
                side = {"L": "right", "R": "left", "U": "bottom", "D": "top"}[arm]
                _add_end(ground, ground.owner[other], side, cell, [])


def _next(cell: Cell, arm: str) -> Cell:
    return cell[0] + STEP[arm][0], cell[1] + STEP[arm][1]


def _solutions(
    group: list[Cell], sure: dict[Cell, set[str]], maybe: dict[Cell, set[str]]
) -> list[dict[Cell, set[str]]]:
    """Return every way in which the `+` of a group are junctions, the fewest joins first."""
    inside = set(group)
    joins = [
        (cell, arm)
        for cell in group
        for arm in sorted(maybe[cell])
        if _next(cell, arm) not in inside or arm in ("R", "D")
    ]
    if len(joins) > _MOST_GUESSES:
        return []
    solutions: list[tuple[int, dict[Cell, set[str]]]] = []
    for chosen in itertools.product((False, True), repeat=len(joins)):
        found = {cell: set(sure[cell]) for cell in group}
        for cell, arm in itertools.compress(joins, chosen):
            found[cell].add(arm)
            if _next(cell, arm) in inside:
                found[_next(cell, arm)].add(OPPOSITE[arm])
        if all(_is_junction(each) for each in found.values()):
            solutions.append((sum(chosen), found))
    return [found for _, found in sorted(solutions, key=lambda each: each[0])]


# --- tracing ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Union:
    parent: dict[Node, Node] = field(default_factory=dict)

    def find(self, node: Node) -> Node:
        root = node
        while self.parent.setdefault(root, root) != root:
            root = self.parent[root]
        while self.parent[node] != root:
            self.parent[node], node = root, self.parent[node]
        return root

    def join(self, one: Node, other: Node) -> bool:
        """Join two parts; return whether they were apart."""
        first, second = self.find(one), self.find(other)
        self.parent[first] = second
        return first != second


def _node(ground: Field, cell: Cell, arm: str) -> Node:
    """Return the wire of a cell that an arm belongs to: a crossing holds two wires."""
    if len(ground.arms[cell]) < 4:
        return (*cell, "")
    return (*cell, "h" if arm in "LR" else "v")


def trace(ground: Field) -> tuple[tuple[ReadLine, ...], dict[Cell, set[int]], int]:
    """Follow all lines.

    Returns:
        The lines in the order of their first cell; each line or mark cell's lines; crossings.
    """
    union = _Union()
    loops: list[Node] = []
    for cell in sorted(ground.arms):
        for arm in sorted(ground.arms[cell]):
            node = _node(ground, cell, arm)
            union.find(node)
            other = (cell[0] + STEP[arm][0], cell[1] + STEP[arm][1])
            if (cell, arm) in ground.ends:
                continue
            if OPPOSITE[arm] in ground.arms.get(other, ()):
                if arm in ("R", "D") and not union.join(node, _node(ground, other, OPPOSITE[arm])):
                    loops.append(node)
                _check_style(ground, cell, other, arm)
            else:
                ground.faults.append(_loose_end(ground, cell, other, arm))
    return _collect(ground, union, loops)


def _check_style(ground: Field, cell: Cell, other: Cell, arm: str) -> None:
    here = weights(ground.grid.at(*cell)).get(arm, "light")
    there = weights(ground.grid.at(*other)).get(OPPOSITE[arm], "light")
    thin = {"light", "dashed"}
    if here != there and not {here, there} <= thin and arm in ("R", "D"):
        ground.faults.append(Fault("style-break", *cell, f"{here} meets {there}"))


def _loose_end(ground: Field, cell: Cell, other: Cell, arm: str) -> Fault:
    if len(ground.arms[cell]) == 4:
        return Fault("broken-crossing", *cell, arm)
    if other in ground.owner:
        return Fault("line-into-box", *cell, ground.boxes[ground.owner[other]].name)
    if ground.grid.at(*other) == " ":
        return Fault("line-ends-nowhere", *cell, arm)
    if other in ground.arms or other in ground.frame:
        return Fault("line-broken", *cell, arm)
    return Fault("line-into-text", *cell, ground.grid.at(*other))


def _collect(
    ground: Field, union: _Union, loops: list[Node]
) -> tuple[tuple[ReadLine, ...], dict[Cell, set[int]], int]:
    members: dict[Node, list[Node]] = defaultdict(list)
    ends: dict[Node, list[ReadEnd]] = defaultdict(list)
    for node in sorted(union.parent):
        members[union.find(node)].append(node)
    for (cell, arm), end in sorted(ground.ends.items()):
        if cell in ground.arms and arm in ground.arms[cell]:
            ends[union.find(_node(ground, cell, arm))].append(end)
    looped = {union.find(node) for node in loops}
    lines: list[ReadLine] = []
    cell_lines: dict[Cell, set[int]] = defaultdict(set)
    for root in sorted(members, key=lambda root: min((y, x) for x, y, _ in members[root])):
        nodes = members[root]
        cells = frozenset((x, y) for x, y, _ in nodes)
        first = min(cells, key=lambda cell: (cell[1], cell[0]))
        its_ends = tuple(ends[root])
        if not its_ends:
            ground.faults.append(Fault("stray-line", *first))
        elif root in looped:
            ground.faults.append(Fault("ambiguous-junction", *first, "a line joins itself"))
        for end in its_ends:
            dx, dy = STEP[_SIDES[end.side]]
            for away in range(len(end.mark) or 1):
                cell_lines[end.cell[0] + dx * away, end.cell[1] + dy * away].add(len(lines))
        for cell in cells:
            cell_lines[cell].add(len(lines))
        bends = sum(
            len(ground.arms[x, y]) == 2 and len(ground.arms[x, y] & {"L", "R"}) == 1
            for x, y, _ in nodes
        )
        lines.append(ReadLine(its_ends, cells, _style(ground, nodes), (), bends))
    crossings = sum(len(found) == 4 for found in ground.arms.values())
    return tuple(lines), dict(cell_lines), crossings


def _style(ground: Field, nodes: list[Node]) -> str:
    found: set[str] = set()
    for x, y, axis in nodes:
        char = ground.grid.at(x, y)
        if ground.alphabet.ascii:
            found.add("double" if char == "=" else "light")
            continue
        for arm, weight in weights(char).items():
            if arm in ground.arms[x, y] and (not axis or (arm in "LR") == (axis == "h")):
                found.add(weight)
    if "dashed" in found:
        found.discard("light")
    elif ground.alphabet.ascii and "double" in found:
        found = {"double"}
    return "+".join(sorted(found))
