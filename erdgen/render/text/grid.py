"""A grid of cells: boxes, lines and texts go in, each to a cell of its own, and rows come out.

A cell is a set of arms with an owner. What does not fit (a line on top of another, a text on a
line) is refused before anything is changed, so that a grid never holds a drawing that lies.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence

from erdgen.layout.drawing import Cell, Rect
from erdgen.render.text.glyphs import (
    ACROSS,
    ARMS,
    CROSSING,
    DOUBLE_ACROSS,
    DOUBLE_UPRIGHT,
    DOWN,
    LEFT,
    RIGHT,
    UP,
    UPRIGHT,
)
from erdgen.render.width import display_width

NOBODY, BOX, TEXT = -1, -2, -3
"""Owners that are no line; a line's owner is its number, from 0."""


class Grid:
    """Cells by place; (0, 0) is the top left.

    Attributes:
        arms: The code of each cell (see glyphs), row by row.
        across: The owner of each cell's left and right arms, or what else fills the cell.
        upright: The owner of each cell's upper and lower arms.
        whole_rows: Rows before which none can be put in, since a box would be torn apart.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.arms = bytearray(width * height)
        self.across = array("i", [NOBODY]) * (width * height)
        self.upright = array("i", [NOBODY]) * (width * height)
        self.whole_rows: set[int] = set()
        self._texts: dict[int, list[tuple[int, str, int]]] = {}
        self._frame: dict[int, str] = {}

    def is_free(self, x: int, y: int, columns: int) -> bool:
        """Return whether a stretch of a row holds nothing; one blank may lie outside the grid."""
        first, last = max(x, 0), min(x + columns, self.width)
        if x < -1 or y < 0 or y >= self.height or x + columns > self.width + 1:
            return False
        start, end = y * self.width + first, y * self.width + last
        return not any(self.arms[start:end]) and all(
            owner == NOBODY for owner in self.across[start:end]
        )

    def has_text(self, x: int, y: int) -> bool:
        """Return whether a text covers a cell."""
        return any(start <= x < start + columns for start, _, columns in self._texts.get(y, ()))

    def arms_at(self, x: int, y: int) -> int:
        """Return the arms of a cell; none outside the grid."""
        if 0 <= x < self.width and 0 <= y < self.height:
            return self.arms[y * self.width + x] & ARMS
        return 0

    def looks_like_corner(self, x: int, y: int) -> bool:
        """Return whether a cell is printed as a corner where all corners look alike."""
        return self.arms_at(x, y) not in (0, LEFT, RIGHT, UP, DOWN, ACROSS, UPRIGHT)

    def owners_at(self, x: int, y: int) -> set[int]:
        """Return the lines that run through a cell, two where they cross."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            return set()
        index = y * self.width + x
        return {owner for owner in (self.across[index], self.upright[index]) if owner > NOBODY}

    def is_line(self, x: int, y: int) -> bool:
        """Return whether a line runs through a cell upright."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            return False
        index = y * self.width + x
        return bool(self.arms[index] & UPRIGHT) and self.upright[index] > NOBODY

    def draw_box(self, rect: Rect) -> None:
        """Draw a box's border; everything inside belongs to the box from now on."""
        right, bottom = rect.x + rect.width - 1, rect.y + rect.height - 1
        inside = array("i", [BOX]) * rect.width
        for y in range(rect.y, bottom + 1):
            start = y * self.width + rect.x
            self.across[start : start + rect.width] = inside
            self.upright[start : start + rect.width] = inside
            edge = UPRIGHT if rect.y < y < bottom else 0
            self.arms[start] = self.arms[start + rect.width - 1] = edge
        for y, corner in ((rect.y, DOWN), (bottom, UP)):
            start = y * self.width
            self.arms[start + rect.x] = RIGHT | corner
            self.arms[start + rect.x + 1 : start + right] = bytes([ACROSS]) * (rect.width - 2)
            self.arms[start + right] = LEFT | corner

    def draw_rule(self, rect: Rect, row: int) -> None:
        """Draw a rule across the inside of a box, at a row of the box."""
        start = (rect.y + row) * self.width + rect.x + 1
        self.arms[start : start + rect.width - 2] = bytes([ACROSS]) * (rect.width - 2)

    def write(self, x: int, y: int, text: str) -> None:
        """Put a text over the cells from (x, y) on; inside a box it stays the box's."""
        columns = display_width(text)
        self._texts.setdefault(y, []).append((x, text, columns))
        start = y * self.width + x
        for index in range(start, start + columns):
            if self.across[index] == NOBODY:
                self.across[index] = TEXT
            if self.upright[index] == NOBODY:  # under an end's mark the line stays the line's
                self.upright[index] = TEXT

    def is_clear_for_frame(self, rect: Rect, *, only_texts: bool) -> bool:
        """Return whether nothing stands beside a frame's border that could be taken for its part.

        Args:
            rect: The frame, borders included.
            only_texts: Texts and marks only; else also boxes, and lines but those that cross it
                straight, and no lines may form a box around a piece of the border.
        """
        right, bottom = rect.x + rect.width - 1, rect.y + rect.height - 1
        beside = [
            (x + step, y, ACROSS)
            for x in (rect.x, right)
            for y in range(rect.y, bottom + 1)
            for step in (-1, 0, 1)
        ]
        beside += [
            (x, y + step, UPRIGHT)
            for y in (rect.y, bottom)
            for x in range(rect.x, right + 1)
            for step in (-1, 0, 1)
        ]
        for x, y, straight in beside:
            if not (0 <= x < self.width and 0 <= y < self.height):
                continue
            if self.has_text(x, y):
                return False
            index = y * self.width + x
            if not only_texts and (
                self.across[index] == BOX or self.arms[index] & ARMS not in (0, straight)
            ):
                return False
        return only_texts or not self._is_boxed(rect)

    def _is_boxed(self, rect: Rect) -> bool:
        """Return whether lines look like a box around a piece of a border, were corners alike."""
        for across in (True, False):
            first, last = (
                (rect.x, rect.x + rect.width) if across else (rect.y, rect.y + rect.height)
            )
            near = rect.y if across else rect.x
            for place in (near, near + (rect.height if across else rect.width) - 1):
                sides: dict[tuple[int, int], int] = {}
                for side in range(first, last):
                    ends = self._corners_of(side, place, across=across)
                    before = sides.get(ends, -1)
                    if -1 not in ends and before >= 0:
                        straight = ACROSS if across else UPRIGHT
                        stretch = range(before + 1, side)
                        if all(
                            self._arms(at, end, across=across) == straight
                            for end in ends
                            for at in stretch
                        ):
                            return True
                    sides[ends] = side
        return False

    def _corners_of(self, side: int, place: int, *, across: bool) -> tuple[int, int]:
        """Return where the line that crosses a border straight turns, on both sides; else -1."""
        straight = UPRIGHT if across else ACROSS
        ends: list[int] = []
        for step in (-1, 1):
            at = place
            while self._arms(side, at, across=across) == straight:
                at += step
            corner = (side, at) if across else (at, side)
            ends.append(at if at != place and self.looks_like_corner(*corner) else -1)
        return ends[0], ends[1]

    def _arms(self, along: int, place: int, *, across: bool) -> int:
        return self.arms_at(along, place) if across else self.arms_at(place, along)

    def draw_frame(self, rect: Rect, title: str, glyphs: Sequence[str], *, dashed: bool) -> None:
        """Draw the frame of a group behind everything else: where a line crosses, it gives way.

        Args:
            rect: The frame, borders included.
            title: Stands in the upper border, or in the lower one if lines fill the upper.
            glyphs: The line across, the upright one, and the corners row by row.
            dashed: Leave out every other cell, for character sets without dashed lines.
        """
        line, upright, *corners = glyphs
        right, bottom = rect.x + rect.width - 1, rect.y + rect.height - 1
        for y in (rect.y, bottom):
            for x in range(rect.x + 1, right):
                if not dashed or (x - rect.x) % 2 == 0:
                    self._frame[y * self.width + x] = line
        for x in (rect.x, right):
            for y in range(rect.y + 1, bottom):
                if not dashed or (y - rect.y) % 2 == 0:
                    self._frame[y * self.width + x] = upright
        places = ((rect.x, rect.y), (right, rect.y), (rect.x, bottom), (right, bottom))
        for (x, y), corner in zip(places, corners, strict=True):
            self._frame[y * self.width + x] = corner
        for y in (rect.y, bottom):
            start = self._free_stretch(rect, y, display_width(title) + 2)
            if start is not None:
                self.write(start, y, f" {title} ")
                break

    def _free_stretch(self, rect: Rect, y: int, columns: int) -> int | None:
        places = range(rect.x + 2, rect.x + rect.width - columns)
        return next((x for x in places if self.is_free(x, y, columns)), None)

    def draw_line(
        self, owner: int, first: int, points: Sequence[Cell], last: int, *, double: bool = False
    ) -> bool:
        """Draw a line unless it would run into something; return whether it is drawn.

        Args:
            owner: Number of the line; lines that share a trunk share it.
            first: The arm of the first point that points back at the source box.
            points: The corners, first and last cell included.
            last: The arm of the last point that points at the target box.
            double: Whether it is a double line.
        """
        cells = list(_cells_with_arms(first, points, last))
        if not all(self._takes(owner, x, y, arms) for x, y, arms in cells):
            return False
        for x, y, arms in cells:
            index = y * self.width + x
            code = self.arms[index] | arms
            if arms & ACROSS:
                self.across[index] = owner
                code |= DOUBLE_ACROSS if double else 0
            if arms & UPRIGHT:
                self.upright[index] = owner
                code |= DOUBLE_UPRIGHT if double else 0
            self.arms[index] = code
        return True

    def _takes(self, owner: int, x: int, y: int, arms: int) -> bool:
        """Return whether a cell can take these arms and still tell whose they are."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            return False
        index = y * self.width + x
        there = self.arms[index] & ARMS
        across, upright = self.across[index], self.upright[index]
        if across < NOBODY:  # a box or a text
            return False
        # a line owns what runs its way in a cell; in a corner or junction both ways are its own
        others = (there & ACROSS if across != owner else 0) | (
            there & UPRIGHT if upright != owner else 0
        )
        mine = arms | (there & ~others)
        if others:  # somebody else's: straight through it, or not at all
            return (mine, others) in ((ACROSS, UPRIGHT), (UPRIGHT, ACROSS))
        return mine != CROSSING

    def rows(self, table: dict[int, str]) -> list[str]:
        """Return the rows as text, without blanks at their ends."""
        printed = []
        for y in range(self.height):
            codes = self.arms[y * self.width : (y + 1) * self.width]
            row = codes.decode("latin-1").translate(table)
            texts = self._texts.get(y)
            if self._frame:
                row = self._with_frame(row, y)
            if texts:
                row = _with_texts(row, texts)
            printed.append(row.rstrip())
        return printed

    def _with_frame(self, row: str, y: int) -> str:
        start = y * self.width
        return "".join(
            self._frame.get(start + x, " ") if glyph == " " else glyph
            for x, glyph in enumerate(row)
        )


def _with_texts(row: str, texts: Iterable[tuple[int, str, int]]) -> str:
    """Return a row with texts over its cells; a wide character takes the cells it covers."""
    parts, end = [], 0
    for x, text, columns in sorted(texts):
        parts += [row[end:x], text]
        end = x + columns
    parts.append(row[end:])
    return "".join(parts)


def _cells_with_arms(
    first: int, points: Sequence[Cell], last: int
) -> Iterator[tuple[int, int, int]]:
    """Yield each cell of a line with the arms that the line needs there.

    >>> list(_cells_with_arms(LEFT, [(0, 0), (1, 0), (1, 1)], DOWN))
    [(0, 0, 3), (1, 0, 9), (1, 1, 12)]
    """
    x, y = points[0]
    coming = first
    for next_x, next_y in points[1:]:
        if next_x != x:
            ahead, back, step_x, step_y = (
                (RIGHT, LEFT, 1, 0) if next_x > x else (LEFT, RIGHT, -1, 0)
            )
        else:
            ahead, back, step_x, step_y = (DOWN, UP, 0, 1) if next_y > y else (UP, DOWN, 0, -1)
        while (x, y) != (next_x, next_y):
            yield x, y, coming | ahead
            x, y, coming = x + step_x, y + step_y, back
    yield x, y, coming | last
