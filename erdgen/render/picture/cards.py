"""Entities in, cards out: what stands in an entity's box of a picture and how large it is.

A card is measured in the packaged font, in pixels, and knows nothing of where it will stand.
"""

# annotations as texts would double the time that making named tuples takes
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from erdgen.model.entities import Attribute, Entity
from erdgen.model.graph import Graph
from erdgen.render.fonts import text_width
from erdgen.render.options import Options
from erdgen.render.picture.long_names import FEW, NAME_LINE, break_name
from erdgen.render.picture.short_types import SURELY_SHORT, shorten
from erdgen.render.width import make_name, make_visible

NAME_SIZE, ROW_SIZE, TYPE_SIZE, KEY_SIZE, NOTE_SIZE = 14.0, 13.0, 12.0, 9.5, 11.0
HEADER, ROW, NOTE_LINE = 32, 22, 15
PAD, COLUMN_GAP, KEY_GAP, KEY_PAD = 12, 22, 5, 4
LEAST_WIDTH = 96
WIDTH_STEP = 24
"""Widths are multiples of it: cards of a column that differ by a few pixels look like a slip."""
NOTE_WIDTH = 260
"""Where descriptions and enum values are wrapped."""


class Row(NamedTuple):
    """One attribute's row.

    Attributes:
        keys: Marks of the key column: PK, FK, U.
        notes: Lines below the name (description, enum values).
        top: Its upper edge below the card's.
        height: Its height; the name stands in the first `ROW` of it.
        hidden: What a tooltip says beside the attribute's own facts: a type that was cut, the
            values of an enum.
    """

    attribute: Attribute
    name: str
    type: str
    keys: tuple[str, ...]
    notes: tuple[str, ...]
    top: int
    height: int
    hidden: tuple[str, ...] = ()


class Card(NamedTuple):
    """An entity's box.

    Attributes:
        names_at: Where the names' column begins.
        header: Height of the header band.
    """

    entity: Entity
    title: str
    rows: tuple[Row, ...]
    width: int
    height: int
    header: int
    names_at: int

    def row_of(self, attribute: str) -> int:
        """Return the number of the attribute's row, or -1 (the header) where it has none."""
        for number, row in enumerate(self.rows):
            if row.attribute.name == attribute:
                return number
        return -1

    def top(self, row: int) -> int:
        """Return the upper edge of a row (-1: the header) below the card's."""
        return 0 if row < 0 else self.rows[row].top

    def room(self, row: int) -> int:
        """Return the height within which lines may end at a row (-1: the header)."""
        return self.header if row < 0 else self.rows[row].height

    def middle(self, row: int) -> float:
        """Return the middle of that, below the card's upper edge."""
        return self.top(row) + self.room(row) / 2


def make_cards(
    graph: Graph,
    options: Options,
    room: Mapping[tuple[str, str], int],
    known: Sequence[Card] | None = None,
) -> tuple[Card, ...]:
    """Return a card for each entity, in the order of the model.

    Args:
        graph: What is drawn.
        options: `detail`, `types`, `enums` and `comments` count.
        room: Least height of rows where many lines end: (entity, attribute) -> height; the
            attribute is empty for the header.
        known: The cards made without that room; those that need none are taken as they are.
    """
    roomy = {entity for entity, _ in room}
    foreign: dict[str, set[str]] = {}
    wanted: dict[str, set[str]] = {}
    # a key that leads out of what was selected is a key still
    for item in (*graph.relationships, *graph.outside):
        if item.key:
            foreign.setdefault(item.right, set()).update(item.right_attributes)
            wanted.setdefault(item.left, set()).update(item.left_attributes)
    enums = {enum.name: enum.values for enum in graph.model.enums}
    return tuple(
        known[number]
        if known is not None and entity.name not in roomy
        else make_card(
            entity,
            options,
            foreign=foreign.get(entity.name, set()),
            wanted=wanted.get(entity.name, set()),
            enums=enums,
            room=room,
        )
        for number, entity in enumerate(graph.model.entities)
    )


def shown_attributes(
    entity: Entity, detail: str | None, foreign: Collection[str], wanted: Collection[str]
) -> tuple[Attribute, ...]:
    """Return the attributes that have rows at a level of detail."""
    if detail == "names":
        return ()
    if detail == "keys":
        return tuple(
            item
            for item in entity.attributes
            if item.pk
            or item.unique
            or item.reference
            or item.name in foreign
            or item.name in wanted
        )
    return entity.attributes


