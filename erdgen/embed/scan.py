"""Markdown bytes in, what embedding needs to know of their blocks out: markers, headings, fences.

It works on bytes because `bytes.splitlines` breaks lines exactly where Markdown does (LF, CRLF, CR)
and never at a form feed, NEL or U+2028, and it skips what no marker depends on, so that 10 MB take
a fraction of a second.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from erdgen.embed.blocks import Blocks, Marker
from erdgen.embed.scanner import BOM, Scanner

_RISK = re.compile(rb"(?:\xef\xbb\xbf)?[ \t>*+\-0-9.)]*(?:```|~~~|<[!?/A-Za-z]|\{/\*)")
"""A line that may open or close a fence or an HTML block, or is a marker."""
_RISK_WORD = re.compile(rb"```|~~~|<[!?/A-Za-z]|\{/\*")
_COMMENT = re.compile(rb"<!--[ \t]*[\r\n]")


def split_lines(data: bytes) -> list[bytes]:
    """Return the lines with their line ends; a BOM stays part of the first line."""
    return data.splitlines(keepends=True)


def may_have_markers(data: bytes) -> bool:
    """Return whether the bytes hold the word at all: the fast path over whole repositories."""
    return b"erdgen:" in data


def find_front_matter(lines: Sequence[bytes]) -> int:
    r"""Return the index of the first line after the front matter, 0 if there is none.

    >>> find_front_matter([b"---\n", b"title: x\n", b"---\n", b"text\n"])
    3
    """
    first = lines[0].removeprefix(BOM).rstrip() if lines else b""
    ends = {b"---": (b"---", b"..."), b"+++": (b"+++",)}.get(first, ())
    if not ends or lines[0].removeprefix(BOM)[:3] != first:
        return 0
    for index in range(1, len(lines)):
        if lines[index].rstrip() in ends:
            return index + 1
    return 0


def find_markers(lines: Sequence[bytes], *, mdx: bool = False) -> tuple[Marker, ...]:
    """Return the markers of a document; nothing behind the last one is looked at.

    Only the lines that may open or close a fence, a comment or another HTML block are looked at,
    each with the lines before it back to one whose containers are known by itself.
    """
    data = b"".join(lines)
    last = data.rfind(b"erdgen:")
    if last < 0:
        return ()
    ends = list(accumulate(map(len, lines)))
    # the front matter's end may stand behind the last of its lines that holds the word
    body = find_front_matter(lines)
    # a comment around regions ends behind the last of them
    shown = lines if _COMMENT.search(data) else lines[: bisect_right(ends, last) + 1]
    scanner = Scanner(shown, outline=False, mdx=mdx, body=body)
    scanner.run_to_risks(_find_risks(data[: ends[len(shown) - 1]], ends, shown))
    return tuple(scanner.markers)


def _find_risks(data: bytes, ends: Sequence[int], lines: Sequence[bytes]) -> Iterator[int]:
    """Yield the lines that may open or close a fence or an HTML block, by index.

    Args:
        data: The document.
        ends: Where each of its lines ends in it.
        lines: The lines.
    """
    at = 0
    while found := _RISK_WORD.search(data, at):
        index = bisect_right(ends, found.start())
        if _RISK.match(lines[index]):
            yield index
        # one of a line is enough: a table's have many
        at = ends[index]


def scan(lines: Sequence[bytes], *, outline: bool = False, mdx: bool = False) -> Blocks:
    """Return the blocks of a document given as its lines.

    Args:
        lines: As `split_lines` gives them.
        outline: Also note which lines are nested or HTML, for finding a place to insert.
        mdx: The document is MDX, where `{/* … */}` is a comment.
    """
    scanner = Scanner(lines, outline, mdx, find_front_matter(lines))
    scanner.run()
    return Blocks(
        tuple(scanner.markers),
        tuple(scanner.headings),
        tuple(scanner.fences),
        scanner.body,
        tuple(scanner.opaque),
        frozenset(scanner.nested),
    )
