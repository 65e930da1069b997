"""The module that knows Graphviz: what comes back, what goes wrong, and that it can be stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest

from erdgen.errors import RenderError
from erdgen.render import graphviz
from erdgen.render.graphviz import LAYOUT, Job, parse_layout, process, run, serve, worker
from tests.support.paths import ROOT

SLOW = (
    "digraph{"
    + ";".join(f"n{a}->n{(a * 37 + b * 11) % 900}" for a in range(900) for b in range(4))
    + "}"
)
BOTH = pytest.mark.parametrize("system", [False, True], ids=["embedded", "system"])


@pytest.fixture(autouse=True)
def _needs_dot(request: pytest.FixtureRequest) -> None:
    call = getattr(request.node, "callspec", None)
    if call is not None and call.params.get("system") and shutil.which("dot") is None:
        pytest.skip("there is no system Graphviz here")


def code_of(error: pytest.ExceptionInfo[RenderError]) -> str:
    return error.value.diagnostics[0].code


@BOTH
def test_several_jobs_come_back_in_order(system: bool) -> None:
    jobs = [Job("digraph { a -> b }", LAYOUT), Job("digraph { c }", "plain")]
    (first, second), notes = run(jobs, timeout=20, system=system)
    assert [item["name"] for item in parse_layout(first)["objects"]] == ["a", "b"]
    assert b"\nnode c " in second
    assert notes == ()


@BOTH
def test_a_warning_becomes_a_diagnostic(system: bool, capfd: pytest.CaptureFixture[str]) -> None:
    (data,), notes = run([Job("digraph { a:nowhere -> b }", "svg")], timeout=20, system=system)
    assert b"<svg" in data
    assert [(note.code, note.severity) for note in notes] == [("graphviz-warning", "warning")]
    assert "port nowhere" in notes[0].message
    assert capfd.readouterr() == ("", "")


@BOTH
@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("digraph { a [label=<<b>x</i>>] }", "mismatched tag"),
        ("digraph { a -> ", "syntax error"),
        ("", ""),
    ],
)
def test_what_graphviz_passes_over_is_an_error(source: str, told: str, system: bool) -> None:
    with pytest.raises(RenderError) as caught:
        run([Job(source, "svg")], timeout=20, system=system)
    assert code_of(caught) == "graphviz-failed"
    assert told in str(caught.value)


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(RenderError) as caught:
        run([Job("digraph { a }", "hologram")], timeout=20)
    assert "hologram" in str(caught.value)


@BOTH
def test_the_timeout_holds(system: bool) -> None:
    start = time.monotonic()
    with pytest.raises(RenderError) as caught:
        run([Job(SLOW, "svg")], timeout=0.4, system=system)
    assert code_of(caught) == "graphviz-timeout"
    assert "--timeout" in caught.value.diagnostics[0].help
    assert time.monotonic() - start < 3


def test_a_worker_may_be_asked_again() -> None:
    with worker(timeout=20) as ask:
        first = ask([Job("digraph { a -> b }", "plain")])
        assert ask([Job("digraph { a -> b }", "plain")]) == first
        assert ask([]) == ((), ())
        assert len(ask([Job("digraph { a }", "svg")] * 3)[0]) == 3


def test_large_documents_go_both_ways() -> None:
    nodes = " ".join(f'n{n} [label="{"x" * 200}" pos="0,{n}"]' for n in range(3000))
    (data,), _ = run([Job(f"digraph {{ {nodes} }}", "svg", "nop2")], timeout=30)
    assert data.count(b"<text") == 3000


def test_a_worker_that_dies_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "_draw_embedded", lambda _: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(RenderError) as caught:
        run([Job("digraph { a }", "svg")], timeout=20)
    assert "signal 9" in str(caught.value)


def test_a_missing_pygraphviz_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ModuleNotFoundError("pygraphviz is not installed")

    monkeypatch.setattr(serve, "_load_library", missing)
    with pytest.raises(RenderError) as caught:
        run([Job("digraph { a }", "svg")], timeout=20)
    assert code_of(caught) == "graphviz-missing"
    assert "pip install" in caught.value.diagnostics[0].help


def test_a_missing_dot_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RenderError) as caught:
        run([Job("digraph { a }", "svg")], timeout=20, system=True)
    assert code_of(caught) == "graphviz-missing"
    assert "--graphviz system" in caught.value.diagnostics[0].help


def test_a_fresh_worker_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a fork is not safe (a second thread, another system)."""
    jobs = [Job("digraph { a -> b }", "png"), Job("digraph { a -> b }", "svg")]
    forked = run(jobs, timeout=20)
    monkeypatch.setattr(graphviz, "can_fork", lambda: False)
    assert run(jobs, timeout=20) == forked
    with pytest.raises(RenderError) as caught:
        run([Job(SLOW, "svg")], timeout=0.5)
    assert code_of(caught) == "graphviz-timeout"
    with pytest.raises(RenderError):
        run([Job("digraph { a -> ", "svg")], timeout=20)


