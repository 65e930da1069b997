"""A graph in, a scene out: the picture of its entities and relationships, whatever the format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from math import ceil, inf

from erdgen.errors import Diagnostic
from erdgen.model.graph import Graph
from erdgen.model.relationships import Cardinality, Relationship
from erdgen.render.fonts import text_width
from erdgen.render.graphviz import Ask
from erdgen.render.options import Options
from erdgen.render.picture.arrange import arrange, arrange_either_way
from erdgen.render.picture.card_shapes import draw_card
from erdgen.render.picture.cards import Card, make_cards
from erdgen.render.picture.colors import header_colors
from erdgen.render.picture.ends import draw_foot, measure_room, trunk_names
from erdgen.render.picture.line_shapes import (
    LABEL_SIZE,
    Foot,
    draw_line,
    end_words,
    line_head,
    line_label,
)
from erdgen.render.picture.places import Frame, Places, Sheet, Tie, TieEnd
from erdgen.render.picture.references import (
    Away,
    Reference,
    draw_reference,
    make_references,
    part_hubs,
)
from erdgen.render.picture.scene import (
    Begin,
    End,
    Item,
    Placed,
    Scene,
    Shape,
    Written,
    box,
    flat_items,
    move,
    polyline,
)
from erdgen.render.picture.texts import write
from erdgen.render.picture.themes import Theme
from erdgen.render.picture.turned import may_turn, turn_item, turn_places, upright_cards
from erdgen.render.picture.ways import Ways, run_lines, shift_ways
from erdgen.render.width import make_visible

MARGIN = 24.5
"""Around everything; half a pixel more, since lines are sharp between two pixels' edges."""
TITLE_SIZE = 20.0


def draw(
    graph: Graph,
    options: Options,
    theme: Theme,
    ask: Ask,
    *,
    away: Sequence[Away] = (),
    links: Mapping[str, str] | None = None,
    write_down: Callable[[tuple[Item, ...]], Written] | None = None,
) -> tuple[Scene, tuple[Diagnostic, ...]]:
    """Return the picture of a graph and what Graphviz had to say.

    Args:
        graph: What is drawn.
        options: How.
        theme: Its colours.
        ask: Has Graphviz draw.
        away: Further relationships that lead to other pages.
        links: Where a click on an entity leads.
        write_down: How a format writes down items that it will place later; it does so while
            Graphviz works.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long.
    """
    whole = graph
    drawn, to_hubs = part_hubs(graph.relationships, options.hub)
    graph, away = graph._replace(relationships=drawn), (*away, *to_hubs)
    names = {entity.name: number for number, entity in enumerate(graph.model.entities)}
    cards = make_cards(graph, options, {})
    references = make_references(away, cards, names)
    room = measure_room(
        drawn,
        [_attributes(item, cards, names) for item in drawn],
        [_slot_of(item, cards) for item in references],
        options.notation,
    )
    if room:
        cards = make_cards(graph, options, room, cards)
    ties = [_tie(item, cards, names, options) for item in drawn]
    groups = [
        (
            int(text_width(make_visible(group.title or group.name), 13, bold=True)) + 12,
            tuple(n for n, entity in enumerate(graph.model.entities) if entity.group == group.name),
        )
        for group in graph.model.groups
    ]
    sheet = Sheet(cards, tuple(ties), tuple(groups), _wings(references))
    drawings: list[Placed] = []
    heads: list[Begin] = []

    def draw_ahead() -> Iterator[bool]:
        """Draw what does not depend on where it will stand, a card a step."""
        heads[:] = [line_head(item) for item in drawn]
        colors = header_colors(graph, theme)
        for card, (fill, text) in zip(upright_cards(sheet), colors, strict=True):
            link = (links or {}).get(card.entity.name, "")
            items = tuple(draw_card(card, fill=fill, text=text, options=options, link=link))
            drawings.append(Placed(items, 0, 0, write_down(items) if write_down else None))
            yield True

    if may_turn(sheet) and not _has_words_at_ends(drawn, options):
        sheet, arranged = arrange_either_way(sheet, options.direction, ask)
        ahead = draw_ahead()
    else:
        fold = inf if options.direction == "auto" else 0
        ahead = draw_ahead()
        arranged = arrange(sheet, options.direction, ask, ahead, fold=fold)
    for _ in ahead:
        pass  # what there was no time for
    slots = [(TieEnd(item.card, item.row), item.side) for item in references]
    ways = run_lines(drawn, sheet, arranged, slots, options.notation)
    corner = (MARGIN, room_above(graph, options))
    ways = shift_ways(ways, *(corner[::-1] if sheet.turned else corner))
    lines = _draw_lines(graph, options, sheet, ways, heads=heads, foot=_feet(write_down))
    below = chain(
        chain.from_iterable(_draw_frame(graph, frame) for frame in ways.places.frames),
        lines,
        _draw_references(references, sheet, ways, options),
    )
    places = turn_places(ways.places) if sheet.turned else ways.places
    items = [
        *(map(turn_item, flat_items(below)) if sheet.turned else below),
        *(
            Placed(shapes, x, y, written)
            for (shapes, _, _, written), (x, y) in zip(drawings, places.cards, strict=True)
        ),
        *_draw_composites(graph, sheet, places),
    ]
    size = (places.width, places.height)
    return finish(graph, options, items, size, _sentence(whole)), places.notes


