"""The corpus models are read whole: counted against another reading of the same files."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from erdgen.read import read_file
from tests.support.paths import corpus_model, corpus_names, sample_models


def independent(path: str) -> dict[str, Any]:
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - as plain as can be
        found = yaml.load(file, Loader=yaml.BaseLoader)  # noqa: S506 - builds texts only
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", corpus_names())
def test_all_of_a_corpus_model_is_read(name: str) -> None:
    path = corpus_model(name)
    said = independent(str(path))
    reading = read_file(str(path))
    model = reading.graph.model
    assert reading.warnings == ()
    assert [item.name for item in model.entities] == list(said["entities"])
    keys = 0
    for entity in model.entities:
        spec = said["entities"][entity.name] or {}
        definitions = spec.get("attributes") or {}
        assert [item.name for item in entity.attributes] == list(definitions)
        assert [list(item) for item in entity.unique] == [
            [item] if isinstance(item, str) else item for item in spec.get("unique", [])
        ]
        assert entity.description == (spec.get("purpose") or "").strip()
        for attribute in entity.attributes:
            words = definitions[attribute.name].split(" -- ")[0].split()
            keys += "->" in words
            assert (attribute.reference is not None) == ("->" in words)
            assert attribute.pk == ("pk" in words)
            assert attribute.unique == ("unique" in words)
            optional = any(word.endswith("?") for word in words)
            assert attribute.required == (attribute.pk or not optional)
    declared = said.get("relationships", [])
    assert len(model.declared) == len(declared)
    resolved = reading.graph.relationships
    single = {
        (item.right, item.right_attributes[0])
        for item in resolved
        if item.key and len(item.right_attributes) == 1
    }
    composite = [item for item in resolved if len(item.right_attributes) > 1]
    named = {(item.right, name) for item in composite for name in item.right_attributes}
    referring = {
        (entity.name, attribute.name)
        for entity in model.entities
        for attribute in entity.attributes
        if attribute.reference
    }
    # every key is a relationship: by itself, or as part of a composite one
    assert referring <= single | named
    assert len(referring) == keys
    assert len(composite) == sum(
        1 for item in declared if isinstance(item, dict) and len(item.get("via", "x")) > 1
        and isinstance(item["via"], list)
    )  # fmt: skip
    for item in resolved:
        if item.key:
            assert len(item.left_attributes) == len(item.right_attributes)


COUNTS = {
    # entities, attributes, relationships as their makers state them
    "chinook": (11, 64, 11),
}


@pytest.mark.parametrize("name", COUNTS)
def test_known_counts(name: str) -> None:
    graph = read_file(str(corpus_model(name))).graph
    assert COUNTS[name] == (
        len(graph.model.entities),
        sum(len(item.attributes) for item in graph.model.entities),
        len(graph.relationships),
    )


def test_samples_are_read() -> None:
    for path in sample_models():
        assert read_file(str(path)).graph.model.entities, path
