"""Rows in, a Markdown table out."""

from __future__ import annotations

from collections.abc import Sequence

import click


def show_table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table under its title."""
    lines = [f"\n### {title}\n", _row(head), _row(["---"] * len(head)), *map(_row, rows)]
    click.echo("\n".join(lines))


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def seconds(value: float) -> str:
    """Return a time in a unit that suits it.

    >>> seconds(0.0123), seconds(2.345)
    ('12 ms', '2.3 s')
    """
    return f"{value * 1000:.0f} ms" if value < 0.9995 else f"{value:.1f} s"


def times(ratio: float) -> str:
    """Return a ratio.

    >>> times(1.234)
    '1.23×'
    """
    return f"{ratio:.2f}×"
