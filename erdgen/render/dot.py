"""A graph in, Graphviz source out: a document for `dot`, held by pydot, in canonical order.

Entities are tables (header, a row an attribute, a port a row), groups are clusters, and an edge
runs from the row that is referred to to the row of the key, with crow's feet as arrow shapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pydot  # brings a parser along; this module is loaded for DOT alone

from erdgen.model.graph import Graph
from erdgen.model.relationships import Cardinality, Relationship
from erdgen.render import Output, Page
from erdgen.render.cardinalities import is_many, uml
from erdgen.render.options import Options
from erdgen.render.picture.cards import Card, Row, make_cards
from erdgen.render.picture.colors import add_groups, header_colors
from erdgen.render.picture.compose import picture_title
from erdgen.render.picture.ends import foot_name
from erdgen.render.picture.line_shapes import line_label, line_tip
from erdgen.render.picture.svg import escape
from erdgen.render.picture.themes import Theme, load_theme
from erdgen.render.width import make_visible

ARROWS: Mapping[str, str] = {
    "exactly-one": "teetee",
    "zero-or-one": "teeodot",
    "one-or-more": "crowtee",
    "zero-or-more": "crowodot",
}
"""The shape, from the node outwards, that draws each crow's foot."""
FONT = "Arial"


def write(graph: Graph, options: Options) -> Output:
    """Return the graph as DOT.

    Raises:
        OptionError: There is no such theme.
    """
    return Output((Page("", make_document(graph, options).to_string().encode()),))


def make_document(graph: Graph, options: Options) -> pydot.Dot:
    """Return the graph as a pydot document.

    Nodes are named by their entities, with a row's port `l0`, `l1`... at the left and `r0`,
    `r1`... at the right, and `h` for the header.

    Raises:
        OptionError: There is no such theme.
    """
    theme = add_groups(load_theme(options.theme), graph)
    title = picture_title(graph, options)
    document = pydot.Dot(
        _quoted(graph.model.name),
        graph_type="digraph",
        rankdir="TB" if options.direction == "down" else "LR",
        nodesep="0.4",
        ranksep="0.9",
        bgcolor=_quoted(theme.colors["background"]),
        fontname=_quoted(FONT),
        fontcolor=_quoted(theme.colors["text"]),
        pad="0.25",
    )
    if title:
        for name, value in (("label", _quoted(title)), ("labelloc", "t"), ("fontsize", "18")):
            document.set(name, value)
    document.set_node_defaults(shape="plain", fontname=_quoted(FONT), fontsize="11")
    document.set_edge_defaults(
        dir="both",
        color=_quoted(theme.colors["line"]),
        fontname=_quoted(FONT),
        fontsize="9",
        fontcolor=_quoted(theme.colors["label"]),
        arrowsize="0.9",
    )
    cards = make_cards(graph, options, {})
    nodes = _make_nodes(graph, cards, theme)
    clusters = {
        group.name: _make_cluster(number, group.title or group.name, theme)
        for number, group in enumerate(graph.model.groups)
    }
    for card, node in zip(cards, nodes, strict=True):
        clusters.get(card.entity.group, document).add_node(node)
    for cluster in clusters.values():
        if cluster.get_nodes():
            document.add_subgraph(cluster)  # type: ignore[arg-type] # a Subgraph in all but class
    by_name = {card.entity.name: card for card in cards}
    for item in graph.relationships:
        document.add_edge(_make_edge(item, by_name, options))
    return document


def _make_cluster(number: int, title: str, theme: Theme) -> pydot.Cluster:
    return pydot.Cluster(
        f"group{number}",
        label=_quoted(make_visible(title)),
        labeljust="l",
        style=_quoted("rounded,filled"),
        color=_quoted(theme.colors["frame-border"]),
        fillcolor=_quoted(theme.colors["frame"]),
        fontname=_quoted(FONT),
        fontcolor=_quoted(theme.colors["frame-title"]),
        margin="14",
    )


def _make_nodes(graph: Graph, cards: Sequence[Card], theme: Theme) -> list[pydot.Node]:
    nodes = []
    for card, (fill, text) in zip(cards, header_colors(graph, theme), strict=True):
        colors = dict(theme.colors)
        head = _table_head(card, colors.get(fill, fill), colors.get(text, text))
        rows = "".join(_table_row(row, at, colors) for at, row in enumerate(card.rows))
        table = (
            '<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4" ROWS="*"'
            f' COLOR="{colors["border"]}" BGCOLOR="{colors["card"]}">{head}{rows}</TABLE>'
        )
        tip = card.entity.description or card.entity.name
        nodes.append(pydot.Node(_node(card.entity.name), label=f"<{table}>", tooltip=_quoted(tip)))
    return nodes


