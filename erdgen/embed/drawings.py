"""The text of a fence in, what it is out: a placeholder, a drawing of entities, or something else.

A drawing by hand is read only as far as it helps to tell what it is and what would be lost with
it: of the box drawings in real documents half are misaligned, so nothing here relies on lines
meeting exactly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from erdgen.render.width import display_width

Kind = Literal["placeholder", "drawing", "mermaid", "other"]

_TEXT_INFOS = frozenset(
    {"", "text", "txt", "plain", "plaintext", "ascii", "asciiart", "ascii-art", "diagram", "erd"}
    | {"er", "none", "nohighlight", "no-highlight", "console"}
)
_CARDINALITY = re.compile(
    r"(?<![\w:.])(?:0\.\.)?(?:1|N|M|one|many|\*)\s?:\s?(?:0\.\.)?(?:1|N|M|one|many|\*)(?![\w:.])"
    r"|\((?:1|N|M|0|many|one|\*|[01]\.\.(?:1|N|M|\*|many))\)"
    r"|(?<![\w.])[01]\.\.(?:1|N|M|\*|many)(?![\w.])"
    r"|(?:one|many)[- ]to[- ](?:one|many)"
    r"|(?:\|\||\|o|}o|}\|)(?:--|\.\.)(?:\|\||o\||o{|\|{)"
    r"|has many|has one|belongs to",
    re.IGNORECASE,
)
_KEY = re.compile(r"\(\s*(?:PK|FK|UK)\b[^)]*\)|(?<!\w)(?:PK|FK)(?!\w)")
_ARROW = re.compile(r"[→←↓↑▼▲►◄▶◀⇒⟶]|[-─]{1,}>|<[-─]{2,}")
_LINE_CHARACTERS = re.compile(r"[─│┌┐└┘├┤┬┴┼═║╔╗╚╝╭╮╰╯]|\+-{2,}|-{3,}|\|")
_BRACKETED = re.compile(
    r"\s*(?:\[[^\[\]]*\]|<[^<>]*>|\{[^{}]*\}|(?:TODO|TBD|FIXME)\b.*)\s*", re.DOTALL
)
_SAMPLE_NAME = re.compile(
    r"\[?(?:entity[ _-]?(?:\d+|[a-e]|name\d*)|entityname|your[ _-]?entity|table[ _-]?(?:\d+|[a-e])"
    r"|(?:first|second|third|another|next|related)[ _-]?entity(?:name)?)\]?|\[[^\]]*\]",
    re.IGNORECASE,
)
_CODE = re.compile(r"[;{}]\s*$|^\s*(?:CREATE|ALTER|SELECT|interface|class|enum|type|def|import)\b")
_PAIR = re.compile(
    r"([^\W\d][\w.]*)\s*\((?:1|N|M|0|many|one|\*|[^()\s]{1,6})\)\s*[─\-–—←→<>=⟷↔\s]{2,}"
    r"\((?:1|N|M|0|many|one|\*|[^()\s]{1,6})\)\s*([^\W\d][\w.]*)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"([^\W\d]\w*)\s*\((?:1|N|M|many|one|\*)\)|\((?:1|N|M|many|one|\*)\)\s*([^\W\d]\w*)",
    re.IGNORECASE,
)
_TOP = re.compile(r"[┌╔╭][─═┬╦┴╩┼▼▲]+[┐╗╮]|\+-{3,}[-+]*\+")
_SIDES = "│║|┤├╡╞╢╟"
_BOTTOMS = "└╚╰+"


@dataclass(frozen=True, slots=True)
class HandBox:
    """A box of a drawing by hand.

    Attributes:
        title: What stands in it above the rule (or its first row, where there is none).
        rows: The rows below, each with its line in the drawing and its text.
        line: Index of the title's line in the drawing.
        column: Display column of the box's left border; `right` that of its right one.
        bottom: Index of the line of its bottom border.
    """

    title: str
    rows: tuple[tuple[int, str], ...]
    line: int
    column: int
    right: int
    bottom: int


def classify(info: str, lines: Sequence[str]) -> tuple[Kind, str]:
    """Return what a fence holds, and for `other` what it looks like, for messages.

    Args:
        info: The fence's info string.
        lines: The lines in it.
    """
    language = next(iter(info.lower().split()), "").strip("{}.")
    text = "\n".join(lines)
    if language == "mermaid" or (not language and text.lstrip().startswith("erDiagram")):
        return ("mermaid", "") if is_mermaid_erd(lines) else ("other", "another Mermaid diagram")
    if language not in _TEXT_INFOS:
        return "other", f"code ({language})"
    if not text.strip() or _BRACKETED.fullmatch(text) or is_sample(lines):
        return "placeholder", ""
    if _looks_like_code(lines):
        return "other", "code"
    if _shows_entities(lines):
        return "drawing", ""
    return "other", _name_other(lines)


def is_mermaid_erd(lines: Sequence[str]) -> bool:
    """Return whether Mermaid text (after its front matter and directives) is an `erDiagram`."""
    inside = False
    for line in lines:
        text = line.strip()
        if text == "---":
            inside = not inside
        elif text and not inside and not text.startswith("%%"):
            return text.split()[0] == "erDiagram"
    return False


def is_sample(lines: Sequence[str]) -> bool:
    """Return whether a drawing shows nothing but a template's sample entities."""
    titles = [box.title for box in find_boxes(lines)]
    names = titles or [name for pair in find_pairs(lines) for name in pair]
    return bool(names) and all(_SAMPLE_NAME.fullmatch(name.strip()) for name in names)


