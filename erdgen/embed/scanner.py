"""The open blocks of a Markdown document while its lines go by, by the rules of CommonMark 0.31.

A scanner by the rules of https://spec.commonmark.org/0.31.2/#blocks: it knows containers (block
quotes, list items) and the leaves in which a marker is only text (fences, indented code, HTML
comments, `<pre>` and its kind).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from erdgen.embed.blocks import Fence, Heading, Marker
from erdgen.embed.html import ENDED_BY_BLANK, MARKER, ends, find_end

BOM = b"\xef\xbb\xbf"

_OPENERS = frozenset(b" \t-+*>`~<{#=_\r\n0123456789")
"""First bytes of the lines that may be anything else than one more line of plain text."""
_NO_TEXT = frozenset(bytes([value]) for value in _OPENERS) | {b""}
_BLANKS = re.compile(rb" +")
_FENCE = re.compile(rb"(`{3,})([^`]*)$|(~{3,})(.*)$", re.DOTALL)
_HEADING = re.compile(rb"#{1,6}(?=[ \t]|$)")
_BREAK = re.compile(rb"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_UNDERLINE = re.compile(rb"(?:=+|-+)[ \t]*$")
_IN_TABLE = re.compile(rb"erdgen:|```|~~~|<!--|-->|^\s*$")
"""What matters of a line in an HTML block that a blank line ends."""
_ITEM = re.compile(rb"(?:[-+*]|([0-9]{1,9})[.)])(?=[ ]|$)")


@dataclass(slots=True)
class _Container:
    """An open block quote (width -1) or list item (columns that its lines are indented by)."""

    width: int
    number: int
    empty: bool = False


@dataclass(slots=True)
class _OpenFence:
    first: int
    mark: bytes
    length: int
    info: bytes
    indent: bytes | None
    """The blanks that its lines begin with; None in a quote, where they begin with more."""


@dataclass(slots=True)
class Scanner:
    """The open blocks while the lines go by."""

    lines: Sequence[bytes]
    outline: bool
    mdx: bool
    body: int
    markers: list[Marker] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    opaque: list[tuple[int, int]] = field(default_factory=list)
    nested: list[int] = field(default_factory=list)
    containers: list[_Container] = field(default_factory=list)
    opened: int = 0
    paragraph: bool = False
    fence: _OpenFence | None = None
    html: bytes | re.Pattern[bytes] | None = None
    """What ends the open HTML block; `ENDED_BY_BLANK` for a blank line."""
    html_first: int = 0
    html_text: bool = False
    """Whether markers in the open HTML block are text (a comment or a fence opened in it)."""
    html_comment: bool = False
    html_until: int = -1
    """Up to this line no `-->` ends the open comment."""
    closers: dict[bytes, list[int]] | None = None
    """The lines that are nothing but `-->`, by the quotes they stand in; None until asked for."""

    def run(self) -> None:
        """Take every line."""
        index, total = self.body, len(self.lines)
        while index < total:
            self._take(index)
            index += 1
            if self.html is not None:
                index = self._past_table(index)
        if self.fence is not None:
            self._close_fence(total - 1, closed=False)
        if self.html is not None and not self.containers:
            self.opaque.append((self.html_first, total - 1))

    def run_to_risks(self, risks: Iterable[int]) -> None:
        """Take the lines that markers depend on, given those that may open or close a block."""
        lines = self.lines
        index = self.body
        for risk in risks:
            if risk < index:
                continue
            if self.containers or (self.fence is None and self.html is None):
                index = self._restart(index, risk)
            elif self.fence is not None:
                index = risk
            while index <= risk or (self.html is not None and index < len(lines)):
                self._take(index)
                index = self._past_table(index + 1)

    def _restart(self, index: int, risk: int) -> int:
        """Return the line to go on with so that the containers at the line `risk` are known."""
        lines = self.lines
        for start in range(risk, index, -1):
            line = lines[start]
            if line[0] in b" \t\r\n":
                continue
            # a line in the first column below a blank one, or a heading, ends every container,
            # and so does a bullet with text behind it
            if (
                not lines[start - 1].strip(b" \t\r\n")
                or (line[0] in b"-+*" and line[1:2] == b" " and line[2:3] not in _NO_TEXT)
                or (line[0] == 0x23 and _HEADING.match(line.rstrip(b"\r\n")))
            ):
                self._close_to(0)
                self.paragraph = False
                return start
        return index

    def _past_table(self, index: int) -> int:
        """Return the line to go on with, past those of an open table in which nothing matters."""
        if self.html != ENDED_BY_BLANK or self.containers:
            return index
        lines, matters = self.lines, _IN_TABLE.search
        for at in range(index, len(lines)):
            if matters(lines[at]):
                return at
        return len(lines)

    def _take(self, index: int) -> None:
        """Take a line by its first bytes alone where they tell enough."""
        line = self.lines[index]
        first = line[0]
        if first not in _OPENERS and self.html is None and not (self.outline and self.containers):
            if index == 0 and line.startswith(BOM):
                self.line(index)
            else:
                self._plain_text()
        elif self._goes_on(line):
            if self.outline and self.containers:
                self.nested.append(index)
        elif self.containers or self.html is not None:
            self.line(index)
        elif self.fence is not None:
            if line.lstrip(b" ")[:1] == self.fence.mark:
                self.line(index)
        elif first in b"\r\n":
            self.paragraph = False
        else:
            self.line(index)

    def _goes_on(self, line: bytes) -> bool:
        """Return whether a line is one more of a list item's fence, for sure."""
        fence = self.fence
        if fence is None or not fence.indent:
            return False
        text = line.lstrip(b" \t")
        return text[:1] != fence.mark and (line.startswith(fence.indent) or not text.strip(b"\r\n"))

    def _plain_text(self) -> None:
        """Take a line that begins in the first column with a plain character."""
        if self.containers and not self.paragraph:
            self._close_to(0)
        if self.fence is None:
            self.paragraph = True

    def _close_to(self, count: int) -> None:
        """Close the containers past the first `count`, with the leaf that stands in them."""
        if count < len(self.containers):
            del self.containers[count:]
            self.fence = None
            self.html = None
            self.paragraph = False

    def _close_fence(self, index: int, *, closed: bool) -> None:
        fence, self.fence = self.fence, None
        if fence is not None and not self.containers:
            info = fence.info.decode("utf-8", "replace").strip()
            self.fences.append(Fence(fence.first, index, info, closed))

    def line(self, index: int) -> None:
        """Take one line: match the open containers, then see what it opens."""
        raw = self.lines[index]
        line = raw.rstrip(b"\r\n")
        if index == 0:
            line = line.removeprefix(BOM)
        if b"\t" in line:
            line = line.expandtabs(4)
        position, matched = self._match(line)
        whole = matched == len(self.containers)
        if whole and self.fence is not None:
            self._continue_fence(index, line, position)
        elif whole and self.html is not None:
            self._continue_html(index, line, position)
        else:
            self._open_blocks(index, line, position, matched)
        if self.outline and self.containers:
            self.nested.append(index)

    def _match(self, line: bytes) -> tuple[int, int]:
        """Return where the line's own content begins and how many open containers it is in."""
        position = matched = 0
        for container in self.containers:
            following = _next(line, position)
            blank = following >= len(line)
            if container.width < 0:
                if blank or following - position > 3 or line[following] != 0x3E:
                    break
                position = following + 1
                if line[position : position + 1] == b" ":
                    position += 1
            elif blank:
                if container.empty:
                    break
                position = following
            elif following - position >= container.width:
                position += container.width
                container.empty = False
            else:
                break
            matched += 1
        return position, matched

    def _continue_fence(self, index: int, line: bytes, position: int) -> None:
        fence = self.fence
        if fence is None:
            return
        following = _next(line, position)
        if following - position > 3 or line[following : following + 1] != fence.mark:
            return
        mark = line[following:].rstrip(b" ")
        if len(mark) >= fence.length and mark == fence.mark * len(mark):
            self._close_fence(index, closed=True)

    def _continue_html(self, index: int, line: bytes, position: int) -> None:
        if self.html == ENDED_BY_BLANK:
            if not line[position:].strip():
                self._close_html(index - 1)
                return
            self._look_into_html(index, line, position)
        elif index > self.html_until and ends(self.html, line, position):
            self.html_until = self._end_of_put_out(index, line, position)
            if index > self.html_until:
                self._close_html(index)

    def _end_of_put_out(self, index: int, line: bytes, position: int) -> int:
        """Return the line that ends a comment around whole regions, -1 where this line does.

        HTML has no comments in comments: the first marker ends one. But where `<!--` and `-->`
        stand alone on their lines, what is between them was put out of use as a whole.
        """
        prefix, text = _apart(self.lines[self.html_first])
        if text != b"<!--" or not MARKER.match(line, _next(line, position)):
            return -1
        if self.closers is None:
            self.closers = {}
            for number, (before, mark) in enumerate(map(_apart, self.lines)):
                if mark == b"-->":
                    self.closers.setdefault(before, []).append(number)
        closers = self.closers.get(prefix, [])
        at = bisect_right(closers, index)
        return closers[at] - 1 if at < len(closers) else -1

    def _look_into_html(self, index: int, line: bytes, position: int) -> None:
        """Find markers among the lines of an HTML block that a blank line ends."""
        following = _next(line, position)
        if following - position <= 3 and not self.html_text and MARKER.match(line, following):
            self._note_marker(index)
        # a fence is no fence here, but what stands behind it is meant as code all the same
        self.html_text = self.html_text or _FENCE.match(line, following) is not None
        opened, ended = line.rfind(b"<!--"), line.rfind(b"-->")
        if opened > ended:
            self.html_text = self.html_comment = True
        elif ended >= 0 and self.html_comment:
            self.html_text = self.html_comment = False

    def _close_html(self, last: int) -> None:
        self.html = None
        if not self.containers:
            self.opaque.append((self.html_first, last))

    def _note_marker(self, index: int) -> None:
        raw = self.lines[index]
        found = MARKER.search(raw)
        if found:
            home = tuple(container.number for container in self.containers)
            self.markers.append(Marker(index, found.start(), home))

    def _open_blocks(self, index: int, line: bytes, position: int, matched: int) -> None:
        """Open the blocks that begin on the line, behind the containers it goes on with."""
        tip_is_paragraph = self.paragraph
        whole = matched == len(self.containers)
        interrupts = tip_is_paragraph and whole
        while True:
            following = _next(line, position)
            if following >= len(line):
                self._close_to(matched)
                self.paragraph = False
                return
            indent = following - position
            if indent >= 4:
                if tip_is_paragraph:
                    break
                self._close_to(matched)
                self.paragraph = False
                return
            mark = line[following]
            if mark == 0x3E:
                self._close_to(matched)
                position = following + 1
                if line[position : position + 1] == b" ":
                    position += 1
                self._open_container(-1, empty=False)
            elif self._open_leaf(
                index, line, following, matched, interrupts=interrupts, tip=tip_is_paragraph
            ):
                return
            else:
                item = _ITEM.match(line, following)
                if item is None or (interrupts and not _may_interrupt(item, line)):
                    break
                self._close_to(matched)
                position = self._open_item(line, position, item)
            matched = len(self.containers)
            self.paragraph = tip_is_paragraph = interrupts = False
        # plain text: it goes on with the paragraph, even where a container's mark is missing
        if not (self.paragraph and not whole and matched < len(self.containers)):
            self._close_to(matched)
            self.paragraph = True

    def _open_container(self, width: int, *, empty: bool) -> None:
        self.opened += 1
        self.containers.append(_Container(width, self.opened, empty))

    def _open_item(self, line: bytes, position: int, item: re.Match[bytes]) -> int:
        """Open a list item and return where its content begins."""
        end = item.end()
        following = _next(line, end)
        empty = following >= len(line)
        blanks = following - end
        if empty or blanks > 4:
            blanks = 1
        self._open_container(end + blanks - position, empty=empty)
        return min(end + blanks, len(line))

    def _open_leaf(
        self,
        index: int,
        line: bytes,
        at: int,
        matched: int,
        *,
        interrupts: bool,
        tip: bool,
    ) -> bool:
        """Open (or take whole) the leaf block that begins at `at`; return whether there is one."""
        mark = line[at]
        if mark in b"`~":
            found = _FENCE.match(line, at)
            if found is None:
                return False
            self._begin_leaf(matched)
            run = found[1] or found[3]
            widths = [container.width for container in self.containers]
            indent = None if -1 in widths else b" " * sum(widths)
            self.fence = _OpenFence(index, run[:1], len(run), found[2] or found[4] or b"", indent)
            return True
        if mark in b"<{":
            return self._open_html(index, line, at, matched, tip=tip)
        if mark == 0x23:
            found = _HEADING.match(line, at)
            if found is None:
                return False
            self._begin_leaf(matched)
            text = line[found.end() :].strip(b" \t")
            plain = text.rstrip(b"#")
            # closing marks count only behind a blank
            text = plain.rstrip(b" \t") if not plain or plain[-1:] in b" \t" else text
            self._note_heading(index, index + 1, len(found[0]), text)
            return True
        if mark in b"=-" and interrupts and _UNDERLINE.match(line, at):
            self.paragraph = False
            above = self.lines[index - 1]
            self._note_heading(index - 1, index + 1, 1 if mark == 0x3D else 2, above)
            return True
        if mark in b"*-_" and _BREAK.match(line, at):
            self._begin_leaf(matched)
            return True
        return False

    def _begin_leaf(self, matched: int) -> None:
        self._close_to(matched)
        self.paragraph = False

    def _note_heading(self, line: int, after: int, level: int, text: bytes) -> None:
        if not self.containers:
            plain = text.removeprefix(BOM).decode("utf-8", "replace").strip()
            self.headings.append(Heading(line, after, level, plain))

    def _open_html(self, index: int, line: bytes, at: int, matched: int, *, tip: bool) -> bool:
        end = find_end(line, at, tip=tip, mdx=self.mdx)
        if end is None:
            return False
        self._begin_leaf(matched)
        self.html_first = index
        self.html_text = self.html_comment = False
        self.html = end
        if end == ENDED_BY_BLANK:
            self._look_into_html(index, line, at)
            return True
        if MARKER.match(line, at):
            self._note_marker(index)
        if ends(end, line, at):
            self._close_html(index)
        return True


def _next(line: bytes, position: int) -> int:
    """Return the index of the first byte from `position` on that is no blank."""
    if line[position : position + 1] != b" ":
        return position
    found = _BLANKS.match(line, position)
    return found.end() if found else position


def _apart(raw: bytes) -> tuple[bytes, bytes]:
    """Return the marks of the quotes that a line stands in, and its text without blanks around.

    >>> _apart(b"> >  --> "), _apart(b"  <!--")
    ((b'>>', b'-->'), (b'', b'<!--'))
    """
    text = raw.lstrip(b" \t>")
    return raw[: len(raw) - len(text)].translate(None, b" \t"), text.rstrip()


def _may_interrupt(item: re.Match[bytes], line: bytes) -> bool:
    """Return whether a list item may begin right below a paragraph's line."""
    return bool(line[item.end() :].strip()) and item[1] in (None, b"1")
