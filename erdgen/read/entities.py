"""An entity's nodes in, an `Entity` out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from erdgen.errors import Place
from erdgen.model.entities import (
    Attribute,
    Documentation,
    Entity,
    Reference,
)
from erdgen.read.nodes import FileNodes
from erdgen.read.shortforms import (
    Definition,
    ShortFormError,
    Target,
    is_flag,
    parse_action,
    parse_definition,
    parse_target,
)
from erdgen.read.tree import Collection, Node, Scalar, pairs

_DOCUMENTATION = ("lifecycle", "rules", "access_patterns", "example", "source", "notes")
_KEYS = (
    *("purpose", "description", "table", "group", "attributes", "unique", "indexes", "checks"),
    *("states", *_DOCUMENTATION),
)
_LONG = (
    *("type", "pk", "unique", "index", "nullable", "required", "default", "references"),
    *("on_delete", "on_update", "check", "enum", "description", "validation", "source"),
    *("sensitive", "generated"),
)


_Found = tuple[tuple[Attribute, Scalar], ...]
"""An attribute and where its name stands; nothing where it cannot be read."""


class EntityReader:
    """Reads entities; it knows the names of all entities and enums of the model."""

    def __init__(self, entities: Mapping[str, object], enums: Mapping[str, object]) -> None:
        self.entities = entities
        self.enums = enums
        # (entity, attribute) -> where its reference stands
        self._places: dict[tuple[str, str], tuple[FileNodes, Node, Target]] = {}
        # the entity that is being read
        self._entity = ""
        # definition -> what it says; the same few hundred make up most of a large model
        self._definitions: dict[str, tuple[Definition, dict[str, Any]]] = {}
        self._attributes: dict[tuple[str, str], Attribute] = {}

    def entity(self, file: FileNodes, key: Scalar, name: str, node: Node) -> Entity:
        """Return the entity that stands at a key of `entities:`."""
        place = file.place(key)
        self._entity = name
        if isinstance(node, Collection) and not node.mapping:
            return Entity(name, self._attributes_of(file, node), place=place)
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
                    file.error(
                        "duplicate-key", "`purpose` and `description` say the same", word_key
                    )
                values["description"] = file.text(value, f"`{word}`")
            elif word in ("table", "group"):
                values[word] = file.line(value, f"`{word}`")
            elif word == "attributes":
                attributes = self._attributes_of(file, value)
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

    # --- attributes -------------------------------------------------------------------------

    def _attributes_of(self, file: FileNodes, node: Node) -> tuple[Attribute, ...]:
        if isinstance(node, Collection) and not node.mapping:
            return self._listed(file, node)
        found = []
        for key, value in file.mapping(node, "`attributes`"):
            name = file.name(key, "the attribute's name")
            if name is not None:
                found.append(self._attribute(file, name, value))
        return tuple(found)

    def _listed(self, file: FileNodes, node: Collection) -> tuple[Attribute, ...]:
        """Read a list of names, of `name: definition` items, or of mappings with a `name`."""
        found: dict[str, tuple[Attribute, Scalar]] = {}
        merged: dict[str, tuple[Attribute, Scalar]] = {}
        by_name = _names_of_long_items(node)
        for item in node.items:
            if isinstance(item, Collection) and _merges_a_set(file, item):
                for name_key, value in file.merged(item):
                    for read in self._pair(file, name_key, value):
                        merged.setdefault(read[0].name, read)
                        found.setdefault(read[0].name, read)
                continue
            for attribute, key in self._item(file, item, by_name):
                name = attribute.name
                if name in found and found[name] is not merged.get(name):
                    file.error(
                        "duplicate-key",
                        f"the attribute '{name}' stands twice in this list",
                        key,
                        related=(("first here", file.place(found[name][1])),),
                    )
                else:
                    # as in a mapping, what stands here wins over what is merged
                    found[name] = (attribute, key)
        return tuple(attribute for attribute, _ in found.values())

    def _item(self, file: FileNodes, item: Node, by_name: bool) -> _Found:
        if isinstance(item, Scalar):
            key, colon, rest = item.text.partition(": ")
            if colon and item.style in {"'", '"'}:
                # a quoted `name: definition`, as it must be where it holds a bracket
                at = item.start + 1
                value = Scalar(rest.strip(), at + item.text.find(rest.strip(), len(key) + 1), "")
                return self._pair(file, Scalar(key.strip(), at, ""), value)
            name = file.name(item, "the attribute's name")
            if name is None:
                return ()
            _warn_of_definition(file, name, item)
            return ((Attribute(name), item),)
        if not item.mapping:
            file.not_text(item, "an attribute")
            return ()
        pairs = file.merged(item)
        if len(pairs) == 1 and not (by_name and pairs[0][0].text == "name"):
            return self._pair(file, *pairs[0])
        named = next((value for key, value in pairs if key.text == "name"), None)
        if named is None:
            file.error(
                "bad-attribute",
                "an item of `attributes` is one attribute: `name: definition`, or a mapping with"
                " a `name`",
                item,
                "a set of attributes is taken in by `- <<: *name`",
            )
            return ()
        name = file.name(named, "the attribute's name")
        if name is None or not isinstance(named, Scalar):
            return ()
        return ((self._long(file, name, item, ("name", *_LONG)), named),)

    def _pair(self, file: FileNodes, key: Scalar, value: Node) -> _Found:
        name = file.name(key, "the attribute's name")
        return ((self._attribute(file, name, value), key),) if name is not None else ()

    def _attribute(self, file: FileNodes, name: str, node: Node) -> Attribute:
        if isinstance(node, Collection):
            if node.mapping:
                return self._long(file, name, node, _LONG)
            file.error(
                "not-a-text",
                f"the definition of '{name}' must be a text or a mapping",
                node,
                file.quote_flow(node),
            )
            return Attribute(name)
        cached = self._attributes.get((name, node.text))
        if cached is not None:
            target = self._definitions[node.text][0].target
            if target is not None:
                self._places[self._entity, name] = (file, node, target)
            return cached
        return self._short(file, name, node)

    def _short(self, file: FileNodes, name: str, node: Scalar) -> Attribute:
        text = node.text
        if text not in self._definitions:
            try:
                definition = parse_definition(text)
            except ShortFormError as error:
                file.short_form(error, node)
                return Attribute(name)
            file.text(node, "the definition")
            self._definitions[text] = (definition, self._fields(definition))
        definition, fields = self._definitions[text]
        reference = None
        if definition.target is not None:
            self._places[self._entity, name] = (file, node, definition.target)
            reference = self._reference(
                file, node, definition.target, definition.on_delete, definition.on_update
            )
            if reference is None:
                return Attribute(name)
        attribute = Attribute(name, reference=reference, **fields)
        self._attributes[name, text] = attribute
        return attribute

    def _fields(self, definition: Definition) -> dict[str, Any]:
        return {
            "type": definition.type,
            "pk": definition.pk,
            "unique": definition.unique,
            "index": definition.index,
            "required": definition.pk or definition.required is not False,
            "generated": definition.generated,
            "default": definition.default,
            "check": definition.check,
            "enum": self._enum(definition.type),
            "description": definition.description,
        }

    def _enum(self, kind: str) -> str:
        """Return the name of the enum that a type is (or is a list of), else nothing."""
        if kind in self.enums:
            return kind
        return kind[:-2] if kind.endswith("[]") and kind[:-2] in self.enums else ""

    def _long(self, file: FileNodes, name: str, node: Node, keys: tuple[str, ...]) -> Attribute:
        advice = ""
        if isinstance(node, Collection) and node.flow and not _knows(node, keys):
            advice = file.quote_flow(node)
        found = file.known(node, keys, f"the attribute '{name}'", advice)
        found.pop("name", None)
        values: dict[str, Any] = {}
        for word, (_, value) in found.items():
            if word in ("pk", "unique", "index", "generated", "nullable", "required"):
                values[word] = file.flag(value, f"`{word}`")
            elif word == "default":
                empty = isinstance(value, Scalar) and not value.style and not value.text
                values[word] = None if empty else file.line(value, "`default`")
            elif word in ("type", "check", "sensitive"):
                values[word] = file.line(value, f"`{word}`")
            elif word == "enum":
                self._long_enum(file, value, values)
            elif word in ("description", "validation", "source"):
                several = isinstance(value, Collection) and not value.mapping
                values[word] = (
                    "; ".join(file.texts(value, f"`{word}`"))
                    if several
                    else file.text(value, f"`{word}`")
                )
        if values.get("sensitive", "").lower() in {"no", "false"}:
            values["sensitive"] = ""
        nullable = values.pop("nullable", None)
        if nullable is not None and values.get("required", not nullable) == nullable:
            file.error(
                "contradiction",
                f"'{name}' is said to be both required and optional",
                found["required"][0],
            )
        values["required"] = values.get("pk", False) or values.get("required", not nullable)
        if not values.get("enum"):
            values["enum"] = self._enum(values.get("type", ""))
        return Attribute(name, reference=self._long_reference(file, name, found), **values)

    def _long_enum(self, file: FileNodes, node: Node, values: dict[str, Any]) -> None:
        if isinstance(node, Collection):
            values["values"] = file.texts(node, "`enum`")
            return
        name = file.line(node, "`enum`")
        if name and name not in self.enums:
            file.error(
                "unknown-enum",
                f"there is no enum '{name}'",
                node,
                file.problems.hints.did_you_mean(name, self.enums, "define it under `enums:`"),
            )
        values["enum"] = name

    def _long_reference(
        self, file: FileNodes, name: str, found: Mapping[str, tuple[Scalar, Node]]
    ) -> Reference | None:
        actions = {}
        for word in ("on_delete", "on_update"):
            actions[word] = ""
            if word in found:
                key, value = found[word]
                actions[word] = read_action(file, value, word)
                if "references" not in found:
                    file.error("bad-definition", f"`{word}` needs `references`", key)
        if "references" not in found:
            return None
        node = found["references"][1]
        text = file.line(node, "`references`")
        if not isinstance(node, Scalar):
            return None
        target = self._exact_target(text)
        if target is None:
            try:
                target = parse_target(text)
            except ShortFormError as error:
                file.short_form(error, node)
                return None
        self._places[self._entity, name] = (file, node, target)
        return self._reference(file, node, target, actions["on_delete"], actions["on_update"])

    def _exact_target(self, text: str) -> Target | None:
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

    # --- references -------------------------------------------------------------------------

    def _reference(
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

    def place_of(self, entity: str, attribute: str) -> Place | None:
        """Return where an attribute's reference stands, None if it has none."""
        found = self._places.get((entity, attribute))
        if found is None:
            return None
        file, node, target = found
        return file.place(node, target.offset, target.length)


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


