"""One connected component: to Graphviz as boxes with ports, back as places.

Graphviz gets boxes of known sizes and no text at all, so the places depend on neither fonts nor
colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor
from typing import NamedTuple

from erdgen.layout.p1_cycles import order_nodes
from erdgen.render.graphviz import parse_layout
from erdgen.render.picture.cards import Card
from erdgen.render.picture.extents import move_to_origin
from erdgen.render.picture.frames import line_up
from erdgen.render.picture.places import (
    FRAME_PAD,
    FRAME_TITLE,
    LOOP_STEP,
    STUB,
    Area,
    Frame,
    Part,
    Piece,
    Point,
    Route,
    Sheet,
    Tie,
    TieEnd,
    card_area,
    middle_of,
)
from erdgen.render.picture.trunks import Chains, Ends, lead, make_chains, write_chains, write_lanes

_INCH = 72
NEAR, APART = 26, 44
"""Between cards of a rank, and between ranks beside the stubs, where lines run right."""
_LANE = 6
"""Between lines that pass a rank: cards bring their own distance along, lines need less."""
_APART_DOWN, _APART_IN_TREE = 64, 28
_LANE_DOWN = 24
"""The same where lines run down: ends may face each other there, and must not seem one line."""
_LONG = ((2500, 1.0), (5000, 1.5), (10_000, 2.0))
"""How long ranks are up to which they stand so many times further apart."""
_MOST_TIMES = 3.0
_FRAME_INSET = 5
"""By how much a frame is lower at both ends than Graphviz has it: there is hardly room between."""
_RUN = 5
"""Room that an upright run takes on the average between two ranks; not all overlap."""
_Sides = Mapping[int, tuple[str, str]]


class Plan(NamedTuple):
    """How a component is to be laid out.

    Attributes:
        down: Whether lines run down instead of right.
        spans: Ties that are to span more than one rank.
        sides: At which sides ties leave and enter (`e` or `w`) where lines run down.
        near: Room between cards of a rank.
        columns: For each card the column that it should stand in; lines run right between them.
            Graphviz sees the cards in this order.
    """

    down: bool = False
    spans: Mapping[int, int] | None = None
    sides: _Sides | None = None
    near: int = NEAR
    columns: Mapping[int, int] | None = None


def orient(part: Part, sheet: Sheet, plan: Plan) -> dict[int, tuple[TieEnd, TieEnd]]:
    """Return each tie's ends in the direction in which the ranks run: no circles are left.

    Self-references are no lines between ranks and left out.

    Args:
        part: The component.
        sheet: What it is a part of.
        plan: Its columns, where it has any, say which card of two comes first.
    """
    ties, count = sheet.ties, len(part.cards)
    index = {card: number for number, card in enumerate(part.cards)}
    pairs = [(index[ties[n].left.card], index[ties[n].right.card]) for n in part.ties]
    order = plan.columns or sheet.order
    known = [order[card] for card in part.cards] if order else None
    place = known or order_nodes(count, pairs)
    result = {}
    for number, (left, right) in zip(part.ties, pairs, strict=True):
        tie = ties[number]
        if left != right:
            forward = place[left] < place[right]
            result[number] = (tie.left, tie.right) if forward else (tie.right, tie.left)
    return result


# --- to Graphviz ---------------------------------------------------------------------------------


def write_dot(part: Part, sheet: Sheet, plan: Plan) -> tuple[str, Chains | None]:
    """Return the component as DOT: boxes with ports, and lines, in canonical order.

    Where many lines run right past many ranks, they come as chains, which are returned too.
    """
    ports = _ports(part, sheet.ties)
    margins = _margins(part, sheet)
    ends = orient(part, sheet, plan)
    rank = _rough_ranks(part, ends)
    chains = None if plan.down else make_chains(part, sheet, ends, rank, plan.spans)
    way = "TB" if plan.down else "LR"
    apart = _rank_gap(part, sheet, ends, rank, plan)
    # without newrank each cluster is ranked by itself, and lines between them run backwards
    lane = _LANE_DOWN if plan.down else _LANE
    gaps = f"nodesep={lane / _INCH:.3f} ranksep={apart / _INCH:.3f}"
    curves = ' splines=""' if chains else ""
    lines = [
        "digraph {",
        f"graph [newrank=true rankdir={way} {gaps}{curves}]",
        "node [shape=plain margin=0] edge [dir=none]",
    ]
    mine = set(part.cards)
    for number, (title, members) in enumerate(sheet.groups):
        if members and members[0] in mine:
            names = " ".join(f"n{member};" for member in members)
            if chains:
                names += write_lanes(chains, number)
            lines.append(
                f"subgraph cluster_{number} {{ margin={FRAME_PAD}"
                f" label=<{_blank(title, FRAME_TITLE - 8)}> {names} }}"
            )
    for number in plan.columns or part.cards:
        left, right = margins[number]
        pad = (plan.near - _LANE) // 2
        table = _table(sheet.cards[number], ports[number], left + right, pad)
        lines.append(f"n{number} [label=<{table}>]")
    if chains:
        lines += [write_lanes(chains), *write_chains(ends, chains)]
    else:
        for number, (tail, head) in ends.items():
            lines.append(_edge(number, tail, head, sheet.ties[number], plan))
    lines += _grid(part, sheet)
    lines.append("}")
    return "\n".join(lines), chains


def _rough_ranks(part: Part, ends: Ends) -> dict[int, int]:
    """Return each card's rank by longest paths; what nothing precedes is right before the rest."""
    after: dict[int, list[int]] = {card: [] for card in part.cards}
    before = dict.fromkeys(part.cards, 0)
    for tail, head in ends.values():
        after[tail.card].append(head.card)
        before[head.card] += 1
    rank = dict.fromkeys(part.cards, 0)
    free = [card for card in part.cards if not before[card]]
    for card in free:
        for other in after[card]:
            rank[other] = max(rank[other], rank[card] + 1)
            before[other] -= 1
            if not before[other]:
                free.append(other)
    return {
        card: min(rank[other] for other in after[card]) - 1 if after[card] and not at else at
        for card, at in rank.items()
    }


