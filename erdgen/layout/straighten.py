"""Places along v in, the same with fewer bends out: items that hold together move together."""

from __future__ import annotations

from itertools import pairwise

from erdgen.layout.placing import Placing
from erdgen.layout.sheet import Seg

CLUSTER = 40
"""Most items that are moved at once."""
TRIES = 600
"""Most moves that are tried."""

Bounds = tuple[int, int]
"""Where everything begins and ends."""


def straighten(work: Placing) -> None:
    """Move items with all that is tied to them by straight lines where that saves bends.

    For each line with a bend between two ports, the items at either end are shifted by what it
    is off, those that hold to them by straight lines go along, and those in their way are pushed;
    the move stays if bends, their length and the extent become less in all.
    """
    tries = 0
    bounds = work.bounds()
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
                        found = _try(work, port, other, way, bounds)
                        if found is not None:
                            bounds = found
                            moved = True
        if not moved:
            return


def _try(work: Placing, port: int, other: int, way: int, bounds: Bounds) -> Bounds | None:
    """Make a move if it is worth it; return the bounds of everything then, else None."""
    item_of, top, size = work.sheet.port_item, work.top, work.size
    cluster, slides = _cluster(work, item_of[port], item_of[other], way)
    if not cluster:
        return None
    segs = _segs(work, cluster)
    low, high = bounds
    before = work.segs_cost(segs) + work.extent_cost(high - low)
    at_end = any(
        top[item] == low if way > 0 else top[item] + size[item] == high for item in cluster
    )
    for item in cluster:
        top[item] += way
    for slid in slides:
        work.offset[slid] += way
    if at_end:
        low, high = work.bounds()
    elif way > 0:
        high = max(high, *[top[item] + size[item] for item in cluster])
    else:
        low = min(low, *[top[item] for item in cluster])
    if work.segs_cost(segs) + work.extent_cost(high - low) < before and all(
        _fits(work, item_of[slid], work.sheet.port_side[slid]) for slid in slides
    ):
        return low, high
    for item in cluster:
        top[item] -= way
    for slid in slides:
        work.offset[slid] -= way
    return None


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
        work.gap(first, second) <= work.top[second] - work.top[first]
        for first, second in pairwise(items[max(0, index - 1) : index + 2])
    )


def _cluster(work: Placing, start: int, fixed: int, way: int) -> tuple[set[int], list[int]]:
    """Return what must move with an item, and the ports that slide along the boxes that don't.

    The cluster is empty if the fixed item would have to move, or too much.
    """
    sheet, top, offset, twins = work.sheet, work.top, work.offset, work.ties.twin
    item_of, count, free = sheet.port_item, sheet.count, work.free
    step = 1 if way > 0 else -1
    cluster = {start}
    stack = [start]
    slides: list[int] = []
    while stack:
        item = stack.pop()
        for ports in sheet.ports[item]:
            for port in ports:
                twin = twins[port]
                its = item_of[twin] if twin >= 0 else item
                if its in cluster or top[its] + offset[twin] != top[item] + offset[port]:
                    continue
                slidable = work.style.down and its < count and free[its]
                if slidable and 0 < offset[twin] + way < work.size[its] - 1:
                    slides.append(twin)
                    continue
                cluster.add(its)
                stack.append(its)
        items, index = work.order[sheet.column[item]], work.position[item] + step
        if 0 <= index < len(items):
            near = items[index]
            if near not in cluster:
                room = (top[near] - top[item] - way) * step
                if room < (work.gap(item, near) if step > 0 else work.gap(near, item)):
                    cluster.add(near)
                    stack.append(near)
        if fixed in cluster or len(cluster) > CLUSTER:
            return set(), []
    return cluster, [port for port in slides if sheet.port_item[port] not in cluster]


def _segs(work: Placing, cluster: set[int]) -> list[Seg]:
    """Return the segments that a move of some items changes."""
    seg_of = work.ties.seg
    found = {
        id(seg): seg
        for item in cluster
        for ports in work.sheet.ports[item]
        for port in ports
        for seg in (seg_of[port],)
    }
    return list(found.values())
