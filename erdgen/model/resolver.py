"""A model in, its relationships out: those of the keys, and what was declared beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from erdgen.errors import Diagnostic, Hints, Place, Severity
from erdgen.model.entities import Attribute, Entity, Model, Reference
from erdgen.model.relationships import (
    EXACTLY_ONE,
    ZERO_OR_MORE,
    ZERO_OR_ONE,
    Cardinality,
    DeclaredRelationship,
    Relationship,
)

PlaceOf = Callable[[str, str], Place | None]
"""Entity and attribute -> where the attribute's reference stands, if it is known."""


def key_ends(
    holder: Entity, attributes: Iterable[Attribute]
) -> tuple[Cardinality, Cardinality, bool]:
    """Return the ends of the relationship that a foreign key makes.

    Args:
        holder: The entity that holds the key.
        attributes: The key's attributes, all of `holder`.

    Returns:
        The end of the entity that is pointed at (exactly one if every attribute is required),
        the end of the holder (at most one if the attributes are unique), and whether the key is
        part of the holder's primary key.
    """
    key = tuple(attributes)
    names = {attribute.name for attribute in key}
    primary = {attribute.name for attribute in holder.attributes if attribute.pk}
    # what is unique stays so with more attributes beside it
    unique = (
        any(attribute.unique for attribute in key)
        or (bool(primary) and primary <= names)
        or any(names.issuperset(together) for together in holder.unique if together)
    )
    one = EXACTLY_ONE if all(attribute.required for attribute in key) else ZERO_OR_ONE
    return one, ZERO_OR_ONE if unique else ZERO_OR_MORE, names <= primary


