"""Parts of a graph: globs, neighbours, groups, folded junctions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erdgen.errors import OptionError
from erdgen.model.entities import Attribute, Entity, Group, Model, Reference
from erdgen.model.graph import Graph, build_graph
from erdgen.model.relationships import ZERO_OR_MORE, DeclaredRelationship
from erdgen.model.selection import fold, match, restrict, select

ID = Attribute("id", "int", pk=True)


def key(name: str, target: str, pk: bool = False) -> Attribute:
    return Attribute(name, "int", pk=pk, reference=Reference(target, "id"))


MODEL = Model(
    (
        Entity("Customer", (ID,), group="sales"),
        Entity("Order", (ID, key("customer_id", "Customer")), group="sales"),
        Entity("OrderLine", (ID, key("order_id", "Order"), key("product_id", "Product"))),
        Entity("Product", (ID,), group="stock"),
        Entity("Tag", (ID,)),
        Entity("ProductTag", (key("product_id", "Product", True), key("tag_id", "Tag", True))),
        Entity("order"),
        Entity("Alone[1]"),
    ),
    declared=(DeclaredRelationship("Customer", "Tag", ZERO_OR_MORE, ZERO_OR_MORE, label="likes"),),
    groups=(Group("sales"), Group("stock"), Group("empty")),
)
GRAPH = build_graph(MODEL)


def names(graph: Graph) -> list[str]:
    return [entity.name for entity in graph.model.entities]


def lines(graph: Graph) -> list[tuple[str, str]]:
    return [(item.left, item.right) for item in graph.relationships]


def test_nothing_asked_for_is_the_whole() -> None:
    assert select(GRAPH) is GRAPH


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("Order", ["Order"]),
        ("order", ["order"]),
        ("Order*", ["Order", "OrderLine"]),
        ("ORDER*", ["Order", "OrderLine", "order"]),
        ("*Tag", ["Tag", "ProductTag"]),
        ("?ag", ["Tag"]),
        ("[PT]*", ["Product", "Tag", "ProductTag"]),
        ("customer", ["Customer"]),
        ("Alone[1]", ["Alone[1]"]),
        ("*", [entity.name for entity in MODEL.entities]),
    ],
)
def test_only(pattern: str, expected: list[str]) -> None:
    assert names(select(GRAPH, only=[pattern])) == expected


def test_relationships_within_and_leading_out() -> None:
    part = select(GRAPH, only=["Product", "Order*"])
    assert names(part) == ["Order", "OrderLine", "Product"]
    assert lines(part) == [("Order", "OrderLine"), ("Product", "OrderLine")]
    assert [(item.left, item.right) for item in part.outside] == [
        ("Customer", "Order"),
        ("Product", "ProductTag"),
    ]
    assert part.junctions == ()
    assert [group.name for group in part.model.groups] == ["sales", "stock"]
    # a part of a part still knows what leads out of it
    smaller = select(part, only=["Order"])
    assert [(item.left, item.right) for item in smaller.outside] == [
        ("Customer", "Order"),
        ("Order", "OrderLine"),
    ]
    assert GRAPH.outside == ()


def test_exclude() -> None:
    assert names(select(GRAPH, exclude=["*Tag", "Alone*"])) == [
        "Customer", "Order", "OrderLine", "Product", "order",
    ]  # fmt: skip
    assert names(select(GRAPH, only=["O*"], exclude=["OrderLine"])) == ["Order"]
    assert names(select(GRAPH, exclude=["*_archive"])) == names(GRAPH)


@pytest.mark.parametrize(
    ("start", "depth", "expected"),
    [
        ("Order", 0, ["Order"]),
        ("Order", 1, ["Customer", "Order", "OrderLine"]),
        ("Order", 2, ["Customer", "Order", "OrderLine", "Product", "Tag"]),
        ("Alone[1]", 9, ["Alone[1]"]),
        ("Customer", 1, ["Customer", "Order", "Tag"]),
    ],
)
def test_around(start: str, depth: int, expected: list[str]) -> None:
    assert names(select(GRAPH, around=[start], depth=depth)) == expected


def test_groups() -> None:
    assert names(select(GRAPH, group=["sales"])) == ["Customer", "Order"]
    assert names(select(GRAPH, group=["S*"])) == ["Customer", "Order", "Product"]
    assert names(select(GRAPH, group=["empty"])) == []
    assert names(select(GRAPH, group=["sales"], around=["Product"], depth=2)) == ["Order"]


@pytest.mark.parametrize(
    ("option", "pattern", "hint"),
    [
        ("only", "Custmer", "Customer"),
        ("exclude", "Prodct", "Product"),
        ("around", "OrderLin", "OrderLine"),
        ("group", "sale", "sales"),
        ("only", "zzzzzz", ""),
    ],
)
def test_a_pattern_that_fits_nothing(option: str, pattern: str, hint: str) -> None:
    with pytest.raises(OptionError) as caught:
        select(GRAPH, **{option: [pattern, "yyyyyyyyy"]})  # type: ignore[arg-type]
    first, second = caught.value.diagnostics
    assert first.code == second.code == "no-match"
    assert pattern in first.message
    assert option in first.message
    assert first.help == (f"did you mean '{hint}'?" if hint else "")


# --- folding ------------------------------------------------------------------------------------


def test_a_junction_becomes_a_line() -> None:
    folded = select(GRAPH, fold_junctions=True)
    assert "ProductTag" not in names(folded)
    assert folded.folded == ("ProductTag",)
    assert folded.junctions == ()
    line = next(item for item in folded.relationships if item.through)
    assert (line.left, line.right, line.through) == ("Product", "Tag", "ProductTag")
    assert line.left_end == line.right_end == ZERO_OR_MORE
    assert not line.key
    assert len(folded.relationships) == len(GRAPH.relationships) - 1
    assert select(folded, fold_junctions=True) == folded


def test_a_declared_line_takes_the_place_of_the_keys() -> None:
    said = DeclaredRelationship(
        "Product", "Tag", ZERO_OR_MORE, ZERO_OR_MORE, label="carries", through="ProductTag"
    )
    graph = build_graph(Model(MODEL.entities, (said,)))
    folded = fold(graph)
    through = [item for item in folded.relationships if item.through]
    assert [(item.left, item.right, item.label) for item in through] == [
        ("Product", "Tag", "carries")
    ]
    assert len(folded.relationships) == len(graph.relationships) - 2


def test_a_junction_with_other_relationships_stays() -> None:
    note = Entity("Note", (ID, Attribute("t", reference=Reference("ProductTag"))))
    graph = build_graph(Model((*MODEL.entities, note)))
    assert fold(graph) == graph
    third = Entity("J", (key("a", "Tag", True), key("b", "Product", True), key("by", "Customer")))
    graph = build_graph(Model((*MODEL.entities, third)))
    assert "J" in graph.junctions
    assert fold(graph).folded == ("ProductTag",)


def test_a_junction_of_an_entity_with_itself() -> None:
    friends = Entity("Friends", (key("a", "Customer", True), key("b", "Customer", True)))
    graph = fold(build_graph(Model((*MODEL.entities[:1], friends))))
    assert lines(graph) == [("Customer", "Customer")]
    assert names(graph) == ["Customer"]


def test_a_folded_line_to_an_entity_that_is_not_shown_leads_out() -> None:
    part = select(GRAPH, only=["Product"], fold_junctions=True)
    assert [(item.left, item.right, item.through) for item in part.outside] == [
        ("Product", "OrderLine", ""),
        ("Product", "Tag", "ProductTag"),
    ]


# --- properties ---------------------------------------------------------------------------------


@given(st.sets(st.sampled_from([entity.name for entity in MODEL.entities])))
def test_nothing_is_lost_in_a_part(shown: set[str]) -> None:
    part = restrict(GRAPH, shown)
    assert names(part) == [entity.name for entity in MODEL.entities if entity.name in shown]
    for item in GRAPH.relationships:
        ends = {item.left, item.right}
        assert (item in part.relationships) == (ends <= shown)
        assert (item in part.outside) == (bool(ends & shown) and not ends <= shown)


@given(st.text("ab*?[]!", max_size=5), st.lists(st.text("abAB[]*", min_size=1, max_size=3)))
def test_a_pattern_finds_names_among_those_given(pattern: str, given_names: list[str]) -> None:
    assert match(pattern, given_names) <= set(given_names)
