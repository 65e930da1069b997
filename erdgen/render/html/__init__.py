"""A graph in, one self-contained page out: its pictures at each detail, its entities, to explore.

The page is `page.html` with its slots filled: the pictures as SVG, the model as JSON, and our own
script and style sheet, which a content security policy names by their hashes. It asks the network
for nothing and runs nothing else, whatever stands in a model.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from erdgen.errors import Diagnostic
from erdgen.model.graph import Graph
from erdgen.render import Output, Page
from erdgen.render.graphviz import worker
from erdgen.render.json import to_object
from erdgen.render.options import BY_NAME, Options
from erdgen.render.picture.colors import add_groups
from erdgen.render.picture.compose import draw, picture_title
from erdgen.render.picture.state_shapes import draw_machine
from erdgen.render.picture.svg import escape, write_svg
from erdgen.render.picture.themes import Theme, contrast, load_theme
from erdgen.render.text.states import find_machines

LEVELS = ("full", "keys", "names")
"""The details of the pictures, the fullest first."""
SCRIPTS = (
    "model.js",
    "pictures.js",
    "view.js",
    "focus.js",
    "entity.js",
    "panel.js",
    "keys.js",
    "page.js",
)
"""The parts of the script in the order in which they stand in the page."""
FOLDER = Path(__file__).parent


def write(graph: Graph, options: Options) -> Output:
    """Return the graph as an HTML page.

    Of the options, `detail` says which picture is shown first; those that split a drawing or name
    a page's size don't matter, since the page itself zooms, searches and focuses.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long.
        OptionError: There is no such theme.
    """
    theme = load_theme(options.theme)
    sides = add_groups(add_sides(theme), graph)
    pictures, notes = draw_levels(graph, options, sides)
    machines, more = draw_machines(graph, options, sides)
    title = picture_title(graph, options) or graph.model.title or graph.model.name
    start = start_of(options, theme)
    text = fill_page(graph, pictures, sides, title=title, start=start, machines=machines)
    said = (*notes, *more, *_say_needless(options))
    return Output((Page("", text.encode("utf-8", "replace")),), said)


def _say_needless(options: Options) -> Iterator[Diagnostic]:
    """Yield a note for each option that asks for what the page's reader does."""
    for name, asked, instead in (
        (
            "split",
            options.split,
            "it holds the whole model, in which its reader searches and focuses",
        ),
        ("scale", options.scale != BY_NAME["scale"].default, "its reader zooms"),
    ):
        if asked:
            message = f"--{name} has no effect on a page: {instead}"
            yield Diagnostic("needless-option", message, severity="note")


def draw_levels(
    graph: Graph, options: Options, theme: Theme
) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """Return the pictures as SVG by level of detail, and what Graphviz had to say.

    A level that shows nothing less than the fuller one is no choice and left out.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long.
    """
    pictures: dict[str, str] = {}
    bodies: set[str] = set()
    notes: dict[Diagnostic, None] = {}
    for level in LEVELS:
        # the page has a title of its own and zooms by itself
        wanted = options._replace(detail=level, title="", split="")
        # a worker each, since a timeout is a picture's
        with worker(timeout=options.timeout, system=options.graphviz == "system") as ask:
            scene, said = draw(graph, wanted, theme, ask)
        svg = write_svg(scene, theme, page=level)
        notes |= dict.fromkeys(said)
        if _body(svg, level) not in bodies:
            bodies.add(_body(svg, level))
            pictures[level] = svg
    return pictures, tuple(notes)


def draw_machines(
    graph: Graph, options: Options, theme: Theme
) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """Return the state diagrams as SVG by entity, and what Graphviz had to say.

    Lines run right: the panel shows a wide diagram smaller, and scrolls what would be illegible.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long.
    """
    machines: dict[str, str] = {}
    notes: dict[Diagnostic, None] = {}
    for number, machine in enumerate(find_machines(graph)):
        with worker(timeout=options.timeout, system=options.graphviz == "system") as ask:
            scene, said = draw_machine(machine, "right", ask)
        machines[machine.entity] = write_svg(scene, theme, page=f"machine-{number}")
        notes |= dict.fromkeys(said)
    return machines, tuple(notes)


