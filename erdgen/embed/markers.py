"""Markers in, regions out: what each region of a document asks for, or every fault with its place.

A region is two marker lines with generated text between them:

    <!-- erdgen:begin model.yaml entities=Order,Customer detail=keys -->
    …
    <!-- erdgen:end -->
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from erdgen.embed.blocks import Marker
from erdgen.embed.jobs import Value
from erdgen.embed.scan import find_markers
from erdgen.embed.scanner import BOM
from erdgen.errors import Diagnostic, OptionError, Place, nearest

FORMATS = ("text", "mermaid", "svg", "png", "list", "tables", "states")
PICTURES = ("svg", "png")
_OWN_KEYS = ("format", "file", "dark", "alt")
_PICTURE_KEYS = ("file", "dark", "alt")

_MARKER = re.compile(r"(<!--|\{/\*)[ \t]*erdgen:([A-Za-z][\w-]*)")
_CLOSERS = {"<!--": "-->", "{/*": "*/}"}
_WORD = re.compile(r"""(?:[^\s"'=]+=)?(?:"[^"]*"|'[^']*')(?=\s|$)|\S+""")


@dataclass(frozen=True, slots=True)
class Request:
    """What a region's begin marker asks for.

    Attributes:
        model: The model's path as written, relative to the document.
        values: Option name and checked value, in the order of the marker.
        file: Where a picture is to be written, relative to the document; empty for a made name.
        dark: Whether a picture has a second one for dark pages.
        alt: The picture's alternative text; empty for one made from the model.
        place: Where the model's name stands.
        places: Where each key stands.
    """

    model: str
    place: Place
    places: tuple[tuple[str, Place], ...] = ()
    format: str = "text"
    values: tuple[tuple[str, Value], ...] = ()
    file: str = ""
    dark: bool = False
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """A region of a document: the lines from `begin` to `end`, both markers included.

    Attributes:
        prefix: What every line of the region begins with (a list item's blanks, a quote's marks).
        mdx: Whether the markers are MDX comments.
    """

    begin: int
    end: int
    prefix: str
    request: Request
    mdx: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """A marker with its words: `word` is `begin` or `end`, `words` what follows, with columns."""

    marker: Marker
    word: str
    words: tuple[tuple[str, int], ...]
    prefix: str
    place: Place
    mdx: bool


def find_regions(lines: Sequence[bytes], file: str) -> tuple[list[Region], list[Diagnostic]]:
    """Return a document's regions in order, and everything that is wrong with its markers.

    Args:
        lines: As `scan.split_lines` gives them; UTF-8.
        file: The document's name, for places; `.mdx` is MDX.
    """
    problems: list[Diagnostic] = []
    said: list[_Said] = []
    for marker in find_markers(lines, mdx=file.lower().endswith(".mdx")):
        read = _read_marker(lines[marker.line], marker, file)
        if isinstance(read, Diagnostic):
            problems.append(read)
        else:
            said.append(read)
    regions: list[Region] = []
    for begin, end in _pair(said, problems):
        request = _read_request(begin, problems)
        if request is not None:
            regions.append(
                Region(begin.marker.line, end.marker.line, begin.prefix, request, begin.mdx)
            )
    problems.sort(key=lambda item: (item.place.line, item.place.column) if item.place else (0, 0))
    return regions, problems


def _read_marker(raw: bytes, marker: Marker, file: str) -> _Said | Diagnostic:
    bom = len(BOM) if raw.startswith(BOM) and marker.line == 0 else 0
    line = raw[bom:].decode().rstrip("\r\n")
    start = len(raw[bom : marker.start].decode())
    found = _MARKER.match(line, start)
    assert found is not None  # noqa: S101 - the scanner has matched it

    def place(column: int, length: int = 1) -> Place:
        return Place(file, marker.line + 1, column + 1, length, line)

    opening, word = found[1], found[2]
    whole = place(start, len(line.rstrip()) - start)
    closing = line.find(_CLOSERS[opening], found.end())
    if word not in ("begin", "end"):
        hint = nearest(word, ("begin", "end")) or "begin' and 'erdgen:end"
        message = f"there is no marker 'erdgen:{word}'"
        at = place(found.start(2) - 7, 7 + len(word))
        return Diagnostic("unknown-marker", message, at, f"did you mean 'erdgen:{hint}'?")
    if closing < 0:
        message = f"the marker is not closed on its line with {_CLOSERS[opening]}"
        return Diagnostic("unclosed-marker", message, whole)
    behind = line[closing + len(_CLOSERS[opening]) :]
    if behind.strip(" \t"):
        column = len(line) - len(behind.lstrip(" \t"))
        message = "a marker stands alone on its line; there is text behind it"
        at = place(column, len(line.rstrip()) - column)
        return Diagnostic("marker-not-alone", message, at, "move the text to a line of its own")
    words = tuple((item[0], item.start()) for item in _WORD.finditer(line, found.end(), closing))
    # a list item's mark stands only on its first line: blanks stand below it
    prefix = re.sub(r"[^>\s]", " ", line[:start])
    return _Said(marker, word, words, prefix, whole, opening == "{/*")


def _pair(said: Sequence[_Said], problems: list[Diagnostic]) -> Iterator[tuple[_Said, _Said]]:
    """Yield the begin and end markers that belong together; report those that don't."""
    index = 0
    while index < len(said):
        begin, rest = said[index], said[index + 1 : index + 4]
        if begin.word == "end":
            problems.append(_stray(begin))
            index += 1
        elif rest and rest[0].word == "end":
            index += 2
            if rest[0].words:
                place = _at_word(rest[0], 0)
                message = "an end marker takes no words"
                problems.append(Diagnostic("unknown-key", message, place, "leave them out"))
            if begin.marker.home == rest[0].marker.home:
                yield begin, rest[0]
            else:
                problems.append(_apart(begin, rest[0]))
        elif [item.word for item in rest] == ["begin", "end", "end"]:
            problems.append(_nested(begin, rest[0]))
            index += 4
        else:
            problems.append(_unclosed(begin, rest[0] if rest else None))
            index += 1


def _stray(end: _Said) -> Diagnostic:
    return Diagnostic(
        "stray-end",
        "this end marker has no begin marker before it",
        end.place,
        "remove it, or write `<!-- erdgen:begin MODEL -->` above the diagram",
    )


def _unclosed(begin: _Said, following: _Said | None) -> Diagnostic:
    related = (("the next region begins here", following.place),) if following else ()
    return Diagnostic(
        "unclosed-region",
        "this region has no end marker",
        begin.place,
        "write `<!-- erdgen:end -->` on a line of its own below the diagram, outside of any fence",
        related=related,
    )


def _nested(outer: _Said, inner: _Said) -> Diagnostic:
    return Diagnostic(
        "nested-region",
        "a region begins inside another one",
        inner.place,
        "end the outer region first",
        related=(("the outer region begins here", outer.place),),
    )


def _apart(begin: _Said, end: _Said) -> Diagnostic:
    return Diagnostic(
        "split-region",
        "the region's begin and end stand in different list items or quotes",
        end.place,
        "indent both in the same way",
        related=(("the region begins here", begin.place),),
    )


def _read_request(begin: _Said, problems: list[Diagnostic]) -> Request | None:
    """Return what a begin marker asks for; None if something is wrong with it."""
    before = len(problems)
    if not begin.words or _key(begin.words[0][0]):
        message = "the begin marker names no model"
        help_ = "write the model's path first: `<!-- erdgen:begin model.yaml … -->`"
        problems.append(Diagnostic("no-model", message, begin.place, help_))
        return None
    model = _unquote(begin.words[0][0])
    place = _at_word(begin, 0)
    if model == "self":
        message = "reading the model from the document itself (`self`) is not built yet"
        help_ = "write a model file and name it here"
        problems.append(Diagnostic("self-not-supported", message, place, help_))
    given: dict[str, tuple[str, Place]] = {}
    for index in range(1, len(begin.words)):
        word, at = begin.words[index][0], _at_word(begin, index)
        key = _key(word)
        if not key:
            # words in a row are most likely parts of one thing: it is told once
            if index == 1 or _key(begin.words[index - 1][0]):
                message = f"'{word}' is no key=value"
                problems.append(Diagnostic("unknown-key", message, at, _how_to_write(word)))
            continue
        from erdgen.render.options import ALIASES  # most markers have no options

        value = _unquote(word[len(key) + 1 :])
        name = ALIASES.get(key, key.replace("_", "-"))
        if value[:1] in ('"', "'"):
            message = "the quote is not closed"
            problems.append(Diagnostic("bad-option-value", message, at))
        if name in given:
            message = f"'{name}' is given twice"
            related = (("first here", given[name][1]),)
            problems.append(Diagnostic("duplicate-key", message, at, related=related))
        given[name] = (value, at)
    request = _build_request(model, place, given, problems)
    return request if len(problems) == before else None


def _how_to_write(word: str) -> str:
    """Return what helps where a word of a marker is no `key=value`.

    >>> _how_to_write("--detail"), _how_to_write("legend")
    ('write detail=VALUE', 'write legend=yes')
    """
    from erdgen.render.options import BY_NAME  # only where something is wrong: start-up time

    name = word.strip("-").partition("=")[0]
    if name not in _known_keys():
        return "options are written key=value, and a path or value with blanks in quotes"
    flag = name == "dark" or (name in BY_NAME and BY_NAME[name].kind == "flag")
    return f"write {name}={'yes' if flag else 'VALUE'}"


def _build_request(
    model: str,
    place: Place,
    given: dict[str, tuple[str, Place]],
    problems: list[Diagnostic],
) -> Request:
    nowhere = ("", place)
    wanted = given.get("format", ("text", place))
    problems += _misfits(wanted[0], wanted[1], given)
    values: list[tuple[str, Value]] = []
    for name, (text, at) in given.items():
        if name in _OWN_KEYS:
            continue
        try:
            values.append(_parse(name, text, at))
        except OptionError as error:
            problems.extend(error.diagnostics)
    dark = given.get("dark", nowhere)[0] == "yes"
    file, alt = given.get("file", nowhere)[0], given.get("alt", nowhere)[0]
    places = tuple((name, at) for name, (_, at) in given.items())
    return Request(model, place, places, wanted[0], tuple(values), file, dark, alt)


def _misfits(
    format_name: str, place: Place, given: dict[str, tuple[str, Place]]
) -> Iterator[Diagnostic]:
    """Yield what does not fit the format, and what is wrong with the keys of regions alone."""
    if format_name not in FORMATS:
        hint = nearest(format_name, FORMATS)
        message = f"a region has no format '{format_name}'; it takes one of {', '.join(FORMATS)}"
        help_ = f"did you mean '{hint}'?" if hint else ""
        yield Diagnostic("bad-option-value", message, place, help_)
    elif format_name not in PICTURES:
        message = "'{}' is for pictures (format=svg or format=png)"
        yield from _misplaced(_PICTURE_KEYS, message, "", given)
    else:
        message = "a picture in a document cannot have several pages ('{}')"
        help_ = "write a region for each part, with entities= or group="
        yield from _misplaced(("split", "height"), message, help_, given)
    if "dark" in given:
        text, at = given["dark"]
        if text not in ("yes", "no"):
            message = f"'{text}' is no value for 'dark'; it takes yes or no"
            yield Diagnostic("bad-option-value", message, at)
        if text == "yes":
            message = "dark=yes draws the themes light and dark; '{}' has no place beside it"
            yield from _misplaced(("theme",), message, "", given)


def _misplaced(
    keys: Sequence[str], message: str, help_: str, given: dict[str, tuple[str, Place]]
) -> Iterator[Diagnostic]:
    for key in keys:
        if key in given:
            yield Diagnostic("option-does-not-fit", message.format(key), given[key][1], help_)


def _parse(name: str, text: str, at: Place) -> tuple[str, Value]:
    from erdgen.render.options import find_option, parse_value  # most markers have no options

    option = find_option(name, at, _known_keys())
    value = parse_value(option, text, at)
    if value == ():
        raise OptionError(Diagnostic("bad-option-value", f"'{option.name}' names nothing", at))
    return option.name, value


def _known_keys() -> tuple[str, ...]:
    from erdgen.render.options import ALIASES, BY_NAME  # most markers have no options

    return (*_OWN_KEYS, *ALIASES, *BY_NAME)


def _key(word: str) -> str:
    """Return the key of `key=value`, else an empty text.

    >>> _key("detail=keys"), _key('"a=b.yaml"'), _key("docs/model.yaml")
    ('detail', '', '')
    """
    key, equals, _ = word.partition("=")
    return key if equals and re.fullmatch(r"[A-Za-z][\w-]*", key) else ""


def _unquote(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0] else text


def _at_word(said: _Said, index: int) -> Place:
    word, column = said.words[index]
    place = said.place
    return Place(place.file, place.line, column + 1, max(len(word), 1), place.source)
