"""A graph in, a scene of its entities' state diagrams out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from erdgen.errors import Diagnostic
from erdgen.model.entities import Entity, Transition
from erdgen.model.graph import Graph
from erdgen.model.relationships import Cardinality, Relationship
from erdgen.render.fonts import text_width
from erdgen.render.graphviz import Ask
from erdgen.render.options import Options
from erdgen.render.picture.arrange import arrange_either_way
from erdgen.render.picture.card_shapes import write_title
from erdgen.render.picture.cards import NAME_SIZE, Card, make_card
from erdgen.render.picture.compose import MARGIN, finish, room_above
from erdgen.render.picture.ends import measure_room
from erdgen.render.picture.line_shapes import LABEL_SIZE, arrow_head, draw_curve, draw_loop
from erdgen.render.picture.packing import pack
from erdgen.render.picture.places import Point, Sheet, Tie, TieEnd
from erdgen.render.picture.scene import Begin, End, Item, Scene, Shape, box, circle, move, polyline
from erdgen.render.picture.texts import write
from erdgen.render.picture.turned import turn_item, turn_places, upright_cards
from erdgen.render.picture.ways import Ways, run_lines
from erdgen.render.text.states import Machine, find_machines, order_of_starts
from erdgen.render.width import make_name, make_visible

HEADING = 15.0
_WING = 40
"""Room beside a state for what marks it as initial or final."""
_GAP = 36
"""Between two diagrams."""
_BELOW = HEADING + 18
"""From the top of a heading to its diagram."""
_ROUND = 16
"""Radius of a state's corners."""
_RIM = 8.5
"""Around a diagram that stands by itself."""


def draw_states(graph: Graph, options: Options, ask: Ask) -> tuple[Scene, tuple[Diagnostic, ...]]:
    """Return the state diagrams of all entities that have states, packed to a page.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long.
    """
    machines = find_machines(graph)
    headings = [
        write(
            (0, HEADING),
            f"{make_name(machine.entity)} states",
            HEADING,
            "text",
            kind="heading",
            bold=True,
        )
        for machine in machines
    ]
    drawings = [_draw_machine(machine, options.direction, ask) for machine in machines]
    notes = tuple(note for drawing in drawings for note in drawing.notes)
    sizes = [
        (max(drawing.width, heading.width), _BELOW + drawing.height)
        for drawing, heading in zip(drawings, headings, strict=True)
    ]
    spots, width, height = pack(sizes, _GAP)
    items: list[Item] = []
    for machine, heading, drawing, (x, y) in zip(machines, headings, drawings, spots, strict=True):
        items += [Begin("machine", machine.entity), move(heading, x, y)]
        items += [move(item, x, y + _BELOW) for item in drawing.items]
        items.append(End())
    if not machines:
        none = write((0, NAME_SIZE), "(no entity has states)", NAME_SIZE, "text")
        items, width, height = [none], none.width, NAME_SIZE + 4
    name = graph.model.title or graph.model.name
    words = f"State diagrams of {name}: {len(machines)}."
    placed = [move(item, MARGIN, room_above(graph, options)) for item in items]
    return finish(graph, options, placed, (width, height), words), notes


def draw_machine(
    machine: Machine, direction: str, ask: Ask
) -> tuple[Scene, tuple[Diagnostic, ...]]:
    """Return one entity's state diagram without a heading.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long.
    """
    drawing = _draw_machine(machine, direction, ask)
    items = tuple(move(item, _RIM, _RIM) for item in drawing.items)
    changes = "; ".join(transition_words(item) for item in machine.transitions)
    title = f"States of {make_name(machine.entity)}"
    scene = Scene(drawing.width + 2 * _RIM, drawing.height + 2 * _RIM, items, title, changes)
    return scene, drawing.notes


class _Drawing(NamedTuple):
    """One diagram, from (0, 0)."""

    items: tuple[Item, ...]
    width: float
    height: float
    notes: tuple[Diagnostic, ...]


def _draw_machine(machine: Machine, direction: str, ask: Ask) -> _Drawing:
    # lines out of a state share a trunk, as those of one key do
    lines = [
        Relationship(item.source, item.target, Cardinality(1, 1), Cardinality(0, 1))
        for item in machine.transitions
    ]
    sheet, places = arrange_either_way(_make_sheet(machine, lines), direction, ask)
    marks = [
        (TieEnd(number, -1), side)
        for number, (_, kinds) in enumerate(machine.states)
        for kind, side in (("initial", -1), ("final", 1))
        if kind in kinds
    ]
    ways = run_lines(lines, sheet, places, marks, None)
    below: list[Item] = []
    for number, item in enumerate(machine.transitions):
        below += _draw_transition(item, sheet, ways, number)
    for (_, side), at in zip(marks, ways.others, strict=True):
        below += _draw_mark(at, side)
    places = ways.places
    if sheet.turned:
        below, places = [turn_item(item) for item in below], turn_places(places)
    states = [
        shape
        for card, at in zip(upright_cards(sheet), places.cards, strict=True)
        for shape in _draw_state(card, at)
    ]
    return _Drawing((*below, *states), places.width, places.height, places.notes)


