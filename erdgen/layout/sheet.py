"""A diagram and its columns in, the ports, nets and segments of each channel out.

The phases work in one orientation, "columns": boxes stand in columns that run along v, column
after column across u. For direction right u is x and v is y; direction down is the same,
transposed. Between the columns lie channels: channel c is left of column c, the last one right of
the last column. A line leaves a box at its left or right side, runs along v in a channel and
passes a column it doesn't stop at at a place of its own there, held open by a dummy item.

Any assignment of boxes to columns is valid: two boxes of one column are tied by a bracket in the
channel beside it.
"""

from __future__ import annotations

LEFT, RIGHT = 0, 1
FREE = -1

Seg = tuple[int, list[int], list[int]]
"""A net in a channel: its number, its ports left of the channel, its ports right of it."""


class Style:
    """What differs between the two directions, in cells of the abstract orientation.

    Attributes:
        down: Whether u is y.
        bare: Whether no line ends at a row of a box.
        pitch: Distance of neighbouring tracks in a channel.
        box_gap: Blank cells between two boxes of a column.
        box_line_gap: Blank cells between a box and a line that passes it.
        line_gap: Blank cells between two lines that pass a column side by side.
        ends_gap: Blank cells between the ends of two lines on one track.
        least: Cells across of a channel with labels, at least.
        stub: Cells across before the only track beside a stack of boxes; labels stand behind it.
    """

    __slots__ = (
        "bare",
        "box_gap",
        "box_line_gap",
        "down",
        "ends_gap",
        "least",
        "line_gap",
        "pitch",
        "stub",
    )

    def __init__(self, *, down: bool, bare: bool = False, stack: bool = False) -> None:
        self.down = down
        self.bare = bare
        self.pitch = 1 if down else 2
        self.box_gap = 2 if down or stack else 1
        self.box_line_gap = 2 if down else 1
        self.line_gap = 1 if down else 0
        self.ends_gap = 1
        # ────────> as in the templates
        self.least = 9 if bare and not down else 0
        self.stub = 7 if stack else 0


class Wire:
    """A line in the abstract orientation: its ends' boxes, offsets (or FREE), marks and labels.

    Attributes:
        zones: Cells across (along u) that the stubs at the source and target need for marks.
        rooms: Columns of the labels beside these stubs.
        reaches: Distance along v from the stub to the next one on that side.
    """

    __slots__ = ("offsets", "reaches", "rooms", "source", "target", "trunk", "zones")

    def __init__(
        self,
        source: int,
        target: int,
        *,
        offsets: tuple[int, int],
        zones: tuple[int, int],
        rooms: tuple[int, int],
        reaches: tuple[int, int],
        trunk: int,
    ) -> None:
        self.source = source
        self.target = target
        self.offsets = offsets
        self.zones = zones
        self.rooms = rooms
        self.reaches = reaches
        self.trunk = trunk


