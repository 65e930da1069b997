"""Bytes in, files out: all outputs of a run appear or none; standard output takes any text."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable

from erdgen.errors import Diagnostic, FileError, Place


def write_files(outputs: Iterable[tuple[str, bytes]]) -> None:
    """Write files as `erdgen.embed.write` does: each wholly new or wholly old.

    Nothing is put in its place before everything is written, so a folder that is missing or a full
    disk leaves every file as it was. What is no regular file (`/dev/stdout`, a named pipe) takes
    its bytes last.

    Args:
        outputs: Paths with what they are to hold.

    Raises:
        FileError: A file cannot be written.
        BrokenPipeError: The reader of a pipe has had enough.
    """
    from erdgen.embed.write import Changes, unwritable  # only for files: start-up time

    # other runs may be writing the same file now: no lock is worth waiting for here
    changes = Changes(own=str(os.getpid()))
    streams: list[tuple[str, bytes]] = []
    path = ""
    try:
        for path, data in outputs:
            if _is_stream(path):
                streams.append((path, data))
                continue
            folder = os.path.dirname(path)
            if folder and not os.path.isdir(folder):
                message = f"cannot be written: there is no folder '{folder}'"
                raise FileError(Diagnostic("unwritable-file", message, Place(path)))
            changes.stage(path, path, data, seen=None, step=0)
        changes.commit(lasting=False)
        for path, data in streams:
            _write_stream(path, data)
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from error
    finally:
        changes.discard()


def _is_stream(path: str) -> bool:
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _write_stream(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)


def write_standard_output(data: bytes) -> None:
    """Write bytes to standard output, as UTF-8 whatever the locale says.

    A Windows console takes text, not bytes, to show other than ASCII.

    Raises:
        FileError: Standard output is closed, or it is a file on a full disk.
        BrokenPipeError: Its reader has had enough.
    """
    if sys.stdout is None:
        raise _unwritable("it is closed")
    try:
        if sys.platform == "win32" and sys.stdout.isatty():
            sys.stdout.write(data.decode("utf-8", "backslashreplace"))
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        silence_standard_output()
        raise _unwritable(error.strerror or str(error)) from error


def silence_standard_output() -> None:
    """See that what is left in its buffer does not fail again when the process ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unwritable(reason: str) -> FileError:
    message = f"cannot be written: {reason}"
    return FileError(Diagnostic("unwritable-file", message, Place("<stdout>")))
