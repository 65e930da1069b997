"""A diagram with groups in, its parts drawn with a frame around each group out.

Frames are drawn unless they cost the drawing dearly; see `is_worth`. Where they do, the groups
stand together without frames, and where even that does, boxes stand as if there were no groups.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise

from erdgen.layout.candidates import MANY
from erdgen.layout.components import take_part
from erdgen.layout.compound import Compound, draw_compound
from erdgen.layout.drawing import Cell, Diagram, Direction, Drawing, Rect
from erdgen.layout.groups import find_nodes, tied_nodes
from erdgen.layout.inside import AIRY, FRAME, UNSEEN, Border, frame_alone
from erdgen.layout.spare import with_spare, without_spare

CROSSINGS = (2, 4)
"""With frames there may be so many times the crossings of the drawing without, and so many more."""
CHEAP = 10
"""One crossing to so many lines is worth frames, whatever the drawing without is like."""
AREA = 2.5
"""With frames a drawing may take so many times the area."""
EDGE = (10, 5)
"""Columns and rows that frames may add to any drawing besides."""

CLOSER = (70, 97)
"""How many hundredths of the width of a quick drawing a closer look leaves at least, where lines
run right and down."""
BETTER = (0.45, 0.6)
"""What part of its crossings it leaves, in the same order."""
TANGLED = 0.75
"""The same of a large diagram."""
SMALLER = 0.75
"""What part of its area it leaves."""

FEW = 40
"""Lines between groups that are never too many for frames."""
MIXED = 0.5
"""What part of all lines may run between groups."""

Part = tuple[list[int], list[int], Drawing]
"""Boxes and lines of the diagram, and their drawing."""
LayOut = Callable[[Diagram, Direction, "int | None"], Drawing]


def draw_groups(
    diagram: Diagram, direction: Direction, width: int | None, lay_out: LayOut
) -> tuple[list[Part], list[int]]:
    """Return drawings of all parts that nothing ties to each other, neither lines nor groups.

    Args:
        diagram: Boxes, lines and groups.
        direction: Where lines run.
        width: Most columns.
        lay_out: Lays out a diagram without groups.

    Returns:
        The parts, and the boxes that have neither a line nor a group.
    """
    nodes = find_nodes(diagram)
    parts: list[Part] = []
    single: list[int] = []
    for tied in tied_nodes(diagram, nodes):
        boxes = sorted(box for node in tied for box in nodes.members[node])
        part, lines = take_part(diagram, boxes)
        if len(boxes) == 1 and not lines and nodes.group[tied[0]] < 0:
            single.extend(boxes)
        elif all(nodes.group[node] < 0 for node in tied):
            parts.append((boxes, lines, lay_out(part, direction, width)))
        else:
            part = part._replace(groups=diagram.groups, airy=diagram.airy)
            roomy = with_spare(part)
            drawing = _draw_part(roomy, direction, width, lay_out)
            parts.append((boxes, lines, without_spare(part, drawing, width)))
    return parts, single


def _draw_part(
    diagram: Diagram, direction: Direction, width: int | None, lay_out: LayOut
) -> Drawing:
    """Return the drawing of groups and boxes that lines tie, with frames if they are worth it."""

    def draw_rest(part: Diagram, most: int | None) -> Drawing:
        return lay_out(part, direction, most)

    border = AIRY if diagram.airy else FRAME
    alone = len({box.group for box in diagram.boxes}) == 1
    if not alone and are_mixed(diagram):
        return lay_out(diagram._replace(groups=()), direction, width)

    @cache
    def plain() -> Drawing:
        return lay_out(diagram._replace(groups=()), direction, width)

    down = diagram.bare and direction != "right"

    def hopeless(quick: Compound) -> bool:
        return _is_hopeless(diagram, quick, plain, width, down=down)

    def draw(border: Border) -> Drawing:
        return draw_compound(
            diagram, direction, width, border, draw_rest, hopeless=hopeless
        ).drawing

    framed = _frame_alone(diagram, direction, width, border, lay_out) if alone else draw(border)
    if is_cheap(diagram, framed, width):
        return framed
    if is_worth(diagram, framed, plain(), width):
        return framed
    count = len({box.group for box in diagram.boxes})
    # without frames it is at most so much narrower
    narrow = width is None or framed.width - 2 * border.box[0] * count <= width
    few = diagram.effort < MANY
    if few and narrow and not alone:
        together = draw(UNSEEN)
        if is_worth(diagram, together, plain(), width):
            return together
    return plain()


def _is_hopeless(
    diagram: Diagram,
    quick: Compound,
    plain: Callable[[], Drawing],
    width: int | None,
    *,
    down: bool,
) -> bool:
    """Whether a closer look can't make a quick drawing with frames worth it."""
    drawing = quick.drawing
    if width is not None and drawing.width * CLOSER[down] > width * 100:
        return True
    many = diagram.effort >= MANY
    area = drawing.width * drawing.height * SMALLER
    crossings = quick.crossings * (TANGLED if many else BETTER[down])
    if crossings <= _cheap_crossings(diagram) and area <= _cheap_area(diagram):
        return False
    return area > _most_area(plain()) or crossings > _most_crossings(diagram, plain())