def _table_head(card: Card, fill: str, text: str) -> str:
    return (
        f'<TR><TD COLSPAN="3" PORT="h" BGCOLOR="{fill}"><FONT COLOR="{text}"><B>'
        f"{_html(card.title)}</B></FONT></TD></TR>"
    )


def _table_row(row: Row, number: int, colors: Mapping[str, str]) -> str:
    """Return an attribute's row: key marks, name and type; the port is the row's number."""
    keys = _html(", ".join(row.keys)) or " "
    name = _html(row.name)
    notes = "".join(
        f'<BR ALIGN="LEFT"/><FONT POINT-SIZE="9" COLOR="{colors["note"]}">{_html(line)}</FONT>'
        for line in row.notes
    )
    return (
        f'<TR><TD PORT="l{number}" ALIGN="LEFT"><FONT POINT-SIZE="8"'
        f' COLOR="{colors["type"]}">{keys}</FONT></TD>'
        f'<TD ALIGN="LEFT"><FONT COLOR="{colors["name"]}">{"<B>" * row.attribute.pk}{name}'
        f"{'</B>' * row.attribute.pk}</FONT>{notes}</TD>"
        f'<TD PORT="r{number}" ALIGN="LEFT"><FONT COLOR="{colors["type"]}">'
        f"{_html(row.type) or ' '}</FONT></TD></TR>"
    )


def _make_edge(item: Relationship, cards: Mapping[str, Card], options: Options) -> pydot.Edge:
    loop = item.left == item.right
    attributes: dict[str, Any] = {
        "tailport": _quoted(_port(cards[item.left], item.left_attributes, out=True)),
        "headport": _quoted(_port(cards[item.right], item.right_attributes, out=loop)),
        "tooltip": _quoted(line_tip(item)),
        "style": "solid" if item.key else "dashed",
    }
    if item.identifying:
        attributes["penwidth"] = "1.6"
    label = line_label(item, options)
    if label:
        attributes["label"] = _quoted(label)
    attributes |= _marks(item, options)
    return pydot.Edge(_node(item.left), _node(item.right), **attributes)


def _node(name: str) -> str:
    r"""Return an entity's name as a node's.

    A quote needs a backslash there. No other backslash means anything, but neither is there a way
    to write one right before a quote: such ones are doubled, and the node is called that.

    >>> print(_node('say "hi"'), _node("a\\b"), _node("a\\"))
    "say \"hi\"" "a\b" "a\\"
    """
    doubled = re.sub(r'\\+(?="|$)', lambda match: match.group() * 2, make_visible(name))
    return '"' + doubled.replace('"', '\\"') + '"'


def _marks(item: Relationship, options: Options) -> dict[str, str]:
    notation = options.notation or "crowsfoot"
    ends = (("arrowtail", item.left_end), ("arrowhead", item.right_end))
    if notation == "crowsfoot":
        marks = {key: ARROWS[foot_name(end)] for key, end in ends}
        labels = {
            name: end
            for name, end in (("taillabel", item.left_end), ("headlabel", item.right_end))
            if not _plain(end)
        }
        return marks | {name: _quoted(uml(end)) for name, end in labels.items()}
    if notation == "uml":
        return {
            "dir": "none",
            "taillabel": _quoted(uml(item.left_end)),
            "headlabel": _quoted(uml(item.right_end)),
        }
    return {key: "normal" if is_many(end) else "none" for key, end in ends}


def _plain(end: Cardinality) -> bool:
    return end.minimum in {0, 1} and end.maximum in {1, None}


def _port(card: Card, attributes: Iterable[str], *, out: bool) -> str:
    """Return the port of the first attribute's row, at the right side for `out`."""
    row = card.row_of(next(iter(attributes), ""))
    if row < 0:
        return "h:e" if out else "h:w"
    return f"r{row}:e" if out else f"l{row}:w"


def _html(text: str) -> str:
    # a backslash begins an escape here too
    shown = escape(make_visible(text)).replace("\\", "\\\\")
    return shown.replace("[", "&#91;").replace("]", "&#93;")


def _quoted(text: str) -> str:
    r"""Return a text as a quoted DOT string in which nothing has a meaning.

    >>> _quoted('say "hi"'), _quoted("R&D &lt;")
    ('"say \\"hi\\""', '"R&D &amp;lt;"')
    """
    # Graphviz takes &lt; for < in every text
    plain = re.sub(r"&(?=#?\w+;)", "&amp;", text)
    plain = plain.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "\\n")
    return f'"{plain}"'
