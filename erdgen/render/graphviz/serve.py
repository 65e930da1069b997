"""What a worker does: jobs come in through a pipe, what Graphviz makes of them goes out.

It loads pygraphviz's extension module alone (a quarter of the package's import), or asks the
system's `dot` through the graphviz package.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from erdgen.render.fonts import FOLDER
from erdgen.render.graphviz.jobs import LAYOUT, Job


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
    # here it loads while the parent still reads the model
    import json
    import marshal

    while header := _read_line(read):
        engine, format_name, fonts, length = header.split()
        job = Job(_read_all(read, int(length)).decode(), format_name, engine)
        # read when the first text is drawn
        config = "fonts.conf" if fonts == "packaged" else "with-system.conf"
        os.environ["FONTCONFIG_FILE"] = os.path.join(FOLDER, config)  # noqa: PTH118
        try:
            data, sign = _undated(draw(job)), b"+"
            if format_name == LAYOUT:
                data = marshal.dumps(json.loads(data))
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
    if job.format == LAYOUT:
        _forget_known(library, graph)
    code, data = library.gvRenderData(context, graph, job.format.encode())
    if code != 0:
        raise RuntimeError("no output")
    return data if isinstance(data, bytes) else str(data).encode()


def _forget_known(library: Any, graph: Any) -> None:
    """Take from a graph that is laid out what whoever asked knows: most of what it would answer.

    That is what the nodes said, and edges that were laid out without curves.
    """
    bare = library.agget(graph, b"splines") == b""
    with suppress(KeyError):  # no node has a label
        node = library.agfstnode(graph)
        while node:
            library.agset(node, b"label", b"")
            while bare and (edge := library.agfstout(graph, node)):
                library.agdeledge(graph, edge)
            node = library.agnxtnode(graph, node)


def _load_library() -> Any:
    """Return pygraphviz's extension module without the package around it.

    Importing the package takes five times as long (it starts a logger, `inspect`, `shutil`...).
    """
    if "_graphviz" in sys.modules:
        return sys.modules["_graphviz"]
    # no pathlib: it takes as long as all the rest here
    from importlib.machinery import PathFinder
    from importlib.util import find_spec, module_from_spec

    package = find_spec("pygraphviz")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("pygraphviz is not installed")
    folders = list(package.submodule_search_locations)
    if sys.platform == "win32":
        libraries = f"{folders[0]}.libs"
        if os.path.isdir(libraries):  # noqa: PTH112 - see above
            os.add_dll_directory(libraries)
    spec = PathFinder.find_spec("_graphviz", folders)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("this pygraphviz has no extension module")
    if hasattr(sys, "setdlopenflags"):
        # most of what is linked is never called: a tenth of the loading
        sys.setdlopenflags(os.RTLD_LAZY)
    module = module_from_spec(spec)
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
