"""The small grammar of an attribute's definition: `decimal(10, 2)? -> Order.id index -- why`.

A definition's text goes in, its parts come out; what is wrong is told with its offset in the text.
"""

from __future__ import annotations

import re

from erdgen.errors import nearest
from erdgen.read import limits

ACTIONS = ("cascade", "restrict", "set null", "set default", "no action")
_PLAIN = re.compile(r"""[^\s()\[\]{}<'"`=-]+""")
_BLANK = re.compile(r"\s*")
_BRACKET = re.compile(r"""[()\[\]{}<>'"`]""")
_CLOSER = {"(": ")", "[": "]", "{": "}", "<": ">"}
_NEXT = re.compile(r"\s+(\w+)")
_KINDS = {
    "pk": "pk",
    "primary key": "pk",
    "unique": "unique",
    "index": "index",
    "generated": "generated",
    "?": "optional",
    "null": "optional",
    "nullable": "optional",
    "optional": "optional",
    "not null": "required",
    "required": "required",
    "default": "default",
    "fk": "reference",
    "references": "reference",
    "on delete": "on_delete",
    "on update": "on_update",
    "check": "check",
}
"""A flag as it is written -> what it sets."""
_WITH_MORE = ("default", "reference", "on_delete", "on_update", "check")
"""What has words of its own behind it."""
_PART = r"""\s*(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([^."'`(]+))\s*"""
_ACTION = r"(?i)\s*(cascade|restrict|set\s+null|set\s+default|no\s+action)(?!\w)"
"""Compiled where a model has one, as `_PART`: start-up time."""


