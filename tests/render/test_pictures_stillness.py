"""Pictures of a model and of the same with one more entity or attribute: what stays put."""

from __future__ import annotations

import statistics
from itertools import combinations, pairwise

import pytest

from erdgen.read import read_text
from erdgen.render import render
from erdgen.render.options import Options
from erdgen.render.picture.extents import curve_reach
from tests.oracle.picture import read_picture
from tests.support.paths import corpus_model, needs_shared

Place = tuple[float, float]


def places(model: str) -> dict[str, Place]:
    shown = read_picture(render(read_text(model).graph, "svg", Options()).data)
    return {name: (card.area.left, card.area.top) for name, card in shown.cards.items()}


def shifts(before: str, after: str) -> list[float]:
    old, new = places(before), places(after)
    return [abs(x - new[name][0]) + abs(y - new[name][1]) for name, (x, y) in old.items()]


def with_entity(text: str, name: str, *rows: str) -> str:
    more = "".join(f"      {row}\n" for row in ("id: bigint pk", *rows))
    head, found, tail = text.partition("\nrelationships:")
    return f"{head.rstrip()}\n  {name}:\n    attributes:\n{more}{found}{tail}"


@needs_shared
@pytest.mark.parametrize("name", ["pagila", "sakila", "pubs", "adventureworks_dw", "omop_cdm"])
def test_an_entity_tied_to_the_last_one_moves_hardly_any(name: str) -> None:
    text = corpus_model(name).read_text("utf-8")
    last = read_text(text).graph.relationships[-1].right
    after = with_entity(text, "zz_leaf", f'parent: {{type: bigint, references: "{last}"}}')
    assert statistics.median(shifts(text, after)) < 50


@needs_shared
@pytest.mark.parametrize("name", ["chinook", "wideworldimporters", "adventureworks", "shop30"])
def test_a_single_entity_moves_nothing_that_is_tied(name: str) -> None:
    text = corpus_model(name).read_text("utf-8")
    graph = read_text(text).graph
    tied = {item.left for item in graph.relationships} | {
        item.right for item in graph.relationships
    }
    old, new = places(text), places(with_entity(text, "zz_single", "note: text"))
    assert {name: new[name] for name in tied} == {name: old[name] for name in tied}


@needs_shared
def test_single_entities_stand_where_the_page_has_room() -> None:
    text = corpus_model("wideworldimporters").read_text("utf-8")
    shown = read_picture(render(read_text(text).graph, "svg", Options()).data)
    assert 1 < shown.width / shown.height < 2


def test_a_single_entity_stands_in_a_corner_that_is_free() -> None:
    text = "entities:\n  Parent: {attributes: {id: int pk}}\n" + "".join(
        f"  Child{n}: {{attributes: {{id: int pk, parent: int -> Parent}}}}\n" for n in range(5)
    )
    tree = read_picture(render(read_text(text).graph, "svg", Options()).data)
    whole = read_text(text + "  Alone: {attributes: {id: int pk}}\n").graph
    shown = read_picture(render(whole, "svg", Options()).data)
    assert (shown.width, shown.height) == (tree.width, tree.height)


def test_cards_stand_between_pixels_where_their_borders_are_sharp() -> None:
    text = corpus_like(9)
    for x, y in places(text).values():
        assert x % 1 == y % 1 == 0.5


def corpus_like(count: int) -> str:
    rows = ["entities:"]
    for number in range(count):
        rows += [f"  T{number}:", "    attributes:", "      id: int pk"]
        rows += [f"      a{row}: text" for row in range(number % 4)]
        if number:
            rows.append(f"      up: int -> T{number // 2}")
    return "\n".join(rows) + "\n"


