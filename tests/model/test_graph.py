"""From keys and declarations to relationships: every rule of the contract."""

from __future__ import annotations

import pytest

from erdgen.errors import ModelError, Place
from erdgen.model.entities import Attribute, Entity, Model, Reference
from erdgen.model.graph import build_graph, resolve
from erdgen.model.relationships import (
    EXACTLY_ONE,
    ONE_OR_MORE,
    ZERO_OR_MORE,
    ZERO_OR_ONE,
    Cardinality,
    DeclaredRelationship,
    Relationship,
)

ONE, MANY = EXACTLY_ONE, ZERO_OR_MORE


def key(name: str, target: str, attribute: str | None = "id", **said: object) -> Attribute:
    return Attribute(name, "int", reference=Reference(target, attribute), **said)  # type: ignore[arg-type]


def box(name: str, *attributes: Attribute, **said: object) -> Entity:
    return Entity(name, attributes, **said)  # type: ignore[arg-type]


ID = Attribute("id", "int", pk=True)
CUSTOMER = box("Customer", ID, Attribute("email"))


Declared = tuple[DeclaredRelationship, ...]


def resolved(*entities: Entity, declared: Declared = ()) -> tuple[Relationship, ...]:
    return build_graph(Model(entities, declared)).relationships


def declare(
    left: str,
    right: str,
    left_end: Cardinality = ONE,
    right_end: Cardinality = MANY,
    **said: object,
) -> DeclaredRelationship:
    return DeclaredRelationship(left, right, left_end, right_end, **said)  # type: ignore[arg-type]


def refused(*entities: Entity, declared: Declared = ()) -> list[str]:
    with pytest.raises(ModelError) as caught:
        build_graph(Model(entities, declared))
    return [item.code for item in caught.value.diagnostics]


# --- keys ---------------------------------------------------------------------------------------


def test_a_key_is_a_relationship() -> None:
    order = box("Order", ID, key("customer_id", "Customer"))
    assert resolved(CUSTOMER, order) == (
        Relationship(
            "Customer", "Order", ONE, MANY, ("id",), ("customer_id",), key=True, identifying=False
        ),
    )


def test_an_optional_key_points_at_zero_or_one() -> None:
    (found,) = resolved(CUSTOMER, box("Order", ID, key("c", "Customer", required=False)))
    assert (found.left_end, found.right_end) == (ZERO_OR_ONE, MANY)


@pytest.mark.parametrize(
    ("holder", "end"),
    [
        (box("O", ID, key("c", "Customer", unique=True)), ZERO_OR_ONE),
        (box("O", ID, key("c", "Customer"), unique=(("c",),)), ZERO_OR_ONE),
        (box("O", key("c", "Customer", pk=True)), ZERO_OR_ONE),
        (box("O", key("c", "Customer", pk=True), Attribute("n", pk=True)), MANY),
        (box("O", ID, key("c", "Customer"), Attribute("n"), unique=(("c", "n"),)), MANY),
        (box("O", ID, key("c", "Customer"), unique=((),)), MANY),
        (box("O", key("c", "Customer")), MANY),
    ],
)
def test_the_end_of_the_holder(holder: Entity, end: object) -> None:
    (found,) = resolved(CUSTOMER, holder)
    assert found.right_end == end
    assert found.left_end == ONE


def test_a_key_in_the_primary_key_is_identifying() -> None:
    line = box(
        "Line", key("o", "Customer", pk=True), Attribute("no", pk=True), key("c", "Customer")
    )
    assert [item.identifying for item in resolved(CUSTOMER, line)] == [True, False]


def test_a_key_to_an_entity_means_its_primary_key() -> None:
    pair = box("Pair", Attribute("a", pk=True), Attribute("b", pk=True))
    bare = box("Bare")
    holder = box("H", key("c", "Customer", None), key("p", "Pair", None), key("n", "Bare", None))
    assert [item.left_attributes for item in resolved(CUSTOMER, pair, bare, holder)] == [
        ("id",),
        # no single attribute can be meant
        (),
        (),
    ]


def test_actions_are_those_of_the_key() -> None:
    order = box("O", Attribute("c", reference=Reference("Customer", "id", "cascade", "set null")))
    (found,) = resolved(CUSTOMER, order)
    assert (found.on_delete, found.on_update) == ("cascade", "set null")


