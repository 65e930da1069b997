"""What was rendered in, the lines of a region out, so that no formatter wants to change them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from erdgen.embed.markers import PICTURES, Region

INFO = {"text": "text", "list": "text", "states": "text", "mermaid": "mermaid"}
"""Format -> info string of its fence; a format that is not here is Markdown by itself."""

_ROW = re.compile(rb"^[ \t>]*\|.*$", re.MULTILINE)
_CODE_OR_MARK = re.compile(r"\\.|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|(?P<mark>[<{])")
"""An escaped character or a span of code, or (as a group) what MDX would take for its own."""
_SAFE_IN_LINK = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-._~")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def make_fence(text: str, info: str) -> list[str]:
    """Return a fenced code block around a text: more backticks than the text holds in a row.

    >>> make_fence("a ``` b", "text")
    ['````text', 'a ``` b', '````']
    """
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return [f"{ticks}{info}", *_clean(text), ticks]


def make_pages(
    pages: Sequence[tuple[str, str]], format_name: str, *, mdx: bool = False
) -> list[str]:
    """Return the lines for pages of text, each a name (empty for the only one) and its text."""
    info = INFO.get(format_name)
    as_it_is = escape_mdx if mdx else str
    lines: list[str] = []
    for name, text in pages:
        block = (
            [as_it_is(line) for line in _clean(text)] if info is None else make_fence(text, info)
        )
        heading = [as_it_is(f"**{escape_markdown(name)}**"), ""] if name else []
        lines += [*([""] if lines else []), *heading, *block]
    return lines


def make_image(alt: str, link: str, *, mdx: bool = False) -> list[str]:
    r"""Return the line that shows a picture.

    >>> make_image("A and [B]", "my erd (1).svg")
    ['![A and \\[B\\]](my%20erd%20%281%29.svg)']
    """
    line = f"![{escape_markdown(alt)}]({escape_link(link)})"
    return [escape_mdx(line) if mdx else line]


def make_picture(alt: str, light: str, dark: str, *, mdx: bool = False) -> list[str]:
    """Return the lines that show one picture on light pages and another on dark ones."""
    source_set = "srcSet" if mdx else "srcset"
    media = "(prefers-color-scheme: dark)"
    return [
        "<picture>",
        f'  <source media="{media}" {source_set}="{escape_link(dark)}" />',
        f'  <img alt="{escape_html(alt)}" src="{escape_link(light)}" />',
        "</picture>",
    ]


def escape_link(path: str) -> str:
    """Return a relative path as a link's target."""
    return "".join(
        chr(byte) if byte in _SAFE_IN_LINK else f"%{byte:02X}"
        for byte in path.replace("\\", "/").encode("utf-8", "surrogateescape")
    )


def escape_markdown(text: str) -> str:
    r"""Return a text so that Markdown shows it as it is; no more than needed is escaped.

    >>> escape_markdown("order_items [x] *y* _z_ `w`")
    'order_items \\[x\\] \\*y\\* \\_z\\_ \\`w\\`'
    """
    plain = re.sub(r"[\\\[\]*`]", r"\\\g<0>", _one_line(text))
    plain = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", plain)
    return re.sub(r"&(?=#?\w+;)|<(?=[A-Za-z/!?])", lambda m: _HTML[m.group()], plain)


def escape_mdx(line: str) -> str:
    r"""Return a line of Markdown with nothing in it that MDX takes for an expression or a tag.

    >>> escape_mdx(r"holds {id}, a < b, \< c and `{code}`")
    'holds \\{id}, a \\< b, \\< c and `{code}`'
    """
    return _CODE_OR_MARK.sub(lambda found: f"\\{found[0]}" if found["mark"] else found[0], line)


def escape_html(text: str) -> str:
    """Return a text for an attribute's value in double quotes."""
    return re.sub(r'[&<>"]', lambda found: _HTML[found.group()], _one_line(text))


def make_body(content: Sequence[str], prefix: str) -> list[str]:
    """Return the lines between a region's markers: the content with a blank line around it."""
    blank = prefix.rstrip()
    return [blank, *(prefix + line if line else blank for line in content), blank]


def region_is(lines: Sequence[bytes], region: Region, body: Sequence[str]) -> bool:
    """Return whether a region holds exactly these lines; line ends don't count."""
    there = lines[region.begin + 1 : region.end]
    old = b"\n".join(line.rstrip(b"\r\n") for line in there)
    new = "\n".join(body).encode()
    if old == new:
        return True
    if region.mdx and region.request.format in PICTURES:
        # prettier gives each attribute of a long element a line: in MDX that is JSX
        return old.split() == new.split()
    # formatters pad the cells of tables, or squeeze them: that is no difference
    return region.request.format not in INFO and _squeeze(old) == _squeeze(new)


def _squeeze(text: bytes) -> bytes:
    r"""Return Markdown with the rows of its tables unpadded.

    >>> _squeeze(b"| a   | b |\n| :---- | --- |\n a   b")
    b'| a | b |\n| :--- | --- |\n a   b'
    """
    return _ROW.sub(lambda row: re.sub(rb" {2,}", b" ", re.sub(rb"-{3,}", b"---", row[0])), text)


def splice(lines: Sequence[bytes], changes: Sequence[tuple[Region, Sequence[str]]]) -> bytes:
    """Return the document with new lines in some regions and every other byte as it was.

    The new lines end as the region's begin marker does.
    """
    parts: list[bytes] = []
    after = 0
    for region, body in changes:
        marker = lines[region.begin]
        end = marker[len(marker.rstrip(b"\r\n")) :]
        parts.extend(lines[after : region.begin + 1])
        parts.extend(line.encode() + end for line in body)
        after = region.end
    parts.extend(lines[after:])
    return b"".join(parts)


def _clean(text: str) -> list[str]:
    """Return the lines of a text without trailing blanks and blank lines at its ends."""
    # a lone CR would be a line end of its own
    lines = [line.rstrip(" \t\f\v") for line in text.replace("\r", " ").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        del lines[0]
    return lines


def _one_line(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())