def _rank_gap(part: Part, sheet: Sheet, ends: Ends, rank: Mapping[int, int], plan: Plan) -> float:
    """Return the room between ranks: the longer they are, the steeper lines would run in it.

    How long they come out is estimated by rough ranks, and in few steps, so that a small change
    of the model seldom moves all ranks.
    """
    lengths = dict.fromkeys(rank.values(), 0)
    for card in part.cards:
        lengths[rank[card]] += length_in_rank(sheet, card, down=plan.down)
    longest = max(lengths.values())
    times = next((times for most, times in _LONG if longest <= most), _MOST_TIMES)
    if not plan.down:
        # lines that share a trunk share their upright run
        trunks: dict[int, set[TieEnd]] = {}
        for tail, head in ends.values():
            for gap in range(rank[tail.card], rank[head.card]):
                trunks.setdefault(gap, set()).add(tail)
        crowd = max(map(len, trunks.values()), default=0) * _RUN / APART
        return APART * max(times, min(ceil(crowd * 2) / 2, _MOST_TIMES))
    # in a tree few lines run level between two ranks
    return (_APART_DOWN if len(part.ties) >= len(part.cards) else _APART_IN_TREE) * times


def length_in_rank(sheet: Sheet, card: int, *, down: bool) -> int:
    """Return how much of its rank a card takes."""
    return NEAR + (sheet.cards[card].width + 2 * STUB if down else sheet.cards[card].height)


def _edge(number: int, tail: TieEnd, head: TieEnd, tie: Tie, plan: Plan) -> str:
    out, into = ("_", "_") if plan.down else ("e", "w")
    if plan.sides is not None:
        out, into = plan.sides[number]
    more = f" label=<{_blank(*tie.label)}>" if tie.label[0] else ""
    if plan.spans and number in plan.spans:
        more += f" minlen={plan.spans[number]}"
    return (
        f"n{tail.card}:p{tail.row + 1}:{out} -> n{head.card}:p{head.row + 1}:{into}"
        f" [id={number}{more}]"
    )


def _grid(part: Part, sheet: Sheet) -> list[str]:
    """Return invisible lines that bring a group's untied cards into rows instead of one column."""
    tied = {end.card for n in part.ties for end in (sheet.ties[n].left, sheet.ties[n].right)}
    lines = []
    for _, members in sheet.groups:
        loose = [card for card in members if card not in tied and card in part.cards]
        columns = int(len(loose) ** 0.5 + 0.999)
        for index, card in enumerate(loose):
            if index % columns:
                lines.append(f"n{loose[index - 1]} -> n{card} [style=invis]")
    return lines


