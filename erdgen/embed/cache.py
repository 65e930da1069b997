"""Drawings of earlier runs: a model and what is asked of it in, the same text as last time out.

Drawing the same thing again is most of the time of a run that changes nothing. So texts are kept
in the user's cache folder, one file a model. An entry holds only as long as the bytes of the
model's files and of erdgen's own modules are those it was made with; anything odd about a cache
file means that it is not there.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from erdgen.embed.jobs import Drawn, Job
from erdgen.errors import Diagnostic, Place

_MOST_FILES = 4096
_MOST_TEXTS = 64
_MOST_BYTES = 1_000_000
"""A larger entry is not kept: drawing it is rare, and reading it back takes time as well."""


def find_cache_folder() -> str:
    """Return the user's cache folder for erdgen; empty if there is none (ERDGEN_CACHE=off)."""
    said = os.environ.get("ERDGEN_CACHE", "")
    if said:
        return "" if said == "off" else said
    base = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        home = os.path.expanduser("~")
        base = os.path.join(home, ".cache") if os.path.isabs(home) else ""
    return os.path.join(base, "erdgen") if base else ""


@dataclass(slots=True)
class Cache:
    """Texts of earlier runs, and those that this run adds.

    Attributes:
        folder: Where the files are; empty for none.
    """

    folder: str = ""
    _version: str = ""
    _entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    _new: set[str] = field(default_factory=set)

    def get(self, job: Job) -> Drawn | None:
        """Return what came of a job last time, if nothing that matters has changed since."""
        if not self.folder:
            return None
        found = self._entry(job.model)["texts"].get(_name(job))
        if found is None:
            return None
        try:
            pages, notes = found
            return Drawn(
                pages=tuple((_text(name), _text(text)) for name, text in pages),
                notes=tuple(_to_diagnostic(note) for note in notes),
            )
        except (TypeError, ValueError, KeyError):
            return None

    def put(self, job: Job, drawn: Drawn) -> None:
        """Keep what came of a job."""
        if not self.folder or drawn.problems or not drawn.files:
            return
        entry = self._entry(job.model)
        if not entry["files"]:
            with contextlib.suppress(OSError):
                entry["files"] = {os.path.realpath(name): _digest(name) for name in drawn.files}
        while len(entry["texts"]) >= _MOST_TEXTS:
            del entry["texts"][next(iter(entry["texts"]))]
        entry["texts"][_name(job)] = [drawn.pages, drawn.notes]
        self._new.add(job.model)

    def save(self) -> None:
        """Write what is new; a cache that cannot be written is no error."""
        if not self._new:
            return
        import json  # only where there is something to keep: start-up time

        with contextlib.suppress(OSError):
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            for model in sorted(self._new):
                data = json.dumps(self._entries[model], ensure_ascii=True)
                if len(data) <= _MOST_BYTES and self._entries[model]["files"]:
                    path = self._path(model)
                    with open(f"{path}.{os.getpid()}", "w", encoding="ascii") as file:
                        file.write(data)
                    os.replace(f"{path}.{os.getpid()}", path)
            self._prune()
        self._new.clear()

    def _prune(self) -> None:
        files = sorted(os.scandir(self.folder), key=lambda item: item.stat().st_mtime_ns)
        for item in files[: max(0, len(files) - _MOST_FILES)]:
            os.unlink(item.path)

    def _path(self, model: str) -> str:
        import hashlib  # only with a cache: start-up time

        name = os.fsencode(os.path.realpath(model))
        return os.path.join(self.folder, f"{hashlib.sha256(name).hexdigest()[:32]}.json")

    def _entry(self, model: str) -> dict[str, Any]:
        entry = self._entries.get(model)
        if entry is None:
            if not self._version:
                self._version = _own_version()
            fresh = {"version": self._version, "files": {}, "texts": {}}
            entry = self._entries[model] = self._read(model) or fresh
        return entry

    def _read(self, model: str) -> dict[str, Any] | None:
        """Return the entry of a model if it still holds."""
        import json  # only with a cache: start-up time

        try:
            with open(self._path(model), "rb") as file:
                entry = json.loads(file.read())
            if entry["version"] == self._version and _still_hold(entry["files"].items()):
                return entry if isinstance(entry["texts"], dict) else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass
        return None


def _still_hold(files: Iterable[tuple[str, str]]) -> bool:
    known = list(files)
    return bool(known) and all(_digest(path) == digest for path, digest in known)


def _digest(path: str) -> str:
    import hashlib  # only with a cache: start-up time

    with open(path, "rb", buffering=0) as file:
        return hashlib.sha256(file.read()).hexdigest()


def _own_version() -> str:
    """Return what tells one state of erdgen's code from another, also while it is developed.

    What reads models and measures characters (and Python itself) has a say in a drawing as well.
    """
    import sys
    from importlib.util import find_spec

    import erdgen

    seen: list[tuple[str, int, int]] = []
    folders = [os.path.dirname(os.path.abspath(erdgen.__file__))]
    for name in ("wcwidth", "yaml"):
        spec = find_spec(name)
        if spec is not None and spec.origin:
            found = os.stat(spec.origin)
            seen.append((spec.origin, found.st_size, found.st_mtime_ns))
    while folders:
        with os.scandir(folders.pop()) as items:
            for item in items:
                if item.is_dir():
                    if item.name != "__pycache__":
                        folders.append(item.path)
                elif item.name.endswith(".py"):
                    found = item.stat()
                    seen.append((item.path, found.st_size, found.st_mtime_ns))
    return repr((erdgen.__version__, sys.version, sorted(seen)))


def _name(job: Job) -> str:
    return repr((job.model, job.root, job.format, job.settings, job.values))


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError


def _to_diagnostic(said: list[Any]) -> Diagnostic:
    code, message, place, help_, severity, related = said
    at = Place(*place) if place else None
    further = tuple((word, Place(*other)) for word, other in related)
    return Diagnostic(code, message, at, help_, severity, further)
