"""A document's name in, its bytes out, or a placed error: markers or not, UTF-8 or not."""

from __future__ import annotations

import os
from dataclasses import dataclass

from erdgen.embed.scan import may_have_markers
from erdgen.embed.write import Seen
from erdgen.errors import Diagnostic, DocumentError, FileError, Place


@dataclass(frozen=True, slots=True)
class Source:
    """A document to be looked at.

    Attributes:
        name: Its name for messages.
        path: The file; for standard input the path it is taken to have.
        data: Its bytes where they are not read from the file now.
        seen: What the file was when they were read; None if they come from elsewhere.
        before: The file's bytes where `data` is already an edited form of them.
    """

    name: str
    path: str
    data: bytes | None = None
    seen: Seen | None = None
    before: bytes | None = None


def read_document(source: Source, folders: dict[str, str]) -> tuple[bytes | None, Seen | None]:
    """Return the bytes of a document that has markers (else None), and what the file was.

    Args:
        source: The document.
        folders: Folder -> its real path, for those met before.

    Raises:
        FileError: It cannot be read.
        DocumentError: It is not UTF-8.
    """
    if source.data is not None:
        data, seen = source.data, source.seen
    else:
        try:
            with open(source.path, "rb", buffering=0) as file:
                data = file.read()
                if not _has_markers(data):
                    return None, None
                found = os.fstat(file.fileno())
        except OSError as error:
            message = f"cannot be read: {error.strerror or error}"
            place = Place(source.name)
            raise FileError(Diagnostic("unreadable-file", message, place)) from error
        seen = Seen(_real(source.path, folders), found.st_ino, found.st_size, found.st_mtime_ns)
    if not data.isascii() and _has_markers(data):
        check_utf8(data, source.name)
    return data, seen


def _has_markers(data: bytes) -> bool:
    if may_have_markers(data):
        return True
    # UTF-16 is refused rather than passed over
    return data[:2] in (b"\xff\xfe", b"\xfe\xff") and may_have_markers(data.replace(b"\0", b""))


def _real(path: str, folders: dict[str, str]) -> str:
    """Return the real path of a file; its folder is looked at only once."""
    if os.path.islink(path):
        return os.path.realpath(path)
    folder, name = os.path.split(path)
    real = folders.get(folder)
    if real is None:
        real = folders[folder] = os.path.realpath(folder or ".")
    return f"{real.rstrip(os.sep)}{os.sep}{name}"


def check_utf8(data: bytes, name: str) -> None:
    """See that a document is UTF-8.

    Raises:
        DocumentError: It is not; the error has the place of the first wrong byte.
    """
    try:
        data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].splitlines(keepends=True) or [b""]
        ended = before[-1].endswith((b"\n", b"\r"))
        line = len(before) + (1 if ended else 0)
        column = 1 if ended else len(before[-1].decode(errors="replace")) + 1
        message = f"the document is not UTF-8 (byte 0x{data[error.start]:02x})"
        raise DocumentError(
            Diagnostic("not-utf8", message, Place(name, line, column), "save it as UTF-8")
        ) from error