def _ports(part: Part, ties: Sequence[Tie]) -> dict[int, list[int]]:
    """Return for each card the rows at which lines end, in order."""
    rows: dict[int, set[int]] = {card: set() for card in part.cards}
    for number in part.ties:
        for end in (ties[number].left, ties[number].right):
            rows[end.card].add(end.row)
    return {card: sorted(found) for card, found in rows.items()}


def _margins(part: Part, sheet: Sheet) -> dict[int, tuple[int, int]]:
    """Return the room left and right of each card for stubs, self-references and wings."""
    margins = {}
    for card in part.cards:
        left, right = sheet.wings.get(card, (0, 0))
        margins[card] = (max(left, STUB), max(right, STUB))
    for number in part.ties:
        tie = sheet.ties[number]
        if tie.loop:
            left, right = margins[tie.left.card]
            extra = LOOP_STEP + (LOOP_STEP if right == STUB else 0) + tie.label[0]
            margins[tie.left.card] = (left, right + extra)
    return margins


def _table(card: Card, rows: Sequence[int], extra: int, pad: int) -> str:
    """Return a card as an HTML-like table of blank cells, one a row that has a port.

    The room above and below (`pad`) keeps cards apart, and Graphviz from taking a port at the top
    or bottom edge.
    """
    width = card.width + extra
    cells = []
    y = -pad
    for row in rows:
        top = card.top(row)
        if top > y:
            cells.append(f'HEIGHT="{top - y}"')
        cells.append(f'PORT="p{row + 1}" HEIGHT="{card.room(row)}"')
        y = top + card.room(row)
    cells.append(f'HEIGHT="{card.height + pad - y}"')
    return _as_table(width, cells)


def _blank(width: int, height: int) -> str:
    return _as_table(width, [f'HEIGHT="{height}"'])


def _as_table(width: int, cells: Sequence[str]) -> str:
    """Return a column of cells as a table without any lines or room of its own.

    Graphviz takes longer to read attributes than it seems: what follows from others is left out,
    as the width of all cells but the first.
    """
    rows = "></TD></TR><TR><TD ".join(cells)
    return (
        '<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="0">'
        f'<TR><TD WIDTH="{width}" {rows}></TD></TR></TABLE>'
    )


# --- from Graphviz -------------------------------------------------------------------------------


def read_piece(
    part: Part, sheet: Sheet, answer: bytes, chains: Chains | None, *, down: bool
) -> Piece:
    """Return a component's places from Graphviz's answer; y runs down from here on."""
    graph = parse_layout(answer)
    margins = _margins(part, sheet)
    names: dict[int, int] = {}
    at: dict[int, Point] = {}
    ranks: dict[int, int] = {}
    frames = []
    routes: dict[int, Route] = {}
    lanes: dict[int, Point] = {}
    for item in graph.get("objects", ()):
        name = item["name"]
        if name.startswith("d"):
            lanes[int(name[1:])] = _point(item["pos"])
            continue
        if name.startswith("cluster_"):
            x0, y0, x1, y1 = (float(text) for text in item["bb"].split(","))
            y0, y1 = _FRAME_INSET - y1, -_FRAME_INSET - y0
            frames.append(Frame(int(name.removeprefix("cluster_")), x0, y0, x1 - x0, y1 - y0))
            continue
        number = int(name[1:])
        names[item["_gvid"]] = number
        x, y = _point(item["pos"])
        card, (left, right) = sheet.cards[number], margins[number]
        # whole pixels: lines at a card's edge look sharp, and what hardly moves does not move
        at[number] = (
            floor(x - (card.width + left + right) / 2 + left + 0.5),
            floor(y - card.height / 2 + 0.5),
        )
        ranks[number] = round(y if down else x)
    for item in graph.get("edges", ()):
        if "id" not in item:
            continue
        number = int(item["id"])
        tie = sheet.ties[number]
        numbers = [float(text) for text in item["pos"].replace(",", " ").split()]
        points = tuple(zip(numbers[0::2], [-y for y in numbers[1::2]], strict=True))
        if names[item["tail"]] != tie.left.card:
            points = points[::-1]
        label = _point(item["lp"]) if "lp" in item else None
        routes[number] = _route(tie, points, sheet.cards, at, label)
    if not down:
        _flush(sheet, at, ranks, margins)
    lined_up = line_up(frames, strangers(frames, sheet, at))
    if len(frames) > 1 and not down:
        _flush_frames(sheet, at, ranks, margins, lined_up)
    for number in part.ties:
        if sheet.ties[number].loop:
            routes[number] = _loop(part, number, sheet, at)
        elif chains:
            way = [lanes[node] for node in chains.ways[number]]
            routes[number] = lead(sheet, number, at, way, margins)
    return move_to_origin(sheet, Piece(0, 0, at, routes, lined_up, ranks, down))


