"""A run over documents: bytes outside of regions stay, what changes is exactly the region."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from erdgen.embed.documents import Source
from erdgen.embed.draw import Tools, make_draw
from erdgen.embed.jobs import Drawn, Job
from erdgen.embed.update import Plan, update
from erdgen.errors import Diagnostic, ErdgenError
from erdgen.model.graph import Graph
from erdgen.read import read_file
from erdgen.render import Output, Page
from erdgen.render.options import Options, Value
from tests.embed.conftest import BEGIN, END, MODEL, Project

FRESH = ["", "```text", "text of Customer Order", "```", ""]


def region(end: str = "\n", prefix: str = "") -> str:
    return end.join([f"{prefix}{line}".rstrip() for line in [BEGIN, *FRESH, END]])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# Title{e}{e}", "{e}end{e}"),
        ("\ufeff", ""),
        ("trailing   {e}\t{e}", "{e}no final newline"),
        ("form\ffeed \u0085 NEL \u2028 LS \x00 NUL \x1c FS{e}{e}", "{e}\f{e}"),
        ("", "{e}"),
        ("---{e}a: 1{e}---{e}", "{e}{e}{e}"),
        ("~~~{e}" + BEGIN + "{e}~~~{e}", "{e}```{e}" + END + "{e}"),
    ],
)
def test_nothing_else_changes(project: Project, before: str, after: str, end: str) -> None:
    head, tail = before.replace("{e}", end), after.replace("{e}", end)
    project.write("doc.md", f"{head}{BEGIN}{end}old{end}{end}text{end}{END}{tail}")
    project.refresh()
    assert project.read("doc.md").decode() == f"{head}{region(end)}{tail}"


def test_mixed_line_ends_stay_and_new_lines_end_as_the_marker_does(project: Project) -> None:
    project.write("doc.md", f"a\r\nb\nc\r{BEGIN}\r\nold\n{END}\n\r\nd")
    project.refresh()
    body = "\r\n".join(FRESH)
    assert project.read("doc.md").decode() == f"a\r\nb\nc\r{BEGIN}\r\n{body}\r\n{END}\n\r\nd"


def test_line_ends_alone_make_nothing_stale(project: Project) -> None:
    text = region("\n").replace("\n", "\r\n").replace("```text\r\n", "```text\n")
    project.write("doc.md", text)
    before = project.state()
    assert not project.refresh().changed
    assert project.state() == before


@pytest.mark.parametrize(
    ("first", "prefix"),
    [
        ("- ", "  "),
        ("   ", "   "),
        ("> ", "> "),
        ("1. ", "   "),
        ("> - ", ">   "),
        ("> > ", "> > "),
    ],
)
def test_in_lists_and_quotes(project: Project, first: str, prefix: str) -> None:
    project.write("doc.md", f"text\n\n{first}{BEGIN}\n{prefix}{END}\n")
    project.refresh()
    wanted = region(prefix=prefix)
    wanted = first + wanted[len(prefix) :]
    assert project.read("doc.md").decode() == f"text\n\n{wanted}\n"
    assert not project.refresh().changed


def test_mdx(project: Project) -> None:
    begin, end = "{/* erdgen:begin model.yaml */}", "{/* erdgen:end */}"
    project.write("doc.mdx", f"import X from 'x'\n\n{begin}\n{end}\n\n<X />\n")
    project.refresh("doc.mdx")
    body = "\n".join(FRESH)
    assert project.read("doc.mdx").decode() == (
        f"import X from 'x'\n\n{begin}\n{body}\n{end}\n\n<X />\n"
    )


def test_nothing_of_a_model_is_code_in_mdx(project: Project) -> None:
    """In MDX a brace begins an expression and `<` a tag: a page would not build, or run it."""
    project.render.texts["tables"] = "### A {b}\n\n| {id} < 3 | \\< and `{code} <x>` |\n"
    begin = "{/* erdgen:begin model.yaml format=tables */}"
    project.write("doc.mdx", f"{begin}\n{{/* erdgen:end */}}\n")
    project.write("doc.md", f"{begin.replace('{/*', '<!--').replace('*/}', '-->')}\n{END}\n")
    project.refresh("doc.mdx", "doc.md")
    assert r"| \{id} \< 3 | \< and `{code} <x>` |" in project.read("doc.mdx").decode()
    assert r"### A \{b}" in project.read("doc.mdx").decode()
    assert r"| {id} < 3 | \< and `{code} <x>` |" in project.read("doc.md").decode()
    assert not project.refresh("doc.mdx", "doc.md").changed


@pytest.mark.parametrize(
    "nasty",
    [
        "```", "`````", "~~~", "-->", END, BEGIN, "</details>",
        "$& \\1 \\n \\g<0> $1", "{{x}} %s {}",
        "\\", "<script>", "*/}", "a\rb", "trailing   ", "\u2028", "\f", "{% raw %}",
    ],
)  # fmt: skip
def test_a_model_may_hold_anything(project: Project, nasty: str) -> None:
    project.render.texts["text"] = f"one {nasty}\n{nasty}\n{nasty} two"
    project.write("doc.md", f"before\n\n{BEGIN}\n{END}\n\nafter\n")
    project.refresh()
    text = project.read("doc.md").decode()
    assert text.startswith(f"before\n\n{BEGIN}\n\n```")
    assert text.endswith(f"```\n\n{END}\n\nafter\n")
    assert nasty.strip().split("\r")[0] in text
    assert not project.refresh().changed
    # what comes next still finds the region and nothing else
    project.render.texts["text"] = "plain"
    project.refresh()
    assert project.read("doc.md").decode() == (
        f"before\n\n{BEGIN}\n\n```text\nplain\n```\n\n{END}\n\nafter\n"
    )


def test_a_second_run_touches_nothing(project: Project) -> None:
    project.write("a.md", f"{BEGIN}\n{END}\n")
    project.write("b.md", f"<!-- erdgen:begin model.yaml format=svg -->\n{END}\n")
    project.write("c.md", "no diagram\n")
    assert project.refresh("a.md", "b.md", "c.md").changed == ["a.md", "b.md"]
    before = project.state()
    result = project.refresh("a.md", "b.md", "c.md")
    assert (result.changed, result.pictures, result.documents, result.regions) == ([], [], 3, 2)
    assert project.state() == before


def test_several_regions_and_one_rendering_for_the_same(project: Project) -> None:
    keys = "<!-- erdgen:begin model.yaml detail=keys -->"
    project.write("doc.md", f"{BEGIN}\n{END}\n\n{keys}\n{END}\n\n{BEGIN}\n{END}\n")
    result = project.refresh()
    assert result.regions == 3
    assert len(project.render.asked) == 2
    assert project.read("doc.md").count(b"text of Customer Order") == 3


def test_4000_regions(project: Project) -> None:
    project.write("doc.md", f"{BEGIN}\n{END}\n\n" * 4000)
    assert project.refresh().regions == 4000
    assert project.read("doc.md").count(b"text of Customer Order") == 4000
    assert not project.refresh().changed


def test_more_texts_than_are_kept(project: Project) -> None:
    """Documents that come back to a text that was dropped in between."""
    names = []
    for number in range(140):
        widths = [20 + (number * 10 + step) % 700 for step in range(10)]
        regions = [f"<!-- erdgen:begin model.yaml width={w} -->\n{END}\n\n" for w in widths]
        project.write(f"d{number}.md", "".join(regions))
        names.append(f"d{number}.md")
    assert len(project.refresh(*names).changed) == 140
    assert not project.refresh(*names).changed


def test_check_writes_nothing_and_says_what_is_stale(project: Project) -> None:
    project.write("doc.md", f"# T\n\n{BEGIN}\n{END}\n\n{region()}\n")
    before = project.state()
    result = project.refresh(write=False)
    assert project.state() == before
    (finding,) = result.findings
    assert finding.place is not None
    assert (finding.code, finding.place.file, finding.place.line) == ("stale-region", "doc.md", 3)
    assert "erdgen refresh doc.md" in finding.help


def test_a_changed_model_makes_stale(project: Project) -> None:
    project.write("doc.md", f"{BEGIN}\n{END}\n")
    project.refresh()
    project.write("model.yaml", MODEL.replace("Customer", "Client"))
    assert len(project.refresh(write=False).findings) == 1
    project.refresh()
    assert b"text of Client Order" in project.read("doc.md")


def test_a_deleted_model(project: Project) -> None:
    project.write("doc.md", f"{region()}\n")
    (project.folder / "model.yaml").unlink()
    (problem,) = project.problems()
    assert problem.code == "no-such-file"


@pytest.mark.parametrize("data", [b"caf\xe9\n", b"\xff\xfea\x00", b"ok \xed\xa0\x80\n"])
def test_not_utf8_is_refused_with_its_place(project: Project, data: bytes) -> None:
    project.write("doc.md", b"ok\n\n" + data + f"\n{BEGIN}\n{END}\n".encode())
    (problem,) = project.problems()
    assert problem.code == "not-utf8"
    assert problem.place is not None
    assert problem.place.line == 3


def test_utf16_is_refused(project: Project) -> None:
    project.write("doc.md", f"{BEGIN}\n{END}\n".encode("utf-16"))
    assert [item.code for item in project.problems()] == ["not-utf8"]


def test_a_document_without_markers_may_be_anything(project: Project) -> None:
    project.write("doc.md", b"caf\xe9 \x00\xff")
    before = project.state()
    assert project.refresh().regions == 0
    assert project.state() == before


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("../outside.yaml", "outside-project"),
        ("docs/../../outside.yaml", "outside-project"),
        ("link.yaml", "outside-project"),
        ("linked/outside.yaml", "outside-project"),
        ("C:/x.yaml", "absolute-path"),
        ("~/x.yaml", "absolute-path"),
        ("\\\\\\\\host\\\\x.yaml", "absolute-path"),
    ],
)
def test_models_stay_inside_the_project(project: Project, path: str, code: str) -> None:
    outside = project.folder.parent / "outside.yaml"
    outside.write_text(MODEL)
    (project.folder / "link.yaml").symlink_to(outside)
    (project.folder / "linked").symlink_to(project.folder.parent)
    project.write("doc.md", f"<!-- erdgen:begin {path} -->\n{END}\n")
    (problem,) = project.problems()
    assert problem.code == code
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (1, 19)


@pytest.mark.parametrize(
    "words",
    ["docs\\model.yaml", "model.yaml format=svg file=img\\erd.svg"],
)
def test_backslashes_are_no_way_into_a_folder(project: Project, words: str) -> None:
    project.write("docs/model.yaml", MODEL)
    project.write("doc.md", f"<!-- erdgen:begin {words} -->\n{END}\n")
    (problem,) = project.problems()
    assert problem.code == "bad-path"
    assert problem.help.startswith(("write docs/model.yaml,", "write img/erd.svg,"))


def test_an_absolute_model_is_refused(project: Project) -> None:
    project.write("doc.md", f"<!-- erdgen:begin {project.folder}/model.yaml -->\n{END}\n")
    assert [item.code for item in project.problems()] == ["absolute-path"]


def test_pictures_stay_inside_the_project(project: Project) -> None:
    (project.folder / "pics").symlink_to(project.folder.parent)
    for file in ("../p.svg", "/tmp/p.svg", "pics/p.svg"):  # noqa: S108 - never written
        project.write("doc.md", f"<!-- erdgen:begin model.yaml format=svg file={file} -->\n{END}\n")
        assert project.problems()[0].code in ("outside-project", "absolute-path")


def test_a_wider_root(project: Project) -> None:
    (project.folder.parent / "outside.yaml").write_text(MODEL)
    project.write("doc.md", f"<!-- erdgen:begin ../outside.yaml -->\n{END}\n")
    assert project.refresh(root="..").changed == ["doc.md"]


def test_a_narrower_root(project: Project) -> None:
    project.write("docs/doc.md", f"<!-- erdgen:begin ../model.yaml -->\n{END}\n")
    assert [i.code for i in project.problems("docs/doc.md", root="docs")] == ["outside-project"]
    project.write("doc.md", f"{BEGIN}\n{END}\n")
    assert [i.code for i in project.problems("doc.md", root="docs")] == ["outside-project"]


def test_a_document_met_twice_is_written_once(project: Project) -> None:
    project.write("doc.md", f"{BEGIN}\n{END}\n")
    (project.folder / "alias.md").symlink_to("doc.md")
    assert project.refresh("alias.md", "doc.md").changed == ["alias.md"]
    assert (project.folder / "alias.md").is_symlink()


def test_standard_input(project: Project) -> None:
    tools = Tools(read_file, project.render)
    source = Source("<stdin>", "document.md", f"a\r\n{BEGIN}\r\n{END}".encode())
    result = update([source], Plan(draw=make_draw(tools)))
    body = "\r\n".join(FRESH)
    assert result.outputs == [f"a\r\n{BEGIN}\r\n{body}\r\n{END}".encode()]
    plain = update([Source("<stdin>", "document.md", b"plain \xff")], Plan(draw=make_draw(tools)))
    assert plain.outputs == [b"plain \xff"]


def test_the_model_wins_over_settings_and_the_marker_over_both(project: Project) -> None:
    project.write("model.yaml", MODEL + "diagram: {detail: keys, labels: yes}\n")
    marker = "<!-- erdgen:begin model.yaml labels=no -->"
    project.write("doc.md", f"{marker}\n{END}\n")
    tools = Tools(read_file, project.render)
    settings: dict[str, Value] = {"detail": "names", "labels": True, "ascii": True}
    update([Source("doc.md", "doc.md")], Plan(draw=make_draw(tools), settings=lambda _: settings))
    ((_, options),) = project.render.asked
    assert (options.detail, options.labels, options.ascii, options.width) == (
        "keys",
        False,
        True,
        100,
    )


def test_a_region_that_would_change_how_the_rest_is_read(project: Project) -> None:
    """The blank lines of a region end the HTML that its empty form stands in."""
    project.write("doc.md", f"<div>\n{BEGIN}\n{END}\n> {BEGIN}\n</div>\n")
    assert [item.code for item in project.problems()] == ["unstable-region"]
    project.write("doc.md", f"<details>\n<summary>x</summary>\n{BEGIN}\n{END}\n</details>\n")
    assert project.refresh().changed == ["doc.md"]
    assert not project.refresh().changed


def test_notes_of_a_drawing_have_the_markers_place_and_words(project: Project) -> None:
    def render(graph: Graph, format_name: str, options: Options) -> Output:
        del graph, format_name, options
        note = Diagnostic("narrow", "too narrow", help="--width 106 --detail full", severity="note")
        return Output((Page("", b"text\n"),), (note,))

    project.write("doc.md", f"\n{BEGIN}\n{END}\n")
    plan = Plan(draw=make_draw(Tools(read_file, render)))
    (note,) = update([Source("doc.md", "doc.md")], plan).notes
    assert note.place is not None
    assert (note.place.file, note.place.line) == ("doc.md", 2)
    assert note.help == "width=106 detail=full"
    assert update([Source("doc.md", "doc.md")], plan).notes == []


def test_formatters_may_pad_or_squeeze_tables(project: Project) -> None:
    project.render.texts["tables"] = "| A   | B         |\n| --- | --------- |\n| x   | long text |"
    project.write("doc.md", f"<!-- erdgen:begin model.yaml format=tables -->\n{END}\n")
    project.refresh()
    squeezed = project.read("doc.md").decode().replace("   ", " ").replace("  ", " ")
    squeezed = squeezed.replace("---------", "---")
    assert squeezed != project.read("doc.md").decode()
    project.write("doc.md", squeezed)
    assert not project.refresh(write=False).findings
    project.write("doc.md", squeezed.replace("long text", "longtext"))
    assert project.refresh(write=False).findings


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "mixed"])
@pytest.mark.parametrize("name", ["doc.md", "my doc.md", 'a "b" \\c.md', "a\nb.md", "名.md"])
@pytest.mark.parametrize("tool", ["git", "patch"])
@pytest.mark.skipif(os.name == "nt", reason="no such names there")
def test_diff_applies(project: Project, tool: str, name: str, end: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"needs {tool}")
    text = "".join(f"line {n}\n" for n in range(30))
    regions = [f"{BEGIN}\nold {n}\n{END}\n" for n in range(3)]
    document = regions[0] + text + regions[1] + "x\n" + regions[2].rstrip("\n")
    if end == "mixed":
        document = document.replace("line 3\n", "line 3\r").replace("line 4\n", "line 4\r\n")
    else:
        document = document.replace("\n", end)
    project.write(name, document)
    before = project.read(name)
    result = project.refresh(name, write=False, diffs=True)
    assert project.read(name) == before
    project.refresh(name)
    wanted = project.read(name)
    project.write(name, before)
    words = ["git", "apply", "--unsafe-paths", "-"]
    done = subprocess.run(
        words if tool == "git" else ["patch", "--binary", "-p1", "-s"],
        input="".join(result.diffs).encode(),
        cwd=project.folder,
        check=False,
        capture_output=True,
    )
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert project.read(name) == wanted


def test_a_name_that_looks_like_an_option_is_told_as_a_path(project: Project) -> None:
    project.write("-x.md", f"{BEGIN}\n{END}\n")
    (finding,) = project.refresh("-x.md", write=False).findings
    assert finding.help == "run `erdgen refresh ./-x.md`"


def test_the_command_that_mends_names_the_root_that_was_said(project: Project) -> None:
    project.write("doc.md", f"{BEGIN}\n{END}\n")
    (finding,) = project.refresh("doc.md", write=False, root=".").findings
    assert finding.help == "run `erdgen refresh --root . doc.md`"


def test_braces_in_the_name_of_a_picture(project: Project) -> None:
    project.write("doc.md", f"<!-- erdgen:begin model.yaml format=svg file={{0}}.svg -->\n{END}\n")
    (finding,) = project.refresh(write=False).findings[:1]
    assert finding.message == "the picture '{0}.svg' of 'model.yaml' is missing"


def test_ten_megabytes(project: Project) -> None:
    text = "Some text that is a line of a paragraph, as long as they are.\n" * 160_000
    project.write("doc.md", f"{text}\n{BEGIN}\n{END}\n\n{text}")
    project.refresh()
    assert project.read("doc.md") == f"{text}\n{region()}\n\n{text}".encode()


def test_many_processes_give_the_same(tmp_path: Path) -> None:
    """With -j the drawing is done elsewhere; the command is run as a user does."""
    (tmp_path / ".git").mkdir()
    for number in range(4):
        (tmp_path / f"m{number}.yaml").write_text(MODEL.replace("Order", f"Order{number}"))
        (tmp_path / f"d{number}.md").write_text(
            f"<!-- erdgen:begin m{number}.yaml -->\n{END}\n\n"
            f"<!-- erdgen:begin m{number}.yaml detail=names -->\n{END}\n"
        )
    environment = {**os.environ, "ERDGEN_CACHE": "off", "PYTHONPATH": os.pathsep.join(sys.path)}
    outcomes = []
    for jobs in ("3", "1"):
        command = [sys.executable, "-m", "erdgen", "refresh", "-j", jobs, "."]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        outcomes.append({p.name: p.read_text() for p in tmp_path.glob("d*.md")})
    assert outcomes[0] == outcomes[1]
    assert "4 documents written" in done.stderr or "all fresh" in done.stderr


def _vanish(jobs: list[Job], tools: Tools) -> list[Drawn]:
    """Be a worker that the system ends for its memory."""
    del jobs, tools
    os.kill(os.getpid(), 9)
    return []


@pytest.mark.skipif(os.name == "nt", reason="no such signal there")
def test_a_worker_that_is_ended_from_outside_is_told(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("erdgen.embed.draw._draw_chunk", _vanish)
    project.write("other.yaml", MODEL)
    project.write("doc.md", f"{BEGIN}\n{END}\n\n{BEGIN.replace('model', 'other')}\n{END}\n")
    before = project.state()
    with pytest.raises(ErdgenError) as caught:
        update([Source("doc.md", "doc.md")], Plan(processes=2))
    assert [item.code for item in caught.value.diagnostics] == ["worker-lost"]
    assert project.state() == before
