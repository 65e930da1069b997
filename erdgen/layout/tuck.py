"""A diagram of bare boxes in, the same with single children hidden below their parents, and back.

In direction right a box that only one line reaches may stand below the box that the line comes
from, as in the templates: the two take part in the layout as one box with a tail.
"""

from __future__ import annotations

from erdgen.layout.components import take_part
from erdgen.layout.drawing import Diagram, Drawing, Rect, Route

GAP = 3
"""Rows between a box and the one tucked below it: line, line with label, mark."""


class Tucked:
    """A diagram without the tucked boxes.

    Attributes:
        diagram: The rest.
        boxes, lines: Numbers of its boxes and lines in the whole diagram.
        tails: Rows below each of its boxes that are kept for a tucked one; 0 for none.
        leaves: For each of its boxes the tucked box and its line, numbered as in the whole.
    """

    __slots__ = ("boxes", "diagram", "leaves", "lines", "tails")

    def __init__(self, whole: Diagram, leaves: dict[int, tuple[int, int]]) -> None:
        gone = {leaf for leaf, _ in leaves.values()}
        self.boxes = [box for box in range(len(whole.boxes)) if box not in gone]
        kept = whole._replace(
            lines=tuple(line for line in whole.lines if line.target.box not in gone),
        )
        self.lines = [
            index for index, line in enumerate(whole.lines) if line.target.box not in gone
        ]
        part, _ = take_part(kept, self.boxes)
        self.leaves = [leaves.get(box) for box in self.boxes]
        self.tails = [
            GAP + whole.boxes[leaf[0]].height if leaf is not None else 0 for leaf in self.leaves
        ]
        self.diagram = part._replace(
            boxes=tuple(
                box
                if leaf is None
                else box._replace(width=max(box.width, whole.boxes[leaf[0]].width))
                for box, leaf in zip(part.boxes, self.leaves, strict=True)
            ),
        )


def tuck_leaves(diagram: Diagram) -> Tucked | None:
    """Return the diagram with single children hidden below their parents; None if there are none.

    A parent keeps its first child beside it if it has no other line to go on with.
    """
    ends: list[list[int]] = [[] for _ in diagram.boxes]
    for index, line in enumerate(diagram.lines):
        ends[line.source.box].append(index)
        ends[line.target.box].append(index)
    leaves: dict[int, tuple[int, int]] = {}
    for box in range(len(diagram.boxes)):
        children: list[int] = []
        onward = False
        for index in ends[box]:
            line = diagram.lines[index]
            if line.source.box != box:
                continue
            if len(ends[line.target.box]) == 1:
                children.append(index)
            else:
                onward = onward or line.target.box != box
        for index in children if onward else children[1:]:
            line = diagram.lines[index]
            width = max(diagram.boxes[box].width, diagram.boxes[line.target.box].width)
            label = max(line.label, line.source.label, line.target.label)
            if len(ends[box]) > 1 and width // 2 + label + 2 <= width:
                leaves[box] = line.target.box, index
                break
    return Tucked(diagram, leaves) if leaves else None


def untuck(whole: Diagram, tucked: Tucked, drawing: Drawing) -> Drawing:
    """Return the drawing of the whole diagram from that of the diagram without tucked boxes."""
    boxes = [Rect(0, 0, 0, 0)] * len(whole.boxes)
    routes: list[Route | None] = [None] * len(whole.lines)
    for number, route in zip(tucked.lines, drawing.routes, strict=True):
        routes[number] = route
    for place, rect in enumerate(drawing.boxes):
        leaf = tucked.leaves[place]
        if leaf is None:
            boxes[tucked.boxes[place]] = rect
            continue
        below, index = leaf
        height = whole.boxes[below].height
        bottom = rect.y + rect.height - height
        boxes[tucked.boxes[place]] = Rect(
            rect.x, rect.y, rect.width, rect.height - tucked.tails[place]
        )
        boxes[below] = Rect(rect.x, bottom, rect.width, height)
        x = rect.x + rect.width // 2
        line = whole.lines[index]
        spots = [
            (x + 2, bottom - GAP + row) if length else None
            for row, length in ((0, line.source.label), (1, line.label), (2, line.target.label))
        ]
        routes[index] = Route(((x, bottom - GAP), (x, bottom - 1)), spots[1], spots[0], spots[2])
    return drawing._replace(boxes=tuple(boxes), routes=tuple(routes))
