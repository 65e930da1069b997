"""Bytes in, files out: outputs appear whole or not at all, and standard output takes any text."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from erdgen.errors import Diagnostic, FileError, Place


def write_file(path: Path, data: bytes) -> None:
    """Write a file atomically: a temporary file beside it, then a rename over it.

    A symlink stays one (its target is replaced) and an existing file keeps its mode.

    Raises:
        FileError: The file cannot be written; what was there is untouched.
    """
    real = Path(os.path.realpath(path))
    temporary = ""
    try:
        if real.exists() and not real.is_file():
            # a device such as /dev/stdout or a named pipe takes bytes but no rename
            real.write_bytes(data)
            return
        mode = real.stat().st_mode & 0o7777 if real.exists() else 0o666 & ~_umask()
        descriptor, temporary = tempfile.mkstemp(prefix=f".{real.name[:40]}.", dir=real.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)  # noqa: PTH101 - os throughout this function
        os.replace(temporary, real)  # noqa: PTH105
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise FileError(
            Diagnostic(
                "unwritable-file",
                f"cannot be written: {error.strerror or error}",
                Place(str(path)),
                "does its folder exist, and may you write there?",
            )
        ) from error


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current


def write_standard_output(data: bytes) -> None:
    """Write bytes to standard output, as UTF-8 whatever the locale says.

    A Windows console takes text, not bytes, to show other than ASCII.
    """
    if sys.platform == "win32" and sys.stdout.isatty():
        sys.stdout.write(data.decode("utf-8", "backslashreplace"))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
    sys.stdout.flush()