def test_parallel_and_self_keys() -> None:
    employee = box("Employee", ID, key("boss", "Employee", required=False))
    trip = box("Trip", ID, key("driver", "Employee"), key("guest", "Employee"))
    assert [
        (item.left, item.right, item.right_attributes) for item in resolved(employee, trip)
    ] == [
        ("Employee", "Employee", ("boss",)),
        ("Employee", "Trip", ("driver",)),
        ("Employee", "Trip", ("guest",)),
    ]


def test_keys_that_point_at_nothing_are_refused_all_at_once() -> None:
    place = Place("m.yaml", 3, 1)
    order = box("O", key("a", "Custmer"), key("b", "Customer", "idd"), key("c", "X"), place=place)
    with pytest.raises(ModelError) as caught:
        build_graph(Model((CUSTOMER, order)))
    assert [item.code for item in caught.value.diagnostics] == [
        "unknown-entity",
        "unknown-attribute",
        "unknown-entity",
    ]
    assert caught.value.diagnostics[0].help == "did you mean 'Customer'?"
    assert {item.place for item in caught.value.diagnostics} == {place}
    graph, problems = resolve(Model((CUSTOMER, order)))
    assert graph.relationships == ()
    assert len(problems) == 3


# --- declarations -------------------------------------------------------------------------------

ORDER = box("Order", ID, key("customer_id", "Customer"))


def test_without_a_key_it_stands_beside() -> None:
    found = resolved(box("A"), box("B"), declared=(declare("A", "B", label="has"),))
    assert found == (Relationship("A", "B", ONE, MANY, label="has"),)
    assert not found[0].key


def test_it_takes_over_the_only_key() -> None:
    said = declare(
        "Customer", "Order", ONE, ONE_OR_MORE, label="places", label_back="placed by",
        identifying=True, on_delete="restrict", description="words",
    )  # fmt: skip
    assert resolved(CUSTOMER, ORDER, declared=(said,)) == (
        Relationship(
            "Customer", "Order", ONE, ONE_OR_MORE, ("id",), ("customer_id",), key=True,
            label="places", label_back="placed by", identifying=True, on_delete="restrict",
            description="words",
        ),
    )  # fmt: skip


def test_said_the_other_way_round_it_is_turned() -> None:
    said = declare("Order", "Customer", ONE_OR_MORE, ZERO_OR_ONE, label="placed by")
    (found,) = resolved(CUSTOMER, ORDER, declared=(said,))
    assert (found.left, found.right) == ("Customer", "Order")
    assert (found.left_end, found.right_end) == (ZERO_OR_ONE, ONE_OR_MORE)
    assert (found.label, found.label_back) == ("", "placed by")


def test_what_is_not_said_stays_the_keys() -> None:
    line = box("L", Attribute("c", pk=True, reference=Reference("Customer", "id", "cascade")))
    (found,) = resolved(CUSTOMER, line, declared=(declare("Customer", "L"),))
    assert found.identifying
    assert found.on_delete == "cascade"
    (found,) = resolved(
        CUSTOMER,
        line,
        declared=(declare("Customer", "L", identifying=False, on_delete="restrict"),),
    )
    assert not found.identifying
    assert found.on_delete == "restrict"


TRIP = box("Trip", ID, key("driver", "Employee"), key("guest", "Employee"))
EMPLOYEE = box("Employee", ID)


def test_several_keys_ask_for_via() -> None:
    place = Place("m.yaml", 9, 3)
    said = declare("Employee", "Trip", place=place)
    with pytest.raises(ModelError) as caught:
        build_graph(Model((EMPLOYEE, TRIP), (said,)))
    (found,) = caught.value.diagnostics
    assert found.code == "ambiguous-relationship"
    assert "Trip.driver, Trip.guest" in found.message
    assert "via: driver" in found.help
    assert found.place is place


def test_via_names_the_key() -> None:
    said = declare("Employee", "Trip", label="comes along", via=("guest",))
    found = resolved(EMPLOYEE, TRIP, declared=(said,))
    assert [(item.right_attributes, item.label) for item in found] == [
        (("driver",), ""),
        (("guest",), "comes along"),
    ]


