"""A grid of cells in, the boxes and frames in it out, with what is wrong at their borders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.oracle.cells import Grid
from tests.oracle.glyphs import FRAME_GLYPHS, arms, weights
from tests.oracle.reading import Cell, Fault, ReadBox

_NEAR = 4
"""How many columns off a border may stand and still be taken for that border, crooked."""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Which characters make borders.

    Attributes:
        ascii: Whether `+ - |` are lines (and Unicode's are not).
        joints: Whether a line may begin in a box's border (`├` for `│`), a border be double or
            heavy, and a crossing be a bridge (`─│─`), as others' drawings do.
        gap: Whether a line at a side may stop one blank short of the box, as others' do.
    """

    ascii: bool = False
    joints: bool = False
    gap: bool = False

    def across(self, char: str) -> bool:
        """Return whether the character is a horizontal border."""
        if self.ascii:
            return char == "-" or (self.joints and char in "=+")
        return char == "─" or (
            self.joints and arms(char) >= {"L", "R"} and char not in FRAME_GLYPHS
        )

    def upright(self, char: str) -> bool:
        """Return whether the character is a vertical border."""
        if self.ascii:
            return char == "|" or (self.joints and char == "+")
        return char == "│" or (self.joints and arms(char) >= {"U", "D"})

    def corner(self, char: str, wanted: str) -> bool:
        """Return whether the character is the corner with these two arms."""
        if self.ascii:
            return char == "+"
        found = arms(char)
        light = set(weights(char).values()) == {"light"} and char not in FRAME_GLYPHS
        return (found == set(wanted) and light) or (self.joints and found >= set(wanted))


def find_boxes(
    grid: Grid, alphabet: Alphabet
) -> tuple[tuple[ReadBox, ...], tuple[ReadBox, ...], list[Fault]]:
    """Return boxes, frames and the faults of borders.

    A box whose border is not whole is still taken for a
    box, with a fault for each cell that is amiss.
    """
    whole = [box for corner in _corners(grid, alphabet) if (box := _whole(grid, corner, alphabet))]
    boxes = [box for box in whole if not any(_inside(other, box) for other in whole)]
    boxes = [box for box in boxes if any(box.rows)]
    if alphabet.joints:  # there, four corners of lines may look like a box
        boxes = [box for box in boxes if any(char.isalnum() for char in "".join(box.rows))]
    faults: list[Fault] = []
    frames = _find_frames(grid, alphabet, boxes)
    for corner in _corners(grid, alphabet):
        # among ASCII characters any four corners of lines look like a box with a few holes
        if alphabet.ascii or any(box.holds(*corner) for box in boxes):
            continue
        crooked = _crooked(grid, corner, alphabet, boxes)
        if crooked:
            boxes.append(crooked[0])
            faults.extend(crooked[1])
    boxes.sort(key=lambda box: (box.y0, box.x0))
    return tuple(boxes), tuple(frames), faults


def _corners(grid: Grid, alphabet: Alphabet) -> Iterator[Cell]:
    for y, row in enumerate(grid.rows):
        for x, char in enumerate(row):
            if char not in (" ", "") and alphabet.corner(char, "RD"):
                yield x, y


def _inside(inner: ReadBox, outer: ReadBox) -> bool:
    return (
        outer.x0 < inner.x0 and inner.x1 < outer.x1 and outer.y0 < inner.y0 and inner.y1 < outer.y1
    )


def _is_rule(grid: Grid, x0: int, x1: int, y: int, alphabet: Alphabet) -> bool:
    """Return whether the row between these borders is a rule."""
    return all(alphabet.across(grid.at(x, y)) for x in range(x0 + 1, x1))


def _side_ok(grid: Grid, cell: Cell, inward: str, rule: bool, alphabet: Alphabet) -> bool:
    """Return whether a border goes on at this cell; a rule may be joined to it from inside."""
    char = grid.at(*cell)
    if alphabet.upright(char):
        return True
    return rule and (char == "+" if alphabet.ascii else arms(char) == {"U", "D", inward})


