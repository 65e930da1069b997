"""Other tools that draw graphs as text: a model in, their drawing and what reads back of it out.

They are looked for in the folder that ERDGEN_PEERS names (`.benchmarks/peers` by default; the
benchmarks' `install-peers` fills it from PyPI and npm) and on the system; whoever is not there
is left out and named. Every tool gets names only, and where it has two directions the better.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.timing import run
from tests.oracle import Reading, Truth, read_drawing
from tests.support.paths import ROOT

FOLDER = Path(os.environ.get("ERDGEN_PEERS", ROOT / ".benchmarks" / "peers"))
PYPI = ("dbsketch", "termaid", "asciinet", "networkx", "graph-easy", "cogapp")
NPM = ("mermaid-ascii", "beautiful-mermaid")
TIMEOUT = 60.0
"""Seconds that a tool may take for one drawing."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool.

    Attributes:
        name: As its makers write it.
        command: What to start for the input at a path; several are tried, the best one counts.
        suffix: The suffix of its input file.
        write: Makes its input from entities (by number) and ties.
        found: Whether it is there.
    """

    name: str
    commands: tuple[tuple[str, ...], ...]
    suffix: str
    write: Callable[[int, Sequence[tuple[int, int]], str], str]
    found: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one model: pairs read of those wanted, pairs that only seem tied, size."""

    read: int
    wanted: int
    misleading: int
    width: int
    height: int
    crossings: int
    bends: int
    seconds: float


def judge_pairs(
    pairs: set[frozenset[str]], wanted: set[frozenset[str]], reading: Reading, seconds: float
) -> Result:
    """Return what came of a drawing in which these pairs were read."""
    return Result(
        len(pairs & wanted),
        len(wanted),
        len(pairs - wanted),
        reading.width,
        reading.height,
        reading.crossings,
        reading.bends,
        seconds,
    )


def wanted_pairs(truth: Truth) -> set[frozenset[str]]:
    """Return the pairs of entities that are tied, an entity with itself among them."""
    return {rel.pair for rel in truth.relationships}


def plain(name: str) -> str:
    """Return a name that every tool can take as an identifier.

    >>> plain("Sales.Order Details"), plain("商品")
    ('Sales_Order_Details', 'e__')
    """
    text = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return text if text[:1].isalpha() else f"e{text}"


def read_pairs(text: str) -> tuple[set[frozenset[str]], Reading]:
    """Return the pairs that a benevolent reader sees tied in anybody's drawing.

    Lines may begin in borders and stop a blank short of a box. Where several lines run
    together, every end without an arrow is taken to be tied to every end with one, or all with
    each other where arrows don't tell.
    """
    reading = read_drawing(text, joints=True, gap=True)
    return tied_pairs(reading), reading


def tied_pairs(reading: Reading) -> set[frozenset[str]]:
    """Return the pairs of names that lines tie."""
    pairs: set[frozenset[str]] = set()
    for line in reading.lines:
        names = [(reading.boxes[end.box].name, bool(end.mark)) for end in line.ends]
        if len(names) == 2:
            pairs.add(frozenset(name for name, _ in names))
            continue
        heads = [name for name, marked in names if marked]
        tails = [name for name, marked in names if not marked]
        if heads and tails:
            pairs |= {frozenset((head, tail)) for head in heads for tail in tails}
        else:
            both = heads or tails
            pairs |= {frozenset((one, other)) for one in both for other in both if one != other}
    return pairs


def draw_with(peer: Peer, truth: Truth, folder: Path) -> Result | str:
    """Let a tool draw a model by names; a text says why there is no result."""
    names = {name: plain(name) for name in truth.entities}
    numbers = list(names.values())
    ties = [
        (numbers.index(names[rel.left]), numbers.index(names[rel.right]))
        for rel in truth.relationships
    ]
    wanted = {frozenset(names[name] for name in pair) for pair in wanted_pairs(truth)}
    best: Result | str = "no drawing"
    for command in peer.commands:
        direction = command[-1]
        path = folder / f"{plain(peer.name)}-{direction}{peer.suffix}"
        text = peer.write(len(numbers), ties, direction)
        for number in reversed(range(len(numbers))):
            text = text.replace(f"@{number}@", numbers[number])
        path.write_text(text, encoding="utf-8")
        result = _result([*command[:-1], str(path)], wanted)
        if isinstance(best, str) or (isinstance(result, Result) and _rank(result) > _rank(best)):
            best = result
    return best


def _rank(result: Result) -> tuple[int, int, int]:
    return result.read, -result.misleading, -result.width * result.height