class Sheet:
    """Items in columns, ports on items, nets of ports, and segments of nets in channels.

    Items 0..count-1 are the boxes; the others are dummies, one for each net and column it passes.

    Attributes:
        count: Number of boxes.
        size: Extent along v of each item.
        thick: Extent across of each item.
        column: Column of each item.
        columns: Items of each column, in the order of their numbers.
        stretch: Whether the item may be made longer along v.
        tail: Cells at the far end of each item where no line attaches.
        port_item, port_side, port_offset, port_zone, port_room, port_reach, port_net: An entry
            for each port.
        ports: Ports of each item on its left and right side.
        segs: The segments of each channel.
        lines: For each wire (net, source port, target port), or None if it can't be drawn.
        passes: For each net its dummies: column -> item.
    """

    __slots__ = (
        "column",
        "columns",
        "count",
        "lines",
        "passes",
        "port_item",
        "port_net",
        "port_offset",
        "port_reach",
        "port_room",
        "port_side",
        "port_zone",
        "ports",
        "segs",
        "size",
        "stretch",
        "tail",
        "thick",
    )

    def __init__(self, sizes: list[int], thick: list[int], stretch: list[bool]) -> None:
        self.count = len(sizes)
        self.size = list(sizes)
        self.thick = list(thick)
        self.stretch = list(stretch)
        self.tail = [0] * len(sizes)
        self.column: list[int] = []
        self.columns: list[list[int]] = []
        self.port_item: list[int] = []
        self.port_side: list[int] = []
        self.port_offset: list[int] = []
        self.port_zone: list[int] = []
        self.port_room: list[int] = []
        self.port_reach: list[int] = []
        self.port_net: list[int] = []
        self.ports: list[tuple[list[int], list[int]]] = [([], []) for _ in sizes]
        self.segs: list[list[Seg]] = []
        self.lines: list[tuple[int, int, int] | None] = []
        self.passes: list[dict[int, int]] = []

    def add_port(
        self, item: int, side: int, net: int, *, offset: int, zone: int, room: int, reach: int
    ) -> int:
        """Add a port and return its number."""
        port = len(self.port_item)
        self.port_item.append(item)
        self.port_side.append(side)
        self.port_offset.append(offset)
        self.port_zone.append(zone)
        self.port_room.append(room)
        self.port_reach.append(reach)
        self.port_net.append(net)
        self.ports[item][side].append(port)
        return port

    def add_dummy(self, column: int, net: int, reach: int) -> int:
        """Add a dummy of a net to a column, with its two ports, and return its number."""
        item = len(self.size)
        self.size.append(1)
        self.thick.append(0)
        self.stretch.append(False)
        self.tail.append(0)
        self.column.append(column)
        self.columns[column].append(item)
        self.ports.append(([], []))
        self.passes[net][column] = item
        for side in (LEFT, RIGHT):
            self.add_port(item, side, net, offset=0, zone=1, room=0, reach=reach)
        return item


Sides = tuple[int, int]
"""The sides of the source and the target box at which a wire attaches."""


def choose_sides(wires: list[Wire], column: list[int]) -> list[Sides | None]:
    """Return for each wire the sides of its source and target box at which it attaches.

    Wires between columns take the facing sides, one within a column goes where its trunk has a
    line already, else right. A fixed row has room for one net a side: where two meet in a row,
    each gets a side of its own; further ones get None, they cannot be drawn.
    """
    rightward: dict[tuple[int, int, int], bool] = {}
    for wire in wires:
        if wire.trunk >= 0 and column[wire.source] != column[wire.target]:
            right = column[wire.source] < column[wire.target]
            key = (wire.trunk, wire.source, wire.offsets[0])
            rightward[key] = rightward.get(key, False) or right
    sides: list[Sides | None] = []
    for wire in wires:
        a, b = column[wire.source], column[wire.target]
        if a != b:
            sides.append((RIGHT, LEFT) if a < b else (LEFT, RIGHT))
        else:
            right = rightward.get((wire.trunk, wire.source, wire.offsets[0]), True)
            sides.append((RIGHT, RIGHT) if right else (LEFT, LEFT))
    shared = _share_rows(wires, sides)
    for index, (wire, pair) in enumerate(zip(wires, sides, strict=True)):
        level = column[wire.source] == column[wire.target]
        if pair is not None and level and (index, 1) not in shared:
            # a bracket that its source has put to the other side goes there with both ends
            sides[index] = pair[0], pair[0]
    return sides