def _make_sheet(machine: Machine, lines: Sequence[Relationship]) -> Sheet:
    room = measure_room(lines, [((item.left, ""), (item.right, "")) for item in lines])
    cards = tuple(_make_state(name, room) for name, _ in machine.states)
    numbers = {name: number for number, (name, _) in enumerate(machine.states)}
    ties = tuple(
        Tie(TieEnd(numbers[item.source], -1), TieEnd(numbers[item.target], -1), _size(item))
        for item in machine.transitions
    )
    wings = {
        number: (_WING if "initial" in kinds else 0, _WING if "final" in kinds else 0)
        for number, (_, kinds) in enumerate(machine.states)
        if kinds
    }
    return Sheet(cards, ties, (), wings, order=_order(machine, ties))


def _order(machine: Machine, ties: Sequence[Tie]) -> tuple[int, ...]:
    """Return the place of each state in a life that begins at the initial one (depth first)."""
    after: dict[int, list[int]] = {}
    for tie in ties:
        after.setdefault(tie.left.card, []).append(tie.right.card)
    count = len(machine.states)
    places: dict[int, int] = {}
    seen: set[int] = set()
    for start in order_of_starts(machine):
        stack = [(start, iter(after.get(start, ())))] if start not in seen else []
        seen.add(start)
        while stack:
            state, rest = stack[-1]
            following = next((other for other in rest if other not in seen), None)
            if following is None:
                # what follows a state comes to its end first
                places[state] = count - len(places)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(after.get(following, ()))))
    return tuple(places[state] for state in range(count))


def _make_state(name: str, room: Mapping[tuple[str, str], int]) -> Card:
    """Return a state as a card without rows."""
    return make_card(Entity(name), Options(detail="names"), room=room)


def _size(item: Transition) -> tuple[int, int]:
    if not item.trigger:
        return 0, 0
    return int(text_width(make_visible(item.trigger), LABEL_SIZE)) + 10, 18


def _draw_state(card: Card, at: Point) -> Iterator[Item]:
    x, y = at
    yield Begin("state", card.entity.name)
    yield Shape(box(x, y, card.width, card.height, _ROUND), "header-0", "", kind="card")
    yield from write_title(card.title, (x + card.width / 2, y + card.height / 2), "header-text-0")
    yield End()


def _draw_mark(at: Point, side: int) -> Iterator[Item]:
    """Yield what says that a state is initial (left of it) or final."""
    x, y = at
    if side < 0:
        yield Shape(polyline((x - _WING + 13, y), (x, y)), "", "line", 1.25)
        yield arrow_head((x, y), -1)
        yield Shape(circle(x - _WING + 7, y, 6), "mark", "", kind="initial")
        return
    yield Shape(polyline((x, y), (x + _WING - 16, y)), "", "line", 1.25)
    yield arrow_head((x + _WING - 16, y), -1)
    yield Shape(circle(x + _WING - 8, y, 7), "background", "mark", 1.4, kind="final")
    yield Shape(circle(x + _WING - 8, y, 3.6), "mark", "", kind="final")


def transition_words(item: Transition) -> str:
    """Return a transition in words.

    >>> transition_words(Transition("open", "paid", "pay"))
    'open → paid: pay'
    """
    return f"{item.source} → {item.target}" + (f": {item.trigger}" if item.trigger else "")


def _draw_transition(item: Transition, sheet: Sheet, ways: Ways, number: int) -> Iterator[Item]:
    tie, route, meets = sheet.ties[number], ways.places.routes[number], ways.meets[number]
    data = (("from", item.source), ("to", item.target))
    yield Begin("transition", "", transition_words(item), data=data)
    path = draw_loop(route, meets) if tie.loop else draw_curve(route, meets)
    yield Shape(path, "", "line", 1.25, kind="line")
    yield arrow_head(meets[1], route.right_side)
    if item.trigger and route.label:
        x, y = route.label
        trigger = make_visible(item.trigger)
        yield write((x, y + 4), trigger, LABEL_SIZE, "label", kind="label", anchor="middle")
    yield End()
