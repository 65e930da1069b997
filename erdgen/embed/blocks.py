"""What stands where in a Markdown document: markers, headings, fences."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marker:
    """A line that is an erdgen marker by the block structure; its words are not read yet.

    Attributes:
        line: Index of its line.
        start: Byte at which the comment opens.
        home: The containers it stands in, as numbers; equal for two lines of one container.
    """

    line: int
    start: int
    home: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading outside every container.

    Attributes:
        line: Index of its (last) line of text; `after` the index of the line after the heading.
    """

    line: int
    after: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced code block outside every container.

    Attributes:
        first: Index of the opening line.
        last: Index of the closing line, or of the last line of the document if it is unclosed.
        info: The info string.
        closed: Whether it has a closing line.
    """

    first: int
    last: int
    info: str
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Blocks:
    """What stands where in a document.

    Attributes:
        body: Index of the first line after the front matter (0 without one).
        opaque: Lines, as (first, last), outside every container that are HTML or a comment.
        nested: Indices of the lines that stand in a list or a block quote.
    """

    markers: tuple[Marker, ...]
    headings: tuple[Heading, ...]
    fences: tuple[Fence, ...]
    body: int
    opaque: tuple[tuple[int, int], ...] = ()
    nested: frozenset[int] = frozenset()
