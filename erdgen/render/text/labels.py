"""Labels in, each to a place of its own beside its line, and which of them found none out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from erdgen.layout.drawing import Cell
from erdgen.render.text.glyphs import ACROSS, DOWN, RIGHT, UP, UPRIGHT
from erdgen.render.text.grid import Grid
from erdgen.render.text.spread import Room, room_at_end
from erdgen.render.text.texts import Label
from erdgen.render.text.trace import End
from erdgen.render.width import display_width


def write_labels(
    grid: Grid, labels: Iterable[Label], wanted: list[Room], *, ascii_only: bool
) -> set[int]:
    """Write labels where the layout puts them, else where there is room beside their line.

    Args:
        grid: Boxes, lines and marks.
        labels: What is written.
        wanted: Where the room that is missing is added.
        ascii_only: Whether all corners look alike, so that lines around a label make it a box.

    Returns:
        The lines that have a label for which there is no room.
    """
    labels = list(labels)
    said: dict[int, set[str]] = {}
    for label in labels:
        said.setdefault(label.owner, set()).add(label.text)
    failed: set[int] = set()
    # a text about an end has few places: it comes before those that may stand anywhere
    for some in (
        [label for label in labels if label.end is not None],
        [label for label in labels if label.end is None],
    ):
        failed |= _write_some(grid, some, said, wanted, ascii_only=ascii_only)
    return failed


def _write_some(
    grid: Grid,
    labels: Iterable[Label],
    said: Mapping[int, Collection[str]],
    wanted: list[Room],
    *,
    ascii_only: bool,
) -> set[int]:
    """Write labels, all those first that can stand where the layout puts them; see write_labels."""
    failed: set[int] = set()
    homeless = []
    for label in labels:
        columns = display_width(label.text)
        for at in _within(_wishes(grid, label, columns), label, columns):
            if (
                is_beside(at, columns, label.along)
                and _is_clear(grid, at, columns, label)
                and _is_fit(grid, at, columns, ascii_only=ascii_only)
                and not _misleads(grid, at, columns, label, said)
            ):
                grid.write(*at, label.text)
                break
        else:
            homeless.append((label, columns))
    for label, columns in homeless:
        place = _other_place(grid, label, columns, said, wanted, ascii_only=ascii_only)
        if place:
            grid.write(*place, label.text)
            continue
        failed.add(label.line)
        wanted.append(_room_for(grid, label, columns))
    return failed


def _wishes(grid: Grid, label: Label, columns: int) -> Iterator[Cell]:
    """Yield where the layout would have a text; below the line rather than right above it."""
    if label.wished is None:
        return
    x, y = label.wished
    is_above = any(y0 == y1 == y + 1 for (_, y0), (_, y1) in pairwise(label.along))
    if is_above and label.owner not in grid.owners_at(x - 2, y):
        lines_beside = grid.owners_at(x - 2, y + 2) | grid.owners_at(x + columns + 1, y + 2)
        if is_beside((x, y + 2), columns, label.along) and not lines_beside:
            yield x, y + 2
    yield x, y


def _room_for(grid: Grid, label: Label, columns: int) -> Room:
    """Return room in which a text could stand where it belongs."""
    if label.end is None:
        return _room_for_text(grid, label.along, columns)
    is_short = label.along[0][1] == label.along[-1][1]
    return _room_at_end(grid, label.end, columns, is_short=is_short)


def _other_place(
    grid: Grid,
    label: Label,
    columns: int,
    said: Mapping[int, Collection[str]],
    wanted: list[Room],
    *,
    ascii_only: bool,
) -> Cell | None:
    """Return where a text can stand beside its line, first where nobody takes it for another's.

    Where there is no such place, room that parts the text from the other line is added to `wanted`.
    """
    beside = ((x + 1, y) for x, y in _places_beside(label.along, columns))
    wished = (
        [label.wished] if label.wished and is_beside(label.wished, columns, label.along) else []
    )
    fitting = [
        at
        for at in _within([*wished, *beside], label, columns)
        if _is_clear(grid, at, columns, label) and _is_fit(grid, at, columns, ascii_only=ascii_only)
    ]
    for at in fitting:
        if not _misleads(grid, at, columns, label, said):
            return at
    if not fitting:
        return None
    wanted.append(_room_to_part(grid, fitting[0], columns, label))
    return fitting[0]


def _room_to_part(grid: Grid, place: Cell, columns: int, label: Label) -> Room:
    """Return room between a text and another line that it seems to belong to."""
    x, y = place
    longer = Room() if label.end is None else _room_for(grid, label, columns)
    if any(longer):
        return longer
    if grid.owners_at(x - 2, y) - {label.owner}:
        return Room(columns=(x,))
    below, above = (
        set().union(*(grid.owners_at(column, row) for column in range(x, x + columns)))
        for row in (y + 1, y - 1)
    )
    row, lines = (y + 1, below) if below - {label.owner} else (y, above)
    if label.owner in lines:  # its own line would go along: it wants a longer one
        return _room_for_text(grid, label.along, columns)
    return Room(tears=(row,)) if row in grid.whole_rows else Room(rows=(row,))


def _misleads(
    grid: Grid, place: Cell, columns: int, label: Label, said: Mapping[int, Collection[str]]
) -> bool:
    """Return whether a text seems to say of another line what is not true of it.

    A reader takes a text for the line a blank to its left or for the one that runs above all of
    it; without these for the one that runs below all of it, then for one a blank to its right or
    partly above it.

    Args:
        grid: Boxes and lines.
        place: Where the text begins.
        columns: How long it is.
        label: The text and its line.
        said: What stands beside each line.
    """
    x, y = place
    above = [grid.owners_at(column, y - 1) for column in range(x, x + columns)]
    below = [grid.owners_at(column, y + 1) for column in range(x, x + columns)]
    for seems in (
        grid.owners_at(x - 2, y),
        _most(above),
        _most(below),
        set().union(*above, *below),
        grid.owners_at(x + columns + 1, y),
    ):
        if seems:
            return label.owner not in seems and not any(
                label.text in said.get(owner, ()) for owner in seems
            )
    return False


def _most(cells: Sequence[Collection[int]]) -> set[int]:
    """Return the lines that are in more than half of some cells.

    >>> _most([{1}, {1, 2}, {2}, {2}]), _most([{1}, set(), {1}])
    ({2}, {1})
    """
    times = Counter(owner for cell in cells for owner in cell)
    return {owner for owner, found in times.items() if 2 * found > len(cells)}


def is_beside(place: Cell, columns: int, along: Sequence[Cell]) -> bool:
    """Return whether a text stands right below, above, or a blank beside a line.

    >>> is_beside((3, 1), 4, [(0, 0), (9, 0)]), is_beside((2, 5), 4, [(0, 0), (0, 9)])
    (True, True)
    >>> is_beside((9, 2), 4, [(0, 0), (8, 0), (8, 1)])
    False
    """
    x, y = place
    for (x0, y0), (x1, y1) in pairwise(along):
        if y0 == y1:
            if abs(y - y0) == 1 and x <= max(x0, x1) and min(x0, x1) < x + columns:
                return True
        elif min(y0, y1) <= y <= max(y0, y1) and x0 in (x - 2, x + columns + 1):
            return True
    return False


def _is_clear(grid: Grid, place: Cell, columns: int, label: Label) -> bool:
    """Return whether a text is not between two upright lines so that it seems the other's.

    It belongs to the line on its left there.
    """
    x, y = place
    if not grid.is_line(x - 2, y) or not grid.is_line(x + columns + 1, y):
        return True
    return any(
        x0 == x1 == x - 2 and min(y0, y1) <= y <= max(y0, y1)
        for (x0, y0), (x1, y1) in pairwise(label.along)
    )


_NEAR = 4
"""How many cells from the end of its line a text about that end may stand."""


def _within(places: Iterable[Cell], label: Label, columns: int) -> Iterator[Cell]:
    """Yield the places for a text of so many columns, for one about an end only those near it.

    Near is what is not far, and not nearer to another end of the line and its trunk.
    """
    for place in places:
        if label.end is None:
            yield place
            continue
        x, y, arm = label.end
        here = _distance(place, columns, (x, y))
        if here <= _NEAR and not any(
            _is_nearer(other, here, place, columns, (x, y, arm)) for other in label.rivals
        ):
            yield place


def _is_nearer(other: Cell, here: int, place: Cell, columns: int, end: End) -> bool:
    """Return whether a text seems to be about another end of its line.

    Of two ends that are as near, the one above or to the left is meant.
    """
    x, y, arm = end
    away = _distance(place, columns, other)
    is_first = place[0] > x != other[0] if arm & UPRIGHT else place[1] > y
    return away < here or (away == here and not is_first)


def _distance(place: Cell, columns: int, cell: Cell) -> int:
    """Return how many cells a text is from a cell, across and down together.

    >>> _distance((4, 2), 3, (2, 0)), _distance((4, 2), 3, (7, 2))
    (4, 1)
    """
    (x, y), (to_x, to_y) = place, cell
    return max(x - to_x, to_x - (x + columns - 1), 0) + abs(y - to_y)


def _is_fit(grid: Grid, place: Cell, columns: int, *, ascii_only: bool) -> bool:
    """Return whether a text can stand at a place: free, a blank on either side, not boxed in."""
    x, y = place
    if not grid.is_free(x - 1, y, columns + 2):
        return False
    if any(grid.has_text(n, y) and not grid.arms_at(n, y) for n in (x - 2, x + columns + 1)):
        return False  # two texts would read as one (a mark on a line would not)
    return not (ascii_only and _is_boxed_in(grid, x, y, columns))


def _is_boxed_in(grid: Grid, x: int, y: int, columns: int) -> bool:
    """Return whether the lines around a text make a rectangle, so that it looks like a box."""
    left, right = x - 1, x + columns
    while left >= 0 and not grid.arms_at(left, y):
        left -= 1
    while right < grid.width and not grid.arms_at(right, y):
        right += 1
    if left < 0 or right >= grid.width:
        return False
    return all(_is_closed(grid, left, right, y, step) for step in (-1, 1))


def _is_closed(grid: Grid, left: int, right: int, y: int, step: int) -> bool:
    """Return whether lines go, but for a cell or two, around what is above or below a row.

    A box's border with its own corners elsewhere does not look like the border of another.
    """
    ahead = UP if step < 0 else DOWN
    while grid.arms_at(left, y) & ahead and grid.arms_at(right, y) & ahead:
        y += step
        across = sum(grid.arms_at(x, y) & ACROSS == ACROSS for x in range(left + 1, right))
        if across >= right - left - 3:
            return grid.looks_like_corner(left, y) and grid.looks_like_corner(right, y)
    return False


def _room_for_text(grid: Grid, points: Sequence[Cell], columns: int) -> Room:
    """Return room anywhere beside a line in which a text could stand.

    A blank row under a piece across, where that tears no box apart and nothing leaves downwards;
    else blank columns to the right of an upright piece; else a longer piece. A longer one across
    also where nothing but texts is in the way: they would be in the new row too. At last a blank
    row that tears boxes apart.
    """
    beside, longer, torn = None, Room(), Room()
    for (x0, y0), (x1, y1) in pairwise(points):
        if y0 == y1:
            run = 0
            for x in range(min(x0, x1), max(x0, x1) + 1):
                run = 0 if grid.arms_at(x, y0) & DOWN else run + 1
                if run < columns + 2:
                    continue
                short = columns + 4 - _room_among_texts(grid, x - run + 1, x, y0 + 1)
                if 0 < short < columns + 4:
                    return Room(columns=(max(x0, x1),) * short)
                if y0 + 1 not in grid.whole_rows:
                    return Room(rows=(y0 + 1,))
                torn = Room(tears=(y0 + 1,))
            longer = Room(columns=(max(x0, x1),) * max(0, columns + 2 - run))
        elif beside is None:
            ys = range(min(y0, y1) + 1, max(y0, y1))
            if any(not grid.arms_at(x0, y) & RIGHT for y in ys):
                beside = Room(columns=(x0 + 1,) * (columns + 2))
            elif not any(longer):
                longer = Room(rows=(max(y0, y1),))
    return beside or (longer if any(longer) else torn)


def _room_among_texts(grid: Grid, first: int, last: int, y: int) -> int:
    """Return how many cells in a row are free of texts; none where something else stands there."""
    if any(grid.owners_at(x, y) or grid.arms_at(x, y) for x in range(first, last + 1)):
        return 0
    most = free = 0
    for x in range(first, last + 1):
        free = free + 1 if grid.is_free(x, y, 1) else 0
        most = max(most, free)
    return most


def _room_at_end(grid: Grid, end: End, columns: int, *, is_short: bool) -> Room:
    """Return room close to a line's end in which a text could stand.

    Below the line where it leaves its box sideways, to the right of it where it leaves up or
    down, with a row to each end of a line of one row; only what is missing there.
    """
    x, y, arm = end
    if arm & UPRIGHT:
        longer = room_at_end(x, y, arm, int(is_short or grid.arms_at(x, y) != UPRIGHT))
        free = 0
        while free < columns + 2 and grid.is_free(x + 1 + free, y, 1):
            free += 1
        # where nothing is missing another text is too near
        missing = columns + 2 - free if any(longer) else max(1, columns + 2 - free)
        return longer._replace(columns=(x + 1,) * missing)
    step = -1 if arm == RIGHT else 1
    run = 0
    while run < columns + 2 and grid.arms_at(x + run * step, y) == ACROSS:
        run += 1
    wider = room_at_end(x, y, arm, columns + 2 - run)
    below = min(x, x + (run - 1) * step) if run else x
    is_free = grid.is_free(below, y + 1, max(run, 1))
    if not is_free and not _room_among_texts(grid, below, below + max(run, 1) - 1, y + 1):
        return wider._replace(tears=(y + 1,))
    # where nothing but another text is in the way, more room for both
    return wider if wider.columns else room_at_end(x, y, arm, 1)


def _places_beside(points: Sequence[Cell], columns: int) -> Iterator[Cell]:
    """Yield where a text of so many columns, and a blank on either side, could begin."""
    for (x0, y0), (x1, y1) in pairwise(points):
        if y0 == y1:
            for x in range(min(x0, x1) - 1, max(x0, x1) - columns + 1):
                yield x, y0 + 1
                yield x, y0 - 1
        else:
            for y in range(min(y0, y1), max(y0, y1) + 1):
                yield x0 + 1, y
                yield x0 - columns - 2, y
