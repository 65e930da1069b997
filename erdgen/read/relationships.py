"""The items of `relationships:` in, declared relationships out."""

from __future__ import annotations

from collections.abc import Mapping

from erdgen.errors import Place, nearest
from erdgen.model.relationships import DeclaredRelationship
from erdgen.read.nodes import FileNodes
from erdgen.read.notations import EXAMPLE, Ends, parse_notation, parse_relationship, split_label
from erdgen.read.references import read_action
from erdgen.read.shortforms import ShortFormError
from erdgen.read.tree import Collection, Node, Scalar

_FURTHER = (
    *("label", "label_back", "via", "through", "identifying", "on_delete", "on_update"),
    "description",
)
_LONG = ("from", "to", "type", "cardinality", *_FURTHER)

Keys = Mapping[str, tuple[Scalar, Node]]


def read_relationship(
    file: FileNodes, node: Node, entities: Mapping[str, object]
) -> DeclaredRelationship | None:
    """Return one item of `relationships:`, None (and problems) if it cannot be read.

    Args:
        file: The file that it stands in.
        node: The item.
        entities: The names of all entities of the model.
    """
    if isinstance(node, Scalar):
        return _short(file, node, None, entities)
    if not node.mapping:
        file.not_text(node, "a relationship")
        return None
    pairs = file.merged(node)
    if len(pairs) == 1 and pairs[0][0].text not in _LONG and not pairs[0][0].text.startswith("x-"):
        return _short(file, pairs[0][0], pairs[0][1], entities)
    return _long(file, node, entities)


def _short(
    file: FileNodes, key: Scalar, value: Node | None, entities: Mapping[str, object]
) -> DeclaredRelationship | None:
    try:
        left, right, ends, left_at, right_at = parse_relationship(key.text)
    except ShortFormError as error:
        file.short_form(error, key)
        return None
    label = ""
    if value is None:
        right, label = split_label(right)
    places = {
        "left": file.place(key, left_at, len(left)),
        "right": file.place(key, right_at, len(right)),
    }
    found: Keys = {}
    if isinstance(value, Collection):
        found = file.known(value, _FURTHER, "a relationship")
    elif value is not None:
        found = {"label": (key, value)}
    elif label:
        if label.startswith("{") and label.endswith("}"):
            file.problems.warn(
                "keys-in-quotes",
                f"'{label}' is read as the relationship's label, since it stands in the quotes",
                file.place(key),
                "if keys are meant, end the quotes before the ': {'",
            )
        found = {"label": (key, Scalar(label, key.start, key.style))}
    return _declared(
        file, key, found, names=(left, right), ends=ends, places=places, known=entities
    )


def _long(
    file: FileNodes, node: Collection, entities: Mapping[str, object]
) -> DeclaredRelationship | None:
    if not any(
        key.text in _LONG or nearest(key.text, _LONG, slips_only=True)
        for key, _ in file.merged(node)
    ):
        file.error(
            "bad-relationship", "an item of `relationships` is one relationship", node, EXAMPLE
        )
        return None
    found = file.known(node, _LONG, "a relationship")
    names, places, fine = [], {}, True
    for word, part in (("from", "left"), ("to", "right")):
        name = file.line(found[word][1], f"`{word}`") if word in found else ""
        if not name:
            at = found[word][0] if word in found else node
            file.error("missing-key", f"the relationship has no `{word}`", at)
            fine = False
        else:
            places[part] = file.place(found[word][1])
        names.append(name)
    kinds = [found[word] for word in ("type", "cardinality") if word in found]
    ends = None
    if not kinds:
        file.error("missing-key", "the relationship has no `type`", node, EXAMPLE)
    else:
        ends = _notation(file, kinds[0][1])
    if len(kinds) > 1:
        file.error("duplicate-key", "`type` and `cardinality` say the same", kinds[1][0])
    if not fine or ends is None:
        return None
    both = (names[0], names[1])
    return _declared(file, node, found, names=both, ends=ends, places=places, known=entities)


def _notation(file: FileNodes, node: Node) -> Ends | None:
    if isinstance(node, Collection):
        file.not_text(node, "the cardinality")
        return None
    try:
        return parse_notation(node.text)
    except ShortFormError as error:
        file.short_form(error, node)
        return None


def _declared(
    file: FileNodes,
    node: Node,
    found: Keys,
    *,
    names: tuple[str, str],
    ends: Ends,
    places: dict[str, Place],
    known: Mapping[str, object],
) -> DeclaredRelationship | None:
    texts = {
        word: file.line(found[word][1], f"`{word}`") if word in found else ""
        for word in ("label", "label_back", "through", "description")
    }
    identifying = ends[2]
    if "identifying" in found:
        identifying = file.flag(found["identifying"][1], "`identifying`")
    via: tuple[str, ...] = ()
    if "via" in found:
        via = file.texts(found["via"][1], "`via`")
        places["via"] = file.place(found["via"][1])
    if "through" in found:
        places["through"] = file.place(found["through"][1])
    fine = True
    for part, name in (("left", names[0]), ("right", names[1]), ("through", texts["through"])):
        if name and name not in known:
            file.problems.error(
                "unknown-entity",
                f"there is no entity '{name}'",
                places[part],
                "a blank must follow the ':' before a label"
                if name.partition(":")[0] in known
                else file.problems.hints.did_you_mean(name, known, "define it under `entities:`"),
            )
            fine = False
    actions = {
        word: read_action(file, found[word][1], word) if word in found else ""
        for word in ("on_delete", "on_update")
    }
    if not fine:
        return None
    return DeclaredRelationship(
        *names,
        ends[0],
        ends[1],
        texts["label"],
        texts["label_back"],
        via,
        texts["through"],
        identifying,
        actions["on_delete"],
        actions["on_update"],
        texts["description"],
        file.place(node),
        tuple(places.items()),
    )
