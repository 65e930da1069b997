"""Pictures beside documents: what they show as a hash, stored inside them, and whether it holds.

A picture that erdgen writes carries a stamp: the hash of what it shows (the selected model, the
options, erdgen's drawing version) and the hash of its own bytes. So whether it is fresh and whole
is seen without drawing it, and without Graphviz.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

from erdgen.model.graph import Graph
from erdgen.render import DRAWING_VERSION
from erdgen.render.options import TEXT_DRAWING, Options

_NOT_SHOWN = frozenset({"timeout", "graphviz", "file", *(option.name for option in TEXT_DRAWING)})
"""Options that change nothing in what a picture says."""
_WORD = b"erdgen-picture"
_SVG_STAMP = re.compile(rb"<!-- erdgen-picture ([0-9a-f]{32}) ([0-9a-f]{32}) -->\r?\n")
_XML = re.compile(rb"\s*<\?xml[^>]*\?>[ \t]*\r?\n?")
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_HEAD = len(_PNG_SIGNATURE) + 25
"""Where the chunk behind IHDR begins."""
_STAMP_WITHIN = 1024
_MOST_NAMES = 60
"""Entities that an alternative text names one by one."""


def fingerprint(graph: Graph, format_name: str, options: Options) -> str:
    """Return a hash of what a picture shows: the selected model, its options, the version.

    Neither places in the model file nor documentation that no picture shows go in, so comments
    and order of keys in the file make nothing stale.

    Raises:
        OptionError: The theme is none.
    """
    from erdgen.render.picture.themes import (
        load_theme,  # a theme file may change under the same name
    )

    model, theme = graph.model, load_theme(options.theme)
    shown = [
        f"version {DRAWING_VERSION} {format_name}",
        *(
            f"{name}={value!r}"
            for name, value in options._asdict().items()
            if name not in _NOT_SHOWN and name != "theme"
        ),
        repr((sorted(theme.colors.items()), sorted((theme.night or {}).items()), theme.headers)),
        repr((model.name, model.title, model.description, model.enums, model.groups)),
        *(
            repr((e.name, e.attributes, e.description, e.table, e.group, e.unique, e.indexes))
            for e in model.entities
        ),
        *(repr(e.checks) for e in model.entities),
        repr(graph.relationships),
        repr((graph.junctions, graph.outside, graph.folded)),
    ]
    return _hash("\n".join(shown).encode("utf-8", "backslashreplace"))


def stamp(data: bytes, key: str) -> bytes:
    """Return a picture with its stamp, at the beginning so that a cut end leaves it readable.

    Args:
        data: SVG or PNG bytes.
        key: What `fingerprint` gave for it.
    """
    if data.startswith(_PNG_SIGNATURE):
        text = _WORD + b"\0" + f"{key} {_hash(data)}".encode()
        chunk = b"tEXt" + text
        packed = len(text).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
        return data[:_PNG_HEAD] + packed + data[_PNG_HEAD:]
    # fixers of trailing blanks and final newlines must find nothing to do
    clean = b"\n".join(line.rstrip() for line in data.split(b"\n")).rstrip() + b"\n"
    found = _XML.match(clean)
    at = found.end() if found else 0
    line = f"<!-- {_WORD.decode()} {key} {_hash(clean)} -->\n".encode()
    return clean[:at] + line + clean[at:]


def read_stamp(data: bytes) -> tuple[str, bool]:
    """Return the key stored in a picture (empty if none) and whether the picture is whole."""
    if data.startswith(_PNG_SIGNATURE):
        return _read_png_stamp(data)
    found = _SVG_STAMP.search(data, 0, _STAMP_WITHIN)
    if found is None:
        return "", False
    rest = data[: found.start()] + data[found.end() :]
    # a checkout may have turned the line ends of a text file
    whole = _hash(rest.replace(b"\r\n", b"\n")) == found[2].decode()
    return found[1].decode(), whole


def _read_png_stamp(data: bytes) -> tuple[str, bool]:
    length = int.from_bytes(data[_PNG_HEAD : _PNG_HEAD + 4], "big")
    chunk = data[_PNG_HEAD + 4 : _PNG_HEAD + 8 + length]
    if not chunk.startswith(b"tEXt" + _WORD + b"\0"):
        return "", False
    key, _, digest = chunk[5 + len(_WORD) :].decode("ascii", "replace").partition(" ")
    end = _PNG_HEAD + 12 + length
    whole = _hash(data[:_PNG_HEAD] + data[end:]) == digest and data[end - 4 : end] == zlib.crc32(
        chunk
    ).to_bytes(4, "big")
    return key, whole


def _hash(data: bytes) -> str:
    import hashlib  # only where there are pictures: start-up time

    return hashlib.sha256(data).hexdigest()[:32]


def describe(graph: Graph) -> str:
    """Return the alternative text of a picture: its entities and how many relationships."""
    names = [entity.name for entity in graph.model.entities]
    count = len(graph.relationships)
    relationships = f"{count} relationship{'' if count == 1 else 's'}"
    if not names:
        return "Entity relationship diagram without entities"
    if len(names) > _MOST_NAMES:
        more = len(names) - _MOST_NAMES
        names = [*names[:_MOST_NAMES], f"{more} more entit{'y' if more == 1 else 'ies'}"]
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return " ".join(f"Entity relationship diagram of {listed} with {relationships}".split())


def make_file_name(model: str, format_name: str, values: Iterable[tuple[str, object]]) -> str:
    """Return the name of a picture, made from the model's and what the marker says.

    >>> make_file_name("shop", "svg", [])
    'shop.svg'
    >>> make_file_name("shop", "svg", [("only", ("Order", "Customer")), ("detail", "keys")])
    'shop-detail-keys-only-order-customer.svg'
    """
    said = sorted((name, value) for name, value in values if name not in _NOT_SHOWN)
    words = [word for name, value in said for word in (name, *_words(value))]
    slug = "-".join([model, *words]).lower() if words else model
    plain = all(re.fullmatch(r"[A-Za-z0-9_-]+", word) for word in words)
    if not plain or len(slug) - len(model) > 60 or not _may_be_told(said):
        slug = f"{model}-{_hash(repr(said).encode('utf-8', 'backslashreplace'))[:10]}"
    return f"{slug}.{format_name}"


def _words(value: object) -> list[str]:
    if isinstance(value, tuple):
        return [str(item) for item in value]
    return [
        {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    ]


def _may_be_told(said: list[tuple[str, object]]) -> bool:
    """Return whether no two different requests can have the same words (case counts)."""
    return not any("-" in word for _, value in said for word in _words(value))
