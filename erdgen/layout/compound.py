"""Boxes in groups that lines tie in, the best drawing with a frame around each group out.

Each group is laid out as a part of its own, with terminals where lines cross its frame; the
frames are the boxes of an outer diagram, and each line is joined of what runs inside and between
them. So a frame holds its members and nothing else, and lines cross its border straight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from erdgen.layout.candidates import MANY, Choice, candidates, neighbours
from erdgen.layout.centre import centre
from erdgen.layout.components import split_parts, take_part
from erdgen.layout.compose import Sketch, make_sheet, route_sketch, wires_of
from erdgen.layout.drawing import Box, Diagram, Direction, Drawing, End, Line
from erdgen.layout.fold import dense
from erdgen.layout.groups import NetKey, find_nodes, net_keys
from erdgen.layout.inside import Border, Group, Inside, Terminal, draw_inside
from erdgen.layout.joined import Link, join_drawings
from erdgen.layout.p3_order import order_items, sweep_items
from erdgen.layout.p4_place import place_items
from erdgen.layout.score import AGAINST, PAGE, TOO_WIDE, extent_cost, line_cost
from erdgen.layout.sheet import LEFT, RIGHT, Style, choose_sides

BUDGET = 400_000
"""Comparisons of segments that the order of a group, or of the groups, may take."""

LARGE = 80
"""Boxes and lines of a diagram beyond which fewer ways are tried."""
CLIMBS = 2
"""How often the columns of single groups are changed where that is better."""
FEW = 3
"""So many of the best columns of a group, and of those near them, are tried in this; and so many
nodes are placed in all ways."""
SOME = 4
"""Most columns of a group that are tried in a large diagram, and of all nodes in direction down."""
SQUEEZED = 10
"""By what part of the width a closer look makes a drawing narrower, about."""
TRIALS = 3
"""Ways to place the groups that are looked at closely."""
MORE = 4
"""So many more if none of these keeps the width."""
ROUNDS = 2
"""How often the order of terminals is adapted to what stands outside."""
UNDRAWN = 5000
"""Cost of a line that could not be drawn."""

BACK = 20
"""Cost of a line across frames of boxes with rows that runs against the direction."""

Column = tuple[int, ...]
"""The columns of some boxes."""
Shapes = tuple[Column, ...]
"""The columns of the boxes of each node."""
Way = tuple[Shapes, Column]
"""The columns of the boxes of each node, and of the nodes."""
Order = Mapping[tuple[int, Terminal], float]
"""Where along its border a terminal of a node should stand."""


class Compound(NamedTuple):
    """A drawing with frames, and what it is judged by."""

    drawing: Drawing
    crossings: int
    cost: float


class Option(NamedTuple):
    """Columns for the boxes of a group: what they cost, how wide they are."""

    cost: float
    width: int
    column: Column


def draw_compound(
    diagram: Diagram,
    direction: Direction,
    width: int | None,
    border: Border,
    draw_rest: Callable[[Diagram, int | None], Drawing],
    *,
    hopeless: Callable[[Compound], bool],
) -> Compound:
    """Return the best drawing with groups standing together that was found.

    Args:
        diagram: Groups and boxes that lines tie.
        direction: Where lines run.
        width: Most columns.
        border: The room of the frames; there are none if they have no title.
        draw_rest: Draws what is in a group and not tied to anything outside of it.
        hopeless: Whether a quick drawing is so bad that a closer look can't make it worth it. If
            all are, the best quick one is returned.
    """
    search = _Search(diagram, direction, width, border, draw_rest)
    best = search.run(hopeless)
    return best._replace(drawing=centre(diagram, best.drawing)) if search.down else best


class _Search:
    """The ways to draw a diagram with frames, and what came of those that were tried."""

    def __init__(
        self,
        diagram: Diagram,
        direction: Direction,
        width: int | None,
        border: Border,
        draw_rest: Callable[[Diagram, int | None], Drawing],
    ) -> None:
        self.diagram = diagram
        self.width = width
        self.border = border
        self.nodes = find_nodes(diagram)
        self.keys = net_keys(diagram)
        bare = diagram.bare
        self.down = bare and direction != "right"
        self.direction: Direction = "down" if self.down else direction
        if bare and not self.down:
            self.direction = "right"
        self.style = Style(down=self.down, bare=bare)
        self.groups = [
            self._take_group(node, draw_rest) if self.nodes.group[node] >= 0 else None
            for node in range(len(self.nodes.members))
        ]
        self.insides: dict[tuple[object, ...], Inside] = {}
        self.large, self.many = diagram.effort >= LARGE, diagram.effort >= MANY

    def run(self, hopeless: Callable[[Compound], bool]) -> Compound:
        """Return the best drawing that was found."""
        options = self._options()
        tried: dict[Way, Compound] = {}

        def cost(way: Way) -> float:
            return tried[way].cost

        first, *others = self._shapes(options)
        for outer in self._outer_columns(first):
            self._try((first, outer), tried)
        # narrower groups may mend what is too wide, but not what is tangled
        if self.many and self.width is None and all(map(hopeless, tried.values())):
            return tried[min(tried, key=cost)]
        likely = sorted(tried, key=cost)[: 1 if self.many else FEW]
        for shapes in others:
            # few nodes are placed in the same ways whatever their size
            outers = self._outer_columns(shapes) if len(options) > FEW and not self.many else []
            for outer in outers or [outer for _, outer in likely]:
                self._try((shapes, outer), tried)
        for _ in range(0 if self.large else CLIMBS):
            shapes, outer = min(tried, key=cost)
            for node, each in enumerate(options):
                columns = [option.column for option in each[:FEW]]
                columns.extend(self._columns_near(node, shapes[node]))
                for column in columns:
                    self._try(((*shapes[:node], column, *shapes[node + 1 :]), outer), tried)
        ranked = sorted(tried, key=cost)[: FEW if self.large else TRIALS + MORE]
        ways = [way for way in ranked if not hopeless(tried[way])]
        return self._best(ways) if ways else tried[ranked[0]]

    def _best(self, ranked: Sequence[Way]) -> Compound:
        """Return the best drawing of some ways, looked at closely, the likeliest first."""
        budget, rounds, trials = BUDGET, ROUNDS, 1 if self.large else TRIALS
        if self.many:
            budget, rounds, ranked = BUDGET // len(self.groups), 1, ranked[:2]
        best: Compound | None = None
        for number, (shapes, outer) in enumerate(ranked):
            if number >= trials and best is not None and best.cost < TOO_WIDE:
                break
            order: Order = {}
            for _ in range(rounds):
                compound, order = self._draw(shapes, outer, budget, order)
                if best is None or compound.cost < best.cost:
                    best = compound
        if best is None:
            raise AssertionError("every diagram has a way to be drawn")
        return best

    def _try(self, way: Way, tried: dict[Way, Compound]) -> None:
        if way not in tried:
            tried[way] = self._draw(*way, 0)[0]

    def _take_group(self, node: int, draw_rest: Callable[[Diagram, int | None], Drawing]) -> Group:
        """Return a group with its lines; what nothing ties to the outside is drawn already."""
        diagram, nodes, width = self.diagram, self.nodes, self.width
        members = nodes.members[node]
        out: dict[NetKey, int] = {}
        into: dict[NetKey, list[int]] = {}
        tied: set[int] = set()
        for index, (line, key) in enumerate(zip(diagram.lines, self.keys, strict=True)):
            a, b = line.source.box, line.target.box
            if nodes.of[a] == nodes.of[b]:
                continue
            if nodes.of[a] == node:
                out.setdefault(key, index)
                tied.add(a)
            if nodes.of[b] == node:
                into.setdefault(key, []).append(index)
                tied.add(b)
        inner = [
            index
            for index, line in enumerate(diagram.lines)
            if nodes.of[line.source.box] == nodes.of[line.target.box] == node
        ]
        part, _ = take_part(
            diagram._replace(lines=tuple(diagram.lines[i] for i in inner)), [*members]
        )
        parts, _ = split_parts(part)
        for boxes in parts:
            numbers = [members[box] for box in boxes]
            if tied.intersection(numbers):
                tied.update(numbers)
        core = tuple(box for box in members if box in tied)
        others = [box for box in members if box not in tied]
        rest = None
        if others:
            part, lines = take_part(diagram, others)
            page = width - 2 * self.border.box[0] if width is not None else None
            rest = others, lines, draw_rest(part, page)
        inner = [index for index in inner if diagram.lines[index].source.box in tied]
        title = diagram.groups[nodes.group[node]]
        return Group(diagram, core, tuple(inner), out, into, title, self.border, rest)

    def _options(self) -> list[list[Option]]:
        """Return for each node columns for its boxes, the best ones first."""
        page = self.width if self.width is not None else PAGE
        result: list[list[Option]] = []
        for node, group in enumerate(self.groups):
            if group is None:
                result.append([Option(0, 0, ())])
                continue
            part, _ = take_part(self.diagram, list(group.boxes))
            terminals = _guess_terminals(group)
            options: list[Option] = []
            columns = self._columns(part, page)
            for column in _some(columns) if self.many else columns:
                inside = self._inside(node, column, terminals, 0)
                size = Drawing(inside.width, inside.height, (), ())
                cost = extent_cost(size, self.width) + line_cost(inside.sketch)
                options.append(Option(cost, inside.width, column))
            result.append(sorted(options))
        return result

    def _shapes(self, options: list[list[Option]]) -> list[Shapes]:
        """Return columns for the boxes of all groups: as each is best, narrower, narrowest."""
        page = self.width if self.width is not None else PAGE
        shapes: dict[Shapes, None] = {}
        for limit in (page, page * 6 // 10, page * 45 // 100, 0):
            chosen = (
                next(
                    (one for one in each if one.width <= limit), min(each, key=lambda one: one[1:])
                )
                for each in options
            )
            shapes[tuple(option.column for option in chosen)] = None
        return list(shapes)

    def _columns(self, part: Diagram, width: int | None) -> list[Column]:
        """Return columns for the boxes of a diagram that are worth trying."""
        if not part.lines:
            return _columns_of_untied(part, down=self.down)
        if self.direction == "down" and not self.down:  # boxes with rows: all stand in one column
            return [(0,) * len(part.boxes)]
        choices = candidates(part, self.direction, width)
        found = {
            tuple(choice.column): None
            for choice in choices
            if choice.tucked is None and choice.down == self.down
        }
        return list(found)

    def _columns_near(self, node: int, column: Column) -> list[Column]:
        """Return columns of a group's boxes in which one stands elsewhere, the likeliest first."""
        group = self.groups[node]
        # boxes with rows that were asked to stand in one column stay there
        if group is None or len(column) < 2 or (self.direction == "down" and not self.down):
            return []
        part, _ = take_part(self.diagram, list(group.boxes))
        near = neighbours(Choice(part, list(column), down=self.down))
        return [tuple(choice.column) for choice in near[:FEW]]

    def _outer_columns(self, shapes: Shapes) -> list[Column]:
        """Return columns for the nodes that are worth trying."""
        count = len(self.groups)
        few = count <= FEW and not (self.many and self.down)
        if few and (self.down or self.direction != "down"):
            ways = product(range(count), repeat=count)
            return list(dict.fromkeys(tuple(dense(way)) for way in ways))
        row = None if self.down else 1
        boxes: list[Box] = []
        for node, group in enumerate(self.groups):
            if group is None:
                boxes.append(self.diagram.boxes[self.nodes.members[node][0]])
            else:
                inside = self._inside(node, shapes[node], _guess_terminals(group), 0)
                boxes.append(Box(inside.width, inside.height))
        pairs: dict[tuple[int, int], None] = {}
        for line in self.diagram.lines:
            pair = self.nodes.of[line.source.box], self.nodes.of[line.target.box]
            if pair[0] != pair[1]:
                pairs[pair] = None
        lines = tuple(Line(End(a, row), End(b, row), trunk=a) for a, b in pairs)
        columns = self._columns(Diagram(tuple(boxes), lines), self.width)
        # in direction right the places of the nodes are worth more tries
        return _some(columns) if self.many and self.down else columns

    def _inside(
        self,
        node: int,
        column: Column,
        terminals: tuple[Terminal, ...],
        budget: int,
        *,
        fixed: bool = False,
    ) -> Inside:
        key = node, column, terminals, budget, fixed
        if key not in self.insides:
            group = self.groups[node]
            if group is None:
                raise AssertionError("a box without a group has no inside")
            self.insides[key] = draw_inside(
                group, column, terminals, style=self.style, budget=budget, fixed=fixed
            )
        return self.insides[key]

    def _draw(
        self,
        shapes: Shapes,
        outer: Column,
        budget: int,
        order: Order | None = None,
    ) -> tuple[Compound, Order]:
        """Return a drawing, and in which order the terminals of each group would suit the others.

        Args:
            shapes: The columns of the boxes of each group.
            outer: The columns of the nodes.
            budget: What the search for an order may cost.
            order: Where along its border each terminal should stand, as far as known.
        """
        links = self._links(outer)
        insides: list[Inside | None] = []
        for node, group in enumerate(self.groups):
            if group is None:
                insides.append(None)
                continue
            own = {
                terminal: None
                for link in links
                for at, terminal in ((link.source, link.start), (link.target, link.end))
                if at == node and terminal is not None
            }
            ranked = tuple(sorted(own, key=lambda one: (order or {}).get((node, one), 0)))
            insides.append(self._inside(node, shapes[node], ranked, budget, fixed=bool(order)))
        part = self._outer_diagram(links, insides)
        sketch = self._sketch(part, links, outer, budget)
        most = self.width
        if most is not None and not budget:
            most += most // SQUEEZED
        drawing = join_drawings(
            self.diagram,
            self.nodes,
            links,
            insides=insides,
            outer=sketch.drawing,
            titled=self.border.title,
        )
        sketches = [sketch, *(inside.sketch for inside in insides if inside is not None)]
        cost = extent_cost(drawing, most) + sum(map(line_cost, sketches))
        cost += self._cost_of_links(links, outer) + UNDRAWN * drawing.routes.count(None)
        compound = Compound(drawing, sum(one.crossings for one in sketches), cost)
        return compound, _wishes(links, sketch)

    def _links(self, outer: Column) -> list[Link]:
        """Return the lines of the outer diagram with the sides at which they cross frames."""
        of, lines = self.nodes.of, self.diagram.lines
        rightward: dict[NetKey, bool] = {}
        for line, key in zip(lines, self.keys, strict=True):
            a, b = outer[of[line.source.box]], outer[of[line.target.box]]
            if a != b:
                rightward[key] = rightward.get(key, False) or a < b
        found: dict[tuple[Link, int], list[int]] = {}
        for index, (line, key) in enumerate(zip(lines, self.keys, strict=True)):
            a, b = of[line.source.box], of[line.target.box]
            if a == b and self.groups[a] is not None:
                continue
            if outer[a] == outer[b]:
                sides = (RIGHT, RIGHT) if rightward.get(key, True) else (LEFT, LEFT)
            else:
                sides = (RIGHT, LEFT) if outer[a] < outer[b] else (LEFT, RIGHT)
            start = Terminal(key, sides[0], True) if self.groups[a] is not None else None
            end = Terminal(key, sides[1], False) if self.groups[b] is not None else None
            link = Link(a, b, start, end, key)
            found.setdefault((link, -1 if end else index), []).append(index)
        return [link._replace(lines=tuple(indexes)) for (link, _), indexes in found.items()]

    def _outer_diagram(self, links: list[Link], insides: Sequence[Inside | None]) -> Diagram:
        """Return the nodes as boxes with the lines between them."""
        boxes = [
            self.diagram.boxes[self.nodes.members[node][0]]
            if inside is None
            else Box(inside.width, inside.height)
            for node, inside in enumerate(insides)
        ]
        trunks: dict[tuple[int, Terminal], int] = {}
        free = 1 + max((line.trunk for line in self.diagram.lines), default=0)
        lines: list[Line] = []
        for link in links:
            line = self.diagram.lines[link.lines[0]]
            source, target = insides[link.source], insides[link.target]
            if source is not None and link.start is not None:
                trunk = trunks.setdefault((link.source, link.start), free + len(trunks))
                start = End(link.source, source.places[link.start])
                line = line._replace(source=start, label=0, trunk=trunk)
            else:
                line = line._replace(source=line.source._replace(box=link.source))
            if target is not None and link.end is not None:
                line = line._replace(target=End(link.target, target.places[link.end]))
            else:
                line = line._replace(target=line.target._replace(box=link.target))
            lines.append(line)
        return Diagram(tuple(boxes), tuple(lines))

    def _cost_of_links(self, links: list[Link], outer: Column) -> float:
        """Return what the lines cost that run against the direction from a frame.

        Those that begin at a box without a frame are among what the sketch costs.
        """
        weight = AGAINST[self.down] if self.style.bare else BACK
        return weight * sum(
            link.start is not None and outer[link.source] >= outer[link.target] for link in links
        )

    def _sketch(self, part: Diagram, links: list[Link], outer: Column, budget: int) -> Sketch:
        style, column = self.style, list(outer)
        chosen = choose_sides(wires_of(part, down=self.down), column)
        known: dict[int, tuple[int, int]] = {}
        for index, (link, sides) in enumerate(zip(links, chosen, strict=True)):
            if sides is not None:
                known[index] = (
                    link.start.side if link.start is not None else sides[0],
                    link.end.side if link.end is not None else sides[1],
                )
        sheet = make_sheet(part, column, style, known)
        start = sweep_items(sheet, style)
        order = order_items(sheet, style, budget, start)
        most = self.width if self.down else None
        places = place_items(sheet, order, style, generous=budget > 0, most=most)
        return route_sketch(part, sheet, order, places, style, tight=budget > 0)


