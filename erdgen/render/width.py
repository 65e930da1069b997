"""How a text shows in a terminal: names in, texts safe to print and their width in columns out."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What must not reach a terminal as it is: controls (C0, DEL, C1), what turns the order of a line
# (bidi marks, embeddings, isolates), line separators, invisible spaces, surrogates, noncharacters.
# An explicit list, since Python's own idea of printable grows with its version.
_UNSAFE = (
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e001f]"
    # tags spell the name of a flag behind a black one; elsewhere they are text that nobody sees
    "|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]+"
)
# at an edge, or before a letter that nothing joins, where terminals differ on what it hides
_LOOSE_JOINERS = "^[\u200c\u200d]+|[\u200c\u200d]+$|\u200d(?=[ -~])"
_DOTTED_CIRCLE = "\u25cc"
_WITHOUT_OUR_SIGNS = str.maketrans("", "", "↳►◄▲▼∧∨●◉→←")


def display_width(text: str) -> int:
    """Return the columns that `text` takes in a terminal that follows wcwidth.

    Wide characters (CJK, emoji) take two, combining marks none.

    >>> display_width("Order"), display_width("商品タグ"), display_width("e\u0301")
    (5, 8, 1)
    """
    if text.isascii() and text.isprintable():
        return len(text)
    if text.translate(_WITHOUT_OUR_SIGNS).isascii():  # one column each: no need of the tables
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
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_UNSAFE, lambda match: _escape(match.group()), text)


def make_name(text: str) -> str:
    r"""Return a name as it can stand in a drawing, safe and of a sure width.

    What joins the character before or behind it would change the width of what stands beside the
    name: a mark gets a dotted circle to stand on, and a joiner with nothing to join is written as
    an escape. An empty or blank-edged name is quoted.

    >>> make_name("Order"), make_name("a\nb"), make_name(" ")
    ('Order', 'a\\nb', '" "')
    """
    shown = make_visible(text)
    if not shown.isascii():
        import unicodedata  # only for other than ASCII: start-up time

        shown = re.sub(_LOOSE_JOINERS, lambda match: _escape(match.group()), shown)
        # Python's own tables may be older than wcwidth's: what has no width is a mark, too
        if unicodedata.category(shown[0])[0] == "M" or not display_width(shown[0]):
            shown = _DOTTED_CIRCLE + shown
    if not shown or shown != shown.strip():
        return f'"{shown}"'
    return shown


def _escape(characters: str) -> str:
    return characters.encode("unicode_escape").decode()


def pad(text: str, width: int) -> str:
    """Return `text` with blanks behind it up to `width` columns."""
    return text + " " * (width - display_width(text))


def wrap(text: str, width: int) -> list[str]:
    """Return `text` as rows of at most `width` columns, broken at blanks, else anywhere.

    A character wider than `width` stands on a row of its own: nothing is cut.

    >>> wrap("a long name", 6), wrap("aaaaaaaa", 3)
    (['a long', 'name'], ['aaa', 'aaa', 'aa'])
    """
    if display_width(text) <= width:
        return [text]
    rows: list[str] = []
    row = ""
    for word in text.split(" "):
        longer = f"{row} {word}" if row else word
        if display_width(longer) <= width:
            row = longer
            continue
        if row:
            rows.append(row)
        *full, row = _cut(word, width)
        rows.extend(full)
    rows.append(row)
    return rows


def _cut(word: str, width: int) -> list[str]:
    """Return a word as pieces of at most `width` columns, cut behind a joint where there is one.

    >>> _cut("line_of_an_order", 10)
    ['line_of_', 'an_order']
    """
    pieces = []
    piece: list[str] = []
    used = 0
    for cluster in clusters(word):
        columns = display_width(cluster)
        if piece and used + columns > width:
            joint = max((index for index, each in enumerate(piece) if each in "_-./"), default=-1)
            keep = joint + 1 if joint >= len(piece) // 2 else len(piece)
            pieces.append("".join(piece[:keep]))
            piece = piece[keep:]
            used = sum(display_width(each) for each in piece)
        piece.append(cluster)
        used += columns
    pieces.append("".join(piece))
    return pieces


def clusters(word: str) -> Iterable[str]:
    """Return what a reader sees as one character (an emoji sequence, a letter with its marks)."""
    if word.isascii():
        return word
    from wcwidth import iter_graphemes  # only for other than ASCII: start-up time

    found: list[str] = []
    for cluster in iter_graphemes(word):
        # some marks are clusters of their own and yet make the letter before them wider
        if found and not display_width(cluster):
            found[-1] += cluster
        else:
            found.append(cluster)
    return found
