"""Pictures beside others': seconds of whole processes, and what stays put when a leaf is added."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from math import hypot
from pathlib import Path

import click

from erdgen.model.graph import Graph
from erdgen.read import read_text
from erdgen.render import render
from erdgen.render.graphviz import LAYOUT, Job, parse_layout, run
from erdgen.render.options import Options
from tests.benchmarks.peers import FOLDER, plain
from tests.benchmarks.speed import erdgen
from tests.benchmarks.stillness import with_leaf
from tests.benchmarks.tables import seconds, show_table, times
from tests.benchmarks.timing import interleaved, quiet
from tests.oracle.picture import read_picture
from tests.support.models import make_model
from tests.support.paths import CORPUS

MODELS = ("chinook", "wideworldimporters", "adventureworks", "openmrs")
PYPI = ("eralchemy", "erdantic")
NPM = ("@softwaretechnik/dbml-renderer",)
Place = tuple[float, float]


def pictures(rounds: int) -> None:
    """Print how long SVG takes beside bare `dot` on erdgen's own DOT, and beside other tools."""
    rows = []
    peers = [name for name in ("eralchemy", "erdantic", "dbml-renderer") if _peer(name)]
    for name, text in [(name, _corpus(name)) for name in MODELS] + [
        ("made, 300", make_model(1, 300))
    ]:
        with tempfile.TemporaryDirectory() as folder:
            model = Path(folder, "model.yaml")
            model.write_text(text, encoding="utf-8")
            graph = read_text(text).graph
            programs = [
                erdgen("--version"),
                erdgen(str(model), "-q", "-o", f"{folder}/erd.svg"),
            ]
            dot = shutil.which("dot")
            if dot:
                source = Path(folder, "erd.dot")
                source.write_bytes(render(graph, "dot", Options()).data)
                programs.append([dot, "-Tsvg", f"-o{folder}/dot.svg", str(source)])
            programs += [_command(peer, graph, Path(folder)) for peer in peers]
            medians, _ = interleaved([quiet(program) for program in programs], rounds)
            start, ours, *others = medians
            cells = [name, len(graph.model.entities), seconds(start), seconds(ours)]
            if dot:
                bare = others.pop(0)
                cells += [seconds(bare), times(ours / (start + 1.3 * bare))]
            cells += [f"{seconds(other)} ({times(ours / other)})" for other in others]
            rows.append(cells)
    head = ["model", "entities", "start-up", "erdgen SVG"]
    head += ["bare dot", "to start-up + 1.3 × dot"] if shutil.which("dot") else []
    show_table("SVG, whole processes", [*head, *(f"{peer} (ours to it)" for peer in peers)], rows)
    if len(peers) < 3:
        click.echo(f"install {', '.join((*PYPI, *NPM))} into {FOLDER.name} for all comparisons")


