"""What a reader of a text drawing sees: boxes, lines, labels, lists, and faults."""

from __future__ import annotations

from dataclasses import dataclass, field

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a drawing: its kind, the cell, and a word on it."""

    kind: str
    x: int
    y: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReadBox:
    """A box: its outer cells (inclusive), and the text of each row between its borders.

    Attributes:
        rows: The stripped text of each inner row; a rule is an empty text.
        rules: Indexes of the inner rows that are rules.
    """

    x0: int
    y0: int
    x1: int
    y1: int
    rows: tuple[str, ...]
    rules: tuple[int, ...] = ()

    @property
    def head(self) -> tuple[str, ...]:
        """The texts above the first rule (all of them where there is none), without empty ones."""
        stop = self.rules[0] if self.rules else len(self.rows)
        return tuple(row for row in self.rows[:stop] if row)

    @property
    def body(self) -> tuple[str, ...]:
        """The texts below the first rule."""
        return tuple(row for row in self.rows[self.rules[0] + 1 :] if row) if self.rules else ()

    @property
    def name(self) -> str:
        return self.head[0] if self.head else ""

    def row_at(self, y: int) -> str:
        """Return the text of the row at a row of the drawing; empty on borders and rules.

        A blank row is of the row above it.
        """
        index = y - self.y0 - 1
        while 0 < index < len(self.rows) and not self.rows[index] and index not in self.rules:
            index -= 1
        return self.rows[index] if 0 <= index < len(self.rows) else ""

    def holds(self, x: int, y: int) -> bool:
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


@dataclass(frozen=True, slots=True)
class ReadEnd:
    """Where a line meets a box.

    Attributes:
        box: Index of the box.
        row: The text of the row there, empty at the top and bottom.
        side: `left`, `right`, `top` or `bottom`.
        mark: The end mark's characters from the box outwards, empty for none.
        number: The cardinality written beside the end (`1`, `0..*`), empty for none.
        cell: The cell outside the border.
    """

    box: int
    row: str
    side: str
    mark: str
    cell: Cell
    number: str = ""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One connected line; more than two ends share a trunk.

    Attributes:
        style: `light`, `double`, `dashed`, `heavy`, or several joined by `+`.
        labels: Texts beside it that can belong to it.
    """

    ends: tuple[ReadEnd, ...]
    cells: frozenset[Cell]
    style: str = "light"
    labels: tuple[str, ...] = ()
    bends: int = 0


@dataclass(frozen=True, slots=True)
class Tie:
    """Two boxes that a reader sees tied: `one` is the trunk's end where there is a trunk."""

    one: ReadEnd
    many: ReadEnd
    line: int


@dataclass(frozen=True, slots=True)
class Label:
    """A text outside of the boxes with its place.

    Attributes:
        lines: Those beside it, so that it may be theirs.
        seems: Those of them that a reader takes it for.
    """

    text: str
    x: int
    y: int
    lines: tuple[int, ...] = ()
    seems: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that is read from one drawing.

    Attributes:
        references: Box and text of each row that stands for a line (`↳ Order.customer_id`).
        notes: The lines below the drawing, wrapped ones joined.
        heading: The lines above the drawing.
        width: Columns of the longest line.
        crossings: Cells in which two lines cross.
        ascii: Whether lines are made of ASCII characters.
    """

    boxes: tuple[ReadBox, ...] = ()
    frames: tuple[ReadBox, ...] = ()
    lines: tuple[ReadLine, ...] = ()
    ties: tuple[Tie, ...] = ()
    labels: tuple[Label, ...] = ()
    references: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    width: int = 0
    height: int = 0
    crossings: int = 0
    ascii: bool = False
    heading: tuple[str, ...] = field(default=())

    @property
    def bends(self) -> int:
        return sum(line.bends for line in self.lines)

    @property
    def line_cells(self) -> int:
        return sum(len(line.cells) for line in self.lines)

    def kinds(self) -> set[str]:
        """Return the kinds of the faults."""
        return {fault.kind for fault in self.faults}
