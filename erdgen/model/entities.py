"""The entities of a model as they were said: attributes, enums, groups, states.

They are named tuples: three dataclasses of so many fields, and the module that makes them, take
4 ms of start-up, and reading a large model takes longer with them.
"""

# annotations as texts would double the time that making named tuples takes
from typing import NamedTuple

from erdgen.errors import Place
from erdgen.model.relationships import DeclaredRelationship

Documentation = str | tuple["Documentation", ...] | dict[str, "Documentation"]
"""A documentation key's value as it stood in the file: text, a list, or a mapping."""


class Reference(NamedTuple):
    """A foreign key as said on an attribute.

    Attributes:
        entity: Name of the entity that is pointed at (an entity of the model).
        attribute: The attribute that is pointed at; None means the entity's primary key.
        on_delete: `cascade`, `restrict`, `set null`, `set default`, `no action`, or empty.
        on_update: The same for updates.
    """

    entity: str
    attribute: str | None = None
    on_delete: str = ""
    on_update: str = ""


class Attribute(NamedTuple):
    """One attribute of an entity.

    Attributes:
        type: As it was said; empty if nothing was.
        pk: Part of the primary key.
        required: Whether it must have a value; always true of a `pk`.
        default: The default as it was said, None if there is none.
        check: A check expression, without its parentheses.
        enum: Name of the model's enum that is its type, or empty.
        values: The values it may have where they were listed on the attribute itself.
        validation: Rules in words.
        source: Where its value comes from.
        sensitive: `yes`, or a classification such as `PII`; empty if nothing was said.
        reference: What it points at as a foreign key of its own.
    """

    name: str
    type: str = ""
    pk: bool = False
    unique: bool = False
    index: bool = False  # type: ignore[assignment]  # hides the method that tuples have
    required: bool = True
    generated: bool = False
    default: str | None = None
    check: str = ""
    enum: str = ""
    description: str = ""
    validation: str = ""
    source: str = ""
    sensitive: str = ""
    reference: Reference | None = None
    values: tuple[str, ...] = ()


class Transition(NamedTuple):
    """A change of state: from, to, and what triggers it (may be empty)."""

    source: str
    target: str
    trigger: str = ""


class States(NamedTuple):
    """An entity's state machine. `names` holds every state once, in the order of the file."""

    names: tuple[str, ...]
    initial: str = ""
    final: tuple[str, ...] = ()
    transitions: tuple[Transition, ...] = ()


class Entity(NamedTuple):
    """One entity.

    Attributes:
        name: The logical name, unique in the model.
        attributes: In the order of the file.
        description: Its `purpose` or `description`.
        table: Physical name where it differs, else empty.
        group: Name of its group, or empty.
        unique: Sets of attributes that are unique together.
        indexes: Sets of attributes that are indexed together.
        checks: Check expressions.
        states: Its state machine, if it has one.
        documentation: Further keys (`lifecycle`, `rules`, `access_patterns`, `example`, `source`,
            `notes`) with their values as they stood, for documents.
        place: Where its name stands in the file.
    """

    name: str
    attributes: tuple[Attribute, ...] = ()
    description: str = ""
    table: str = ""
    group: str = ""
    unique: tuple[tuple[str, ...], ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    checks: tuple[str, ...] = ()
    states: States | None = None
    documentation: tuple[tuple[str, Documentation], ...] = ()
    place: Place | None = None


class EnumType(NamedTuple):
    """A named list of values that attributes may have as their type."""

    name: str
    values: tuple[str, ...]
    description: str = ""


class Group(NamedTuple):
    """A named part of the model, drawn as a frame or cluster."""

    name: str
    title: str = ""
    description: str = ""
    color: str = ""


class Model(NamedTuple):
    """What was said in the model file (and those it includes).

    Attributes:
        entities: By the order of the file.
        declared: The items of `relationships:` as they were said.
        diagram: The drawing defaults: option name, its text, its place. Their meaning is the
            renderer's business, so they are kept as said.
        name: The file's name without folders and suffix, for titles and picture names.
    """

    entities: tuple[Entity, ...] = ()
    declared: tuple[DeclaredRelationship, ...] = ()
    enums: tuple[EnumType, ...] = ()
    groups: tuple[Group, ...] = ()
    title: str = ""
    description: str = ""
    diagram: tuple[tuple[str, str, Place], ...] = ()
    name: str = "model"
