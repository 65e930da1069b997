"""The rows of a drawing in, pages of so many rows out, cut between boxes where that is possible."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def page_rows(
    rows: Sequence[str], height: int, inside: Collection[int], *, ascii_only: bool
) -> list[str]:
    """Return the rows with a mark after every page.

    A line that goes on over a mark goes on in the same column.

    Args:
        rows: The drawing.
        height: Most rows of a page, its mark included.
        inside: Rows above which no page should end: they stand in a box.
        ascii_only: Whether the mark is of ASCII characters.
    """
    pages = list(_cut(rows, max(1, height - 1), inside))
    if len(pages) < 2:
        return list(rows)
    dash = "-" if ascii_only else "┄"
    printed: list[str] = []
    for number, page in enumerate(pages, 1):
        printed += page
        printed.append(f"{dash * 3} page {number} of {len(pages)} {dash * 3}")
    return printed


def _cut(rows: Sequence[str], height: int, inside: Collection[int]) -> list[list[str]]:
    """Return the rows in bands; where boxes leave no gap a page ends when it is full.

    >>> _cut(["a", "b", "c", "d", "e"], 4, {4})
    [['a', 'b', 'c'], ['d', 'e']]
    """
    pages, start = [], 0
    while len(rows) - start > height:
        ends = [end for end in range(start + height, start + height // 3, -1) if end not in inside]
        blank = [end for end in ends if not rows[end].strip()]
        end = (blank or ends or [start + height])[0]
        pages.append(list(rows[start:end]))
        start = end
    pages.append(list(rows[start:]))
    return pages