def picture_stillness(largest: int) -> None:
    """Print how far the other entities move when one or an attribute is added, beside bare `dot`.

    Each change is made three times: to an early, a middle and a late entity.
    """
    changes: Sequence[tuple[str, Callable[[str, str], str]]] = (
        ("a leaf", with_leaf),
        ("a single entity", _with_single),
        ("an attribute", _with_attribute),
    )
    rows: list[Sequence[object]] = []
    found: dict[str, list[Sequence[float]]] = {name: [] for name, _ in changes}
    for path in sorted(CORPUS.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        names = [entity.name for entity in read_text(text).graph.model.entities]
        if len(names) > largest:
            continue
        ours, bare = _ours(read_text(text).graph), _bare(read_text(text).graph)
        cells: list[object] = [path.stem, len(names)]
        for name, change in changes:
            medians = []
            for quarter in (1, 2, 3):
                after = read_text(change(text, names[len(names) * quarter // 4])).graph
                shifts = _shifts(ours, _ours(after)), _shifts(bare, _bare(after))
                both = [statistics.median(each) for each in shifts]
                found[name].append((*both, *(statistics.mean(each) for each in shifts)))
                medians.append(f"{both[0]:.0f} / {both[1]:.0f}")
            cells.append(", ".join(medians))
        rows.append(cells)
    for what, put_together in (("median", statistics.median), ("mean", statistics.mean)):
        columns = [list(zip(*found[name], strict=True)) for name, _ in changes]
        values = [(put_together(each[0]), put_together(each[1])) for each in columns]
        rows.append([f"**{what}**", "", *(f"**{a:.0f} / {b:.0f}**" for a, b in values)])
    means = [[statistics.mean(column) for column in zip(*found[n], strict=True)] for n in found]
    rows.append(
        ["**mean of means**", "", *(f"**{each[2]:.0f} / {each[3]:.0f}**" for each in means)]
    )
    head = ("model", "entities", *(f"{name} more" for name, _ in changes))
    show_table("Median shift of the others in pixels, erdgen / bare dot", head, rows)


def _shifts(before: Mapping[str, Place], after: Mapping[str, Place]) -> list[float]:
    return [hypot(x - after[name][0], y - after[name][1]) for name, (x, y) in before.items()]


def _with_single(text: str, _: str) -> str:
    """Return a model file with one more entity that nothing is tied to."""
    entity = "  zz_added:\n    attributes:\n      id: bigint pk\n      note: text\n"
    head, found, tail = text.partition("\nrelationships:")
    return f"{head.rstrip()}\n{entity}{found}{tail}"


def _with_attribute(text: str, name: str) -> str:
    """Return a model file with one more attribute of an entity; as it was if it has none."""
    lines = text.split("\n")
    for at, line in enumerate(lines[:-1]):
        if line.strip().strip('":') == name and lines[at + 1].strip() == "attributes:":
            end = at + 2
            while end < len(lines) and lines[end].startswith("      "):
                end += 1
            return "\n".join([*lines[:end], "      zz_added: text", *lines[end:]])
    return text


def _ours(graph: Graph) -> dict[str, Place]:
    shown = read_picture(render(graph, "svg", Options(timeout=120)).data)
    return {
        name: ((card.area.left + card.area.right) / 2, (card.area.top + card.area.bottom) / 2)
        for name, card in shown.cards.items()
    }


def _bare(graph: Graph) -> dict[str, Place]:
    source = render(graph, "dot", Options()).data.decode()
    (data,), _ = run([Job(source, LAYOUT)], timeout=120)
    shown = parse_layout(data)
    top = float(shown["bb"].split(",")[3])
    places = {}
    for item in shown["objects"]:
        if "pos" in item:
            x, y = (float(part) for part in item["pos"].split(","))
            places[item["name"]] = (x / 0.75, (top - y) / 0.75)
    return places


def _corpus(name: str) -> str:
    return (CORPUS / f"{name}.yaml").read_text(encoding="utf-8")


# --- other tools ---------------------------------------------------------------------------------


def _peer(name: str) -> Path | None:
    places = (FOLDER / "venv" / "bin" / name, FOLDER / "node_modules" / ".bin" / name)
    return next((place for place in places if place.exists()), None)


def _command(name: str, graph: Graph, folder: Path) -> list[str]:
    """Write a tool's input for a model and return what draws it."""
    program, out = _peer(name), folder / f"{name}.svg"
    if name == "eralchemy":
        source = folder / "model.er"
        source.write_text(_as_er(graph), encoding="utf-8")
        return [str(program), "-i", str(source), "-o", str(out)]
    if name == "dbml-renderer":
        source = folder / "model.dbml"
        source.write_text(_as_dbml(graph), encoding="utf-8")
        return [str(program), "-i", str(source), "-o", str(out)]
    source = folder / "shown_model.py"
    source.write_text(_as_pydantic(graph), encoding="utf-8")
    python = FOLDER / "venv" / "bin" / "python"
    code = (
        f"import sys; sys.path.insert(0, {str(folder)!r}); import erdantic, shown_model;"
        f" erdantic.draw(*shown_model.ALL, out={str(out)!r})"
    )
    return [str(python if python.exists() else sys.executable), "-c", code]


def _as_er(graph: Graph) -> str:
    lines = []
    for entity in graph.model.entities:
        lines.append(f"[{plain(entity.name)}]")
        for item in entity.attributes:
            kind = plain(item.type) if item.type else "text"
            lines.append(f'    {"*" if item.pk else ""}{plain(item.name)} {{label:"{kind}"}}')
        lines.append("")
    lines += [f"{plain(item.left)} 1--* {plain(item.right)}" for item in graph.relationships]
    return "\n".join(lines) + "\n"


def _as_dbml(graph: Graph) -> str:
    lines = []
    for entity in graph.model.entities:
        lines.append(f'Table "{plain(entity.name)}" {{')
        for item in entity.attributes:
            key = " [pk]" if item.pk else ""
            lines.append(f'  "{plain(item.name)}" {plain(item.type) or "text"}{key}')
        lines.append("}")
    for line in graph.relationships:
        if line.key and len(line.left_attributes) == 1:
            left = f'"{plain(line.left)}"."{plain(line.left_attributes[0])}"'
            right = f'"{plain(line.right)}"."{plain(line.right_attributes[0])}"'
            lines.append(f"Ref: {right} > {left}")
    return "\n".join(lines) + "\n"


def _as_pydantic(graph: Graph) -> str:
    lines = ["from __future__ import annotations", "from pydantic import BaseModel", ""]
    refs: dict[str, list[str]] = {}
    for item in graph.relationships:
        refs.setdefault(item.right, []).append(item.left)
    for entity in graph.model.entities:
        lines.append(f"class {plain(entity.name)}_(BaseModel):")
        lines += [f"    f_{plain(item.name)}: str" for item in entity.attributes]
        lines += [
            f"    r_{number}: {plain(left)}_ | None"
            for number, left in enumerate(refs.get(entity.name, ()))
        ]
        lines.append("    pass")
    names = ", ".join(f"{plain(entity.name)}_" for entity in graph.model.entities)
    lines += ["", f"ALL = [{names}]", "for each in ALL:", "    each.model_rebuild()"]
    return "\n".join(lines) + "\n"


def install_picture_peers() -> None:
    """Install the tools that draw pictures beside those that draw text."""
    python = FOLDER / "venv" / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "-q", *PYPI], check=False)
    npm = shutil.which("npm")
    if npm:
        subprocess.run([npm, "install", "--silent", *NPM], cwd=FOLDER, check=False)
