"""Components with many long lines: those from one key go one way, and none is lost or hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pytest

from erdgen.model.entities import Entity
from erdgen.model.relationships import Cardinality, Relationship
from erdgen.read import read_text
from erdgen.render import render
from erdgen.render.options import Options
from erdgen.render.picture.cards import make_card
from erdgen.render.picture.component import Plan, orient, write_dot
from erdgen.render.picture.ends import trunk_names
from erdgen.render.picture.places import Part, Sheet, Tie, TieEnd
from erdgen.render.picture.trunks import Chains, lead, make_chains
from tests.oracle.picture import read_picture
from tests.render.test_pictures_truth import check_ends, check_free
from tests.render.test_tracks import check_lines
from tests.support.models import make_model
from tests.support.paths import corpus_model, needs_shared

COUNT = 14


def ladder(trunks: tuple[str, str], groups: Sequence[tuple[int, tuple[int, ...]]] = ()) -> Sheet:
    """Return cards of which each is tied to each further one: 455 ranks are passed."""
    cards = tuple(make_card(Entity(f"E{n}", ()), Options()) for n in range(COUNT))
    ties = tuple(
        Tie(TieEnd(one, -1), TieEnd(other, -1), (0, 0), trunks)
        for one in range(COUNT)
        for other in range(one + 1, COUNT)
    )
    return Sheet(cards, ties, tuple(groups))


def chained(part: Part, sheet: Sheet, spans: Mapping[int, int] | None = None) -> Chains | None:
    return make_chains(part, sheet, orient(part, sheet, Plan()), dict(enumerate(part.cards)), spans)


def whole(sheet: Sheet) -> Part:
    return Part(tuple(range(len(sheet.cards))), tuple(range(len(sheet.ties))))


def test_lines_that_begin_at_one_trunk_go_one_way() -> None:
    sheet = ladder(("exactly-one", ""))
    part = whole(sheet)
    chains = chained(part, sheet)
    assert chains
    for number, tie in enumerate(sheet.ties):
        assert len(chains.ways[number]) == tie.right.card - tie.left.card - 1
        longest = chains.ways[sheet.ties.index(tie._replace(right=TieEnd(COUNT - 1, -1)))]
        assert chains.ways[number] == longest[: len(chains.ways[number])]
    # no two trunks share anything
    assert len(chains.homes) == sum(range(COUNT - 1))


def test_lines_with_ends_of_their_own_go_ways_of_their_own() -> None:
    sheet = ladder(("", "exactly-one"))
    part = whole(sheet)
    chains = chained(part, sheet)
    assert chains
    nodes = [node for way in chains.ways.values() for node in way]
    assert len(nodes) == len(set(nodes)) == len(chains.homes)


def test_lines_that_leave_a_frame_share_nothing_with_those_that_stay() -> None:
    sheet = ladder(("exactly-one", ""), [(40, tuple(range(7)))])
    part = whole(sheet)
    chains = chained(part, sheet)
    assert chains
    for number, tie in enumerate(sheet.ties):
        inside = tie.right.card < 7
        assert all(chains.homes[node] == (0 if inside else -1) for node in chains.ways[number])


def test_few_long_lines_and_those_with_words_are_left_to_graphviz() -> None:
    sheet = ladder(("exactly-one", ""))
    few = Part(tuple(range(COUNT)), tuple(range(50)))
    assert chained(few, sheet) is None
    part = whole(sheet)
    words = sheet._replace(ties=(sheet.ties[0]._replace(label=(40, 18)), *sheet.ties[1:]))
    assert chained(part, words) is None


def test_lines_between_neighbours_alone_are_left_to_graphviz() -> None:
    cards = ladder(("", "")).cards * 10
    ties = tuple(Tie(TieEnd(n, -1), TieEnd(n + 1, -1)) for n in range(len(cards) - 1))
    sheet = Sheet(cards, ties)
    part = whole(sheet)
    assert chained(part, sheet) is None


def test_a_line_that_is_to_span_more_ranks_does() -> None:
    sheet = ladder(("exactly-one", ""))
    part = whole(sheet)
    chains = chained(part, sheet, {0: 4})
    assert chains
    assert len(chains.ways[0]) == 3


def test_small_nodes_hold_no_text_wherever_they_are() -> None:
    sheet = ladder(("exactly-one", ""), [(40, tuple(range(7)))])
    source, chains = write_dot(whole(sheet), sheet, Plan())
    assert chains
    declared = set()
    for line in source.splitlines():
        if "->" not in line:
            before, _, after = line.partition("node [shape=box")
            assert not re.search(r"\bd\d", before)
            assert not after or 'label=""' in after
            declared |= set(re.findall(r"\bd(\d+)", after))
    assert len(declared) == len(chains.homes)


def test_a_line_leaves_at_the_right_and_enters_at_the_left() -> None:
    sheet = ladder(("exactly-one", ""))
    at = {card: (300.0 * card, 0.0) for card in range(COUNT)}
    margins = dict.fromkeys(range(COUNT), (24, 24))
    there = lead(sheet, 1, at, [(400, 90)], margins)
    back = lead(sheet, 1, {card: (-x, y) for card, (x, y) in at.items()}, [(-400, 90)], margins)
    assert (there.left_side, there.right_side) == (1, -1)
    assert (back.left_side, back.right_side) == (-1, 1)
    assert there.points[3] == (400, 90)
    assert back.points[3] == (-400, 90)
    assert there.points[0][0] == sheet.cards[0].width + 24
    assert back.points[-1][0] == -600 + sheet.cards[2].width + 24


@pytest.mark.parametrize(("seed", "groups"), [(1, 0), (2, 4), (3, 0), (9, 3)])
@pytest.mark.parametrize("detail", ["names", "full"])
def test_large_made_models_are_drawn_as_truly(seed: int, groups: int, detail: str) -> None:
    graph = read_text(make_model(seed, 100, groups=groups)).graph
    svg = render(graph, "svg", Options(detail=detail)).data
    check_ends(graph, read_picture(svg))
    check_free(svg, read_picture(svg))
    check_lines(svg)


@needs_shared
@pytest.mark.parametrize(("name", "most"), [("wideworldimporters", 6.8e6), ("omop_cdm", 8e6)])
def test_dense_models_take_little_room(name: str, most: float) -> None:
    """Led one by one, their lines made pages of 7.0 and 10.9 million pixels."""
    graph = read_text(corpus_model(name).read_text("utf-8"), name).graph
    shown = read_picture(render(graph, "svg", Options(detail="keys")).data)
    assert shown.width * shown.height < most


def test_a_line_shares_the_trunk_that_its_end_mark_shares() -> None:
    one, many = Cardinality(1, 1), Cardinality(0, None)
    assert trunk_names(Relationship("A", "B", one, many), None, twin=False) == ("exactly-one", "")
    assert trunk_names(Relationship("A", "B", many, one), None, twin=False) == ("", "exactly-one")
    assert trunk_names(Relationship("A", "B", one, one), None, twin=False) == ("exactly-one", "")
    assert trunk_names(Relationship("A", "A", one, one), None, twin=True) == ("", "")
