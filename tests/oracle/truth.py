"""A model file in, the entities and relationships that a drawing must show out.

It reads the YAML by itself (PyYAML's BaseLoader, which takes every scalar as text) and knows the
rules of the model file's contract; nothing of erdgen is trusted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

Count = tuple[int, int | None]
ONE: Count = (1, 1)
OPTIONAL: Count = (0, 1)
MANY: Count = (0, None)
SOME: Count = (1, None)

_ARROW = re.compile(
    r"(?:->|(?<![\w\"])(?:fk|references)(?=[\s\"]))\s*"
    r"(?:\"(?P<quoted>[^\"]+)\"(?P<rest>\.\S+)?|(?P<plain>[^\s()]+))"
    r"(?:\s*\((?P<inner>[^)]*)\))?",
    re.IGNORECASE,
)
_WORDS: dict[str, Count] = {"one": ONE, "1": ONE, "many": MANY, "n": MANY, "m": MANY, "*": MANY}
_CROW_LEFT = {"||": ONE, "|o": OPTIONAL, "o|": OPTIONAL, "}o": MANY, "}|": SOME}
_CROW_RIGHT = {"||": ONE, "o|": OPTIONAL, "|o": OPTIONAL, "o{": MANY, "|{": SOME}
_NAME = r'(?:"[^"]+"|\S+)'
_SHORT = re.compile(
    rf"(?P<left>{_NAME})\s+(?P<notation>.+?)\s+(?P<right>{_NAME})\s*(?::\s*(?P<label>.*))?$",
    re.DOTALL,
)
_NOTATION = re.compile(
    r"\S+-to-\S+|[}|o]{2}(?:--|\.\.)[{|o]{2}|[^\s:]+\s+--\s+[^\s:]+|[^\s:]+:[^\s:]+"
)


@dataclass(frozen=True, slots=True)
class Attr:
    """What a drawing shows of an attribute, and whether it is unique or required."""

    name: str
    pk: bool = False
    required: bool = True
    unique: bool = False
    targets: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Rel:
    """A relationship; for a key, `left` is pointed at and `right` holds it."""

    left: str
    right: str
    left_attrs: tuple[str, ...] = ()
    right_attrs: tuple[str, ...] = ()
    left_end: Count = ONE
    right_end: Count = MANY
    key: bool = False
    label: str = ""
    label_back: str = ""
    through: str = ""

    @property
    def verb(self) -> str:
        """What is said of the relationship, in both directions."""
        return " / ".join(shown(text) for text in (self.label, self.label_back) if text)

    @property
    def pair(self) -> frozenset[str]:
        return frozenset((self.left, self.right))


@dataclass(frozen=True, slots=True)
class Truth:
    """What a model says.

    Attributes:
        entities: Entity -> attributes, both in order.
        groups: Title of a group -> its entities.
        outside: Relationships to entities that are not shown, of the part of a model.
    """

    entities: dict[str, tuple[Attr, ...]] = field(default_factory=dict)
    relationships: tuple[Rel, ...] = ()
    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    outside: tuple[Rel, ...] = ()

    def only(self, names: Iterable[str]) -> Truth:
        """Return the part with these entities."""
        kept = set(names)
        return Truth(
            {name: attrs for name, attrs in self.entities.items() if name in kept},
            tuple(rel for rel in self.relationships if rel.pair <= kept),
            {title: some & kept for title, some in self.groups.items() if some & kept},
            tuple(rel for rel in self.relationships if rel.pair & kept and rel.pair - kept),
        )

    def folded(self) -> Truth:
        """Return what is left when junctions become many-to-many relationships.

        A junction's primary key is exactly two foreign keys, it has at most one attribute more,
        and no further relationships.
        """
        lines: dict[str, Rel] = {}
        for name, attrs in self.entities.items():
            ties = [rel for rel in self.relationships if name in rel.pair]
            primary = [attr.name for attr in attrs if attr.pk]
            keys = [rel for rel in ties if rel.key and rel.right == name and rel.left != name]
            held = sorted(attr for rel in keys for attr in rel.right_attrs)
            fits = len(ties) == len(keys) == 2 and held == sorted(primary)
            if fits and primary and len(attrs) - len(primary) <= 1:
                one, other = keys
                left, right = (
                    rel.right_end if rel.right_end[1] != 1 else MANY for rel in (other, one)
                )
                label = other.label or one.label_back
                lines[name] = Rel(
                    one.left, other.left, (), (), left, right, label=label, through=name
                )
        declared = {rel.through for rel in self.relationships if rel.through}
        found: list[Rel] = []
        for rel in self.relationships:
            if rel.right not in lines:
                found.append(rel)
            elif rel.right not in declared and lines[rel.right] not in found:
                found.append(lines[rel.right])
        return Truth(
            {name: attrs for name, attrs in self.entities.items() if name not in lines},
            tuple(found),
            {title: some - lines.keys() for title, some in self.groups.items()},
        )


def shown(name: str) -> str:
    """Return a name as it can stand in a drawing.

    What a terminal would act on is written as an escape.

    >>> shown("Order line"), shown("a\\nb")
    ('Order line', 'a\\\\nb')
    """
    kept = []
    for index, char in enumerate(name):
        unsafe = unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs") or (
            unicodedata.category(char) == "Cf" and char not in "\u200c\u200d"
        )
        if char in "\u200c\u200d":
            # at an edge it would join what stands beside the name, and it joins no plain letters
            before, behind = name[:index].strip("\u200c\u200d"), name[index + 1 :]
            unsafe = not before or not behind.strip("\u200c\u200d")
            unsafe |= char == "\u200d" and behind[:1].isascii()
        kept.append(char.encode("unicode_escape").decode() if unsafe else char)
    text = "".join(kept)
    return f'"{text}"' if not text or text != text.strip() else text


def read_truth(source: Path | str) -> Truth:
    """Read a model file, or a model's text."""
    if isinstance(source, str):
        return make_truth(_load(source))
    return make_truth(_load_all(source))


