"""DOT: read back through pydot, drawn by Graphviz without a warning, the same bytes each time."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pydot
import pytest

from erdgen.model.entities import Attribute, Entity, Group, Model
from erdgen.model.graph import Graph
from erdgen.model.relationships import Cardinality, Relationship
from erdgen.read import read_text
from erdgen.render import render
from erdgen.render.dot import ARROWS
from erdgen.render.graphviz import LAYOUT, Job, parse_layout, run
from erdgen.render.options import Options
from tests.support.models import make_model
from tests.support.paths import corpus_model, corpus_names, needs_shared

# pydot's parser uses names that the newest pyparsing calls old
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def dot(graph: Graph, **options: Any) -> str:
    return render(graph, "dot", Options(**options)).data.decode()


def read_back(text: str) -> pydot.Dot:
    graphs = pydot.graph_from_dot_data(text)
    assert graphs is not None
    assert len(graphs) == 1
    return graphs[0]


def plain(text: Any) -> str:
    return str(text).strip('"').replace('\\"', '"').replace("\\\\", "\\")


def nodes_of(document: Any) -> list[str]:
    names = [plain(node.get_name()) for node in document.get_nodes()]
    for cluster in document.get_subgraphs():
        names += nodes_of(cluster)
    return [name for name in names if name not in {"node", "edge"}]


@needs_shared
@pytest.mark.parametrize("name", [n for n in corpus_names() if n not in {"ofbiz", "openmrs"}])
def test_the_corpus_reads_back_and_draws(name: str) -> None:
    graph = read_text(corpus_model(name).read_text("utf-8")).graph
    text = dot(graph)
    document = read_back(text)
    assert sorted(nodes_of(document)) == sorted(entity.name for entity in graph.model.entities)
    edges = document.get_edges()
    assert sorted((plain(edge.get_source()), plain(edge.get_destination())) for edge in edges) == (
        sorted((item.left, item.right) for item in graph.relationships)
    )
    (data,), notes = run([Job(text, LAYOUT)], timeout=120)
    assert data
    assert notes == (), "every port that an edge names is there"


@pytest.mark.parametrize("seed", range(6))
def test_made_models_read_back(seed: int) -> None:
    graph = read_text(make_model(seed, 12, nasty=True, groups=seed % 3)).graph
    text = dot(graph, labels=True, comments=True)
    document = read_back(text)
    assert len(nodes_of(document)) == len(graph.model.entities)
    assert len(document.get_edges()) == len(graph.relationships)
    assert run([Job(text, LAYOUT)], timeout=60)[1] == ()


def test_edges_run_from_row_to_row_with_both_feet() -> None:
    graph = Graph(
        Model(
            (
                Entity("A", (Attribute("x"), Attribute("id", pk=True))),
                Entity("B", (Attribute("id", pk=True), Attribute("a_id"))),
            )
        ),
        (
            Relationship(
                "A", "B", Cardinality(0, 1), Cardinality(1, None), ("id",), ("a_id",), True
            ),
        ),
    )
    (edge,) = read_back(dot(graph)).get_edges()
    assert plain(edge.get("tailport")) == "r1:e"
    assert plain(edge.get("headport")) == "l1:w"
    assert edge.get("arrowtail") == ARROWS["zero-or-one"]
    assert edge.get("arrowhead") == ARROWS["one-or-more"]
    assert edge.get("dir") is None
    assert "dir=both" in dot(graph)


def test_groups_are_clusters() -> None:
    graph = read_text(make_model(1, 10, groups=2)).graph
    document = read_back(dot(graph))
    titles = {plain(cluster.get("label")) for cluster in document.get_subgraphs()}
    assert titles == {group.title or group.name for group in graph.model.groups}


def test_the_order_is_the_models() -> None:
    graph = read_text("entities: {Zebra: {attributes: {id: int pk}}, Ant: , Mole: }").graph
    assert nodes_of(read_back(dot(graph))) == ["Zebra", "Ant", "Mole"]
    assert dot(graph) == dot(graph)


@pytest.mark.parametrize(
    "name",
    ['say "hi"', "back\\slash", "a\nb", "<b>", "{x|y}", "a:b", "node", "😀", "a\\", "[x]", "&amp;"],
)
def test_hard_names_come_back_as_they_are(name: str) -> None:
    other = "plain"
    graph = Graph(
        Model((Entity(name, (Attribute(name, name),)), Entity(other))),
        (Relationship(name, other, Cardinality(1, 1), Cardinality(1, 1), label=name),),
    )
    text = dot(graph, labels=True, title=name)
    (data,), notes = run([Job(text, LAYOUT)], timeout=20)
    shown = {item["name"] for item in parse_layout(data)["objects"]}
    assert shown == {name.replace("\n", "\\n") + "\\" * name.endswith("\\"), other}
    assert notes == ()


@pytest.mark.parametrize(
    "word",
    [
        "a\\b",
        "a\\\\b",
        "a\\",
        "\\",
        'a\\"b',
        "\\n",
        "\\N\\G",
        "\\L x",
        "100%",
        "a&amp;b",
        '"',
        "]>",
    ],
)
def test_graphviz_shows_every_word_as_it_is(word: str) -> None:
    entity = Entity(word, (Attribute(word, word, description=word),), group="g")
    other = Entity(f"{word} 2", (Attribute(word, word),))
    model = Model((entity, other), groups=(Group("g", title=word),), title=word)
    line = Relationship(word, other.name, Cardinality(), Cardinality(), label=word)
    source = dot(Graph(model, (line,)), labels=True, comments=True, title="yes")
    (data,), notes = run([Job(source, "svg")], timeout=30)
    assert not notes
    root = ET.fromstring(data)  # noqa: S314
    texts = ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]
    shown = [text for text in texts if text.strip()]
    assert len(shown) >= 9
    assert {text.removesuffix("?").removesuffix(" 2") for text in shown} == {word}
