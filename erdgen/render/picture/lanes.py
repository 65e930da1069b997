"""Lines from column to column in, a lane for each in the gaps that it passes through out.

Lines that leave one end share their lane as long as they pass the same gaps, as a bus does, and
part where they go: what hangs on a hub takes one line past a column instead of one each.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import NamedTuple

from erdgen.render.picture.places import LANE, Tie

BESIDE = 2.0
"""Between a line and the label above it."""

_ASIDE = (4, -4, 6, -6, 8, -8, 12, -12)
"""How far a lane may step aside."""
_CLEAR = 4.0
"""How far from other lines it then is at least."""

_Gap = tuple[float, float]


class Column(NamedTuple):
    """Cards that stand above one another, or labels that do.

    Attributes:
        left: Where it begins, room for marks included.
        middle: Where lines that pass it are looked at.
        blocks: The cards that stand in it, as (top, bottom), downwards.
    """

    left: float
    right: float
    middle: float
    blocks: tuple[tuple[float, float], ...]


class Line(NamedTuple):
    """A tie on its way from column to column, left to right.

    Attributes:
        number: Of the tie.
        first: The column where it begins.
        levels: Its height at each column from the first to the last.
        turned: Whether it begins at the tie's right end.
        label: The column where its label stands, or -1.
    """

    number: int
    first: int
    levels: list[float]
    turned: bool
    label: int = -1


def take_lanes(
    columns: Sequence[Column], lines: Sequence[Line], ties: Sequence[Tie], *, below: bool
) -> None:
    """Give lines that pass a column a lane each in the gap that they pass through.

    A line stays level as long as the gaps let it, and otherwise goes where it ends at once if it
    can, so that it has few corners. Its label rides on it, or hangs below it.

    Args:
        columns: From left to right.
        lines: Those between them; their levels are changed.
        ties: For the size of their labels.
        below: Whether labels hang below their lines.
    """
    gaps = {
        line.number: [
            _gap(columns[line.first + at].blocks, line.levels[at])
            for at in range(1, len(line.levels) - 1)
        ]
        for line in lines
    }
    passing: dict[int, list[Line]] = {}
    for line in lines:
        for column in range(line.first + 1, line.first + len(line.levels) - 1):
            passing.setdefault(column, []).append(line)
    for column in sorted(passing):
        trunks: dict[tuple[object, ...], list[tuple[float, float, Line]]] = {}
        for line in passing[column]:
            at = column - line.first
            level, ahead = line.levels[at - 1], gaps[line.number][at - 1 :]
            if not ahead[0][0] <= level <= ahead[0][1]:
                level = _next_level(level, ahead, line.levels[-1])
            # lines from one end share their lane as long as they pass the same gaps
            shared = (line.first, ahead[0], *line.levels[:at])
            key = (line.number,) if line.label == column else shared
            trunks.setdefault(key, []).append((level, line.levels[at], line))
        lanes: dict[_Gap, list[tuple[float, float, list[Line]]]] = {}
        for found in trunks.values():
            # as suits those that go furthest, the middle one of them
            most = max(len(line.levels) for _, _, line in found)
            lead = sorted(item for item in found if len(item[2].levels) == most)
            level, was, line = lead[(len(lead) - 1) // 2]
            gap = gaps[line.number][column - line.first - 1]
            lanes.setdefault(gap, []).append((level, was, [line for _, _, line in found]))
        for (low, high), wanted in lanes.items():
            wanted.sort(key=lambda item: (item[0], item[1], item[2][0].number))
            rooms = [
                ties[sharing[0].number].label[1] + BESIDE if sharing[0].label == column else 0.0
                for _, _, sharing in wanted
            ]
            levels = _apart([level for level, _, _ in wanted], rooms, low, high, below=below)
            for level, (_, _, sharing) in zip(levels, wanted, strict=True):
                for line in sharing:
                    line.levels[column - line.first] = floor(level)


def part_lanes(
    columns: Sequence[Column], lines: Sequence[Line], meetings: Sequence[tuple[int, float, float]]
) -> bool:
    """Move lanes aside that would lie on other lines' level runs; return whether any was moved.

    Args:
        columns: From left to right.
        lines: Those between them; their levels are changed.
        meetings: For each two level runs that lie on one another the column before them, the
            height of the one that comes from there and of the one that goes to the next.
    """
    known: dict[int, dict[float, list[Line]]] = {}

    def at(column: int) -> dict[float, list[Line]]:
        if column not in known:
            known[column] = {}
            for line in lines:
                if 0 <= column - line.first < len(line.levels):
                    known[column].setdefault(line.levels[column - line.first], []).append(line)
        return known[column]

    moved = False
    for before, left, right in meetings:
        for column, level in ((before, left), (before + 1, right)):
            sharing = at(column).get(level, [])
            if not all(_is_lane(line, column) for line in sharing):
                continue
            near = [*at(column - 1), *at(column + 1), *(n for n in at(column) if n != level)]
            low, high = _gap(columns[column].blocks, level)
            to = next(
                (
                    level + by
                    for by in _ASIDE
                    if low <= level + by <= high
                    and all(abs(level + by - n) >= _CLEAR for n in near)
                ),
                None,
            )
            if sharing and to is not None:
                for line in sharing:
                    line.levels[column - line.first] = to
                known[column][to] = known[column].pop(level)
                moved = True
                break
    return moved


def _is_lane(line: Line, column: int) -> bool:
    """Return whether a line passes a column, and without its words."""
    return line.first < column < line.first + len(line.levels) - 1 and line.label != column


def _next_level(level: float, ahead: Sequence[_Gap], last: float) -> float:
    """Return where a line goes that cannot stay level: past as many columns as one height can."""
    low, high = float("-inf"), float("inf")
    for top, bottom in ahead:
        if max(low, top) > min(high, bottom):
            return min(max(level, low), high)
        low, high = max(low, top), min(high, bottom)
    return last if low <= last <= high else min(max(level, low), high)


def _gap(blocks: Sequence[tuple[float, float]], level: float) -> tuple[float, float]:
    """Return the gap between blocks in which a height lies, less the room beside the blocks."""
    low, high = float("-inf"), float("inf")
    for top, bottom in blocks:
        if (top + bottom) / 2 >= level:
            high = top
            break
        low = bottom
    beside = min(LANE, max(high - low, 0) / 2)
    return low + beside, high - beside


def _apart(
    levels: Sequence[float], rooms: Sequence[float], low: float, high: float, *, below: bool = False
) -> list[float]:
    """Return heights in order moved apart, within limits.

    Args:
        levels: Where lines want to run, downwards.
        rooms: What each needs above itself, for its label.
        low: Least height.
        high: Largest height.
        below: Whether labels are below instead.

    >>> _apart([5, 5, 30], [0, 0, 20], 0, 100)
    [5, 13.0, 41.0]
    >>> _apart([98, 98, 99], [0, 0, 0], 0, 100)
    [84.0, 92.0, 100]
    >>> _apart([5, 5, 30], [0, 20, 0], 0, 100, below=True)
    [0, 8.0, 36.0]
    """
    if below:
        mirrored = [-level for level in reversed(levels)]
        return [-at for at in reversed(_apart(mirrored, rooms[::-1], -high, -low))]
    needed = sum(rooms) + LANE * (len(levels) - 1)
    part = min(1.0, (high - low) / needed) if needed > 0 else 1.0
    steps = [(LANE * (at > 0) + room) * part for at, room in enumerate(rooms)]
    result: list[float] = []
    for level, step in zip(levels, steps, strict=True):
        result.append(max(level, (result[-1] if result else low) + step))
    limit = high
    for at in range(len(result) - 1, -1, -1):
        result[at] = min(result[at], limit)
        limit = result[at] - steps[at]
    return result