def _load(text: str) -> dict[str, Any]:
    return yaml.load(text, Loader=yaml.BaseLoader) or {}  # noqa: S506 - it makes text only


def _load_all(path: Path) -> dict[str, Any]:
    data = _load(path.read_text(encoding="utf-8-sig"))
    for name in _as_list(data.get("include")):
        other = _load_all(path.parent / name)
        data["entities"] = {**_merged(other.get("entities")), **_merged(data.get("entities"))}
        data["relationships"] = [
            *_as_list(other.get("relationships")),
            *_as_list(data.get("relationships")),
        ]
    return data


def _as_list(value: Any) -> list[Any]:
    if value in (None, ""):
        return []
    return value if isinstance(value, list) else [value]


def _merged(value: Any) -> dict[str, Any]:
    """Return a mapping with its merge keys taken in; nothing is an empty one."""
    if not isinstance(value, dict):
        return {}
    found: dict[str, Any] = {}
    for base in _as_list(value.get("<<")):
        found.update(_merged(base))
    found.update({key: each for key, each in value.items() if key != "<<"})
    return found


def make_truth(data: dict[str, Any]) -> Truth:
    """Return what a loaded model says."""
    raw = _merged(data.get("entities"))
    names = list(raw)
    entities: dict[str, tuple[Attr, ...]] = {}
    unique: dict[str, list[frozenset[str]]] = {}
    for name, body in raw.items():
        mapping = {"attributes": body} if isinstance(body, list) else _merged(body)
        entities[name] = tuple(_attributes(mapping.get("attributes"), names))
        unique[name] = [frozenset(_as_list(each)) for each in _as_list(mapping.get("unique"))]
    keys = [
        _key(entities, unique, name, (attr,), (target, (wanted,) if wanted else ()))
        for name, attrs in entities.items()
        for attr in attrs
        for target, wanted in attr.targets
    ]
    relationships = list(keys)
    for item in _as_list(data.get("relationships")):
        _declare(_declared(item), relationships, entities, unique)
    return Truth(entities, tuple(relationships), _groups(data, raw))


def _groups(data: dict[str, Any], raw: dict[str, Any]) -> dict[str, frozenset[str]]:
    """Return the title of each group and its entities, said at the group or at the entity."""
    said = _merged(data.get("groups"))
    members: dict[str, set[str]] = {name: set() for name in said}
    for name, group in said.items():
        members[name].update(_as_list(_merged(group).get("entities")))
    for entity, body in raw.items():
        group = _merged(body).get("group")
        if group:
            members.setdefault(group, set()).add(entity)
    return {
        shown(_merged(said.get(name)).get("title") or name): frozenset(found)
        for name, found in members.items()
        if found
    }


# --- attributes ---------------------------------------------------------------------------------


def _attributes(value: Any, names: list[str]) -> Iterator[Attr]:
    if isinstance(value, dict):
        for name, definition in _merged(value).items():
            yield _attribute(name, definition, names)
        return
    items = _as_list(value)
    long = _are_long(items)
    for item in items:
        if isinstance(item, str):
            yield _attribute(item, "", names)
        elif "name" in item and (long or len(item) > 1):
            yield _attribute(item["name"], item, names)
        else:
            for name, definition in item.items():
                yield _attribute(name, definition, names)