def _flush(
    sheet: Sheet,
    at: dict[int, Point],
    ranks: Mapping[int, int],
    margins: Mapping[int, tuple[int, int]],
) -> None:
    """Stand the cards of each column on its left edge; Graphviz gives them one middle.

    Cards of one frame are a column of their own, since they must not leave it.
    """
    frame_of = {card: frame for frame, (_, cards) in enumerate(sheet.groups) for card in cards}
    columns: dict[tuple[int, int], list[int]] = {}
    for card in at:
        columns.setdefault((ranks[card], frame_of.get(card, -1)), []).append(card)
    for cards in columns.values():
        first = min(at[card][0] - margins[card][0] for card in cards)
        last = max(at[card][0] + sheet.cards[card].width + margins[card][1] for card in cards)
        edge = first + max(margins[card][0] for card in cards)
        for card in cards:
            if edge + sheet.cards[card].width + margins[card][1] <= last:
                at[card] = (edge, at[card][1])


def _flush_frames(
    sheet: Sheet,
    at: dict[int, Point],
    ranks: Mapping[int, int],
    margins: Mapping[int, tuple[int, int]],
    frames: Sequence[Frame],
) -> None:
    """Stand the cards of several frames' columns on one edge, as far as their frames reach."""
    edges: dict[int, float] = {}
    for card, (x, _) in at.items():
        edges[ranks[card]] = min(edges.get(ranks[card], x), x)
    for frame in frames:
        for card in sheet.groups[frame.group][1]:
            edge = edges[ranks[card]]
            if edge >= frame.x + FRAME_PAD + margins[card][0]:
                at[card] = (edge, at[card][1])


def strangers(frames: Sequence[Frame], sheet: Sheet, at: Mapping[int, Point]) -> list[list[Area]]:
    """Return for each frame what the cards that are not in it take, with what is beside them."""
    if len(frames) < 2:
        return [[] for _ in frames]
    areas = {number: card_area(sheet, number, place) for number, place in at.items()}
    members = [set(sheet.groups[frame.group][1]) for frame in frames]
    return [[area for number, area in areas.items() if number not in inside] for inside in members]


def _point(text: str) -> Point:
    x, y = text.split(",")
    return float(x), -float(y)


def _route(
    tie: Tie,
    points: tuple[Point, ...],
    cards: Sequence[Card],
    at: Mapping[int, Point],
    label: Point | None,
) -> Route:
    sides = []
    for end, (x, _) in ((tie.left, points[0]), (tie.right, points[-1])):
        middle = at[end.card][0] + cards[end.card].width / 2
        sides.append(1 if x > middle else -1)
    return Route(points, sides[0], sides[1], label)


def _loop(part: Part, number: int, sheet: Sheet, at: Mapping[int, Point]) -> Route:
    """Return the way of a self-reference, which hugs the right side of its card."""
    tie = sheet.ties[number]
    card = sheet.cards[tie.left.card]
    before = [sheet.ties[n] for n in part.ties if n < number and sheet.ties[n].loop]
    level = sum(1 for other in before if other.left.card == tie.left.card)
    x, y = at[tie.left.card]
    reach = x + card.width + STUB + LOOP_STEP * (level + 1) - LOOP_STEP / 2
    a, b = y + middle_of(sheet, tie.left), y + middle_of(sheet, tie.right)
    edge = x + card.width + STUB
    label = (reach + 4 + tie.label[0] / 2, (a + b) / 2) if tie.label[0] else None
    return Route(((edge, a), (reach, a), (reach, b), (edge, b)), 1, 1, label)
