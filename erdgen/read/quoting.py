"""A text that YAML did not read as one in, the help that shows it in quotes out."""

from __future__ import annotations

import re

from erdgen.read.source import Source

_LONGEST_HINT = 120
# what stands before a value on its line: list dashes, then perhaps a key
_BEFORE_VALUE = re.compile(
    r"""\s*(?:-\s+)*(?:(?:"[^"]*"|'[^']*'|[^\s'"\[{#:][^#]*?)\s*:\s+(?=\S))?"""
)

# quotes with their inside, the colon behind a key, any other character
_PIECE = re.compile(r"""'[^'\n]*'|"[^"\n]*"|:\s|.""", re.S)


def quoted(text: str) -> str:
    r"""Return a text in quotes as YAML reads them.

    >>> quoted("numeric(10,2)"), quoted("'a' | 'b'")
    ("'numeric(10,2)'", '"\'a\' | \'b\'"')
    """
    if text[:1] == text[-1:] and text[:1] in {"'", '"'} and text.count(text[0]) == 3:
        # 'it's': the quotes around it were meant as such
        text = text[1:-1]
    if "'" in text and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def quote_hint(text: str) -> str:
    """Return the help that asks for quotes around a text."""
    text = text.strip()
    if not text or len(text) > _LONGEST_HINT or "\n" in text:
        return "put the whole text in quotes"
    return f"put the whole text in quotes: {quoted(text)}"


def value_start(text: str, at: int) -> int:
    """Return where the value begins on the line of `at`."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", start)
    found = _BEFORE_VALUE.match(text, start, end if end >= 0 else len(text))
    return found.end() if found else start


def flow_text(text: str, bracket: int, at: int) -> tuple[int, str]:
    """Return where the text begins that `at` lies in, of a flow collection, and the text as meant.

    Parentheses and quotes keep their inside together, as the writer will have thought.

    >>> flow_text("{a: int, b: enum('x', 'y'), c: d}", 0, 22)
    (12, "enum('x', 'y')")

    Args:
        text: The whole text.
        bracket: Where the collection's bracket stands.
        at: A place inside of the collection.
    """
    start, end, depth = bracket + 1, len(text), 0
    for piece in _PIECE.finditer(text, start):
        char = piece[0]
        if char in "()":
            depth += 1 if char == "(" else -1
        elif depth <= 0 and (char in ",[]{}\n" or char == ": "):
            if piece.start() >= at:
                end = piece.start()
                break
            start, depth = piece.end(), 0
    value = text[start:end]
    return start + len(value) - len(value.lstrip()), value.strip()


def hint_at(source: Source, at: int) -> str:
    """Return the help that asks for quotes around the value on the line of `at`."""
    text = source.text
    start = value_start(text, at)
    end = text.find("\n", start)
    value = text[start : end if end >= 0 else len(text)]
    return quote_hint(re.split(r"\s#", value)[0])


def hint_from(source: Source, at: int) -> str:
    """Return the help that asks for quotes around the text that begins at `at`.

    Inside of brackets it ends at the next comma or bracket, elsewhere with its line.
    """
    if value_start(source.text, at) == at:
        return hint_at(source, at)
    return quote_hint(re.split(r"[,\]}\n]", source.text[at : at + _LONGEST_HINT])[0])
