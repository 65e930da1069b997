"""The packaged font: how wide a text is in it, and which characters it lacks.

Widths are in units of the font size times one: `text_width("ab", 13)` is what 13-pixel letters
take in pixels. They come from the table that the build makes from the font itself.
"""

from __future__ import annotations

import os
from functools import cache, lru_cache

from erdgen.errors import Diagnostic, RenderError

FOLDER = os.path.dirname(__file__)  # noqa: PTH120 - pathlib costs start-up time
FAMILY = "Arimo"
FAMILIES = "Arimo,'Liberation Sans',Arial,Helvetica,sans-serif"
"""Families of the same metrics, for viewers that have another of them."""
_LAST = 0x2700
_ABSENT = 0xFFFF
_UNITS = 2048
_JOINING = frozenset("\u200d\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
"""The joiner, the selector of a sign's coloured form, and skins: parts of one sign."""


@lru_cache(1 << 14)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return how wide `text` is at a font size, in the unit of that size.

    Characters that the font lacks are estimated: a full em where Unicode calls them wide, nothing
    for combining marks, else two thirds of an em.

    >>> round(text_width("Order", 20), 2)
    51.12
    >>> text_width("商品", 20)
    40.0
    >>> text_width("👩‍👧‍👦❤️", 20)
    40.0

    Raises:
        RenderError: The packaged font is missing (erdgen was not built).
    """
    table = _widths()[_LAST if bold else 0 :]
    if text.isascii() and text.isprintable():
        return sum(map(table.__getitem__, text.encode())) * size / _UNITS
    if not _JOINING.isdisjoint(text):
        text = _as_signs(text)
    units = 0
    for char in text:
        point = ord(char)
        width = table[point] if point < _LAST else _ABSENT
        units += _estimate(char) if width == _ABSENT else width
    return units * size / _UNITS


def missing(text: str) -> str:
    """Return the characters of `text` that the font cannot show, each once, in order.

    >>> missing("Größe 商品!")
    '商品'
    """
    table = _widths()
    found: dict[str, None] = {}
    for char in text:
        point = ord(char)
        if (point >= _LAST or table[point] == _ABSENT) and char.isprintable():
            found.setdefault(char)
    return "".join(found)


def _as_signs(text: str) -> str:
    """Return a text with one wide sign for what several characters make together."""
    import re  # only for such texts

    alone = re.sub("\u200d[^\\w\\s]|[\U0001f3fb-\U0001f3ff]", "", text)
    return re.sub(".\ufe0f", "\U0001f600", alone)


def _estimate(char: str) -> int:
    import unicodedata  # only for characters beyond the font

    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return _UNITS if unicodedata.east_asian_width(char) in {"W", "F"} else _UNITS * 2 // 3


@cache
def _widths() -> memoryview:
    import sys
    from array import array

    try:
        # no pathlib: start-up time
        with open(os.path.join(FOLDER, "widths.bin"), "rb") as file:  # noqa: PTH118, PTH123
            raw = file.read()
    except OSError as error:
        raise RenderError(
            Diagnostic(
                "font-missing",
                "the packaged font is missing: erdgen runs from a folder that was never built",
                help="install it with `pip install .` (or `pip install -e .`) in that folder",
            )
        ) from error
    numbers = array("H")
    numbers.frombytes(raw)
    if sys.byteorder == "big":
        numbers.byteswap()
    return memoryview(numbers)
