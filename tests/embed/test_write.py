"""Files are wholly written or wholly as they were, whatever happens, and keep what they are."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from erdgen.embed import locks
from erdgen.embed.locks import locked
from erdgen.embed.write import Changes, check_interrupted, look_at
from erdgen.errors import FileError
from tests.embed.conftest import BEGIN, END, MODEL, Project

SVG = "<!-- erdgen:begin model.yaml format=svg -->"
OTHERS = os.pathsep.join(sys.path)
CALLS = ("open", "write", "fsync", "replace", "unlink", "ftruncate", "fchmod", "close", "mkdir")


def helpers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob(".*erdgen*"))


def commit(path: Path, data: bytes) -> None:
    changes = Changes()
    changes.stage(path.name, str(path), data, seen=look_at(str(path)), step=1)
    changes.commit()


def test_mode_stays_and_nothing_is_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "my doc (1).md"
    path.write_bytes(b"old")
    path.chmod(0o640)
    commit(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert helpers(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_owner_stays(tmp_path: Path) -> None:
    path = tmp_path / "doc.md"
    path.write_bytes(b"old")
    os.chown(path, 1234, 5678)
    commit(path, b"new")
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 5678)


def test_extended_attributes_stay(tmp_path: Path) -> None:
    path = tmp_path / "doc.md"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.note", b"kept")
    except (OSError, AttributeError):
        pytest.skip("no extended attributes here")
    commit(path, b"new")
    assert os.getxattr(path, "user.note") == b"kept"


def test_a_symlink_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real" / "doc.md", tmp_path / "link.md"
    real.parent.mkdir()
    real.write_bytes(b"old")
    link.symlink_to("real/doc.md")
    commit(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


@pytest.mark.parametrize("new", [b"new", b"something much longer than before", b""])
def test_hard_links_stay_tied(tmp_path: Path, new: bytes) -> None:
    path, other = tmp_path / "doc.md", tmp_path / "other.md"
    path.write_bytes(b"old content")
    os.link(path, other)
    commit(path, new)
    assert other.read_bytes() == new
    assert path.stat().st_ino == other.stat().st_ino
    assert helpers(tmp_path) == []


def test_a_folder_that_takes_no_file_is_written_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "doc.md"
    path.write_bytes(b"old")
    real_open = os.open

    def refuse(name: Any, flags: int, *rest: Any, **more: Any) -> int:
        if flags & os.O_CREAT and str(name).startswith(str(tmp_path)):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real_open(name, flags, *rest, **more)

    inode = path.stat().st_ino
    monkeypatch.setattr(os, "open", refuse)
    commit(path, b"new")
    monkeypatch.undo()
    assert (path.read_bytes(), path.stat().st_ino) == (b"new", inode)
    assert helpers(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_read_only_file_is_told_and_left(project: Project) -> None:
    """As an ordinary user: root may write anything."""
    project.write("doc.md", f"{BEGIN}\n{END}\n")
    project.write("other.md", f"{BEGIN}\n{END}\n")
    path = project.folder / "doc.md"
    path.chmod(0o444)
    if os.access(path, os.W_OK):
        project.refresh("doc.md")
        assert stat.S_IMODE(path.stat().st_mode) == 0o444
        assert b"text of" in path.read_bytes()
    else:
        problems = project.problems("other.md", "doc.md")
        assert [item.code for item in problems] == ["read-only-file"]


def test_read_only_is_refused_before_anything_is_written(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("a.md", f"{BEGIN}\n{END}\n")
    project.write("b.md", f"{BEGIN}\n{END}\n")
    monkeypatch.setattr(os, "access", lambda path, _: not str(path).endswith("b.md"))
    assert [item.code for item in project.problems("a.md", "b.md")] == ["read-only-file"]
    assert helpers(project.folder) == []


def test_a_file_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    first, second = tmp_path / "a.md", tmp_path / "b.md"
    for path in (first, second):
        path.write_bytes(b"old")
    changes = Changes()
    for path in (first, second):
        changes.stage(path.name, str(path), b"new", seen=look_at(str(path)), step=1)
    second.write_bytes(b"from an editor")
    with pytest.raises(FileError) as caught:
        changes.commit()
    assert caught.value.diagnostics[0].code == "file-changed"
    assert first.read_bytes() == b"old"
    assert second.read_bytes() == b"from an editor"
    assert helpers(tmp_path) == []


def test_pictures_reach_the_disk_before_documents(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order that a power cut leaves: content, then names, pictures, then documents."""
    project.write("doc.md", f"{SVG}\n{END}\n")
    told: list[str] = []
    real_replace, real_fsync = os.replace, os.fsync

    def replace(source: Any, target: Any) -> None:
        told.append(f"rename {Path(target).name}")
        real_replace(source, target)

    def fsync(descriptor: int) -> None:
        name = Path(f"/proc/self/fd/{descriptor}").readlink().name
        told.append(f"sync {name}")
        real_fsync(descriptor)

    if not Path("/proc/self/fd").exists():
        pytest.skip("no /proc to look into")
    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(os, "fsync", fsync)
    project.refresh()
    folder = project.folder.name
    assert told == [
        "sync .model.svg.erdgen-new",
        "sync .doc.md.erdgen-new",
        "rename model.svg",
        f"sync {folder}",
        "rename doc.md",
        f"sync {folder}",
    ]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("hard_link", [False, True])
