"""A graph in, a scene of its entities' state diagrams out."""

from __future__ import annotations

from collections.abc import Iterator

from erdgen.errors import Diagnostic
from erdgen.model.entities import Entity, Transition
from erdgen.model.graph import Graph
from erdgen.render.fonts import text_width
from erdgen.render.graphviz import Ask
from erdgen.render.options import Options
from erdgen.render.picture.arrange import arrange
from erdgen.render.picture.cards import NAME_SIZE, Card, make_card
from erdgen.render.picture.compose import MARGIN, finish, room_above
from erdgen.render.picture.line_shapes import LABEL_SIZE, arrow_head, curve_steps, loop_steps
from erdgen.render.picture.places import Places, Point, Sheet, Tie, TieEnd
from erdgen.render.picture.scene import Begin, End, Item, Scene, Shape, box, circle, move, polyline
from erdgen.render.picture.texts import write
from erdgen.render.text.states import Machine, find_machines
from erdgen.render.width import make_name, make_visible

HEADING = 15.0
_WING = 40
"""Room beside a state for what marks it as initial or final."""
_GAP = 36
_RIM = 8
"""Around a diagram that stands by itself."""


def draw_states(graph: Graph, options: Options, ask: Ask) -> tuple[Scene, tuple[Diagnostic, ...]]:
    """Return the state diagrams of all entities that have states, one below the other.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long.
    """
    items: list[Item] = []
    notes: tuple[Diagnostic, ...] = ()
    width = height = 0.0
    machines = find_machines(graph)
    for machine in machines:
        top = height + (_GAP if items else 0)
        heading = write(
            (0, HEADING),
            f"{make_name(machine.entity)} states",
            HEADING,
            "text",
            kind="heading",
            bold=True,
        )
        sheet = _make_sheet(machine)
        places = arrange(sheet, options.direction, ask)
        notes += places.notes
        below = top + HEADING + 18
        items += [Begin("machine", machine.entity), move(heading, 0, top)]
        items += [move(item, 0, below) for item in _draw_machine(machine, sheet, places)]
        items.append(End())
        width = max(width, places.width, heading.width)
        height = below + places.height
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
    sheet = _make_sheet(machine)
    places = arrange(sheet, direction, ask)
    items = tuple(move(item, _RIM, _RIM) for item in _draw_machine(machine, sheet, places))
    changes = "; ".join(transition_words(item) for item in machine.transitions)
    title = f"States of {make_name(machine.entity)}"
    scene = Scene(places.width + 2 * _RIM, places.height + 2 * _RIM, items, title, changes)
    return scene, places.notes


def _make_sheet(machine: Machine) -> Sheet:
    cards = tuple(_make_state(name) for name, _ in machine.states)
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
    return Sheet(cards, ties, (), wings)


def _make_state(name: str) -> Card:
    """Return a state as a card without rows."""
    return make_card(Entity(name), Options(detail="names"))


def _size(item: Transition) -> tuple[int, int]:
    if not item.trigger:
        return 0, 0
    return int(text_width(make_visible(item.trigger), LABEL_SIZE)) + 10, 18


def _draw_machine(machine: Machine, sheet: Sheet, places: Places) -> Iterator[Item]:
    for number, item in enumerate(machine.transitions):
        yield from _draw_transition(item, sheet, places, number)
    for number, (name, kinds) in enumerate(machine.states):
        card, (x, y) = sheet.cards[number], places.cards[number]
        middle = y + card.height / 2
        yield Begin("state", name)
        if "initial" in kinds:
            yield Shape(circle(x - _WING + 7, middle, 6), "mark", "", kind="initial")
            yield Shape(polyline((x - _WING + 13, middle), (x, middle)), "", "line", 1.25)
            yield arrow_head((x, middle), -1)
        if "final" in kinds:
            right = x + card.width
            yield Shape(polyline((right, middle), (right + _WING - 16, middle)), "", "line", 1.25)
            yield arrow_head((right + _WING - 16, middle), -1)
            center = right + _WING - 8
            yield Shape(circle(center, middle, 7), "background", "mark", 1.4, kind="final")
            yield Shape(circle(center, middle, 3.6), "mark", "", kind="final")
        outline = box(x, y, card.width, card.height, card.height / 2)
        yield Shape(outline, "header-0", "", kind="card")
        base = (x + card.width / 2, middle + 5)
        text = "header-text-0"
        yield write(base, card.title, NAME_SIZE, text, kind="title", bold=True, anchor="middle")
        yield End()


def transition_words(item: Transition) -> str:
    """Return a transition in words.

    >>> transition_words(Transition("open", "paid", "pay"))
    'open → paid: pay'
    """
    return f"{item.source} → {item.target}" + (f": {item.trigger}" if item.trigger else "")


def _draw_transition(item: Transition, sheet: Sheet, places: Places, number: int) -> Iterator[Item]:
    tie, route = sheet.ties[number], places.routes[number]
    ends: list[Point] = []
    for end, side, level in (
        (tie.left, route.left_side, route.points[0][1]),
        (tie.right, route.right_side, route.points[-1][1]),
    ):
        x, _ = places.cards[end.card]
        ends.append((x + (sheet.cards[end.card].width if side > 0 else 0), level))
    words = transition_words(item)
    data = (("from", item.source), ("to", item.target))
    yield Begin("transition", "", words, data=data)
    meets = (ends[0], ends[1])
    steps = loop_steps(route, meets) if tie.loop else curve_steps(route, meets)
    yield Shape(steps, "", "line", 1.25, kind="line")
    yield arrow_head(ends[1], route.right_side)
    if item.trigger and route.label:
        x, y = route.label
        trigger = make_visible(item.trigger)
        yield write((x, y + 4), trigger, LABEL_SIZE, "label", kind="label", anchor="middle")
    yield End()
