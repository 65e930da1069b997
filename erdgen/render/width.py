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


def make_visible(text: str) -> str:
    r"""Return `text` with everything that would steer a terminal shown as an escape.

    Control characters, line separators and bidirectional controls are written as Python would
    (`\n`, `\x1b`, `\u202e`); letters of any script stay.

    >>> make_visible("a\tb"), make_visible("名称")
    ('a\\tb', '名称')
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in _JOINERS else char.encode("unicode_escape").decode()
        for char in text
    )


_JOINERS = "\u200d\u200c\u3000"
"""Not printable by Python's rule, but part of emoji sequences, Persian words and CJK texts."""