def _names_of_long_items(node: Collection) -> bool:
    """Whether `name` in the items of a list names the attribute, and is none itself.

    `- name: text` among `- id: uuid` is an attribute called name; among `- {name: id, type: uuid}`
    it is one more attribute that has nothing but its name.
    """
    mappings = [item for item in node.items if isinstance(item, Collection) and item.mapping]
    single = [item for item in mappings if len(item.items) == 2]
    keys = [key.text for item in single for key in item.items[:1] if isinstance(key, Scalar)]
    others = any(key != "name" for key in keys)
    return (len(single) < len(mappings) and not others) or (len(keys) > 1 and not others)


def _merges_a_set(file: FileNodes, item: Collection) -> bool:
    """Whether an item of a list takes in a set of attributes: `- <<: *stamps`.

    `- {<<: *key, name: id}` is one attribute in the long form.
    """
    keys = [key for key in item.items[::2] if isinstance(key, Scalar)] if item.mapping else []
    if not any(key.text == "<<" and not key.style for key in keys):
        return False
    words = {key.text for key, _ in file.merged(item)}
    return "name" not in words or not words.issubset(("name", *_LONG))


def _knows(node: Collection, keys: tuple[str, ...]) -> bool:
    """Whether a mapping has a known key at all; one that has none may be a type, not quoted."""
    return any(isinstance(key, Scalar) and key.text in (*keys, "<<") for key in node.items[::2])


def _warn_of_definition(file: FileNodes, name: str, item: Scalar) -> None:
    """Warn of a name in a list of names that reads like a definition without its colon."""
    first, *rest = name.split()
    if not item.style and any(is_flag(word) for word in rest):
        file.problems.warn(
            "definition-as-name",
            f"'{name}' is taken as the name of an attribute",
            file.place(item),
            f"if it is a definition, write `{first}: {' '.join(rest)}`",
        )


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
