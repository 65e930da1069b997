"""The small grammar of an attribute's definition: `decimal(10, 2)? -> Order.id index -- why`.

A definition's text goes in, its parts come out; what is wrong is told with its offset in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from erdgen.errors import nearest

ACTIONS = ("cascade", "restrict", "set null", "set default", "no action")
FLAGS = (
    *("pk", "primary key", "unique", "index", "generated", "null", "nullable", "optional"),
    *("not null", "required", "default", "fk", "references", "on delete", "on update", "check"),
)

_PLAIN = re.compile(r"""[^\s()\[\]{}<'"`=-]+""")
_BLANK = re.compile(r"\s*")
_BRACKET = re.compile(r"""[()\[\]{}<>'"`]""")
_CLOSER = {"(": ")", "[": "]", "{": "}", "<": ">"}
_NEXT = re.compile(r"\s+(\w+)")
_PART = re.compile(r"""\.?(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|`([^`]*)`|([^."'`(]+))""")
_ACTION = re.compile(r"\s*(cascade|restrict|set\s+null|set\s+default|no\s+action)(?!\w)", re.I)


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
    position, parts = 0, []
    while found := _PART.match(text, position):
        quoted = found[1] or found[2] or found[3]
        parts.append(quoted if quoted is not None else found[4].strip())
        position = found.end()
    rest = text[position:].strip()
    if rest.startswith("(") and rest.endswith(")"):
        target.attribute = rest[1:-1].strip().strip("\"'`")
        rest = ""
    if not parts or rest:
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
    found = _ACTION.fullmatch(text.strip())
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
        self._blanks()
        self._type()
        while self.at < len(self.text):
            if self._description():
                break
            flag = self._flag()
            if flag is None:
                raise self._stray()
            flag()
            self._blanks()
        found = self.found
        if (found.on_delete or found.on_update) and found.target is None:
            start = self.text.lower().find("on ")
            raise ShortFormError(
                "bad-definition",
                "`on delete` and `on update` need a reference",
                max(start, 0),
                2,
                "write `-> Entity.attribute` before it",
            )
        return found

    def _type(self) -> None:
        text, start, end = self.text, self.at, self.at
        while self.at < len(text) and not self._description() and self._flag(peek=True) is None:
            begin = self.at
            self._word()
            end = self.at
            if text[end - 1] == "?" and end - begin > 1:
                self._require(False, end - 1, "?")
                end -= 1
                self._blanks()
                break
            self._blanks()
        kind = text[start:end]
        if kind.endswith("|"):
            # `string | null`: the flag has taken the last member of a union
            kind = kind[:-1].rstrip()
        self.found.type = kind if "  " not in kind else " ".join(kind.split())

    def _description(self) -> bool:
        """Read ` -- description`, which runs to the end."""
        if not self.text.startswith("--", self.at):
            return False
        self.found.description = self.text[self.at + 2 :].strip()
        self.at = len(self.text)
        return True

    def _flag(self, peek: bool = False) -> Callable[[], None] | None:
        """Return what reads the flag at the cursor, None if there is none.

        Args:
            peek: Leave the cursor before the flag; otherwise it goes behind the flag's words.
        """
        text, at = self.text, self.at
        if text.startswith("->", at):
            end, action = at + 2, self._reference
        elif text[at] == "=" and text[at + 1 : at + 2] not in {"=", ">"}:
            end, action = at + 1, self._default
        else:
            found = _PLAIN.match(text, at)
            if not found:
                return None
            word, end = found[0].lower(), found.end()
            if not (end == len(text) or text[end].isspace() or text[end] in "(="):
                if not text.startswith("->", end):
                    return None
            if word in {"on", "not", "primary"}:
                following = _NEXT.match(text, end)
                if not following:
                    return None
                word, end = f"{word} {following[1].lower()}", following.end()
            if word == "check":
                opening = _BLANK.match(text, end)
                if not opening or text[opening.end() : opening.end() + 1] != "(":
                    return None
            elif word not in {"references", "default"} and text[end : end + 1] == "(":
                return None
            known = _ACTIONS_OF_FLAGS.get(word)
            if known is None:
                return None
            action = lambda: known(self, at)  # noqa: E731 - bound to this flag's place
        if not peek:
            self.at = end
        return action

    def _blanks(self) -> None:
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _word(self) -> str:
        """Read one word; brackets and quotes keep their inside together."""
        text, start, size = self.text, self.at, len(self.text)
        while self.at < size:
            found = _PLAIN.match(text, self.at)
            if found:
                self.at = found.end()
                if self.at == size:
                    break
            char = text[self.at]
            if char.isspace() or (char == "-" and text.startswith("->", self.at)):
                break
            if char == "=":
                if self.at > start and text[self.at - 1] not in "<>=!:":
                    if text[self.at + 1 : self.at + 2] not in {"=", ">"}:
                        break
                self.at += 1
            elif char in "([{'\"`":
                self._nested()
            elif char == "<" and self.at > start and _glued(text[self.at - 1]):
                self._nested()
            elif char in ")]}":
                raise ShortFormError(
                    "unbalanced",
                    f"'{char}' closes nothing",
                    self.at,
                    1,
                    'a definition in { } that holds a comma must be quoted: "numeric(10,2)"',
                )
            else:
                self.at += 1
        return text[start : self.at]

    def _nested(self) -> None:
        """Read from an opening bracket or quote to the one that closes it."""
        text, start = self.text, self.at
        stack: list[str] = []
        while found := _BRACKET.search(text, self.at):
            char, self.at = found[0], found.end()
            if char in "'\"`":
                end = text.find(char, self.at)
                if end < 0:
                    raise _unclosed(char, found.start(), text)
                self.at = end + 1
            elif char in "([{":
                stack.append(_CLOSER[char])
            elif char == "<":
                if not stack or (stack[-1] == ">" and _glued(text[found.start() - 1])):
                    stack.append(">")
            elif char == ">":
                if stack and stack[-1] == ">" and text[found.start() - 1] not in "-=":
                    stack.pop()
            elif stack and char == stack[-1]:
                stack.pop()
            else:
                raise ShortFormError("unbalanced", f"'{char}' closes nothing", found.start())
            if not stack:
                return
        raise _unclosed(text[start], start, text)

    # --- what the flags read -----------------------------------------------------------------

    def _require(self, required: bool, at: int, word: str) -> None:
        if self.found.required is not None and self.found.required != required:
            raise ShortFormError(
                "contradiction", "it is said to be both required and optional", at, len(word)
            )
        self.found.required = required

    def _optional(self, at: int) -> None:
        self._require(False, at, self.text[at : self.at])

    def _required(self, at: int) -> None:
        self._require(True, at, self.text[at : self.at])

    def _pk(self, _at: int) -> None:
        self.found.pk = True

    def _unique(self, _at: int) -> None:
        self.found.unique = True

    def _index(self, _at: int) -> None:
        self.found.index = True

    def _generated(self, _at: int) -> None:
        self.found.generated = True

    def _default(self, at: int = -1) -> None:
        at = self.at if at < 0 else at
        self._once(self.found.default is not None, "default", at)
        self._blanks()
        start = self.at
        if start >= len(self.text) or self.text.startswith("-- ", start):
            raise ShortFormError("bad-definition", "the default is missing here", at)
        # the first word is the default even if it reads like a flag (`= null`)
        while True:
            before = self.at
            self._word()
            if self.at == before:
                # an arrow
                self.at += 2
            end = self.at
            self._blanks()
            if self.at >= len(self.text) or self.text.startswith("--", self.at):
                break
            if self.text[self.at] != "=" and self._flag(peek=True) is not None:
                break
        self.found.default = self.text[start:end]

    def _reference(self, at: int = -1) -> None:
        at = self.at if at < 0 else at
        self._once(self.found.target is not None, "reference", at)
        self._blanks()
        start = self.at
        missing = start >= len(self.text) or self.text.startswith("--", start)
        if missing or (self._flag(peek=True) is not None and self.text[start] in "=-"):
            raise ShortFormError(
                "bad-reference",
                "the entity that it points at is missing here",
                at,
                max(1, self.at - at),
                "write `-> Entity` or `-> Entity.attribute`",
            )
        self._word()
        end = self.at
        self._blanks()
        if self.text.startswith("(", self.at):
            self._nested()
            end = self.at
        self.found.target = parse_target(self.text[start:end], start)

    def _on_delete(self, at: int) -> None:
        self._once(bool(self.found.on_delete), "`on delete`", at)
        self.found.on_delete = self._action()

    def _on_update(self, at: int) -> None:
        self._once(bool(self.found.on_update), "`on update`", at)
        self.found.on_update = self._action()

    def _action(self) -> str:
        found = _ACTION.match(self.text, self.at)
        if not found:
            self._blanks()
            start = self.at
            self._word()
            raise _no_action(self.text[start : self.at], start)
        self.at = found.end()
        return " ".join(found[1].lower().split())

    def _check(self, at: int) -> None:
        self._once(bool(self.found.check), "check", at)
        self._blanks()
        start = self.at
        self._nested()
        self.found.check = self.text[start + 1 : self.at - 1].strip()

    def _once(self, again: bool, what: str, at: int) -> None:
        if again:
            raise ShortFormError("bad-definition", f"a second {what} in one definition", at)

    def _stray(self) -> ShortFormError:
        start = self.at
        self._word()
        word = self.text[start : self.at] or self.text[start]
        hint = nearest(word, FLAGS)
        if hint:
            advice = f"did you mean '{hint}'?"
        elif self.found.target is not None:
            advice = 'a name with blanks must be quoted: `-> "Order Details".id`'
        else:
            advice = "the type comes first, then flags, then `-- description`"
        return ShortFormError(
            "unknown-flag", f"'{word}' is no flag of an attribute", start, len(word), advice
        )


_ACTIONS_OF_FLAGS: dict[str, Callable[[_DefinitionParser, int], None]] = {
    "pk": _DefinitionParser._pk,  # noqa: SLF001 - the parser's own table
    "primary key": _DefinitionParser._pk,
    "unique": _DefinitionParser._unique,
    "index": _DefinitionParser._index,
    "generated": _DefinitionParser._generated,
    "?": _DefinitionParser._optional,
    "null": _DefinitionParser._optional,
    "nullable": _DefinitionParser._optional,
    "optional": _DefinitionParser._optional,
    "not null": _DefinitionParser._required,
    "required": _DefinitionParser._required,
    "default": _DefinitionParser._default,
    "fk": _DefinitionParser._reference,
    "references": _DefinitionParser._reference,
    "on delete": _DefinitionParser._on_delete,
    "on update": _DefinitionParser._on_update,
    "check": _DefinitionParser._check,
}


def _glued(char: str) -> bool:
    return char.isalnum() or char in "_>"


def _unclosed(char: str, offset: int, text: str) -> ShortFormError:
    if char in "'\"`":
        return ShortFormError(
            "unbalanced", f"the quote {char} is not closed", offset, len(text) - offset
        )
    return ShortFormError(
        "unbalanced",
        f"'{char}' is not closed",
        offset,
        len(text) - offset,
        'a definition in { } that holds a comma must be quoted: "numeric(10,2)"',
    )
