"""Bytes in, files out: all outputs of a run appear or none; standard output takes any text."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterable

from erdgen.errors import Diagnostic, FileError, Place

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_LONGEST_NAME = 40
"""Characters of a file's name in that of its temporary file."""


def write_files(outputs: Iterable[tuple[str, bytes]]) -> None:
    """Write files atomically: temporary files beside them, then a rename over each.

    Nothing is renamed before everything is written, so a folder that is missing or a full disk
    leaves every file as it was. A symlink stays one (its target is replaced), and an existing
    file keeps its mode. What is no regular file (`/dev/stdout`, a named pipe) takes its bytes last.

    Args:
        outputs: Paths with what they are to hold.

    Raises:
        FileError: A file cannot be written.
    """
    staged: list[tuple[str, str, str]] = []
    streams: list[tuple[str, bytes]] = []
    path = ""
    try:
        for path, data in outputs:
            old = _status(path)
            if old is not None and not stat.S_ISREG(old.st_mode):
                streams.append((path, data))
                continue
            if old is not None and not os.access(path, os.W_OK):
                raise PermissionError(0, "it is read-only")
            real = os.path.realpath(path)
            temporary = _temporary(real, len(staged))
            staged.append((path, real, temporary))
            _write_new(temporary, data, 0o666 if old is None else stat.S_IMODE(old.st_mode))
        for path, real, temporary in staged:  # noqa: B007 - `path` names the file that fails
            os.replace(temporary, real)
        for path, data in streams:
            _write_stream(path, data)
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        help_ = "does its folder exist, and may you write there?"
        raise FileError(
            Diagnostic("unwritable-file", f"cannot be written: {reason}", Place(path), help_)
        ) from error
    finally:
        for _, _, temporary in staged:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _temporary(real: str, number: int) -> str:
    folder, name = os.path.split(real)
    return os.path.join(folder, f".{name[:_LONGEST_NAME]}.{os.getpid()}-{number}.erdgen")


def _write_new(path: str, data: bytes, mode: int) -> None:
    """Write a new file and see it to the disk; an old file's mode is taken over as it is."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)  # of a killed process that had our number
    descriptor = os.open(path, _FLAGS, mode)
    with os.fdopen(descriptor, "wb") as file:
        if mode != 0o666 and hasattr(os, "fchmod"):
            os.fchmod(descriptor, mode)
        file.write(data)
        file.flush()
        os.fsync(descriptor)


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