class Resolver:
    """The model's names at hand, and the problems found so far.

    Attributes:
        problems: What is wrong or looks wrong, in the order in which it was found.
    """

    def __init__(self, model: Model, place_of: PlaceOf | None) -> None:
        self.model = model
        self.place_of = place_of
        self.hints = Hints()
        self.entities: Mapping[str, Entity] = {entity.name: entity for entity in model.entities}
        self.problems: list[Diagnostic] = []
        self._attributes: dict[str, dict[str, Attribute]] = {}

    # --- keys -------------------------------------------------------------------------------

    def keys(self) -> list[Relationship]:
        """Return the relationships of all single foreign keys."""
        found: list[Relationship] = []
        for entity in self.model.entities:
            for attribute in entity.attributes:
                reference = attribute.reference
                if reference is not None and self._known(entity, attribute, reference):
                    one, many, identifying = key_ends(entity, (attribute,))
                    target = reference.attribute or self._single_key(reference.entity)
                    found.append(
                        Relationship(
                            reference.entity,
                            entity.name,
                            one,
                            many,
                            (target,) if target else (),
                            (attribute.name,),
                            key=True,
                            identifying=identifying,
                            on_delete=reference.on_delete,
                            on_update=reference.on_update,
                        )
                    )
        return found

    def _known(self, entity: Entity, attribute: Attribute, reference: Reference) -> bool:
        """Whether what is pointed at exists; otherwise the problem is noted."""
        where = f"'{entity.name}.{attribute.name}' points at"
        fine = True
        if reference.entity not in self.entities:
            self._unknown_entity(reference.entity, where, self._place(entity, attribute))
            fine = False
        elif reference.attribute is not None:
            names = self._names(reference.entity)
            if reference.attribute not in names:
                self._problem(
                    "unknown-attribute",
                    f"{where} '{reference.entity}.{reference.attribute}', which does not exist",
                    self._place(entity, attribute),
                    self.hints.of_few(reference.attribute, names),
                )
                fine = False
        return fine

    def _place(self, entity: Entity, attribute: Attribute) -> Place | None:
        found = self.place_of(entity.name, attribute.name) if self.place_of else None
        return found or entity.place

    def _single_key(self, entity: str) -> str:
        primary = self._primary(entity)
        return primary[0] if len(primary) == 1 else ""

    def _primary(self, entity: str) -> tuple[str, ...]:
        return tuple(item.name for item in self.entities[entity].attributes if item.pk)

    def _names(self, entity: str) -> Mapping[str, Attribute]:
        if entity not in self._attributes:
            self._attributes[entity] = {
                item.name: item for item in self.entities[entity].attributes
            }
        return self._attributes[entity]

    # --- declarations -----------------------------------------------------------------------

    def declare(self, keys: list[Relationship]) -> list[Relationship]:
        """Return the keys' relationships, enriched, and behind them those without a key."""
        # (pointed at, holder) -> the keys that tie them, known by their places in `keys`
        tied: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, key in enumerate(keys):
            tied[key.left, key.right].append(index)
        resolved: dict[int, Relationship | None] = dict(enumerate(keys))
        taken: dict[int, DeclaredRelationship] = {}
        beside: list[Relationship] = []
        for declared in self.model.declared:
            if not self._ends_known(declared):
                continue
            if declared.via:
                found = self._by_via(declared, keys, tied, taken, resolved)
                if found is not None:
                    beside.append(found)
                continue
            candidates = _candidates(declared, tied)
            if not candidates or _is_no_key(declared, candidates):
                beside.append(_stand_beside(declared))
            elif len(candidates) > 1:
                self._ambiguous(declared, [keys[index] for index in candidates])
            else:
                self._take(declared, candidates, keys[candidates[0]], taken, resolved)
        return [item for item in resolved.values() if item is not None] + beside

    def _ends_known(self, declared: DeclaredRelationship) -> bool:
        known = True
        for part, name in (
            ("left", declared.left),
            ("right", declared.right),
            ("through", declared.through),
        ):
            if name not in self.entities and (name or part != "through"):
                self._unknown_entity(name, "the relationship names", declared.place_of(part))
                known = False
        return known

    def _by_via(
        self,
        declared: DeclaredRelationship,
        keys: list[Relationship],
        tied: Mapping[tuple[str, str], list[int]],
        taken: dict[int, DeclaredRelationship],
        resolved: dict[int, Relationship | None],
    ) -> Relationship | None:
        """Resolve a declaration that names its key; returned if no single key carries it."""
        holder = self._holder(declared)
        if holder is None:
            return None
        pointed = declared.left if holder == declared.right else declared.right
        single = {
            keys[index].right_attributes[0]: index for index in tied.get((pointed, holder), ())
        }
        merged = [single[name] for name in declared.via if name in single]
        targets = self._targets(declared, pointed, [keys[index] for index in merged])
        if targets is None:
            return None
        one, many, identifying = key_ends(
            self.entities[holder], [self._names(holder)[name] for name in declared.via]
        )
        actions = [keys[index] for index in merged]
        key = Relationship(
            pointed,
            holder,
            one,
            many,
            targets,
            declared.via,
            key=True,
            identifying=identifying,
            on_delete=next((item.on_delete for item in actions if item.on_delete), ""),
            on_update=next((item.on_update for item in actions if item.on_update), ""),
        )
        if merged:
            self._take(declared, merged, key, taken, resolved)
            return None
        return self._enrich(key, declared)

    def _holder(self, declared: DeclaredRelationship) -> str | None:
        """Return the entity whose attributes `via` names; None (and a problem) if there is none.

        It is the one at the many end; where the ends don't tell, the one that has attributes of
        those names, the right one if both have.
        """
        left_many = declared.left_end.maximum != 1
        right_many = declared.right_end.maximum != 1
        if left_many == right_many:
            places = [
                name
                for name in (declared.right, declared.left)
                if all(attribute in self._names(name) for attribute in declared.via)
            ]
            holder = places[0] if places else declared.right
        else:
            holder = declared.left if left_many else declared.right
        wrong = [name for name in declared.via if name not in self._names(holder)]
        other = declared.left if holder == declared.right else declared.right
        for name in wrong:
            advice = f"`via` names attributes of the entity that holds the key ('{holder}' here)"
            if name in self._names(other):
                advice += f"; '{other}' has it: turn the cardinality round"
            else:
                advice = self.hints.did_you_mean(name, self._names(holder), advice)
            self._problem(
                "unknown-attribute",
                f"'{holder}' has no attribute '{name}'",
                declared.place_of("via"),
                advice,
            )
        return None if wrong else holder

    def _targets(
        self, declared: DeclaredRelationship, pointed: str, single: list[Relationship]
    ) -> tuple[str, ...] | None:
        """Return the attributes that the attributes of `via` point at, in their order.

        What single keys say stands; the rest is the primary key (or a unique set of that size),
        attributes of the same name to each other, the others in their order. Empty where the
        entity that is pointed at has no key at all.
        """
        said = {
            item.right_attributes[0]: item.left_attributes[0]
            for item in single
            if item.left_attributes
        }
        entity, size = self.entities[pointed], len(declared.via)
        if all(name in said for name in declared.via):
            return tuple(said[name] for name in declared.via)
        primary = self._primary(pointed)
        unique = [(item.name,) for item in entity.attributes if item.unique]
        candidates = [item for item in (primary, *entity.unique, *unique) if len(item) == size]
        candidates = [item for item in candidates if set(said.values()) <= set(item)]
        # a set of the same names is meant before others
        candidates.sort(key=lambda item: set(item) != set(declared.via))
        if candidates:
            return _match(declared.via, candidates[0], said)
        same_names = all(name in self._names(pointed) for name in declared.via)
        # an entity that points at itself does not point from an attribute to that same one
        if same_names and declared.left != declared.right:
            return tuple(said.get(name, name) for name in declared.via)
        if not primary:
            return ()
        self._problem(
            "key-mismatch",
            f"`via` names {_count(size, 'attribute')}, but the primary key of '{pointed}' has"
            f" {len(primary)} ({', '.join(primary)})",
            declared.place_of("via"),
            "name one attribute for each of the key that is pointed at",
        )
        return None

    def _take(
        self,
        declared: DeclaredRelationship,
        indices: list[int],
        key: Relationship,
        taken: dict[int, DeclaredRelationship],
        resolved: dict[int, Relationship | None],
    ) -> None:
        """Let a declaration take over the relationship of one key, or of several merged."""
        again = next((taken[index] for index in indices if index in taken), None)
        if again is not None:
            attributes = ", ".join(key.right_attributes)
            self._problem(
                "duplicate-relationship",
                f"the key '{key.right}.{attributes}' has a relationship already",
                declared.place,
                "leave one out, or say with `via` which key it means",
                related=(("first here", again.place),) if again.place else (),
            )
            return
        for index in indices:
            taken[index] = declared
            resolved[index] = None
        resolved[min(indices)] = self._enrich(key, declared)

    def _enrich(self, key: Relationship, declared: DeclaredRelationship) -> Relationship:
        """Return the key's relationship with all that was declared of it."""
        if key.left == declared.left and not (
            # of a relationship of an entity to itself only the ends tell which is the holder's
            declared.left == declared.right
            and declared.left_end.maximum != 1
            and declared.right_end.maximum == 1
        ):
            left_end, right_end = declared.left_end, declared.right_end
            label, label_back = declared.label, declared.label_back
        else:
            left_end, right_end = declared.right_end, declared.left_end
            label, label_back = declared.label_back, declared.label
        if left_end.maximum != 1:
            self._problem(
                "against-key",
                f"the relationship has many '{key.left}' for one '{key.right}', but by the key"
                f" '{key.right}.{key.right_attributes[0]}' each '{key.right}' has one '{key.left}'",
                declared.place,
                "turn the cardinality round"
                if right_end.maximum == 1
                else "if it is another relationship than the key's, name its junction entity:"
                " `through: NAME`",
                severity="warning",
            )
        return key._replace(
            left_end=left_end,
            right_end=right_end,
            label=label,
            label_back=label_back,
            through=declared.through,
            identifying=key.identifying if declared.identifying is None else declared.identifying,
            on_delete=declared.on_delete or key.on_delete,
            on_update=declared.on_update or key.on_update,
            description=declared.description,
        )

    # --- problems ---------------------------------------------------------------------------

    def _ambiguous(self, declared: DeclaredRelationship, keys: list[Relationship]) -> None:
        names = [f"{key.right}.{key.right_attributes[0]}" for key in keys[:5]]
        if len(keys) > len(names):
            names.append("...")
        self._problem(
            "ambiguous-relationship",
            f"{len(keys)} keys tie '{declared.left}' and '{declared.right}', and any may be meant:"
            f" {', '.join(names)}",
            declared.place,
            f"name the one that is meant: `via: {keys[0].right_attributes[0]}`",
        )

    def _unknown_entity(self, name: str, where: str, place: Place | None) -> None:
        self._problem(
            "unknown-entity",
            f"{where} '{name}', which is no entity of the model",
            place,
            self.hints.did_you_mean(name, self.entities),
        )

    def _problem(
        self,
        code: str,
        message: str,
        place: Place | None,
        help: str = "",  # noqa: A002 - the name of the Diagnostic's field
        *,
        related: tuple[tuple[str, Place], ...] = (),
        severity: Severity = "error",
    ) -> None:
        self.problems.append(Diagnostic(code, message, place, help, severity, related))


