"""The one module that knows Graphviz: DOT in, rendered bytes and diagnostics out.

Graphviz is a C library that cannot be interrupted, writes to file descriptor 2, and leaks what a
failed drawing took. It therefore never runs in this process: each call gets a worker that is
thrown away, a fork where that is safe and quick (Linux, one thread) and a fresh Python elsewhere.
The worker loads pygraphviz's extension module alone (a quarter of the package's import), or asks
the system's `dot` through the graphviz package.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any, NamedTuple, Protocol

from erdgen.errors import Diagnostic, RenderError
from erdgen.render.fonts import FOLDER
from erdgen.render.options import Options

LAYOUT = "json0"
"""The format that tells where everything stands."""
_CHUNK = 1 << 16
_USUAL = Options().timeout
"""Seconds that a picture may take where nobody says otherwise."""
_PIPE = 1 << 20
_MISSING = (
    "install a pygraphviz wheel (`pip install 'pygraphviz>=2.0.4'`), or Graphviz itself and use"
    " --graphviz system"
)
_MISSING_SYSTEM = (
    "install Graphviz so that `dot` is on the PATH, or leave out --graphviz system to use the"
    " embedded one"
)


class Job(NamedTuple):
    """One graph to draw.

    Attributes:
        source: The DOT text.
        format: Graphviz's name of the output format, `LAYOUT`, `png` or `pdf`.
        engine: `dot`, or `nop2` for a graph whose places are given.
        fonts: `packaged`, or `system` for the machine's fonts beside it. They are read once: all
            jobs of a worker that draw text get what the first of them asked for.
    """

    source: str
    format: str
    engine: str = "dot"
    fonts: str = "packaged"


Answer = tuple[tuple[bytes, ...], tuple[Diagnostic, ...]]
"""The bytes of each job, and Graphviz's warnings."""


class Ask(Protocol):
    """Has a worker draw; see `worker`."""

    def __call__(self, jobs: Sequence[Job], meanwhile: Callable[[], object] = ..., /) -> Answer:
        """Draw the jobs.

        Args:
            jobs: What is to be drawn.
            meanwhile: What this process does once the worker has its jobs.
        """


def _nothing() -> None:
    """Do what there is to do while somebody else works."""


_BEFOREHAND: list[_Handle] = []
"""The worker that waits for whoever draws first; at most one."""


@contextmanager
def worker_beforehand() -> Iterator[None]:
    """Start a worker for the first `worker` inside, which has Graphviz loaded by then.

    One with other options than the defaults starts its own.
    """
    if _can_fork():
        with suppress(RenderError):  # whoever draws will be told
            _BEFOREHAND.append(_fork(False, _USUAL))
    try:
        yield
    finally:
        while _BEFOREHAND:
            _send_away(_BEFOREHAND.pop())


def _start(system: bool, timeout: float) -> _Handle:
    """Return a worker: the one that waits, if that is fit, else a new one."""
    if _BEFOREHAND and not system and timeout == _USUAL:
        return _BEFOREHAND.pop()._replace(deadline=time.monotonic() + timeout)
    return _fork(system, timeout)


def _send_away(handle: _Handle) -> None:
    # an idle worker sees that nothing more comes, and goes
    for descriptor in (handle.jobs, handle.answers, handle.messages):
        os.close(descriptor)
    _ENDED.append(handle.process)


@contextmanager
def worker(*, timeout: float, system: bool = False) -> Iterator[Ask]:
    """Start a worker and give the function that has it draw; it is gone at the end.

    The worker loads Graphviz at once, so whoever starts it early has that for nothing. What is
    given may be called several times; it raises `RenderError` when Graphviz is missing, failed,
    or took too long, and `KeyboardInterrupt` at once on Ctrl-C. Where the system has no process
    or descriptor left for the worker, this raises `RenderError` too.

    Args:
        timeout: Seconds that all of it may take.
        system: Whether to use the system's `dot`.
    """
    if not _can_fork():

        def ask(jobs: Sequence[Job], meanwhile: Callable[[], object] = _nothing, /) -> Answer:
            meanwhile()
            return _judge_answer(jobs, *_spawn(jobs, system, timeout), system)

        yield ask
        return
    handle = _start(system, timeout)

    def ask_fork(jobs: Sequence[Job], meanwhile: Callable[[], object] = _nothing, /) -> Answer:
        return _judge_answer(jobs, *_ask(handle, jobs, meanwhile, timeout), system)

    try:
        yield ask_fork
    except BaseException:
        # what it may be doing still is of no use to anybody
        _kill_group(handle.process)
        raise
    finally:
        _send_away(handle)