def _share_rows(wires: list[Wire], sides: list[Sides | None]) -> set[tuple[int, int]]:
    """Give nets that meet in a row a side of their own each; return the ends that do."""
    shared: set[tuple[int, int]] = set()
    rows: dict[tuple[int, int], dict[tuple[int, int], list[tuple[int, int]]]] = {}
    for index, wire in enumerate(wires):
        trunk = (0, wire.trunk) if wire.trunk >= 0 else (1, index)
        for end, box, net in ((0, wire.source, trunk), (1, wire.target, (2, index))):
            if wire.offsets[end] != FREE:
                row = rows.setdefault((box, wire.offsets[end]), {})
                row.setdefault(net, []).append((index, end))
    for row in rows.values():
        if len(row) > 1:
            first, second, *others = sorted(row.values(), key=lambda ends: (-len(ends), ends))
            for ends in others:
                for index, _ in ends:
                    sides[index] = None
            shared.update(end for ends in row.values() for end in ends)
            right = _votes(sides, first) >= _votes(sides, second)
            _put(sides, first, RIGHT if right else LEFT)
            _put(sides, second, LEFT if right else RIGHT)
    return shared


def _votes(sides: list[Sides | None], ends: list[tuple[int, int]]) -> int:
    """Return how many of the ends lie at the right side more than at the left."""
    pairs = ((sides[index], end) for index, end in ends)
    return sum(1 if pair[end] == RIGHT else -1 for pair, end in pairs if pair is not None)


def _put(sides: list[Sides | None], ends: list[tuple[int, int]], side: int) -> None:
    for index, end in ends:
        pair = sides[index]
        if pair is not None:
            sides[index] = (side, pair[1]) if end == 0 else (pair[0], side)


def build_sheet(
    sizes: list[int],
    thick: list[int],
    stretch: list[bool],
    *,
    wires: list[Wire],
    column: list[int],
    sides: list[Sides | None],
    style: Style,
) -> Sheet:
    """Return the sheet of these boxes and wires in these columns.

    Postcondition: every net's ports are connected through its segments and dummies, one segment a
    channel and one dummy a column passed.
    """
    sheet = Sheet(sizes, thick, stretch)
    count = max(column, default=0) + 1
    sheet.column = list(column)
    sheet.columns = [[] for _ in range(count)]
    for box, place in enumerate(column):
        sheet.columns[place].append(box)
    channels: list[dict[int, tuple[list[int], list[int]]]] = [{} for _ in range(count + 1)]
    nets: dict[tuple[int, int, int, int], tuple[int, int]] = {}
    dummy_reach = style.line_gap + 1

    def attach(net: int, port: int) -> int:
        side = sheet.port_side[port]
        channel = sheet.column[sheet.port_item[port]] + side
        pair = channels[channel].setdefault(net, ([], []))
        pair[1 - side].append(port)
        return channel

    for index, wire in enumerate(wires):
        pair = sides[index]
        if pair is None:
            sheet.lines.append(None)
            continue
        out, into = pair
        trunk = wire.trunk if wire.trunk >= 0 else -1 - index
        key = (trunk, wire.source, wire.offsets[0], out)
        if key in nets:
            net, source = nets[key]
        else:
            net = len(sheet.passes)
            sheet.passes.append({})
            source = _end_port(sheet, wire, 0, out, net)
            nets[key] = (net, source)
            attach(net, source)
        target = _end_port(sheet, wire, 1, into, net)
        attach(net, target)
        sheet.lines.append((net, source, target))
    spans: list[list[int]] = [[count + 1, -1] for _ in sheet.passes]
    for channel, there in enumerate(channels):
        for net in there:
            spans[net][0] = min(spans[net][0], channel)
            spans[net][1] = max(spans[net][1], channel)
    for net, (first, last) in enumerate(spans):
        for place in range(first, last):
            item = sheet.add_dummy(place, net, dummy_reach)
            attach(net, sheet.ports[item][LEFT][0])
            attach(net, sheet.ports[item][RIGHT][0])
    sheet.segs = [
        [(net, left, right) for net, (left, right) in sorted(there.items())] for there in channels
    ]
    return sheet


def _end_port(sheet: Sheet, wire: Wire, end: int, side: int, net: int) -> int:
    return sheet.add_port(
        wire.target if end else wire.source,
        side,
        net,
        offset=wire.offsets[end],
        zone=wire.zones[end],
        room=wire.rooms[end],
        reach=wire.reaches[end],
    )