def _has_words_at_ends(relationships: Sequence[Relationship], options: Options) -> bool:
    """Return whether words stand above lines' ends: beside one another they would touch."""
    return any(
        end_words(end, options.notation)
        for item in relationships
        for end in (item.left_end, item.right_end)
    )


def _slot_of(item: Reference, cards: Sequence[Card]) -> tuple[str, str, int]:
    card = cards[item.card]
    row = card.rows[item.row].attribute.name if item.row >= 0 else ""
    return card.entity.name, row, item.side


def _wings(references: Sequence[Reference]) -> dict[int, tuple[int, int]]:
    """Return the room that each card's references take left and right of it."""
    wings: dict[int, tuple[int, int]] = {}
    for item in references:
        left, right = wings.get(item.card, (0, 0))
        wide = item.width
        wings[item.card] = (left, max(right, wide)) if item.side > 0 else (max(left, wide), right)
    return wings


def _attributes(
    item: Relationship, cards: Sequence[Card], names: dict[str, int]
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the (entity, attribute) at both ends, without the attribute where it has no row."""
    found = []
    for name, attributes in (
        (item.left, item.left_attributes),
        (item.right, item.right_attributes),
    ):
        attribute = attributes[0] if attributes else ""
        shown = cards[names[name]].row_of(attribute) >= 0
        found.append((name, attribute if shown else ""))
    return found[0], found[1]


def _tie(item: Relationship, cards: Sequence[Card], names: dict[str, int], options: Options) -> Tie:
    label = line_label(item, options)
    left, right = _attributes(item, cards, names)
    ends = [TieEnd(names[name], cards[names[name]].row_of(row)) for name, row in (left, right)]
    size = (int(text_width(label, LABEL_SIZE)) + 10, 18) if label else (0, 0)
    trunks = trunk_names(item, options.notation, twin=ends[0] == ends[1])
    return Tie(ends[0], ends[1], size, trunks)


# --- shapes --------------------------------------------------------------------------------------


def _draw_lines(
    graph: Graph, options: Options, sheet: Sheet, ways: Ways, *, heads: Sequence[Begin], foot: Foot
) -> Iterator[Item]:
    for number, item in enumerate(graph.relationships):
        yield from draw_line(
            item,
            line_label(item, options),
            ways.places.routes[number],
            head=heads[number],
            meets=ways.meets[number],
            loop=sheet.ties[number].loop,
            options=options,
            foot=foot,
        )


def _draw_references(
    references: Sequence[Reference], sheet: Sheet, ways: Ways, options: Options
) -> Iterator[Item]:
    for reference, at in zip(references, ways.others, strict=True):
        name = sheet.cards[reference.card].entity.name
        yield from draw_reference(reference, at, name, options)


def _feet(write_down: Callable[[tuple[Item, ...]], Written] | None) -> Foot:
    """Return what draws a crow's foot at (0, 0); there are few different ones on many lines."""

    @cache
    def foot(side: int, end: Cardinality) -> Placed:
        items = draw_foot(0, 0, side, end)
        return Placed(items, 0, 0, write_down(items) if write_down else None)

    return foot


def _draw_composites(graph: Graph, sheet: Sheet, places: Places) -> Iterator[Item]:
    """Yield a bar beside each row of a composite key, since the line meets only the first."""
    numbers = {card.entity.name: number for number, card in enumerate(sheet.cards)}
    drawn: set[tuple[int, int, int]] = set()
    for item, route in zip(graph.relationships, places.routes, strict=True):
        for name, attributes, side in (
            (item.left, item.left_attributes, route.left_side),
            (item.right, item.right_attributes, route.right_side),
        ):
            number = numbers[name]
            card, (x, y) = sheet.cards[number], places.cards[number]
            for attribute in attributes if len(attributes) > 1 else ():
                row = card.row_of(attribute)
                if row >= 0 and (number, row, side) not in drawn:
                    drawn.add((number, row, side))
                    at = x + 3 if side < 0 else x + card.width - 3
                    top = y + card.top(row)
                    bar = polyline((at, top + 4), (at, top + card.room(row) - 4))
                    yield Shape(bar, "", "fk", 2, kind="key-bar")


def _draw_frame(graph: Graph, frame: Frame) -> Iterator[Item]:
    group = graph.model.groups[frame.group]
    title = make_visible(group.title or group.name)
    yield Begin("group", group.name, group.description)
    outline = box(frame.x, frame.y, frame.width, frame.height, 10)
    yield Shape(outline, "frame", "frame-border", 1, kind="frame")
    yield write(
        (frame.x + 14, frame.y + 20), title, 13, "frame-title", kind="frame-title", bold=True
    )
    yield End()


# --- around it -----------------------------------------------------------------------------------


def picture_title(graph: Graph, options: Options) -> str:
    """Return the title that stands in the picture; empty for none."""
    if options.title.lower() in {"no", "false", "off"}:
        return ""
    if options.title.lower() in {"yes", "true", "on"}:
        return graph.model.title or graph.model.name
    return options.title


def room_above(graph: Graph, options: Options) -> float:
    """Return where the picture proper begins, below its title."""
    return MARGIN + (TITLE_SIZE + 18 if picture_title(graph, options) else 0)


def finish(
    graph: Graph, options: Options, items: list[Item], size: tuple[float, float], words: str
) -> Scene:
    """Return the scene of what was drawn, with title, legend and margins.

    Args:
        graph: What is drawn.
        options: `title` and `legend` count.
        items: The shapes, drawn from (`MARGIN`, `room_above`).
        size: Width and height that they take.
        words: What the picture shows, in a sentence.
    """
    title = make_visible(picture_title(graph, options))
    width, height = size[0] + 2 * MARGIN, size[1] + MARGIN + room_above(graph, options)
    if title:
        base = (MARGIN, MARGIN + TITLE_SIZE * 0.8)
        text = write(base, title, TITLE_SIZE, "text", kind="headline", bold=True)
        items.insert(0, text)
        width = max(width, text.width + 2 * MARGIN)
    if options.legend and graph.model.entities:
        from erdgen.render.picture.legend import make_legend  # only when asked for: start-up time

        legend, wide, high = make_legend(graph, options, max(size[0], 420))
        items += [move(item, MARGIN, height - 0.5) for item in legend]
        height += high + MARGIN - 0.5
        width = max(width, wide + 2 * MARGIN)
    name = graph.model.title or graph.model.name
    width, height = ceil(width), ceil(height)
    return Scene(width, height, tuple(items), name, f"{words} {graph.model.description}".strip())


def _sentence(graph: Graph) -> str:
    """Return what the picture shows."""
    name = graph.model.title or graph.model.name
    entities, lines = len(graph.model.entities), len(graph.relationships)
    return (
        f"Entity-relationship diagram of {name}: {entities}"
        f" {'entity' if entities == 1 else 'entities'}, {lines}"
        f" {'relationship' if lines == 1 else 'relationships'}."
    )
