"""PyYAML's complaints in, plain words and a way to mend it out.

PyYAML says what it expected next; a reader wants to know which text of theirs is at fault. So
the line is looked at again: nearly always a value begins with a character that means something
to YAML, and quotes mend it.
"""

from __future__ import annotations

import re
from typing import Protocol

from erdgen.errors import Place
from erdgen.read.quoting import flow_text, hint_at, hint_from, quote_hint, value_start
from erdgen.read.source import Source

Explanation = tuple[str, str, Place, str]
"""Code, message, place and help of a Diagnostic."""

_LONGEST_KEY = 1024
_INDICATORS = "*&!%@`{[?|>"
_CROW = re.compile(r"\}[o|](--|\.\.)(\|\||o\||o\{|\|\{)", re.I)


class _Mark(Protocol):
    index: int


class _Error(Protocol):
    """PyYAML's error that has places."""

    problem_mark: _Mark | None
    context_mark: _Mark | None
    problem: str | None
    context: str | None


def explain(error: _Error, source: Source, bracket: int = -1) -> Explanation:
    """Return what a syntax error means.

    Args:
        error: What PyYAML said.
        source: The file.
        bracket: Where the innermost open bracket is, -1 if there is none.
    """
    mark, context = error.problem_mark, error.context_mark
    at = min(mark.index, len(source.text)) if mark else 0
    since = min(context.index, len(source.text)) if context else at
    problem, where = error.problem or "", error.context or ""
    if bracket >= 0 and not source.text[at:].strip():
        where, since = "flow mapping", bracket
    return (
        _tab(source, at, problem)
        or _document(source, at, since, problem, where)
        or _quotes(source, at, since, problem, where)
        or _crow(source, at)
        or _behind_quote(source, at, bracket, problem, where)
        or _value(source, at, since, problem, where)
        or _flow(source, at, since, where, bracket)
        or _structure(source, at, since, problem, where)
        or ("yaml-syntax", f"this is no YAML: {problem}", source.place(at), "")
    )


def _tab(source: Source, at: int, problem: str) -> Explanation | None:
    if source.text[at : at + 1] != "\t" or not ("token" in problem or "tab" in problem):
        return None
    before = source.text[source.text.rfind("\n", 0, at) + 1 : at]
    if before.strip():
        return "tab", "a tab stands here; YAML wants blanks", source.place(at), ""
    return (
        "tab",
        "a tab stands here as indentation; YAML indents with blanks",
        source.place(at),
        "replace it by blanks",
    )


def _document(source: Source, at: int, since: int, problem: str, where: str) -> Explanation | None:
    place = source.place(at)
    if "directive" in where or "incompatible" in problem:
        message = "a line that begins with % is a YAML directive, and this one cannot be read"
        return "yaml-syntax", message, place, "leave it out"
    if "document start" in problem:
        message = "the YAML document has ended before this line, or has not begun (`---`)"
        return "yaml-syntax", message, place, ""
    if "tag" in where or "tag handle" in problem:
        return (
            "unknown-tag",
            "a text cannot begin with ! (YAML takes it for a tag)",
            source.place(since),
            hint_from(source, since),
        )
    return None


def _quotes(source: Source, at: int, since: int, problem: str, where: str) -> Explanation | None:
    if "quoted scalar" not in where and "double-quoted" not in where:
        return None
    if "end of stream" in problem or "document indicator" in problem:
        quote = source.text[since : since + 1]
        return "yaml-syntax", f"this {quote} is never closed", source.place(since), ""
    if source.text[at : at + 1] != "\\":
        at = max(source.text.rfind("\\", since, at + 1), since)
    return (
        "yaml-syntax",
        "this is no escape that YAML knows",
        source.place(at, 2),
        "write \\\\ for a backslash, or use single quotes",
    )


def _crow(source: Source, at: int) -> Explanation | None:
    """Explain a crow's foot whose `}` has closed the mapping that it stands in."""
    found = _CROW.match(source.text, at - 1) if at else None
    if not found:
        return None
    message = "YAML takes this } for the end of the mapping"
    return "yaml-indicator", message, source.place(at - 1, len(found[0])), quote_hint(found[0])


def _behind_quote(
    source: Source, at: int, bracket: int, problem: str, where: str
) -> Explanation | None:
    """Explain a text inside of brackets that has quotes in it, but not around it."""
    token = "start any token" in problem
    if bracket < 0 or not (token or "flow" in where) or source.text[at : at + 1] in "[{":
        return None
    if source.text[bracket:at].rstrip()[-1:] not in {"'", '"'}:
        return None
    start, text = flow_text(source.text, bracket, at)
    if re.search(r"\([^)]*,", text):
        message = f"YAML tears '{text}' apart at its comma"
        return "torn-text", message, source.place(start, len(text)), quote_hint(text)
    message = "the text goes on behind its closing quote"
    return "yaml-indicator", message, source.place(at), quote_hint(text)


