"""YAML text in, a tree of nodes with their places out: no guessing of types, no recursion.

PyYAML's event stream is read, by its C parser where there is one. Every scalar stays the text in
the file. What must be refused whatever the tree means is refused here: syntax, depth, tags,
several documents, duplicate keys, unknown anchors, alias bombs, torn flow collections.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice, repeat
from typing import Protocol, cast

from erdgen.errors import ModelError, Place
from erdgen.read import limits
from erdgen.read.checks import check_keys, check_torn
from erdgen.read.library import load
from erdgen.read.source import MOST_WARNINGS, Problems, Source
from erdgen.read.tree import UNKNOWN_ALIAS, Collection, Node, Scalar

_CORE = "tag:yaml.org,2002:"
_SCALAR_TAGS = {_CORE + name for name in ("str", "int", "float", "bool", "null")} | {"!"}
_CHECK_EVERY = 5_000
"""Events between two looks at the limits."""


class _Mark(Protocol):
    index: int


class _Event(Protocol):
    """What of PyYAML's events is read here; each kind of event has some of it."""

    start_mark: _Mark
    anchor: str | None
    tag: str | None
    value: str
    style: str | None
    flow_style: bool | None


class _Parser(Protocol):
    def get_event(self) -> _Event: ...
    def dispose(self) -> None: ...


def read_tree(source: Source, data: bytes, problems: Problems) -> Node | None:
    """Return the tree of the one YAML document in `data`, None if there is none.

    Args:
        source: The same text, decoded, for places.
        data: UTF-8 without a byte order mark.
        problems: Takes what is wrong but does not keep the rest from being read.

    Raises:
        ModelError: The text is no YAML, or goes beyond a limit.
    """
    errors = load().error
    parser = make_parser(data, source.text)
    builder = _Builder(source, problems)
    try:
        return builder.build(parser)
    except errors.MarkedYAMLError as error:
        from erdgen.read.syntax import explain  # only when something is wrong

        explained = explain(error, source, builder.open_bracket())
        # what was found at the same place before is a sign of the same mistake
        problems.errors = [item for item in problems.errors if item.place != explained[2]]
        problems.error(*explained)
    except (ValueError, OverflowError):
        # the Python parser alone: an escape beyond the last character
        problems.error("yaml-syntax", "an escape names no character", Place(source.name))
    except errors.YAMLError as error:
        # the reader's, whose last word is the reason
        problems.error("yaml-syntax", f"this is no YAML text: {error.args[-1]}", source.place(0))
    finally:
        parser.dispose()
    raise problems.failure()


def make_parser(data: bytes, text: str) -> _Parser:
    """Return PyYAML's C parser, or its Python one where PyYAML was built without."""
    c_parser = load().c_parser
    return cast("_Parser", c_parser(data) if c_parser else pure_parser(text))


def pure_parser(text: str) -> object:
    """Return PyYAML's Python parser; it is slower, and a little stricter, than the C one."""
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

    class PureParser(Reader, Scanner, Parser):
        def __init__(self) -> None:
            Reader.__init__(self, text)
            Scanner.__init__(self)
            Parser.__init__(self)

    return PureParser()


