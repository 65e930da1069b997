"""What text drawings must reach: few crossings, small, nothing left to a list."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from tests.benchmarks.stillness import kept_share, with_leaf
from tests.oracle import Reading, judge, read_drawing, read_truth
from tests.support.drawings import draw
from tests.support.models import make_model
from tests.support.paths import corpus_model, needs_shared


def drawn(model: Path | str, detail: str, width: int | None = None) -> Reading:
    """Draw a model, make sure that every relationship has its line, and read the drawing."""
    reading = read_drawing(draw(model, detail=detail, width=width), width=width)
    verdict = judge(reading, read_truth(model), detail=detail, notation="template")
    assert verdict.fine, verdict.report()
    assert verdict.named == 0
    return reading


@needs_shared
@pytest.mark.parametrize(
    ("name", "detail", "crossings", "columns", "rows"),
    [
        ("chinook", "names", 0, 60, 19),
        ("chinook", "full", 1, 105, 44),
        ("shop30", "names", 20, 170, 55),
    ],
)
def test_drawings_are_small_and_cross_little(
    name: str, detail: str, crossings: int, columns: int, rows: int
) -> None:
    reading = drawn(corpus_model(name), detail)
    size = f"{reading.crossings} crossings, {reading.width} × {reading.height}"
    assert reading.crossings <= crossings, size
    assert reading.width <= columns, size
    assert reading.height <= rows, size


@needs_shared
def test_thirty_entities_are_complete_within_a_hundred_columns() -> None:
    assert drawn(corpus_model("shop30"), "names", 100).width <= 100


def test_a_hundred_entities_cross_less_than_three_hundred_times() -> None:
    assert drawn(make_model(1, 100), "names").crossings <= 300


@pytest.mark.parametrize(("seed", "size", "keys"), [(0, 34, 2.2), (1, 40, 2.0), (2, 34, 2.2)])
def test_a_drawing_a_little_too_wide_is_drawn_narrower_before_lines_are_left_out(
    seed: int, size: int, keys: float
) -> None:
    assert drawn(make_model(seed, size, keys=keys), "names", 60).width <= 60


@needs_shared
def test_a_drawing_keeps_still_when_a_leaf_is_added() -> None:
    shares = []
    for name in ("chinook", "northwind", "pubs", "sakila", "pagila", "guacamole", "shop30"):
        text = corpus_model(name).read_text(encoding="utf-8")
        entities = list(read_truth(text).entities)
        grown = with_leaf(text, entities[len(entities) // 2])
        for detail in ("names", "full"):
            for width in (None, 100):
                before = draw(text, detail=detail, width=width)
                shares.append(kept_share(before, draw(grown, detail=detail, width=width)))
    assert statistics.median(shares) >= 0.6, [round(share, 2) for share in shares]
