"""What readers and renderers say in, the same with places and words of a document out."""

from __future__ import annotations

import re

from erdgen.embed.markers import Request
from erdgen.errors import Diagnostic, Place


def find_place(item: Diagnostic, request: Request) -> Place:
    """Return the place of the marker's key that a problem is about, else the model's."""
    words = f" {item.message} ".replace("'", " ").replace("--", " ").replace(":", " ")
    for name, place in request.places:
        if f" {name} " in words:
            return place
    return next(
        (place for name, place in request.places if name in ("only", "exclude", "around", "group")),
        request.place,
    )


def put_in_marker_words(text: str) -> str:
    """Return a help text with the command line's options as a marker has them.

    >>> put_in_marker_words("--width 106 --detail full")
    'width=106 detail=full'
    >>> put_in_marker_words("leave out --legend")
    'leave out legend'
    """
    return re.sub(r"--([a-z][a-z-]*)(?: (?=[\w]))?", r"\1=", text + " ").replace("= ", " ").strip()


def quote_path(name: str) -> str:
    """Return a path as a shell takes it for one.

    >>> quote_path("my doc.md"), quote_path("-x.md")
    ("'my doc.md'", './-x.md')
    """
    import shlex  # only where something is stale: start-up time

    return shlex.quote(f"./{name}" if name.startswith("-") else name)
