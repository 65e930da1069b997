"""The files of a drawing are written as carefully as documents are: by the same one writer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from erdgen.cli.files import write_files
from erdgen.cli.main import main
from erdgen.errors import FileError

MODEL = "entities:\n  Customer: {attributes: {id: uuid pk}}\n"
posix = pytest.mark.skipif(os.name == "nt", reason="as POSIX has it")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()  # no settings from above
    (tmp_path / "shop.yaml").write_text(MODEL)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def helpers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if ".erdgen-" in path.name]


def test_a_hard_link_stays_tied(folder: Path) -> None:
    (folder / "a.txt").write_text("old")
    os.link(folder / "a.txt", folder / "b.txt")
    assert main(["shop.yaml", "-o", "a.txt"]) == 0
    assert "Customer" in (folder / "b.txt").read_text("utf-8")
    assert helpers(folder) == []


@posix
@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_stays(folder: Path) -> None:
    path = folder / "a.txt"
    path.write_text("old")
    os.chown(path, 12345, 54321)
    assert main(["shop.yaml", "-o", "a.txt"]) == 0
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 54321)
    assert "Customer" in path.read_text("utf-8")


@posix
def test_a_folder_that_takes_no_file_is_written_in_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.txt").write_text("old")
    real = os.open

    def refuse(path: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_CREAT and str(path).startswith(str(folder)):
            raise PermissionError(13, "Permission denied")
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", refuse)
    assert main(["shop.yaml", "-o", "a.txt"]) == 0
    assert "Customer" in (folder / "a.txt").read_text("utf-8")
    assert helpers(folder) == []


@posix
def test_two_names_of_one_file_are_told(folder: Path) -> None:
    (folder / "a.txt").write_text("old")
    (folder / "b.txt").symlink_to("a.txt")
    assert main(["shop.yaml", "-o", "a.txt", "-o", "b.txt"]) == 2
    assert (folder / "a.txt").read_text() == "old"
    assert helpers(folder) == []


@posix
@pytest.mark.parametrize("path", ["a\0.txt", "missing/a.txt", "folder", "folder/", "", "a.txt/x"])
def test_a_path_that_takes_no_file_leaves_the_others(folder: Path, path: str) -> None:
    (folder / "folder").mkdir()
    (folder / "a.txt").write_text("old")
    with pytest.raises(FileError) as caught:
        write_files([("a.txt", b"new"), ("b.txt", b"new"), (path, b"new")])
    assert caught.value.diagnostics[0].place is not None
    assert (folder / "a.txt").read_text() == "old"
    assert not (folder / "b.txt").exists()
    assert helpers(folder) == []


@posix
@pytest.mark.parametrize("call", ["open", "write", "fsync", "replace", "close", "fchmod"])
def test_ended_at_any_call(folder: Path, call: str) -> None:
    """The process ends at the first, second, … call: each file is wholly old or wholly new."""
    code = f"""if 1:
    import os, sys
    from erdgen.cli.files import write_files
    real, left = os.{call}, int(sys.argv[1])
    def die(*args, **more):
        global left
        left -= 1
        if left == 0:
            os._exit(9)
        return real(*args, **more)
    os.{call} = die
    write_files([("a.txt", b"new a" * 1000), ("b.txt", b"new b" * 1000)])
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for count in range(1, 20):
        for name in ("a.txt", "b.txt"):
            (folder / name).write_text("old")
        command = [sys.executable, "-c", code, str(count)]
        done = subprocess.run(command, check=False, env=environment, timeout=60)
        for name in ("a.txt", "b.txt"):
            now = (folder / name).read_bytes()
            assert now in (b"old", f"new {name[0]}".encode() * 1000)
        if done.returncode == 0:
            break
        assert done.returncode == 9
    assert (folder / "b.txt").read_bytes() == b"new b" * 1000


def test_many_runs_at_once_write_one_file(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    code = (
        "import sys; from erdgen.cli.files import write_files\n"
        "for _ in range(40): write_files([('a.txt', sys.argv[1].encode() * 50_000)])"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, mark], env=environment) for mark in "abc"]
    while any(run.poll() is None for run in runs):
        if (folder / "a.txt").exists():
            data = (folder / "a.txt").read_bytes()
            assert len(data) == 50_000
            assert len(set(data)) == 1
    assert [run.returncode for run in runs] == [0, 0, 0]
    assert helpers(folder) == []
