"""Places along v in, the same with fewer bends out: items that hold together move together."""

from __future__ import annotations

from itertools import pairwise

from erdgen.layout.placing import Placing

CLUSTER = 40
"""Most items that are moved at once."""
TRIES = 600
"""Most moves that are tried."""


def straighten(work: Placing) -> None:
    """Move items with all that is tied to them by straight lines where that saves bends.

    For each line with a bend between two ports, the items at either end are shifted by what it
    is off, those that hold to them by straight lines go along, and those in their way are pushed;
    the move stays if bends, their length and the extent become less in all.
    """
    tries = 0
    for _ in range(3):
        moved = False
        for segs in work.sheet.segs:
            for _, left, right in segs:
                if len(left) != 1 or len(right) != 1:
                    continue
                for port, other in ((left[0], right[0]), (right[0], left[0])):
                    way = work.port_place(other) - work.port_place(port)
                    if way and tries < TRIES:
                        tries += 1
                        if _try(work, port, other, way):
                            moved = True
        if not moved:
            return


def _try(work: Placing, port: int, other: int, way: int) -> bool:
    item_of = work.sheet.port_item
    cluster, slides = _cluster(work, item_of[port], item_of[other], way)
    if not cluster:
        return False
    segs = _segs(work, cluster)
    before = _cost(work, segs) + work.extent_cost()
    for item in cluster:
        work.top[item] += way
    for slid in slides:
        work.offset[slid] += way
    if _cost(work, segs) + work.extent_cost() < before and all(
        _fits(work, item_of[slid], work.sheet.port_side[slid]) for slid in slides
    ):
        return True
    for item in cluster:
        work.top[item] -= way
    for slid in slides:
        work.offset[slid] -= way
    return False


def _fits(work: Placing, item: int, side: int) -> bool:
    """Whether the ports at a side of a free box keep their distances to all around."""
    sheet = work.sheet
    offsets = sorted(
        (work.offset[port], sheet.port_reach[port]) for port in sheet.ports[item][side]
    )
    if any(one[0] + one[1] > two[0] for one, two in pairwise(offsets)):
        return False
    items, index = work.order[sheet.column[item]], work.position[item]
    return all(
        work.gaps([first, second])[1] <= work.top[second] - work.top[first]
        for first, second in pairwise(items[max(0, index - 1) : index + 2])
    )


def _cluster(work: Placing, start: int, fixed: int, way: int) -> tuple[set[int], list[int]]:
    """Return what must move with an item, and the ports that slide along the boxes that don't.

    The cluster is empty if the fixed item would have to move, or too much.
    """
    sheet, top = work.sheet, work.top
    cluster = {start}
    stack = [start]
    slides: list[int] = []
    while stack:
        item = stack.pop()
        for ports in sheet.ports[item]:
            for port in ports:
                end = _straight_end(work, port)
                its = sheet.port_item[end] if end >= 0 else item
                if its in cluster:
                    continue
                slidable = work.style.down and its < sheet.count and work.free[its]
                if slidable and 0 < work.offset[end] + way < work.size[its] - 1:
                    slides.append(end)
                    continue
                cluster.add(its)
                stack.append(its)
        items, index = work.order[sheet.column[item]], work.position[item]
        step = 1 if way > 0 else -1
        if 0 <= index + step < len(items):
            near = items[index + step]
            if near not in cluster:
                pair = (item, near) if step > 0 else (near, item)
                gap = work.gaps(list(pair))[1]
                shifted = top[item] + way
                room = top[near] - shifted if step > 0 else shifted - top[near]
                if room < gap:
                    cluster.add(near)
                    stack.append(near)
        if fixed in cluster or len(cluster) > CLUSTER:
            return set(), []
    return cluster, [port for port in slides if sheet.port_item[port] not in cluster]


def _straight_end(work: Placing, port: int) -> int:
    """Return the port at the other end of a straight line, or -1."""
    seg = work.seg[port]
    if len(seg[1]) == 1 and len(seg[2]) == 1:
        end = seg[1][0] + seg[2][0] - port
        if work.port_place(end) == work.port_place(port):
            return end
    return -1


def _segs(work: Placing, cluster: set[int]) -> list[tuple[int, list[int], list[int]]]:
    """Return the segments that a move of some items changes."""
    found: dict[int, tuple[int, list[int], list[int]]] = {}
    for item in cluster:
        for ports in work.sheet.ports[item]:
            for port in ports:
                seg = work.seg[port]
                found[id(seg)] = seg
    return list(found.values())


def _cost(work: Placing, segs: list[tuple[int, list[int], list[int]]]) -> int:
    return sum(work.seg_cost(left, right) for _, left, right in segs)
