"""References as they were written in, the entities and attributes that they mean out."""

from __future__ import annotations

from collections.abc import Mapping

from erdgen.errors import Place
from erdgen.model.entities import Reference
from erdgen.read.nodes import FileNodes
from erdgen.read.shortforms import ShortFormError, Target, parse_action, parse_target
from erdgen.read.tree import Node, Scalar


class References:
    """Reads references; it knows the names of all entities and where each reference stands."""

    def __init__(self, entities: Mapping[str, object]) -> None:
        self.entities = entities
        # (entity, attribute) -> where its reference stands
        self._places: dict[tuple[str, str], tuple[FileNodes, Node, Target]] = {}

    def note(
        self, entity: str, attribute: str, file: FileNodes, node: Node, target: Target
    ) -> None:
        """Keep where an attribute's reference stands."""
        self._places[entity, attribute] = (file, node, target)

    def place_of(self, entity: str, attribute: str) -> Place | None:
        """Return where an attribute's reference stands, None if it has none."""
        found = self._places.get((entity, attribute))
        if found is None:
            return None
        file, node, target = found
        return file.place(node, target.offset, target.length)

    def resolve(
        self, file: FileNodes, node: Node, target: Target, on_delete: str, on_update: str
    ) -> Reference | None:
        """Return what a target means: the longest name of an entity that fits.

        None (and a problem) if no entity fits.
        """
        parts = target.parts
        if target.attribute is not None:
            splits = [(".".join(parts), target.attribute)]
        else:
            splits = [
                (".".join(parts[:size]), ".".join(parts[size:]))
                for size in range(len(parts), 0, -1)
            ]
        splits.insert(0, (target.raw, ""))
        for entity, attribute in splits:
            if entity in self.entities:
                return Reference(entity, attribute or None, on_delete, on_update)
        shown = splits[2][0] if len(splits) > 2 else splits[1][0]
        hints = file.problems.hints
        otherwise = hints.did_you_mean(target.raw, self.entities, "define it under `entities:`")
        file.problems.error(
            "unknown-entity",
            f"there is no entity '{shown}'",
            file.place(node, target.offset, target.length),
            hints.did_you_mean(shown, self.entities, otherwise),
        )
        return None

    def parse(self, file: FileNodes, node: Scalar, text: str) -> Target | None:
        """Return the target of a text in the long form, None (and a problem) if it is none."""
        target = self._exact(text)
        if target is None:
            try:
                target = parse_target(text)
            except ShortFormError as error:
                file.short_form(error, node)
        return target

    def _exact(self, text: str) -> Target | None:
        """Return the target of a text that names an entity letter by letter, whatever is in it."""
        if text in self.entities:
            return Target(text, 0)
        at = text.rfind(".")
        while at > 0:
            if text[:at] in self.entities:
                target = Target(text, 0)
                target.parts, target.attribute = (text[:at],), text[at + 1 :]
                return target
            at = text.rfind(".", 0, at)
        return None


def read_action(file: FileNodes, node: Node, word: str) -> str:
    """Return the action of `on_delete` or `on_update`, empty for nothing."""
    text = file.line(node, f"`{word}`")
    if not text or not isinstance(node, Scalar):
        return ""
    try:
        return parse_action(text.replace("_", " "))
    except ShortFormError as error:
        file.short_form(error, node)
        return ""
