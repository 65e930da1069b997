"""A document's lines and the new lines of its regions in, a unified diff out."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from erdgen.embed.markers import Region
from erdgen.embed.splice import splice

_CONTEXT = 3
_ODD = re.compile(r'[\x00-\x1f\x7f"\\]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_HUNK = re.compile(r"@@ -(\d+)(,\d+)? \+(\d+)(,\d+)? @@")


def make_diff(
    lines: Sequence[bytes], changes: Sequence[tuple[Region, Sequence[str]]], name: str
) -> str:
    """Return the unified diff of a document; only the regions that change are compared.

    Args:
        lines: The document's lines with their ends.
        changes: Regions with their new lines, in order.
        name: The document's name.
    """
    if any(line.endswith(b"\r") for line in lines):
        # `patch` and `git apply` know no lone CR as a line end
        return make_whole_diff(b"".join(lines), splice(lines, changes), name)
    parts = _make_head(name)
    shift = 0
    for window in _windows(changes, len(lines)):
        first, last, inside = window
        old = [line.decode() for line in lines[first:last]]
        new: list[str] = []
        after = first
        for region, body in inside:
            marker = lines[region.begin].decode()
            end = marker[len(marker.rstrip("\r\n")) :]
            new += [line.decode() for line in lines[after : region.begin + 1]]
            new += [line + end for line in body]
            after = region.end
        new += [line.decode() for line in lines[after:last]]
        hunks = list(difflib.unified_diff(old, new, n=_CONTEXT))[2:]
        parts += [_move(line, first, first + shift) for line in hunks]
        shift += len(new) - len(old)
    return "".join(part if part.endswith("\n") else _without_end(part) for part in parts)


def make_whole_diff(old: bytes, new: bytes, name: str) -> str:
    """Return the unified diff of two forms of a document, compared as a whole."""
    before, after = _split(old), _split(new)
    hunks = list(difflib.unified_diff(before, after, n=_CONTEXT))[2:]
    parts = [*_make_head(name), *hunks]
    return "".join(part if part.endswith("\n") else _without_end(part) for part in parts)


def _split(data: bytes) -> list[str]:
    """Return the lines as `patch` sees them, each with its line feed."""
    lines = [f"{line}\n" for line in data.decode().split("\n")]
    lines[-1] = lines[-1].removesuffix("\n")
    return lines if lines[-1] else lines[:-1]


def _make_head(name: str) -> list[str]:
    return [f"--- {_quote(f'a/{name}')}\n", f"+++ {_quote(f'b/{name}')}\n"]


def _quote(path: str) -> str:
    r"""Return a path as git and GNU patch read it back from the head of a diff.

    >>> _quote("a/doc.md"), _quote("a/my doc.md"), _quote('a/"x".md')
    ('a/doc.md', 'a/my doc.md\t', '"a/\\"x\\".md"')
    """
    if _ODD.search(path):
        plain = _ODD.sub(lambda found: _ESCAPES.get(found[0]) or f"\\{ord(found[0]):03o}", path)
        return f'"{plain}"'
    return f"{path}\t" if " " in path else path


def _windows(
    changes: Sequence[tuple[Region, Sequence[str]]], total: int
) -> list[tuple[int, int, list[tuple[Region, Sequence[str]]]]]:
    """Return stretches of lines that hold the changes and their context, none overlapping."""
    windows: list[tuple[int, int, list[tuple[Region, Sequence[str]]]]] = []
    for region, body in changes:
        first = max(region.begin + 1 - _CONTEXT, 0)
        last = min(region.end + _CONTEXT, total)
        if windows and first <= windows[-1][1]:
            before = windows.pop()
            windows.append((before[0], last, [*before[2], (region, body)]))
        else:
            windows.append((first, last, [(region, body)]))
    return windows


def _move(line: str, old: int, new: int) -> str:
    """Return a hunk's head with its line numbers counted in the whole document."""
    found = _HUNK.match(line)
    if found is None:
        return line
    # an empty side is numbered by the line before it, which the shift does not change
    return f"@@ -{int(found[1]) + old}{found[2] or ''} +{int(found[3]) + new}{found[4] or ''} @@\n"


def _without_end(line: str) -> str:
    return f"{line}\n\\ No newline at end of file\n"
