"""Pictures beside documents: stamped, fresh without Graphviz, never over somebody else's file."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from erdgen.embed import pictures
from erdgen.embed.pictures import describe, fingerprint, make_file_name, read_stamp, stamp
from erdgen.embed.splice import escape_link, escape_markdown
from erdgen.model.graph import Graph
from erdgen.read import read_text
from erdgen.render.options import TEXT_DRAWING, Option, Options, make_options
from tests.embed.conftest import END, MODEL, Project, make_png

SVG = "<!-- erdgen:begin model.yaml format=svg -->"
KEY = "0123456789abcdef" * 2


def graph_of(model: str) -> Graph:
    return read_text(model).graph


@pytest.mark.parametrize(
    "data", [b"<svg>a</svg>", b'<?xml version="1.0"?>\n<svg>\n  a   \n</svg>\n\n', make_png(3)]
)
def test_a_stamp_is_read_back_and_the_picture_is_whole(data: bytes) -> None:
    stamped = stamp(data, KEY)
    assert read_stamp(stamped) == (KEY, True)
    assert read_stamp(data) == ("", False)
    for at in range(60, len(stamped), 7):
        assert read_stamp(stamped[:at])[1] is False
        changed = stamped[:at] + bytes([stamped[at] ^ 1]) + stamped[at + 1 :]
        key, whole = read_stamp(changed)
        assert (key, whole) != (KEY, True)


def test_a_stamped_svg_needs_no_fixing_and_survives_a_checkout() -> None:
    data = stamp(b"<svg>\n a  \n</svg>", KEY)
    assert data.endswith(b"</svg>\n")
    assert all(line == line.rstrip() for line in data.split(b"\n"))
    assert read_stamp(data.replace(b"\n", b"\r\n")) == (KEY, True)


def test_a_stamped_png_is_a_png() -> None:
    import zlib

    data, at, kinds = stamp(make_png(3), KEY), 8, []
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        body = data[at + 4 : at + 8 + length]
        assert zlib.crc32(body).to_bytes(4, "big") == data[at + 8 + length : at + 12 + length]
        kinds.append(body[:4])
        at += 12 + length
    assert kinds == [b"IHDR", b"tEXt", b"IDAT", b"IEND"]


@pytest.mark.parametrize(
    "model",
    [
        MODEL.replace("name: text", "name: int"),
        MODEL.replace("Order:", "Orders:"),
        MODEL + "relationships: [Customer 1:N Order: has]\n",
        MODEL.replace("id: int pk, name", "id: int pk -- a note, name"),
        MODEL + "enums: {S: [a]}\n",
        "title: Shop\n" + MODEL,
    ],
)
def test_what_is_shown_changes_the_fingerprint(model: str) -> None:
    options = Options()
    assert fingerprint(graph_of(model), "svg", options) != fingerprint(
        graph_of(MODEL), "svg", options
    )


@pytest.mark.parametrize(
    "model", ["# a comment\n\n" + MODEL, MODEL + "x-mine: 1\n", MODEL + "diagram: {width: 80}\n"]
)
def test_what_is_not_shown_does_not(model: str) -> None:
    options = Options()
    assert fingerprint(graph_of(model), "svg", options) == fingerprint(
        graph_of(MODEL), "svg", options
    )


def test_options_and_version_are_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    graph, options = graph_of(MODEL), Options()
    key = fingerprint(graph, "svg", options)
    assert fingerprint(graph, "png", options) != key
    assert fingerprint(graph, "svg", options._replace(theme="dark")) != key
    for other in (
        options._replace(graphviz="system"),
        options._replace(timeout=5),
        options._replace(width=80),
    ):
        assert fingerprint(graph, "svg", other) == key
    monkeypatch.setattr(pictures, "DRAWING_VERSION", 999)
    assert fingerprint(graph, "svg", options) != key


@pytest.mark.parametrize("option", TEXT_DRAWING, ids=lambda option: option.name)
def test_what_only_text_has_makes_no_picture_stale(option: Option) -> None:
    other = not option.default if option.kind == "flag" else 77
    options = make_options({option.name: other})
    assert options != Options()
    graph = graph_of(MODEL)
    assert fingerprint(graph, "svg", options) == fingerprint(graph, "svg", Options())


def test_a_theme_file_is_relative_to_the_document_and_counts(project: Project) -> None:
    project.write("docs/my.toml", 'background = "#fffdf7"\n')
    marker = "<!-- erdgen:begin ../model.yaml format=svg theme=my.toml -->"
    project.write("docs/doc.md", f"{marker}\n{END}\n")
    project.refresh("docs/doc.md")
    assert project.render.asked[-1][1].theme == "docs/my.toml"
    assert not project.refresh("docs/doc.md").pictures
    project.write("docs/my.toml", 'background = "#ffffff"\n')
    assert len(project.refresh("docs/doc.md").pictures) == 1
    (project.folder.parent / "out.toml").write_text("")
    project.write("docs/doc.md", f"{marker.replace('my.toml', '../../out.toml')}\n{END}\n")
    assert [item.code for item in project.problems("docs/doc.md")] == ["outside-project"]
    project.write("docs/doc.md", f"{marker.replace('my.toml', 'drak')}\n{END}\n")
    (problem,) = project.problems("docs/doc.md")
    assert problem.code == "bad-theme"
    assert problem.place is not None
    assert problem.place.file == "docs/doc.md"


def test_a_fresh_picture_is_not_drawn(project: Project) -> None:
    project.write("doc.md", f"{SVG}\n{END}\n")
    project.refresh()
    assert len(project.render.asked) == 1
    before = project.state()
    assert not project.refresh().pictures
    assert not project.refresh(write=False).findings
    assert len(project.render.asked) == 1
    assert project.state() == before


def test_a_check_draws_nothing_even_if_stale(project: Project) -> None:
    project.write("doc.md", f"{SVG}\n{END}\n")
    assert [item.code for item in project.refresh(write=False).findings] == ["stale-region"]
    assert project.render.asked == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda data: data[: len(data) // 2], "damaged"),
        (lambda data: data.replace(b"Customer", b"Costumer"), "damaged"),
        (lambda _: b"", "damaged"),
        (lambda data: data[:20], "damaged"),
        (lambda _: b"something else", "damaged"),
        (None, "missing"),
    ],
)
def test_a_picture_that_is_not_whole_is_stale(project: Project, change: object, why: str) -> None:
    project.write("doc.md", f"{SVG}\n{END}\n")
    project.refresh()
    good, document = project.read("model.svg"), project.read("doc.md")
    if callable(change):
        project.write("model.svg", change(good))
    else:
        (project.folder / "model.svg").unlink()
    (finding,) = project.refresh(write=False).findings
    assert why in finding.message
    assert project.refresh().pictures == ["model.svg"]
    assert project.read("model.svg") == good
    assert project.read("doc.md") == document


def test_a_stale_picture_leaves_the_document_alone(project: Project) -> None:
    project.write("doc.md", f"{SVG}\n{END}\n")
    project.refresh()
    before = project.state()[str(project.folder / "doc.md")]
    project.write("model.yaml", MODEL.replace("name: text", "name: int"))
    result = project.refresh()
    assert (result.changed, result.pictures) == ([], ["model.svg"])
    assert project.state()[str(project.folder / "doc.md")] == before


def test_alternative_text_and_link(project: Project) -> None:
    project.write("doc.md", f"{SVG}\n{END}\n")
    project.refresh()
    assert (
        "![Entity relationship diagram of Customer and Order with 1 relationship](model.svg)"
        in project.read("doc.md").decode()
    )


def test_an_alternative_text_of_ones_own(project: Project) -> None:
    marker = '<!-- erdgen:begin model.yaml format=png alt="Our [shop]" -->'
    project.write("doc.md", f"{marker}\n{END}\n")
    project.refresh()
    assert "![Our \\[shop\\]](model.png)" in project.read("doc.md").decode()


def test_light_and_dark(project: Project) -> None:
    marker = '<!-- erdgen:begin model.yaml format=svg dark=yes file="img/my erd (1).svg" -->'
    project.write("docs/doc.md", f"{marker.replace('model', '../model')}\n{END}\n")
    project.refresh("docs/doc.md")
    text = project.read("docs/doc.md").decode()
    assert "<picture>" in text
    assert 'srcset="img/my%20erd%20%281%29-dark.svg"' in text
    assert 'src="img/my%20erd%20%281%29.svg"' in text
    assert b'theme="light"' in project.read("docs/img/my erd (1).svg")
    assert b'theme="dark"' in project.read("docs/img/my erd (1)-dark.svg")
    assert not project.refresh("docs/doc.md").pictures


def test_mdx_may_be_laid_out_by_prettier(project: Project) -> None:
    marker = "{/* erdgen:begin model.yaml format=svg dark=yes */}"
    project.write("doc.mdx", f"{marker}\n{{/* erdgen:end */}}\n")
    project.refresh("doc.mdx")
    text = project.read("doc.mdx").decode()
    wide = text.replace("  <img alt=", "  <img\n    alt=").replace(' src="', '\n    src="')
    wide = wide.replace('" />\n</picture>', '"\n  />\n</picture>')
    assert wide.count("\n") == text.count("\n") + 3
    project.write("doc.mdx", wide)
    assert not project.refresh("doc.mdx", write=False).findings
    project.write("doc.mdx", wide.replace("Customer", "Custmer"))
    assert project.refresh("doc.mdx", write=False).findings


def test_two_regions_that_share_a_picture(project: Project) -> None:
    project.write("a.md", f"{SVG}\n{END}\n\n{SVG}\n{END}\n")
    project.write("b.md", f"{SVG}\n{END}\n")
    project.refresh("a.md", "b.md")
    assert len(project.render.asked) == 1


def test_two_regions_that_want_one_picture_differently(project: Project) -> None:
    marker = "<!-- erdgen:begin model.yaml format=svg {} file=p.svg -->"
    project.write("a.md", f"{marker.format('detail=keys')}\n{END}\n")
    project.write("b.md", f"\n{marker.format('detail=names')}\n{END}\n")
    (problem,) = project.problems("a.md", "b.md")
    assert problem.code == "picture-conflict"
    assert problem.place is not None
    assert (problem.place.file, problem.place.line, problem.place.column) == ("b.md", 2, 54)
    assert [(place.file, place.line) for _, place in problem.related] == [("a.md", 1)]


def test_somebody_elses_picture_is_not_overwritten(project: Project) -> None:
    project.write("model.svg", "<svg>drawn by hand</svg>")
    project.write("doc.md", f"{SVG}\n{END}\n")
    assert [item.code for item in project.problems()] == ["foreign-picture"]


def test_the_suffix_must_fit(project: Project) -> None:
    project.write("doc.md", f"<!-- erdgen:begin model.yaml format=svg file=doc.md -->\n{END}\n")
    assert [item.code for item in project.problems()] == ["bad-option-value"]


def test_a_folder_made_for_a_picture_goes_again_if_the_run_fails(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("doc.md", f"{SVG.replace(' -->', ' file=new/deep/p.svg -->')}\n{END}\n")
    real = os.fsync

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    assert [item.code for item in project.problems()] == ["unwritable-file"]
    monkeypatch.setattr(os, "fsync", real)
    assert not (project.folder / "new").exists()
    project.refresh()
    assert (project.folder / "new/deep/p.svg").exists()


def test_names_made_for_pictures() -> None:
    assert make_file_name("shop", "png", [("width", 80)]) == "shop.png"
    one = make_file_name("shop", "svg", [("only", ("A-b",))])
    other = make_file_name("shop", "svg", [("only", ("A", "b"))])
    assert one != other
    assert make_file_name("shop", "svg", [("title", "../../x y")]).count("/") == 0
    assert len(make_file_name("shop", "svg", [("only", tuple("abcdefghij" * 20))])) < 40


def test_words_for_many_entities() -> None:
    model = "entities: {" + ", ".join(f"E{n}: " for n in range(100)) + "}"
    assert "E59 and 40 more entities with 0 relationships" in describe(graph_of(model))
    assert describe(graph_of("entities: {}")) == "Entity relationship diagram without entities"
    assert "of A with 0 relationships" in describe(graph_of("entities: {A: }"))


@pytest.mark.parametrize(
    "name", ["a b", "a)b", "(x)", "ü/名", "a%b", "<x>", "a\\b", "*x*", "a_b_c", "[x]",
     "`x`", "&amp;"]
)  # fmt: skip
def test_any_name_in_a_link_and_in_words(name: str) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    from urllib.parse import unquote

    text = f"![{escape_markdown(name)}]({escape_link(name)}.svg)"
    (image,) = markdown_it.MarkdownIt("commonmark").parse(text)[1].children
    assert image.type == "image"
    assert image.content.replace("\\", "") == escape_markdown(name).replace("\\", "")
    shown = "".join(child.content for child in image.children)
    assert shown == name
    assert unquote(image.attrs["src"]) == name.replace("\\", "/") + ".svg"


@pytest.mark.slow
def test_memory_stays_flat_over_many_documents_with_pictures(project: Project) -> None:
    tracemalloc = pytest.importorskip("tracemalloc")
    project.render.texts["svg"] = "wide " * 20_000

    def peak(first: int, last: int) -> int:
        names = []
        for number in range(first, last):
            marker = f"<!-- erdgen:begin model.yaml format=svg file=p{number}.svg -->"
            project.write(f"d{number}.md", f"{marker}\n{END}\n")
            names.append(f"d{number}.md")
        tracemalloc.start()
        project.refresh(*names)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return int(most)

    started = time.monotonic()
    few, many = peak(0, 100), peak(100, 700)
    assert many < few * 1.5 + 3_000_000, (few, many, time.monotonic() - started)


def test_real_pictures(project: Project) -> None:
    """Through Graphviz, as the command does it."""
    pytest.importorskip("pygraphviz")
    from erdgen.embed.documents import Source
    from erdgen.embed.draw import Tools, make_draw
    from erdgen.embed.update import Plan, update

    marker = "<!-- erdgen:begin model.yaml format={} -->"
    project.write("doc.md", "\n".join(f"{marker.format(f)}\n{END}\n" for f in ("svg", "png")))
    result = update([Source("doc.md", "doc.md")], Plan(draw=make_draw(Tools())))
    assert result.pictures == ["model.svg", "model.png"]
    assert read_stamp(Path("model.svg").read_bytes())[1]
    assert read_stamp(Path("model.png").read_bytes())[1]
    assert not update(
        [Source("doc.md", "doc.md")], Plan(write=False, draw=make_draw(Tools()))
    ).findings
