"""How many columns a text takes in a terminal: the one place where that is computed."""

from __future__ import annotations


def display_width(text: str) -> int:
    """Return the columns that `text` takes in a terminal that follows wcwidth.

    Wide characters (CJK, emoji) take two, combining marks none.

    >>> display_width("Order"), display_width("商品タグ"), display_width("e\u0301")
    (5, 8, 1)
    """
    if text.isascii() and text.isprintable():
        return len(text)
    from wcwidth import wcswidth  # only for other than ASCII: it costs as much as all of start-up

    width = wcswidth(text)
    return len(text) if width < 0 else int(width)
