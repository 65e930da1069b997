"""The nodes of a YAML tree: texts, lists and mappings with where they start; no types guessed."""

from __future__ import annotations

from collections.abc import Iterator

UNKNOWN_ALIAS = "*"
"""The style of the empty text that stands for an alias of nothing, so that reading goes on."""


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
        if self.style == UNKNOWN_ALIAS:
            return True
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


def pairs(node: Collection) -> Iterator[tuple[Node, Node]]:
    """Yield the keys and values of a mapping as they stand, merge keys unresolved."""
    iterator = iter(node.items)
    return zip(iterator, iterator, strict=True)
