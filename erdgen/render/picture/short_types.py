"""A type too long for its column in, a shorter one that says what is left out by an ellipsis out.

A list of values (`ENUM('new','paid',…)`) would make its card twice as wide as all others; the
whole type stands in the row's tooltip, and in the picture where values are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from erdgen.render.fonts import text_width

_MOST = 160
"""Pixels that a type may take."""
SURELY_SHORT = 12
"""Characters that never take more: the widest has an em."""


def shorten(text: str, size: float) -> str:
    """Return a type that fits its column, cut between two of its values where it has any.

    Args:
        text: The type.
        size: Of the font.

    >>> shorten("VARCHAR(40)", 12)
    'VARCHAR(40)'
    >>> shorten("ENUM('requested','approved, late','refused','withdrawn')", 12)
    "ENUM('requested',…)"
    >>> shorten("STRUCT<a: INT, b: TIMESTAMP, c: STRING>", 12)
    'STRUCT<a: INT, b: TIMES…'
    """
    if text_width(text, size) <= _MOST:
        return text
    cuts = [f"{text[:at]}…)" for at in _ends(text)] if text.endswith(")") else []
    for shorter in reversed(cuts):
        if text_width(shorter, size) <= _MOST:
            return shorter
    return next(
        shorter
        for at in range(len(text) - 1, -1, -1)
        if text_width(shorter := f"{text[:at]}…", size) <= _MOST
    )


def _ends(text: str) -> Iterator[int]:
    """Yield where a list of values may be cut: behind the bracket, and behind each comma in it."""
    quote = ""
    depth = 0
    for at, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "()":
            depth += 1 if char == "(" else -1
        if not quote and depth == 1 and char in "(,":
            yield at + 1
