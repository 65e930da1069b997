"""A component's frames in, the same with edges that nearly line up lined up out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from erdgen.render.picture.places import Frame

_NEAR = 48
"""Edges of two frames that are nearer than this look as if they were meant to line up."""
_GAP = 8
"""What stays free between a frame and what is none of its own."""


class Area(NamedTuple):
    """A rectangle by its edges."""

    left: float
    top: float
    right: float
    bottom: float


def line_up(frames: Sequence[Frame], others: Sequence[Sequence[Area]]) -> tuple[Frame, ...]:
    """Return frames grown so that edges a few pixels apart are level.

    A frame only grows, only as far as another one reaches, and over nothing that is not its own.

    Args:
        frames: The frames of a component.
        others: For each frame the cards that are not in it.
    """
    areas = [Area(f.x, f.y, f.x + f.width, f.y + f.height) for f in frames]
    for side, outward in ((0, min), (1, min), (2, max), (3, max)):
        for index, area in enumerate(areas):
            near = [
                other[side]
                for at, other in enumerate(areas)
                if at != index and abs(other[side] - area[side]) < _NEAR
            ]
            edge = outward([area[side], *near])
            edges = list(area)
            edges[side] = edge
            grown = Area(*edges)
            rest = [other for at, other in enumerate(areas) if at != index]
            if not any(_meet(grown, other) for other in [*rest, *others[index]]):
                areas[index] = grown
    return tuple(
        frame._replace(x=a.left, y=a.top, width=a.right - a.left, height=a.bottom - a.top)
        for frame, a in zip(frames, areas, strict=True)
    )


def _meet(one: Area, other: Area) -> bool:
    """Return whether two areas come nearer than the gap.

    >>> _meet(Area(0, 0, 10, 10), Area(0, 15, 10, 30)), _meet(Area(0, 0, 9, 9), Area(0, 17, 9, 20))
    (True, False)
    """
    return (
        one.left < other.right + _GAP
        and other.left < one.right + _GAP
        and one.top < other.bottom + _GAP
        and other.top < one.bottom + _GAP
    )