def _whole(grid: Grid, corner: Cell, alphabet: Alphabet) -> ReadBox | None:
    """Return the box with a whole border whose top left corner this is."""
    x0, y0 = corner
    x1 = x0 + 1
    while alphabet.across(grid.at(x1, y0)) and not alphabet.corner(grid.at(x1, y0), "LD"):
        x1 += 1
    if x1 - x0 < 2 or not alphabet.corner(grid.at(x1, y0), "LD"):
        return None
    y1 = y0 + 1
    while y1 < grid.height:
        rule = _is_rule(grid, x0, x1, y1, alphabet)
        ends = alphabet.corner(grid.at(x0, y1), "UR") and alphabet.corner(grid.at(x1, y1), "UL")
        if rule and ends and not (_below_is_side(grid, x0, x1, y1, alphabet)):
            return _make_box(grid, (x0, y0), (x1, y1), alphabet) if y1 - y0 > 1 else None
        sides = ((x0, "R"), (x1, "L"))
        if not all(_side_ok(grid, (x, y1), inward, rule, alphabet) for x, inward in sides):
            return None
        joined = {alphabet.upright(grid.at(x, y1)) for x in (x0, x1)}
        if len(joined) > 1 and not alphabet.joints:
            return None  # a rule is joined to both borders or to none
        y1 += 1
    return None


def _below_is_side(grid: Grid, x0: int, x1: int, y: int, alphabet: Alphabet) -> bool:
    """Return whether an ASCII `+---+` is a rule because the box goes on below it."""
    if not (alphabet.ascii or alphabet.joints):
        return False
    below = all(alphabet.upright(grid.at(x, y + 1)) for x in (x0, x1))
    return below and grid.text(x0 + 1, x1, y + 1).strip() != ""


def _make_box(grid: Grid, top_left: Cell, bottom_right: Cell, alphabet: Alphabet) -> ReadBox:
    (x0, y0), (x1, y1) = top_left, bottom_right
    rows: list[str] = []
    rules: list[int] = []
    for index, y in enumerate(range(y0 + 1, y1)):
        rule = x1 - x0 > 2 and _is_rule(grid, x0, x1, y, alphabet)
        rows.append("" if rule else grid.text(x0 + 1, x1, y).strip())
        if rule:
            rules.append(index)
    return ReadBox(x0, y0, x1, y1, tuple(rows), tuple(rules))


_BORDERS = {True: frozenset("-+|v^<> "), False: frozenset("╌ ")}
"""What may stand in a frame's border that is no title, by whether it is of ASCII characters."""


def _find_frames(grid: Grid, alphabet: Alphabet, boxes: list[ReadBox]) -> list[ReadBox]:
    """Return the dashed rings around boxes; lines may cross them, a title may stand in the top."""
    frames: list[ReadBox] = []
    for y0, row in enumerate(grid.rows):
        for x0, char in enumerate(row):
            if char not in ("+", "╭") or any(box.holds(x0, y0) for box in boxes):
                continue
            found = (_ring(grid, x0, y0, x1, alphabet) for x1 in range(x0 + 4, len(row)))
            frame = next(
                (each for each in found if each and any(_inside(box, each) for box in boxes)), None
            )
            if frame:
                frames.append(frame)
    return frames


def _ring(grid: Grid, x0: int, y0: int, x1: int, alphabet: Alphabet) -> ReadBox | None:
    """Return the frame with these upper corners: `╭╌╌╮`, or `+ - - +` among ASCII characters."""
    wanted = "++++" if alphabet.ascii else "╭╮╰╯"
    if grid.at(x0, y0) != wanted[0] or grid.at(x1, y0) != wanted[1]:
        return None
    step = 2 if alphabet.ascii else 1

    def filled(cells: list[Cell], dash: str) -> bool:
        dashes = sum(grid.at(*cell) == dash for cell in cells)
        return all(grid.at(*cell) != " " for cell in cells) and dashes > 0

    title = _title(grid.text(x0 + 1, x1, y0), alphabet)
    words = _title_cells(grid, x0, x1, y0, alphabet) if title else range(0)
    if words and "  " in grid.text(words[0], words[-1] + 1, y0):
        return None  # several texts are no title
    # a title hides its stretch of the border, blanks around it
    hidden = range(words[0] - 2, words[-1] + 3) if words else range(0)
    top = [(x, y0) for x in range(x0 + step, x1, step) if x not in hidden]
    if ("--" if alphabet.ascii else "─") in "".join(
        " " if x in words else grid.at(x, y0) for x in range(x0, x1)
    ):
        return None  # lines cross a frame's border straight, none runs along it
    if not (title and not top) and not filled(top, "-" if alphabet.ascii else "╌"):
        return None
    for y1 in range(y0 + 2, grid.height):
        if grid.at(x0, y1) == wanted[2] and grid.at(x1, y1) == wanted[3]:
            sides = [(x, y) for x in (x0, x1) for y in range(y0 + step, y1, step)]
            bottom = [(x, y1) for x in range(x0 + step, x1, step)]
            upright, across = ("|", "-") if alphabet.ascii else ("╎", "╌")
            gaps = [(x, y1) for x in range(x0 + 1, x1, 2)] if alphabet.ascii else []
            gaps += [(x, y) for x in (x0, x1) for y in range(y0 + 1, y1, 2)] if gaps else []
            blank = sum(grid.at(*cell) == " " for cell in gaps)
            dashed = blank * 2 > len(gaps) or not alphabet.ascii
            below = _title(grid.text(x0 + 1, x1, y1), alphabet)
            if dashed and filled(sides, upright) and (below or filled(bottom, across)):
                return ReadBox(x0, y0, x1, y1, (title or below,))
    return None


