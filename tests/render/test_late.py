"""Pictures of a model that grew at its end: nothing else moves, and every line is in its place."""

from __future__ import annotations

from typing import Any

import pytest

from erdgen.read import read_text
from erdgen.render import render
from erdgen.render.options import Options
from tests.oracle.picture import ShownPicture, read_picture
from tests.render.test_pictures_truth import check_ends, check_free
from tests.render.test_tracks import check_lines
from tests.support.models import make_model
from tests.support.paths import corpus_model, needs_shared


def draw_checked(text: str, **options: Any) -> ShownPicture:
    """Return the picture of a model after checking each line of it."""
    graph = read_text(text).graph
    svg = render(graph, "svg", Options(**options)).data
    shown = read_picture(svg)
    assert len(shown.lines) == len(graph.relationships)
    check_lines(svg)
    check_ends(graph, shown)
    check_free(svg, shown)
    return shown


def with_leaf(text: str, at: float, name: str = "ZzLeaf") -> str:
    """Return a model with one more entity at its end, tied to the one so far down the file."""
    entities = read_text(text).graph.model.entities
    holder = entities[int(at * (len(entities) - 1))]
    keys = [item for item in holder.attributes if item.pk]
    if len(keys) == 1:
        more = f"    attributes: {{id: int pk, holder_id: 'int -> {holder.name}.{keys[0].name}'}}\n"
        tie = ""
    else:
        more = "    attributes: {id: int pk}\n"
        tie = f"  - {{from: {name}, to: {holder.name}, type: many-to-one}}\n"
    head, found, tail = text.partition("\nrelationships:\n")
    if tie and not found:
        found = "\nrelationships:\n"
    return f"{head.rstrip()}\n  {name}:\n{more}{found}{tie}{tail}"


def moved(before: ShownPicture, after: ShownPicture) -> int:
    """Return how many cards stand elsewhere; a new line may straighten others by some pixels."""
    places = [
        (card.area.left, card.area.top, after.cards[name].area.left, after.cards[name].area.top)
        for name, card in before.cards.items()
    ]
    return sum(1 for x, y, a, b in places if abs(x - a) + abs(y - b) > 12)


@needs_shared
@pytest.mark.parametrize("detail", ["full", "keys", "names"])
def test_one_more_leaf_moves_nothing_else(detail: str) -> None:
    still = []
    for name in ("chinook", "sakila", "northwind", "guacamole", "shop30", "pubs"):
        text = corpus_model(name).read_text("utf-8")
        before = draw_checked(text, detail=detail)
        for at in (0.0, 0.3, 0.6, 1.0):
            after = draw_checked(with_leaf(text, at), detail=detail)
            still.append(moved(before, after) <= 1)
    # the others find no free place near by
    assert sum(still) >= 0.75 * len(still)


@pytest.mark.parametrize("seed", range(8))
def test_leaves_of_any_model_stand_free(seed: int) -> None:
    text = make_model(seed, 12 + 5 * seed)
    for count, at in enumerate((0.1, 0.5, 0.9)):
        text = with_leaf(text, at, f"ZzLeaf{count}")
    for detail in ("full", "names"):
        draw_checked(text, detail=detail)


def test_lines_that_are_to_run_right_do_to_a_late_leaf_too() -> None:
    rows = "".join(
        f"  N{n}: {{attributes: {{id: int pk, n: int -> N{n - 1}}}}}\n" for n in range(1, 9)
    )
    text = f"entities:\n  N0: {{attributes: {{id: int pk}}}}\n{rows}"
    text += "  Leaf: {attributes: {id: int pk, n: int -> N4}}\n"
    cards = draw_checked(text, direction="right").cards
    assert cards["Leaf"].area.left > cards["N4"].area.right


def test_a_small_model_and_a_star_are_laid_out_as_a_whole() -> None:
    rows = "".join(f"  N{n}: {{attributes: {{id: int pk, n: int -> Hub}}}}\n" for n in range(9))
    cards = draw_checked(f"entities:\n  Hub: {{attributes: {{id: int pk}}}}\n{rows}").cards
    sides = {cards[f"N{n}"].area.left > cards["Hub"].area.left for n in range(9)}
    tops = sorted(card.area.top for card in cards.values())
    assert len(sides) <= 2
    assert len(set(tops)) > 4
