"""An entity's nodes in, an `Entity` out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from erdgen.model.entities import Attribute, Documentation, Entity
from erdgen.read.attributes import AttributeReader
from erdgen.read.nodes import FileNodes
from erdgen.read.tree import Collection, Node, Scalar, pairs

_DOCUMENTATION = ("lifecycle", "rules", "access_patterns", "example", "source", "notes")
_KEYS = (
    *("purpose", "description", "table", "group", "attributes", "unique", "indexes", "checks"),
    *("states", *_DOCUMENTATION),
)


def read_entity(
    file: FileNodes, key: Scalar, name: str, node: Node, reader: AttributeReader
) -> Entity:
    """Return the entity that stands at a key of `entities:`."""
    place = file.place(key)
    if isinstance(node, Collection) and not node.mapping:
        return Entity(name, reader.read(file, name, node), place=place)
    found = file.known(
        node,
        _KEYS,
        f"the entity '{name}'",
        "its attributes stand under `attributes:`; keys that begin with x- are free",
    )
    values: dict[str, Any] = {}
    documentation: list[tuple[str, Documentation]] = []
    attributes: tuple[Attribute, ...] = ()
    for word, (word_key, value) in found.items():
        if word in ("purpose", "description"):
            if "description" in values:
                file.error("duplicate-key", "`purpose` and `description` say the same", word_key)
            values["description"] = file.text(value, f"`{word}`")
        elif word in ("table", "group"):
            values[word] = file.line(value, f"`{word}`")
        elif word == "attributes":
            attributes = reader.read(file, name, value)
        elif word == "checks":
            values[word] = file.texts(value, "`checks`")
        elif word == "states":
            from erdgen.read.states import read_states  # few models have any: start-up time

            values[word] = read_states(file, value)
        elif word in _DOCUMENTATION:
            documentation.append((word, read_documentation(file, value)))
    names = dict.fromkeys(attribute.name for attribute in attributes)
    for word in ("unique", "indexes"):
        if word in found:
            values[word] = _sets(file, found[word][1], word, name, names)
    return Entity(name, attributes, documentation=tuple(documentation), place=place, **values)


def count_attributes(node: Node) -> int:
    """Return how many attributes an entity has at least, without reading them.

    What merge keys bring may stand there already, so it is not counted.
    """
    if isinstance(node, Scalar):
        return 0
    if not node.mapping:
        return len(node.items)
    found = (value for key, value in pairs(node) if getattr(key, "text", "") == "attributes")
    members = next(found, None)
    if not isinstance(members, Collection):
        return 0
    return len(members.items) // 2 if members.mapping else len(members.items)


def read_documentation(file: FileNodes, node: Node) -> Documentation:
    """Return a documentation key's value as it stands."""
    if isinstance(node, Scalar):
        return file.text(node, "the text")
    if not node.mapping:
        return tuple(read_documentation(file, item) for item in node.items)
    return {key.text: read_documentation(file, value) for key, value in file.merged(node)}


def _sets(
    file: FileNodes, node: Node, word: str, entity: str, names: Mapping[str, object]
) -> tuple[tuple[str, ...], ...]:
    """Read a list of attribute names and of lists of attribute names."""
    found = []
    items = [node] if isinstance(node, Scalar) and not node.empty else file.items(node, f"`{word}`")
    for item in items:
        members = [item] if isinstance(item, Scalar) else file.items(item, f"an item of `{word}`")
        together = []
        for member in members:
            name = file.line(member, f"an item of `{word}`")
            if name and name not in names:
                file.error(
                    "unknown-attribute",
                    f"'{entity}' has no attribute '{name}'",
                    member,
                    file.problems.hints.of_few(name, names),
                )
            elif name:
                together.append(name)
        if together:
            found.append(tuple(together))
    return tuple(found)
