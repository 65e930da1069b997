"""Phase 4: ordered columns in, the place along v of each item and each port out."""

from __future__ import annotations

from collections.abc import Iterator

from erdgen.layout.placing import Placing
from erdgen.layout.sheet import FREE, LEFT, RIGHT, Sheet, Style
from erdgen.layout.straighten import straighten

LEANING = 40
"""Boxes up to which placing by one side alone is tried, too."""


class Places:
    """Where things stand along v.

    Attributes:
        top: Place of each item.
        size: Extent of each item, as stretched.
        port: Place of each port (absolute).
        height: Extent in all.
    """

    __slots__ = ("height", "port", "size", "top")

    def __init__(self, top: list[int], size: list[int], port: list[int], height: int) -> None:
        self.top = top
        self.size = size
        self.port = port
        self.height = height


def place_items(
    sheet: Sheet,
    order: list[list[int]],
    style: Style,
    *,
    generous: bool = False,
    loose: bool = False,
    most: int | None = None,
    slack: float = 0.0,
    rounds: int = 6,
) -> Places:
    """Return places that keep the order and all distances, with short and straight lines.

    Sweeps over the columns, each placed nearest to its neighbours' ports by isotonic regression;
    the columns keep within the extent of the longest one.

    Args:
        sheet: Items, ports and segments.
        order: The items of each column in order.
        style: The distances of the direction.
        generous: Whether to try longer boxes too, for straight lines.
        loose: Whether straight lines count more than the extent.
        most: Extent that is not to be exceeded for the sake of straight lines.
        slack: How much more than the longest column the drawing may extend, as a part of it.
        rounds: Sweeps there and back.

    Postcondition: items of a column keep their distances; ports on one side of a column that
    follow each other keep the first one's reach, unless both are at fixed rows of one box.
    """
    work = Placing(sheet, order, style)
    work.loose = loose
    work.most = work.most if most is None else most
    work.start()
    work.sweep(rounds, slack)
    if most is not None and style.down:
        work = _tight_enough(work, rounds, slack)
    return _result(_best(work, slack, generous=generous))


def _tight_enough(work: Placing, rounds: int, slack: float) -> Placing:
    """Return the places, or tight ones if they extend too far and these less."""
    ends = work.copy()
    ends.finish()
    if ends.extent() <= work.most:
        return work
    tight = Placing(work.sheet, work.order, work.style)
    tight.loose, tight.most, tight.tight = work.loose, work.most, True
    tight.start()
    tight.sweep(rounds, slack)
    tight_ends = tight.copy()
    tight_ends.finish()
    return tight if tight_ends.extent() < ends.extent() else work


def _best(work: Placing, slack: float, *, generous: bool) -> Placing:
    """Return the places finished; if generous the best of several ways to do so."""
    if not generous:
        work.finish()
        return work
    starts = [work]
    if work.sheet.count <= LEANING:
        starts.extend(work.lean(side) for side in (RIGHT, LEFT))
    return min((one for start in starts for one in _finished(start, slack)), key=Placing.cost)


def _finished(work: Placing, slack: float) -> Iterator[Placing]:
    """Yield the places finished, and finished with longer boxes where there is reason to try."""
    work.finish()
    straighten(work)
    yield work
    longer = work.longer() if work.style.down else None
    if longer is not None:
        longer.sweep(4, slack)
        longer.finish()
        longer.shorten(work.size)
        straighten(longer)
        yield longer


def keep_places(sheet: Sheet, order: list[list[int]], style: Style, places: Places) -> Places:
    """Return places in which what stands already moves only to make room for what is new.

    Args:
        sheet: Items, ports and segments.
        order: The items of each column in order.
        style: The distances of the direction.
        places: Where things stand, or where new ones want to; the place of a new port is -1.
    """
    work = Placing(sheet, order, style)
    work.top, work.size = list(places.top), list(places.size)
    new = [port for port, place in enumerate(places.port) if place < 0]
    for port, place in enumerate(places.port):
        if place >= 0:
            work.offset[port] = place - places.top[sheet.port_item[port]]
    for port in new:
        # where it would be best, for the port at the other end
        item = sheet.port_item[port]
        if item < sheet.count and sheet.port_offset[port] == FREE:
            work.offset[port] = (work.size[item] - 1) // 2
    for port in new:
        work.fit_port(port, new)
    work.push()
    return _result(work)


def _result(work: Placing) -> Places:
    least = min(work.top, default=0)
    work.top = [top - least for top in work.top]
    ports = [work.port_place(port) for port in range(len(work.offset))]
    height = max((top + size for top, size in zip(work.top, work.size, strict=True)), default=0)
    return Places(work.top, work.size, ports, height)
