"""A model file in, the entities and relationships that a drawing must show out.

It reads the YAML by itself (PyYAML's BaseLoader, which takes every scalar as text) and knows the
rules of the model file's contract; nothing of erdgen is trusted.
"""

from __future__ import annotations

import re
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
_WORDS = {"one": ONE, "1": ONE, "many": MANY, "n": MANY, "m": MANY, "*": MANY}
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

    @property
    def pair(self) -> frozenset[str]:
        return frozenset((self.left, self.right))


@dataclass(frozen=True, slots=True)
class Truth:
    """What a model says: entity -> attributes in order, and the relationships."""

    entities: dict[str, tuple[Attr, ...]] = field(default_factory=dict)
    relationships: tuple[Rel, ...] = ()

    def only(self, names: Iterable[str]) -> Truth:
        """Return the part with these entities."""
        kept = set(names)
        return Truth(
            {name: attrs for name, attrs in self.entities.items() if name in kept},
            tuple(rel for rel in self.relationships if rel.pair <= kept),
        )


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
    return Truth(entities, tuple(relationships))


# --- attributes ---------------------------------------------------------------------------------


def _attributes(value: Any, names: list[str]) -> Iterator[Attr]:
    if isinstance(value, dict):
        for name, definition in _merged(value).items():
            yield _attribute(name, definition, names)
        return
    for item in _as_list(value):
        if isinstance(item, str):
            yield _attribute(item, "", names)
        elif "name" in item:
            yield _attribute(item["name"], item, names)
        else:
            for name, definition in item.items():
                yield _attribute(name, definition, names)


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
    via: tuple[str, ...] = ()


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
    return _Said(names[0], names[1], *ends, str(further.get("label", "")), via)


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
    if len(ties) == 1:
        rel = relationships[ties[0]]
        same = rel.left == said.left
        relationships[ties[0]] = replace(
            rel,
            label=said.label,
            left_end=said.left_end if same else said.right_end,
            right_end=said.right_end if same else said.left_end,
        )
        return
    if said.via:
        holder = _holder(said, entities)
        target = said.left if holder == said.right else said.right
        attrs = tuple(attr for attr in entities[holder] if attr.name in said.via)
        attrs = tuple(sorted(attrs, key=lambda attr: said.via.index(attr.name)))
        key = _key(entities, unique, holder, attrs, (target, ()))
        same = target == said.left
        relationships.append(
            replace(
                key,
                label=said.label,
                left_end=said.left_end if same else said.right_end,
                right_end=said.right_end if same else said.left_end,
            )
        )
        return
    relationships.append(
        Rel(said.left, said.right, (), (), said.left_end, said.right_end, label=said.label)
    )


def _holder(said: _Said, entities: dict[str, tuple[Attr, ...]]) -> str:
    """Return who holds the key: the many end; else who has the attributes, the right one first."""
    left_many, right_many = said.left_end[1] != 1, said.right_end[1] != 1
    if left_many != right_many:
        return said.left if left_many else said.right
    has = {attr.name for attr in entities[said.right]}
    return said.right if set(said.via) <= has else said.left
