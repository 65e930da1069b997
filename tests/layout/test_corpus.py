"""Real models: they keep all rules, and the sizes and crossings that were promised."""

from __future__ import annotations

from statistics import median

import pytest

from erdgen.layout.drawing import Diagram, Direction, Drawing
from erdgen.layout.lay_out import lay_out

from .checking import Report, check
from .models import CORPUS, names_only, random_tables, read_corpus, with_attributes

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")

SMALL = ["chinook", "northwind", "pagila", "pubs", "sakila", "shop30", "adventureworks_dw"]


def drawn(
    diagram: Diagram, direction: Direction = "auto", width: int | None = None
) -> tuple[Drawing, Report]:
    drawing = lay_out(diagram, direction, width)
    report = check(diagram, drawing)
    assert report.problems == []
    assert report.undrawn == []
    return drawing, report


@pytest.mark.parametrize("width", [None, 80, 100, 120])
@pytest.mark.parametrize("name", SMALL)
def test_names_fit_every_width_with_all_labels(name: str, width: int | None) -> None:
    drawing, report = drawn(names_only(read_corpus(name)), width=width)
    assert report.unlabelled == []
    assert report.hugging == 0
    assert width is None or drawing.width <= width


@pytest.mark.parametrize("width", [None, 120])
@pytest.mark.parametrize("name", SMALL)
def test_attributes_keep_the_rules_with_all_labels(name: str, width: int | None) -> None:
    _, report = drawn(with_attributes(read_corpus(name)), width=width)
    assert report.unlabelled == []


def test_shop30_with_names() -> None:
    drawing, report = drawn(names_only(read_corpus("shop30")))
    assert report.crossings <= 20
    assert drawing.width <= 170
    assert drawing.height <= 55


def test_chinook_with_names() -> None:
    drawing, report = drawn(names_only(read_corpus("chinook")))
    assert report.crossings == 0
    assert drawing.width <= 60
    assert drawing.height <= 19


def test_chinook_with_attributes() -> None:
    drawing, report = drawn(with_attributes(read_corpus("chinook")))
    assert report.crossings <= 1
    assert drawing.width <= 105
    assert drawing.height <= 44


def test_a_hundred_boxes() -> None:
    _, report = drawn(names_only(random_tables(100, 150)))
    assert report.crossings <= 300


@pytest.mark.parametrize("width", [None, 100])
def test_a_new_leaf_leaves_most_boxes_where_they_were(width: int | None) -> None:
    kept: list[float] = []
    for name in SMALL:
        tables = read_corpus(name)
        before = lay_out(names_only(tables), width=width)
        host = tables[len(tables) // 2][0]
        tables.append(("new_leaf", [("id", True, ""), ("host_id", False, host)]))
        after, _ = drawn(names_only(tables), width=width)
        same = sum(a.x == b.x for a, b in zip(before.boxes, after.boxes, strict=False))
        kept.append(same / len(before.boxes))
    assert median(kept) >= 0.8