def _result(command: Sequence[str], wanted: set[frozenset[str]]) -> Result | str:
    try:
        done = run(command, cwd=FOLDER if FOLDER.is_dir() else None, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return f"over {TIMEOUT:.0f} s"
    if done.code or not done.output.strip():
        return f"failed with exit code {done.code}"
    pairs, reading = read_pairs(done.output)
    return judge_pairs(pairs, wanted, reading, done.seconds)


# --- inputs -------------------------------------------------------------------------------------


def _graph_easy(count: int, ties: Sequence[tuple[int, int]], direction: str) -> str:
    lines = [f"graph {{ flow: {direction}; }}", *(f"[@{number}@]" for number in range(count))]
    return "\n".join([*lines, *(f"[@{one}@] --> [@{other}@]" for one, other in ties)]) + "\n"


def _mermaid(count: int, ties: Sequence[tuple[int, int]], direction: str) -> str:
    lines = [f"graph {direction}", *(f"@{number}@" for number in range(count))]
    return "\n".join([*lines, *(f"@{one}@ --> @{other}@" for one, other in ties)]) + "\n"


def _dbml(count: int, ties: Sequence[tuple[int, int]], _: str) -> str:
    columns: list[list[str]] = [["  id bigint [pk]"] for _ in range(count)]
    refs = []
    for index, (one, other) in enumerate(ties):
        columns[other].append(f"  k{index} bigint")
        refs.append(f"Ref: @{other}@.k{index} > @{one}@.id")
    tables = [f"Table @{n}@ {{\n" + "\n".join(rows) + "\n}" for n, rows in enumerate(columns)]
    return "\n".join([*tables, *refs]) + "\n"


def _networkx(count: int, ties: Sequence[tuple[int, int]], _: str) -> str:
    nodes = [f"@{number}@" for number in range(count)]
    edges = [(f"@{one}@", f"@{other}@") for one, other in ties]
    return (
        "import networkx\nfrom asciinet import graph_to_ascii\n"
        f"graph = networkx.MultiDiGraph()\ngraph.add_nodes_from({nodes})\n"
        f"graph.add_edges_from({edges})\nprint(graph_to_ascii(graph))\n"
    )


_BEAUTIFUL = """
import { renderMermaidASCII } from 'beautiful-mermaid';
import fs from 'fs';
console.log(renderMermaidASCII(fs.readFileSync(process.argv[2], 'utf8')));
"""


def find_peers() -> list[Peer]:
    """Return all tools that are compared with, whether they are there or not."""
    scripts = FOLDER / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    perl = shutil.which("perl") or "perl"
    node = shutil.which("node") or "node"
    beautiful = FOLDER / "beautiful.mjs"
    if (FOLDER / "node_modules" / "beautiful-mermaid").is_dir():
        beautiful.write_text(_BEAUTIFUL, encoding="utf-8")
    mermaid = FOLDER / "node_modules" / "mermaid-ascii" / "dist" / "cli.js"
    easy = _has_perl_module(perl)
    return [
        Peer(
            "Graph::Easy",
            tuple(
                (perl, "-MGraph::Easy::Parser", "-CO", "-e", _PERL, flow)
                for flow in ("east", "south")
            ),
            ".txt",
            _graph_easy,
            easy,
        ),
        Peer(
            "ascii-graphs",
            ((str(scripts / "python"), "any"),),
            ".py",
            _networkx,
            (scripts / "python").exists() and shutil.which("java") is not None,
        ),
        Peer(
            "dbsketch",
            ((str(scripts / "dbsketch"), "--no-columns", "any"),),
            ".dbml",
            _dbml,
            (scripts / "dbsketch").exists(),
        ),
        Peer(
            "termaid",
            tuple((str(scripts / "termaid"), way) for way in ("TD", "LR")),
            ".mmd",
            _mermaid,
            (scripts / "termaid").exists(),
        ),
        Peer(
            "mermaid-ascii (npm)",
            tuple((node, str(mermaid), "-f", way) for way in ("TD", "LR")),
            ".mmd",
            _mermaid,
            mermaid.exists(),
        ),
        Peer(
            "beautiful-mermaid",
            tuple((node, str(beautiful), way) for way in ("TD", "LR")),
            ".mmd",
            _mermaid,
            beautiful.exists(),
        ),
    ]


_PERL = (
    "my $graph = Graph::Easy::Parser->new()->from_file($ARGV[0]);"
    "$graph->timeout(55); print $graph->as_boxart();"
)


def _has_perl_module(perl: str) -> bool:
    try:
        return run([perl, "-MGraph::Easy", "-e", "1"], timeout=30).code == 0
    except OSError:
        return False


def install() -> Iterator[str]:
    """Install the tools that PyPI and npm have into `FOLDER`; yield what is done."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    yield f"into {FOLDER.relative_to(ROOT) if FOLDER.is_relative_to(ROOT) else FOLDER}"
    venv = FOLDER / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    for package in PYPI:
        code = run([str(venv / "bin" / "python"), "-m", "pip", "install", "-q", package]).code
        yield f"{package} (PyPI): {'there' if code == 0 else 'not to be had'}"
    npm = shutil.which("npm")
    if npm is None:
        yield "npm is not there: no " + ", ".join(NPM)
        return
    (FOLDER / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    for package in NPM:
        code = run([npm, "install", "--silent", package], cwd=FOLDER).code
        yield f"{package} (npm): {'there' if code == 0 else 'not to be had'}"
    yield "Graph::Easy: install the Debian package libgraph-easy-perl (or from CPAN)"
