"""A component's frames in, the same with edges that nearly line up lined up out."""

from __future__ import annotations

from collections.abc import Sequence

from erdgen.render.picture.places import Area, Frame, areas_meet, frame_area, grow

_NEAR = (100, 48, 100, 48)
"""Left, upper, right and lower edges of two frames that are nearer than this look as if they were
meant to line up; cards of one column may differ in width by that."""
_GAP = 8
"""What stays free between a frame and what is none of its own."""


def line_up(frames: Sequence[Frame], others: Sequence[Sequence[Area]]) -> tuple[Frame, ...]:
    """Return frames grown so that edges a few pixels apart are level.

    A frame only grows, only as far as another one reaches, and over nothing that is not its own.

    Args:
        frames: The frames of a component.
        others: For each frame the cards that are not in it.
    """
    areas = [frame_area(frame) for frame in frames]
    for side, outward in ((0, min), (1, min), (2, max), (3, max)):
        for index, area in enumerate(areas):
            near = [
                other[side]
                for at, other in enumerate(areas)
                if at != index and abs(other[side] - area[side]) < _NEAR[side]
            ]
            edge = outward([area[side], *near])
            edges = list(area)
            edges[side] = edge
            grown = Area(*edges)
            around = grow(grown, _GAP)
            rest = [other for at, other in enumerate(areas) if at != index]
            if not any(areas_meet(around, other) for other in [*rest, *others[index]]):
                areas[index] = grown
    return tuple(
        frame._replace(x=a.left, y=a.top, width=a.right - a.left, height=a.bottom - a.top)
        for frame, a in zip(frames, areas, strict=True)
    )
