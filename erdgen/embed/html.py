"""The first line of an HTML block in, what ends the block out; and where a marker begins.

The seven kinds of https://spec.commonmark.org/0.31.2/#html-blocks, and the comments of MDX.
"""

from __future__ import annotations

import re
from functools import cache

MARKER = re.compile(rb"(?:<!--|\{/\*)[ \t]*erdgen:(?=[A-Za-z])")
_OTHER_ENDS = ((b"<?", b"?>"), (b"<![CDATA[", b"]]>"))
ENDED_BY_BLANK = b""
"""What ends a block that goes on up to a blank line."""


def ends(end: bytes | re.Pattern[bytes] | None, line: bytes, position: int) -> bool:
    """Return whether a block ends on a line, looked at from a position on."""
    if isinstance(end, re.Pattern):
        return end.search(line, position) is not None
    return bool(end) and line.find(end, position) >= 0 if end is not None else False


def find_end(line: bytes, at: int, *, tip: bool, mdx: bool) -> bytes | re.Pattern[bytes] | None:
    """Return what ends the HTML block that begins at `at`, or None if none begins there."""
    if line.startswith(b"{/*", at):
        # an MDX comment; in plain Markdown it is text, so that only a marker counts
        return b"*/}" if mdx or MARKER.match(line, at) else None
    if line.startswith(b"<!--", at):
        return b"-->"
    for opening, ending in _OTHER_ENDS:
        if line.startswith(opening, at):
            return ending
    if line.startswith(b"<!", at) and line[at + 2 : at + 3].isalpha():
        return b">"
    verbatim, verbatim_end, block_tag, any_tag = _tags()
    if verbatim.match(line, at):
        return verbatim_end
    if block_tag.match(line, at) or (not tip and any_tag.match(line, at)):
        return ENDED_BY_BLANK
    return None


@cache
def _tags() -> tuple[re.Pattern[bytes], ...]:
    """Return patterns for tags of HTML blocks: kinds 1 with its end, 6 and 7 of the specification.

    They take longer to compile than most documents to scan, and most have no tags.
    """
    names = "script|pre|style|textarea"
    block = (
        "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details"
        "|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head"
        "|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p"
        "|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul"
    )
    value = r"""(?:[^\s"'=<>`]+|'[^']*'|"[^"]*")"""
    attribute = rf"\s+[A-Za-z_:][A-Za-z0-9_.:-]*(?:\s*=\s*{value})?"
    tag = rf"<[A-Za-z][A-Za-z0-9-]*(?:{attribute})*\s*/?>|</[A-Za-z][A-Za-z0-9-]*\s*>"
    patterns = (rf"<(?:{names})(?:[\s>]|$)", f"</(?:{names})>", rf"</?(?:{block})(?:\s|/?>|$)")
    folded = (re.compile(pattern.encode(), re.IGNORECASE) for pattern in patterns)
    return (*folded, re.compile(rf"(?:{tag})\s*$".encode()))
