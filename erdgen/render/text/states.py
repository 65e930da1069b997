"""A graph in, the state diagrams of its entities out, drawn as the templates draw them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, cast

from erdgen.errors import Diagnostic
from erdgen.layout.drawing import Box, Diagram, Direction, Drawing, End, Line
from erdgen.layout.lay_out import lay_out
from erdgen.layout.row import lay_out_row, lay_out_rows
from erdgen.model.entities import States, Transition
from erdgen.model.graph import Graph
from erdgen.render import Output, Page
from erdgen.render.listing import title_rows
from erdgen.render.notation import Stroke
from erdgen.render.options import Options
from erdgen.render.text.boxes import Face, Plan
from erdgen.render.text.glyphs import ARMS, ARROW, ASCII_ARROW, CROSSING, make_text
from erdgen.render.text.plot import Plot, plot, print_rows
from erdgen.render.width import display_width, make_name, wrap

_LEAST_INNER = 9
"""Columns between the borders of the templates' smallest box, so that short states line up."""
_LANE = 8


class Machine(NamedTuple):
    """One entity's state machine, as any format draws it.

    Attributes:
        entity: The entity's name.
        states: In the order of the file, with what they are: `initial`, `final`, both or none.
        transitions: In the order of the file.
    """

    entity: str
    states: tuple[tuple[str, frozenset[str]], ...]
    transitions: tuple[Transition, ...]


def find_machines(graph: Graph) -> list[Machine]:
    """Return the state machines of all entities that have states, in the order of the model."""
    return [
        Machine(entity.name, _with_kinds(entity.states), entity.states.transitions)
        for entity in graph.model.entities
        if entity.states and entity.states.names
    ]


def order_of_starts(machine: Machine) -> list[int]:
    """Return the numbers of the states in the order in which a life may begin: the initial first.

    >>> order_of_starts(Machine("", (("b", frozenset()), ("a", frozenset({"initial"}))), ()))
    [1, 0]
    """
    return sorted(range(len(machine.states)), key=lambda at: "initial" not in machine.states[at][1])


def _with_kinds(states: States) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple(
        (
            name,
            frozenset(
                kind
                for kind, holds in (
                    ("initial", name == states.initial),
                    ("final", name in states.final),
                )
                if holds
            ),
        )
        for name in states.names
    )


def write(graph: Graph, options: Options) -> Output:
    """Write a state diagram for each entity that has states, each under its title.

    The initial state is marked with a filled circle before its name, a final one with a ringed
    circle behind it (`*` and `@` in ASCII).
    """
    machines = find_machines(graph)
    rows = title_rows(graph, options)
    notes: list[Diagnostic] = []
    for number, machine in enumerate(machines):
        drawn, said = _draw(machine, options)
        if number:
            rows.append("")
        heading = wrap(f"{make_name(machine.entity)} States:", options.width or 1_000_000)
        rows += [*heading, "", *drawn]
        notes += said
    if not machines:
        rows.append("(no entity has states)")
    elif options.legend:
        rows += ["", *_legend(machines, ascii_only=options.ascii)]
    return Output((Page("", ("\n".join(rows) + "\n").encode()),), tuple(notes))


def _draw(machine: Machine, options: Options) -> tuple[list[str], list[Diagnostic]]:
    """Draw one machine: in rows where it is a chain, else to the right, or else downwards.

    Where that does not fit, the longer texts beside the lines become numbers, which are explained
    below; where that does not fit either, all transitions are listed.
    """
    machine = _in_order_of_chain(machine)
    plotted = _plot(machine, make_plan(machine, options), options)
    numbers: dict[int, int] = {}
    if _badness(plotted, options) != (False, 0):
        numbers = _numbers(machine)
        plan = make_plan(machine, options, numbers)
        short = _plot(machine, plan, options) if numbers else plotted
        if _badness(short, options) < _badness(plotted, options):
            plotted = short
        else:
            numbers = {}
    left_out = plotted.lost
    if _badness(plotted, options)[0]:
        # the last rung: the states, and a list of the transitions
        left_out, numbers = tuple(range(len(machine.transitions))), {}
        plan = make_plan(machine, options)
        bare = plan._replace(diagram=Diagram(plan.diagram.boxes, ()), strokes=(), drawn=())
        drawing = lay_out(bare.diagram, "right", options.width)
        plotted = plot(bare, drawing, ascii_only=options.ascii)
    rows, _ = print_rows(plotted, ascii_only=options.ascii)
    notes = []
    numbers = {index: number for index, number in numbers.items() if index not in left_out}
    if numbers:
        rows.append("")
        for index, number in numbers.items():
            rows += _listed(machine.transitions[index], f"[{number}] ", options)
    if left_out:
        notes.append(
            Diagnostic(
                "not-drawn",
                f"{len(left_out)} of {len(machine.transitions)} transitions of {machine.entity} "
                "are listed below the drawing",
                severity="note",
            )
        )
        rows += ["", "Not drawn:"]
        for index in left_out:
            rows += _listed(machine.transitions[index], "  ", options)
    return rows, notes


