"""A text drawing in, all that a careful reader sees in it out."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from tests.oracle.boxes import Alphabet, find_boxes
from tests.oracle.cells import Grid, check_text, make_grid
from tests.oracle.glyphs import STRAY_HEADS, arms
from tests.oracle.lines import Field, survey, trace
from tests.oracle.reading import Cell, Fault, Label, ReadBox, ReadEnd, Reading, ReadLine, Tie

_NUMBER = re.compile(r"\d+(\.\.(\d+|\*))?|\*")
_REFERENCES = ("↳ ", "-> ")
_NEAR_END = 4
"""How many cells from a line's end a number may stand to be read as that end's."""


def read_drawing(
    text: str,
    *,
    width: int | None = None,
    ascii_only: bool | None = None,
    joints: bool = False,
    gap: bool = False,
) -> Reading:
    """Read a text drawing.

    Args:
        text: The drawing, lines ended by newlines.
        width: The most columns a line may have; None for no limit.
        ascii_only: Whether lines are made of `+ - |`; None looks which characters there are.
        joints: Whether lines begin in the boxes' borders, as some other tools draw them.
        gap: Whether lines may stop one blank short of a box's side, as some other tools' do.
    """
    grid = make_grid(text)
    if ascii_only is None:
        ascii_only = not any(arms(char) == {"R", "D"} for row in grid.rows for char in row)
    alphabet = Alphabet(ascii=ascii_only, joints=joints, gap=gap)
    boxes, frames, faults = find_boxes(grid, alphabet)
    top, bottom = _extent(grid, boxes)
    inner = Grid(tuple(row if top <= y < bottom else () for y, row in enumerate(grid.rows)))
    ground = survey(_masked(inner, boxes), alphabet, boxes, frames)
    lines, cell_lines, crossings = trace(ground)
    ground.grid = inner
    labels, label_faults = _read_labels(ground, cell_lines)
    labels = tuple(label for label in labels if not any(_is_title(label, each) for each in frames))
    lines = _with_labels(lines, labels)
    lines, ties, tie_faults = _read_ties(lines)
    all_faults = [*check_text(text, width), *faults, *ground.faults, *label_faults, *tie_faults]
    return Reading(
        boxes=boxes,
        frames=frames,
        lines=lines,
        ties=ties,
        labels=labels,
        references=_read_references(boxes),
        notes=_read_notes(grid, bottom),
        heading=tuple("".join(row).strip() for row in grid.rows[:top] if "".join(row).strip()),
        faults=tuple(sorted(all_faults, key=lambda fault: (fault.y, fault.x, fault.kind))),
        width=grid.width,
        height=grid.height,
        crossings=crossings,
        ascii=ascii_only,
    )


def _masked(grid: Grid, boxes: tuple[ReadBox, ...]) -> Grid:
    """Return the cells with letters for all that is quoted outside of boxes: it is no line."""
    rows = []
    for y, row in enumerate(grid.rows):
        cells = list(row)
        if '"' not in cells:
            rows.append(row)
            continue
        inside = {x for box in boxes if box.y0 <= y <= box.y1 for x in range(box.x0, box.x1 + 1)}
        quotes = [x for x, char in enumerate(row) if char == '"' and x not in inside]
        for start, end in zip(quotes[::2], quotes[1::2], strict=False):
            if not inside & set(range(start, end)):
                cells[start : end + 1] = [cell and "q" for cell in cells[start : end + 1]]
        rows.append(tuple(cells))
    return Grid(tuple(rows))


def _extent(grid: Grid, boxes: tuple[ReadBox, ...]) -> tuple[int, int]:
    """Return the rows of the drawing itself: a blank row parts it from a title and from notes."""
    if not boxes:
        return (0, grid.height) if _has_lines(grid) else (0, 0)

    def blank(y: int) -> bool:
        return not "".join(grid.rows[y]).strip()

    first = min(box.y0 for box in boxes)
    last = max(box.y1 for box in boxes)
    top = max((y + 1 for y in range(first) if blank(y)), default=0)
    bottom = next((y for y in range(last, grid.height) if blank(y)), grid.height)
    return top, bottom


def _has_lines(grid: Grid) -> bool:
    return any(arms(char) for row in grid.rows for char in row)


# --- labels -------------------------------------------------------------------------------------


def _read_labels(
    ground: Field, cell_lines: dict[Cell, set[int]]
) -> tuple[tuple[Label, ...], list[Fault]]:
    labels: list[Label] = []
    faults: list[Fault] = []
    for y, row in enumerate(ground.grid.rows):
        for x, length in _stretches(ground, y, row):
            text = ground.grid.text(x, x + length, y)
            if len(text) == 1 and text in STRAY_HEADS:
                faults.append(Fault("stray-head", x, y, text))
                continue
            for near in (x - 1, x + length):
                taken = (near, y)
                if taken in ground.arms or taken in ground.owner or taken in ground.marks:
                    faults.append(Fault("label-touches", near, y, text))
            groups = _lines_near(x, length, y, cell_lines)
            labels.append(Label(text, x, y, tuple(sorted(set().union(*groups))), groups[0]))
    return tuple(labels), faults


def _is_title(label: Label, frame: ReadBox) -> bool:
    """Return whether a text stands in the border of the frame whose title it is."""
    at_border = label.y in (frame.y0, frame.y1) and frame.x0 < label.x < frame.x1
    return at_border and label.text == frame.name


def _stretches(ground: Field, y: int, row: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return (column, cells) of each text of a row: words with single blanks between them."""

    def is_text(x: int) -> bool:
        cell = (x, y)
        if x >= len(row) or row[x] == " " or cell in ground.arms or cell in ground.marks:
            return False
        return cell not in ground.owner and cell not in ground.frame

    found: list[tuple[int, int]] = []
    x = 0
    while x < len(row):
        if not is_text(x):
            x += 1
            continue
        end = x + 1
        while is_text(end) or (end < len(row) and row[end] == " " and is_text(end + 1)):
            end += 1
        found.append((x, end - x))
        x = end
    return found