def _some(columns: list[Column]) -> list[Column]:
    """Return few of some columns, evenly chosen.

    >>> _some([(0,), (1,), (2,), (3,), (4,)])
    [(0,), (2,), (4,)]
    """
    return columns[:: -(-len(columns) // SOME)]


def _guess_terminals(group: Group) -> tuple[Terminal, ...]:
    """Return the terminals of a group whose lines run as they should: in left and out right."""
    return (
        *(Terminal(net, LEFT, False) for net in group.into),
        *(Terminal(net, RIGHT, True) for net in group.out),
    )


def _columns_of_untied(part: Diagram, *, down: bool) -> list[Column]:
    """Return columns for boxes that no lines tie: one, two, and so on up to a square."""
    count = len(part.boxes)
    found: list[Column] = []
    for columns in range(1, count + 1):
        each = -(-count // columns)
        found.append(tuple(box // each for box in range(count)))
        if len(found) == 4:
            break
    if down and count > 4:
        found.append(tuple(0 for _ in range(count)))
    return list(dict.fromkeys(found))


def _wishes(links: list[Link], sketch: Sketch) -> Order:
    """Return where the other ends of lines across frames stand, as seen from the terminals."""
    sheet, places = sketch.sheet, sketch.places.port
    channels: dict[tuple[int, int], tuple[list[int], list[int]]] = {}
    for channel, segs in enumerate(sheet.segs):
        for net, left, right in segs:
            channels[channel, net] = left, right
    wishes: dict[tuple[int, Terminal], float] = {}
    for link, wire in zip(links, sheet.lines, strict=True):
        if wire is None:
            continue
        for node, terminal, port in (
            (link.source, link.start, wire[1]),
            (link.target, link.end, wire[2]),
        ):
            if terminal is None:
                continue
            side = sheet.port_side[port]
            left, right = channels[sheet.column[sheet.port_item[port]] + side, wire[0]]
            far, near = (left, right) if side == LEFT else (right, left)
            others = far or [one for one in near if one != port]
            wishes[node, terminal] = sum(places[one] for one in others) / len(others)
    return wishes