def make_card(
    entity: Entity,
    options: Options,
    *,
    foreign: Collection[str] = (),
    wanted: Collection[str] = (),
    enums: Mapping[str, tuple[str, ...]] = {},
    room: Mapping[tuple[str, str], int] = {},
) -> Card:
    """Return the card of an entity.

    Args:
        entity: What it shows.
        options: See `make_cards`.
        foreign: Its attributes that belong to foreign keys.
        wanted: Its attributes that foreign keys point at.
        enums: The values of each enum.
        room: See `make_cards`.
    """
    title = make_name(entity.name)
    lines_of_title = break_name(title, NAME_SIZE, bold=True)
    header = max(least_header(lines_of_title), room.get((entity.name, ""), 0))
    top = header
    notes = _wrapped(entity.description) if options.comments and options.detail != "names" else ()
    if notes:
        header += len(notes) * NOTE_LINE
        top = header
    rows = []
    for item in shown_attributes(entity, options.detail, foreign, wanted):
        values = enums.get(item.enum) or enums.get(item.type) or ()
        hidden = (f"one of {', '.join(values)}",) if values else ()
        shown = make_visible(item.type) if options.types is not False else ""
        if len(shown) > SURELY_SHORT:
            whole, shown = shown, shorten(shown, TYPE_SIZE)
            if shown is not whole:
                hidden, values = (whole, *hidden), values or (whole,)
        lines = _notes(item, options, values)
        least = room.get((entity.name, item.name), 0)
        name = make_name(item.name)
        height = max(ROW + len(lines) * NOTE_LINE + (4 if lines else 0), least)
        if len(name) > FEW:
            height += (len(break_name(name, ROW_SIZE, bold=item.pk)) - 1) * NAME_LINE
        keys = key_marks(item, item.name in foreign)
        if not item.required and not item.pk:
            shown += "?"
        rows.append(Row(item, name, shown, keys, lines, top, height, hidden))
        top += height
    keys_width = max((marks_width(row.keys) for row in rows), default=0)
    names_at = PAD + (int(keys_width) + 8 if keys_width else 0)
    body = max((_row_width(row, names_at) for row in rows), default=0)
    # names and types are two columns, so the widest of each counts
    name_width = max((_name_width(row) for row in rows), default=0)
    type_width = max((text_width(row.type, TYPE_SIZE) for row in rows), default=0)
    columns = names_at + name_width + (COLUMN_GAP + type_width if type_width else 0) + PAD
    head = max(text_width(line, NAME_SIZE, bold=True) for line in lines_of_title) + 2 * PAD + 8
    head = max([head, *(text_width(line, NOTE_SIZE) + 2 * PAD for line in notes)])
    width = int(max(LEAST_WIDTH, head, body if rows else 0, columns if rows else 0) + 0.999)
    width = -(-width // WIDTH_STEP) * WIDTH_STEP
    height = top + (4 if rows else 0)
    return Card(entity, title, tuple(rows), width, height, header, names_at)


def least_header(title: Sequence[str]) -> int:
    """Return the height of a header with these lines of a title."""
    return HEADER + (len(title) - 1) * NAME_LINE


def _name_width(row: Row) -> float:
    if len(row.name) <= FEW:
        return text_width(row.name, ROW_SIZE)
    lines = break_name(row.name, ROW_SIZE, bold=row.attribute.pk)
    return max(text_width(line, ROW_SIZE) for line in lines)


def header_notes(card: Card, options: Options) -> tuple[str, ...]:
    """Return the lines of the description that stand in the card's header."""
    if not options.comments or options.detail == "names":
        return ()
    return _wrapped(card.entity.description)


def key_marks(attribute: Attribute, foreign: bool) -> tuple[str, ...]:
    """Return the marks of the key column.

    >>> key_marks(Attribute("id", pk=True), foreign=True)
    ('PK', 'FK')
    """
    marks = [
        mark
        for mark, holds in (
            ("PK", attribute.pk),
            ("FK", foreign or attribute.reference is not None),
            ("U", attribute.unique and not attribute.pk),
        )
        if holds
    ]
    return tuple(marks)


@lru_cache(64)
def marks_width(marks: tuple[str, ...]) -> float:
    """Return how wide a row's key marks are, each in its pill."""
    widths = [text_width(mark, KEY_SIZE, bold=True) + 2 * KEY_PAD for mark in marks]
    return sum(widths) + KEY_GAP * max(len(widths) - 1, 0)


def _notes(attribute: Attribute, options: Options, values: Sequence[str]) -> tuple[str, ...]:
    lines: tuple[str, ...] = ()
    if options.enums and values:
        lines += _wrapped(" · ".join(make_visible(value) for value in values))
    if options.comments:
        lines += _wrapped(attribute.description)
    return lines


def _wrapped(text: str) -> tuple[str, ...]:
    """Break a text into lines of at most `NOTE_WIDTH`, at blanks where there are any."""
    lines: list[str] = []
    line = ""
    for word in make_visible(" ".join(text.split())).split(" "):
        longer = f"{line} {word}" if line else word
        if text_width(longer, NOTE_SIZE) <= NOTE_WIDTH:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while text_width(line, NOTE_SIZE) > NOTE_WIDTH:
            cut = next(
                n for n in range(len(line), 0, -1) if text_width(line[:n], NOTE_SIZE) <= NOTE_WIDTH
            )
            lines.append(line[:cut])
            line = line[cut:]
    if line:
        lines.append(line)
    return tuple(lines)


def _row_width(row: Row, names_at: int) -> float:
    return max((names_at + text_width(line, NOTE_SIZE) + PAD for line in row.notes), default=0.0)
