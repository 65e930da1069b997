"""The self-check: a finished grid in, which box borders each line really ties out.

It follows arms as a reader follows a line and knows nothing of what was meant: straight on at a
crossing, every way at a junction, until an arm meets a box.
"""

from __future__ import annotations

from erdgen.render.text.glyphs import ARMS, CROSSING, DOWN, LEFT, RIGHT, UP
from erdgen.render.text.grid import BOX, Grid

_STEPS = {LEFT: (-1, 0), RIGHT: (1, 0), UP: (0, -1), DOWN: (0, 1)}
_BACK = {LEFT: RIGHT, RIGHT: LEFT, UP: DOWN, DOWN: UP}
_WAYS = {arms: [arm for arm in _STEPS if arm & arms] for arms in range(16)}

End = tuple[int, int, int]
"""A line's end: the cell outside the border, and the arm that meets the box."""


def follow(grid: Grid, start: End) -> set[End] | None:
    """Return all ends that are tied to the one at `start`, itself included.

    Returns:
        None where the line ends in nothing.
    """
    if not grid.arms_at(*start[:2]) & start[2]:
        return None
    ends = {start}
    seen = {start}
    ahead = [start]
    while ahead:
        x, y, came = ahead.pop()
        arms = grid.arms[y * grid.width + x] & ARMS
        for way in _WAYS[arms & ~came]:
            if arms == CROSSING and way != _BACK[came]:
                continue
            step_x, step_y = _STEPS[way]
            next_x, next_y, back = x + step_x, y + step_y, _BACK[way]
            if not (0 <= next_x < grid.width and 0 <= next_y < grid.height):
                return None
            index = next_y * grid.width + next_x
            if grid.across[index] == BOX:
                ends.add((x, y, way))
            elif not grid.arms[index] & back:
                return None
            elif (next_x, next_y, back) not in seen:
                seen.add((next_x, next_y, back))
                ahead.append((next_x, next_y, back))
    return ends
