"""Lines between columns: level and upright, past every card, none on top of another."""

from __future__ import annotations

from itertools import combinations, pairwise, product
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erdgen.read import read_text
from erdgen.render import render
from erdgen.render.options import Options
from erdgen.render.picture.tracks import part_at
from tests.oracle.picture import SVG, Area, points_of, read_picture
from tests.render.test_pictures_truth import check_ends
from tests.support.models import make_model
from tests.support.paths import corpus_model, needs_shared

Run = tuple[tuple[float, float], tuple[float, float]]
Line = list[tuple[float, float]]


def lines_of(svg: bytes, *, loops: bool = False) -> list[Line]:
    """Return each line as the points that it runs through: of ties or of self-references."""
    found = []
    for group in ET.fromstring(svg).iter(f"{SVG}g"):  # noqa: S314 - our own picture
        if group.get("class") == "relationship" and loops == (
            group.get("data-left") == group.get("data-right")
        ):
            path = next(part for part in group.iter(f"{SVG}path") if part.get("class") == "line")
            found.append(list(points_of(path)))
    return found


def runs_of(line: Line) -> list[Run]:
    """Return the straight runs of a line that are longer than the arcs between them."""
    return [
        (one, other)
        for one, other in pairwise(line)
        if min(abs(one[0] - other[0]), abs(one[1] - other[1])) < 0.01
        and max(abs(one[0] - other[0]), abs(one[1] - other[1])) > 5
    ]


def on_top(one: Run, other: Run, near: float = 2) -> bool:
    """Return whether two runs share more than a point: same direction, closer than 2 px."""
    for axis in (0, 1):
        if all(abs(run[0][axis] - run[1][axis]) < 0.01 for run in (one, other)):
            along = 1 - axis
            low = max(min(run[0][along], run[1][along]) for run in (one, other))
            high = min(max(run[0][along], run[1][along]) for run in (one, other))
            return abs(one[0][axis] - other[0][axis]) < near and high - low > 1
    return False


def share_an_end(one: Line, other: Line) -> bool:
    return any(
        abs(a[0] - b[0]) + abs(a[1] - b[1]) < 0.1
        for a in (one[0], one[-1])
        for b in (other[0], other[-1])
    )


def through(run: Run, area: Area) -> bool:
    (ax, ay), (bx, by) = run
    return (
        max(ax, bx) > area.left + 0.1
        and min(ax, bx) < area.right - 0.1
        and max(ay, by) > area.top + 0.1
        and min(ay, by) < area.bottom - 0.1
    )


def check_apart(svg: bytes, near: float = 2) -> None:
    """Assert that no line lies on a self-reference either, nor two of these on one another."""
    lines = [*lines_of(svg, loops=True), *lines_of(svg)]
    runs = [runs_of(line) for line in lines]
    for (a, one), (b, other) in combinations(enumerate(lines), 2):
        if not share_an_end(one, other):
            assert not any(on_top(*pair, near) for pair in product(runs[a], runs[b]))


def check_lines(svg: bytes) -> None:
    lines, cards = lines_of(svg), [card.area for card in read_picture(svg).cards.values()]
    for line in lines:
        assert not any(through(run, card) for run in runs_of(line) for card in cards)
    for one, other in combinations(lines, 2):
        if not share_an_end(one, other):
            assert not any(on_top(a, b) for a in runs_of(one) for b in runs_of(other))


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("detail", ["names", "full"])
@pytest.mark.parametrize("direction", ["right", "down"])
def test_no_line_lies_on_another_or_behind_a_card(seed: int, detail: str, direction: str) -> None:
    text = make_model(seed, 6 + 2 * seed, groups=seed % 3)
    options = Options(detail=detail, direction=direction, labels=bool(seed % 2))
    check_lines(render(read_text(text).graph, "svg", options).data)


def check_made(seed: int, detail: str, direction: str, *, labels: bool) -> None:
    shape = ("mixed", "mixed", "star", "hub")[seed % 4]
    groups = seed % 5 if seed % 2 else 0
    text = make_model(seed, 4 + seed * 7 % 31, nasty=seed % 3 == 0, groups=groups, shape=shape)
    graph = read_text(text).graph
    options = Options(detail=detail, direction=direction, labels=labels)
    svg = render(graph, "svg", options).data
    check_ends(graph, read_picture(svg))
    check_apart(svg)