def test_keys_the_other_way_round_cannot_be_meant() -> None:
    store = box("Store", ID, key("manager", "Staff"))
    staff = box("Staff", ID, key("store", "Store"))
    found = resolved(store, staff, declared=(declare("Store", "Staff", label="employs"),))
    assert [(item.left, item.label) for item in found] == [("Staff", ""), ("Store", "employs")]
    # where the ends don't tell, both can be meant
    assert refused(store, staff, declared=(declare("Store", "Staff", ONE, ONE),)) == [
        "ambiguous-relationship"
    ]


def test_many_to_many_takes_over_the_only_key_with_a_warning() -> None:
    product = box("Product", ID, key("main_tag", "Tag"))
    said = declare("Product", "Tag", MANY, MANY, label="carries")
    graph, (warning,) = resolve(Model((product, box("Tag", ID)), (said,)))
    assert graph.relationships == (
        Relationship(
            "Tag", "Product", MANY, MANY, ("id",), ("main_tag",), key=True, label_back="carries"
        ),
    )
    assert (warning.code, warning.severity) == ("against-key", "warning")
    assert "`through: NAME`" in warning.help


def test_many_to_many_that_cannot_mean_the_key_stands_beside() -> None:
    product = box("Product", ID, key("main_tag", "Tag"))
    junction = box("PT", key("p", "Product", pk=True), key("t", "Tag", pk=True))
    said = declare("Product", "Tag", MANY, MANY, through="PT")
    found = resolved(product, box("Tag", ID), junction, declared=(said,))
    assert [item.key for item in found] == [True, True, True, False]
    # which of several keys could hardly be meant
    two = box("Product", ID, key("main_tag", "Tag"), key("other_tag", "Tag"))
    found = resolved(two, box("Tag", ID), declared=(declare("Product", "Tag", MANY, MANY),))
    assert [item.key for item in found] == [True, True, False]


def test_through_a_junction() -> None:
    junction = box("PT", key("p", "Product", pk=True), key("t", "Tag", pk=True))
    said = declare("Product", "Tag", MANY, MANY, through="PT", label="carries")
    graph = build_graph(Model((box("Product", ID), box("Tag", ID), junction), (said,)))
    assert graph.junctions == ("PT",)
    assert graph.relationships[-1] == Relationship(
        "Product", "Tag", MANY, MANY, through="PT", label="carries"
    )
    assert len(graph.relationships) == 3
    assert refused(box("Product"), box("Tag"), declared=(said,)) == ["unknown-entity"]


def test_via_makes_a_key_of_attributes_that_say_none() -> None:
    order = box("Order", ID, Attribute("c", required=False))
    assert resolved(CUSTOMER, order, declared=(declare("Customer", "Order", via=("c",)),)) == (
        Relationship("Customer", "Order", ONE, MANY, ("id",), ("c",), key=True),
    )


LINE = box("Line", key("order_id", "Order", pk=True), Attribute("no", pk=True))


def test_a_composite_key() -> None:
    part = box("Part", ID, Attribute("order_id"), Attribute("no"), Attribute("x"))
    said = declare("Line", "Part", via=("no", "order_id"))
    found = resolved(box("Order", ID), LINE, part, declared=(said,))
    # attributes of the same name belong together
    assert found[-1] == Relationship(
        "Line", "Part", ONE, MANY, ("no", "order_id"), ("no", "order_id"), key=True
    )
    # others in their order
    said = declare("Line", "Part", via=("x", "no"))
    assert resolved(box("Order", ID), LINE, part, declared=(said,))[-1].left_attributes == (
        "order_id",
        "no",
    )


def test_single_keys_become_one_composite_key() -> None:
    part = box(
        "Part", ID, key("o", "Line", "order_id"), key("other", "Line", "no"), key("n", "Line", "no")
    )
    said = declare("Part", "Line", MANY, ONE, via=("n", "o"), label="belongs to")
    found = resolved(box("Order", ID), LINE, part, declared=(said,))
    assert [(item.left, item.right_attributes, item.left_attributes) for item in found] == [
        ("Order", ("order_id",), ("id",)),
        ("Line", ("n", "o"), ("no", "order_id")),
        ("Line", ("other",), ("no",)),
    ]
    assert found[1].label_back == "belongs to"


def test_a_composite_key_may_take_in_attributes_that_say_nothing() -> None:
    part = box("Part", ID, key("o", "Line", "order_id"), Attribute("n"))
    said = declare("Line", "Part", via=("o", "n"))
    found = resolved(box("Order", ID), LINE, part, declared=(said,))
    assert found[1].left_attributes == ("order_id", "no")
    assert len(found) == 2