def run(jobs: Sequence[Job], *, timeout: float, system: bool = False) -> Answer:
    """Draw the graphs in a worker of their own; see `worker`.

    Raises:
        RenderError: Graphviz is missing, failed, or took too long.
    """
    with worker(timeout=timeout, system=system) as ask:
        return ask(jobs)


def _judge_answer(
    jobs: Sequence[Job], answer: bytes, messages: str, ending: str, system: bool
) -> Answer:
    results = list(_parse_answer(answer))
    said = messages.split("\0")
    failed = next((text for good, text in results if not good), None)
    if failed is not None or len(results) < len(jobs):
        told = said[len(results) - 1 if failed is not None else -1]
        raise _failure((failed or b"").decode("utf-8", "replace") or ending, told, system)
    notes: list[Diagnostic] = []
    for text in said:
        notes.extend(_judge(text))
    return tuple(data for _, data in results), tuple(notes)


# --- what the worker does -----------------------------------------------------------------------


def serve(read: Callable[[int], bytes], write: Callable[[bytes], object], *, system: bool) -> None:
    """Be the worker: draw what comes in until nothing more does.

    A job comes as a line `engine format fonts length` and its DOT; it is answered with `+`, the
    length, a line break and the bytes, or with `-` and the reason. After each a NUL goes to file
    descriptor 2, so that the messages there can be told apart.
    """
    # where the font library looks for the packaged family; it has never heard of any other
    os.environ["XDG_DATA_HOME"] = os.path.dirname(FOLDER)  # noqa: PTH120 - as `fonts` has it
    os.environ["PANGOCAIRO_BACKEND"] = "fc"
    # a PDF's date is written in the zone; the font library stumbles over an odd epoch
    os.environ["TZ"] = "UTC"
    os.environ.pop("SOURCE_DATE_EPOCH", None)
    draw: Callable[[Job], bytes] = _draw_system if system else _draw_embedded
    if not system:
        with suppress(Exception):  # the first job will tell
            _load_library()
    while header := _read_line(read):
        engine, format_name, fonts, length = header.split()
        job = Job(_read_all(read, int(length)).decode(), format_name, engine)
        # read when the first text is drawn
        config = "fonts.conf" if fonts == "packaged" else "with-system.conf"
        os.environ["FONTCONFIG_FILE"] = os.path.join(FOLDER, config)  # noqa: PTH118
        try:
            data, sign = _undated(draw(job)), b"+"
        except Exception as error:  # whatever it is, the parent must hear of it
            data, sign = f"{type(error).__name__}: {error}".encode(), b"-"
        write(b"%s%d\n%s" % (sign, len(data), data))
        if format_name != LAYOUT:
            with suppress(OSError):
                # older versions of the font library mark each folder they read, for their cache
                os.unlink(os.path.join(FOLDER, ".uuid"))  # noqa: PTH108, PTH118
        os.write(2, b"\0")


def _undated(data: bytes) -> bytes:
    """Return a PDF with a fixed date of creation, so that two runs give the same bytes.

    The date is as long as the other: the file's table of places holds.

    >>> _undated(b"%PDF-1.7 /CreationDate (D:20261121101046Z)")
    b'%PDF-1.7 /CreationDate (D:20000101000000Z)'
    """
    if not data.startswith(b"%PDF"):
        return data
    import re  # only for PDF: start-up time

    return re.sub(rb"/CreationDate \(D:\d{14}", b"/CreationDate (D:20000101000000", data)


def _read_line(read: Callable[[int], bytes]) -> str:
    line = b""
    while not line.endswith(b"\n"):
        byte = read(1)
        if not byte:
            return ""
        line += byte
    return line.decode()


def _read_all(read: Callable[[int], bytes], length: int) -> bytes:
    parts: list[bytes] = []
    while length and (data := read(length)):
        parts.append(data)
        length -= len(data)
    return b"".join(parts)


