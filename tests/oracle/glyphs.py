"""Characters in, arms out: which way each line character runs, from Unicode's own names.

The names are the authority, so no table of glyphs is shared with whoever drew them.
"""

from __future__ import annotations

import unicodedata
from functools import cache

LEFT, RIGHT, UP, DOWN = "L", "R", "U", "D"
ALL = frozenset("LRUD")
STEP = {LEFT: (-1, 0), RIGHT: (1, 0), UP: (0, -1), DOWN: (0, 1)}
OPPOSITE = {LEFT: RIGHT, RIGHT: LEFT, UP: DOWN, DOWN: UP}

_WORDS = {
    "LEFT": "L",
    "RIGHT": "R",
    "UP": "U",
    "DOWN": "D",
    "HORIZONTAL": "LR",
    "VERTICAL": "UD",
}
_WEIGHTS = {"LIGHT": "light", "HEAVY": "heavy", "DOUBLE": "double", "SINGLE": "light"}


@cache
def weights(char: str) -> dict[str, str]:
    """Return the weight of each arm of a box-drawing character.

    >>> sorted(weights("┐").items()), sorted(weights("╪").items())[0]
    ([('D', 'light'), ('L', 'light')], ('D', 'light'))
    >>> weights("x"), weights("╱")
    ({}, {})
    """
    if len(char) != 1 or not "─" <= char <= "╿":
        return {}
    name = unicodedata.name(char).removeprefix("BOX DRAWINGS ")
    if "DIAGONAL" in name:
        return {}
    dashed = "DASH" in name
    words = name.replace("DOUBLE DASH", "").replace("ARC", "").split()
    found: dict[str, str] = {}
    weight = ""
    pending: list[str] = []
    for part in " ".join(words).split(" AND "):
        tokens = part.split()
        own = next((_WEIGHTS[token] for token in tokens if token in _WEIGHTS), "")
        weight = own or weight
        arms = [arm for token in tokens for arm in _WORDS.get(token, "")]
        if weight:
            for arm in (*pending, *arms):
                found[arm] = weight
            pending = []
        else:
            pending = arms
    return dict.fromkeys(found, "dashed") if dashed else found


@cache
def arms(char: str) -> frozenset[str]:
    """Return the arms of a box-drawing character, as a set of `L R U D`.

    >>> sorted(arms("├")), sorted(arms("╎")), sorted(arms("╮"))
    (['D', 'R', 'U'], ['D', 'U'], ['D', 'L'])
    """
    return frozenset(weights(char))


ARROWS = {
    LEFT: frozenset("<◄◀←◁⟵"),
    RIGHT: frozenset(">►▶→▷⟶"),
    UP: frozenset("^▲↑△"),
    DOWN: frozenset("v▼↓▽"),
}
"""Arrowheads by the way they point."""

FRAME_GLYPHS = frozenset("╌╎╭╮╰╯")
"""What frames of groups are made of; no line is."""

SIDE_MARKS = frozenset("<>◄►◀▶←→◁▷o○◯●◦∘|‖∥⋲∈∋≺≻")
"""Characters that may stand in a horizontal line as (a part of) an end's mark."""
UPRIGHT_MARKS = frozenset("^v▲▼↑↓△▽∧∨o○◯●◦∘-=‗")
"""Characters that may stand in a vertical line as (a part of) an end's mark."""
STRAY_HEADS = frozenset("►◄▲▼▶◀")
"""Arrowheads that no text uses, so that one without a line is a fault."""

ASCII_LINES = frozenset("+-|<>v^=")
"""What lines of an ASCII drawing are made of."""
