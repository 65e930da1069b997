"""A document's regions in, what has to be drawn for them out, every path inside the project."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from erdgen.embed.jobs import Job, Value, Values
from erdgen.embed.markers import PICTURES, Region, Request
from erdgen.embed.paths import find_root, resolve_inside, shown
from erdgen.errors import Diagnostic, DocumentError, Place, nearest

_THEMES = ("light", "dark", "auto", "print")
"""Any other is a file, named relative to the document."""

Settings = Callable[[str], Mapping[str, Value]]
"""Folder -> option values of the settings that hold there."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a region shows."""

    link: str
    real: str
    job: Job


@dataclass(frozen=True, slots=True)
class Wish:
    """A region with the jobs that fill it: one for text, one for each picture otherwise."""

    region: Region
    job: Job
    pictures: tuple[Picture, ...] = ()


@dataclass(slots=True)
class Wishes:
    """What regions wish for: caches for a run over many documents, and who wants which picture.

    Attributes:
        root: The project's folder, if it was said.
        settings: The settings of a folder.
        dry: Whether pictures are only compared.
    """

    root: str
    settings: Settings
    dry: bool
    _claims: dict[str, tuple[Job, Place]] = field(default_factory=dict)
    _roots: dict[str, str] = field(default_factory=dict)
    _settings: dict[str, Values] = field(default_factory=dict)
    _models: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def root_of(self, folder: str) -> str:
        """Return the real path of the project that a real folder belongs to."""
        if self.root:
            return os.path.realpath(self.root)
        if folder not in self._roots:
            self._roots[folder] = find_root(folder)
        return self._roots[folder]

    def _settings_of(self, folder: str) -> Values:
        if folder not in self._settings:
            self._settings[folder] = tuple(sorted(self.settings(folder).items()))
        return self._settings[folder]

    def make_wish(self, lines: Sequence[bytes], region: Region, folder: str) -> Wish:
        """Return what a region of the document with these lines in this real folder wishes for.

        Raises:
            DocumentError: There is no such model, a path leads out of the project, or another
                region wants the same picture file for something else.
        """
        request = region.request
        real, name = self._model(request, folder)
        values = tuple(
            (key, self._resolve(key, value, request, folder)) for key, value in request.values
        )
        job = Job(
            name,
            request.format,
            self._settings_of(folder),
            values,
            dry=self.dry,
            root=self.root_of(folder),
        )
        if request.format not in PICTURES:
            return Wish(region, job)
        from erdgen.embed.pictures import make_file_name  # only for pictures: start-up time

        stem = os.path.splitext(os.path.basename(real))[0]
        name = request.file or make_file_name(stem, request.format, request.values)
        if os.path.splitext(name)[1].lower() != f".{request.format}":
            at = dict(request.places).get("file", request.place)
            message = f"the file of a picture of format={request.format} ends in .{request.format}"
            raise DocumentError(Diagnostic("bad-option-value", message, at))
        links = [(name, "light" if request.dark else "")]
        if request.dark:
            base, suffix = os.path.splitext(name)
            links.append((f"{base}-dark{suffix}", "dark"))
        pictures = []
        for link, theme in links:
            themed = replace(job, values=_with_theme(job.values, theme)) if theme else job
            pictures.append(self._claim(lines, region, link, themed, folder))
        return Wish(region, job, tuple(pictures))

    def _resolve(self, key: str, value: Value, request: Request, folder: str) -> Value:
        """Return an option's value with a theme file's path as seen from the working directory."""
        if key != "theme" or not isinstance(value, str) or value in _THEMES:
            return value
        place = dict(request.places).get("theme", request.place)
        return shown(resolve_inside(value, folder, self.root_of(folder), "theme", place))

    def _model(self, request: Request, folder: str) -> tuple[str, str]:
        """Return the real path of a model and its name for messages."""
        known = self._models.get((folder, request.model))
        if known is None:
            root = self.root_of(folder)
            real = resolve_inside(request.model, folder, root, "model", request.place)
            if not os.path.isfile(real):
                raise DocumentError(_no_model(request, real))
            known = self._models[folder, request.model] = (real, shown(real))
        return known

    def _claim(
        self, lines: Sequence[bytes], region: Region, link: str, job: Job, folder: str
    ) -> Picture:
        """Take a picture's file for a region.

        Raises:
            DocumentError: Another region wants the file for something else, or the file is there
                and not ours.
        """
        at = dict(region.request.places).get("file", region.request.place)
        real = resolve_inside(link, folder, self.root_of(folder), "picture", at)
        if os.path.isdir(real):
            raise DocumentError(Diagnostic("bad-path", f"'{link}' is a folder", at))
        first = self._claims.setdefault(real.casefold(), (job, at))
        if first[0] != job:
            message = f"two regions want the picture '{link}' with different content"
            raise DocumentError(
                Diagnostic(
                    "picture-conflict",
                    message,
                    at,
                    "give one of them another name with file=",
                    related=(("the other one", first[1]),),
                )
            )
        key, ours = _read_picture(real)
        if not ours and not _shows(lines, region, link):
            message = f"the file '{link}' is there already and is no picture of erdgen"
            raise DocumentError(
                Diagnostic("foreign-picture", message, at, "remove it, or write file=ANOTHER")
            )
        return Picture(link, real, replace(job, have=key))


def _read_picture(real: str) -> tuple[str, bool]:
    """Return the key of a whole picture (empty if there is none) and whether the file is ours."""
    try:
        with open(real, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return "", True
    except OSError:
        return "", False
    from erdgen.embed.pictures import read_stamp  # only for pictures: start-up time

    key, whole = read_stamp(data)
    return key if whole else "", bool(key) or not data


def _shows(lines: Sequence[bytes], region: Region, link: str) -> bool:
    """Return whether a region shows a picture already."""
    from erdgen.embed.splice import escape_link

    wanted = escape_link(link).encode()
    return any(wanted in line for line in lines[region.begin + 1 : region.end])


def _with_theme(values: Values, theme: str) -> Values:
    return (*(item for item in values if item[0] != "theme"), ("theme", theme))


def _no_model(request: Request, real: str) -> Diagnostic:
    folder = os.path.dirname(real)
    names = os.listdir(folder) if os.path.isdir(folder) else []
    hint = nearest(os.path.basename(real), names)
    message = f"there is no model file '{request.model}' (looked for {shown(real)})"
    return Diagnostic(
        "no-such-file", message, request.place, f"did you mean '{hint}'?" if hint else ""
    )