def _are_long(items: list[Any]) -> bool:
    """Return whether `- name: x` names an attribute, and is not one that is called name.

    >>> _are_long([{"id": "int pk"}, {"name": "text"}]), _are_long([{"name": "a"}, {"name": "b"}])
    (False, True)
    """
    short = [key for item in items if isinstance(item, dict) and len(item) == 1 for key in item]
    only_names = all(key == "name" for key in short)
    mappings = sum(isinstance(item, dict) for item in items)
    return only_names and (len(short) > 1 or len(short) < mappings)


def _attribute(name: str, definition: Any, names: list[str]) -> Attr:
    if isinstance(definition, dict):
        return _long_attribute(name, definition, names)
    text = re.split(r"(?:^|\s)--(?:\s|$)", definition)[0]
    text = re.sub(r"'[^']*'", "''", text)
    outside = _without_brackets(_ARROW.sub(" ", text))
    lowered = outside.lower()
    pk = bool(re.search(r"\bpk\b|\bprimary key\b", lowered))
    lowered = lowered.replace("set null", "")
    optional = re.search(r"\?|(?<!not )\bnull(able)?\b|\boptional\b", lowered)
    found = [_target(match, names) for match in _ARROW.finditer(text)]
    return Attr(
        name,
        pk,
        pk or not optional,
        bool(re.search(r"\bunique\b", lowered)),
        tuple(each for each in found if each),
    )


def _without_brackets(text: str) -> str:
    """Return the text without what parentheses hold.

    >>> _without_brackets("decimal(10, 2) check (a ? b) pk")
    'decimal check  pk'
    """
    depth, kept = 0, []
    for char in text:
        depth += char == "("
        if not depth:
            kept.append(char)
        depth -= char == ")"
    return "".join(kept)


def _target(match: re.Match[str], names: list[str]) -> tuple[str, str | None] | None:
    if match["quoted"]:
        return match["quoted"], (match["rest"] or "").lstrip(".") or None
    return _split_target(match["plain"], names, match["inner"])


def _split_target(
    text: str, names: list[str], inner: str | None = None
) -> tuple[str, str | None] | None:
    """Return entity and attribute: the longest entity name that fits is meant."""
    text = text.strip()
    quoted = re.fullmatch(r'"([^"]+)"(?:\.(.+))?', text)
    if quoted:
        return quoted[1], quoted[2]
    fitting = [name for name in names if text == name or text.startswith(name + ".")]
    if not fitting:
        return None
    name = max(fitting, key=len)
    return name, inner or text[len(name) + 1 :] or None


def _truthy(value: Any) -> bool:
    return str(value).lower() in ("true", "yes", "on", "1")


def _long_attribute(name: str, definition: dict[str, Any], names: list[str]) -> Attr:
    pk = _truthy(definition.get("pk", ""))
    optional = _truthy(definition.get("nullable", "")) or (
        "required" in definition and not _truthy(definition["required"])
    )
    wanted = definition.get("references")
    target = _split_target(str(wanted), names) if wanted else None
    short = _attribute(name, str(definition.get("type", "")), names)
    return Attr(
        name,
        pk or short.pk,
        pk or short.pk or (short.required and not optional),
        _truthy(definition.get("unique", "")) or short.unique,
        (target,) if target else short.targets,
    )


# --- relationships ------------------------------------------------------------------------------


def _key(
    entities: dict[str, tuple[Attr, ...]],
    unique: dict[str, list[frozenset[str]]],
    holder: str,
    attrs: tuple[Attr, ...],
    pointed: tuple[str, tuple[str, ...]],
) -> Rel:
    target, wanted = pointed
    primary = tuple(attr.name for attr in entities[target] if attr.pk)
    own_primary = {attr.name for attr in entities[holder] if attr.pk}
    held = tuple(attr.name for attr in attrs)
    alone = (
        set(held) == own_primary
        or frozenset(held) in unique[holder]
        or (len(attrs) == 1 and attrs[0].unique)
    )
    return Rel(
        target,
        holder,
        wanted or primary[: len(held)],
        held,
        ONE if all(attr.required for attr in attrs) else OPTIONAL,
        OPTIONAL if alone else MANY,
        key=True,
    )


@dataclass(frozen=True, slots=True)
class _Said:
    left: str
    right: str
    left_end: Count
    right_end: Count
    label: str = ""
    label_back: str = ""
    via: tuple[str, ...] = ()
    through: str = ""


