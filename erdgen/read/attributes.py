"""An entity's attributes as they were written in, `Attribute`s out: all short and long forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from erdgen.model.entities import Attribute, Reference
from erdgen.read.nodes import FileNodes
from erdgen.read.references import References, read_action
from erdgen.read.shortforms import Definition, ShortFormError, is_flag, parse_definition
from erdgen.read.tree import Collection, Node, Scalar

_LONG = (
    *("type", "pk", "unique", "index", "nullable", "required", "default", "references"),
    *("on_delete", "on_update", "check", "enum", "description", "validation", "source"),
    *("sensitive", "generated"),
)
_FLAGS = ("pk", "unique", "index", "generated", "default", "check", "target", "description")

_Found = tuple[tuple[Attribute, Scalar], ...]
"""An attribute and where its name stands; nothing where it cannot be read."""


class AttributeReader:
    """Reads attributes; it knows the names of all entities and enums of the model."""

    def __init__(self, entities: Mapping[str, object], enums: Mapping[str, object]) -> None:
        self.references = References(entities)
        self.enums = enums
        # the entity that is being read
        self._entity = ""
        # definition -> what it says; the same few hundred make up most of a large model
        self._definitions: dict[str, tuple[Definition, dict[str, Any]]] = {}
        self._attributes: dict[tuple[str, str], Attribute] = {}

    def read(self, file: FileNodes, entity: str, node: Node) -> tuple[Attribute, ...]:
        """Return the attributes of an entity, from a mapping or a list."""
        self._entity = entity
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
                self.references.note(self._entity, name, file, node, target)
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
            self.references.note(self._entity, name, file, node, definition.target)
            reference = self.references.resolve(
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
        if isinstance(node, Collection) and node.flow and _may_be_text(node, keys):
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
            elif word == "type":
                values.update(_long_type(file, value))
            elif word in ("check", "sensitive"):
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
        optional = values.pop("optional", False)
        if nullable is not None and values.get("required", not nullable) == nullable:
            file.error(
                "contradiction",
                f"'{name}' is said to be both required and optional",
                found["required"][0],
            )
        said = values.get("required", not (optional if nullable is None else nullable))
        values["required"] = values.get("pk", False) or said
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
        target = self.references.parse(file, node, text)
        if target is None:
            return None
        self.references.note(self._entity, name, file, node, target)
        return self.references.resolve(
            file, node, target, actions["on_delete"], actions["on_update"]
        )


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


def _may_be_text(node: Collection, keys: tuple[str, ...]) -> bool:
    """Whether a flow mapping may be a type for want of quotes: no known key, and no value."""
    known = any(isinstance(key, Scalar) and key.text in (*keys, "<<") for key in node.items[::2])
    return not known and all(
        isinstance(value, Scalar) and value.empty for value in node.items[1::2]
    )


def _long_type(file: FileNodes, node: Node) -> dict[str, Any]:
    """Return the type of the long form, and whether it is marked as optional: `uuid?`.

    Flags stay a part of the type, as it was written, but are warned of.
    """
    text = file.line(node, "`type`")
    optional = len(text) > 1 and text.endswith("?")
    kind = text[:-1].rstrip() if optional else text
    try:
        found = parse_definition(kind)
    except ShortFormError:
        found = None
    if found is not None and found.type and any(getattr(found, flag) for flag in _FLAGS):
        file.problems.warn(
            "flags-in-type",
            f"'{kind}' is taken as a type as it stands",
            file.place(node),
            "in the long form flags have keys of their own: `pk: yes`, `references: Customer.id`",
        )
    return {"type": kind, "optional": optional}


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
