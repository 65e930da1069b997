"""Groups in their frames and the lines between the frames in, one drawing of it all out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from erdgen.layout.components import shift_route
from erdgen.layout.drawing import Diagram, Drawing, Rect, Route
from erdgen.layout.groups import NetKey, Nodes
from erdgen.layout.inside import Inside, Terminal
from erdgen.layout.labels import place_labels
from erdgen.layout.trace import simplify


class Link(NamedTuple):
    """A line of the outer diagram: between terminals, or ends at boxes without a group.

    Attributes:
        source, target: Nodes.
        start, end: Terminals there; None for a box.
        net: The net that it is a part of.
        lines: Lines of the whole that run there, the first one first.
    """

    source: int
    target: int
    start: Terminal | None
    end: Terminal | None
    net: NetKey
    lines: tuple[int, ...] = ()


def join_drawings(
    diagram: Diagram,
    nodes: Nodes,
    links: Sequence[Link],
    *,
    insides: Sequence[Inside | None],
    outer: Drawing,
    titled: bool,
) -> Drawing:
    """Return the drawing of a diagram.

    Args:
        diagram: The whole.
        nodes: Its groups and boxes without a group.
        links: The lines of the outer diagram.
        insides: The drawing of each node that is a group.
        outer: The drawing of the outer diagram: the nodes, and its lines between them.
        titled: Whether frames are drawn.
    """
    boxes = [Rect(0, 0, 0, 0)] * len(diagram.boxes)
    routes: list[Route | None] = [None] * len(diagram.lines)
    frames: list[Rect | None] = [None] * len(diagram.groups)
    for node, (rect, inside) in enumerate(zip(outer.boxes, insides, strict=True)):
        if inside is None:
            boxes[nodes.members[node][0]] = rect
            continue
        if titled:
            frames[nodes.group[node]] = rect
        for box, own in inside.boxes.items():
            boxes[box] = own._replace(x=own.x + rect.x, y=own.y + rect.y)
        for index, route in inside.routes.items():
            routes[index] = shift_route(route, rect[:2])
    for link, route in zip(links, outer.routes, strict=True):
        source, target = insides[link.source], insides[link.target]
        for index in link.lines:
            before: Route | None = Route(())
            after: Route | None = Route(())
            if source is not None and link.start is not None:
                before = shift_route(source.out[link.start], outer.boxes[link.source][:2])
            if target is not None and link.end is not None:
                after = shift_route(target.into[index], outer.boxes[link.target][:2])
            if before is not None and route is not None and after is not None:
                routes[index] = _join(before, route, after)
    _label_first(diagram, routes)
    drawing = Drawing(outer.width, outer.height, tuple(boxes), tuple(routes), tuple(frames))
    return place_labels(diagram, drawing, _rings(drawing))


def _join(before: Route, route: Route, after: Route) -> Route:
    """Return a line of its stretches inside the first frame, outside, and inside the second.

    The ends at the frame are dropped: the stretches meet straight.
    """
    first = before.points[:-1] if len(before.points) > 1 else before.points
    last = after.points[1:] if len(after.points) > 1 else after.points
    inside = before.points != ()
    return Route(
        simplify((*first, *route.points, *last)),
        before.label if inside else route.label,
        before.source_label if inside else route.source_label,
        after.target_label if after.points else route.target_label,
    )


def _label_first(diagram: Diagram, routes: list[Route | None]) -> None:
    """Give the labels of each trunk to its first line."""
    first: dict[tuple[int, int, tuple[int, int]], int] = {}
    for index, (line, route) in enumerate(zip(diagram.lines, routes, strict=True)):
        if line.trunk < 0 or route is None:
            continue
        key = line.trunk, line.source.box, route.points[0]
        owner = first.setdefault(key, index)
        head = routes[owner]
        if owner == index or head is None:
            continue
        routes[owner] = head._replace(
            label=head.label or route.label,
            source_label=head.source_label or route.source_label,
        )
        routes[index] = route._replace(label=None, source_label=None)


def _rings(drawing: Drawing) -> list[Rect]:
    """Return the cells of all frames' borders and those next to them."""
    rings: list[Rect] = []
    for frame in drawing.frames:
        if frame is None:
            continue
        x, y, width, height = frame
        left, top = max(0, x - 1), max(0, y - 1)
        across = x + width + 1 - left
        upright = min(drawing.height, y + height + 1) - top
        rings.append(Rect(left, top, across, y + 2 - top))
        rings.append(Rect(left, y + height - 2, across, min(3, drawing.height - y - height + 2)))
        rings.append(Rect(left, top, x + 2 - left, upright))
        rings.append(Rect(x + width - 2, top, 3, upright))
    return rings
