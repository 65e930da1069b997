"""Cards and ties in, places out: what stands where in a picture.

Graphviz lays out each connected component by itself (`component`); one that comes out of a
page's shape is tried again (`plans`); then they are packed to the shape of a page. Cards without
ties stand in a block of their own in a free corner, below or beside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from math import inf
from typing import NamedTuple

from erdgen.errors import Diagnostic
from erdgen.render.graphviz import LAYOUT, NOTHING, Ask, Job
from erdgen.render.picture.component import Plan, read_piece, write_dot
from erdgen.render.picture.extents import shift
from erdgen.render.picture.late import part_late, put_in
from erdgen.render.picture.packing import pack, page, page_on_its_side
from erdgen.render.picture.places import (
    Area,
    Frame,
    Part,
    Piece,
    Places,
    Point,
    Route,
    Sheet,
    areas_meet,
    card_area,
    frame_area,
    grow,
)
from erdgen.render.picture.plans import TOWER, WIDE, burden, fold_plans, other_plans, side_plan
from erdgen.render.picture.turned import turn_sheet

Size = tuple[float, float]
"""Width and height."""
GAP = 48
"""Between components."""
_LINE_GAP = 16
"""Between lines and what they have nothing to do with."""
_BAND = 2.4
"""Width to height at which bare cards are tried with their lines running down."""
_INERTIA = 1.15
"""How much larger a page these may take: they read better than a band."""
_SCREEN = 1000
"""Height up to which a picture is seen as a whole."""
_RATIOS = (1.6, 4.0, 0.6)
"""Width to height of a block of single cards that may stand in a free corner."""


def arrange(
    sheet: Sheet,
    direction: str,
    ask: Ask,
    meanwhile: Iterator[bool] = NOTHING,
    *,
    fold: float = 0,
) -> Places:
    """Return where the cards stand and the ties run.

    Args:
        sheet: What is to be arranged.
        direction: `right`, `down`, or `auto` for whichever suits a page.
        ask: Has Graphviz draw.
        meanwhile: What may be done in the time that Graphviz takes, in small steps.
        fold: Width to height up to which a picture's bands may be folded; they never are where
            lines are to run in one direction.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long.
    """
    return _arrange(sheet, direction, ask, meanwhile, fold=fold)[0]


def _arrange(
    sheet: Sheet,
    direction: str,
    ask: Ask,
    meanwhile: Iterator[bool] = NOTHING,
    *,
    fold: float,
) -> tuple[Places, Size]:
    """Return the same, and the size without late leaves: what grows does not turn with a leaf."""
    whole, single = _components(sheet)
    meanwhile = chain(_do_first(sheet, single), meanwhile)
    grows = direction != "down" and not sheet.order
    split = [part_late(part, sheet) if grows else (part, ()) for part in whole]
    way = (direction, fold)
    pieces, core, notes = _lay_out_best(
        [part for part, _ in split], single, sheet, ask, meanwhile=meanwhile, way=way
    )
    if not any(ties for _, ties in split):
        return _numbered(sheet, core, notes), (core.width, core.height)
    grown = [
        put_in(sheet, piece, ties, free=fold > 0)
        for piece, (_, ties) in zip(pieces, split, strict=True)
    ]
    if not all(grown):
        # what has no good place is laid out with the rest
        parts = [
            part if found else full
            for found, (part, _), full in zip(grown, split, whole, strict=True)
        ]
        pieces, core, more = _lay_out_best(parts, single, sheet, ask, meanwhile=meanwhile, way=way)
        grown = [
            put_in(sheet, piece, ties, free=fold > 0) if found else piece
            for found, piece, (_, ties) in zip(grown, pieces, split, strict=True)
        ]
        notes += more
    packed = _pack_all(sheet, [piece for piece in grown if piece], single)
    return _numbered(sheet, packed, notes), (core.width, core.height)


def _do_first(sheet: Sheet, single: Sequence[int]) -> Iterator[bool]:
    """Do, while Graphviz works, what needs no places but is waited for."""
    pack(_sizes(sheet, single), GAP / 2)
    yield True


def _lay_out_best(
    parts: Sequence[Part],
    single: list[int],
    sheet: Sheet,
    ask: Ask,
    *,
    meanwhile: Iterator[bool],
    way: tuple[str, float],
) -> tuple[list[Piece], _Packed, tuple[Diagnostic, ...]]:
    """Return each component as it suits a page best, and all of them packed.

    `way` is `arrange`'s direction and fold.
    """
    direction, fold = way
    first = Plan(down=direction == "down")
    pieces, notes = _lay_out([(part, first) for part in parts], sheet, ask, meanwhile)
    best = [(first, piece) for piece in pieces]
    draft = _pack_all(sheet, pieces, single)
    strip = not draft.height * WIDE > draft.width > draft.height / WIDE
    folds = draft.width < draft.height * fold and not sheet.order and not first.down
    high = draft.height > max(draft.width / TOWER, _SCREEN)
    trials = [
        (at, plan)
        for at, part in enumerate(parts)
        for plan in [
            *(fold_plans(part, sheet, best[at][1], high=high) if folds else ()),
            *(
                other_plans(part, sheet, best[at][1], down=first.down, free=direction == "auto")
                if strip
                else ()
            ),
        ]
    ]
    if not trials and not first.down:
        return pieces, draft, notes
    pieces, more = _lay_out([(parts[at], plan) for at, plan in trials], sheet, ask, meanwhile)
    for (at, plan), piece in zip(trials, pieces, strict=True):
        if burden(sheet, plan, piece) < burden(sheet, *best[at]):
            best[at] = (plan, piece)
    # lines that run down need to know first where the cards stand before they take sides
    turned = [at for at, (plan, _) in enumerate(best) if plan.down]
    plans = [(parts[at], side_plan(parts[at], sheet, *best[at])) for at in turned]
    pieces, last = _lay_out(plans, sheet, ask, meanwhile)
    for at, piece in zip(turned, pieces, strict=True):
        best[at] = (first, piece)
    pieces = [piece for _, piece in best]
    return pieces, _pack_all(sheet, pieces, single), notes + more + last


def arrange_either_way(sheet: Sheet, direction: str, ask: Ask) -> tuple[Sheet, Places]:
    """Return the same for cards that may be turned, and the sheet as it was arranged.

    Args:
        sheet: What is to be arranged.
        direction: As for `arrange`.
        ask: The same.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long.
    """
    other = turn_sheet(sheet)
    if direction == "down":
        return other, arrange(other, "right", ask)
    if direction == "right":
        return sheet, arrange(sheet, "right", ask)
    # a band reads better with its lines running down than folded
    places, (width, height) = _arrange(sheet, "right", ask, fold=_BAND)
    if width <= height * _BAND:
        return sheet, places
    down, (low, wide) = _arrange(other, "right", ask, fold=_BAND)
    if page(wide, low) < _INERTIA * page(width, height):
        sheet, places, width, height = other, down, low, wide
    # whichever way it runs, it may be a strip; a high one can be scrolled
    if not height * _BAND > width > height / WIDE:
        places = arrange(sheet, "right", ask, fold=inf)
    return sheet, places


def _lay_out(
    wanted: list[tuple[Part, Plan]],
    sheet: Sheet,
    ask: Ask,
    meanwhile: Iterator[bool] = NOTHING,
) -> tuple[list[Piece], tuple[Diagnostic, ...]]:
    if not wanted:
        return [], ()
    drafts = [write_dot(part, sheet, plan) for part, plan in wanted]
    answers, notes = ask([Job(source, LAYOUT) for source, _ in drafts], meanwhile)
    pieces = [
        read_piece(part, sheet, answer, chains, down=plan.down)
        for (part, plan), answer, (_, chains) in zip(wanted, answers, drafts, strict=True)
    ]
    return pieces, notes


def _components(sheet: Sheet) -> tuple[list[Part], list[int]]:
    """Return the connected components, and the cards that nothing ties to anything."""
    count = len(sheet.cards)
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
    for tie in sheet.ties:
        join(tie.left.card, tie.right.card)
        tied |= {tie.left.card, tie.right.card}
    for _, members in sheet.groups:
        for member in members:
            join(members[0], member)
            tied.add(member)
    parts: dict[int, tuple[list[int], list[int]]] = {}
    for node in range(count):
        if node in tied:
            parts.setdefault(find(node), ([], []))[0].append(node)
    for number, tie in enumerate(sheet.ties):
        parts[find(tie.left.card)][1].append(number)
    found = [Part(tuple(cards), tuple(ties)) for cards, ties in parts.values()]
    return found, [node for node in range(count) if node not in tied]


class _Packed(NamedTuple):
    """All components in their places, and the single cards; by the numbers of cards and ties."""

    width: float
    height: float
    at: Mapping[int, Point]
    routes: Mapping[int, Route]
    frames: tuple[Frame, ...]
    columns: Mapping[int, tuple[int, int]]


def _pack_all(sheet: Sheet, pieces: Sequence[Piece], single: Sequence[int]) -> _Packed:
    """Pack the components, and put the block of single cards by."""
    spots, width, height = pack(
        [(piece.width, piece.height) for piece in pieces], GAP, _page(sheet)
    )
    at: dict[int, Point] = {}
    routes: dict[int, Route] = {}
    frames: list[Frame] = []
    columns: dict[int, tuple[int, int]] = {}
    for index, (piece, (x, y)) in enumerate(zip(pieces, spots, strict=True)):
        moved = shift(piece, x, y)
        at |= moved.at
        if not piece.down:
            columns |= {card: (index, rank) for card, rank in piece.ranks.items()}
        routes |= moved.routes
        frames += moved.frames
    if single:
        taken = [] if any(piece.down for piece in pieces) else _taken(sheet, at, routes, frames)
        spots, (x, y), width, height = _place_block(sheet, single, width, height, taken)
        for number, spot in zip(single, spots, strict=True):
            at[number] = (x + spot[0] + sheet.wings.get(number, (0, 0))[0], y + spot[1])
    return _Packed(width, height, at, routes, tuple(frames), columns)


def _numbered(sheet: Sheet, packed: _Packed, notes: tuple[Diagnostic, ...]) -> Places:
    """Number everything as it came."""
    cards, ties = range(len(sheet.cards)), range(len(sheet.ties))
    return Places(
        packed.width,
        packed.height,
        tuple(packed.at[number] for number in cards),
        tuple(packed.routes[number] for number in ties),
        packed.frames,
        notes,
        tuple(packed.columns.get(number, (-1, -1)) for number in cards),
    )


def _place_block(
    sheet: Sheet, single: Sequence[int], width: float, height: float, taken: Sequence[Area]
) -> tuple[list[Point], Point, float, float]:
    """Return where single cards stand in their block, where it stands, and the size of all.

    It stands in a corner that the components leave free, or beside or below them, whichever makes
    the smaller page.

    Args:
        sheet: The cards.
        single: Those that nothing is tied to.
        width: Of all components together; 0 if there are none.
        height: The same.
        taken: What the components take of it; empty where that is not known.
    """
    sizes = _sizes(sheet, single)
    if not width:
        spots, wide, high = pack(sizes, GAP / 2, _page(sheet))
        return spots, (0, 0), wide, high

    tries = []
    for wide_ratio in _RATIOS if taken else ():
        spots, wide, high = pack(sizes, GAP / 2, partial(_shaped, wide_ratio))
        free = _free_corner(taken, (width, height), (wide, high))
        if free:
            return spots, free, width, height
    for cost, corner in ((_beside, (width + GAP, 0.0)), (_below, (0.0, height + GAP))):
        charge = partial(cost, _page(sheet), width, height)
        spots, wide, high = pack(sizes, GAP / 2, charge)
        tries.append((charge(wide, high), corner, spots, wide, high))
    _, corner, spots, wide, high = min(tries, key=lambda found: found[0])
    return spots, corner, max(width, corner[0] + wide), max(height, corner[1] + high)


def _sizes(sheet: Sheet, cards: Iterable[int]) -> list[tuple[float, float]]:
    """Return what cards take with their wings."""
    sizes: list[tuple[float, float]] = []
    for number in cards:
        left, right = sheet.wings.get(number, (0, 0))
        sizes.append((sheet.cards[number].width + left + right, sheet.cards[number].height))
    return sizes


def _taken(
    sheet: Sheet,
    at: Mapping[int, Point],
    routes: Mapping[int, Route],
    frames: Sequence[Frame],
) -> list[Area]:
    """Return what components take with their cards, frames and lines, and the room around these."""
    areas = [grow(frame_area(frame), GAP) for frame in frames]
    areas += [grow(card_area(sheet, number, place), GAP) for number, place in at.items()]
    for number, route in routes.items():
        # a line that will run level and upright keeps within what its curve joins
        spanned = route.points if sheet.ties[number].loop else route.points[::3]
        xs, ys = [x for x, _ in spanned], [y for _, y in spanned]
        if route.label:
            (x, y), (wide, high) = route.label, sheet.ties[number].label
            xs += [x - wide / 2, x + wide / 2]
            ys += [y - high / 2, y + high / 2]
        areas.append(grow(Area(min(xs), min(ys), max(xs), max(ys)), _LINE_GAP))
    return areas


def _free_corner(
    taken: Sequence[Area], page: tuple[float, float], block: tuple[float, float]
) -> Point | None:
    """Return where a block stands in a corner of the page that is free of all areas; or None."""
    right, low = page[0] - block[0], page[1] - block[1]
    for x, y in ((right, low), (0, low), (right, 0), (0, 0)):
        spot = Area(x, y, x + block[0], y + block[1])
        if x >= 0 <= y and not any(areas_meet(spot, area) for area in taken):
            return x, y
    return None


def _shaped(ratio: float, width: float, height: float) -> float:
    return max(width, height * ratio)


def _page(sheet: Sheet) -> Callable[[float, float], float]:
    return page_on_its_side if sheet.turned else page


def _beside(
    size: Callable[[float, float], float], width: float, height: float, wide: float, high: float
) -> float:
    return size(width + GAP + wide, max(height, high))


def _below(
    size: Callable[[float, float], float], width: float, height: float, wide: float, high: float
) -> float:
    return size(max(width, wide), height + GAP + high)