def test_the_reach_of_a_curve_is_that_of_its_points_not_of_its_handles() -> None:
    points = [(0.0, 0.0), (-90.0, 40.0), (120.0, -60.0), (30.0, 10.0), (40, 20), (50, 30), (60, 0)]
    sampled = []
    for start in (0, 3):
        a, b, c, d = points[start : start + 4]
        for at in range(2001):
            t = at / 2000
            u = 1 - t
            k = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
            sampled.append(
                tuple(sum(k[n] * p[i] for n, p in enumerate((a, b, c, d))) for i in (0, 1))
            )
    xs, ys = zip(*sampled, strict=True)
    assert curve_reach(points) == pytest.approx((min(xs), max(xs), min(ys), max(ys)), abs=0.01)


def test_longer_ranks_stand_further_apart() -> None:
    """A hub of many: its lines would run straight up and down in a narrow gap."""

    def gap(children: int) -> float:
        rows = ["entities:", "  Hub:", "    attributes:", "      id: int pk"]
        for number in range(children):
            rows += [
                f"  C{number}:",
                "    attributes:",
                "      id: int pk",
                "      hub: int -> Hub",
            ]
        shown = read_picture(render(read_text("\n".join(rows)).graph, "svg", Options()).data)
        lefts = sorted({card.area.left for card in shown.cards.values()})
        return max(b - a for a, b in pairwise(lefts)) - (
            shown.cards["Hub"].area.right - shown.cards["Hub"].area.left
        )

    assert gap(4) < gap(40)


@needs_shared
@pytest.mark.parametrize("detail", ["full", "keys", "names"])
@pytest.mark.parametrize("name", ["sakila", "pagila", "chinook", "northwind", "shop30", "pubs"])
def test_no_level_of_detail_makes_a_strip(name: str, detail: str) -> None:
    graph = read_text(corpus_model(name).read_text("utf-8")).graph
    shown = read_picture(render(graph, "svg", Options(detail=detail)).data)
    assert 1 / 3 < shown.width / shown.height < 3.1


@needs_shared
def test_lines_run_down_only_where_that_makes_a_much_smaller_page() -> None:
    """Sakila's keys would be a strip to the right; more room between its cards mends that."""
    graph = read_text(corpus_model("sakila").read_text("utf-8")).graph
    shown = read_picture(render(graph, "svg", Options(detail="keys")).data)
    assert shown.cards["country"].area.right < shown.cards["city"].area.left


def in_a_row(*names: str, last: tuple[str, ...] = ()) -> str:
    """Return a model in which each entity refers to the one before, and some to the last."""
    rows = ["entities:"]
    for at, name in enumerate((*names, *last)):
        rows += [f"  {name}:", "    attributes:", "      id: int pk", "      title: varchar(80)"]
        if at:
            rows.append(f"      parent: int -> {names[min(at, len(names)) - 1]}")
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("detail", ["full", "keys", "names"])
@pytest.mark.parametrize(
    "model",
    [
        in_a_row("Continent", "Land"),
        in_a_row("Continent", "Land", "Town"),
        in_a_row("Continent", "Land", "Town", "Street"),
        in_a_row("Continent", "Land", "Town", "Street", last=("House", "Shop")),
    ],
    ids=["two", "three", "four", "six"],
)
def test_a_small_picture_is_no_strip_either(model: str, detail: str) -> None:
    """Scaled to the page of a document, the letters of a strip are too small to read."""
    shown = read_picture(render(read_text(model).graph, "svg", Options(detail=detail)).data)
    assert 1 / 3 <= shown.width / shown.height <= 3


@needs_shared
def test_single_entities_do_not_touch_one_another() -> None:
    graph = read_text(corpus_model("wideworldimporters").read_text("utf-8")).graph
    shown = read_picture(render(graph, "svg", Options(detail="keys")).data)
    cards = [card.area for card in shown.cards.values()]
    for one, other in combinations(cards, 2):
        across = max(one.left, other.left) - min(one.right, other.right)
        down = max(one.top, other.top) - min(one.bottom, other.bottom)
        assert max(across, down) >= 20
