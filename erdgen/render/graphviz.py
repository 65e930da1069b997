"""The one module that knows Graphviz: DOT in, rendered bytes and diagnostics out.

Graphviz is a C library that cannot be interrupted, writes to file descriptor 2, and leaks what a
failed drawing took. It therefore never runs in this process: each call gets a worker that is
thrown away, a fork where that is safe and quick (Linux, one thread) and a fresh Python elsewhere.
The worker loads pygraphviz's extension module alone (a quarter of the package's import), or asks
the system's `dot` through the graphviz package.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from erdgen.errors import Diagnostic, RenderError
from erdgen.render.fonts import FOLDER

if TYPE_CHECKING:
    from types import ModuleType

_CHUNK = 1 << 16
_MISSING = (
    "install a pygraphviz wheel (`pip install 'pygraphviz>=2.0.4'`), or Graphviz itself and use"
    " --graphviz system"
)
_MISSING_SYSTEM = (
    "install Graphviz so that `dot` is on the PATH, or leave out --graphviz system to use the"
    " embedded one"
)


@dataclass(frozen=True, slots=True)
class Job:
    """One graph to draw.

    Attributes:
        source: The DOT text.
        format: Graphviz's name of the output format, such as `json0` or `png`.
        engine: `dot`, or `nop2` for a graph whose places are given.
    """

    source: str
    format: str
    engine: str = "dot"


def run(
    jobs: Sequence[Job], *, timeout: float, system: bool = False
) -> tuple[tuple[bytes, ...], tuple[Diagnostic, ...]]:
    """Draw the graphs in one worker.

    Args:
        jobs: What to draw.
        timeout: Seconds that all of them may take together.
        system: Whether to use the system's `dot`.

    Returns:
        The bytes of each job, and Graphviz's warnings.

    Raises:
        RenderError: Graphviz is missing, failed, or took too long.
        KeyboardInterrupt: At once on Ctrl-C; the worker is gone by then.
    """
    answer, messages, code = (_fork if _can_fork() else _spawn)(jobs, system, timeout)
    results = list(_parse_answer(answer))
    said = messages.split("\0")
    failed = next((text for good, text in results if not good), None)
    if failed is not None or len(results) < len(jobs):
        told = said[min(len(results), len(said)) - 1] if said else ""
        raise _failure((failed or b"").decode("utf-8", "replace"), told, code, system)
    notes: list[Diagnostic] = []
    for text in said:
        notes.extend(_judge(text))
    return tuple(data for _, data in results), tuple(notes)


# --- what the worker does -----------------------------------------------------------------------


def serve(jobs: Sequence[Job], system: bool, write: Callable[[bytes], object]) -> None:
    """Draw the jobs in this (worker) process, answering each with `+` or `-`, length and bytes.

    A `-` answer holds the reason. After each job a NUL goes to file descriptor 2, so that the
    messages there can be told apart.
    """
    # the font library reads these when it is loaded: one packaged family and nothing else
    os.environ["FONTCONFIG_FILE"] = str(FOLDER / "fonts.conf")
    os.environ["XDG_DATA_HOME"] = str(FOLDER.parent)
    os.environ["PANGOCAIRO_BACKEND"] = "fc"
    draw: Callable[[Job], bytes] = _draw_system if system else _draw_embedded
    for job in jobs:
        try:
            data, sign = draw(job), b"+"
        except Exception as error:  # whatever it is, the parent must hear of it
            data, sign = f"{type(error).__name__}: {error}".encode(), b"-"
        write(b"%s%d\n%s" % (sign, len(data), data))
        os.write(2, b"\0")
        if sign == b"-":
            break
    with suppress(OSError):
        # older versions of the font library mark each folder they read, for a cache of theirs
        (FOLDER / ".uuid").unlink(missing_ok=True)


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

    # the package knows `nop2` as neato that is told to leave the places alone
    engine, no_op = ("neato", 2) if job.engine == "nop2" else (job.engine, None)
    try:
        data: bytes = graphviz.pipe(
            engine, job.format, job.source.encode(), neato_no_op=no_op, quiet=False
        )
    except graphviz.CalledProcessError as error:
        # the package has passed on dot's messages by then
        raise RuntimeError("dot failed") from error
    return data


def serve_pipes() -> None:
    """Be a fresh worker: jobs come in on standard input, answers go out on standard output."""
    system = sys.stdin.buffer.readline() == b"system\n"
    jobs = []
    while header := sys.stdin.buffer.readline():
        engine, format_name, length = header.decode().split()
        source = sys.stdin.buffer.read(int(length)).decode()
        jobs.append(Job(source, format_name, engine))
    serve(jobs, system, sys.stdout.buffer.write)
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


def _fork(jobs: Sequence[Job], system: bool, timeout: float) -> tuple[bytes, str, int]:
    import select
    import signal

    answer_in, answer_out = os.pipe()
    message_in, message_out = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - runs in the worker
        try:
            os.close(answer_in)
            os.close(message_in)
            os.setpgid(0, 0)  # so that a system's dot below it can be ended too
            _limit_cpu(timeout)
            os.dup2(message_out, 2)
            with open(answer_out, "wb", 0) as out:  # noqa: PTH123 - a descriptor has no path
                serve(jobs, system, lambda data: _write_all(out.fileno(), data))
        finally:
            os._exit(0)
    os.close(answer_out)
    os.close(message_out)
    collected: dict[int, list[bytes]] = {answer_in: [], message_in: []}
    opened = list(collected)
    deadline = time.monotonic() + timeout
    ended = False
    try:
        while opened:
            left = deadline - time.monotonic()
            ready = select.select(opened, [], [], max(left, 0))[0]
            if not ready:
                raise _too_slow(timeout)
            for descriptor in ready:
                data = os.read(descriptor, _CHUNK)
                if data:
                    collected[descriptor].append(data)
                else:
                    opened.remove(descriptor)
        ended = True
    finally:
        if not ended:
            _kill_group(child, signal.SIGKILL)
        os.close(answer_in)
        os.close(message_in)
        _, status = os.waitpid(child, 0)
    messages = b"".join(collected[message_in]).decode("utf-8", "replace")
    return b"".join(collected[answer_in]), messages, os.waitstatus_to_exitcode(status)


def _kill_group(child: int, signal_number: int) -> None:
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            kill(child, signal_number)


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


def _spawn(jobs: Sequence[Job], system: bool, timeout: float) -> tuple[bytes, str, int]:
    import subprocess

    root = str(Path(__file__).resolve().parents[2])
    code = (
        f"import sys; sys.path.insert(0, {root!r});"
        " from erdgen.render.graphviz import serve_pipes; serve_pipes()"
    )
    head = b"system\n" if system else b"embedded\n"
    parts = [head]
    for job in jobs:
        data = job.source.encode()
        parts += [f"{job.engine} {job.format} {len(data)}\n".encode(), data]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        start_new_session=sys.platform != "win32",
    ) as process:
        try:
            answer, messages = process.communicate(b"".join(parts), timeout)
        except BaseException as error:
            if sys.platform != "win32":
                _kill_group(process.pid, 9)
            process.kill()
            if isinstance(error, subprocess.TimeoutExpired):
                raise _too_slow(timeout) from None
            raise
    return answer, messages.decode("utf-8", "replace"), process.returncode


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


_NOISE = re.compile(r"^(Fontconfig warning|.*\(process:\d+\).*|\s*$)")


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
        if _NOISE.match(line):
            continue
        if messages and not re.match(r"(Warning|Error):", line):
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


def _failure(reason: str, said: str, code: int, system: bool) -> RenderError:
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
    told = " ".join(line for line in lines if not _NOISE.match(line))
    if not reason:
        ending = f"signal {-code}" if code < 0 else f"exit code {code}"
        reason = f"the worker ended with {ending}"
        if code in {-9, -6, 137}:
            reason += " (out of memory?)"
    return RenderError(
        Diagnostic("graphviz-failed", f"Graphviz could not draw this: {told or reason}")
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