@pytest.mark.parametrize("call", CALLS)
def test_killed_at_any_call(project: Project, call: str, hard_link: bool) -> None:
    """The process ends at the first, second, … call: each file is wholly old or wholly new."""
    new = None
    for count in range(1, 40):
        for path in project.folder.glob("*.svg"):
            path.unlink()
        for name in ("a.md", "b.md"):
            (project.folder / name).unlink(missing_ok=True)
            project.write(name, f"# {name}\n\n{SVG}\n{END}\n")
        old = {name: project.read(name) for name in ("a.md", "b.md")}
        if hard_link:
            (project.folder / "c.md").unlink(missing_ok=True)
            os.link(project.folder / "a.md", project.folder / "c.md")
        finished = _run_and_die(project, call, count)
        state = {name: project.read(name) for name in ("a.md", "b.md")}
        copy = project.folder / ".a.md.erdgen-copy"
        if copy.exists():
            # in place: whatever the document is now, its old content is there
            assert copy.read_bytes() in (old["a.md"], b"")
            if copy.read_bytes() != state["a.md"] and state["a.md"] != old["a.md"]:
                with pytest.raises(FileError):
                    check_interrupted(str(project.folder / "a.md"), "a.md")
            copy.unlink()
            state["a.md"] = old["a.md"]
        if finished:
            new = state
            break
        for name in ("a.md", "b.md"):
            fresh = old[name].replace(SVG.encode() + b"\n", SVG.encode() + b"\n\n![")
            assert state[name] == old[name] or state[name].startswith(fresh.split(b"![")[0] + b"![")
            assert state[name] == old[name] or state[name].endswith(END.encode() + b"\n")
            if state[name] != old[name]:
                assert (project.folder / "model.svg").exists()
    assert new is not None
    assert all(b"![" in data for data in new.values())
    project.refresh("a.md", "b.md")
    assert helpers(project.folder) == []