class _Builder:
    """Puts the events of one document together, with a stack instead of recursion."""

    def __init__(self, source: Source, problems: Problems) -> None:
        self.source = source
        self.problems = problems
        self.root: list[Node] = []
        # the open collections: container, its anchor, the count of nodes before it
        self.stack: list[tuple[Collection, str | None, int]] = []
        # nodes of closed collections; an alias is one
        self.nodes = 0
        self.aliases = 0
        # how many nodes more there would be if every alias were written out
        self.expansion = 0
        # anchor -> node, and how many nodes it stands for; a size of 0: it is still open
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.used: set[str] = set()
        self.attributes = 0

    def build(self, parser: _Parser) -> Node | None:
        while not self._take(parser.get_event):
            self._check_limits()
        nodes = self.nodes + 1 - self.aliases
        expanded = self.nodes + 1 + self.expansion
        if expanded > limits.ALIAS_FACTOR * nodes:
            raise self._beyond(
                f"an alias expansion of {limits.ALIAS_FACTOR} times the file's nodes"
                f" ({nodes:,} nodes stand for {expanded:,})"
            )
        self._warn_of_anchors()
        return self.root[0] if self.root else None

    def _take(self, get: Callable[[], _Event]) -> bool:
        """Take the next events, as many as are taken between two looks at the limits.

        This loop runs once for each text of a file, so it counts nothing by itself.

        Returns:
            Whether the document is at its end.
        """
        events = load().events
        scalar_event, mapping_start = events.ScalarEvent, events.MappingStartEvent
        sequence_start, alias = events.SequenceStartEvent, events.AliasEvent
        ends = {events.MappingEndEvent, events.SequenceEndEvent}
        items = self.stack[-1][0].items if self.stack else self.root
        for _ in repeat(None, _CHECK_EVERY):
            event = get()
            kind: type = type(event)
            if kind is scalar_event:
                scalar = Scalar(event.value, event.start_mark.index, event.style or "")
                items.append(scalar)
                if event.tag is not None:
                    self._check_tag(event, scalar, _SCALAR_TAGS)
                if event.anchor is not None:
                    self.anchors[event.anchor] = (scalar, 1)
            elif kind is mapping_start or kind is sequence_start:
                collection = self._open(event, kind is mapping_start)
                items.append(collection)
                items = collection.items
            elif kind in ends:
                self._close(event.start_mark.index)
                items = self.stack[-1][0].items if self.stack else self.root
            elif kind is alias:
                items.append(self._alias(event))
            elif kind is events.DocumentStartEvent and self.root:
                self._several_documents(event)
                return True
            elif kind is events.StreamEndEvent:
                return True
        return False

    def _warn_of_anchors(self) -> None:
        """Warn of anchors on texts that nothing refers to: `&` may have been meant as text."""
        unused = (name for name in self.anchors if name not in self.used)
        for name in islice(unused, MOST_WARNINGS):
            node = self.anchors[name][0]
            if isinstance(node, Scalar):
                from erdgen.read.quoting import hint_from  # only when something looks wrong

                self.problems.warn(
                    "unused-anchor",
                    f"YAML takes '&{name}' for an anchor, and nothing refers to it",
                    self.source.place(node.start, len(name) + 1),
                    f"leave it out; or, if it is a text, {hint_from(self.source, node.start)}",
                )

    def _open(self, event: _Event, mapping: bool) -> Collection:
        collection = Collection(mapping, event.start_mark.index, bool(event.flow_style))
        self.stack.append((collection, event.anchor, self.nodes + self.expansion))
        if len(self.stack) > limits.DEPTH:
            raise self._beyond(f"a nesting of {limits.DEPTH}", collection.start)
        if event.tag is not None:
            self._check_tag(event, collection, {_CORE + ("map" if mapping else "seq")})
        if event.anchor is not None:
            self.anchors[event.anchor] = (collection, 0)
        return collection

    def _close(self, end: int) -> None:
        stack = self.stack
        collection, anchor, before = stack.pop()
        self.nodes += len(collection.items)
        if anchor is not None:
            self.anchors[anchor] = (collection, 1 + self.nodes + self.expansion - before)
        if collection.mapping:
            check_keys(collection, self.source, self.problems)
        if collection.flow:
            check_torn(collection, end, self.source, self.problems)
        if len(stack) == 3 and self._in_attributes():
            self.attributes += _size(collection)

    def open_bracket(self) -> int:
        """Return where the innermost bracket is that is still open, -1 if there is none."""
        found = self.stack[-1][0] if self.stack else None
        return found.start if found and found.flow else -1

    def _open_attributes(self) -> int:
        """Return how many attributes there are by now of the entity that is being read."""
        if len(self.stack) > 3 and self._in_attributes():
            return _size(self.stack[3][0])
        return 0

    def _in_attributes(self) -> bool:
        """Whether what is read, at a depth of three at least, are an entity's attributes."""
        top, entity = self.stack[0][0], self.stack[2][0]
        return _last_key(entity) == "attributes" and _last_key(top) == "entities"

    def _check_limits(self) -> None:
        """Give up a file that is too large as soon as it can be told, not when all is read."""
        place = self.stack[-1][0].start if self.stack else -1
        nodes = self.nodes + sum(len(collection.items) for collection, _, _ in self.stack)
        if nodes > limits.NODES:
            raise self._beyond(f"{limits.NODES:,} YAML nodes", place)
        top = _last_key(self.stack[0][0]) if len(self.stack) > 1 else ""
        if top == "relationships" and _size(self.stack[1][0]) > limits.RELATIONSHIPS:
            raise self._beyond(f"{limits.RELATIONSHIPS:,} relationships", place)
        if top == "entities":
            if _size(self.stack[1][0]) > limits.ENTITIES:
                raise self._beyond(f"{limits.ENTITIES:,} entities", place)
            if self.attributes + self._open_attributes() > limits.ATTRIBUTES:
                raise self._beyond(f"{limits.ATTRIBUTES:,} attributes", place)

    def _alias(self, event: _Event) -> Node:
        anchor, start = event.anchor or "", event.start_mark.index
        self.aliases += 1
        found = self.anchors.get(anchor)
        if found is not None and found[1]:
            self.used.add(anchor)
            self.expansion += found[1] - 1
            return found[0]
        place = self.source.place(start, len(anchor) + 1)
        if found is None:
            from erdgen.read.quoting import hint_from  # only when something is wrong

            near = self.problems.hints.nearest(anchor, self.anchors)
            self.problems.error(
                "unknown-anchor",
                f"there is no anchor '&{anchor}' above this",
                place,
                f"did you mean '*{near}'?"
                if near
                else f"if it is a text, {hint_from(self.source, start)}",
            )
        else:
            self.problems.error(
                "recursive-alias", f"'*{anchor}' stands inside of its own anchor", place
            )
        return Scalar("", start, UNKNOWN_ALIAS)

    def _check_tag(self, event: _Event, node: Node, allowed: set[str]) -> None:
        tag = str(event.tag)
        lonely = tag == "!" and isinstance(node, Scalar) and not (node.text or node.style)
        if tag in allowed and not lonely:
            return
        from erdgen.read.quoting import hint_from  # only when something is wrong

        text = self.source.text
        start = event.start_mark.index
        if lonely:  # it is where the text behind it would be
            start = text.rfind("!", 0, start + 1)
        word = text[start : start + 200].split(maxsplit=1)[0]
        self.problems.error(
            "unknown-tag",
            f"the tag '{word}' cannot stand in a model",
            self.source.place(start, len(word)),
            f"leave it out; or, if it is a text, {hint_from(self.source, start)}",
        )

    def _several_documents(self, event: _Event) -> None:
        self.problems.error(
            "several-documents",
            "a second YAML document begins here; a model file holds one",
            self.source.place(event.start_mark.index, 3),
            "give it a file of its own and name that under `include:`",
        )

    def _beyond(self, limit: str, start: int = -1) -> ModelError:
        place = self.source.place(start) if start >= 0 else Place(self.source.name)
        return limits.beyond(limit, place)


def _last_key(node: Collection) -> str:
    """Return the key whose value is being read, of a mapping that is still open."""
    items = node.items
    if not items or not node.mapping:
        return ""
    key = items[-1] if len(items) % 2 else items[-2]
    return key.text if isinstance(key, Scalar) else ""


def _size(node: Collection) -> int:
    """Return the number of whole items of a collection that may still be open."""
    return len(node.items) // 2 if node.mapping else len(node.items)
