"""Cards and ties in, places out: what stands where in a picture.

Graphviz lays out each connected component by itself (`component`); one that comes out of a
page's shape is tried again (`plans`); then they are packed to the shape of a page. Cards without
ties stand in a block of their own below.
"""

from __future__ import annotations

from collections.abc import Callable

from erdgen.errors import Diagnostic
from erdgen.render.graphviz import LAYOUT, Ask, Job
from erdgen.render.picture.component import Plan, read_piece, shift, write_dot
from erdgen.render.picture.packing import pack, page
from erdgen.render.picture.places import Frame, Part, Piece, Places, Point, Route, Sheet
from erdgen.render.picture.plans import WIDE, other_plans, side_plan

GAP = 48
"""Between components."""


def arrange(
    sheet: Sheet, direction: str, ask: Ask, meanwhile: Callable[[], object] = lambda: None
) -> Places:
    """Return where the cards stand and the ties run.

    Args:
        sheet: What is to be arranged.
        direction: `right`, `down`, or `auto` for whichever suits a page.
        ask: Has Graphviz draw.
        meanwhile: What is to be done in the time that Graphviz takes, once.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long.
    """
    parts, single = _components(sheet)
    first = Plan(down=direction == "down")
    if not parts:
        meanwhile()
    pieces, notes = _lay_out([(part, first) for part in parts], sheet, ask, meanwhile)
    best = [(first, piece) for piece in pieces]
    draft = _put_together(sheet, pieces, single, ())
    strip = not draft.height * WIDE > draft.width > draft.height / WIDE
    trials = [
        (at, plan)
        for at, part in enumerate(parts)
        if strip
        for plan in other_plans(part, sheet, best[at][1], down=first.down, free=direction == "auto")
    ]
    if not trials and not first.down:
        return draft._replace(notes=notes)
    pieces, more = _lay_out([(parts[at], plan) for at, plan in trials], sheet, ask)
    for (at, plan), piece in zip(trials, pieces, strict=True):
        if _size(piece) < _size(best[at][1]):
            best[at] = (plan, piece)
    # lines that run down need to know first where the cards stand before they take sides
    turned = [at for at, (plan, _) in enumerate(best) if plan.down]
    plans = [(parts[at], side_plan(parts[at], sheet, *best[at])) for at in turned]
    pieces, last = _lay_out(plans, sheet, ask)
    for at, piece in zip(turned, pieces, strict=True):
        best[at] = (first, piece)
    return _put_together(sheet, [piece for _, piece in best], single, notes + more + last)


def _lay_out(
    wanted: list[tuple[Part, Plan]],
    sheet: Sheet,
    ask: Ask,
    meanwhile: Callable[[], object] = lambda: None,
) -> tuple[list[Piece], tuple[Diagnostic, ...]]:
    if not wanted:
        return [], ()
    jobs = [Job(write_dot(part, sheet, plan), LAYOUT) for part, plan in wanted]
    answers, notes = ask(jobs, meanwhile)
    pieces = [
        read_piece(part, sheet, answer, down=plan.down)
        for (part, plan), answer in zip(wanted, answers, strict=True)
    ]
    return pieces, notes


def _size(piece: Piece) -> float:
    return page(piece.width, piece.height)


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


def _put_together(
    sheet: Sheet, pieces: list[Piece], single: list[int], notes: tuple[Diagnostic, ...]
) -> Places:
    """Pack the components, put the block of single cards below, and number all as they came."""
    spots, width, height = pack([(piece.width, piece.height) for piece in pieces], GAP)
    at: dict[int, Point] = {}
    routes: dict[int, Route] = {}
    frames: list[Frame] = []
    for piece, (x, y) in zip(pieces, spots, strict=True):
        moved = shift(piece, x, y)
        at |= moved.at
        routes |= moved.routes
        frames += moved.frames
    if single:
        top = height + GAP if pieces else 0
        wings = [sheet.wings.get(number, (0, 0)) for number in single]
        sizes = [
            (float(sheet.cards[number].width + left + right), float(sheet.cards[number].height))
            for number, (left, right) in zip(single, wings, strict=True)
        ]
        spots, block_width, block_height = pack(sizes, GAP / 2, width)
        for number, (x, y), (left, _) in zip(single, spots, wings, strict=True):
            at[number] = (x + left, top + y)
        width, height = max(width, block_width), top + block_height
    return Places(
        width,
        height,
        tuple(at[number] for number in range(len(sheet.cards))),
        tuple(routes[number] for number in range(len(sheet.ties))),
        tuple(frames),
        notes,
    )