def _value(source: Source, at: int, since: int, problem: str, where: str) -> Explanation | None:
    """Explain a value that begins with a character that means something to YAML."""
    text = source.text
    hint = hint_at(source, at)
    if "start any token" in problem or "alias" in where or "anchor" in where:
        char = text[since : since + 1]
        message = f"a text cannot begin with {char}"
        return "yaml-indicator", message, source.place(since), hint_from(source, since)
    start = value_start(text, since if "block scalar" in where else at)
    first = text[start : start + 1]
    behind = start < at and not text[start:at].isspace() and "\n" not in text[start:at]
    if not behind:
        return None
    if first in "'\"" and ("expected key" in problem or "block" in problem or "block" in where):
        message = "the text goes on behind its closing quote"
        return "yaml-indicator", message, source.place(at), hint
    if "block scalar" in where or (
        first in _INDICATORS and ("expected key" in problem or "block end" in problem)
    ):
        message = f"a text cannot begin with {first}"
        return "yaml-indicator", message, source.place(start), hint
    return None


def _flow(source: Source, at: int, since: int, where: str, bracket: int) -> Explanation | None:
    if "flow mapping" not in where and "flow sequence" not in where and "flow node" not in where:
        return None
    text = source.text
    opening = text[since : since + 1]
    char = text[at : at + 1]
    if char in "[{?" and char and text[at - 1 : at] not in ":,[{ \n":
        # a word that holds a bracket, such as `text[]`
        start = max(text.rfind(mark, since, at) for mark in ",:{[\n") + 1
        end = next((i for i in range(at, len(text)) if text[i] in ",}\n"), len(text))
        word = text[start:end].strip()
        if opening == "[" and word.count("[") < word.count("]"):
            word = word.removesuffix("]")
        if text[at - 1] in "'\"":
            word = flow_text(text, since, at)[1]
        return (
            "yaml-indicator",
            f"inside of {{ }} and [ ] a text that holds {char} must be quoted",
            source.place(at),
            quote_hint(word),
        )
    if opening in "[{" and opening:
        closing = "}" if opening == "{" else "]"
        return (
            "yaml-syntax",
            f"this {opening} is not closed by {closing}, or a comma is missing in it",
            source.place(since),
            _hint_of_text(source, since),
        )
    hint = _hint_of_text(source, bracket) if bracket >= 0 else ""
    return "yaml-syntax", f"'{char}' cannot stand inside of {{ }} or [ ]", source.place(at), hint


def _hint_of_text(source: Source, at: int) -> str:
    """Return the help where a text may have been meant that begins with a bracket."""
    end = source.text.find("\n", at)
    line = source.text[at : end if end >= 0 else len(source.text)]
    if value_start(source.text, at) != at or re.search(r":(\s|$)|,", line):
        return ""
    return f"if it is a text, {hint_at(source, at)}"


def _structure(source: Source, at: int, since: int, problem: str, where: str) -> Explanation | None:
    """Explain lines that do not fit together: indentation, colons, dashes."""
    text = source.text
    line_start = text.rfind("\n", 0, at) + 1
    first_on_line = not text[line_start:at].strip()
    if "mapping values" in problem:
        return _second_colon(source, at, line_start)
    if "mapping keys" in problem:
        return (
            "yaml-indicator",
            "a text cannot begin with ?",
            source.place(at),
            hint_at(source, at),
        )
    if "sequence entries" in problem:
        message = "a list cannot begin on the line of its key"
        return "yaml-syntax", message, source.place(at), "write its items on lines of their own"
    if "simple key" in where:
        end = text.find("\n", since)
        word = text[since : end if end >= 0 else len(text)].strip()
        return (
            "yaml-syntax",
            "a key and ':' are expected here",
            source.place(since, max(1, len(word))),
            "",
        )
    if "node content" in problem:
        char = text[at : at + 1]
        hint = hint_at(source, at)
        return "yaml-indicator", f"a text cannot begin with {char}", source.place(at), hint
    if first_on_line and (
        "expected key" in problem or "'-' indicator" in problem or "block end" in problem
    ):
        if text[at : at + 1] == ":":
            message = "a key is missing before ':'"
        elif text[at : at + 1] == "-":
            message = "a list item stands where a key is expected"
        elif "collection" in where:
            message = "a key stands where a list item is expected"
        else:
            message = "the indentation of this line fits none of the lines above"
        return "indentation", message, source.place(at), ""
    return None


def _second_colon(source: Source, at: int, line_start: int) -> Explanation:
    text = source.text
    start = value_start(text, at)
    line = text[line_start:at]
    if start > line_start and ":" in text[line_start:start] and start < at:
        return (
            "yaml-indicator",
            "a text that holds ': ' must be quoted",
            source.place(at),
            hint_at(source, at),
        )
    if at - line_start > _LONGEST_KEY:
        message = f"YAML reads no key of more than {_LONGEST_KEY:,} characters"
        return "yaml-syntax", message, source.place(line_start), ""
    above = text[:line_start].rstrip()
    above = above[above.rfind("\n") + 1 :]
    if re.search(r":\S", above) and not re.search(r":\s|:$", above):
        message = "the line above this one has no blank after its ':'"
    elif ":" not in above:
        message = "the line above this one has no ':', so YAML takes both for one text"
    elif len(line) - len(line.lstrip()) > len(above) - len(above.lstrip()):
        message = "this line is indented below a key that has a value on its own line"
    else:
        message = "a ':' cannot stand here"
    return "indentation", message, source.place(at), ""