def _plot(machine: Machine, plan: Plan, options: Options) -> Plot:
    """Return the best drawing of a machine: a row or rows if it is a chain, else what is plainest.

    Of two that fit and have every line, the plainer is the one whose lines run on in its direction
    more often and cross less; one that doesn't begin with the initial state is hardly that.
    """
    initial = [at for at, (_, kinds) in enumerate(machine.states) if "initial" in kinds]
    best: tuple[tuple[bool, int, int], Plot] | None = None
    for drawing, direction in _drawings(plan.diagram, options):
        plotted = plot(plan, drawing, ascii_only=options.ascii)
        tangle = _tangle(plan.diagram, plotted, direction) if direction else -1
        if direction and not all(_is_first(at, plotted.drawing, direction) for at in initial):
            tangle += _LATE
        # states stand in a row, as in the templates, unless that is plainly worse
        tangle += direction == "down"
        found = (*_badness(plotted, options), tangle)
        if best is None or found < best[0]:
            best = found, plotted
        if found <= (False, 0, 0):
            break
    assert best is not None  # noqa: S101 - there is always one direction
    return best[1]


_LATE = 3
"""As many lines that run back are borne to see a life begin where it begins."""


def _is_first(box: int, drawing: Drawing, direction: str) -> bool:
    """Return whether no other box stands before one, in the direction of the lines."""
    axis = 0 if direction == "right" else 1
    return all(drawing.boxes[box][axis] <= rect[axis] for rect in drawing.boxes)


def _drawings(diagram: Diagram, options: Options) -> Iterator[tuple[Drawing, str]]:
    """Yield the ways to draw a machine, the one that is liked best first, and where lines run."""
    directions = [options.direction] if options.direction != "auto" else ["right", "down"]
    if "right" in directions:
        row = lay_out_row(diagram)
        if row and options.width is not None and row.width > options.width:
            row = lay_out_rows(diagram, options.width)
        if row:
            yield row, ""
    for direction in directions:
        yield lay_out(diagram, cast("Direction", direction), options.width), direction


def _tangle(diagram: Diagram, plotted: Plot, direction: str) -> int:
    """Return how many lines run against a drawing's direction or across it, and cross each other.

    A line's source comes before its target in the plan, whichever way its arrow points.
    """
    boxes = plotted.drawing.boxes
    against = 0
    for line in diagram.lines:
        source, target = boxes[line.source.box], boxes[line.target.box]
        if source is target:
            continue
        if direction == "right":
            against += target.x < source.x + source.width
        else:
            against += target.y < source.y + source.height
    return against + sum(code & ARMS == CROSSING for code in plotted.grid.arms)


def _listed(transition: Transition, before: str, options: Options) -> list[str]:
    """Return a transition as rows of text, the first one after what stands before it."""
    text = transition_row(transition, ascii_only=options.ascii)
    first, *others = wrap(text, options.width - len(before) - 2) if options.width else [text]
    return [before + first, *(" " * (len(before) + 2) + other for other in others)]


_SHORT = 4
"""Columns of a text that a number would not make shorter."""


def _numbers(machine: Machine) -> dict[int, int]:
    """Return the transitions whose texts are too long to stand beside a line -> their numbers."""
    long = [
        index
        for index, item in enumerate(machine.transitions)
        if display_width(make_name(item.trigger)) > _SHORT
    ]
    return {index: number for number, index in enumerate(long, 1)}


_MOST_STEPS = 2000
"""A search for a chain ends after so many steps; a machine of a dozen states takes fewer."""


def _in_order_of_chain(machine: Machine) -> Machine:
    """Return the machine with its states so that each may become the next, if there is a way.

    The way begins at the initial state, or else at the first one, and prefers the file's order.
    """
    kinds = dict(machine.states)
    after: dict[str, list[str]] = {name: [] for name in kinds}
    for item in machine.transitions:
        after[item.source].append(item.target)
    ways: list[tuple[str, ...]] = [(machine.states[order_of_starts(machine)[0]][0],)]
    for _ in range(_MOST_STEPS):
        if not ways:
            break
        way = ways.pop()
        if len(way) == len(kinds):
            return machine._replace(states=tuple((name, kinds[name]) for name in way))
        ways += [(*way, name) for name in reversed(after[way[-1]]) if name not in way]
    return machine


