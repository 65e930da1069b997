"""The text of one file in, places in it out; and the list that problems are gathered in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, islice

from erdgen.errors import Diagnostic, Hints, ModelError, Place

LONGEST_LINE_SHOWN = 1000
"""Lines beyond this are not quoted in a message: nobody could read them, and a file of one
16 MB line with many problems would otherwise be copied for each."""

LONGEST_MESSAGE = 800
"""A message quotes a name or a text; one of a megabyte helps nobody."""

MOST_WARNINGS = 1_000
"""Further ones are dropped: a model that has so many has one cause for them."""

MOST_PROBLEMS = 10_000
"""After so many problems a file is given up: memory and the reader's patience end."""


_LARGE = 1 << 20
"""Characters of a text beyond which its lines are looked at piece by piece."""

_OF_ALIASES = ("unknown-anchor", "recursive-alias")


class Source:
    """One file's text.

    Attributes:
        name: The file's name as messages show it.
        text: Its text, without a byte order mark.
        torn: Where texts begin that YAML has torn apart; their problem has been told.
    """

    __slots__ = ("_starts", "name", "text", "torn")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.torn: set[int] = set()
        self._starts: Sequence[int] | None = None

    def place(self, index: int, length: int = 1) -> Place:
        r"""Return the place of `length` characters from `index` (counted in code points).

        Lines end at LF, CR or CRLF, as in an editor.

        >>> Source("m.yaml", "a: 1\nb: 2").place(8)
        Place(file='m.yaml', line=2, column=4, length=1, source='b: 2')
        """
        if self._starts is None:
            self._starts = _find_starts(self.text)
        line = bisect_right(self._starts, index) - 1
        start = self._starts[line]
        column = index - start + 1
        end = self.text.find("\n", start, start + LONGEST_LINE_SHOWN + 2)
        if end < 0:
            end = len(self.text)
        if line + 1 < len(self._starts):
            end = min(end, self._starts[line + 1])
        shown = ""
        if end - start <= LONGEST_LINE_SHOWN:
            shown = self.text[start:end].rstrip("\r\n")
            length = min(length, max(1, len(shown) - column + 1))
        return Place(self.name, line + 1, column, max(1, length), shown)


def _find_starts(text: str) -> Sequence[int]:
    r"""Return where the lines of a text start.

    >>> list(_find_starts("a\n\nb\r\nc\rd\n"))
    [0, 2, 3, 6, 8, 10]
    """
    if len(text) > _LARGE:
        from array import array  # a tenth of a list's memory, but it is another file to load

        starts: list[int] | array[int] = array("I", [0])
    else:
        starts = [0]
    if "\r" in text:
        starts.extend(found.end() for found in re.finditer(r"\r\n?|\n", text))
        return starts
    end = 0
    while end < len(text):
        # the lines of a piece at a time: all of them would be as large as the text once more
        begin, end = end, text.find("\n", end + _LARGE) + 1 or len(text)
        lines = text[begin:end].split("\n")
        starts.extend(
            islice(accumulate((len(line) + 1 for line in lines[:-1]), initial=begin), 1, None)
        )
    return starts


class Problems:
    """Gathers diagnostics, so that all problems of a model are told in one run."""

    __slots__ = ("errors", "files", "hints", "warnings")

    def __init__(self) -> None:
        self.errors: list[Diagnostic] = []
        self.warnings: list[Diagnostic] = []
        self.hints = Hints()
        # names of the files that are read, in that order
        self.files: list[str] = []

    def error(
        self,
        code: str,
        message: str,
        place: Place | None,
        help: str = "",  # noqa: A002 - the name of the Diagnostic's field
        related: tuple[tuple[str, Place], ...] = (),
    ) -> None:
        """Note a problem.

        Raises:
            ModelError: There are more than `MOST_PROBLEMS`.
        """
        self.add(Diagnostic(code, message, place, help, "error", related))

    def add(self, item: Diagnostic) -> None:
        """Note a problem or a warning that was found elsewhere.

        Raises:
            ModelError: There are more than `MOST_PROBLEMS`.
        """
        if len(item.message) > LONGEST_MESSAGE or not (item.message + item.help).isprintable():
            item = item._replace(message=shown(item.message), help=shown(item.help))
        if item.severity != "error":
            if len(self.warnings) < MOST_WARNINGS:
                self.warnings.append(item)
            return
        self.errors.append(item)
        if len(self.errors) >= MOST_PROBLEMS:
            self.errors.append(
                Diagnostic("too-many-problems", f"these are the first {MOST_PROBLEMS:,} problems")
            )
            raise self.failure()

    def warn(self, code: str, message: str, place: Place | None, help: str = "") -> None:  # noqa: A002
        """Note something that looks wrong but can be read."""
        self.add(Diagnostic(code, message, place, help, "warning"))

    def failure(self) -> ModelError:
        """Return the error with all problems; what follows from an alias of nothing is left out.

        An anchor that nothing refers to may have taken a text's first word, so it is told too.
        """
        nothing = {item.place for item in self.errors if item.code in _OF_ALIASES}
        starts = {(place.file, place.line, place.column) for place in nothing if place}
        return ModelError(
            self.ordered(
                [item for item in self.warnings if item.code == "unused-anchor"]
                + [
                    item
                    for item in self.errors
                    if item.code in (*_OF_ALIASES, "yaml-indicator")
                    or item.place is None
                    or (item.place.file, item.place.line, item.place.column) not in starts
                ]
            )
        )

    def ordered(self, items: list[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return diagnostics in the order of their places, each once.

        What is wrong with an anchor's node would else be told for each of its aliases.
        """
        files = {name: number for number, name in reversed(list(enumerate(self.files)))}
        once: dict[tuple[str, str, Place | None], Diagnostic] = {}
        for item in items:
            once.setdefault((item.code, item.message, item.place), item)
        return tuple(sorted(once.values(), key=lambda item: _rank(item, files)))


def shown(message: str) -> str:
    r"""Return a message that can be printed: not endless, with escapes for control characters.

    A message quotes what stands in the file, and that may be anything.

    >>> shown("no key 'a" + chr(27) + "'")
    "no key 'a\\x1b'"
    """
    if len(message) > LONGEST_MESSAGE:
        message = message[:LONGEST_MESSAGE] + "…"
    if message.isprintable():
        return message
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in message
    )


def _rank(item: Diagnostic, files: dict[str, int]) -> tuple[int, int, int]:
    place = item.place
    if place is None:
        return len(files), 0, 0
    return files.get(place.file, len(files)), place.line, place.column