def _draw_embedded(job: Job) -> bytes:
    library = _load_library()
    descriptor = _scratch(job.source.encode())
    with open(descriptor, encoding="utf-8") as file:  # noqa: PTH123 - a descriptor has no path
        graph = library.agread(file, None)
    context = library.gvContextWithBuiltins()
    engine = job.engine.encode()
    if library.gvLayout(context, graph, engine) != 0:
        raise RuntimeError("no layout")
    code, data = library.gvRenderData(context, graph, job.format.encode())
    if code != 0:
        raise RuntimeError("no output")
    return data if isinstance(data, bytes) else str(data).encode()


def _load_library() -> Any:
    """Return pygraphviz's extension module without the package around it.

    Importing the package takes five times as long (it starts a logger, `inspect`, `shutil`...).
    """
    if "_graphviz" in sys.modules:
        return sys.modules["_graphviz"]
    from importlib.util import find_spec, module_from_spec, spec_from_file_location
    from pathlib import Path  # only where Graphviz is loaded: start-up time

    package = find_spec("pygraphviz")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("pygraphviz is not installed")
    folder = Path(package.origin).parent
    if sys.platform == "win32":
        libraries = folder.parent / "pygraphviz.libs"
        if libraries.is_dir():
            os.add_dll_directory(str(libraries))
    files = sorted(folder.glob("_graphviz*.so")) or sorted(folder.glob("_graphviz*.pyd"))
    spec = spec_from_file_location("_graphviz", files[0]) if files else None
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("this pygraphviz has no extension module")
    module: ModuleType = module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules["_graphviz"] = module
    return module


