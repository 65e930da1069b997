"""Texts of earlier runs hold only as long as nothing that matters has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from erdgen.embed import cache
from erdgen.embed.cache import Cache, find_cache_folder
from erdgen.embed.documents import Source
from erdgen.embed.draw import Tools, make_draw
from erdgen.embed.update import Plan, Result, update
from erdgen.errors import Diagnostic, Place
from erdgen.model.graph import Graph
from erdgen.read import read_file
from erdgen.render import Output, Page
from erdgen.render.options import Options
from tests.embed.conftest import BEGIN, END, MODEL, Project


class Counting:
    """A renderer that gives a note too, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, graph: Graph, format_name: str, options: Options) -> Output:
        self.count += 1
        names = " ".join(entity.name for entity in graph.model.entities)
        note = Diagnostic("wide", "too wide", Place("x", 1, 2), related=(("there", Place("y")),))
        return Output((Page("", f"{format_name} {names} {options.detail}\n".encode()),), (note,))


@pytest.fixture
def render() -> Counting:
    return Counting()


def refresh(folder: Path, render: Counting, *, write: bool = True) -> Result:
    tools = Tools(read_file, render)
    return update(
        [Source("doc.md", "doc.md")], Plan(write=write, cache=str(folder), draw=make_draw(tools))
    )


def test_the_second_run_draws_nothing(project: Project, tmp_path: Path, render: Counting) -> None:
    project.write(
        "doc.md", f"{BEGIN}\n{END}\n\n<!-- erdgen:begin model.yaml detail=keys -->\n{END}\n"
    )
    stale = project.read("doc.md")
    first = refresh(tmp_path / "cache", render)
    second = refresh(tmp_path / "cache", render, write=False)
    assert (second.changed, second.notes) == ([], [])
    project.write("doc.md", stale)
    third = refresh(tmp_path / "cache", render)
    assert third.notes == first.notes
    assert len(third.notes) == 1
    assert render.count == 2


def test_another_model_draws_anew(project: Project, tmp_path: Path, render: Counting) -> None:
    project.write("doc.md", f"{BEGIN}\n{END}\n")
    refresh(tmp_path / "cache", render)
    times = (project.folder / "model.yaml").stat()
    project.write("model.yaml", MODEL.replace("Order:", "Trade:"))
    import os

    os.utime(project.folder / "model.yaml", ns=(times.st_atime_ns, times.st_mtime_ns))
    refresh(tmp_path / "cache", render)
    assert b"Trade" in project.read("doc.md")


def test_an_included_file_counts(project: Project, tmp_path: Path, render: Counting) -> None:
    project.write("part.yaml", "entities: {Extra: }\n")
    project.write("model.yaml", MODEL + "include: [part.yaml]\n")
    project.write("doc.md", f"{BEGIN}\n{END}\n")
    refresh(tmp_path / "cache", render)
    assert b"Extra" in project.read("doc.md")
    project.write("part.yaml", "entities: {Other: }\n")
    refresh(tmp_path / "cache", render)
    assert b"Other" in project.read("doc.md")


def test_another_version_draws_anew(
    project: Project, tmp_path: Path, render: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("doc.md", f"{BEGIN}\n{END}\n")
    refresh(tmp_path / "cache", render)
    monkeypatch.setattr(cache, "_own_version", lambda: "another")
    refresh(tmp_path / "cache", render)
    assert render.count == 2


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"version": 1', b"\xff", b"null"])
def test_a_broken_cache_is_no_cache(
    project: Project, tmp_path: Path, render: Counting, data: bytes
) -> None:
    project.write("doc.md", f"{BEGIN}\n{END}\n")
    refresh(tmp_path / "cache", render)
    (file,) = (tmp_path / "cache").iterdir()
    file.write_bytes(data)
    assert refresh(tmp_path / "cache", render).changed == []
    assert render.count == 2


def test_texts_of_the_wrong_kind_are_no_cache(
    project: Project, tmp_path: Path, render: Counting
) -> None:
    project.write("doc.md", f"{BEGIN}\n{END}\n")
    refresh(tmp_path / "cache", render)
    (file,) = (tmp_path / "cache").iterdir()
    import json

    entry = json.loads(file.read_text())
    for wrong in ([1, 2], [[[1, 2]], []], [[["", "x"]], [{"no": 1}]], "ab"):
        entry["texts"] = dict.fromkeys(entry["texts"], wrong)
        file.write_text(json.dumps(entry))
        refresh(tmp_path / "cache", render)
        assert project.read("doc.md").count(b"text Customer Order") == 1


def test_a_cache_that_cannot_be_written_is_no_error(
    project: Project, tmp_path: Path, render: Counting
) -> None:
    (tmp_path / "file").write_text("x")
    project.write("doc.md", f"{BEGIN}\n{END}\n")
    assert refresh(tmp_path / "file" / "cache", render).changed == ["doc.md"]


def test_files_are_pruned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_MOST_FILES", 3)
    for number in range(6):
        (tmp_path / f"{number}.json").write_text("{}")
    kept = Cache(str(tmp_path))
    kept._prune()
    assert len(list(tmp_path.iterdir())) == 3


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ERDGEN_CACHE", "off")
    assert find_cache_folder() == ""
    monkeypatch.setenv("ERDGEN_CACHE", str(tmp_path))
    assert find_cache_folder() == str(tmp_path)
    monkeypatch.delenv("ERDGEN_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert find_cache_folder() == str(tmp_path / "erdgen")
