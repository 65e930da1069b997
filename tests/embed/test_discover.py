"""Which documents the paths of a command line mean."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from erdgen.embed.discover import find_documents
from erdgen.errors import FileError


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    make(tmp_path, "b.md", "a/x.MD", "a/y.mdx", "a/z.txt", "c.markdown")
    make(tmp_path, "node_modules/n.md", ".venv/v.md", "sub/node_modules/m.md", ".hidden/h.md")
    assert find_documents(["."]) == [".hidden/h.md", "a/x.MD", "a/y.mdx", "b.md", "c.markdown"]
    assert find_documents(["a", "a/z.txt", "./a/x.MD"]) == ["a/x.MD", "a/y.mdx", "a/z.txt"]


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_with_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    make(
        tmp_path,
        ".gitignore",
        "tracked.md",
        "gone.md",
        "new.md",
        "build/out.md",
        "sub/a b.md",
        "ü.md",
    )
    (tmp_path / ".gitignore").write_text("build/\n")
    subprocess.run([*git, "add", "tracked.md", "gone.md"], check=True)
    (tmp_path / "gone.md").unlink()
    assert find_documents(["."]) == ["new.md", "sub/a b.md", "tracked.md", "ü.md"]
    assert find_documents(["sub"]) == ["sub/a b.md"]
    assert find_documents(["build/out.md"]) == ["build/out.md"]


def test_missing_paths_are_all_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path, "docs/model.md")
    with pytest.raises(FileError) as caught:
        find_documents(["docs/modle.md", "docs", "nope"])
    first, second = caught.value.diagnostics
    assert "docs/model.md" in first.help
    assert second.place is not None
    assert second.place.file == "nope"


@pytest.mark.skipif(os.name == "nt", reason="symlinks need a right there")
def test_a_symlink_to_nothing_keeps_no_folder_from_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    make(tmp_path, "a.md")
    Path("gone.md").symlink_to("nothing.md")
    Path("loop.md").symlink_to("loop.md")
    assert find_documents(["."]) == ["a.md"]
    with pytest.raises(FileError) as caught:
        find_documents(["gone.md", "loop.md"])
    assert {item.message for item in caught.value.diagnostics} == {"this symlink leads to nothing"}
