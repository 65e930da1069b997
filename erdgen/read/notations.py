"""The notations of a relationship: words, ratio, UML ends, crow's foot; and the form `A 1:N B`.

Text goes in, names and cardinalities come out; what is wrong is told with its offset.
"""

from __future__ import annotations

import re
from functools import cache

from erdgen.errors import nearest
from erdgen.model.relationships import (
    EXACTLY_ONE,
    ONE_OR_MORE,
    ZERO_OR_MORE,
    ZERO_OR_ONE,
    Cardinality,
)
from erdgen.read.shortforms import ShortFormError

# `many` stands before `m`: the first alternative that fits is taken
_END = r"\d{1,9}\s*\.\.\s*(?:\d{1,9}|\*|many|[nm])|\d{1,9}|\*|many|one|[nm]"
_CROW_LEFT = {"||": EXACTLY_ONE, "|o": ZERO_OR_ONE, "}o": ZERO_OR_MORE, "}|": ONE_OR_MORE}
_CROW_RIGHT = {"||": EXACTLY_ONE, "o|": ZERO_OR_ONE, "o{": ZERO_OR_MORE, "|{": ONE_OR_MORE}
_WORDS = r"(one|many)-to-(one|many)"
_RATIO = rf"({_END})\s*:\s*({_END})"
_UML = rf"({_END})\s*--\s*({_END})"
_CROW = r"(\|\||\|o|\}o|\}\|)(--|\.\.)(\|\||o\||o\{|\|\{)"
_QUOTED = re.compile(r""""[^"]*"|'[^']*'|`[^`]*`""")

EXAMPLE = "write `Customer one-to-many Order`, `1:N`, `1 -- 0..*` or `||--o{`"

Ends = tuple[Cardinality, Cardinality, bool | None]
"""The left end, the right end, and whether it was said to be identifying (None: not said)."""

_FREQUENT: dict[str, Ends] = {
    "one-to-one": (EXACTLY_ONE, EXACTLY_ONE, None),
    "one-to-many": (EXACTLY_ONE, ZERO_OR_MORE, None),
    "many-to-one": (ZERO_OR_MORE, EXACTLY_ONE, None),
    "many-to-many": (ZERO_OR_MORE, ZERO_OR_MORE, None),
    "1:1": (EXACTLY_ONE, EXACTLY_ONE, None),
    "1:N": (EXACTLY_ONE, ZERO_OR_MORE, None),
    "N:1": (ZERO_OR_MORE, EXACTLY_ONE, None),
    "N:M": (ZERO_OR_MORE, ZERO_OR_MORE, None),
    "1 -- 1": (EXACTLY_ONE, EXACTLY_ONE, None),
    "1 -- 0..1": (EXACTLY_ONE, ZERO_OR_ONE, None),
    "1 -- 0..*": (EXACTLY_ONE, ZERO_OR_MORE, None),
    "1 -- 1..*": (EXACTLY_ONE, ONE_OR_MORE, None),
}
"""What nearly all relationships say; the patterns are for the rest."""


@cache
def _notations() -> tuple[re.Pattern[str], ...]:
    """Return the patterns; few models need them, and compiling takes longer than reading one."""
    return tuple(re.compile(text, re.I) for text in (_WORDS, _CROW, _UML, _RATIO))


def parse_notation(text: str) -> Ends:
    """Return what a notation says of both ends.

    >>> parse_notation("N:1")[0] == ZERO_OR_MORE
    True
    >>> parse_notation("||..o{")[2]
    False

    Raises:
        ShortFormError: It is none of the notations.
    """
    if text in _FREQUENT:
        return _FREQUENT[text]
    stripped = text.strip()
    for pattern in _notations():
        if found := pattern.fullmatch(stripped):
            return _ends(found, text.find(stripped))
    words = [f"{a}-to-{b}" for a in ("one", "many") for b in ("one", "many")]
    hint = nearest(stripped, words) if stripped else ""
    raise ShortFormError(
        "unknown-cardinality",
        f"'{stripped}' is no cardinality",
        0,
        max(1, len(text)),
        f"did you mean '{hint}'?" if hint else EXAMPLE,
    )


def split_label(right: str) -> tuple[str, str]:
    """Return the right name and the label of a relationship that was quoted as a whole.

    >>> split_label('"Order: line": lists'), split_label("Product")
    (('Order: line', 'lists'), ('Product', ''))
    """
    masked = _QUOTED.sub(lambda found: "q" * len(found[0]), right)
    at = masked.find(": ")
    return (_name(right[:at], 0), right[at + 1 :].strip()) if at > 0 else (right, "")


def parse_relationship(text: str) -> tuple[str, str, Ends, int, int]:
    """Return left name, right name, ends, and where both names start, of `LEFT notation RIGHT`.

    >>> parse_relationship('"Order line" 1:N Product')[:2]
    ('Order line', 'Product')

    Raises:
        ShortFormError: The text is no relationship.
    """
    words = text.split()
    if len(words) == 3 and not _QUOTED.search(text) and words[1] in _FREQUENT:
        left_at = text.find(words[0])
        right_at = text.rfind(words[2])
        return words[0], words[2], parse_notation(words[1]), left_at, right_at
    # quoted names are masked, so that nothing in them is taken for a notation
    masked = _QUOTED.sub(lambda found: "q" * len(found[0]), text)
    for pattern in _notations():
        for found in pattern.finditer(masked):
            left, right = text[: found.start()], text[found.end() :]
            crow = pattern.pattern == _CROW
            apart = left[-1:].isspace() and (not right or right[0].isspace())
            if (crow or apart) and left.strip():
                return (
                    _name(left, 0),
                    _name(right, found.end()),
                    _ends(found, found.start()),
                    len(left) - len(left.lstrip()),
                    found.end() + len(right) - len(right.lstrip()),
                )
    loose = re.search(r"\b(one|many)[ _]to[ _](one|many)\b", text, re.I)
    hint = f"{loose[1]}-to-{loose[2]}".lower() if loose else ""
    if not hint and len(words) == 3:
        hint = nearest(words[1], ("one-to-one", "one-to-many", "many-to-one", "many-to-many"))
    raise ShortFormError(
        "bad-relationship",
        f"'{text.strip()}' is no relationship",
        0,
        max(1, len(text)),
        f"did you mean '{hint}'?" if hint else EXAMPLE,
    )


def _name(text: str, offset: int) -> str:
    name = text.strip()
    if not name:
        raise ShortFormError(
            "bad-relationship", "an entity's name is missing here", max(0, offset - 1), 1, EXAMPLE
        )
    return name[1:-1] if _QUOTED.fullmatch(name) else name


def _ends(found: re.Match[str], offset: int) -> Ends:
    if found.re.pattern == _CROW:
        left, right = _CROW_LEFT[found[1].lower()], _CROW_RIGHT[found[3].lower()]
        return left, right, found[2] == "--"
    return _end(found[1], offset), _end(found[2], offset + found.start(2) - found.start()), None


def _end(text: str, offset: int) -> Cardinality:
    lowered = "".join(text.lower().split())
    if lowered in {"*", "n", "m", "many"}:
        return ZERO_OR_MORE
    if lowered == "one":
        return EXACTLY_ONE
    minimum, dots, maximum = lowered.partition("..")
    least = int(minimum)
    if not dots:
        most: int | None = least
    else:
        most = int(maximum) if maximum.isdigit() else None
    if most is not None and (most < 1 or most < least):
        raise ShortFormError(
            "unknown-cardinality",
            f"'{text}' is no cardinality: the maximum is at least 1 and not below the minimum",
            offset,
            len(text),
        )
    return Cardinality(least, most)
