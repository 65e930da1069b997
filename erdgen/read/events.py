"""YAML text in, a tree of nodes with their places out: no guessing of types, no recursion.

PyYAML's event stream is read, by its C parser where there is one. Every scalar stays the text in
the file. What must be refused whatever the tree means is refused here: syntax, depth, tags,
several documents, duplicate keys, unknown anchors, alias bombs, torn flow collections.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from erdgen.errors import Diagnostic, ModelError, Place
from erdgen.read import limits
from erdgen.read.source import Problems, Source

if TYPE_CHECKING:
    from yaml.events import Event

_CORE = "tag:yaml.org,2002:"
_SCALAR_TAGS = {_CORE + name for name in ("str", "int", "float", "bool", "null")} | {"!"}
_CLOSERS = {"(": ")", "<": ">"}


class Scalar:
    """A text: its words, where it starts, and its style (empty for a plain one)."""

    __slots__ = ("start", "style", "text")

    def __init__(self, text: str, start: int, style: str) -> None:
        self.text = text
        self.start = start
        self.style = style

    @property
    def empty(self) -> bool:
        """Whether nothing (or YAML's word for nothing) stands here."""
        return not self.style and self.text in {"", "~", "null", "Null", "NULL"}


class Collection:
    """A mapping (`items` holds key, value, key, value ...) or a list, and where it starts."""

    __slots__ = ("flow", "items", "mapping", "start")

    def __init__(self, mapping: bool, start: int, flow: bool) -> None:
        self.mapping = mapping
        self.start = start
        self.flow = flow
        self.items: list[Node] = []


Node = Scalar | Collection


class _Parser(Protocol):
    def get_event(self) -> Event: ...
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
    import yaml  # takes 8 ms: only when YAML is read

    parser = make_parser(data, source.text)
    try:
        return _Builder(source, problems).build(parser)
    except yaml.MarkedYAMLError as error:
        from erdgen.read.syntax import explain  # only when something is wrong

        problems.error(*explain(error, source))
    except yaml.reader.ReaderError as error:
        problems.error("yaml-syntax", f"this is no YAML text: {error.reason}", source.place(0))
    finally:
        parser.dispose()
    raise problems.failure()


def make_parser(data: bytes, text: str) -> _Parser:
    """Return PyYAML's C parser, or its Python one where PyYAML was built without."""
    import yaml

    if yaml.__with_libyaml__:
        from yaml.cyaml import CParser

        return CParser(data)
    return _pure_parser(text)


def _pure_parser(text: str) -> _Parser:
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

    class PureParser(Reader, Scanner, Parser):  # type: ignore[misc] # as PyYAML's own loaders
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
        self.nodes = 0
        # nodes as they would be if every alias were written out
        self.expanded = 0
        # anchor -> node, and how many nodes it stands for; a size of 0: it is still open
        self.anchors: dict[str, tuple[Node, int]] = {}

    def build(self, parser: _Parser) -> Node | None:
        from yaml import events

        scalar_event, get = events.ScalarEvent, parser.get_event
        root: list[Node] = []
        items = root
        # the open collections: container, its anchor, the count of nodes before it
        stack: list[tuple[Collection, str | None, int]] = []
        while True:
            event = get()
            kind = type(event)
            if kind is scalar_event:
                scalar = Scalar(event.value, event.start_mark.index, event.style or "")
                self.nodes += 1
                self.expanded += 1
                items.append(scalar)
                if event.tag is not None:
                    self._check_tag(event, scalar, _SCALAR_TAGS)
                if event.anchor is not None:
                    self.anchors[event.anchor] = (scalar, 1)
            elif kind is events.MappingStartEvent or kind is events.SequenceStartEvent:
                start, mapping = event.start_mark.index, kind is events.MappingStartEvent
                collection = Collection(mapping, start, bool(event.flow_style))
                items.append(collection)
                stack.append((collection, event.anchor, self.expanded))
                self._open(event, collection, len(stack))
                items = collection.items
            elif kind is events.MappingEndEvent or kind is events.SequenceEndEvent:
                collection, anchor, before = stack.pop()
                if anchor is not None:
                    self.anchors[anchor] = (collection, self.expanded - before)
                if collection.mapping:
                    check_keys(collection, self.source, self.problems)
                if collection.flow:
                    _check_torn(collection, self.source, self.problems)
                items = stack[-1][0].items if stack else root
                if self.nodes > limits.NODES:
                    raise self._beyond(f"{limits.NODES:,} YAML nodes", collection.start)
            elif kind is events.AliasEvent:
                items.append(self._alias(event))
            elif kind is events.DocumentStartEvent and root:
                self._several_documents(event)
                break
            elif kind is events.StreamEndEvent:
                break
        if self.expanded > limits.ALIAS_FACTOR * self.nodes:
            raise self._beyond(
                f"an alias expansion of {limits.ALIAS_FACTOR} times the file's nodes"
                f" ({self.nodes:,} nodes stand for {self.expanded:,})"
            )
        return root[0] if root else None

    def _open(self, event: Event, collection: Collection, depth: int) -> None:
        self.nodes += 1
        self.expanded += 1
        if depth > limits.DEPTH:
            raise self._beyond(f"a nesting of {limits.DEPTH}", collection.start)
        if event.tag is not None:
            self._check_tag(event, collection, {_CORE + ("map" if collection.mapping else "seq")})
        if event.anchor is not None:
            self.anchors[event.anchor] = (collection, 0)

    def _alias(self, event: Event) -> Node:
        found = self.anchors.get(event.anchor)
        start = event.start_mark.index
        place = self.source.place(start, len(event.anchor) + 1)
        quote = f'a text that begins with * must be quoted: "*{event.anchor}"'
        if found is None:
            from erdgen.errors import nearest

            near = nearest(event.anchor, self.anchors)
            self.problems.error(
                "unknown-anchor",
                f"there is no anchor '&{event.anchor}' above this",
                place,
                f"did you mean '*{near}'?" if near else quote,
            )
        elif not found[1]:
            self.problems.error(
                "recursive-alias", f"'*{event.anchor}' stands inside of its own anchor", place
            )
        else:
            self.expanded += found[1]
            return found[0]
        return Scalar("", start, "*")

    def _check_tag(self, event: Event, node: Node, allowed: set[str]) -> None:
        tag = str(event.tag)
        if tag in allowed or (tag == "!" and isinstance(node, Scalar)):
            return
        text = self.source.text
        start = event.start_mark.index
        word = text[start : start + 200].split(maxsplit=1)[0]
        self.problems.error(
            "unknown-tag",
            f"the tag '{word}' is not for models",
            self.source.place(start, len(word)),
            "leave it out; a text that begins with ! must be quoted",
        )

    def _several_documents(self, event: Event) -> None:
        self.problems.error(
            "several-documents",
            "a second YAML document begins here; a model file holds one",
            self.source.place(event.start_mark.index, 3),
            "give it a file of its own and name that under `include:`",
        )

    def _beyond(self, limit: str, start: int = -1) -> ModelError:
        place = self.source.place(start) if start >= 0 else Place(self.source.name)
        return limits.beyond(limit, place)


def pairs(node: Collection) -> Iterator[tuple[Node, Node]]:
    """Yield the keys and values of a mapping as they stand, merge keys unresolved."""
    iterator = iter(node.items)
    return zip(iterator, iterator, strict=True)


def check_keys(node: Collection, source: Source, problems: Problems) -> None:
    """Note keys that are no text and keys that stand twice."""
    keys = node.items[::2]
    if len({getattr(key, "text", None) for key in keys} - {None}) == len(keys):
        return
    seen: dict[str, Scalar] = {}
    for key in keys:
        if not isinstance(key, Scalar):
            problems.error(
                "bad-key",
                "a key must be a text, not a " + ("mapping" if key.mapping else "list"),
                source.place(key.start),
                "a text that begins with { or [ must be quoted",
            )
        elif key.text in seen:
            merge = "several sets are merged by a list: `<<: [*a, *b]`"
            problems.error(
                "duplicate-key",
                f"the key '{key.text}' stands twice in this mapping",
                source.place(key.start, len(key.text)),
                merge if key.text == "<<" else "",
                (("first here", source.place(seen[key.text].start, len(key.text))),),
            )
        else:
            seen[key.text] = key


def _check_torn(node: Collection, source: Source, problems: Problems) -> None:
    """Note texts that a comma of a flow collection has torn apart, as in `{a: numeric(10,2)}`."""
    opened: Scalar | None = None
    for item in node.items:
        if not isinstance(item, Scalar) or item.style:
            continue
        text = item.text
        for left, right in _CLOSERS.items():
            surplus = text.count(left) - text.count(right)
            if surplus > 0 and opened is None:
                opened = item
            elif surplus < 0 and opened is not None:
                whole = source.text[opened.start : item.start + len(text)]
                problems.error(
                    "torn-text",
                    f"YAML tears '{whole}' apart at its comma",
                    source.place(opened.start, len(whole)),
                    f'quote it: "{whole}"',
                )
                opened = None


def placed(diagnostic: Diagnostic) -> ModelError:
    """Return the error of a single diagnostic."""
    return ModelError(diagnostic)
