"""What a cell looks like: a set of arms in, a character out, looked up once, at printing.

A cell's code is the sum of its arms (LEFT, RIGHT, UP, DOWN), plus DOUBLE_ACROSS and DOUBLE_UPRIGHT
where the line in that direction is a double one.
"""

from __future__ import annotations

import re

LEFT, RIGHT, UP, DOWN = 1, 2, 4, 8
ACROSS, UPRIGHT, CROSSING = LEFT | RIGHT, UP | DOWN, 15
DOUBLE_ACROSS, DOUBLE_UPRIGHT = 16, 32
ARMS = 15

#          none L    R    LR   U    LU   RU   LRU  D    LD   RD   LRD  UD   LUD  RUD  all
_LIGHT = (" ", "╴", "╶", "─", "╵", "┘", "└", "┴", "╷", "┐", "┌", "┬", "│", "┤", "├", "┼")
_DOUBLE = (" ", "═", "═", "═", "║", "╝", "╚", "╩", "║", "╗", "╔", "╦", "║", "╣", "╠", "╬")
_PLAIN = (" ", "-", "-", "-", "|", "+", "+", "+", "|", "+", "+", "+", "|", "+", "+", "+")


def _make_table(*, ascii_only: bool) -> dict[int, str]:
    """Return the character of every code.

    >>> table = _make_table(ascii_only=False)
    >>> table[CROSSING], table[CROSSING | DOUBLE_ACROSS], table[LEFT | UP | DOUBLE_ACROSS]
    ('┼', '╪', '╝')
    """
    if ascii_only:
        return {code: _PLAIN[code & ARMS] for code in range(64)}
    table = {code: (_DOUBLE if code > ARMS else _LIGHT)[code & ARMS] for code in range(64)}
    # the only place where both kinds meet is a crossing
    table[CROSSING | DOUBLE_ACROSS] = "╪"
    table[CROSSING | DOUBLE_UPRIGHT] = "╫"
    return table


UNICODE_TABLE = _make_table(ascii_only=False)
ASCII_TABLE = _make_table(ascii_only=True)

# The frame of a group: across, upright, and the corners from the top left, row by row.
UNICODE_FRAME = ("╌", "╎", "╭", "╮", "╰", "╯")
ASCII_FRAME = ("-", "|", "+", "+", "+", "+")

_SINGLE = {
    **dict.fromkeys("─━┄┅┈┉╌╍╴╶╸╺╼╾", "-"),
    **dict.fromkeys("│┃┆┇┊┋╎╏║╵╷╹╻╽╿", "|"),
    **dict(zip("═╱╲╳▲△▼▽►▶◄◀", "=/\\x^^vv>><<", strict=True)),
}
_LOOKALIKES = str.maketrans({chr(code): "+" for code in range(0x2500, 0x2580)} | _SINGLE)
_SIGNS = r"[ -@\[-`{-~]+"
_LOOSE_SIGN = r"(?<!\S)[-+|=]|[-+|=](?!\S)|^v$"


def make_text(name: str, *, ascii_only: bool) -> str:
    """Return a name as it can stand beside lines, where nobody must take it for one, or a number.

    What lines and arrows are made of becomes what is nearest to it in ASCII; a name of signs and
    digits alone is quoted, and in ASCII drawings one with signs at the edges of its words.

    >>> make_text("is a", ascii_only=True), make_text("a │ b", ascii_only=False)
    ('is a', 'a | b')
    >>> make_text("0..*", ascii_only=False), make_text("a -> b", ascii_only=True)
    ('"0..*"', '"a -> b"')
    """
    text = name if name.isascii() else name.translate(_LOOKALIKES)
    is_loose = ascii_only and re.search(_LOOSE_SIGN, text)
    return f'"{text}"' if is_loose or re.fullmatch(_SIGNS, text) else text


# An end's mark by the side of the box at which the line ends, given as that side's arm:
# its characters from the box outwards.
Mark = dict[int, str]

NO_MARK: Mark = {LEFT: "", RIGHT: "", UP: "", DOWN: ""}
THIN_ARROW: Mark = {LEFT: ">", RIGHT: "<", UP: "▼", DOWN: "▲"}
ARROW: Mark = {LEFT: "►", RIGHT: "◄", UP: "▼", DOWN: "▲"}
ASCII_ARROW: Mark = {LEFT: ">", RIGHT: "<", UP: "v", DOWN: "^"}


def crows_foot(least: int, most: int | None, *, ascii_only: bool) -> Mark:
    """Return the crow's foot of a cardinality: how many at most stands next to the box.

    >>> crows_foot(0, None, ascii_only=True)[LEFT], crows_foot(1, 1, ascii_only=True)[RIGHT]
    ('<o', '||')
    """
    if ascii_only:
        left, right, up, down = "<", ">", "^", "v"
    else:
        left, right, up, down = "<", ">", "∧", "∨"
    many = most is None or most > 1
    return {
        LEFT: (left if many else "|") + ("|" if least else "o"),
        RIGHT: (right if many else "|") + ("|" if least else "o"),
        UP: (up if many else "-") + ("-" if least else "o"),
        DOWN: (down if many else "-") + ("-" if least else "o"),
    }