def _lines_near(
    x: int, length: int, y: int, cell_lines: dict[Cell, set[int]]
) -> tuple[tuple[int, ...], ...]:
    """Return the lines that a text may belong to, by where it stands, those first that it seems to.

    It seems to belong to the line a blank to its left, without one to that which runs above most of
    it, then to that which runs below most of it, then to one partly above or below it, then to one
    a blank to its right; at last to one two blanks away.
    """
    above = [cell_lines.get((column, y - 1), set()) for column in range(x, x + length)]
    below = [cell_lines.get((column, y + 1), set()) for column in range(x, x + length)]
    left, right, *far = (
        cell_lines.get((column, y), set())
        for column in (x - 2, x + length + 1, x - 3, x + length + 2)
    )
    groups = (
        left,
        _most(above),
        _most(below),
        set().union(*above, *below),
        right,
        set().union(*far),
    )
    return tuple(tuple(sorted(near)) for near in groups if near) or ((),)


def _most(cells: list[set[int]]) -> set[int]:
    found = set().union(*cells)
    return {line for line in found if 2 * sum(line in cell for cell in cells) > len(cells)}


def _with_labels(lines: tuple[ReadLine, ...], labels: tuple[Label, ...]) -> tuple[ReadLine, ...]:
    texts: dict[int, list[str]] = defaultdict(list)
    for label in labels:
        for index in label.lines:
            texts[index].append(label.text)
    numbers = _numbers_at_ends(
        [(end, index) for index, line in enumerate(lines) for end in line.ends], labels
    )
    return tuple(
        replace(
            line,
            labels=tuple(texts[index]),
            ends=tuple(replace(end, number=numbers.get(end, "")) for end in line.ends),
        )
        for index, line in enumerate(lines)
    )


def _numbers_at_ends(
    ends: list[tuple[ReadEnd, int]], labels: tuple[Label, ...]
) -> dict[ReadEnd, str]:
    """Give each end the number that stands nearest to it of those that seem to be its line's.

    One below or behind it comes first.

    Args:
        ends: With the line of each.
        labels: All texts.
    """
    pairs: list[tuple[bool, int, bool, int, int]] = []
    for i, label in enumerate(labels):
        if not _NUMBER.fullmatch(label.text):
            continue
        last = label.x + len(label.text) - 1
        for j, (end, line) in enumerate(ends):
            x, y = end.cell
            away = abs(label.y - y) + max(label.x - x, x - last, 0)
            if away <= _NEAR_END:
                before = label.y < y if end.side in ("left", "right") else label.x < x
                pairs.append((line not in label.seems, away, before, i, j))
    return {ends[j][0]: labels[i].text for j, i in _pair_up(pairs).items()}


