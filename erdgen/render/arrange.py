"""Cards and ties in, places out: what stands where in a picture, laid out by Graphviz.

Graphviz gets boxes of known sizes with a port a row and no text at all, so the places depend on
neither fonts nor colours. Each connected component is laid out by itself and they are packed to
the shape of a page; entities without relationships stand in a block of their own below.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from erdgen.errors import Diagnostic
from erdgen.layout.p1_cycles import order_nodes
from erdgen.render.cards import Card
from erdgen.render.graphviz import Ask, Job
from erdgen.render.options import Options
from erdgen.render.packing import pack

STUB = 24
"""How far a line runs straight out of a row; its end mark stands there."""
LOOP_STEP = 12
"""How much further out each further self-reference of a card runs."""
FRAME_PAD = 16
FRAME_TITLE = 26
GAP = 48
"""Between components."""

Point = tuple[float, float]


class TieEnd(NamedTuple):
    """One end of a tie: which card, and which of its rows (-1: the header)."""

    card: int
    row: int


class Tie(NamedTuple):
    """A line between two cards.

    Attributes:
        label: Width and height that its label takes; (0, 0) for none.
    """

    left: TieEnd
    right: TieEnd
    label: tuple[int, int] = (0, 0)

    @property
    def loop(self) -> bool:
        """Whether both ends are at one card."""
        return self.left.card == self.right.card


class Route(NamedTuple):
    """Where a tie runs.

    Attributes:
        points: A start and then three points for each cubic curve, from the left end's stub to
            the right end's. A self-reference has a corner a point instead.
        label: The middle of its label.
        left_side: 1 where the line leaves the left end's card to the right, -1 to the left.
        right_side: The same for the right end.
    """

    points: tuple[Point, ...]
    left_side: int = 1
    right_side: int = -1
    label: Point | None = None


class Frame(NamedTuple):
    """A group's frame, by the group's number."""

    group: int
    x: float
    y: float
    width: float
    height: float


class Places(NamedTuple):
    """Where everything stands; (0, 0) is at the top left.

    Attributes:
        cards: The top left corner of each card.
        routes: A route for each tie, in order.
    """

    width: float
    height: float
    cards: tuple[Point, ...]
    routes: tuple[Route, ...]
    frames: tuple[Frame, ...]
    notes: tuple[Diagnostic, ...] = ()


class _Part:
    """A component while it is laid out: numbers of its cards and ties, then their places."""

    def __init__(self) -> None:
        self.cards: list[int] = []
        self.ties: list[int] = []
        self.width = 0.0
        self.height = 0.0
        self.at: dict[int, Point] = {}
        self.routes: dict[int, Route] = {}
        self.frames: list[Frame] = []


def arrange(
    cards: Sequence[Card],
    ties: Sequence[Tie],
    groups: Sequence[tuple[int, Sequence[int]]],
    options: Options,
    ask: Ask,
) -> Places:
    """Return where the cards stand and the ties run.

    Args:
        cards: The boxes.
        ties: The lines between them.
        groups: For each group the width of its title and the numbers of its cards.
        options: `direction` counts.
        ask: Has Graphviz lay them out.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long.
    """
    parts, single = _components(len(cards), ties, [members for _, members in groups])
    down = options.direction == "down"
    notes: tuple[Diagnostic, ...] = ()
    if parts:
        jobs = [Job(_write_dot(part, cards, ties, groups, down=down), "json0") for part in parts]
        answers, notes = ask(jobs)
        for part, answer in zip(parts, answers, strict=True):
            _read_places(part, answer, cards, ties)
    return _put_together(cards, ties, parts, single, notes)


def _components(
    count: int, ties: Sequence[Tie], groups: Sequence[Sequence[int]]
) -> tuple[list[_Part], list[int]]:
    """Return the connected components, and the cards that nothing ties to anything."""
    parent = list(range(count))

    def find(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def join(one: int, other: int) -> None:
        a, b = find(one), find(other)
        parent[max(a, b)] = min(a, b)

    tied = set()
    for tie in ties:
        join(tie.left.card, tie.right.card)
        tied |= {tie.left.card, tie.right.card}
    for members in groups:
        for member in members:
            join(members[0], member)
            tied.add(member)
    parts: dict[int, _Part] = {}
    for node in range(count):
        if node in tied:
            parts.setdefault(find(node), _Part()).cards.append(node)
    for number, tie in enumerate(ties):
        parts[find(tie.left.card)].ties.append(number)
    return list(parts.values()), [node for node in range(count) if node not in tied]


# --- to Graphviz ---------------------------------------------------------------------------------


def _write_dot(
    part: _Part,
    cards: Sequence[Card],
    ties: Sequence[Tie],
    groups: Sequence[tuple[int, Sequence[int]]],
    *,
    down: bool,
) -> str:
    """Return the component as DOT: boxes with ports and lines, in canonical order."""
    ports = _ports(part, ties)
    margins = _margins(part, ties)
    inches = 72
    apart = f"nodesep={26 / inches:.3f} ranksep={(70 if down else 44) / inches:.3f}"
    lines = [
        "digraph {",
        f"graph [rankdir={'TB' if down else 'LR'} {apart}]",
        "node [shape=plain margin=0] edge [dir=none]",
    ]
    grouped: set[int] = set()
    mine = set(part.cards)
    for number, (title, members) in enumerate(groups):
        if not members or members[0] not in mine:
            continue
        grouped.update(members)
        names = " ".join(f"n{member};" for member in members)
        lines.append(
            f"subgraph cluster_{number} {{ margin={FRAME_PAD}"
            f" label=<{_blank(title, FRAME_TITLE - 8)}> {names} }}"
        )
    for number in part.cards:
        left, right = margins[number]
        lines.append(f"n{number} [label=<{_table(cards[number], ports[number], left + right)}>]")
    positions = order_nodes(len(part.cards), _pairs(part, ties))
    place = {card: positions[index] for index, card in enumerate(part.cards)}
    out, into = ("_", "_") if down else ("e", "w")
    for number in part.ties:
        tie = ties[number]
        if tie.loop:
            continue
        tail, head = tie.left, tie.right
        if place[tail.card] > place[head.card]:
            tail, head = head, tail
        label = f" label=<{_blank(*tie.label)}>" if tie.label[0] else ""
        lines.append(
            f"n{tail.card}:p{tail.row + 1}:{out} -> n{head.card}:p{head.row + 1}:{into}"
            f" [id={number}{label}]"
        )
    lines.append("}")
    return "\n".join(lines)


def _pairs(part: _Part, ties: Sequence[Tie]) -> list[tuple[int, int]]:
    index = {card: number for number, card in enumerate(part.cards)}
    return [(index[ties[n].left.card], index[ties[n].right.card]) for n in part.ties]


def _ports(part: _Part, ties: Sequence[Tie]) -> dict[int, list[int]]:
    """Return for each card the rows at which lines end, in order."""
    rows: dict[int, set[int]] = {card: set() for card in part.cards}
    for number in part.ties:
        for end in (ties[number].left, ties[number].right):
            rows[end.card].add(end.row)
    return {card: sorted(found) for card, found in rows.items()}


def _margins(part: _Part, ties: Sequence[Tie]) -> dict[int, tuple[int, int]]:
    """Return the room left and right of each card for stubs and self-references."""
    margins = dict.fromkeys(part.cards, (STUB, STUB))
    for number in part.ties:
        tie = ties[number]
        if tie.loop:
            left, right = margins[tie.left.card]
            extra = LOOP_STEP + (LOOP_STEP if right == STUB else 0) + tie.label[0]
            margins[tie.left.card] = (left, right + extra)
    return margins


def _table(card: Card, rows: Sequence[int], extra: int) -> str:
    """Return a card as an HTML-like table of blank cells, one a row that has a port.

    A pixel more above and below keeps Graphviz from taking a port at the top or bottom edge.
    """
    width = card.width + extra
    cells = []
    y = -1
    for row in rows:
        top = card.top(row)
        if top > y:
            cells.append(_cell(width, top - y))
        cells.append(_cell(width, card.room(row), f' PORT="p{row + 1}"'))
        y = top + card.room(row)
    cells.append(_cell(width, card.height + 1 - y))
    return _as_table("".join(f"<TR>{cell}</TR>" for cell in cells))


def _cell(width: int, height: int, port: str = "") -> str:
    return f'<TD{port} FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="{height}"></TD>'


def _blank(width: int, height: int) -> str:
    return _as_table(f"<TR>{_cell(width, height)}</TR>")


def _as_table(rows: str) -> str:
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{rows}</TABLE>'


# --- from Graphviz -------------------------------------------------------------------------------


def _read_places(part: _Part, answer: bytes, cards: Sequence[Card], ties: Sequence[Tie]) -> None:
    """Fill in a component's places from Graphviz's JSON; y runs down from here on."""
    import json  # only for pictures: start-up time

    graph = json.loads(answer)
    margins = _margins(part, ties)
    names: dict[int, int] = {}
    for item in graph.get("objects", ()):
        name = item["name"]
        if name.startswith("cluster_"):
            x0, y0, x1, y1 = (float(text) for text in item["bb"].split(","))
            number = int(name.removeprefix("cluster_"))
            part.frames.append(Frame(number, x0, -y1, x1 - x0, y1 - y0))
            continue
        number = int(name[1:])
        names[item["_gvid"]] = number
        x, y = _point(item["pos"])
        card, (left, right) = cards[number], margins[number]
        part.at[number] = (x - (card.width + left + right) / 2 + left, y - card.height / 2)
    for item in graph.get("edges", ()):
        number = int(item["id"])
        tie = ties[number]
        points = tuple(_point(text) for text in item["pos"].split(" "))
        if names[item["tail"]] != tie.left.card:
            points = points[::-1]
        label = _point(item["lp"]) if "lp" in item else None
        part.routes[number] = _route(part, tie, points, cards, label)
    for number in part.ties:
        if ties[number].loop:
            part.routes[number] = _loop(part, number, cards, ties)
    _to_origin(part, cards, ties)


def _point(text: str) -> Point:
    x, y = text.split(",")
    return float(x), -float(y)


def _route(
    part: _Part,
    tie: Tie,
    points: tuple[Point, ...],
    cards: Sequence[Card],
    label: Point | None,
) -> Route:
    sides = []
    for end, (x, _) in ((tie.left, points[0]), (tie.right, points[-1])):
        middle = part.at[end.card][0] + cards[end.card].width / 2
        sides.append(1 if x > middle else -1)
    return Route(points, sides[0], sides[1], label)


def _loop(part: _Part, number: int, cards: Sequence[Card], ties: Sequence[Tie]) -> Route:
    """Return the way of a self-reference, which hugs the right side of its card."""
    tie = ties[number]
    card = cards[tie.left.card]
    before = [n for n in part.ties if n < number and ties[n].loop]
    level = sum(1 for n in before if ties[n].left.card == tie.left.card)
    x, y = part.at[tie.left.card]
    reach = x + card.width + STUB + LOOP_STEP * (level + 1) - LOOP_STEP / 2
    a = y + card.top(tie.left.row) + card.room(tie.left.row) / 2
    b = y + card.top(tie.right.row) + card.room(tie.right.row) / 2
    if tie.left.row == tie.right.row:
        a, b = a - 5, b + 5
    edge = x + card.width + STUB
    label = (reach + 4 + tie.label[0] / 2, (a + b) / 2) if tie.label[0] else None
    return Route(((edge, a), (reach, a), (reach, b), (edge, b)), 1, 1, label)


def _to_origin(part: _Part, cards: Sequence[Card], ties: Sequence[Tie]) -> None:
    """Move a component so that it begins at (0, 0), and measure it."""
    xs: list[float] = []
    ys: list[float] = []
    for number, (x, y) in part.at.items():
        xs += [x, x + cards[number].width]
        ys += [y, y + cards[number].height]
    for frame in part.frames:
        xs += [frame.x, frame.x + frame.width]
        ys += [frame.y, frame.y + frame.height]
    for number, route in part.routes.items():
        xs += [x for x, _ in route.points]
        ys += [y for _, y in route.points]
        if route.label:
            width, height = ties[number].label
            xs += [route.label[0] - width / 2, route.label[0] + width / 2]
            ys += [route.label[1] - height / 2, route.label[1] + height / 2]
    dx, dy = -min(xs), -min(ys)
    part.width, part.height = max(xs) + dx, max(ys) + dy
    _shift(part, dx, dy)


def _shift(part: _Part, dx: float, dy: float) -> None:
    part.at = {number: (x + dx, y + dy) for number, (x, y) in part.at.items()}
    part.frames = [
        Frame(item.group, item.x + dx, item.y + dy, item.width, item.height) for item in part.frames
    ]
    part.routes = {number: _moved(route, dx, dy) for number, route in part.routes.items()}


def _moved(route: Route, dx: float, dy: float) -> Route:
    return Route(
        tuple((x + dx, y + dy) for x, y in route.points),
        route.left_side,
        route.right_side,
        (route.label[0] + dx, route.label[1] + dy) if route.label else None,
    )


def _put_together(
    cards: Sequence[Card],
    ties: Sequence[Tie],
    parts: Sequence[_Part],
    single: Sequence[int],
    notes: tuple[Diagnostic, ...],
) -> Places:
    """Pack the components, put the block of single cards below, and number all as they came."""
    spots, width, height = pack([(part.width, part.height) for part in parts], GAP)
    at: dict[int, Point] = {}
    frames: list[Frame] = []
    all_routes: dict[int, Route] = {}
    for part, (x, y) in zip(parts, spots, strict=True):
        _shift(part, x, y)
        at |= part.at
        all_routes |= part.routes
        frames += part.frames
    if single:
        top = height + GAP if parts else 0
        sizes = [(float(cards[number].width), float(cards[number].height)) for number in single]
        spots, block_width, block_height = pack(sizes, GAP / 2, width if parts else 0)
        for number, (x, y) in zip(single, spots, strict=True):
            at[number] = (x, top + y)
        width, height = max(width, block_width), top + block_height
    return Places(
        width,
        height,
        tuple(at[number] for number in range(len(cards))),
        tuple(all_routes[number] for number in range(len(ties))),
        tuple(frames),
        notes,
    )
