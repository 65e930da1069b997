"""Paths of a command line in, the documents that they mean out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from erdgen.errors import Diagnostic, FileError, Place, nearest

SUFFIXES = (".md", ".markdown", ".mdx")
_NOT_ENTERED = {".git", "node_modules", ".venv"}
_GIT_SECONDS = 60


def find_documents(paths: Iterable[str]) -> list[str]:
    """Return the documents in the order of the paths, each once.

    A file is taken whatever its suffix. In a folder it is the Markdown files that git tracks, and
    those it does not ignore; where there is no git, all in it but `.git`, `node_modules`, `.venv`.

    Raises:
        FileError: There is no such file or folder; all of them at once.
    """
    found: dict[str, None] = {}
    problems: list[Diagnostic] = []
    for path in paths:
        if os.path.isdir(path):
            found.update(dict.fromkeys(_in_folder(path)))
        elif os.path.exists(path):
            found[_tidy(path)] = None
        else:
            problems.append(_missing(path))
    if problems:
        raise FileError(problems)
    return list(found)


def _missing(path: str) -> Diagnostic:
    if os.path.islink(path):
        return Diagnostic("no-such-file", "this symlink leads to nothing", Place(path))
    folder, name = os.path.split(path)
    names = os.listdir(folder or ".") if os.path.isdir(folder or ".") else []
    hint = nearest(name, names)
    help_ = f"did you mean '{os.path.join(folder, hint)}'?" if hint else ""
    return Diagnostic("no-such-file", "there is no such file or folder", Place(path), help_)


def _in_folder(folder: str) -> list[str]:
    names = _git_files(folder)
    if names is None:
        return sorted(_walk(folder))
    return [
        path
        for name in sorted(set(names))
        if os.path.isfile(path := _tidy(os.path.join(folder, name)))
    ]


def _git_files(folder: str) -> list[str] | None:
    """Return git's list of a folder's Markdown files, None where there is no git."""
    import subprocess  # only for folders: start-up time

    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"]
    patterns = [f":(icase)*{suffix}" for suffix in SUFFIXES]
    try:
        done = subprocess.run(
            [*command, *patterns],
            cwd=folder,
            capture_output=True,
            check=False,
            timeout=_GIT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode:
        return None
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


def _walk(folder: str) -> Iterator[str]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - _NOT_ENTERED)
        for name in names:
            path = os.path.join(parent, name)
            # a symlink may lead to nothing: git's list leaves it out as well
            if name.lower().endswith(SUFFIXES) and os.path.isfile(path):
                yield _tidy(path)


def _tidy(path: str) -> str:
    """Return a path as messages show it.

    >>> _tidy("./docs//a.md")
    'docs/a.md'
    """
    return os.path.normpath(path).replace(os.sep, "/")
