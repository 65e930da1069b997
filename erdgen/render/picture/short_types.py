"""A type too long for its column in, a shorter one that says what is left out by an ellipsis out.

A list of values (`ENUM('new','paid',…)`) would make its card twice as wide as all others; the
whole type stands in the row's tooltip, and in the picture where values are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from erdgen.render.fonts import text_width

_MOST = 480
"""Pixels that a type may take."""
_MOST_VALUES = 240
"""Pixels that it may take if it is a list of values, which tooltips hold, as those of enums."""
SURELY_SHORT = 20
"""Characters that never take more: the widest has an em."""


def shorten(text: str, size: float) -> str:
    """Return a type that fits its column, cut between two of its values where it has any.

    Args:
        text: The type.
        size: Of the font.

    >>> shorten("VARCHAR(40)", 12)
    'VARCHAR(40)'
    >>> shorten("ENUM('requested','approved, late','refused','withdrawn')", 12)
    "ENUM('requested','approved, late',…)"
    >>> shorten("TIMESTAMP(6) WITHOUT TIME ZONE", 12)
    'TIMESTAMP(6) WITHOUT TIME ZONE'
    """
    values = text.endswith(")") and ("'" in text or '"' in text)
    most = _MOST_VALUES if values else _MOST
    if text_width(text, size) <= most:
        return text
    cuts = [f"{text[:at]}…)" for at in _ends(text)] if values else []
    for shorter in reversed(cuts):
        if text_width(shorter, size) <= most:
            return shorter
    return next(
        shorter
        for at in range(len(text) - 1, -1, -1)
        if text_width(shorter := f"{text[:at]}…", size) <= most
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
