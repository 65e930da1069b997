"""Text in, a grid of character cells out, as a terminal that follows wcwidth shows it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from wcwidth import wcswidth

from tests.oracle.reading import Fault

CONTINUED = ""
"""What the second cell of a wide character holds."""

_NARROW_BLOCKS = (("─", "▟"), ("■", "◿"), ("←", "⇿"), (" ", "~"))
_BIDI = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of a text: `rows[y][x]` is a character with its combining marks, or `CONTINUED`."""

    rows: tuple[tuple[str, ...], ...]

    @property
    def height(self) -> int:
        return len(self.rows)

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)

    def at(self, x: int, y: int) -> str:
        """Return the cell's text; a blank outside of the text."""
        if 0 <= y < len(self.rows) and 0 <= x < len(self.rows[y]):
            return self.rows[y][x]
        return " "

    def text(self, x0: int, x1: int, y: int) -> str:
        """Return the text of the cells from x0 up to but without x1."""
        return "".join(self.at(x, y) for x in range(x0, x1))


def make_grid(text: str) -> Grid:
    """Return the cells of a text."""
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return Grid(tuple(tuple(_cells(line)) for line in lines))


def _is_simple(char: str) -> bool:
    return any(low <= char <= high for low, high in _NARROW_BLOCKS)


def _cells(line: str) -> list[str]:
    """Return a line's cells.

    >>> _cells("a商b"), len(_cells("e\\u0301x"))
    (['a', '商', '', 'b'], 2)
    """
    if line.isascii():
        return list(line)
    cells: list[str] = []
    for piece, simple in _pieces(line):
        cells.extend(piece if simple else _spread(piece))
    return cells


def _pieces(line: str) -> Iterator[tuple[str, bool]]:
    """Cut a line into runs of characters that surely take one cell each, and others.

    A character before another kind of run belongs to that run: what follows may widen it.
    """
    start = 0
    length = len(line)
    while start < length:
        end = start
        simple = _is_simple(line[start]) and not (
            start + 1 < length and not _is_simple(line[start + 1])
        )
        if simple:
            while (
                end < length
                and _is_simple(line[end])
                and not (end + 1 < length and not _is_simple(line[end + 1]))
            ):
                end += 1
        else:
            end += 1
            while end < length and not _is_simple(line[end]):
                end += 1
        yield line[start:end], simple
        start = end


def _spread(piece: str) -> list[str]:
    cells: list[str] = []
    for index, char in enumerate(piece):
        width = max(0, wcswidth(piece[: index + 1]))
        grown = width - len(cells)
        if grown <= 0 and cells:
            last = next(i for i in range(len(cells) - 1, -1, -1) if cells[i])
            cells[last] += char
        elif grown == 1 and char == "\ufe0f" and cells:
            cells[-1] += char
            cells.append(CONTINUED)
        elif grown > 0:
            cells.extend([char, *[CONTINUED] * (grown - 1)])
    return cells


def check_text(text: str, width: int | None) -> list[Fault]:
    """Return the faults of a drawing that its lines alone show."""
    faults: list[Fault] = []
    if text and not text.endswith("\n"):
        faults.append(Fault("no-final-newline", 0, text.count("\n")))
    if text.endswith("\n\n"):
        faults.append(Fault("blank-end", 0, text.count("\n") - 1))
    grid = make_grid(text)
    for y, line in enumerate(text.split("\n")):
        if line != line.rstrip():
            faults.append(Fault("trailing-blanks", len(line.rstrip()), y))
        for x, char in enumerate(line):
            if char == "\t":
                faults.append(Fault("tab", x, y))
            elif unicodedata.category(char) in ("Cc", "Zl", "Zp") or char in _BIDI:
                faults.append(Fault("control-character", x, y, f"U+{ord(char):04X}"))
        if width is not None and y < grid.height and len(grid.rows[y]) > width:
            faults.append(Fault("too-wide", width, y, f"{len(grid.rows[y])} > {width}"))
    return faults
