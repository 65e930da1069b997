"""Pages of a drawing: cut between boxes where that is possible."""

from __future__ import annotations

from erdgen.render.text.bands import page_rows


def rows(number: int) -> list[str]:
    return [f"row {n}" for n in range(number)]


def test_what_fits_is_one_page_without_a_mark() -> None:
    assert page_rows(rows(5), 6, frozenset(), ascii_only=False) == rows(5)


def test_pages_end_between_boxes() -> None:
    paged = page_rows(rows(8), 6, {4, 5}, ascii_only=False)
    assert paged == [
        *rows(8)[:3],
        "┄┄┄ page 1 of 2 ┄┄┄",
        *rows(8)[3:],
        "┄┄┄ page 2 of 2 ┄┄┄",
    ]


def test_a_box_higher_than_a_page_is_cut() -> None:
    paged = page_rows(rows(9), 4, set(range(9)), ascii_only=True)
    assert paged[3] == "--- page 1 of 3 ---"
    assert [row for row in paged if not row.startswith("---")] == rows(9)