def _body(svg: str, level: str) -> str:
    return svg.replace(f' id="{level}-', ' id="')


def start_of(options: Options, theme: Theme) -> Mapping[str, str]:
    """Return how the page opens where neither its address nor its reader says otherwise."""
    start = {"detail": options.detail or ""}
    if theme.night is None and _is_dark(theme.colors):
        start["theme"] = "dark"
    return start


# --- colours -------------------------------------------------------------------------------------


def add_sides(theme: Theme) -> Theme:
    """Return a theme with a day and a night side; the one that it lacks is the usual one."""
    if theme.night is not None:
        day, night = theme.colors, theme.night
    elif _is_dark(theme.colors):
        day, night = load_theme("light").colors, theme.colors
    else:
        day, night = theme.colors, load_theme("dark").colors
    # a side with fewer header colours takes the other's
    return Theme("page", {**theme.colors, **day}, {**theme.colors, **night}, theme.headers)


def _is_dark(colors: Mapping[str, str]) -> bool:
    background = colors["background"]
    return contrast(background, "#ffffff") > contrast(background, "#000000")


def write_colors(theme: Theme) -> str:
    """Return the style rules that give the roles of the pictures and the page their colours."""
    assert theme.night is not None  # noqa: S101 - add_sides gives both
    day = f"color-scheme:light;{_variables(theme.colors)}"
    night = f"color-scheme:dark;{_variables(theme.night)}"
    rules = [
        f":root{{{day}}}",
        f"@media screen and (prefers-color-scheme:dark){{:root{{{night}}}}}",
        f"@media screen{{:root[data-theme=light]{{{day}}}:root[data-theme=dark]{{{night}}}}}",
    ]
    rules += [
        f".f-{role}{{fill:var(--{role})}}.s-{role}{{stroke:var(--{role})}}" for role in theme.colors
    ]
    return "\n".join(rules) + "\n"


def _variables(colors: Mapping[str, str]) -> str:
    return "".join(f"--{role}:{color};" for role, color in colors.items())


# --- the page ------------------------------------------------------------------------------------


def fill_page(
    graph: Graph,
    pictures: Mapping[str, str],
    theme: Theme,
    *,
    title: str,
    start: Mapping[str, str],
    machines: Mapping[str, str] = {},
) -> str:
    """Return the page.

    Args:
        graph: What it tells about.
        pictures: SVG by level of detail.
        theme: A theme with two sides, see `add_sides`.
        title: Its title.
        start: How it opens, see `start_of`.
        machines: State diagrams as SVG by entity.
    """
    style = _read("page.css") + write_colors(theme)
    script = '"use strict";\n(() => {\n' + "\n".join(_read(name) for name in SCRIPTS) + "})();\n"
    slots = {
        "policy": (
            f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}';"
            " base-uri 'none'; form-action 'none'; require-trusted-types-for 'script';"
            " trusted-types 'none'"
        ),
        "title": escape(title),
        "style": style,
        "script": script,
        "pictures": "".join(_frame(pictures)),
        "machines": "".join(
            f'<div data-entity="{escape(entity)}">\n{svg}</div>\n'
            for entity, svg in machines.items()
        ),
        "data": _json({"start": start, "levels": list(pictures), "title": title}, graph),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: slots[match.group(1)], _read("page.html"))


def _frame(pictures: Mapping[str, str]) -> Iterator[str]:
    for number, (level, svg) in enumerate(pictures.items()):
        hidden = " hidden" if number else ""
        yield f'<div class="picture" id="picture-{level}" data-level="{level}"{hidden}>\n'
        yield f"{svg}</div>\n"


def _json(page: Mapping[str, object], graph: Graph) -> str:
    """Return the page's data as JSON that cannot end the element that it stands in."""
    import json  # only for a page: start-up time

    whole = {"page": page, "model": to_object(graph)}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def _read(name: str) -> str:
    # with the line ends of the repository on every system: the policy names the exact bytes
    return (FOLDER / name).read_text("utf-8").replace("\r\n", "\n")
