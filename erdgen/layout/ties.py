"""A sheet in, what each port and item looks at across the channels out, whatever the places.

A part of phase 4.
"""

from __future__ import annotations

from erdgen.layout.sheet import FREE, LEFT, RIGHT, Seg, Sheet

MOST_ENDS = 24
"""About how many of the other ports of its segment a port is drawn to at most."""


class Ties:
    """What the ports of a sheet look at, whatever the places.

    Attributes:
        others: For each port those across its channel, or else beside it.
        twin: For each port the other one of its segment if there are just two, on either side.
        looks: For each item and side what draws it: the item, its port, the own port, a weight.
        free: Whether each box has ports that may stand anywhere.
    """

    __slots__ = ("free", "looks", "others", "seg", "twin")

    def __init__(self, sheet: Sheet) -> None:
        count, item_of = sheet.count, sheet.port_item
        self.seg: list[Seg] = [(0, [], [])] * len(item_of)
        self.others: list[list[int]] = [[]] * len(item_of)
        self.twin = [-1] * len(item_of)
        for segs in sheet.segs:
            for seg in segs:
                _, left, right = seg
                for near, far in ((left, right), (right, left)):
                    for port in near:
                        self.seg[port] = seg
                        self.others[port] = far or [other for other in near if other != port]
                if len(left) == len(right) == 1:
                    self.twin[left[0]], self.twin[right[0]] = right[0], left[0]
        self.free = [
            any(sheet.port_offset[port] == FREE for side in sheet.ports[item] for port in side)
            for item in range(count)
        ]
        self.looks: list[list[list[tuple[int, int, int, int]]]] = []
        for item, sides in enumerate(sheet.ports):
            looks: list[list[tuple[int, int, int, int]]] = [[], []]
            self.looks.append(looks)
            for side in (LEFT, RIGHT):
                for port in sides[side]:
                    others = self.others[port]
                    alone = len(others) == 1 and len(self.others[others[0]]) == 1
                    # of very many some are enough: the middle of them is nearly that of all
                    for other in others[:: len(others) // MOST_ENDS + 1]:
                        its = item_of[other]
                        if its != item:
                            weight = (8 if item >= count and its >= count else 3) if alone else 1
                            looks[side].append((its, other, port, weight))
