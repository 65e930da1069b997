"""A card in, its shapes out: header band, key marks, names and types."""

from __future__ import annotations

from collections.abc import Iterator

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
    header_notes,
)
from erdgen.render.picture.scene import Begin, End, Item, Shape, box, polyline
from erdgen.render.picture.texts import write

RADIUS = 7


def draw_card(
    card: Card,
    at: tuple[float, float],
    *,
    fill: str,
    text: str,
    options: Options,
    link: str = "",
) -> Iterator[Item]:
    """Yield a card's shapes.

    Args:
        card: What stands in it.
        at: Its top left corner.
        fill: Role of the header band.
        text: Role of the text on it.
        options: `comments` and `detail` count.
        link: Where a click on it leads.
    """
    x, y = at
    entity = card.entity
    facts = [f"table {entity.table}"] if entity.table else []
    tip = "\n".join([entity.description, *facts] if entity.description else facts)
    yield Begin("entity", entity.name, tip, link)
    yield Shape(box(x, y, card.width, card.height, RADIUS), "card", "", kind="card")
    low = 0 if card.rows else RADIUS
    yield Shape(box(x, y, card.width, card.header, RADIUS, low=low), fill, "", kind="header")
    lines = header_notes(card, options)
    room = card.header - len(lines) * NOTE_LINE
    middle = x + card.width / 2
    yield write(
        (middle, y + room / 2 + 5),
        card.title,
        NAME_SIZE,
        text,
        kind="title",
        bold=True,
        anchor="middle",
    )
    for number, line in enumerate(lines):
        base = y + room - 4 + (number + 0.7) * NOTE_LINE
        yield write((middle, base), line, NOTE_SIZE, text, kind="note", anchor="middle")
    if card.rows:
        edge = polyline((x, y + card.header), (x + card.width, y + card.header))
        yield Shape(edge, "", "border", 1, kind="header-rule")
    for number, row in enumerate(card.rows):
        yield from _draw_row(card, number, x, y)
        if number + 1 < len(card.rows):
            under = y + row.top + row.height
            rule = polyline((x, under), (x + card.width, under))
            yield Shape(rule, "", "rule", 1, kind="rule")
    yield Shape(box(x, y, card.width, card.height, RADIUS), "", "border", 1, kind="border")
    yield End()


def _draw_row(card: Card, number: int, x: float, y: float) -> Iterator[Item]:
    row = card.rows[number]
    item = row.attribute
    top = y + row.top
    yield Begin("row", item.name, _row_tip(card, number))
    if item.pk:
        last = number + 1 == len(card.rows)
        height = row.height + (4 if last else 0)
        path = box(x, top, card.width, height, 0, low=RADIUS if last else 0)
        yield Shape(path, "key-row", "", kind="key-row")
    base = top + (row.height - len(row.notes) * NOTE_LINE) / 2 + ROW_SIZE * 0.35
    at = x + PAD
    for mark in row.keys:
        width = text_width(mark, KEY_SIZE, bold=True) + 2 * KEY_PAD
        role = mark.lower()
        pill = box(at, base - 11.5, width, 14, 4)
        yield Shape(pill, f"{role}-pill", role, 0.6, kind="pill")
        yield write((at + KEY_PAD, base - 1.2), mark, KEY_SIZE, role, kind="key", bold=True)
        at += width + KEY_GAP
    bold = item.pk
    yield write((x + card.names_at, base), row.name, ROW_SIZE, "name", kind="name", bold=bold)
    if row.type:
        right = x + card.width - PAD
        yield write((right, base), row.type, TYPE_SIZE, "type", kind="type", anchor="end")
    for index, line in enumerate(row.notes):
        under = base + (index + 1) * NOTE_LINE
        yield write((x + card.names_at, under), line, NOTE_SIZE, "note", kind="note")
    yield End()


def _row_tip(card: Card, number: int) -> str:
    row = card.rows[number]
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