def _declared(item: Any) -> _Said:
    if isinstance(item, str):
        return _short(item, {})
    if "from" in item:
        notation = item.get("type") or item.get("cardinality") or "one-to-many"
        return _said(item["from"], notation, item["to"], item)
    ((text, rest),) = item.items()
    return _short(text, rest if isinstance(rest, dict) else {"label": rest})


def _short(text: str, further: dict[str, Any]) -> _Said:
    notation = next(
        found
        for found in _NOTATION.finditer(text)
        if _SHORT.match(text) and text[: found.start()].strip() and _ends(found[0])
    )
    left, right = text[: notation.start()], text[notation.end() :]
    right, _, label = right.partition(":") if '"' not in right else (right, "", "")
    if label.strip():
        further = {**further, "label": label.strip()}
    return _said(left, notation[0], right, further)


def _said(left: str, notation: str, right: str, further: dict[str, Any]) -> _Said:
    ends = _ends(notation)
    if ends is None:
        raise ValueError(notation)
    names = [name.strip().strip('"') for name in (left, right)]
    via = tuple(_as_list(further.get("via")))
    label, back, through = (str(further.get(k, "")) for k in ("label", "label_back", "through"))
    return _Said(names[0], names[1], *ends, label, back, via, through)


def _ends(notation: str) -> tuple[Count, Count] | None:
    """Return the counts at the ends.

    >>> _ends("one-to-many"), _ends("}o--||"), _ends("0..1 -- 1..*")
    (((1, 1), (0, None)), ((0, None), (1, 1)), ((0, 1), (1, None)))
    """
    crow = re.fullmatch(r"([}|o]{2})(?:--|\.\.)([{|o]{2})", notation)
    if crow:
        return _CROW_LEFT[crow[1]], _CROW_RIGHT[crow[2]]
    for sign in ("-to-", "--", ":"):
        left, found, right = notation.partition(sign)
        ends = _count(left), _count(right)
        if found and ends[0] and ends[1]:
            return ends[0], ends[1]
    return None


def _count(text: str) -> Count | None:
    text = text.strip().lower()
    bounds = re.fullmatch(r"(\d+)\.\.(\d+|\*|n|m)", text)
    if bounds:
        return int(bounds[1]), int(bounds[2]) if bounds[2].isdigit() else None
    if text.isdigit():
        return int(text), int(text)
    return _WORDS.get(text)


def _declare(
    said: _Said,
    relationships: list[Rel],
    entities: dict[str, tuple[Attr, ...]],
    unique: dict[str, list[frozenset[str]]],
) -> None:
    """Let a declared relationship take over the key that it means, or stand beside the keys."""
    ties = [
        index
        for index, rel in enumerate(relationships)
        if rel.key and rel.pair == {said.left, said.right}
    ]
    if said.via:
        ties = [index for index in ties if relationships[index].right_attrs == said.via]
    elif said.through:
        ties = []  # its keys are those of the junction
    if len(ties) == 1:
        relationships[ties[0]] = _enriched(relationships[ties[0]], said)
        return
    if said.via:
        holder = _holder(said, entities)
        target = said.left if holder == said.right else said.right
        attrs = tuple(attr for attr in entities[holder] if attr.name in said.via)
        attrs = tuple(sorted(attrs, key=lambda attr: said.via.index(attr.name)))
        relationships.append(_enriched(_key(entities, unique, holder, attrs, (target, ())), said))
        return
    relationships.append(
        Rel(
            said.left,
            said.right,
            (),
            (),
            said.left_end,
            said.right_end,
            label=said.label,
            label_back=said.label_back,
            through=said.through,
        )
    )


def _enriched(key: Rel, said: _Said) -> Rel:
    """Return a key's relationship with what was declared of it, turned where it was said so."""
    same = key.left == said.left
    if said.left == said.right:
        same = not (said.left_end[1] != 1 and said.right_end[1] == 1)
    return replace(
        key,
        label=said.label if same else said.label_back,
        label_back=said.label_back if same else said.label,
        left_end=said.left_end if same else said.right_end,
        right_end=said.right_end if same else said.left_end,
        through=said.through,
    )


def _holder(said: _Said, entities: dict[str, tuple[Attr, ...]]) -> str:
    """Return who holds the key: the many end; else who has the attributes, the right one first."""
    left_many, right_many = said.left_end[1] != 1, said.right_end[1] != 1
    if left_many != right_many:
        return said.left if left_many else said.right
    has = {attr.name for attr in entities[said.right]}
    return said.right if set(said.via) <= has else said.left