def test_a_key_that_points_elsewhere_stays_beside_a_composite_one() -> None:
    part = box("Part", ID, key("order_id", "Order"), Attribute("no"))
    said = declare("Line", "Part", via=("order_id", "no"))
    found = resolved(box("Order", ID), LINE, part, declared=(said,))
    assert [(item.left, item.right, item.right_attributes) for item in found] == [
        ("Order", "Line", ("order_id",)),
        ("Order", "Part", ("order_id",)),
        ("Line", "Part", ("order_id", "no")),
    ]


def test_the_ends_and_identity_of_a_composite_key_without_declared_ones() -> None:
    # ends are said by every declaration; whether it identifies is the key's matter
    part = box("Part", Attribute("order_id", pk=True), Attribute("no", pk=True), Attribute("x"))
    said = declare("Line", "Part", via=("order_id", "no"))
    assert resolved(box("Order", ID), LINE, part, declared=(said,))[-1].identifying
    half = box("Part", Attribute("order_id", pk=True), Attribute("no"), Attribute("x"))
    assert not resolved(box("Order", ID), LINE, half, declared=(said,))[-1].identifying


def test_a_composite_key_to_a_unique_set() -> None:
    place = box("Place", ID, Attribute("x"), Attribute("y"), unique=(("x", "y"),))
    ship = box("Ship", ID, Attribute("y"), Attribute("x"))
    said = declare("Place", "Ship", via=("y", "x"))
    assert resolved(place, ship, declared=(said,))[0].left_attributes == ("y", "x")


def test_a_key_to_an_entity_without_any() -> None:
    ship = box("Ship", ID, Attribute("y"), Attribute("x"))
    (found,) = resolved(box("Place"), ship, declared=(declare("Place", "Ship", via=("x", "y")),))
    assert (found.left_attributes, found.right_attributes) == ((), ("x", "y"))


def test_too_few_or_too_many_attributes() -> None:
    part = box("Part", Attribute("a"), Attribute("b"), Attribute("c"))
    for via in (("a",), ("a", "b", "c")):
        said = declare("Line", "Part", via=via)
        assert refused(box("Order", ID), LINE, part, declared=(said,)) == ["key-mismatch"]


def test_via_belongs_to_the_many_end() -> None:
    both = (box("A", ID, Attribute("ref")), box("B", ID, Attribute("ref")))
    cases = [
        (declare("A", "B", ONE, MANY, via=("ref",)), "B"),
        (declare("A", "B", MANY, ONE, via=("ref",)), "A"),
        (declare("A", "B", ZERO_OR_ONE, ONE_OR_MORE, via=("ref",)), "B"),
        # where the ends don't tell: the right one if both have it
        (declare("A", "B", ONE, ONE, via=("ref",)), "B"),
        (declare("B", "A", ONE, ZERO_OR_ONE, via=("ref",)), "A"),
    ]
    for said, holder in cases:
        (found,) = resolved(*both, declared=(said,))
        assert (found.right, found.right_attributes) == (holder, ("ref",))
    only_left = (box("A", ID, Attribute("ref")), box("B", ID))
    (found,) = resolved(*only_left, declared=(declare("A", "B", ONE, ONE, via=("ref",)),))
    assert (found.left, found.right) == ("B", "A")
    # the ends tell that it is B's
    assert refused(*only_left, declared=(declare("A", "B", ONE, MANY, via=("ref",)),)) == [
        "unknown-attribute"
    ]
    assert refused(*only_left, declared=(declare("A", "B", ONE, ONE, via=("x", "y")),)) == [
        "unknown-attribute",
        "unknown-attribute",
    ]


def test_a_relationship_of_an_entity_to_itself() -> None:
    employee = box("E", ID, key("boss", "E", required=False), key("mentor", "E", required=False))
    for said, label, back in (
        (declare("E", "E", ZERO_OR_ONE, MANY, via=("boss",), label="manages"), "manages", ""),
        (declare("E", "E", MANY, ZERO_OR_ONE, via=("boss",), label="reports to"), "", "reports to"),
    ):
        found = resolved(employee, declared=(said,))[0]
        assert (found.left_end, found.right_end) == (ZERO_OR_ONE, MANY)
        assert (found.label, found.label_back) == (label, back)
        assert found.right_attributes == ("boss",)
    assert refused(employee, declared=(declare("E", "E", ZERO_OR_ONE, MANY),)) == [
        "ambiguous-relationship"
    ]