class ShortFormError(Exception):
    """A short form that cannot be read.

    Attributes:
        code: As of a Diagnostic, `message` and `help` too.
        offset: Where in the text, in characters; `length` how much of it.
    """

    def __init__(
        self,
        code: str,
        message: str,
        offset: int,
        length: int = 1,
        help: str = "",  # noqa: A002 - the name of the Diagnostic's field
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.offset = offset
        self.length = length
        self.help = help


class Target:
    """What a reference points at, as it was written: its parts between dots, and its offset."""

    __slots__ = ("attribute", "length", "offset", "parts", "raw")

    def __init__(self, raw: str, offset: int) -> None:
        self.raw = raw
        self.offset = offset
        self.length = len(raw)
        self.parts: tuple[str, ...] = ()
        # the attribute in parentheses, as in `references Customer (id)`
        self.attribute: str | None = None


class Definition:
    """The parts of an attribute's definition; names as in `Attribute`."""

    __slots__ = (
        *("check", "default", "description", "generated", "index", "on_delete", "on_update"),
        *("pk", "required", "target", "type", "unique"),
    )

    def __init__(self) -> None:
        self.type = ""
        self.pk = self.unique = self.index = self.generated = False
        self.required: bool | None = None
        self.default: str | None = None
        self.check = self.description = self.on_delete = self.on_update = ""
        self.target: Target | None = None


def parse_definition(text: str) -> Definition:
    """Return the parts of an attribute's short definition.

    >>> found = parse_definition("decimal(10, 2)? = 0 check (x >= 0) -- in euros")
    >>> found.type, found.required, found.default, found.check, found.description
    ('decimal(10, 2)', False, '0', 'x >= 0', 'in euros')

    Raises:
        ShortFormError: The text does not fit the grammar.
    """
    if not text.isprintable():
        # same length, so that offsets hold
        text = text.replace("\n", " ").replace("\t", " ")
    return _DefinitionParser(text).parse()


def parse_target(text: str, offset: int = 0) -> Target:
    """Return the parts of a reference's target.

    >>> parse_target('"Order Details".id').parts
    ('Order Details', 'id')
    >>> parse_target("Customer(id)").attribute
    'id'

    Raises:
        ShortFormError: It names nothing.
    """
    target = Target(text, offset)
    if text.replace("_", "").replace(".", "").isalnum():
        # nearly all; the pattern below is made only when one is not like that
        target.parts = tuple(text.split("."))
        if all(target.parts):
            return target
    position, parts = 0, []
    pattern = re.compile(_PART)
    while found := pattern.match(text, position):
        parts.append(next(group for group in found.groups() if group is not None).strip())
        position = found.end()
        if not text.startswith(".", position):
            break
        position += 1
    rest = text[position:].strip()
    if rest.startswith("(") and rest.endswith(")"):
        target.attribute = rest[1:-1].strip().strip("\"'`")
        rest = ""
    if not parts or not all(parts) or rest or text[position - 1] == ".":
        raise ShortFormError(
            "bad-reference",
            f"'{text}' is no reference",
            offset,
            max(1, len(text)),
            "write `-> Entity` or `-> Entity.attribute`",
        )
    target.parts = tuple(parts)
    return target


def parse_action(text: str) -> str:
    """Return the action of `on delete` or `on update`, in lower case with single blanks.

    >>> parse_action("SET  NULL")
    'set null'

    Raises:
        ShortFormError: It is none of `ACTIONS`.
    """
    found = re.fullmatch(_ACTION, text.strip())
    if not found:
        raise _no_action(text.strip(), 0)
    return " ".join(found[1].lower().split())


def _no_action(word: str, offset: int) -> ShortFormError:
    hint = nearest(word, ACTIONS)
    return ShortFormError(
        "unknown-action",
        f"'{word}' is no action" if word else "an action is missing here",
        offset,
        max(1, len(word)),
        f"did you mean '{hint}'?" if hint else "known are: " + ", ".join(ACTIONS),
    )


class _DefinitionParser:
    """A cursor over the text; each method reads one thing and moves the cursor behind it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found = Definition()

    def parse(self) -> Definition:
        self.blanks()
        self.type()
        actions_at = -1
        while self.at < len(self.text) and not self.description():
            flag = flag_at(self.text, self.at)
            if flag is None:
                raise self.stray()
            at = self.at
            kind, self.at = flag
            if kind.startswith("on_"):
                actions_at = at
            self.flag(kind, at)
            self.blanks()
        if actions_at >= 0 and self.found.target is None:
            raise ShortFormError(
                "bad-definition",
                "`on delete` and `on update` need a reference",
                actions_at,
                len("on delete"),
                "write `-> Entity.attribute` before it",
            )
        return self.found

    def type(self) -> None:
        text, start, end = self.text, self.at, self.at
        while self.at < len(text) and not text.startswith("--", self.at):
            if flag_at(text, self.at) is not None:
                break
            begin = self.at
            self.word()
            end = self.at
            if begin > start and text[begin:end].lower() == "check":
                raise self.bare_check(begin)
            if text[end - 1] == "?" and end - begin > 1:
                self.found.required = False
                end -= 1
                self.blanks()
                break
            self.blanks()
        kind = text[start:end]
        if kind.endswith("|"):
            # `string | null`: the flag has taken the last member of a union
            kind = kind[:-1].rstrip()
        self.found.type = kind if "  " not in kind else " ".join(kind.split())

    def description(self) -> bool:
        """Read `-- description`, which runs to the end."""
        if not self.text.startswith("--", self.at):
            return False
        self.found.description = self.text[self.at + 2 :].strip()
        self.at = len(self.text)
        return True

    def flag(self, kind: str, at: int) -> None:
        """Read what belongs to the flag that began at `at`; the cursor is behind its words."""
        match kind:
            case "pk" | "unique" | "index" | "generated":
                setattr(self.found, kind, True)
            case "optional" | "required":
                self.require(kind == "required", at)
            case "default":
                self.default(at)
            case "reference":
                self.reference(at)
            case "check":
                self.check(at)
            case _:
                self.once(bool(getattr(self.found, kind)), f"`{kind.replace('_', ' ')}`", at)
                setattr(self.found, kind, self.action())

    def blanks(self) -> None:
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def word(self) -> None:
        """Read one word; brackets and quotes keep their inside together."""
        text, start, size = self.text, self.at, len(self.text)
        while self.at < size:
            found = _PLAIN.match(text, self.at)
            if found:
                self.at = found.end()
                if self.at == size:
                    break
            char = text[self.at]
            if char.isspace() or text.startswith("->", self.at):
                break
            if char == "=" and self.at > start and _is_default(text, self.at):
                break
            if char in "([{'\"`" or (char == "<" and _is_angle(text, self.at, start)):
                self.nested()
            elif char in ")]}":
                raise ShortFormError("unbalanced", f"'{char}' closes nothing", self.at)
            else:
                self.at += 1

    def nested(self) -> None:
        """Read from an opening bracket or quote to the one that closes it."""
        text, start = self.text, self.at
        stack: list[str] = []
        while found := _BRACKET.search(text, self.at):
            char, at = found[0], found.start()
            self.at = at + 1
            if char in "'\"`":
                end = text.find(char, self.at)
                if end < 0:
                    raise _unclosed(char, at, text)
                self.at = end + 1
            elif char in "([{":
                stack.append(_CLOSER[char])
            elif char == "<":
                # inside of other brackets it is less-than
                if not stack or (stack[-1] == ">" and _is_angle(text, at, start)):
                    stack.append(">")
            elif char == ">":
                if stack and stack[-1] == ">" and text[at - 1] not in "-=":
                    stack.pop()
            elif stack and char == stack[-1]:
                stack.pop()
            else:
                raise ShortFormError("unbalanced", f"'{char}' closes nothing", at)
            if not stack:
                return
            if len(stack) > limits.DEPTH:
                raise ShortFormError(
                    "limit", f"this is beyond the limit of a nesting of {limits.DEPTH}", at
                )
        raise _unclosed(text[start], start, text)

    # --- what the flags read -----------------------------------------------------------------

    def require(self, required: bool, at: int) -> None:
        if self.found.required is not None and self.found.required != required:
            raise ShortFormError(
                "contradiction",
                "it is said to be both required and optional",
                at,
                self.at - at,
            )
        self.found.required = required

    def default(self, at: int) -> None:
        self.once(self.found.default is not None, "default", at)
        self.blanks()
        text, start = self.text, self.at
        if re.match(r"$|--(\s|$)|not\s+null\b", text[start:], re.I):
            length = len(text[at:start].rstrip())
            raise ShortFormError("bad-definition", "the default is missing here", at, length)
        # the first word is the default even if it reads like a flag (`= null`)
        while True:
            before = self.at
            self.word()
            if self.at == before:
                # an arrow
                self.at += 2
            end = self.at
            self.blanks()
            if self.at >= len(text) or text.startswith("--", self.at):
                break
            if text[self.at] != "=" and flag_at(text, self.at) is not None:
                break
        self.found.default = text[start:end]

    def reference(self, at: int) -> None:
        self.once(self.found.target is not None, "reference", at)
        self.blanks()
        text, start = self.text, self.at
        if start >= len(text) or text[start] in "=-(":
            raise ShortFormError(
                "bad-reference",
                "the entity that it points at is missing here",
                at,
                max(1, self.at - at),
                "write `-> Entity` or `-> Entity.attribute`",
            )
        self.word()
        end = self.at
        self.blanks()
        if text.startswith("(", self.at):
            self.nested()
            end = self.at
        self.found.target = parse_target(text[start:end], start)

    def action(self) -> str:
        found = re.compile(_ACTION).match(self.text, self.at)
        if not found:
            self.blanks()
            start = self.at
            self.word()
            raise _no_action(self.text[start : self.at], start)
        self.at = found.end()
        return " ".join(found[1].lower().split())

    def check(self, at: int) -> None:
        self.once(bool(self.found.check), "check", at)
        self.blanks()
        start = self.at
        self.nested()
        self.found.check = self.text[start + 1 : self.at - 1].strip()

    def once(self, again: bool, what: str, at: int) -> None:
        if again:
            raise ShortFormError(
                "bad-definition", f"a second {what} in one definition", at, self.at - at
            )

    def bare_check(self, at: int) -> ShortFormError:
        return ShortFormError(
            "bad-definition",
            "the expression of `check` stands in parentheses",
            at,
            len("check"),
            "write `check (total >= 0)`",
        )

    def stray(self) -> ShortFormError:
        start = self.at
        self.word()
        word = self.text[start : self.at] or self.text[start]
        if word.lower() == "check":
            return self.bare_check(start)
        near = [kind for kind in _KINDS if abs(len(kind) - len(word)) <= 1]
        hint = nearest(word, near, slips_only=True)
        target = self.found.target
        if hint:
            advice = f"did you mean '{hint}'?"
        elif target is not None and not self.text[target.offset + target.length : start].strip():
            name, dot, rest = word.partition(".")
            before, point, last = target.raw.rpartition(".")
            whole = f'{before}{point}"{last} {name}"{dot}{rest}'
            advice = f"a name with blanks must be quoted: `-> {whole}`"
        else:
            advice = "the type comes first, then flags, then `-- description`"
        return ShortFormError(
            "unknown-flag", f"'{word}' is no flag of an attribute", start, len(word), advice
        )


def flag_at(text: str, at: int) -> tuple[str, int] | None:
    """Return what the flag that begins at `at` sets and where its words end, None for no flag.

    >>> flag_at("uuid NOT  NULL", 5)
    ('required', 14)
    """
    if text.startswith("->", at):
        return "reference", at + 2
    if text[at] == "=" and _is_default(text, at):
        return "default", at + 1
    found = _PLAIN.match(text, at)
    if not found:
        return None
    word, end = found[0].lower(), found.end()
    if word.endswith("?") and word[:-1] in _KINDS and _KINDS[word[:-1]] not in _WITH_MORE:
        # `unique?`: the mark is a flag of its own
        word, end = word[:-1], end - 1
    glued = end < len(text) and not text[end].isspace()
    if glued and text[end] not in "(=?" and not text.startswith("->", end):
        return None
    if word in {"on", "not", "primary"}:
        following = _NEXT.match(text, end)
        if not following:
            return None
        word, end = f"{word} {following[1].lower()}", following.end()
    kind = _KINDS.get(word)
    opened = text[end:].lstrip().startswith("(") if kind == "check" else False
    if kind == "check" and not opened:
        # a type may be called so
        return None
    if glued and text[end : end + 1] == "(" and kind not in {"check", "default"}:
        return None
    return (kind, end) if kind else None


def is_flag(word: str) -> bool:
    """Whether a single word is a flag of a definition, such as `pk` or `->`."""
    return word.lower() in _KINDS or word in {"->", "="}


def _is_default(text: str, at: int) -> bool:
    """Whether the `=` at `at` begins a default, and is no part of an operator."""
    return text[at + 1 : at + 2] not in {"=", ">"} and text[at - 1 : at] not in set("<>=!:")


def _is_angle(text: str, at: int, start: int) -> bool:
    """Whether the `<` at `at` is a bracket: it follows its word at once, as in `List<int>`."""
    return at > start and (text[at - 1].isalnum() or text[at - 1] in "_>")


def _unclosed(char: str, offset: int, text: str) -> ShortFormError:
    rest = len(text) - offset
    if char in "'\"`":
        return ShortFormError("unbalanced", f"the quote {char} is not closed", offset, rest)
    return ShortFormError("unbalanced", f"'{char}' is not closed", offset, rest)