def _scratch(data: bytes) -> int:
    """Return a descriptor of a nameless file that holds `data`, at its beginning."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("dot")
    else:
        import tempfile

        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _draw_system(job: Job) -> bytes:
    import graphviz

    # the package passes dot's messages on to here
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - a descriptor
    # the package knows `nop2` as neato that is told to leave the places alone
    engine, no_op = ("neato", 2) if job.engine == "nop2" else (job.engine, None)
    try:
        data: bytes = graphviz.pipe(
            engine, job.format, job.source.encode(), neato_no_op=no_op, quiet=False
        )
    except graphviz.CalledProcessError as error:
        raise RuntimeError("dot failed") from error
    finally:
        sys.stderr.flush()
    if not data:
        raise RuntimeError("no output")
    return data


def serve_pipes(*, system: bool) -> None:
    """Be a fresh worker: jobs come in on standard input, answers go out on standard output."""
    serve(sys.stdin.buffer.read, sys.stdout.buffer.write, system=system)
    sys.stdout.buffer.flush()


# --- how it is started, timed and ended ---------------------------------------------------------


def _can_fork() -> bool:
    """Whether a fork is safe here: on Linux and with no second thread.

    macOS's system libraries don't bear it, and Windows has none.
    """
    if sys.platform != "linux":
        return False
    threading = sys.modules.get("threading")
    return threading is None or threading.active_count() == 1


class _Handle(NamedTuple):
    """A forked worker: its process, the ends of its pipes that are ours, and when it must end."""

    process: int
    jobs: int
    answers: int
    messages: int
    deadline: float


def _fork(system: bool, timeout: float) -> _Handle:
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
    return _Handle(process, jobs_out, answers_in, messages_in, deadline)


def _widen(pipe: int) -> None:
    """Let a pipe hold the jobs of a large model, so that they are sent in one go."""
    import fcntl  # for large models alone: start-up time

    with suppress(OSError):  # more than this system allows
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def _ask(
    handle: _Handle, jobs: Sequence[Job], meanwhile: Callable[[], object], timeout: float
) -> tuple[bytes, str, str]:
    """Return the answers, the messages, and how the worker ended if it did."""
    import select

    data = memoryview(_pack(jobs))
    answers, messages = bytearray(), bytearray()
    os.set_blocking(handle.jobs, False)
    if len(data) > _CHUNK:
        _widen(handle.jobs)
    with suppress(BlockingIOError, BrokenPipeError):  # the rest follows below
        data = data[os.write(handle.jobs, data) :]
    meanwhile()
    open_ends = [handle.answers, handle.messages]
    while open_ends and messages.count(b"\0") < len(jobs):
        left = max(handle.deadline - time.monotonic(), 0)
        ready, writable, _ = select.select(open_ends, [handle.jobs] if data else [], [], left)
        if not ready and not writable:
            raise _too_slow(timeout)
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


def _pack(jobs: Sequence[Job]) -> bytes:
    parts = []
    for job in jobs:
        data = job.source.encode()
        parts += [f"{job.engine} {job.format} {job.fonts} {len(data)}\n".encode(), data]
    return b"".join(parts)


_ENDED: list[int] = []
"""Workers that were sent away and not yet seen off: waiting for them takes longer than drawing."""


def _see_off() -> None:
    """Take note of the workers that have ended, as an operating system wants it."""
    for process in _ENDED[:]:
        with suppress(ChildProcessError):  # it was waited for when it ended by itself
            if os.waitpid(process, os.WNOHANG)[0] == 0:
                continue
        _ENDED.remove(process)


def _kill_group(process: int) -> None:
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


def _spawn(jobs: Sequence[Job], system: bool, timeout: float) -> tuple[bytes, str, str]:
    import subprocess
    from pathlib import Path

    root = str(Path(__file__).resolve().parents[2])
    code = (
        f"import sys; sys.path.insert(0, {root!r});"
        f" from erdgen.render.graphviz import serve_pipes; serve_pipes(system={system})"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        start_new_session=sys.platform != "win32",
    ) as process:
        try:
            answer, messages = process.communicate(_pack(jobs), timeout)
        except BaseException as error:
            if sys.platform != "win32":
                _kill_group(process.pid)
            process.kill()
            if isinstance(error, subprocess.TimeoutExpired):
                raise _too_slow(timeout) from None
            raise
    ending = f"the worker ended with exit code {process.returncode}"
    return answer, messages.decode("utf-8", "replace"), ending


# --- what came back -----------------------------------------------------------------------------


def _parse_answer(answer: bytes) -> Iterator[tuple[bool, bytes]]:
    start = 0
    while start < len(answer):
        line_end = answer.find(b"\n", start)
        if line_end < 0:
            return
        length = int(answer[start + 1 : line_end])
        data = answer[line_end + 1 : line_end + 1 + length]
        if len(data) < length:
            return
        yield answer[start : start + 1] == b"+", data
        start = line_end + 1 + length


def _is_noise(line: str) -> bool:
    """Whether a message is one of the libraries below Graphviz, or nothing at all.

    >>> _is_noise('Fontconfig warning: "/usr/share"'), _is_noise("Warning: node a")
    (True, False)
    """
    return not line.strip() or line.startswith("Fontconfig ") or "(process:" in line


def _judge(text: str) -> Iterator[Diagnostic]:
    r"""Turn Graphviz's messages into warnings; a message that is an error raises.

    >>> [note.message for note in _judge("Warning: node a, port x\n unrecognized\n")]
    ['Graphviz: node a, port x unrecognized']

    Raises:
        RenderError: There is an error among the messages (an HTML label's, which Graphviz itself
            passes over).
    """
    messages: list[list[str]] = []
    for line in text.splitlines():
        if _is_noise(line):
            continue
        if messages and not line.startswith(("Warning:", "Error:")):
            messages[-1].append(line.strip())
        else:
            messages.append([line.strip()])
    errors = [" ".join(parts) for parts in messages if not parts[0].startswith("Warning:")]
    if errors:
        raise RenderError(
            Diagnostic("graphviz-failed", "Graphviz: " + "; ".join(errors).removeprefix("Error: "))
        )
    for parts in messages:
        said = " ".join(parts).removeprefix("Warning:").strip()
        yield Diagnostic("graphviz-warning", f"Graphviz: {said}", severity="warning")


def _failure(reason: str, said: str, system: bool) -> RenderError:
    """Return the error for a job that has no (good) answer."""
    if reason.startswith(("ModuleNotFoundError", "ImportError", "ExecutableNotFound")):
        text = "there is no `dot` on this machine" if system else "pygraphviz cannot be loaded"
        detail = "" if system else f" ({reason.partition(': ')[2]})"
        return RenderError(
            Diagnostic(
                "graphviz-missing", text + detail, help=_MISSING_SYSTEM if system else _MISSING
            )
        )
    lines = [line.strip() for line in said.replace("\0", "").splitlines()]
    told = dict.fromkeys(line for line in lines if not _is_noise(line))
    return RenderError(
        Diagnostic("graphviz-failed", f"Graphviz could not draw this: {' '.join(told) or reason}")
    )


def _too_slow(timeout: float) -> RenderError:
    return RenderError(
        Diagnostic(
            "graphviz-timeout",
            f"Graphviz did not finish within {timeout:g} seconds",
            help="give it more with --timeout, or less to draw with --detail keys, --only,"
            " --around or --split",
        )
    )