def test_two_declarations_of_one_key_are_refused() -> None:
    first, second = Place("m", 5, 3), Place("m", 6, 3)
    said = (
        declare("Customer", "Order", place=first),
        declare("Customer", "Order", via=("customer_id",), place=second),
    )
    with pytest.raises(ModelError) as caught:
        build_graph(Model((CUSTOMER, ORDER), said))
    (found,) = caught.value.diagnostics
    assert found.code == "duplicate-relationship"
    assert (found.place, found.related[0][1]) == (second, first)


def test_a_declaration_against_its_key_is_warned_of() -> None:
    said = declare("Customer", "Order", MANY, ONE, label="is of")
    graph, problems = resolve(Model((CUSTOMER, ORDER), (said,)))
    assert [(item.severity, item.code) for item in problems] == [("warning", "against-key")]
    assert len(graph.relationships) == 1
    assert build_graph(Model((CUSTOMER, ORDER), (said,))) == graph


def test_the_order_is_that_of_the_keys_and_then_of_the_file() -> None:
    said = (declare("Customer", "Trip", label="2"), declare("Order", "Trip", label="3"))
    last = declare("Customer", "Order", label="1")
    found = resolved(CUSTOMER, ORDER, EMPLOYEE, TRIP, declared=(*said, last))
    assert [item.label for item in found] == ["1", "", "", "2", "3"]


def test_unknown_names_in_declarations() -> None:
    places = (("left", Place("m", 1, 3)), ("right", Place("m", 1, 9)))
    said = declare("Custmer", "Oder", place=Place("m", 1, 1), places=places)
    with pytest.raises(ModelError) as caught:
        build_graph(Model((CUSTOMER, ORDER), (said,)))
    assert [(item.place and item.place.column, item.help) for item in caught.value.diagnostics] == [
        (3, "did you mean 'Customer'?"),
        (9, "did you mean 'Order'?"),
    ]


# --- junctions ----------------------------------------------------------------------------------

A, B = box("A", ID), box("B", ID)


@pytest.mark.parametrize(
    ("entity", "junction"),
    [
        (box("J", key("a", "A", pk=True), key("b", "B", pk=True)), True),
        (box("J", key("a", "A", pk=True), key("b", "B", pk=True), Attribute("x")), True),
        (box("J", key("a", "A", pk=True), key("b", "A", pk=True)), True),
        (
            box(
                "J", key("a", "A", pk=True), key("b", "B", pk=True), Attribute("x"), Attribute("y")
            ),
            False,
        ),
        (box("J", key("a", "A", pk=True), key("b", "B", pk=True), Attribute("n", pk=True)), False),
        (box("J", key("a", "A", pk=True), Attribute("b", pk=True)), False),
        (box("J", ID, key("a", "A"), key("b", "B")), False),
        (box("J", key("a", "A"), key("b", "B")), False),
        (box("J", key("a", "A", pk=True)), False),
        (box("J", key("a", "A", pk=True), key("b", "B", pk=True), key("c", "B", pk=True)), False),
        (box("J"), False),
    ],
)
def test_junctions(entity: Entity, junction: bool) -> None:
    assert build_graph(Model((A, B, entity))).junctions == (("J",) if junction else ())


def test_a_junction_of_composite_keys() -> None:
    pair = box("P", Attribute("x", pk=True), Attribute("y", pk=True))
    entity = box(
        "J", key("x", "P", "x", pk=True), key("y", "P", "y", pk=True), key("b", "B", pk=True)
    )
    said = declare("P", "J", via=("x", "y"))
    assert build_graph(Model((pair, B, entity))).junctions == ()
    assert build_graph(Model((pair, B, entity), (said,))).junctions == ("J",)


def test_a_key_does_not_point_at_itself() -> None:
    parts = [Attribute(name, pk=True) for name in ("a", "b", "c")]
    node = box("E", *parts, Attribute("e_a"), Attribute("e_b"))
    assert refused(node, declared=(declare("E", "E", via=("e_a", "e_b")),)) == ["key-mismatch"]