def are_mixed(diagram: Diagram) -> bool:
    """Whether so many lines run between groups that frames only make them longer."""
    of = find_nodes(diagram).of
    across = sum(of[line.source.box] != of[line.target.box] for line in diagram.lines)
    return across > max(FEW, len(diagram.lines) * MIXED)


def _frame_alone(
    diagram: Diagram, direction: Direction, width: int | None, border: Border, lay_out: LayOut
) -> Drawing:
    """Return the drawing of the only group of a diagram in its frame."""
    group = diagram.boxes[0].group
    room = None if width is None else width - 2 * border.box[0]
    alone = lay_out(diagram._replace(groups=()), direction, room)
    drawing, frame = frame_alone(diagram, alone, diagram.groups[group], border)
    frames: list[Rect | None] = [None] * len(diagram.groups)
    frames[group] = frame
    return drawing._replace(frames=tuple(frames))


def is_cheap(diagram: Diagram, framed: Drawing, width: int | None) -> bool:
    """Whether a drawing with frames is worth it, whatever the one without is like.

    That one is no smaller than its boxes with a blank between.
    """
    return (
        (width is None or framed.width <= width)
        and None not in framed.routes
        and framed.width * framed.height <= _cheap_area(diagram)
        and count_crossings(diagram, framed) <= _cheap_crossings(diagram)
    )


def _cheap_area(diagram: Diagram) -> float:
    return AREA * sum((box.width + 2) * (box.height + 1) for box in diagram.boxes)


def _cheap_crossings(diagram: Diagram) -> int:
    return max(CROSSINGS[1], len(diagram.lines) // CHEAP)


def is_worth(diagram: Diagram, framed: Drawing, plain: Drawing, width: int | None) -> bool:
    """Whether a drawing with frames is not much worse than one without.

    It is if it breaks the width and the other doesn't, or lacks lines that the other has, or has
    far more crossings or a far larger area (`CROSSINGS`, `AREA`).
    """
    if width is not None and framed.width > width:
        return False
    if framed.routes.count(None) > plain.routes.count(None):
        return False
    if count_crossings(diagram, framed) > _most_crossings(diagram, plain):
        return False
    return framed.width * framed.height <= _most_area(plain)


def _most_crossings(diagram: Diagram, plain: Drawing) -> int:
    """Return how many crossings a drawing with frames may have, by the one without."""
    times, more = CROSSINGS
    return times * count_crossings(diagram, plain) + more


def _most_area(plain: Drawing) -> float:
    return AREA * (plain.width + EDGE[0]) * (plain.height + EDGE[1])


def count_crossings(diagram: Diagram, drawing: Drawing) -> int:
    """Return at how many cells lines of different nets cross."""
    nets: dict[Cell, set[tuple[int, ...]]] = {}
    for index, (line, route) in enumerate(zip(diagram.lines, drawing.routes, strict=True)):
        if route is None:
            continue
        net = (line.trunk, line.source.box, *route.points[0]) if line.trunk >= 0 else (index,)
        for a, b in pairwise(route.points):
            for x in range(min(a[0], b[0]), max(a[0], b[0]) + 1):
                for y in range(min(a[1], b[1]), max(a[1], b[1]) + 1):
                    nets.setdefault((x, y), set()).add(net)
    return sum(len(each) > 1 for each in nets.values())
