"""What is to be embedded in, the words of its marker out."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from erdgen.embed.jobs import Value
from erdgen.embed.markers import find_regions
from erdgen.embed.scan import split_lines
from erdgen.errors import Diagnostic, DocumentError, OptionError
from erdgen.render.options import ALIASES

_IN_MARKERS = {name: alias for alias, name in ALIASES.items()}
"""How an option is called in a marker that we write, where not by its own name."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be embedded, and where.

    Attributes:
        model: The model's path as the marker will have it.
        format: Empty for the one that fits the place.
        values: Option values for the marker.
        extra: Further keys for the marker (`file`, `dark`, `alt`).
        replace: Whether a drawing by hand may go.
        after: The heading that says where; empty for the place that the document keeps.
        line: The line (from 1) that says where; 0 for none.
    """

    model: str
    format: str = ""
    values: Mapping[str, Value] | None = None
    extra: Mapping[str, str] | None = None
    replace: bool = False
    after: str = ""
    line: int = 0


def find_same(data: bytes, name: str, wanted: Wanted) -> int:
    """Return the line (from 1) of a region that shows what is wanted, 0 if there is none.

    What a region got for its place (`insert`: Mermaid where Mermaid stood, the notation of the
    template's legend, a legend of its own) makes no difference where nothing else is wanted.

    Raises:
        DocumentError: The document's markers are at fault.
    """
    regions, problems = find_regions(split_lines(data), name)
    if problems:
        raise DocumentError(problems)
    values = dict(wanted.values or {})
    formats = (wanted.format,) if wanted.format else ("text", "mermaid")
    file = (wanted.extra or {}).get("file", "")
    for region in regions:
        request = region.request
        given = {
            key: value
            for key, value in request.values
            if key in values or key not in ("notation", "legend")
        }
        same = os.path.normpath(request.model) == os.path.normpath(wanted.model)
        if same and request.format in formats and given == values and file in ("", request.file):
            return region.begin + 1
    return 0


def make_marker(
    wanted: Wanted, format_name: str, values: Mapping[str, Value], *, mdx: bool = False
) -> str:
    """Return the begin marker.

    Raises:
        OptionError: A value cannot be written in a marker.
    """
    words = [_word(wanted.model)]
    if format_name != "text":
        words.append(f"format={format_name}")
    named = {_IN_MARKERS.get(key, key): value for key, value in values.items()}
    for key, value in {**named, **(wanted.extra or {})}.items():
        text = "none" if key == "width" and not value else _as_text(value)
        words.append(f"{key}={_word(text)}")
    opening, closing = ("{/*", "*/}") if mdx else ("<!--", "-->")
    text = " ".join(words)
    if closing in text or "\n" in text or "\r" in text:
        message = f"a marker cannot hold '{closing}' or a line end"
        raise OptionError(Diagnostic("bad-option-value", message))
    return f"{opening} erdgen:begin {text} {closing}"


def _as_text(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(value)
    return "none" if value is None else str(value)


def _word(text: str) -> str:
    """Return a value as it stands in a marker.

    >>> _word("a.yaml"), _word("my model.yaml")
    ('a.yaml', '"my model.yaml"')
    """
    if text and not re.search(r"[\s\"']", text):
        return text
    if '"' not in text:
        return f'"{text}"'
    if "'" in text:
        message = f"a marker cannot hold both kinds of quotes: {text}"
        raise OptionError(Diagnostic("bad-option-value", message))
    return f"'{text}'"
