"""A path in, the bytes and the text of a model file out, or a placed error."""

from __future__ import annotations

import codecs
import os
import sys

from erdgen.errors import Diagnostic, FileError, ModelError, Place, nearest
from erdgen.read import limits
from erdgen.read.source import Source

STDIN = "<stdin>"
_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def read_bytes(path: str, name: str, place: Place | None = None) -> bytes:
    """Return the bytes of a file.

    Args:
        path: The file.
        name: Its name for messages.
        place: Where it is named, if a file names it.

    Raises:
        FileError: It does not exist, is a directory, or cannot be read.
        ModelError: It is larger than a model may be.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(limits.BYTES + 1)
    except (OSError, ValueError) as error:
        raise FileError(_unreadable(error, path, name, place)) from None
    return _sized(data, place or Place(name))


def read_standard_input() -> bytes:
    """Return the bytes of standard input.

    Raises:
        ModelError: They are more than a model may have.
    """
    stream = getattr(sys.stdin, "buffer", None)
    return _sized(stream.read(limits.BYTES + 1) if stream is not None else b"", Place(STDIN))


def _sized(data: bytes, here: Place) -> bytes:
    if len(data) > limits.BYTES:
        raise limits.beyond(f"{limits.BYTES // 2**20} MB for a model", here)
    return data


def _unreadable(error: Exception, path: str, name: str, place: Place | None) -> Diagnostic:
    here = place or Place(name)
    if isinstance(error, FileNotFoundError):
        return Diagnostic("no-such-file", f"there is no file '{name}'", here, _near(path))
    if isinstance(error, IsADirectoryError) or os.path.isdir(path):
        return Diagnostic("is-a-directory", f"'{name}' is a directory, not a file", here)
    if isinstance(error, PermissionError):
        return Diagnostic("unreadable", f"'{name}' may not be read by you", here)
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "bad path"
    return Diagnostic("unreadable", f"'{name}' cannot be read: {reason}", here)


def _near(path: str) -> str:
    """Return a hint at a file of a similar name in the same folder."""
    try:
        with os.scandir(os.path.dirname(path) or ".") as entries:
            names = [entry.name for entry in entries if entry.is_file()]
    except (OSError, ValueError):
        return ""
    hint = nearest(os.path.basename(path), sorted(names), slips_only=True)
    return f"did you mean '{hint}'?" if hint else ""


def decode(data: bytes, name: str) -> tuple[Source, bytes]:
    """Return the text of a file and its bytes, both without a byte order mark.

    Raises:
        ModelError: It is not UTF-8, or it holds control characters.
    """
    for mark, encoding in _OTHER_ENCODINGS:
        if data.startswith(mark):
            raise ModelError(
                Diagnostic(
                    "not-utf8",
                    f"the file is {encoding}; a model file is UTF-8",
                    Place(name, 1, 1),
                    "save it as UTF-8",
                )
            )
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ModelError(_not_utf8(error, data, name)) from None
    if "\\ud" in text or "\\uD" in text:
        text = join_surrogates(text)
        data = text.encode("utf-8")
    source = Source(name, text)
    found = _control_character(data, text)
    if found >= 0:
        from erdgen.read.nodes import describe

        raise ModelError(
            Diagnostic(
                "control-character",
                f"{describe(text[found])} stands in the file",
                source.place(found),
                "take it out, or write it as an escape inside of double quotes",
            )
        )
    return source, data


def join_surrogates(text: str) -> str:
    r"""Return a text with JSON's pairs of escapes in double quotes as the characters they mean.

    JSON writes what is beyond the first 65,536 characters as two escapes, which YAML does not know.

    >>> join_surrogates(r'{"a": "\ud83d\ude00!", "b": "\\ud83d"}')
    '{"a": "😀!", "b": "\\\\ud83d"}'
    """
    import re  # only for such a file: start-up time

    strings = re.compile(r"""'[^']*'|"(?:[^"\\]|\\.)*\"""", re.S)
    pair = re.compile(r"((?<!\\)(?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.I)

    def join(found: re.Match[str]) -> str:
        return found[1] + bytes.fromhex(found[2] + found[3]).decode("utf-16-be")

    def join_all(string: re.Match[str]) -> str:
        return string[0] if string[0][0] == "'" else pair.sub(join, string[0])

    return strings.sub(join_all, text)


_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r") + b"\x7f"


def _control_character(data: bytes, text: str) -> int:
    """Return the index of the first character that YAML does not allow, -1 if there is none."""
    ascii_only = len(data) == len(text)
    if len(data.translate(None, _CONTROLS)) == len(data) and ascii_only:
        return -1
    import re  # the parser has it anyway

    found = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]", text)
    return found.start() if found else -1


def _not_utf8(error: UnicodeDecodeError, data: bytes, name: str) -> Diagnostic:
    before = data[: error.start]
    line = before.count(b"\n") + 1
    start = before.rfind(b"\n") + 1
    end = data.find(b"\n", error.start)
    shown = data[start : end if end >= 0 else len(data)].decode("utf-8", "replace").rstrip("\r")
    column = len(before[start:].decode("utf-8", "replace")) + 1
    return Diagnostic(
        "not-utf8",
        f"the file is not UTF-8: the byte 0x{data[error.start]:02x} cannot stand here",
        Place(name, line, column, 1, shown if len(shown) <= 1000 else ""),
        "save it as UTF-8",
    )