def find_pairs(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Return the names in lines such as `User (1) ──── (N) Document`."""
    return [(found[1], found[2]) for line in lines for found in _PAIR.finditer(line)]


def find_named(lines: Sequence[str]) -> list[tuple[str, int]]:
    """Return the names beside a cardinality in parentheses, each with its line's index."""
    return [
        (found[1] or found[2], index)
        for index, line in enumerate(lines)
        for found in _NAMED.finditer(line)
    ]


def _looks_like_code(lines: Sequence[str]) -> bool:
    full = [line for line in lines if line.strip()]
    return sum(bool(_CODE.search(line)) for line in full) * 3 > len(full)


def _shows_entities(lines: Sequence[str]) -> bool:
    """Return whether the marks of entities (keys, cardinalities) outweigh those of a flow."""
    if not any(_LINE_CHARACTERS.search(line) for line in lines):
        return False
    if any(_KEY.search(line) for line in lines):
        return True
    counted = [len(_CARDINALITY.findall(line)) for line in lines]
    # a cardinality may stand above or below its arrow
    steps = sum(
        bool(_ARROW.search(line)) and not any(counted[max(index - 1, 0) : index + 2])
        for index, line in enumerate(lines)
    )
    return sum(counted) > steps


def _name_other(lines: Sequence[str]) -> str:
    text = "\n".join(lines)
    if any(mark in text for mark in ("├──", "└──")) and re.search(r"/\s*$|\.\w{1,5}\b", text, re.M):
        return "a tree of files"
    if re.search(r"--\[.*\]--|\(none\)|\[\*\]|→.*→|archived|pending|active|状態", text):
        return "a state machine or a flow"
    if _ARROW.search(text):
        return "a flow"
    return "no drawing of entities"


def to_cells(line: str) -> str:
    """Return a line with one character a display column (a wide one is followed by NUL)."""
    if line.isascii():
        return line
    return "".join(char + "\0" * (display_width(char) - 1) for char in line)


def from_cells(cells: str) -> str:
    """Return the text of some columns."""
    return cells.replace("\0", "").strip()


def find_boxes(lines: Sequence[str]) -> list[HandBox]:
    """Return the boxes of a drawing, in reading order, each as far as it can be followed."""
    cells = [to_cells(line) for line in lines]
    boxes = []
    for index, line in enumerate(cells):
        for top in _TOP.finditer(line):
            box = _follow(cells, index, top.start(), top.end() - 1)
            if box is not None:
                boxes.append(box)
    return boxes


def _follow(cells: Sequence[str], top: int, left: int, right: int) -> HandBox | None:
    """Follow a box down from its top border; its sides may wander by two columns."""
    head: list[tuple[int, str]] = []
    rows: list[tuple[int, str]] = []
    ruled = False
    for index in range(top + 1, len(cells)):
        line = cells[index]
        first = _near(line, left, _SIDES + _BOTTOMS)
        if first < 0 or line[first] in _BOTTOMS:
            if not head and not rows:
                return None
            return _make_box(head, rows, ruled, (left, right, index))
        last = _closing(line, first, right)
        text = from_cells(line[first + 1 : last])
        if text and not text.strip("─═-–— "):
            ruled = True
        elif rows and rows[-1][1].endswith("_"):
            rows[-1] = (rows[-1][0], rows[-1][1] + text)
        elif text:
            (rows if ruled else head).append((index, text))
    return _make_box(head, rows, ruled, (left, right, len(cells) - 1)) if head else None


def _make_box(
    head: list[tuple[int, str]],
    rows: list[tuple[int, str]],
    ruled: bool,
    place: tuple[int, int, int],
) -> HandBox:
    if not ruled and len(head) > 1:
        head, rows = head[:1], head[1:]
    title = "".join(text if text.endswith("_") else f"{text} " for _, text in head).strip()
    title = re.sub(r"\s*\([^()]*\)$", "", title) or title
    line = head[0][0] if head else place[2]
    return HandBox(title, tuple(rows), line, place[0], place[1], place[2])


def _near(line: str, column: int, characters: str) -> int:
    """Return the column nearest to `column`, at most two away, that holds one of the characters."""
    for distance in (0, -1, 1, -2, 2):
        at = column + distance
        if 0 <= at < len(line) and line[at] in characters:
            return at
    return -1


def _closing(line: str, first: int, right: int) -> int:
    """Return the column of a row's right side: the next one behind its left side."""
    later = [at for at in range(first + 1, len(line)) if line[at] in _SIDES]
    near = [at for at in later if at >= right - 3]
    return (near or later or [min(right + 1, len(line))])[0]
