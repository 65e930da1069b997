"""A plan and the places of its parts in, a grid with everything drawn out, and what was not drawn.

Nothing is drawn over anything else: a line that would be is left out and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from erdgen.layout.drawing import Cell, Drawing, Rect
from erdgen.render.text.boxes import RULE, Face, Plan
from erdgen.render.text.glyphs import (
    ACROSS,
    ASCII_FRAME,
    ASCII_TABLE,
    DOWN,
    LEFT,
    RIGHT,
    UNICODE_FRAME,
    UNICODE_TABLE,
    UP,
    UPRIGHT,
    Mark,
)
from erdgen.render.text.grid import Grid
from erdgen.render.text.labels import write_labels
from erdgen.render.text.spread import (
    Room,
    all_rooms,
    find_lookalikes,
    room_at_end,
    rows_to_put_in,
    rows_within,
    spread,
)
from erdgen.render.text.texts import labels_of, route_of
from erdgen.render.text.trace import End, follow
from erdgen.render.width import display_width

_OPPOSITE = {LEFT: RIGHT, RIGHT: LEFT, UP: DOWN, DOWN: UP}
_STEPS = {LEFT: (-1, 0), RIGHT: (1, 0), UP: (0, -1), DOWN: (0, 1)}


class Plot(NamedTuple):
    """A drawing that can be printed.

    Attributes:
        grid: The cells.
        drawing: Where everything stands in it.
        lost: Numbers of the lines that could not be drawn so that they can be followed, in order.
    """

    grid: Grid
    drawing: Drawing
    lost: tuple[int, ...]


def print_rows(plotted: Plot, *, ascii_only: bool) -> tuple[list[str], int]:
    """Return the rows of a drawing without a blank edge, and how many rows were left out above.

    A frame that is not drawn leaves its room behind.
    """
    rows = plotted.grid.rows(ASCII_TABLE if ascii_only else UNICODE_TABLE)
    filled = [number for number, row in enumerate(rows) if row]
    top, bottom = (filled[0], filled[-1]) if filled else (0, -1)
    rows = rows[top : bottom + 1]
    left = min((len(row) - len(row.lstrip(" ")) for row in rows if row), default=0)
    return [row[left:] for row in rows], top


_MOST_SPREADS = 9
"""How often room is made; each time shows what the last has brought close."""


def plot(plan: Plan, drawing: Drawing, *, ascii_only: bool) -> Plot:
    """Draw a plan.

    Args:
        plan: What is drawn.
        drawing: Where it stands; what stands too close to be read is moved apart.
        ascii_only: Whether lines and frames are made of ASCII characters.
    """
    before: tuple[Plan, Drawing, set[int], Room] | None = None
    for _ in range(_MOST_SPREADS):
        grid, lost, room = _plot_what_fits(plan, drawing, ascii_only=ascii_only)
        if before and lost and before[2:] == (lost, room):  # more of it would not help either
            plan, drawing, _, _ = before
            grid, lost, _ = _plot_what_fits(plan, drawing, ascii_only=ascii_only)
            break
        before = plan, drawing, lost, room
        wider = spread(plan.diagram, drawing, room)
        if wider == drawing:
            break
        plan = _with_blank_rows(plan, drawing, rows_to_put_in(plan.diagram, drawing, room))
        drawing = wider
    else:
        grid, lost, _ = _plot_what_fits(plan, drawing, ascii_only=ascii_only)
    glyphs = ASCII_FRAME if ascii_only else UNICODE_FRAME
    frames: list[Rect | None] = []
    for title, frame in zip(plan.titles, drawing.frames, strict=False):
        if frame is not None and grid.is_clear_for_frame(frame, only_texts=not ascii_only):
            grid.draw_frame(frame, title, glyphs, dashed=ascii_only)
            frames.append(frame)
        else:
            frames.append(None)
    return Plot(grid, drawing._replace(frames=tuple(frames)), tuple(sorted(lost)))


def _with_blank_rows(plan: Plan, drawing: Drawing, put_in: Sequence[int]) -> Plan:
    """Return the plan with blank rows in the boxes that are torn apart by rows put in."""
    if not put_in:
        return plan
    faces = []
    for face, box, rect in zip(plan.faces, plan.diagram.boxes, drawing.boxes, strict=True):
        rows = list(face.rows)
        torn = [row for row in put_in if rect.y + 1 < row < rect.y + rect.height - 1]
        for row in [] if box.stretch else reversed(torn):
            rows.insert(row - rect.y - 1, "")
        faces.append(face._replace(rows=tuple(rows)))
    return plan._replace(faces=tuple(faces))


def _plot_what_fits(
    plan: Plan, drawing: Drawing, *, ascii_only: bool
) -> tuple[Grid, set[int], Room]:
    """Return the grid with all lines that can be drawn, the others, and what room they want."""
    lost: set[int] = {index for index, route in enumerate(drawing.routes) if route is None}
    wanted: list[Room] = []
    while True:
        grid, failed = _plot_without(lost, plan, drawing, wanted, ascii_only=ascii_only)
        if ascii_only and not failed:
            wanted.append(find_lookalikes(grid))
        if not failed:
            return grid, lost, all_rooms(wanted)
        lost |= failed  # again from an empty grid, so that nothing of them is left


def _plot_without(
    lost: set[int], plan: Plan, drawing: Drawing, wanted: list[Room], *, ascii_only: bool
) -> tuple[Grid, set[int]]:
    """Draw boxes and lines but those in `lost`.

    Returns:
        The grid and the lines that failed; what room they want is added to `wanted`.
    """
    grid = Grid(drawing.width, drawing.height)
    for face, rect in zip(plan.faces, drawing.boxes, strict=True):
        _draw_face(grid, face, rect)
    grid.whole_rows.update(rows_within(plan.diagram, drawing))
    bundles = _bundles(plan, drawing, lost)
    ends = {index: _ends(plan, drawing, index) for each in bundles.values() for index in each}
    tied: dict[int, list[End]] = {}
    failed: set[int] = set()
    for owner, members in bundles.items():
        for index in members:
            points = route_of(drawing, index).points
            first, last = ends[index][0][2], ends[index][1][2]
            double = plan.strokes[index].double
            if first and last and grid.draw_line(owner, first, points, last, double=double):
                tied.setdefault(owner, []).extend(ends[index])
            else:
                failed.add(index)
    if failed:
        return grid, failed
    # marks and labels when all lines stand, so that no line is kept out by a text's place
    for owner, members in bundles.items():
        for index in members:
            stroke, (left, right) = plan.strokes[index], ends[index]
            if index == owner and not _write_mark(grid, stroke.left, left, wanted):
                failed.add(index)
            if not _write_mark(grid, stroke.right, right, wanted):
                failed.add(index)
        own = set(tied[owner])
        # each member has an end of its own besides the one that all share
        if len(own) != len(members) + 1 or follow(grid, tied[owner][0]) != own:
            failed.update(members)
    labels = [
        label for members in bundles.values() for label in labels_of(plan, drawing, members, ends)
    ]
    return grid, failed | write_labels(grid, labels, wanted, ascii_only=ascii_only)


def _bundles(plan: Plan, drawing: Drawing, lost: set[int]) -> dict[int, list[int]]:
    """Return which lines share a trunk: the first one's number -> all of them.

    Lines that might share one but leave their box at different places do not.
    """
    first: dict[tuple[int, Cell], int] = {}
    bundles: dict[int, list[int]] = {}
    for index, line in enumerate(plan.diagram.lines):
        if index in lost:
            continue
        owner = index
        if line.trunk >= 0:
            owner = first.setdefault((line.trunk, route_of(drawing, index).points[0]), index)
        bundles.setdefault(owner, []).append(index)
    return bundles


def _ends(plan: Plan, drawing: Drawing, index: int) -> tuple[End, End]:
    """Return both ends of a line; the arm is 0 where an end is not beside its box."""
    line, points = plan.diagram.lines[index], route_of(drawing, index).points
    (x0, y0), (x1, y1) = points[0], points[-1]
    first = _arm_to(drawing.boxes[line.source.box], points[0])
    last = _arm_to(drawing.boxes[line.target.box], points[-1])
    return (x0, y0, first), (x1, y1, last)


def _draw_face(grid: Grid, face: Face, rect: Rect) -> None:
    grid.draw_box(rect)
    spare_rows = rect.height - 2 - len(face.rows)
    top = rect.y + 1 + (spare_rows // 2 if face.centred else 0)
    for number, row in enumerate(face.rows):
        if row is RULE:
            grid.draw_rule(rect, top + number - rect.y)
        elif face.centred:
            spare = rect.width - 2 - display_width(row)
            grid.write(rect.x + 1 + spare // 2, top + number, row)
        else:
            grid.write(rect.x + 1, top + number, row)


def _arm_to(rect: Rect, cell: Cell) -> int:
    """Return the arm by which a cell meets a box, or 0 if it is not beside it.

    >>> _arm_to(Rect(2, 0, 5, 3), (1, 1)) == RIGHT, _arm_to(Rect(2, 0, 5, 3), (2, 3))
    (True, 0)
    """
    x, y = cell
    if rect.y < y < rect.y + rect.height - 1:
        return RIGHT if x == rect.x - 1 else LEFT if x == rect.x + rect.width else 0
    if rect.x < x < rect.x + rect.width - 1:
        return DOWN if y == rect.y - 1 else UP if y == rect.y + rect.height else 0
    return 0


def _write_mark(grid: Grid, mark: Mark, end: End, wanted: list[Room]) -> bool:
    """Write an end's mark over the line's last cells; return whether there is room for it.

    What room is missing is added to `wanted`.
    """
    x, y, arm = end
    text = mark[_OPPOSITE[arm]]
    step_x, step_y = _STEPS[_OPPOSITE[arm]]
    straight = ACROSS if arm & ACROSS else UPRIGHT
    places = [(x + number * step_x, y + number * step_y) for number in range(len(text))]
    # the line itself must be seen behind the mark
    behind = (x + len(text) * step_x, y + len(text) * step_y)
    plain = [grid.arms_at(*place) == straight and not grid.has_text(*place) for place in places]
    plain.append(not grid.has_text(*behind))
    if text and not all(plain):
        wanted.append(room_at_end(x, y, arm, len(plain) - plain.index(False)))
        return False
    for place, character in zip(places, text, strict=True):
        grid.write(*place, character)
    return True