def _stand_beside(declared: DeclaredRelationship) -> Relationship:
    return Relationship(
        declared.left,
        declared.right,
        declared.left_end,
        declared.right_end,
        label=declared.label,
        label_back=declared.label_back,
        through=declared.through,
        identifying=bool(declared.identifying),
        on_delete=declared.on_delete,
        on_update=declared.on_update,
        description=declared.description,
    )


def _is_no_key(declared: DeclaredRelationship, candidates: list[int]) -> bool:
    """Whether none of the keys of the two entities is meant.

    What has a junction entity has its keys there. A many-to-many takes over the only key of the
    two, as whatever ties them does, but which of several could hardly be meant: a key points at
    one thing only.
    """
    many = declared.left_end.maximum != 1 and declared.right_end.maximum != 1
    return bool(declared.through) or (many and len(candidates) > 1)


def _candidates(
    declared: DeclaredRelationship, tied: Mapping[tuple[str, str], list[int]]
) -> list[int]:
    """Return the keys that a declaration may mean: its holder is at the end that is many.

    Where the ends don't tell, or no key is that way round, all keys of the two entities.
    """
    left_right = tied.get((declared.left, declared.right), [])
    if declared.left == declared.right:
        return left_right
    right_left = tied.get((declared.right, declared.left), [])
    left_many = declared.left_end.maximum != 1
    if left_many != (declared.right_end.maximum != 1):
        fitting = right_left if left_many else left_right
        if fitting:
            return fitting
    return sorted(left_right + right_left)


def _match(via: tuple[str, ...], key: tuple[str, ...], said: Mapping[str, str]) -> tuple[str, ...]:
    """Return for each attribute of `via` the one of `key` that it points at.

    >>> _match(("line_no", "order"), ("order_id", "line_no"), {})
    ('line_no', 'order_id')
    """
    found = dict(said)
    free = [name for name in key if name not in found.values()]
    for name in via:
        if name not in found and name in free:
            found[name] = name
            free.remove(name)
    rest = iter(free)
    return tuple(found[name] if name in found else next(rest) for name in via)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
