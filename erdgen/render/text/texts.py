"""A plan and its drawing in, the texts out that belong beside lines: whose they are and where."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from erdgen.layout.drawing import Cell, Drawing, Route
from erdgen.render.notation import Stroke
from erdgen.render.text.boxes import Plan
from erdgen.render.text.glyphs import RIGHT
from erdgen.render.text.trace import End
from erdgen.render.width import display_width


def route_of(drawing: Drawing, index: int) -> Route:
    """Return the route of a line that has one."""
    route = drawing.routes[index]
    assert route is not None, "lines without a route are lost from the start"  # noqa: S101 - a defect of ours
    return route


class Label(NamedTuple):
    """A text that belongs beside a line.

    Attributes:
        line: Number of the line.
        owner: Number of the first line of its trunk, which owns the cells that they share.
        text: The text.
        wished: Where the layout would have it.
        along: The line's corners, those first that are nearest to where the text belongs.
        end: The end of the line that the text is about; None if it is about the whole.
        rivals: Where the other ends of the line and of its trunk are.
    """

    line: int
    owner: int
    text: str
    wished: Cell | None
    along: Sequence[Cell]
    end: End | None
    rivals: Collection[Cell] = ()


def labels_of(
    plan: Plan, drawing: Drawing, members: Sequence[int], ends: Mapping[int, tuple[End, End]]
) -> Iterator[Label]:
    """Yield the labels of lines with one trunk.

    Args:
        plan: What is drawn.
        drawing: Where it stands.
        members: Numbers of the lines, the first one first.
        ends: For each line, both ends.
    """
    owner = members[0]
    stroke = plan.strokes[owner]
    routes = [route_of(drawing, index) for index in members]
    cells = {end[:2] for index in members for end in ends[index]}
    if stroke.near_left:
        wished, along = _first((route.source_label, route.points) for route in routes)
        end = ends[owner][0]
        yield Label(owner, owner, stroke.near_left, wished, along, end, cells - {end[:2]})
    if stroke.label:
        wished, along = _first((route.label, route.points) for route in routes)
        yield Label(owner, owner, stroke.label, wished, along, None)
    for index, route in zip(members, routes, strict=True):
        end = ends[index][1]
        for label in _labels_at_right((index, owner), plan.strokes[index], route, end):
            yield label._replace(rivals=cells - {end[:2]})


def _labels_at_right(
    line: tuple[int, int], stroke: Stroke, route: Route, end: End
) -> Iterator[Label]:
    """Yield the number and the verb at a line's right end, the number nearer to the box."""
    wished = beyond = route.target_label
    if wished is not None and stroke.near_right and stroke.verb:
        number, verb = display_width(stroke.near_right), display_width(stroke.verb)
        x, y = wished
        if end[2] == RIGHT:
            wished = (x + verb + 2, y)
        else:
            beyond = (x + number + 2, y)
    along = route.points[::-1]
    if stroke.near_right:
        yield Label(*line, stroke.near_right, wished, along, end)
    if stroke.verb:
        yield Label(*line, stroke.verb, beyond, along, None)


def _first(
    wishes: Iterable[tuple[Cell | None, Sequence[Cell]]],
) -> tuple[Cell | None, Sequence[Cell]]:
    """Return the first place that is wished for with its line, else no place and the first line."""
    found = list(wishes)
    return next((wish for wish in found if wish[0] is not None), found[0])