def _pair_up(pairs: list[tuple[bool, int, bool, int, int]]) -> dict[int, int]:
    """Return end -> label: the surest first; one left over may push another to its next best."""
    choices: dict[int, list[int]] = defaultdict(list)
    taken: dict[int, int] = {}
    for *_, i, j in sorted(pairs):
        choices[i].append(j)
        if i not in taken.values():
            taken.setdefault(j, i)

    def place(label: int, seen: set[int]) -> bool:
        for end in choices[label]:
            if end not in seen:
                seen.add(end)
                if end not in taken or place(taken[end], seen):
                    taken[end] = label
                    return True
        return False

    for label in choices:
        if label not in taken.values():
            place(label, set())
    return taken


# --- ties ---------------------------------------------------------------------------------------


def _read_ties(
    lines: tuple[ReadLine, ...],
) -> tuple[tuple[ReadLine, ...], tuple[Tie, ...], list[Fault]]:
    ties: list[Tie] = []
    faults: list[Fault] = []
    for index, line in enumerate(lines):
        if len(line.ends) < 2:
            continue
        if len(line.ends) == 2:
            ties.append(Tie(*line.ends, index))
            continue
        one = _trunk_end(line.ends)
        if one is None:
            faults.append(Fault("ambiguous-junction", *line.ends[0].cell, "no end is the one"))
            continue
        ties.extend(Tie(one, end, index) for end in line.ends if end != one)
    return lines, tuple(ties), faults


def _trunk_end(ends: tuple[ReadEnd, ...]) -> ReadEnd | None:
    """Return the end of a trunk: the only one that is marked as one, or marked differently."""
    ones = [end for end in ends if _says_one(end) is True]
    others = [end for end in ends if _says_one(end) is False]
    if len(ones) == 1 and len(others) == len(ends) - 1:
        return ones[0]
    for by_mark in (
        _grouped([(bool(end.mark), "") for end in ends], ends),
        _grouped([(bool(end.mark), end.number) for end in ends], ends),
    ):
        single = [group[0] for group in by_mark if len(group) == 1]
        if len(single) == 1 and len(by_mark) == 2:
            return single[0]
    return None


def _grouped(keys: list[tuple[bool, str]], ends: tuple[ReadEnd, ...]) -> list[list[ReadEnd]]:
    groups: dict[tuple[bool, str], list[ReadEnd]] = defaultdict(list)
    for key, end in zip(keys, ends, strict=True):
        groups[key].append(end)
    return list(groups.values())


def _says_one(end: ReadEnd) -> bool | None:
    """Return whether an end's mark or number says one (True) or many (False); None: neither.

    A crow's foot (two characters: how many at most, then at least) and a number say it; an arrow
    only tells a line's ends apart.
    """
    if end.number:
        return end.number in ("1", "0..1")
    if len(end.mark) == 2:
        return end.mark[0] in "|-"
    return None


def _read_references(boxes: tuple[ReadBox, ...]) -> tuple[tuple[int, str], ...]:
    """Return the reference rows; what is below one and begins no other is its wrapped rest."""
    found: list[tuple[int, str]] = []
    for index, box in enumerate(boxes):
        inside = False
        for row in box.body:
            if f"{row} ".startswith(_REFERENCES):
                found.append((index, row.removeprefix("↳").removeprefix("->").strip()))
                inside = True
            elif inside:
                found[-1] = (index, f"{found[-1][1]} {row}")
    return tuple(found)


def _read_notes(grid: Grid, bottom: int) -> tuple[str, ...]:
    """Return the lines below the drawing; one that is indented by four goes on with the last."""
    notes: list[str] = []
    for row in grid.rows[bottom:]:
        text = "".join(row)
        if text.startswith("    ") and notes:
            notes[-1] += " " + text.strip()
        elif text.strip():
            notes.append(text.strip())
    return tuple(notes)