# the last three are where there is little room
@pytest.mark.parametrize("seed", [*range(6), 88, 101, 141])
@pytest.mark.parametrize("labels", [False, True])
def test_made_models_are_drawn_truly(seed: int, labels: bool) -> None:
    for direction, detail in product(("right", "down"), ("names", "keys", "full")):
        check_made(seed, detail, direction, labels=labels)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6, 150))
def test_many_made_models_are_drawn_truly(seed: int) -> None:
    test_made_models_are_drawn_truly(seed, labels=False)
    test_made_models_are_drawn_truly(seed, labels=True)


@needs_shared
def test_where_lines_run_down_none_comes_near_a_self_reference() -> None:
    graph = read_text(corpus_model("omop_cdm").read_text("utf-8")).graph
    check_apart(render(graph, "svg", Options(detail="keys", direction="down")).data, near=4)


@pytest.mark.parametrize(
    ("seed", "labels"), [(11, True), (18, False), (18, True), (39, True), (82, False)]
)
def test_where_lines_exchange_heights_or_pass_a_frame_s_edge(seed: int, labels: bool) -> None:
    """Ends in the way of one another step aside, and runs move off a frame onto no other run."""
    text = make_model(seed, 6 + seed % 17, groups=seed % 4)
    check_lines(render(read_text(text).graph, "svg", Options(detail="names", labels=labels)).data)


@needs_shared
@pytest.mark.parametrize("name", ["chinook", "northwind", "sakila", "pagila", "shop30"])
@pytest.mark.parametrize("detail", ["names", "keys", "full"])
@pytest.mark.parametrize("direction", ["right", "down"])
def test_lines_of_the_corpus_are_apart(name: str, detail: str, direction: str) -> None:
    graph = read_text(corpus_model(name).read_text("utf-8"), name).graph
    check_lines(render(graph, "svg", Options(detail=detail, direction=direction)).data)


@needs_shared
@pytest.mark.parametrize("labels", [False, True])
def test_a_lane_steps_aside_where_two_lines_would_exchange_heights(labels: bool) -> None:
    """The trunk of `People` passes a column where another line ends its way from there."""
    graph = read_text(corpus_model("wideworldimporters").read_text("utf-8")).graph
    options = Options(detail="names", direction="down", labels=labels)
    check_lines(render(graph, "svg", options).data)


def test_a_line_that_could_be_straight_is() -> None:
    """Where both rows are free, a line meets them a little beside their middles."""
    text = """
entities:
  A: {attributes: {id: int pk, b_id: int -> B}}
  B: {attributes: {id: int pk}}
"""
    (line,) = lines_of(render(read_text(text).graph, "svg", Options(direction="right")).data)
    assert len({y for _, y in line}) == 1


def test_few_lines_step_aside_by_a_few_pixels() -> None:
    """Where cards stay where Graphviz puts them, 16 of these lines do."""
    steps = [
        abs(line[0][1] - line[-1][1])
        for seed in range(6)
        for line in lines_of(
            render(
                read_text(make_model(seed, 12)).graph,
                "svg",
                Options(detail="names", direction="right"),
            ).data
        )
    ]
    assert sum(0 < step <= 12 for step in steps) <= 8


def test_two_lines_between_two_cards_are_both_straight() -> None:
    text = """
entities:
  Language: {attributes: {id: int pk, name: text}}
  Film: {attributes: {id: int pk, language_id: int -> Language, original_id: int? -> Language}}
"""
    lines = lines_of(render(read_text(text).graph, "svg", Options(direction="right")).data)
    assert [len({y for _, y in line}) for line in lines] == [1, 1]


@needs_shared
def test_lines_from_one_key_share_their_lane_past_other_cards() -> None:
    graph = read_text(corpus_model("sakila").read_text("utf-8")).graph
    lines = lines_of(render(graph, "svg", Options(detail="names", direction="right")).data)
    (first, second) = [
        line
        for item, line in zip(graph.relationships, lines, strict=True)
        if item.left == "staff" and item.right in {"rental", "payment"}
    ]
    assert len({line[0] for line in (first, second)}) == 1
    # one of them runs straight out of the key to where the other leaves it
    shared = [max(runs_of(line), key=lambda run: run[1][0] - run[0][0]) for line in (first, second)]
    assert {run[0] for run in shared} == {first[0]}


