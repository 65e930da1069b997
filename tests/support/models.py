"""A seed and a size in, a random but realistic model file out, the same on every machine.

Used by the tests that read drawings back and by the benchmarks. The shapes are those of real
schemas: a few hubs that many entities point at, chains of details, stars of facts and dimensions,
junctions, several components, isolated entities, references to oneself, two keys to one entity,
composite keys, optional and identifying keys, relationships without a key, groups.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field

_FIRST_WORDS = """
account address asset audit batch booking branch budget campaign cart category channel claim
contact contract country coupon course credit customer delivery department device document
employee event exam facility feature file folder grade group image inventory invoice item job
language lead ledger lesson license location machine meeting member message note order package
page partner patient payment permission plan policy post price product profile project quote
rating recipe region report request review role room route sale schedule sensor service session
shift shipment site skill stock store student subject supplier survey table tag task team test
ticket topic transfer unit user vehicle vendor visit warehouse zone
"""
_SECOND_WORDS = """
assignment detail entry history item level line link log note rule status type
"""
_FIRST, _SECOND = _FIRST_WORDS.split(), _SECOND_WORDS.split()
_NASTY = (
    "商品タグ",
    "Bestellung für Größen",
    "e\u0301tude",
    "👩‍👩‍👧 family",
    "🇫🇷 flag",
    "طلب",
    "הזמנה",
    "Fact.Sale",
    "Order Details",
    "a|b",
    "x <y> & z",
    "it's",
    "back\\slash",
    "`tick`",
    "{brace}",
    "[list]",
    "#hash",
    "─┼─",
    "┌┐",
    "-->",
    "+--+",
    "1:many",
    "no",
    "null",
    "123",
    "a: b",
    "v",
    "o",
    "x" * 120,
    "many words in one very long name that has to be wrapped somewhere in the end",
    "日本語の長い名前のエンティティです。とても長いので折り返さなければなりません",
    "end.",
    "(x)",
    "↳ X",
    "-> Y",
    "*",
    "⚠️ alert",
    "कक्षा",
)
_TYPES = ("bigint", "text", "varchar(255)", "decimal(10, 2)", "timestamp with time zone", "boolean")
_PLAIN = ("name", "title", "status", "amount", "created_at", "updated_at", "note", "code", "kind")


@dataclass(slots=True)
class _Entity:
    name: str
    key: tuple[str, ...] = ("id",)
    identified: bool = False
    attributes: list[tuple[str, str | dict[str, object]]] = field(default_factory=list)
    group: str = ""
    targets: set[str] = field(default_factory=set)


def make_model(
    seed: int,
    size: int,
    *,
    keys: float = 1.5,
    nasty: bool = False,
    groups: int = 0,
    shape: str = "mixed",
) -> str:
    """Return a random model as the text of a model file.

    Args:
        seed: The same seed gives the same text.
        size: How many entities.
        keys: About how many foreign keys an entity has.
        nasty: Give a third of the entities and attributes names that break naive tools.
        groups: How many groups the entities are spread over; 0 for none.
        shape: `mixed`, `chain`, `star`, `hub` (everything points at two) or `tree`.
    """
    dice = random.Random(f"{seed}/{size}/{shape}")  # noqa: S311 - a fixed seed, no secret
    entities = [_Entity(name) for name in _names(dice, size, nasty=nasty)]
    relationships: list[dict[str, object]] = []
    for entity in entities:
        if shape == "mixed" and dice.random() < 0.04:
            entity.key = ("id", "line_no")
        elif shape == "mixed" and dice.random() < 0.1:
            entity.identified = True
    for first, last in _components(dice, size, shape):
        _tie(dice, entities[first:last], relationships, keys, _PARENTS[shape])
    for entity in entities:
        _fill(dice, entity, nasty=nasty)
    if groups:
        for index, entity in enumerate(entities):
            entity.group = f"group {min(groups - 1, index * groups // size) + 1}"
    if shape == "mixed" and dice.random() < 0.5:
        dice.shuffle(entities)
    return _write(entities, relationships, f"{shape} {size} #{seed}")


def _names(dice: random.Random, size: int, *, nasty: bool) -> list[str]:
    plain = list(_FIRST) + [f"{first}_{second}" for first in _FIRST for second in _SECOND]
    head, tail = plain[: len(_FIRST)], plain[len(_FIRST) :]
    dice.shuffle(head)
    dice.shuffle(tail)
    names = [*head, *tail][:size]
    dice.shuffle(names)
    if nasty:
        odd = list(_NASTY)
        dice.shuffle(odd)
        for index, name in zip(dice.sample(range(size), size // 3), odd, strict=False):
            names[index] = name
    return names


def _components(dice: random.Random, size: int, shape: str) -> list[tuple[int, int]]:
    """Return the stretches of entities that hang together; isolated ones are stretches of one."""
    if shape != "mixed" or size < 8:
        return [(0, size)]
    lonely = dice.randrange(0, max(2, size // 12))
    small = [dice.randrange(2, 6) for _ in range(dice.randrange(0, 1 + size // 15))]
    while small and sum(small) + lonely > size // 3:
        small.pop()
    stretches, start = [], 0
    for length in (size - lonely - sum(small), *small, *[1] * lonely):
        stretches.append((start, start + length))
        start += length
    return stretches


def _mixed_parent(dice: random.Random, index: int) -> int:
    # squaring prefers the first entities: they become the hubs
    return int(dice.random() ** 2 * index)


_PARENTS: dict[str, Callable[[random.Random, int], int]] = {
    "mixed": _mixed_parent,
    "chain": lambda _, index: index - 1,
    "star": lambda *_: 0,
    "hub": lambda dice, index: dice.randrange(min(2, index)),
    "tree": lambda _, index: (index - 1) // 3,
}


def _tie(
    dice: random.Random,
    entities: list[_Entity],
    relationships: list[dict[str, object]],
    keys: float,
    parent: Callable[[random.Random, int], int],
) -> None:
    """Tie the entities of one component, and some of them more than once."""
    for index in range(1, len(entities)):
        _point(dice, entities[index], entities[parent(dice, index)], relationships)
    if parent is not _mixed_parent or len(entities) < 2:
        return
    pairs: list[tuple[_Entity, _Entity]] = []
    for _ in range(round((keys - 1) * len(entities))):
        index = dice.randrange(len(entities))
        kind = dice.random()
        entity = entities[index]
        if kind < 0.06:
            _point(dice, entity, entity, relationships)
        elif kind < 0.10:
            pairs.append((entities[dice.randrange(len(entities))], entity))
        elif kind < 0.16:
            target = entities[_mixed_parent(dice, index + 1)]
            _point(dice, entity, target, relationships)
            _point(dice, entity, target, relationships)
        else:
            _point(dice, entity, entities[dice.randrange(len(entities))], relationships)
    for one, other in pairs:
        if not (one.targets & {other.name} or other.targets & {one.name}):
            one.targets.add(other.name)
            relationships.append(
                {"from": one.name, "to": other.name, "type": "many-to-many", "label": "ties"}
            )


def _point(
    dice: random.Random,
    holder: _Entity,
    target: _Entity,
    relationships: list[dict[str, object]],
) -> None:
    """Give the holder a foreign key to the target."""
    holder.targets.add(target.name)
    stem = "parent" if holder is target else target.name if target.name.isidentifier() else "other"
    taken = {name for name, _ in holder.attributes}
    if len(target.key) > 1:
        names = [_free(f"{stem}_{part}", taken) for part in target.key]
        holder.attributes += [(name, "bigint") for name in names]
        relationships.append(
            {"from": target.name, "to": holder.name, "type": "one-to-many", "via": names}
        )
        return
    name = _free(f"{stem}_id", taken)
    definition: dict[str, object] = {"type": "bigint", "references": f'"{target.name}".id'}
    chance = dice.random()
    if holder is not target and holder.identified:
        definition["pk"] = "yes"
    elif holder is target or chance < 0.25:
        definition["nullable"] = "yes"
    elif chance < 0.31:
        definition["unique"] = "yes"
    plain = target.name.replace("_", "").isalnum() and target.name.isascii()
    # an entity that is identified by others has more in its key than its own id
    if plain and not target.identified and dice.random() < 0.8:
        flags = "".join(f" {flag}" for flag in ("pk", "unique") if flag in definition)
        optional = "?" if "nullable" in definition else ""
        holder.attributes.append((name, f"bigint{optional}{flags} -> {target.name}"))
    else:
        holder.attributes.append((name, definition))


def _free(name: str, taken: set[str]) -> str:
    tries = [name, *(f"{name}_{number}" for number in range(2, 500))]
    free = next(each for each in tries if each not in taken)
    taken.add(free)
    return free


def _fill(dice: random.Random, entity: _Entity, *, nasty: bool) -> None:
    """Put the key before the foreign keys and plain attributes behind them."""
    entity.attributes[:0] = [(part, "bigint pk") for part in entity.key]
    taken = {name for name, _ in entity.attributes}
    for name in _PLAIN[: dice.randrange(0, 7)]:
        odd = nasty and dice.random() < 0.3
        label = dice.choice(_NASTY) if odd else name
        if label not in taken:
            taken.add(label)
            mark = "?" if dice.random() < 0.3 else ""
            entity.attributes.append((label, f"{dice.choice(_TYPES)}{mark}"))


def _write(entities: list[_Entity], relationships: list[dict[str, object]], title: str) -> str:
    """Return the model file; JSON's quoted scalars are YAML's."""

    def scalar(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    lines = [f"title: {scalar(title)}", "entities:"]
    for entity in entities:
        lines.append(f"  {scalar(entity.name)}:")
        if entity.group:
            lines.append(f"    group: {scalar(entity.group)}")
        lines.append("    attributes:")
        for name, definition in entity.attributes:
            lines.append(f"      {scalar(name)}: {scalar(definition)}")
    if relationships:
        lines.append("relationships:")
        lines += [f"  - {scalar(item)}" for item in relationships]
    return "\n".join(lines) + "\n"
