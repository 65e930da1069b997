"""Pictures that would come out as bands: folded onto a page, with every line still in its place."""

from __future__ import annotations

from itertools import pairwise

import pytest

from erdgen.read import read_text
from erdgen.render import render
from erdgen.render.options import Options
from tests.oracle.picture import read_picture
from tests.render.test_pictures_truth import check_ends, check_free
from tests.render.test_tracks import check_lines
from tests.support.paths import corpus_model, needs_shared


def chain(count: int) -> str:
    rows = "".join(
        f"  Step{n}: {{attributes: {{id: int pk, name: text, before: int -> Step{n - 1}}}}}\n"
        for n in range(1, count)
    )
    return f"entities:\n  Step0: {{attributes: {{id: int pk, name: text}}}}\n{rows}"


@pytest.mark.parametrize("count", [6, 8, 12, 20])
@pytest.mark.parametrize("detail", ["full", "keys", "names"])
def test_a_chain_is_folded_onto_a_page(count: int, detail: str) -> None:
    graph = read_text(chain(count)).graph
    svg = render(graph, "svg", Options(detail=detail)).data
    shown = read_picture(svg)
    assert 1 / 3 < shown.width / shown.height < 3
    check_lines(svg)
    check_ends(graph, shown)
    check_free(svg, shown)


def test_what_only_a_group_holds_is_folded_with_the_rest() -> None:
    text = chain(9) + "  Alone: {attributes: {id: int pk}}\n  One: {attributes: {id: int pk}}\n"
    text += "  Two: {attributes: {id: int pk, one: int -> One}}\n"
    text += "groups: {g: {entities: [Step2, Alone, One, Two]}}\n"
    svg = render(read_text(text).graph, "svg", Options()).data
    shown = read_picture(svg)
    assert 1 / 3 < shown.width / shown.height < 3
    check_lines(svg)


def test_a_ring_is_folded_too() -> None:
    rows = "".join(
        f"  N{n}: {{attributes: {{id: int pk, to: int -> N{(n + 1) % 9}}}}}\n" for n in range(9)
    )
    shown = read_picture(render(read_text(f"entities:\n{rows}").graph, "svg", Options()).data)
    assert 1 / 3 < shown.width / shown.height < 3


@needs_shared
@pytest.mark.parametrize("name", ["sakila", "pagila", "shop30"])
@pytest.mark.parametrize("detail", ["full", "keys"])
def test_wide_models_fill_a_page(name: str, detail: str) -> None:
    """As bands their rows would be shown 2.2 to 4 px high in a column of 850 px."""
    graph = read_text(corpus_model(name).read_text("utf-8")).graph
    svg = render(graph, "svg", Options(detail=detail)).data
    assert read_picture(svg).width < 850 * 13 / 6
    check_lines(svg)


def test_lines_that_are_to_run_right_all_do() -> None:
    svg = render(read_text(chain(8)).graph, "svg", Options(direction="right")).data
    cards = read_picture(svg).cards
    lefts = [cards[f"Step{n}"].area.left for n in range(8)]
    assert all(one < other for one, other in pairwise(lefts))


def test_one_more_leaf_of_a_folded_chain_moves_few_cards() -> None:
    places = []
    for text in (chain(12), chain(12) + "  Leaf: {attributes: {id: int pk, at: int -> Step6}}\n"):
        cards = read_picture(render(read_text(text).graph, "svg", Options()).data).cards
        places.append({name: card.area.left for name, card in cards.items()})
    before, after = places
    assert sum(abs(before[name] - after[name]) < 60 for name in before) >= 9


def test_what_hangs_on_one_card_stands_on_both_sides_of_it_where_it_would_be_a_tower() -> None:
    rows = "".join(f"a{n}: int, " for n in range(6))
    text = "entities:\n  Hub: {attributes: {id: int pk}}\n" + "".join(
        f"  Leaf{n}: {{attributes: {{id: int pk, {rows}hub: int -> Hub}}}}\n" for n in range(6)
    )
    graph = read_text(text).graph
    svg = render(graph, "svg", Options()).data
    shown = read_picture(svg)
    hub = shown.cards["Hub"].area.left
    leaves = [card.area.left for name, card in shown.cards.items() if name != "Hub"]
    assert min(leaves) < hub < max(leaves)
    assert shown.height < 1.5 * shown.width
    check_lines(svg)
    check_ends(graph, shown)
    check_free(svg, shown)