def test_a_fresh_worker_takes_no_module_of_the_working_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("json", "pygraphviz", "random"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(3)\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(graphviz, "can_fork", lambda: False)
    assert run([Job("digraph { a }", "svg")], timeout=20)


@pytest.mark.skipif(not process.can_fork(), reason="nothing is forked here")
@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_where_no_worker_can_be_started_nothing_stays_open(
    after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe, made = os.pipe, [0]

    def fail(*_: object) -> tuple[int, int]:
        if made[0] == after:
            raise OSError(24, "Too many open files")
        made[0] += 1
        return pipe()

    monkeypatch.setattr(os, "pipe", fail)
    monkeypatch.setattr(os, "fork", fail)
    before = set(Path("/proc/self/fd").iterdir())
    with pytest.raises(RenderError) as caught:
        run([Job("digraph { a }", "svg")], timeout=20)
    assert code_of(caught) == "no-worker"
    assert set(Path("/proc/self/fd").iterdir()) == before


def test_no_fork_beside_a_second_thread() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert not process.can_fork()
    finally:
        done.set()
        thread.join()


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_ctrl_c_ends_it_at_once_and_leaves_no_worker(tmp_path: Path) -> None:
    script = tmp_path / "draw.py"
    script.write_text(
        "from erdgen.render.graphviz import Job, worker\n"
        f"slow = {SLOW!r}\n"
        "with worker(timeout=60) as ask:\n"
        "    ask([Job('digraph{a}', 'plain')])\n"
        "    print('ready', flush=True)\n"
        "    ask([Job(slow, 'svg')])\n"
    )
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    time.sleep(0.3)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert time.monotonic() - start < 1.5
    assert b"KeyboardInterrupt" in errors
    deadline = time.monotonic() + 5
    while any(_is_running(child) for child in children):
        assert time.monotonic() < deadline, "a worker is still there"
        time.sleep(0.05)


def _is_running(process: str) -> bool:
    """Whether a process exists that has not ended (one that nobody waited for is a zombie)."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_workers_are_seen_off() -> None:
    for _ in range(3):
        run([Job("digraph { a }", LAYOUT)], timeout=20)
    time.sleep(0.3)
    run([Job("digraph { a }", LAYOUT)], timeout=20)
    assert len(process._ENDED) == 1


def test_nothing_is_left_in_the_fonts_folder() -> None:
    run([Job('digraph { a [fontname="Arimo"] }', "png")], timeout=20)
    assert not (ROOT / "erdgen/render/fonts/.uuid").exists()


def _gone(process: int) -> bool:
    """Whether a child of ours has ended, within a second."""
    for _ in range(100):
        try:
            if os.waitpid(process, os.WNOHANG)[0]:
                return True
        except ChildProcessError:
            return True
        time.sleep(0.01)
    return False


@pytest.mark.skipif(not process.can_fork(), reason="nothing is forked here")
def test_a_worker_that_was_started_beforehand_is_taken_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forked: list[int] = []
    fork = process.fork_worker

    def count(system: bool, timeout: float) -> process.Handle:
        handle = fork(system, timeout)
        forked.append(handle.process)
        return handle

    monkeypatch.setattr(graphviz, "fork_worker", count)
    with graphviz.worker_beforehand():
        time.sleep(0.1)
        for _ in range(2):
            (data,), _ = run([Job("digraph { a -> b }", "svg")], timeout=graphviz._USUAL)
            assert b"<svg" in data
        assert len(forked) == 2
    assert all(_gone(process) for process in forked)


@pytest.mark.skipif(not process.can_fork(), reason="nothing is forked here")
def test_a_worker_that_nobody_takes_goes() -> None:
    with graphviz.worker_beforehand():
        (handle,) = graphviz._BEFOREHAND
        # one with other options than the usual starts its own
        run([Job("digraph { a }", "svg")], timeout=20)
        assert [handle] == graphviz._BEFOREHAND
    assert graphviz._BEFOREHAND == []
    assert _gone(handle.process)


@pytest.mark.skipif(not process.can_fork(), reason="nothing is forked here")
def test_other_work_is_done_until_there_is_an_answer() -> None:
    taken = []

    def steps() -> Iterator[bool]:
        while True:
            taken.append(True)
            yield True

    with worker(timeout=20) as ask:
        answers, _ = ask([Job("digraph { a -> b }", "svg")], steps())
    assert answers[0].startswith(b"<?xml")
    assert taken


@pytest.mark.skipif(not process.can_fork(), reason="nothing is forked here")
def test_other_work_does_not_keep_from_noticing_that_it_takes_too_long() -> None:
    with pytest.raises(RenderError) as caught, worker(timeout=0.5) as ask:
        ask([Job(SLOW, "svg")], repeat(True))
    assert code_of(caught) == "graphviz-timeout"
