"""Diagnostics in, lines for a reader out: full (with source and caret), concise, JSON, GitHub."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TextIO

from erdgen.cli.commands import OutputFormat
from erdgen.errors import Diagnostic, Place
from erdgen.render.width import display_width, make_visible

_COLORS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "note": "\x1b[1;36m"}
_RESET = "\x1b[0m"
_MOST_SOURCE_COLUMNS = 160
"""A longer source line (a minified file) is shown as a window around the caret."""


def report(
    diagnostics: Iterable[Diagnostic],
    output_format: OutputFormat = "full",
    stream: TextIO | None = None,
) -> None:
    """Write diagnostics to `stream` (standard error by default).

    JSON is one array a call, so a run reports once. Nothing is written where there is nothing
    to say, except for JSON on a stream that was asked for, which gets an empty array.
    """
    items = list(diagnostics)
    target = stream if stream is not None else sys.stderr
    if not items and not (output_format == "json" and stream is not None):
        return
    target.write(format_diagnostics(items, output_format, colored=wants_color(target)) + "\n")


def format_diagnostics(
    diagnostics: Sequence[Diagnostic], output_format: OutputFormat, *, colored: bool = False
) -> str:
    """Return the diagnostics as text without a newline at the end."""
    match output_format:
        case "json":
            import json  # only when asked for: start-up time

            # ASCII alone: on a stream of another encoding anything else would be no JSON any more
            return json.dumps([_as_dict(item) for item in diagnostics])
        case "github":
            return "\n".join(_github(item) for item in diagnostics)
        case "concise":
            return "\n".join(_headline(item, colored=colored) for item in diagnostics)
        case "full":
            return "\n".join(_full(item, colored=colored) for item in diagnostics)


def wants_color(stream: TextIO) -> bool:
    """Return whether colors belong on this stream (https://no-color.org, FORCE_COLOR, a tty)."""
    if os.environ.get("NO_COLOR"):
        return False
    force = os.environ.get("FORCE_COLOR")
    if force:
        return force != "0"
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _where(place: Place | None) -> str:
    if place is None:
        return "erdgen: "
    if not place.line:
        return f"{make_visible(place.file)}: "
    return f"{make_visible(place.file)}:{place.line}:{max(place.column, 1)}: "


def _headline(item: Diagnostic, *, colored: bool) -> str:
    severity = f"{item.severity}[{item.code}]" if item.severity != "note" else item.severity
    if colored:
        severity = f"{_COLORS[item.severity]}{severity}{_RESET}"
    return f"{_where(item.place)}{severity}: {make_visible(item.message)}"


def _full(item: Diagnostic, *, colored: bool) -> str:
    lines = [_headline(item, colored=colored), *_source_lines(item.place)]
    for word, place in item.related:
        lines.append(f"  {_where(place)}{make_visible(word)}")
        lines.extend(_source_lines(place))
    if item.help:
        lines.append(f"  help: {make_visible(item.help)}")
    return "\n".join(lines)


def _source_lines(place: Place | None) -> list[str]:
    """Return the source line and the caret line under it, by display width."""
    if place is None or not place.line or not place.source.strip():
        return []
    start = max(place.column - 1, 0)
    source, left, right = place.source, "", ""
    if len(source) > _MOST_SOURCE_COLUMNS:
        first = max(start - _MOST_SOURCE_COLUMNS // 2, 0)
        last = first + _MOST_SOURCE_COLUMNS
        left, right = "…" * (first > 0), "…" * (last < len(source))
        source, start = source[first:last], start - first
    before = left + make_visible(source[:start])
    marked = source[start : start + max(place.length, 1)]
    carets = "^" * max(display_width(make_visible(marked)), 1)
    shown = left + make_visible(source) + right
    number = str(place.line)
    return [
        f"  {number} | {shown}".rstrip(),
        f"  {' ' * len(number)} | {' ' * display_width(before)}{carets}",
    ]


def _as_dict(item: Diagnostic) -> dict[str, object]:
    result: dict[str, object] = {
        "severity": item.severity,
        "code": item.code,
        "message": item.message,
        "help": item.help,
    }
    if item.place is not None:
        result |= _place_dict(item.place)
    if item.related:
        result["related"] = [{"message": word} | _place_dict(p) for word, p in item.related]
    return result


def _place_dict(place: Place) -> dict[str, object]:
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "length": place.length,
    }


def _github(item: Diagnostic) -> str:
    """Return a workflow command (GitHub's "workflow commands for GitHub Actions")."""
    kind = "notice" if item.severity == "note" else item.severity
    fields = [f"title=erdgen {item.code}"]
    if item.place is not None:
        fields.append(f"file={_escape_property(item.place.file)}")
        if item.place.line:
            fields.append(f"line={item.place.line}")
            fields.append(f"col={max(item.place.column, 1)}")
    message = item.message + (f"\nhelp: {item.help}" if item.help else "")
    return f"::{kind} {','.join(fields)}::{_escape_data(message)}"


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
