"""A graph in, the resolved model as JSON out.

The document is one object, in UTF-8, indented by two blanks, with keys always in this order. What
was not said is left out, but for `title`, `entities` and their `attributes`, and `relationships`,
which are always there.

- `erdgen`: the version of this shape, 1.
- `title`, `description`: texts.
- `entities`: a list, in the order of the model. Each: `name`, `description`, `table`, `group`,
  `attributes`, `unique` and `indexes` (lists of lists of attribute names), `checks`, `states`
  (`names`, `initial`, `final`, `transitions` of `from`, `to`, `trigger`), `documentation` (the
  keys `lifecycle`, `rules`, ... with their values as they stood).
  An attribute: `name`, `type`, `pk`, `unique`, `index`, `required` (always there), `generated`,
  `default`, `check`, `enum`, `values`, `description`, `validation`, `source`, `sensitive`,
  `references` (`entity`, `attribute`, `on_delete`, `on_update`). Flags are there when they hold.
- `relationships`: a list of the resolved ones. Each: `left` and `right`, objects of `entity`,
  `minimum`, `maximum` (null for many) and `attributes`; then `key` (whether a foreign key carries
  it: the right end's attributes point at the left end's), `identifying`, `label`, `label_back`,
  `through`, `on_delete`, `on_update`, `description`.
- `junctions`: names of the entities that only tie two others.
- `enums`: a list of `name`, `values`, `description`.
- `groups`: a list of `name`, `title`, `description`, `color`.
- `diagram`: the drawing defaults, name and text.
- `outside`: of a selected part, the relationships that lead out of it; `folded`: the junctions
  that became many-to-many lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from erdgen.model.entities import Attribute, Entity, States
from erdgen.model.graph import Graph
from erdgen.model.relationships import Cardinality, Relationship
from erdgen.render import Output, Page
from erdgen.render.options import Options

SHAPE = 1

Value = object
Object = dict[str, Value]


def write(graph: Graph, options: Options) -> Output:  # noqa: ARG001 - the writers' signature
    """Return the graph as JSON; the options of drawings don't matter to it."""
    text = json.dumps(to_object(graph), ensure_ascii=False, indent=2)
    return Output((Page("", text.encode() + b"\n"),))


def to_object(graph: Graph) -> Object:
    """Return the graph as the plain objects of the JSON document."""
    model = graph.model
    return {
        "erdgen": SHAPE,
        "title": model.title,
        **_said({"description": model.description}),
        "entities": [_entity(entity) for entity in model.entities],
        "relationships": [_relationship(item) for item in graph.relationships],
        **_said(
            {
                "junctions": list(graph.junctions),
                "enums": [
                    {
                        "name": enum.name,
                        "values": list(enum.values),
                        **_said({"description": enum.description}),
                    }
                    for enum in model.enums
                ],
                "groups": [
                    {
                        "name": group.name,
                        **_said(
                            {
                                "title": group.title,
                                "description": group.description,
                                "color": group.color,
                            }
                        ),
                    }
                    for group in model.groups
                ],
                "diagram": {name: text for name, text, _ in model.diagram},
                "outside": [_relationship(item) for item in graph.outside],
                "folded": list(graph.folded),
            }
        ),
    }


def _said(values: Object) -> Object:
    """Leave out what was not said: empty texts and lists, flags that don't hold, None."""
    return {
        key: value
        for key, value in values.items()
        if value is not None and value is not False and value not in ("", [], {})
    }


def _lists(sets: Iterable[Iterable[str]]) -> list[Value]:
    return [list(names) for names in sets]


def _entity(entity: Entity) -> Object:
    return {
        "name": entity.name,
        **_said(
            {
                "description": entity.description,
                "table": entity.table,
                "group": entity.group,
            }
        ),
        "attributes": [_attribute(attribute) for attribute in entity.attributes],
        **_said(
            {
                "unique": _lists(entity.unique),
                "indexes": _lists(entity.indexes),
                "checks": list(entity.checks),
                "states": _states(entity.states) if entity.states else None,
                "documentation": dict(entity.documentation),
            }
        ),
    }


def _attribute(attribute: Attribute) -> Object:
    reference = attribute.reference
    return {
        "name": attribute.name,
        **_said(
            {
                "type": attribute.type,
                "pk": attribute.pk,
                "unique": attribute.unique,
                "index": attribute.index,
            }
        ),
        "required": attribute.required,
        **_said({"generated": attribute.generated}),
        # an empty default was said, unlike none
        **({} if attribute.default is None else {"default": attribute.default}),
        **_said(
            {
                "check": attribute.check,
                "enum": attribute.enum,
                "values": list(attribute.values),
                "description": attribute.description,
                "validation": attribute.validation,
                "source": attribute.source,
                "sensitive": attribute.sensitive,
                "references": reference
                and {
                    "entity": reference.entity,
                    **_said(
                        {
                            "attribute": reference.attribute,
                            "on_delete": reference.on_delete,
                            "on_update": reference.on_update,
                        }
                    ),
                },
            }
        ),
    }


def _states(states: States) -> Object:
    return {
        "names": list(states.names),
        **_said({"initial": states.initial, "final": list(states.final)}),
        "transitions": [
            {
                "from": change.source,
                "to": change.target,
                **_said({"trigger": change.trigger}),
            }
            for change in states.transitions
        ],
    }


def _relationship(item: Relationship) -> Object:
    return {
        "left": _end(item.left, item.left_end, item.left_attributes),
        "right": _end(item.right, item.right_end, item.right_attributes),
        "key": item.key,
        "identifying": item.identifying,
        **_said(
            {
                "label": item.label,
                "label_back": item.label_back,
                "through": item.through,
                "on_delete": item.on_delete,
                "on_update": item.on_update,
                "description": item.description,
            }
        ),
    }


def _end(entity: str, cardinality: Cardinality, attributes: tuple[str, ...]) -> Object:
    return {
        "entity": entity,
        "minimum": cardinality.minimum,
        "maximum": cardinality.maximum,
        **_said({"attributes": list(attributes)}),
    }
