"""Settings files in, option values out: `erdgen.toml`, or `[tool.erdgen]` of pyproject.toml.

The nearest file counts, going up from a folder to the root of its repository. In a folder that
holds both, `erdgen.toml` wins.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from erdgen.errors import Diagnostic, FileError, OptionError, Place

_TABLE = ("tool", "erdgen")
"""The table of settings in a pyproject.toml."""


def find_settings(folder: str | os.PathLike[str]) -> Mapping[str, Any]:
    """Return the settings that hold in a folder: option name (with dashes) -> checked value.

    Args:
        folder: Where to begin; empty for the current one.

    Raises:
        FileError: A settings file cannot be read.
        OptionError: It is no TOML, a key is unknown or a value is none of its option's; all are
            reported.
    """
    parent = os.path.realpath(folder)
    while True:
        own, project = os.path.join(parent, "erdgen.toml"), os.path.join(parent, "pyproject.toml")
        if os.path.isfile(own):
            return _read(own, ())
        # reading TOML takes longer than looking for the table's name first
        if os.path.isfile(project) and b"tool.erdgen" in _bytes(project):
            return _read(project, _TABLE)
        above = os.path.dirname(parent)
        if above == parent or os.path.exists(os.path.join(parent, ".git")):
            return {}
        parent = above


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        raise FileError(Diagnostic("unreadable-file", message, Place(_shown(path)))) from error


def _read(path: str, table: tuple[str, ...]) -> Mapping[str, Any]:
    import tomllib  # only where there are settings, as the next: start-up time

    from erdgen.render.options import find_option, parse_value

    name = _shown(path)
    try:
        text = _bytes(path).decode("utf-8-sig")
        content: object = tomllib.loads(text)
    except UnicodeDecodeError as error:
        message = f"the settings are not UTF-8 (byte 0x{error.object[error.start]:02x})"
        raise OptionError(
            Diagnostic("not-utf8", message, Place(name), "save it as UTF-8")
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise OptionError(_torn(str(error), name, text)) from error
    if not table and isinstance(content, dict) and set(content) == {"tool"}:
        table = _TABLE  # what stands in a pyproject.toml may stand in an erdgen.toml, too
    for key in table:
        content = content.get(key, {}) if isinstance(content, dict) else {}
    if not isinstance(content, dict):
        message = f"[{'.'.join(table)}] is no table"
        raise OptionError(Diagnostic("bad-settings", message, Place(name)))
    values: dict[str, Any] = {}
    problems: list[Diagnostic] = []
    for key, value in content.items():
        place = _place(name, text, table, key)
        try:
            option = find_option(key, place)
            values[option.name] = parse_value(option, _as_text(option.name, value, place), place)
        except OptionError as error:
            problems.extend(error.diagnostics)
    if problems:
        raise OptionError(problems)
    return values


def _shown(path: str) -> str:
    """Return a real path as messages name it: relative to the current folder where it is near."""
    try:
        return min(os.path.relpath(path), path, key=len)
    except (OSError, ValueError):  # there is no current folder, or it is on another drive
        return path


def _torn(message: str, name: str, text: str) -> Diagnostic:
    """Return what tomllib says with its place, which it says in words alone."""
    found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    place = Place(name)
    lines = text.split("\n")
    if found:
        line, column = int(found[1] or len(lines)), int(found[2] or len(lines[-1]) + 1)
        source = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
        place, message = Place(name, line, column, 1, source), message[: found.start()]
    message = f"the settings are no valid TOML: {message[:1].lower()}{message[1:]}"
    return Diagnostic("bad-settings", message, place)


def _as_text(name: str, value: object, place: Place) -> str:
    """Return a TOML value as it would be written on the command line.

    Raises:
        OptionError: It is a table, or holds another list or table.
    """
    items = value if isinstance(value, list) else [value]
    wrong = next((item for item in items if isinstance(item, dict | list)), None)
    if wrong is not None:
        kind = "table" if isinstance(wrong, dict) else "list in a list"
        message = f"'{name}' takes a text, a number, yes or no, or a list of texts, not a {kind}"
        raise OptionError(Diagnostic("bad-option-value", message, place))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ",".join(str(item) for item in items)


def _place(path: str, text: str, table: tuple[str, ...], key: str) -> Place:
    """Return where a key of a table stands, found again in the text (tomllib keeps no places).

    A key may have a table of its own: `[tool.erdgen.only]`.
    """
    pattern = re.compile(rf"""\s*["']?({re.escape(key)})["']?\s*[=.]""")
    inside = not table
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+\s*([^\]]*?)\s*\]", line)
        if header:
            inside = header[1] == ".".join(table)
            at = header.end(1) - len(key) if header[1] == ".".join((*table, key)) else -1
        else:
            found = pattern.match(line) if inside else None
            at = found.start(1) if found else -1
        if at >= 0:
            return Place(path, number, at + 1, len(key), line)
    return Place(path)
