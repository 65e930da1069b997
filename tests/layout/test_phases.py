"""Each phase keeps its postcondition."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from erdgen.layout.components import pack_parts, split_parts
from erdgen.layout.drawing import Box, Diagram, End, Line
from erdgen.layout.fold import improve_columns, pour_layers, split_layers
from erdgen.layout.p1_cycles import order_nodes
from erdgen.layout.p2_layers import assign_layers
from erdgen.layout.p3_order import Ordering, order_items
from erdgen.layout.p4_place import place_items
from erdgen.layout.p5_route import route_channels
from erdgen.layout.packing import clamp, settle
from erdgen.layout.sheet import FREE, Sheet, Style, Wire, build_sheet, choose_sides

quick = settings(max_examples=80, deadline=None, derandomize=True)
Edges = list[tuple[int, int]]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, Edges]:
    count = draw(st.integers(1, 12))
    node = st.integers(0, count - 1)
    return count, draw(st.lists(st.tuples(node, node), max_size=24))


@quick
@given(graphs())
def test_cycles_an_acyclic_graph_has_no_backward_edge(graph: tuple[int, Edges]) -> None:
    count, edges = graph
    acyclic = [(min(edge), max(edge)) for edge in edges if edge[0] != edge[1]]
    position = order_nodes(count, acyclic)
    assert sorted(position) == list(range(count))
    assert all(position[a] < position[b] for a, b in acyclic)


@quick
@given(graphs())
def test_cycles_at_most_half_of_the_edges_run_backwards(graph: tuple[int, Edges]) -> None:
    count, edges = graph
    position = order_nodes(count, edges)
    real = [edge for edge in edges if edge[0] != edge[1]]
    assert sum(position[a] > position[b] for a, b in real) <= len(real) / 2


def least_length(count: int, edges: Edges) -> int:
    """By brute force: the least sum of lengths of all layerings of a small graph."""
    best = 1 << 30

    def go(layer: list[int]) -> None:
        nonlocal best
        if len(layer) == count:
            best = min(best, sum(layer[b] - layer[a] for a, b in edges))
            return
        for place in range(count):
            layer.append(place)
            if all(layer[b] > layer[a] for a, b in edges if max(a, b) < len(layer)):
                go(layer)
            layer.pop()

    go([])
    return best


@settings(parent=quick, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=8))
def test_layers_are_the_shortest_there_are(edges: Edges) -> None:
    real = [(min(edge), max(edge)) for edge in edges if edge[0] != edge[1]]
    layer = assign_layers(5, [(a, b, 1) for a, b in real])
    assert all(layer[b] > layer[a] for a, b in real)
    assert sum(layer[b] - layer[a] for a, b in real) == least_length(5, real)


@quick
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(3, 30)), min_size=1), st.integers(5, 90))
def test_columns_hold_no_more_than_asked_for_where_boxes_allow(
    boxes: list[tuple[int, int]], extent: int
) -> None:
    layer, loads = [box[0] for box in boxes], [box[1] for box in boxes]
    column = split_layers(layer, loads, extent)
    assert all(
        layer[a] >= layer[b] or column[a] <= column[b]
        for a in range(len(boxes))
        for b in range(len(boxes))
    )
    assert sorted(set(column)) == list(range(max(column) + 1))
    assert max(pour_layers(layer, loads, 3)) <= 2
    improved = improve_columns(column, loads, [(0, [len(boxes) - 1])], extent, 3)
    assert len(improved) == len(boxes)


@quick
@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(-40, 40), st.booleans()), min_size=1, max_size=9
    )
)
def test_settle_is_the_best_there_is(items: list[tuple[int, int, bool]]) -> None:
    gaps = [gap for gap, _, _ in items]
    wishes = [[(wish, 1)] if has else [] for _, wish, has in items]
    places = settle(gaps, wishes, [0] * len(items))
    assert all(b - a >= gap for a, b, gap in zip(places, places[1:], gaps[1:], strict=False))
    cost = sum(abs(place - w) for place, wish in zip(places, wishes, strict=True) for w, _ in wish)
    # no shift of a run of neighbours is better
    for first in range(len(items)):
        for last in range(first, len(items)):
            for by in (-1, 1):
                moved = list(places)
                for index in range(first, last + 1):
                    moved[index] += by
                pairs = zip(moved, moved[1:], gaps[1:], strict=False)
                if all(b - a >= gap for a, b, gap in pairs):
                    other = sum(
                        abs(place - w)
                        for place, wish in zip(moved, wishes, strict=True)
                        for w, _ in wish
                    )
                    assert other >= cost


def test_clamp_keeps_distances_at_the_limit() -> None:
    assert clamp([0, 4, 4], [0, 30, 31], [3, 3, 3], 20) == [0, 13, 17]


@st.composite
def sheets(draw: st.DrawFn) -> tuple[Sheet, Style]:
    count = draw(st.integers(1, 8))
    down = draw(st.booleans())
    bare = down or draw(st.booleans())
    node = st.integers(0, count - 1)
    sizes = [draw(st.integers(5, 12)) for _ in range(count)]
    wires: list[Wire] = []
    used: set[tuple[int, int]] = set()
    for _ in range(draw(st.integers(0, 12))):
        a, b = draw(node), draw(node)
        rows = [FREE, FREE]
        if not bare:
            rows = [draw(st.integers(1, sizes[a] - 2)), draw(st.integers(1, sizes[b] - 2))]
            if {(a, rows[0]), (b, rows[1])} & used or (a, rows[0]) == (b, rows[1]):
                continue
            used |= {(a, rows[0]), (b, rows[1])}
        room = draw(st.sampled_from([0, 5]))
        reach = (8 if room else 2) if down else (2 if room else 1)
        wires.append(
            Wire(
                a,
                b,
                offsets=(rows[0], rows[1]),
                zones=(1 if down else 2, 1),
                rooms=(room, 0),
                reaches=(reach, 2 if down else 1),
                trunk=a if bare and draw(st.booleans()) else -1,
            )
        )
    column = [draw(st.integers(0, 3)) for _ in range(count)]
    numbers = sorted(set(column))
    column = [numbers.index(place) for place in column]
    style = Style(down=down, bare=bare)
    sheet = build_sheet(
        sizes,
        [3] * count,
        [bare] * count,
        wires=wires,
        column=column,
        sides=choose_sides(wires, column),
        style=style,
    )
    return sheet, style


@quick
@given(sheets())
def test_sheet_every_wire_is_connected(made: tuple[Sheet, Style]) -> None:
    sheet, _ = made
    for wire in sheet.lines:
        assert wire is not None
        net, source, target = wire
        ends = sorted(
            sheet.column[sheet.port_item[port]] + sheet.port_side[port] for port in (source, target)
        )
        for channel in range(ends[0], ends[1] + 1):
            assert [seg for seg in sheet.segs[channel] if seg[0] == net]
        for column in range(ends[0], ends[1]):
            assert column in sheet.passes[net]


@quick
@given(sheets())
def test_order_keeps_the_items_of_each_column(made: tuple[Sheet, Style]) -> None:
    sheet, style = made
    order = order_items(sheet, style)
    assert [sorted(items) for items in order] == sheet.columns


@quick
@given(sheets())
def test_what_a_swap_of_two_items_costs_is_what_the_whole_costs_more(
    made: tuple[Sheet, Style],
) -> None:
    sheet, style = made
    ordering = Ordering(sheet, style, 1_000_000)
    ordering.pack()
    for column, items in enumerate(sheet.columns):
        ordering.look_beside(column)
        for index in range(len(items) - 1):
            before = ordering.cost()
            grown = ordering.swap(column, index)
            assert ordering.cost() == before + grown


@quick
@given(sheets(), st.booleans())
def test_places_keep_order_and_distances(made: tuple[Sheet, Style], generous: bool) -> None:
    sheet, style = made
    order = order_items(sheet, style)
    places = place_items(sheet, order, style, generous=generous)
    for items in order:
        for a, b in pairwise(items):
            boxes = (a < sheet.count) + (b < sheet.count)
            blank = (style.line_gap, style.box_line_gap, style.box_gap)[boxes]
            assert places.top[b] >= places.top[a] + places.size[a] + blank
    for column, items in enumerate(order):
        for side in (0, 1):
            ports = sorted(
                (port for item in items for port in sheet.ports[item][side]),
                key=lambda port: places.port[port],
            )
            for a, b in pairwise(ports):
                if sheet.port_offset[a] == FREE or sheet.port_item[a] != sheet.port_item[b]:
                    assert places.port[b] - places.port[a] >= sheet.port_reach[a], (column, side)
    for port, item in enumerate(sheet.port_item):
        low, high = places.top[item], places.top[item] + places.size[item]
        assert low <= places.port[port] < high
        if item < sheet.count:
            assert low < places.port[port] < high - 1


@quick
@given(sheets())
def test_tracks_keep_lines_apart(made: tuple[Sheet, Style]) -> None:
    sheet, style = made
    places = place_items(sheet, order_items(sheet, style), style)
    tracks = route_channels(sheet, places.port, style)
    for groups, width in zip(tracks.pieces, tracks.width, strict=True):
        pieces = [piece for group in groups.values() for piece in group]
        for index, one in enumerate(pieces):
            assert 0 <= one.across < width
            inner = range(one.low + 1, one.high)
            assert not any(place in one.left and place in one.right for place in inner)
            for other in pieces[index + 1 :]:
                if (
                    one.low <= other.high + style.ends_gap
                    and other.low <= one.high + style.ends_gap
                ):
                    assert abs(one.across - other.across) >= style.pitch
                if one.net != other.net:
                    for a, b in ((one, other), (other, one)):
                        if set(a.left) & set(b.right):
                            assert a.across < b.across


@quick
@given(graphs())
def test_parts_hold_every_box_once(graph: tuple[int, Edges]) -> None:
    count, edges = graph
    diagram = Diagram(
        tuple(Box(5, 3) for _ in range(count)), tuple(Line(End(a), End(b)) for a, b in edges)
    )
    parts, single = split_parts(diagram)
    assert sorted([box for part in parts for box in part] + single) == list(range(count))
    for a, b in edges:
        assert any(a in part and b in part for part in parts)


@quick
@given(
    st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20)), min_size=1, max_size=8),
    st.integers(1, 60),
)
def test_packed_parts_do_not_overlap(sizes: list[tuple[int, int]], width: int) -> None:
    places = pack_parts(sizes, width, (3, 1))
    limit = max([width] + [w for w, _ in sizes])
    for index, ((x, y), (w, h)) in enumerate(zip(places, sizes, strict=True)):
        assert x + w <= limit
        for (x2, y2), (w2, h2) in zip(places[:index], sizes[:index], strict=True):
            assert x >= x2 + w2 + 3 or x2 >= x + w + 3 or y >= y2 + h2 + 1 or y2 >= y + h + 1
