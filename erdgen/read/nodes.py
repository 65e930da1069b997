"""Nodes of a YAML tree in, plain values out: texts, flags, lists, mappings with known keys.

Each function notes what does not fit (with its place) and returns a value to go on with, so that
all problems of a file are told in one run.
"""

from __future__ import annotations

import re
from collections.abc import Collection as Names
from collections.abc import Iterator

from erdgen.errors import Place, nearest
from erdgen.read.shortforms import ShortFormError
from erdgen.read.source import Problems, Source
from erdgen.read.tree import UNKNOWN_ALIAS, Collection, Node, Scalar, pairs

Pairs = list[tuple[Scalar, Node]]

_YES = {"yes", "true", "on", "y", "1"}
_NO = {"no", "false", "off", "n", "0"}
_AS_BLANKS = str.maketrans("\t\r\n", "   ")

# What a name or a label must not hold: control characters and line ends (a box has one line for
# it), marks that turn the direction of all text behind them, and halves of surrogate pairs and
# non-characters (which no output can encode).
_HARMFUL = (
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff\ufff9-\ufffb\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
    )
    + "]"
)
# Characters that show nothing; a name needs one beside them.
_INVISIBLE = (
    r"[\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]*"
)


class FileNodes:
    """The nodes of one file: its text for places, and the list that takes problems."""

    __slots__ = ("problems", "source")

    def __init__(self, source: Source, problems: Problems) -> None:
        self.source = source
        self.problems = problems

    # --- places and problems ----------------------------------------------------------------

    def place(self, node: Node, offset: int = 0, length: int = 0) -> Place:
        """Return the place of a node, or of a part of its text if it can be told."""
        start = node.start
        if isinstance(node, Collection):
            return self.source.place(start)
        text, file = node.text, self.source.text
        if file[start : start + 1] in {"&", "!"} and node.style != UNKNOWN_ALIAS:
            # the text stands behind its anchor and tag
            before = re.compile(r"(?:[&!]\S*\s+)+").match(file, start)
            start = before.end() if before else start
        inside = start + (1 if node.style in {"'", '"'} else 0)
        if node.style in {"|", ">"} or not file.startswith(text, inside):
            # block scalars, escapes: the text in the file is another than the value
            return self.source.place(start, max(1, len(text) if not node.style else 1))
        if not length:
            return self.source.place(start, max(1, len(text) + 2 * (inside - start)))
        return self.source.place(inside + offset, length)

    def error(
        self,
        code: str,
        message: str,
        node: Node,
        help: str = "",  # noqa: A002 - the name of the Diagnostic's field
        related: tuple[tuple[str, Place], ...] = (),
    ) -> None:
        """Note a problem at a node."""
        self.problems.error(code, message, self.place(node), help, related)

    def short_form(self, error: ShortFormError, node: Node) -> None:
        """Note what is wrong with a short form, at the part of the text that is wrong."""
        help_ = error.help
        if error.code == "unbalanced":
            if node.start in self.source.torn:
                return
            help_ = self._cut_short(node)
        self.problems.error(
            error.code, error.message, self.place(node, error.offset, error.length), help_
        )

    def _cut_short(self, node: Node) -> str:
        """Return the help where YAML has ended a plain text at a comment, comma or bracket."""
        from erdgen.read.quoting import flow_text, quote_hint  # only when something is wrong

        if not isinstance(node, Scalar) or node.style:
            return ""
        line = self.source.text[node.start :].partition("\n")[0]
        rest = line.removeprefix(node.text)
        end = rest.lstrip()[:1]
        if len(rest) == len(line) or not end or end not in "#,]}":
            return ""
        if end == "#":
            return f"YAML takes what follows the # for a comment; {quote_hint(line)}"
        _, whole = flow_text(self.source.text, node.start - 1, node.start)
        if whole.count("(") != whole.count(")"):
            return ""
        return f"inside of {{ }} and [ ] YAML ends a text at this {end}; {quote_hint(whole)}"

    # --- values -----------------------------------------------------------------------------

    def text(self, node: Node, what: str) -> str:
        """Return a text as it stands, empty for nothing; `what` names it for a message."""
        if isinstance(node, Scalar):
            if not node.style and not node.text:
                return ""
            if not node.text.isprintable():
                self._check_text(node)
            return node.text.strip()
        self.not_text(node, what)
        return ""

    def line(self, node: Node, what: str) -> str:
        """Return a text with each line end and run of blanks made one blank."""
        return join_blanks(self.text(node, what))

    def not_text(self, node: Collection, what: str) -> None:
        """Note that a list or mapping stands where a text belongs."""
        kind = "mapping" if node.mapping else "list"
        advice = self.quote_flow(node)
        self.error("not-a-text", f"{what} must be a text, not a {kind}", node, advice)

    def quote_flow(self, node: Collection) -> str:
        """Return the help where a text may have been meant that begins with a bracket or a ?."""
        if not node.flow and self.source.text[node.start : node.start + 1] != "?":
            return ""
        from erdgen.read.quoting import hint_at, value_start  # only when something is wrong

        if value_start(self.source.text, node.start) == node.start:
            return hint_at(self.source, node.start)
        return f"a text that begins with {'{' if node.mapping else '['} must be quoted"

    def flag(self, node: Node, what: str) -> bool:
        """Return what yes or no says."""
        word = self.text(node, what).lower()
        if word not in _YES and word not in _NO and isinstance(node, Scalar):
            self.error("not-a-flag", f"{what} is yes or no, not '{word}'", node)
        return word in _YES

    def name(self, node: Node, what: str) -> str | None:
        """Return a name that can be drawn, None (and a problem) for another."""
        if not isinstance(node, Scalar):
            self.not_text(node, what)
            return None
        text = node.text
        if text.isascii() and text.isprintable() and text and not text.isspace():
            # nearly all names; the patterns below are made only when one is not like that
            return text
        if re.fullmatch(_INVISIBLE, text):
            advice = ""
            if node.style in ("|", ">"):
                from erdgen.read.quoting import hint_at  # only when something is wrong

                advice = f"if {node.style} is meant as a text, {hint_at(self.source, node.start)}"
            self.error("bad-name", f"{what} is empty or nothing but blanks", node, advice)
            return None
        if found := re.search(_HARMFUL, text):
            self.problems.error(
                "bad-name",
                f"{what} holds {describe(found[0])}",
                self.place(node, found.start(), 1),
                "a name is one line of visible characters",
            )
            return None
        return text

    def texts(self, node: Node, what: str) -> tuple[str, ...]:
        """Return a list of texts; a single text is a list of one."""
        if isinstance(node, Scalar):
            return () if node.empty else (self.line(node, what),)
        return tuple(self.line(item, f"an item of {what}") for item in self.items(node, what))

    def items(self, node: Node, what: str) -> list[Node]:
        """Return the items of a list, none for nothing."""
        if isinstance(node, Collection) and not node.mapping:
            return node.items
        if not (isinstance(node, Scalar) and node.empty):
            kind = "mapping" if isinstance(node, Collection) else "text"
            advice = "write `[a, b]`, or `- ` before each item on a line of its own"
            self.error("not-a-list", f"{what} must be a list, not a {kind}", node, advice)
        return []

    def mapping(self, node: Node, what: str) -> Pairs:
        """Return the keys and values of a mapping, merge keys resolved, none for nothing."""
        if isinstance(node, Collection) and node.mapping:
            return self.merged(node)
        if not (isinstance(node, Scalar) and node.empty):
            kind = "list" if isinstance(node, Collection) else "text"
            colon = isinstance(node, Scalar) and ":" in node.text
            advice = "a blank must follow each ':'" if colon else ""
            if isinstance(node, Collection):
                advice = "write `name: ...` on lines of their own, without `- ` before them"
            self.error("not-a-mapping", f"{what} must be a mapping, not a {kind}", node, advice)
        return []

    def merged(self, node: Collection) -> Pairs:
        """Return the keys and values of a mapping; merged ones stand where `<<` stands.

        Its own keys win over merged ones, and earlier merged ones over later ones.
        """
        items = node.items
        if not any(isinstance(key, Scalar) and key.text == "<<" for key in items[::2]):
            return [(key, value) for key, value in pairs(node) if isinstance(key, Scalar)]
        seen = {key.text for key in items[::2] if isinstance(key, Scalar)}
        found: Pairs = []
        for key, value in pairs(node):
            if not isinstance(key, Scalar):
                continue
            if key.text != "<<" or key.style:
                found.append((key, value))
                continue
            for part in self._merge_parts(key, value):
                for merged_key, merged_value in self.merged(part):
                    if merged_key.text not in seen:
                        seen.add(merged_key.text)
                        found.append((merged_key, merged_value))
        return found

    def _merge_parts(self, key: Scalar, value: Node) -> Iterator[Collection]:
        several = isinstance(value, Collection) and not value.mapping
        for part in value.items if isinstance(value, Collection) and several else [value]:
            if isinstance(part, Collection) and part.mapping:
                yield part
            elif not (isinstance(part, Scalar) and part.style == UNKNOWN_ALIAS):
                self.error(
                    "bad-merge",
                    "`<<` merges mappings (`<<: *name`, `<<: [*a, *b]`) and nothing else",
                    key,
                    related=(("this", self.place(part)),),
                )

    def known(
        self, node: Node, keys: Names[str], what: str, advice: str = ""
    ) -> dict[str, tuple[Scalar, Node]]:
        """Return a mapping by its keys, without those that are free (`x-...`).

        Unknown keys are noted with the nearest known one; `advice` is the help if none is near.
        """
        found: dict[str, tuple[Scalar, Node]] = {}
        for key, value in self.mapping(node, what):
            if key.text in keys:
                found[key.text] = (key, value)
            elif not key.text.startswith("x-"):
                hint = nearest(key.text, keys, slips_only=True)
                self.error(
                    "unknown-key",
                    f"{what} has no key '{key.text}'",
                    key,
                    f"did you mean '{hint}'?"
                    if hint
                    else advice or f"known are: {', '.join(keys)}",
                )
        return found

    def _check_text(self, node: Scalar) -> None:
        """Note control characters and marks of direction in a text that is no name."""
        for found in re.finditer(_HARMFUL, node.text):
            if found[0] not in "\t\n\r":
                self.problems.error(
                    "bad-text",
                    f"the text holds {describe(found[0])}",
                    self.place(node, found.start(), 1),
                )
                return


def join_blanks(text: str) -> str:
    r"""Return a text with each run of blanks, tabs and line ends made one blank, none at its ends.

    Other spaces (a no-break space, the wide one of Japanese) belong to a name and stay.

    >>> join_blanks(" set \n null "), join_blanks("A\u00a0B")
    ('set null', 'A\xa0B')
    """
    return " ".join(part for part in text.translate(_AS_BLANKS).split(" ") if part)


def describe(char: str) -> str:
    """Return a word for a character that cannot be shown.

    >>> describe(chr(10)), describe(chr(0x202e))
    ('a line end', 'a mark of text direction (U+202E)')
    """
    code = ord(char)
    if char in "\n\r\x85\u2028\u2029":
        return "a line end"
    if char == "\t":
        return "a tab"
    if char == "\ufeff":
        return "a byte order mark (U+FEFF)"
    if 0x200E <= code <= 0x2069 or code == 0x61C:
        return f"a mark of text direction (U+{code:04X})"
    if 0xD800 <= code <= 0xDFFF:
        return f"half of a character (U+{code:04X})"
    return f"a control character (U+{code:04X})"
