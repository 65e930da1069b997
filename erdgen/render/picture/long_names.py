"""A name too long for its card in, the lines that it is written in out.

A name of a hundred characters would make its card, and with it the picture, a band in which all
text is shown small. It is broken where a word of it ends, into lines about as long as each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial

from erdgen.render.fonts import text_width
from erdgen.render.width import clusters

NAME_LINE = 17
"""Height of each further line."""
_MOST = 320
"""Pixels that a line of a name may take."""
_SHORTER = 12
"""Steps in which a limit is sought that makes lines even."""
FEW = 22
"""Characters that never take more: the widest has an em. Large pictures have many such names."""
_ENDS = frozenset(" _-./:")


def break_name(name: str, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """Return the lines of a name; together they are the name.

    Args:
        name: What is written.
        size: Of the font.
        bold: Whether it is bold.

    >>> break_name("customer_id", 13)
    ('customer_id',)
    >>> break_name("ArchivedCustomerLoyaltyProgrammeDefinitionVersionHistory", 14, bold=True)
    ('ArchivedCustomerLoyalty', 'ProgrammeDefinitionVersionHistory')
    """
    return _break(name, size, bold) if len(name) > FEW else (name,)


@lru_cache(256)
def _break(name: str, size: float, bold: bool) -> tuple[str, ...]:
    width = partial(text_width, size=size, bold=bold)
    if width(name) <= _MOST:
        return (name,)
    pieces = _words(name, width)
    lines = _fill(pieces, width, _MOST)
    for most in range(int(width(name) / len(lines)), _MOST, _SHORTER):
        even = _fill(pieces, width, most)
        if len(even) == len(lines) and max(map(width, even)) <= most:
            return tuple(even)
    return tuple(lines)


def _words(name: str, width: Callable[[str], float]) -> list[str]:
    """Return the pieces between which a name may be broken; none is longer than a line."""
    words: list[str] = []
    before = " "
    for cluster in clusters(name):
        starts = before in _ENDS and cluster not in _ENDS
        starts = starts or (before.islower() and cluster.isupper())
        if starts or not words or width(words[-1] + cluster) > _MOST:
            words.append(cluster)
        else:
            words[-1] += cluster
        before = cluster
    return words


def _fill(pieces: Sequence[str], width: Callable[[str], float], most: float) -> list[str]:
    lines = [""]
    for piece in pieces:
        if lines[-1] and width(lines[-1] + piece) > most:
            lines.append("")
        lines[-1] += piece
    return lines