def test_lines_from_one_key_share_a_trunk() -> None:
    text = "entities:\n  Hub: {attributes: {id: int pk}}\n" + "".join(
        f"  Leaf{n}: {{attributes: {{id: int pk, hub: int -> Hub}}}}\n" for n in range(6)
    )
    lines = lines_of(render(read_text(text).graph, "svg", Options(direction="right")).data)
    assert len({line[0] for line in lines}) == 1
    upright = {
        one[0] for line in lines for one, other in runs_of(line) if abs(one[0] - other[0]) < 0.01
    }
    assert len(upright) == 1


TWO_KINDS = """
entities:
  A: {attributes: {id: int pk}}
  One: {attributes: {id: int pk -> A}}
  Many: {attributes: {id: int pk, a_id: int -> A}}
  Other: {attributes: {id: int pk, a_id: int -> A}}
"""


def test_a_double_line_shares_no_trunk_with_a_single_one() -> None:
    graph = read_text(TWO_KINDS).graph
    options = Options(direction="right", notation="lines")
    one, many, other = lines_of(render(graph, "svg", options).data)
    assert many[0] == other[0] != one[0]


def test_words_at_the_ends_of_one_row_are_apart() -> None:
    text = """
entities:
  A: {attributes: {id: int pk}}
  B: {attributes: {id: int pk, x: int -> A, y: "int? -> A"}}
"""
    graph = read_text(text).graph
    data = render(graph, "svg", Options(direction="right", notation="uml")).data
    words = [
        (float(item.get("y", "")), float(item.get("font-size", "")))
        for item in ET.fromstring(data).iter(f"{SVG}text")  # noqa: S314 - our own picture
        if item.get("class") == "end" and item.get("text-anchor") is None
    ]
    (first, size), (second, _) = sorted(words)
    assert second - first > size
    # and no word reaches up to the line above
    assert second - size > min(line[0][1] for line in lines_of(data))


LIFE = """
entities:
  Ticket:
    states:
      initial: new
      final: [closed, rejected]
      transitions:
        - new -> triaged: triage
        - triaged -> doing: start
        - doing -> review: submit
        - review -> doing: changes requested
        - review -> closed: approve
        - triaged -> rejected: reject
        - new -> rejected: spam
        - doing -> doing: log work
        - closed -> triaged: reopen
"""


@pytest.mark.parametrize("direction", ["right", "down"])
def test_a_life_begins_at_its_beginning_and_its_lines_are_level_and_upright(direction: str) -> None:
    data = render(read_text(LIFE).graph, "states-svg", Options(direction=direction)).data
    axis = 1 if direction == "down" else 0
    first = {}
    for group in ET.fromstring(data).iter(f"{SVG}g"):  # noqa: S314 - our own picture
        paths = [points_of(part) for part in group.iter(f"{SVG}path")]
        if group.get("class") == "state":
            first[group.get("data-name")] = min(point[axis] for point in paths[0])
        if group.get("class") == "transition":
            steps = pairwise(paths[0])
            # between the arcs of the corners
            assert all(min(abs(a - c), abs(b - d)) <= 8 for (a, b), (c, d) in steps)
    assert min(first.values()) == first["new"] < first["triaged"] < first["doing"]
    assert max(first.values()) == first["closed"]


_PLACES = st.integers(0, 4000).map(lambda n: n / 8) | st.floats(0, 500)


