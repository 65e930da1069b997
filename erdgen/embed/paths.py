"""Paths as a document writes them in, real paths inside the project out, or a placed error."""

from __future__ import annotations

import os
import re

from erdgen.errors import Diagnostic, DocumentError, Place

_PROJECT_FILES = ("erdgen.toml", "pyproject.toml")


def find_root(folder: str) -> str:
    """Return the real path of the project that a folder belongs to.

    The repository (a `.git`) counts; without one the nearest folder with settings, else the
    working directory if the folder is in it, else the folder alone.
    """
    real = os.path.realpath(folder)
    return _find_up(real, (".git",)) or _find_up(real, _PROJECT_FILES) or _fallback(real)


def _find_up(folder: str, names: tuple[str, ...]) -> str:
    while True:
        if any(os.path.lexists(f"{folder}/{name}") for name in names):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return ""
        folder = parent


def _fallback(folder: str) -> str:
    here = os.path.realpath(".")
    return here if is_inside(folder, here) else folder


def is_inside(path: str, root: str) -> bool:
    """Return whether a real path is a folder or something in it.

    >>> is_inside("/a/b/c", "/a/b"), is_inside("/a/bc", "/a/b"), is_inside("/a", "/")
    (True, False, True)
    """
    # on Windows the case of a drive's letter depends on who names it
    path, root = os.path.normcase(path), os.path.normcase(root)
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def resolve_inside(written: str, folder: str, root: str, what: str, place: Place) -> str:
    """Return the real path of something that a document names.

    Args:
        written: The path as written, relative to `folder`.
        folder: Real path of the document's folder.
        root: Real path of the project.
        what: What it is, for messages: `model` or `picture`.
        place: Where it is named.

    Raises:
        DocumentError: The path is absolute, or leads out of the project (also by a symlink).
    """
    if not written or "\0" in written:
        raise DocumentError(Diagnostic("bad-path", f"the {what} has no usable path", place))
    if os.path.isabs(written) or re.match(r"[A-Za-z]:|\\\\|~", written):
        message = f"the {what} '{written}' is an absolute path"
        help_ = "write it relative to the document, so that it holds on every machine"
        raise DocumentError(Diagnostic("absolute-path", message, place, help_))
    real = os.path.realpath(os.path.join(folder, written))
    if "\\" in written and (os.sep == "\\" or not os.path.exists(real)):
        message = f"the {what} '{written}' is written with backslashes"
        help_ = f"write {written.replace(chr(92), '/')}, which holds on every machine"
        raise DocumentError(Diagnostic("bad-path", message, place, help_))
    if not is_inside(real, root):
        lexical = os.path.normpath(os.path.join(folder, written))
        how = "leads" if not is_inside(lexical, root) else "leads by a symlink"
        message = f"the {what} '{written}' {how} out of the project ({shown(root)})"
        help_ = f"keep it inside, or name a wider folder with --root; {shown(real)} is outside"
        raise DocumentError(Diagnostic("outside-project", message, place, help_))
    return real


def shown(path: str) -> str:
    """Return a path as messages show it: relative to the working directory where it is inside."""
    here = os.path.realpath(".")
    real = path if os.path.isabs(path) else os.path.join(here, path)
    if is_inside(real, here):
        return os.path.relpath(real, here).replace(os.sep, "/")
    return path