def _badness(plotted: Plot, options: Options) -> tuple[bool, int]:
    too_wide = options.width is not None and plotted.grid.width > options.width
    return too_wide, len(plotted.lost)


def transition_row(transition: Transition, *, ascii_only: bool) -> str:
    """Return a transition as a line of text.

    >>> transition_row(Transition("draft", "paid", "payment received"), ascii_only=False)
    'draft → paid: payment received'
    """
    arrow = "->" if ascii_only else "→"
    row = f"{make_name(transition.source)} {arrow} {make_name(transition.target)}"
    return f"{row}: {make_name(transition.trigger)}" if transition.trigger else row


def make_plan(machine: Machine, options: Options, short: Mapping[int, int] | None = None) -> Plan:
    """Return the plan of a state machine: a box a state, a line a transition.

    Args:
        machine: What is drawn.
        options: The width and the characters.
        short: Transitions of which only a number stands beside the line -> that number.
    """
    short = short or {}
    most = max(_LANE, options.width - 2 - _LANE) if options.width else 1_000_000
    faces = [_make_face(name, kinds, most, options) for name, kinds in machine.states]
    numbers = {name: number for number, (name, _) in enumerate(machine.states)}
    arrow = ASCII_ARROW if options.ascii else ARROW
    texts = [
        f"[{short[index]}]" if index in short else _make_event(item, options)
        for index, item in enumerate(machine.transitions)
    ]
    back = _lead_back(machine)
    strokes = tuple(
        Stroke(text, left=arrow) if index in back else Stroke(text, right=arrow)
        for index, text in enumerate(texts)
    )
    lines = []
    for index, (item, text) in enumerate(zip(machine.transitions, texts, strict=True)):
        source, target = End(numbers[item.source]), End(numbers[item.target], mark=1)
        # lines that lead back are laid out the other way round, so that all run on from the start
        ends = (target, source) if index in back else (source, target)
        lines.append(Line(*ends, display_width(text)))
    boxes = tuple(Box(face.width + 2, len(face.rows) + 2, stretch=True) for face in faces)
    return Plan(Diagram(boxes, tuple(lines)), tuple(faces), strokes, tuple(range(len(lines))))


def _make_event(item: Transition, options: Options) -> str:
    return make_text(make_name(item.trigger), ascii_only=options.ascii) if item.trigger else ""


def _lead_back(machine: Machine) -> set[int]:
    """Return the transitions that lead back to a state on the way to where they begin.

    The ways begin at the initial state; the file's first transitions go first.
    """
    after: dict[str, list[tuple[int, str]]] = {name: [] for name, _ in machine.states}
    for index, item in enumerate(machine.transitions):
        after[item.source].append((index, item.target))
    back: set[int] = set()
    seen: set[str] = set()
    for start, _ in (machine.states[number] for number in order_of_starts(machine)):
        if start in seen:
            continue
        way = {start: iter(after[start])}
        while way:
            name, ahead = next(reversed(way.items()))
            seen.add(name)
            index, target = next(ahead, (-1, name))
            if index < 0:
                del way[name]
            elif target in way:
                if target != name:
                    back.add(index)
            elif target not in seen:
                way[target] = iter(after[target])
    return back


def _make_face(name: str, kinds: frozenset[str], most: int, options: Options) -> Face:
    initial, final = ("*", "@") if options.ascii else ("●", "◉")
    text = make_name(name)
    if "initial" in kinds:
        text = f"{initial} {text}"
    if "final" in kinds:
        text = f"{text} {final}"
    rows = wrap(text, max(1, most - 2))
    width = max(display_width(row) for row in rows)
    return Face(tuple(rows), max(width + 2, _LEAST_INNER), centred=True)


def _legend(machines: list[Machine], *, ascii_only: bool) -> list[str]:
    kinds = {kind for machine in machines for _, found in machine.states for kind in found}
    initial, final = ("*", "@") if ascii_only else ("●", "◉")
    arrow = "--->" if ascii_only else "───►"
    rows = ["Legend:", f"  {arrow}  may become"]
    if "initial" in kinds:
        rows.append(f"  {initial}     initial state")
    if "final" in kinds:
        rows.append(f"  {final}     final state")
    return rows