def halved(a: float, b: float, c: float, d: float, x: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(24):
        t = (low + high) / 2
        u = 1 - t
        at = u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d
        low, high = (t, high) if at < x else (low, t)
    return low


@given(st.tuples(_PLACES, _PLACES, _PLACES, _PLACES), _PLACES)
def test_a_place_on_a_curve_is_the_one_that_halving_finds(
    curve: tuple[float, float, float, float], x: float
) -> None:
    assert part_at(*curve, x) == halved(*curve, x)
    a, b, c, d = sorted(curve)
    assert part_at(a, b, c, d, x) == halved(a, b, c, d, x)


def test_lines_that_exchange_their_heights_do_not_meet() -> None:
    """Whichever of the two ran upright first, both would lie on one another for a while."""
    text = make_model(27, 31, nasty=True, groups=3, shape="mixed")
    check_lines(render(read_text(text).graph, "svg", Options(detail="names", labels=True)).data)


@pytest.mark.parametrize("detail", ["names", "full"])
def test_lines_from_one_end_pass_a_column_together(detail: str) -> None:
    """As a bus: they part beside the card that they go to, not at the hub."""
    text = """
entities:
  Code: {attributes: {id: int pk}}
  Visit: {attributes: {id: int pk, code_id: int -> Code}}
  Clinic: {attributes: {id: int pk, code_id: int -> Code}}
  Drug: {attributes: {id: int pk, code_id: int -> Code}}
  Result:
    attributes:
      id: int pk
      visit_id: int -> Visit
      clinic_id: int -> Clinic
      drug_id: int -> Drug
      kind_id: int -> Code
      unit_id: int -> Code
      place_id: int -> Code
      state_id: int -> Code
"""
    svg = render(read_text(text).graph, "svg", Options(detail=detail, direction="right")).data
    check_lines(svg)
    card = read_picture(svg).cards["Clinic"].area
    middle = (card.left + card.right) / 2
    passing = {
        one[1]
        for line in lines_of(svg)
        for one, other in runs_of(line)
        if min(one[0], other[0]) < middle < max(one[0], other[0])
    }
    assert len(passing) == 1


@needs_shared
@pytest.mark.parametrize("name", ["chinook", "northwind", "sakila", "guacamole", "shop30"])
@pytest.mark.parametrize("detail", ["names", "keys", "full"])
def test_cards_of_a_column_stand_on_its_left_edge(name: str, detail: str) -> None:
    """With a middle in common, they stood 12 pixels further out or in: half of a step in width."""
    graph = read_text(corpus_model(name).read_text("utf-8"), name).graph
    options = Options(detail=detail, direction="right")
    shown = read_picture(render(graph, "svg", options).data)
    tied = {end for item in graph.relationships for end in (item.left, item.right)}
    edges = sorted({shown.cards[entity].area.left for entity in tied})
    assert all(other - one > 40 for one, other in pairwise(edges))


def test_either_end_s_card_moves_to_make_a_line_straight() -> None:
    """The leaf stands at the edge of the picture, so that only its host can come to its height."""
    text = """
entities:
  Customer:
  Order:
  Product:
  Invoice:
  Shipment:
relationships:
  - Customer one-to-many Order: places
  - Order many-to-many Product: contains
  - Order one-to-one Invoice: billed by
  - Order one-to-many Shipment: ships in
"""
    svg = render(read_text(text).graph, "svg", Options(detail="names")).data
    steps = [abs(line[0][0] - line[-1][0]) for line in lines_of(svg)]
    assert 0 in steps
    assert not any(0 < step <= 12 for step in steps)


def test_no_line_lies_on_a_self_reference() -> None:
    model = """
entities:
  A: {attributes: {id: int pk, self_id: int -> A, back_id: int -> A, c_id: int -> C}}
  B: {attributes: {id: int pk, self_id: int -> B, a_id: int -> A}}
  C: {attributes: {id: int pk, self_id: int -> C, a_id: int -> A, b_id: int -> B}}
  D: {attributes: {id: int pk, b_id: int -> B}}
"""
    svg = render(read_text(model).graph, "svg", Options(direction="down")).data
    others = lines_of(svg)
    loops = lines_of(svg, loops=True)
    assert len(loops) == 4
    for loop in loops:
        for line in others:
            # out of one row both may run level
            upright = [run for run in runs_of(line) if run[0][0] == run[1][0]]
            assert not any(on_top(*pair) for pair in product(runs_of(loop), upright))


@pytest.mark.parametrize("direction", ["right", "down"])
def test_trunks_of_two_ends_do_not_meet_in_one_line(direction: str) -> None:
    pairs = [(left, right) for left in "ABC" for right in "XYZ"]
    model = "entities: {A: , B: , C: , X: , Y: , Z: }\nrelationships:\n"
    model += "".join(f"  - {left} 1:1 {right}\n" for left, right in pairs)
    svg = render(read_text(model).graph, "svg", Options(direction=direction)).data
    lines = lines_of(svg)
    assert len(lines) == len(pairs)
    for one, other in combinations(lines, 2):
        if not share_an_end(one, other):
            assert not any(on_top(*pair) for pair in product(runs_of(one), runs_of(other)))
