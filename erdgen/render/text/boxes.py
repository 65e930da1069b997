"""A graph in, what a text drawing consists of out: boxes with their rows, lines with their marks.

The plan is what the layout is asked to place, and beside it what will be printed there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from erdgen.layout.drawing import Box, Diagram, End, Line
from erdgen.model.entities import Attribute, Entity
from erdgen.model.graph import Graph
from erdgen.model.relationships import Relationship
from erdgen.render.cardinalities import is_many
from erdgen.render.notation import Stroke, Style, make_stroke
from erdgen.render.text.glyphs import LEFT, make_text
from erdgen.render.text.lanes import Lanes, Row, assign_lanes, row_of
from erdgen.render.width import display_width, make_name, pad, wrap

RULE = None
"""The row of a face that is a rule."""


class Face(NamedTuple):
    """What is printed in a box.

    Attributes:
        rows: Between the borders, from the top; RULE for a rule. Each begins with its own blanks.
        width: Columns between the borders.
        centred: Whether the rows stand in the middle of a box that was made wider.
    """

    rows: tuple[str | None, ...]
    width: int
    centred: bool = False


class Plan(NamedTuple):
    """A text drawing before anything has a place.

    Attributes:
        diagram: What the layout is asked to place.
        faces: For each box.
        strokes: For each line.
        drawn: For each line the index of its relationship in the graph.
        titles: For each frame.
    """

    diagram: Diagram
    faces: tuple[Face, ...]
    strokes: tuple[Stroke, ...]
    drawn: tuple[int, ...]
    titles: tuple[str, ...] = ()


class Look(NamedTuple):
    """How much is shown, and how.

    Attributes:
        detail: `full`, `keys` or `names`.
        types: Whether the attributes' types are shown.
        most: Most columns between a box's borders; longer rows are wrapped.
        frames: Whether groups stand together, in frames if possible.
    """

    detail: str
    types: bool
    notation: str
    labels: bool
    ascii_only: bool
    most: int
    frames: bool = True


def make_plan(
    graph: Graph,
    look: Look,
    undrawn: Collection[int] = (),
    references: Mapping[str, Sequence[str]] | None = None,
) -> Plan:
    """Return the plan of a graph's drawing.

    Args:
        graph: The entities and relationships to be drawn.
        look: How much is shown.
        undrawn: Indexes of relationships that get no line.
        references: Entity name -> further rows of its box that stand for lines.
    """
    references = references or {}
    entities = graph.model.entities
    keys = _key_signs(graph)
    ends = _key_ends(graph)
    shown = {entity.name: _shown_attributes(entity, look.detail, ends) for entity in entities}
    has_rows = any(shown.values())
    style = Style(look.notation, has_rows, look.ascii_only, look.labels)
    drawn = tuple(index for index in range(len(graph.relationships)) if index not in undrawn)
    strokes = _make_strokes(graph, drawn, style)
    if has_rows:
        strokes = _label_at_keys_where_crowded(graph, drawn, strokes)
    lanes = assign_lanes([graph.relationships[index] for index in drawn], strokes, style)
    blanks = _blank_rows(graph, shown, (drawn, strokes, lanes)) if has_rows else {}
    faces, places = [], {}
    for entity in entities:
        rows = references.get(entity.name, ())
        cells = [(item, _attribute_cell(entity, item, keys)) for item in shown[entity.name]]
        face, found = _make_face(entity, cells, blanks, look, rows)
        faces.append(face)
        places[entity.name] = found
    groups = [group.name for group in graph.model.groups] if look.frames else []
    used = [name for name in groups if any(entity.group == name for entity in entities)]
    titles = tuple(
        make_text(make_name(group.title or group.name), ascii_only=look.ascii_only)
        for group in graph.model.groups
        if group.name in used
    )
    boxes = tuple(
        Box(
            face.width + 2,
            len(face.rows) + 2,
            stretch=RULE not in face.rows,
            group=used.index(entity.group) if entity.group in used else -1,
        )
        for entity, face in zip(entities, faces, strict=True)
    )
    lines = _make_lines(graph, drawn, strokes, lanes, places)
    # a dashed border right above a box would look like a part of it
    columns = tuple(display_width(title) for title in titles)
    diagram = Diagram(boxes, lines, columns, airy=look.ascii_only)
    return Plan(diagram, tuple(faces), strokes, drawn, titles)


def _shown_attributes(
    entity: Entity, detail: str, ends: Collection[tuple[str, str]]
) -> tuple[Attribute, ...]:
    """Return the attributes that have a row; `ends` are those at which relationships end."""
    if detail == "names":
        return ()
    if detail == "full":
        return entity.attributes
    return tuple(
        attribute
        for attribute in entity.attributes
        if attribute.pk or attribute.reference or (entity.name, attribute.name) in ends
    )


def _key_ends(graph: Graph) -> set[tuple[str, str]]:
    """Return entity and attribute of all attributes at which a relationship ends."""
    ends: set[tuple[str, str]] = set()
    for tie in (*graph.relationships, *graph.outside):
        ends.update((tie.left, name) for name in tie.left_attributes)
        ends.update((tie.right, name) for name in tie.right_attributes)
    return ends


def _key_signs(graph: Graph) -> dict[tuple[str, str], list[str]]:
    """Return the signs of every foreign key attribute: entity and attribute -> `FK`, `FK1`, ...

    The rows of one composite key share a number, as in `order_id (PK, FK1)`.
    """
    signs: dict[tuple[str, str], list[str]] = {}
    numbers: Counter[str] = Counter()
    for entity in graph.model.entities:
        for attribute in entity.attributes:
            if attribute.reference:
                signs[entity.name, attribute.name] = ["FK"]
    for tie in (*graph.relationships, *graph.outside):
        if not tie.key:
            continue
        sign = "FK"
        if len(tie.right_attributes) > 1:
            numbers[tie.right] += 1
            sign = f"FK{numbers[tie.right]}"
        for name in tie.right_attributes:
            there = signs.setdefault((tie.right, name), [])
            if sign not in there:
                there.append(sign)
    return signs


def _make_face(
    entity: Entity,
    cells: Sequence[tuple[Attribute, str]],
    blanks: Mapping[Row, Sequence[bool]],
    look: Look,
    references: Sequence[str],
) -> tuple[Face, dict[str, tuple[int, ...]]]:
    """Return the face of an entity's box, and the rows of the box at which lines end.

    Args:
        entity: The entity.
        cells: The attributes that are shown, and what is shown of each but for its type.
        blanks: The blank rows below a row: which of them are lanes for lines.
        look: What is shown of an attribute.
        references: Names of what the entity is tied to without a line.

    Returns:
        For each attribute, and for the name under an empty text, the row of each lane.
    """
    heading = wrap(make_name(entity.name), max(1, look.most - 6))
    if not cells and not references:
        width = max(display_width(row) for row in heading)
        return Face(tuple(heading), width + 6, centred=True), {}
    rows: list[str | None] = [f"   {row}" for row in heading]
    places = {"": _lane_rows(1, rows, blanks.get((entity.name, ""), ()))}
    rows.append(RULE)
    column = max((display_width(cell) for _, cell in cells), default=0)
    room = max(1, look.most - 2)
    for attribute, cell in cells:
        first = len(rows) + 1
        text = cell
        if look.types and attribute.type:
            text = f"{pad(cell, column)}  {_type_cell(attribute)}"
            if display_width(text) > room:
                text = f"{cell}  {_type_cell(attribute)}"
        rows.extend(_wrapped(text, room))
        below = blanks.get((entity.name, attribute.name), ())
        places[attribute.name] = _lane_rows(first, rows, below)
    sign = "->" if look.ascii_only else "↳"
    for reference in references:
        rows.extend(_wrapped(f"{sign} {reference}", room))
    inner = max(display_width(row) + 1 for row in rows if row is not None)
    inner = max([inner, *(display_width(row) + 6 for row in heading)])
    # lines may end anywhere at a box that holds only its name and references
    return Face(tuple(rows), inner), places if cells else {}


def _lane_rows(first: int, rows: list[str | None], blanks: Sequence[bool]) -> tuple[int, ...]:
    """Add blank rows and return the row of each lane, that of the text being the first."""
    found = [first]
    for is_lane in blanks:
        rows.append("")
        if is_lane:
            found.append(len(rows))
    return tuple(found)


def _wrapped(text: str, room: int) -> list[str]:
    """Return a row of a box, in several rows where it is too long."""
    if display_width(text) <= room:
        return [f" {text}"]
    first, *others = wrap(text, max(1, room - 2))
    return [f" {first}", *(f"   {other}" for other in others)]


def _attribute_cell(
    entity: Entity, attribute: Attribute, keys: Mapping[tuple[str, str], Sequence[str]]
) -> str:
    signs = ["PK"] if attribute.pk else []
    signs += keys.get((entity.name, attribute.name), ())
    name = make_name(attribute.name)
    return f"{name} ({', '.join(signs)})" if signs else name


def _type_cell(attribute: Attribute) -> str:
    return make_name(attribute.type) + ("" if attribute.required else "?")


def _make_strokes(graph: Graph, drawn: Sequence[int], style: Style) -> tuple[Stroke, ...]:
    pairs = Counter(frozenset((tie.left, tie.right)) for tie in graph.relationships)
    ties = [graph.relationships[index] for index in drawn]
    return tuple(make_stroke(tie, style, _role(tie, pairs, style)) for tie in ties)


def _label_at_keys_where_crowded(
    graph: Graph, drawn: Sequence[int], strokes: Sequence[Stroke]
) -> tuple[Stroke, ...]:
    """Return the strokes, with labels moved to the keys where a row has too many lines.

    A row has two sides, so two lines or trunks end at it. Where there would be more, those that
    differ by their label only share a trunk, and each says at its key what it is.
    """
    ties = [graph.relationships[index] for index in drawn]
    trunks: dict[tuple[str, str], set[str]] = {}
    others: Counter[tuple[str, str]] = Counter()
    for tie, stroke in zip(ties, strokes, strict=True):
        if tie.left_attributes and not is_many(tie.left_end):
            trunks.setdefault((tie.left, tie.left_attributes[0]), set()).add(stroke.label)
        if tie.right_attributes:
            others[tie.right, tie.right_attributes[0]] += 1
    crowded = {
        row for row, labels in trunks.items() if len(labels) > 1 and len(labels) + others[row] > 2
    }
    return tuple(
        stroke._replace(label="", verb=f"{stroke.label} {stroke.verb}".strip())
        if tie.left_attributes
        and (tie.left, tie.left_attributes[0]) in crowded
        and not is_many(tie.left_end)
        else stroke
        for tie, stroke in zip(ties, strokes, strict=True)
    )


def _blank_rows(
    graph: Graph,
    shown: Mapping[str, Sequence[Attribute]],
    lines: tuple[Sequence[int], Sequence[Stroke], Lanes],
) -> dict[Row, tuple[bool, ...]]:
    """Return the blank rows below each row that needs some: whether a line may end there.

    A text about the end of a line stands below that line, beside the box: there must not be
    another line.

    Args:
        graph: What is drawn.
        shown: The attributes that have rows.
        lines: Which relationships are drawn, how, and at which lanes.
    """
    drawn, strokes, lanes = lines
    ended: set[Row] = set()
    texts: set[Row] = set()
    for index, stroke in zip(drawn, strokes, strict=True):
        tie = graph.relationships[index]
        for row, text in (
            (row_of(tie.left, tie.left_attributes), stroke.near_left),
            (row_of(tie.right, tie.right_attributes), text_at_right(stroke)),
        ):
            ended.add(row)
            if text:
                texts.add(row)
    blanks: dict[Row, tuple[bool, ...]] = {}
    for entity, attributes in shown.items():
        names = [item.name for item in attributes]
        # below the row of the name there is a rule
        for name, lower in zip(["", *names], ["", *names[1:], ""], strict=False):
            row = (entity, name)
            apart = (False,) if row in texts else ()
            lane_rows = (*apart, True) * lanes.extra.get(row, 0)
            last = apart if lower and (entity, lower) in ended else ()
            if lane_rows or last:
                blanks[row] = (*lane_rows, *last)
    return blanks


def _make_lines(
    graph: Graph,
    drawn: Sequence[int],
    strokes: Sequence[Stroke],
    lanes: Lanes,
    places: Mapping[str, Mapping[str, Sequence[int]]],
) -> tuple[Line, ...]:
    numbers = {entity.name: index for index, entity in enumerate(graph.model.entities)}

    def end(entity: str, attributes: Sequence[str], lane: int) -> tuple[int, int | None]:
        rows = places[entity]
        if not rows:
            return numbers[entity], None
        there = rows.get(row_of(entity, attributes)[1], rows[""])
        return numbers[entity], there[min(lane, len(there) - 1)]

    lines = []
    for index, stroke, left, right, trunk in zip(
        drawn, strokes, lanes.left, lanes.right, lanes.trunks, strict=True
    ):
        tie = graph.relationships[index]
        source = end(tie.left, tie.left_attributes, left)
        target = end(tie.right, tie.right_attributes, right)
        lines.append(
            Line(
                End(*source, len(stroke.left[LEFT]), display_width(stroke.near_left)),
                End(*target, len(stroke.right[LEFT]), display_width(text_at_right(stroke))),
                display_width(stroke.label),
                trunk,
            )
        )
    return tuple(lines)


def text_at_right(stroke: Stroke) -> str:
    """Return all that stands at the right end of a line, as long as it will be."""
    return f"{stroke.near_right}  {stroke.verb}".strip()


def _role(tie: Relationship, pairs: Counter[frozenset[str]], style: Style) -> str:
    """Return what tells a key from others of the same two entities, where no row tells it."""
    several = pairs[frozenset((tie.left, tie.right))] > 1 or tie.left == tie.right
    if style.rows or not several:
        return ""
    return ", ".join(make_name(name) for name in tie.right_attributes)
