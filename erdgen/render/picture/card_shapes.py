"""A card in, its shapes out: header band, key marks, names and types."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from erdgen.render.fonts import text_width
from erdgen.render.options import Options
from erdgen.render.picture.cards import (
    KEY_GAP,
    KEY_PAD,
    KEY_SIZE,
    NAME_SIZE,
    NOTE_LINE,
    NOTE_SIZE,
    PAD,
    ROW_SIZE,
    TYPE_SIZE,
    Card,
    Row,
    header_notes,
)
from erdgen.render.picture.long_names import FEW, NAME_LINE, break_name
from erdgen.render.picture.places import Point
from erdgen.render.picture.scene import Begin, End, Item, Shape, box, polyline
from erdgen.render.picture.texts import write

RADIUS = 7


def draw_card(
    card: Card, *, fill: str, text: str, options: Options, link: str = ""
) -> Iterator[Item]:
    """Yield a card's shapes, from (0, 0) at its top left corner.

    Args:
        card: What stands in it.
        fill: Role of the header band.
        text: Role of the text on it.
        options: `comments` and `detail` count.
        link: Where a click on it leads.
    """
    entity, wide = card.entity, card.width
    facts = [f"table {entity.table}"] if entity.table else []
    tip = "\n".join([entity.description, *facts] if entity.description else facts)
    yield Begin("entity", entity.name, tip, link)
    outline = box(0, 0, wide, card.height, RADIUS)
    yield Shape(outline, "card", kind="card")
    low = 0 if card.rows else RADIUS
    yield Shape(box(0, 0, wide, card.header, RADIUS, low=low), fill, kind="header")
    lines = header_notes(card, options)
    room = card.header - len(lines) * NOTE_LINE
    yield from write_title(card.title, (wide / 2, room / 2), text)
    for number, line in enumerate(lines):
        at = (wide / 2, room - 4 + (number + 0.7) * NOTE_LINE)
        yield write(at, line, NOTE_SIZE, text, kind="note", anchor="middle")
    if card.rows:
        edge = polyline((0, card.header), (wide, card.header))
        yield Shape(edge, "", "border", kind="header-rule")
    last = len(card.rows) - 1
    for number, row in enumerate(card.rows):
        yield Begin("row", row.attribute.name, _row_tip(row))
        if row.attribute.pk:
            height, turn = (row.height + 4, RADIUS) if number == last else (row.height, 0)
            yield Shape(box(0, row.top, wide, height, 0, low=turn), "key-row", kind="key-row")
        yield from _draw_row(card, row)
        yield End()
        if number != last:
            under = row.top + row.height
            yield Shape(polyline((0, under), (wide, under)), "", "rule", kind="rule")
    yield Shape(outline, "", "border", kind="border")
    yield End()


def _draw_row(card: Card, row: Row) -> Iterator[Item]:
    """Yield what is written in a row."""
    base = row.top + (row.height - len(row.notes) * NOTE_LINE) / 2 + ROW_SIZE * 0.35
    yield from _draw_keys(row.keys, base)
    bold = row.attribute.pk
    more = 0.0
    if len(row.name) <= FEW:
        yield write((card.names_at, base), row.name, ROW_SIZE, "name", kind="name", bold=bold)
    else:
        name = break_name(row.name, ROW_SIZE, bold=bold)
        more = (len(name) - 1) * NAME_LINE / 2
        for index, line in enumerate(name):
            at = (card.names_at, base - more + index * NAME_LINE)
            yield write(at, line, ROW_SIZE, "name", kind="name", bold=bold)
    if row.type:
        at = (card.width - PAD, base)
        yield write(at, row.type, TYPE_SIZE, "type", kind="type", anchor="end")
    for index, line in enumerate(row.notes):
        at = (card.names_at, base + more + (index + 1) * NOTE_LINE)
        yield write(at, line, NOTE_SIZE, "note", kind="note")


def write_title(title: str, middle: Point, color: str) -> Iterator[Item]:
    """Yield the lines of a card's title around a point."""
    x, y = middle
    lines = break_name(title, NAME_SIZE, bold=True)
    base = y + 5 - (len(lines) - 1) * NAME_LINE / 2
    for number, line in enumerate(lines):
        at = (x, base + number * NAME_LINE)
        yield write(at, line, NAME_SIZE, color, kind="title", bold=True, anchor="middle")


@lru_cache(1 << 10)
def _draw_keys(keys: tuple[str, ...], base: float) -> tuple[Item, ...]:
    """Return the marks of a row whose text stands so low: the same in many cards."""
    items: list[Item] = []
    at: float = PAD
    for mark in keys:
        width = text_width(mark, KEY_SIZE, bold=True) + 2 * KEY_PAD
        role = mark.lower()
        pill = box(at, base - 11.5, width, 14, 4)
        items.append(Shape(pill, f"{role}-pill", role, 0.6, kind="pill"))
        place = (at + KEY_PAD, base - 1.2)
        items.append(write(place, mark, KEY_SIZE, role, kind="key", bold=True))
        at += width + KEY_GAP
    return tuple(items)


def _row_tip(row: Row) -> str:
    item = row.attribute
    facts = [item.description] if item.description else []
    facts += row.hidden
    if item.default is not None:
        facts.append(f"default {item.default}")
    if item.check:
        facts.append(f"check ({item.check})")
    if item.generated:
        facts.append("generated")
    if item.sensitive:
        facts.append(f"sensitive: {item.sensitive}")
    return "\n".join(facts)
