"""Splitting a graph: every entity in exactly one part, whatever the way."""

from __future__ import annotations

import pytest

from erdgen.model.partition import OTHERS, find_heading, page_name, split
from erdgen.read import read_text
from tests.support.models import make_model

MODEL = """
groups: {sales: {}, catalogue: {}}
entities:
  A: {group: sales}
  B: {group: sales}
  C: {group: catalogue}
  D:
  E:
  F:
relationships: [A 1:N B, B 1:N C, D 1:N E]
"""


def parts(how: str, model: str = MODEL) -> dict[str, list[str]]:
    return {
        name: [entity.name for entity in part.model.entities]
        for name, part in split(read_text(model).graph, how)
    }


def test_by_group() -> None:
    assert parts("group") == {"sales": ["A", "B"], "catalogue": ["C"], OTHERS: ["D", "E", "F"]}


def test_by_component_with_the_unrelated_ones_together() -> None:
    assert parts("component") == {"B": ["A", "B", "C"], "D": ["D", "E"], OTHERS: ["F"]}


def test_a_part_keeps_its_own_relationships_only() -> None:
    graphs = dict(split(read_text(MODEL).graph, "group"))
    assert [(tie.left, tie.right) for tie in graphs["sales"].relationships] == [("A", "B")]
    assert graphs["catalogue"].relationships == ()


@pytest.mark.parametrize("how", ["group", "component", "community", "1", "3", "7", "50"])
@pytest.mark.parametrize("seed", range(4))
def test_every_entity_is_in_exactly_one_part(how: str, seed: int) -> None:
    model = make_model(seed, 30, groups=3)
    found = parts(how, model)
    names = [entity.name for entity in read_text(model).graph.model.entities]
    assert sorted(name for part in found.values() for name in part) == sorted(names)
    assert all(found.values())
    if how.isdigit():
        assert len(found) <= int(how) or int(how) == 1


@pytest.mark.parametrize("number", [2, 3, 4])
def test_so_many_parts_none_much_larger_than_its_share(number: int) -> None:
    model = make_model(1, 40)
    found = parts(str(number), model)
    assert len(found) == number
    assert max(map(len, found.values())) <= 40 * 5 // (4 * (number - 1)) + 1


def test_names_are_safe_and_apart_as_files() -> None:
    model = (
        'entities: {"a/b": , "a?b": , c: , d: }\nrelationships: [\'"a/b" 1:N c\', \'"a?b" 1:N d\']'
    )
    names = [page_name(name) for name in parts("component", model)]
    assert len({name.lower() for name in names}) == 2
    assert all("/" not in name for name in names)


def test_a_heading_is_the_groups_whatever_the_page_is_called() -> None:
    model = """
groups: {a/b: {title: First}, A/B: {}, A_2: {title: Third}}
entities:
  One: {group: a/b}
  Two: {group: A/B}
  Three: {group: A_2}
"""
    graph = read_text(model).graph
    headings = {name: find_heading(part, name) for name, part in split(graph, "group")}
    assert headings == {"a/b": "First", "A/B_2": "A/B", "A_2": "Third"}