def _run_and_die(project: Project, call: str, count: int) -> bool:
    """Refresh in a child that ends without a word at a call; return whether it came through."""
    with warnings.catch_warnings():
        # newer Pythons warn of forks beside threads, which a test runner may have
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        real, left = getattr(os, call), [count]

        def die(*args: Any, **more: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os._exit(9)
            return real(*args, **more)

        code = 1
        try:
            setattr(os, call, die)
            project.refresh("a.md", "b.md")
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    ended = os.waitstatus_to_exitcode(status)
    assert ended in (0, 9)
    return ended == 0


def run(
    folder: Path, *words: str, before: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ERDGEN_CACHE": "off", "PYTHONPATH": OTHERS}
    command = [*before, sys.executable, "-m", "erdgen", *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize("call", ["write", "fsync", "rename", "openat"])
def test_sigkill_by_strace(tmp_path: Path, call: str) -> None:
    """The real thing: SIGKILL at the n-th system call on the document's helper file."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "model.yaml").write_text(MODEL)
    doc = tmp_path / "doc.md"
    old = f"# Doc\n\n{BEGIN}\n{END}\n".encode()
    target = [f"-P{doc}", f"-P{tmp_path}/.doc.md.erdgen-new"]
    outcomes = set()
    for count in range(1, 4):
        doc.write_bytes(old)
        inject = f"inject={call}:signal=SIGKILL:when={count}"
        done = run(
            tmp_path,
            "refresh",
            before=("strace", "-f", "-qq", "-o/dev/null", *target, "-e", inject),
        )
        if "ptrace" in done.stderr:
            pytest.skip("strace may not trace here")
        now = doc.read_bytes()
        outcomes.add(now == old)
        assert now == old or (now.startswith(old[:30]) and now.endswith(END.encode() + b"\n"))
    doc.write_bytes(old)
    assert run(tmp_path, "refresh").returncode == 0
    assert run(tmp_path, "refresh", "--check").returncode == 0
    assert helpers(tmp_path) == []
    assert True in outcomes


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for some hundred kilobytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if (
        shutil.which("mount") is None
        or subprocess.run(mount, check=False, capture_output=True).returncode
    ):
        pytest.skip("no file system may be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=False)


@pytest.mark.parametrize("hard_link", [False, True])
def test_a_full_disk(small_disk: Path, monkeypatch: pytest.MonkeyPatch, hard_link: bool) -> None:
    monkeypatch.chdir(small_disk)
    (small_disk / ".git").mkdir()
    project = Project(small_disk)
    project.write("model.yaml", MODEL)
    project.render.texts["text"] = "wide " * 20_000
    names = ["a.md", "b.md", "c.md"]
    for name in names:
        project.write(name, f"# {name}\n\n{BEGIN}\n{END}\n")
    if hard_link:
        os.link(small_disk / "c.md", small_disk / "d.md")
    before = {name: project.read(name) for name in names}
    problems = project.problems(*names)
    assert [item.code for item in problems] == ["unwritable-file"]
    assert {name: project.read(name) for name in names} == before
    assert helpers(small_disk) == []
    project.render.texts["text"] = "small"
    assert project.refresh(*names).changed == names


def test_two_runs_at_once_do_not_mix(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "model.yaml").write_text(MODEL)
    for number in range(30):
        (tmp_path / f"d{number}.md").write_text(f"{BEGIN}\n{END}\n\n{SVG}\n{END}\n")
    outcomes: list[subprocess.CompletedProcess[str]] = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(run(tmp_path, "refresh"))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [done.returncode for done in outcomes] == [0, 0, 0], outcomes
    assert run(tmp_path, "refresh", "--check").returncode == 0
    assert helpers(tmp_path) == []


def test_the_lock_is_waited_for_and_freed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("fcntl")
    with locked([str(tmp_path), str(tmp_path)]):
        monkeypatch.setattr(locks, "_LOCK_SECONDS", 0.05)
        with pytest.raises(FileError), locked([str(tmp_path)]):
            pass
    with locked([str(tmp_path)]):
        assert helpers(tmp_path) == []


def test_a_part_and_the_whole_do_not_mix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("fcntl")
    part, other = tmp_path / "part", tmp_path / "other"
    part.mkdir()
    other.mkdir()
    monkeypatch.setattr(locks, "_LOCK_SECONDS", 0.05)
    for first, second in ((tmp_path, part), (part, tmp_path)):
        with locked([str(first)]), pytest.raises(FileError), locked([str(second)]):
            pass
    with locked([str(part)]), locked([str(other)]):
        pass


def test_a_left_over_helper_is_no_obstacle(project: Project) -> None:
    project.write(".doc.md.erdgen-new", "half of something")
    project.write("doc.md", f"{BEGIN}\n{END}\n")
    project.refresh()
    assert b"text of" in project.read("doc.md")
    assert helpers(project.folder) == []


def test_a_copy_of_an_interrupted_run_is_told(project: Project) -> None:
    project.write("doc.md", f"{BEGIN}\n{END}\nhalf")
    project.write(".doc.md.erdgen-copy", f"{BEGIN}\n{END}\nwhole")
    assert [item.code for item in project.problems()] == ["interrupted-write"]
    project.write(".doc.md.erdgen-copy", f"{BEGIN}\n{END}\nhalf")
    project.refresh()
    assert helpers(project.folder) == []


def test_a_very_long_name(project: Project) -> None:
    name = "x" * 240 + ".md"
    project.write(name, f"{BEGIN}\n{END}\n")
    assert project.refresh(name).changed == [name]


def test_a_device_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.md"
    os.mkfifo(pipe)
    with pytest.raises(FileError):
        Changes().stage("pipe.md", str(pipe), b"new", seen=None, step=1)