def _title_cells(grid: Grid, x0: int, x1: int, y: int, alphabet: Alphabet) -> range:
    """Return the cells of a border from the first word of its title to the last."""
    border = _BORDERS[alphabet.ascii]
    found = [
        x for x in range(x0 + 1, x1) if grid.at(x, y) not in border and not arms(grid.at(x, y))
    ]
    if not found:
        return range(0)
    first, last = found[0], found[-1]
    while first - 1 > x0 and grid.at(first - 1, y) not in " ╌":
        first -= 1
    while last + 1 < x1 and grid.at(last + 1, y) not in " ╌":
        last += 1
    return range(first, last + 1)


def _title(border: str, alphabet: Alphabet) -> str:
    """Return the text in a frame's border, from its first word to its last."""
    words = [
        found
        for found in re.finditer(r"\S+", border)
        if not set(found[0]) <= _BORDERS[alphabet.ascii]
        and (alphabet.ascii or not any(arms(char) for char in found[0]))
    ]
    if not alphabet.ascii:
        return " ".join(found[0] for found in words)
    return border[words[0].start() : words[-1].end()] if words else ""


def _crooked(
    grid: Grid, corner: Cell, alphabet: Alphabet, boxes: list[ReadBox]
) -> tuple[ReadBox, list[Fault]] | None:
    """Return the box that seems to be meant from this corner on, and what is amiss with it."""
    x0, y0 = corner
    x1, y1 = x0 + 1, y0 + 1
    while grid.at(x1, y0) != " " and not alphabet.corner(grid.at(x1, y0), "LD"):
        x1 += 1
    while grid.at(x0, y1) != " " and not alphabet.corner(grid.at(x0, y1), "UR"):
        y1 += 1
    if not (
        alphabet.corner(grid.at(x1, y0), "LD")
        and alphabet.corner(grid.at(x0, y1), "UR")
        and x1 - x0 > 2
        and y1 - y0 > 1
    ):
        return None
    box = _make_box(grid, (x0, y0), (x1, y1), alphabet)
    if not any(char.isalnum() for row in box.rows for char in row):
        return None
    if any(_meet(box, other) for other in boxes):
        return None
    faults = _border_faults(grid, box, alphabet)
    broken = [fault for fault in faults if fault.kind == "border-broken"]
    sides = [
        (sum(fault.y == y0 for fault in broken), x1 - x0),
        (sum(fault.y == y1 for fault in broken), x1 - x0),
        (sum(fault.x == x0 for fault in faults), y1 - y0),
        (sum(fault.x == x1 for fault in broken), y1 - y0),
    ]
    corner_near = any(
        alphabet.corner(grid.at(x1 + off, y1), "UL") for off in range(-_NEAR, _NEAR + 1)
    )
    meant = corner_near and all(bad <= max(1, length // 4) for bad, length in sides)
    return (box, faults) if meant else None


def _meet(one: ReadBox, other: ReadBox) -> bool:
    return not (one.x1 < other.x0 or other.x1 < one.x0 or one.y1 < other.y0 or other.y1 < one.y0)


def _border_faults(grid: Grid, box: ReadBox, alphabet: Alphabet) -> list[Fault]:
    faults: list[Fault] = []
    for x in range(box.x0 + 1, box.x1):
        faults.extend(
            Fault("border-broken", x, y, grid.at(x, y))
            for y in (box.y0, box.y1)
            if not alphabet.across(grid.at(x, y))
        )
    for y in range(box.y0 + 1, box.y1):
        rule = (y - box.y0 - 1) in box.rules
        for x, inward in ((box.x0, "R"), (box.x1, "L")):
            if _side_ok(grid, (x, y), inward, rule, alphabet):
                continue
            near = any(
                alphabet.upright(grid.at(x + off, y)) for off in range(-_NEAR, _NEAR + 1) if off
            )
            faults.append(Fault("crooked" if near else "border-broken", x, y, grid.at(x, y)))
    if not alphabet.corner(grid.at(box.x1, box.y1), "UL"):
        faults.append(Fault("crooked", box.x1, box.y1, grid.at(box.x1, box.y1)))
    return faults
