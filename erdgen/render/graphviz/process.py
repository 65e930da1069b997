"""How a worker is started, timed and ended: jobs in, its answers, its messages and its end out.

A fork is quick and safe on Linux with one thread; elsewhere a fresh Python does the same.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from erdgen.errors import Diagnostic, RenderError
from erdgen.render.graphviz.jobs import Job, pack_jobs
from erdgen.render.graphviz.messages import too_slow

_CHUNK = 1 << 16
_PIPE = 1 << 20


def can_fork() -> bool:
    """Whether a fork is safe here: on Linux and with no second thread.

    macOS's system libraries don't bear it, and Windows has none.
    """
    if sys.platform != "linux":
        return False
    threading = sys.modules.get("threading")
    return threading is None or threading.active_count() == 1


class Handle(NamedTuple):
    """A forked worker: its process, the ends of its pipes that are ours, and when it must end."""

    process: int
    jobs: int
    answers: int
    messages: int
    deadline: float


def fork_worker(system: bool, timeout: float) -> Handle:
    """Start a worker that loads Graphviz at once.

    Args:
        system: Whether it uses the system's `dot`.
        timeout: Seconds until it must have ended.

    Raises:
        RenderError: The system has no process or descriptor left.
    """
    _see_off()
    ends: list[int] = []
    try:
        for _ in range(3):
            ends += os.pipe()
        process = os.fork()
    except OSError as error:
        # else there may be no descriptor left to say so
        for descriptor in ends:
            os.close(descriptor)
        raise RenderError(
            Diagnostic("no-worker", f"Graphviz cannot be started: {error.strerror}")
        ) from error
    jobs_in, jobs_out, answers_in, answers_out, messages_in, messages_out = ends
    if process == 0:  # pragma: no cover - runs in the worker
        try:
            for descriptor in (jobs_out, answers_in, messages_in):
                os.close(descriptor)
            os.setpgid(0, 0)  # so that a system's dot below it can be ended too
            _limit_cpu(timeout)
            os.dup2(messages_out, 2)
            from erdgen.render.graphviz.serve import serve  # the worker's alone

            serve(
                lambda length: os.read(jobs_in, length),
                lambda data: _write_all(answers_out, data),
                system=system,
            )
        finally:
            os._exit(0)
    for descriptor in (jobs_in, answers_out, messages_out):
        os.close(descriptor)
    deadline = time.monotonic() + timeout
    return Handle(process, jobs_out, answers_in, messages_in, deadline)


def _widen(pipe: int) -> None:
    """Let a pipe hold the jobs of a large model, so that they are sent in one go."""
    import fcntl  # for large models alone: start-up time

    with suppress(OSError):  # more than this system allows
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def ask_worker(
    handle: Handle, jobs: Sequence[Job], meanwhile: Iterator[bool], timeout: float
) -> tuple[bytes, str, str]:
    """Return the answers, the messages, and how the worker ended if it did.

    Args:
        handle: The worker.
        jobs: What it is to draw.
        meanwhile: What to do until there is an answer, in small steps that yield True.
        timeout: Seconds that it was given.
    """
    import select

    data = memoryview(pack_jobs(jobs))
    answers, messages = bytearray(), bytearray()
    os.set_blocking(handle.jobs, False)
    if len(data) > _CHUNK:
        _widen(handle.jobs)
    with suppress(BlockingIOError, BrokenPipeError):  # the rest follows below
        data = data[os.write(handle.jobs, data) :]
    open_ends = [handle.answers, handle.messages]
    busy = True
    while open_ends and messages.count(b"\0") < len(jobs):
        left = max(handle.deadline - time.monotonic(), 0)
        ready, writable, _ = select.select(
            open_ends, [handle.jobs] if data else [], [], 0 if busy else left
        )
        if not ready and not writable:
            if not busy or not left:
                raise too_slow(timeout)
            busy = next(meanwhile, False)
            continue
        if writable:
            try:
                data = data[os.write(handle.jobs, data) :]
            except BrokenPipeError:
                data = data[:0]
        for descriptor in ready:
            piece = os.read(descriptor, _CHUNK)
            if not piece:
                open_ends.remove(descriptor)
            (answers if descriptor == handle.answers else messages).extend(piece)
    while open_ends and select.select([handle.answers], [], [], 0)[0]:
        piece = os.read(handle.answers, _CHUNK)
        if not piece:
            break
        answers.extend(piece)
    ending = "" if open_ends else _ending(os.waitpid(handle.process, 0)[1])
    return bytes(answers), messages.decode("utf-8", "replace"), ending


_ENDED: list[int] = []
"""Workers that were sent away and not yet seen off: waiting for them takes longer than drawing."""


def _see_off() -> None:
    """Take note of the workers that have ended, as an operating system wants it."""
    for process in _ENDED[:]:
        with suppress(ChildProcessError):  # it was waited for when it ended by itself
            if os.waitpid(process, os.WNOHANG)[0] == 0:
                continue
        _ENDED.remove(process)


def kill_group(process: int) -> None:
    """End a worker and what it started, whatever they are doing."""
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            kill(process, 9)


def _ending(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"the worker ended with {f'signal {-code}' if code < 0 else f'exit code {code}'}"


def _limit_cpu(timeout: float) -> None:
    """See to it that a worker whose parent was killed does not run on for ever."""
    import resource

    seconds = int(timeout) + 2
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard == resource.RLIM_INFINITY or seconds < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def ask_fresh(jobs: Sequence[Job], system: bool, timeout: float) -> tuple[bytes, str, str]:
    """Have a fresh Python draw; return its answers, its messages, and how it ended.

    Raises:
        RenderError: It took more than `timeout` seconds.
    """
    import subprocess
    from pathlib import Path

    root = str(Path(__file__).resolve().parents[3])
    code = (
        f"import sys; sys.path.insert(0, {root!r});"
        f" from erdgen.render.graphviz.serve import serve_pipes; serve_pipes(system={system})"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen(
        # -P: no module of the folder that it is started in takes the place of one that it means
        [sys.executable, "-P", "-c", code],
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        start_new_session=sys.platform != "win32",
    ) as process:
        try:
            answer, messages = process.communicate(pack_jobs(jobs), timeout)
        except BaseException as error:
            if sys.platform != "win32":
                kill_group(process.pid)
            process.kill()
            if isinstance(error, subprocess.TimeoutExpired):
                raise too_slow(timeout) from None
            raise
    ending = f"the worker ended with exit code {process.returncode}"
    return answer, messages.decode("utf-8", "replace"), ending


def send_away(handle: Handle) -> None:
    """Tell a worker that nothing more comes; an idle one goes."""
    for descriptor in (handle.jobs, handle.answers, handle.messages):
        os.close(descriptor)
    _ENDED.append(handle.process)
