"""Documents in, the same documents with fresh regions out: the plan of a run, and the run.

Everything is read and drawn before anything is written, and with one error in one document
nothing is. Pictures reach the disk before the documents that show them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from itertools import islice

from erdgen.embed.draw import Drawn, Job, Models, Tools, Values, draw_all
from erdgen.embed.markers import PICTURES, Region, Request, find_regions
from erdgen.embed.paths import find_root, is_inside, resolve_inside, shown
from erdgen.embed.scan import may_have_markers, split_lines
from erdgen.embed.splice import (
    make_body,
    make_image,
    make_pages,
    make_picture,
    region_is,
    splice,
)
from erdgen.embed.write import Changes, Seen, check_interrupted, locked
from erdgen.errors import Diagnostic, DocumentError, ErdgenError, FileError, Place
from erdgen.render.options import Value

_AT_ONCE = 64
"""Documents that are held in memory together."""
_MOST_TEXTS = 512
"""Texts that are kept for further regions that ask for the same."""

Settings = Callable[[str], Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class Source:
    """A document to be looked at.

    Attributes:
        name: Its name for messages.
        path: The file; for standard input the path it is taken to have.
        data: Its bytes where they don't come from the file.
    """

    name: str
    path: str
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How to run.

    Attributes:
        write: Whether to write; otherwise only say what is stale.
        diffs: Whether to make diffs.
        root: The project's folder, if it was said.
        processes: How many draw at once.
        settings: Folder -> option values of the settings that hold there.
        progress: Called with documents done and in all.
    """

    write: bool = True
    diffs: bool = False
    root: str = ""
    processes: int = 1
    settings: Settings = lambda _: {}
    progress: Callable[[int, int], None] | None = None
    tools: Tools = field(default_factory=Tools)


@dataclass(slots=True)
class Result:
    """What came of a run.

    Attributes:
        documents: How many documents were looked at.
        regions: How many regions they have.
        changed: Names of the documents that were (or would be) changed.
        pictures: Names of the pictures that were (or would be) written.
        findings: One for each stale region, with its place.
        notes: Warnings and notes.
        diffs: Unified diffs, one a document.
        outputs: New bytes of the documents that did not come from a file.
    """

    documents: int = 0
    regions: int = 0
    changed: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)
    notes: list[Diagnostic] = field(default_factory=list)
    diffs: list[str] = field(default_factory=list)
    outputs: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture that a region shows."""

    link: str
    real: str
    job: Job


@dataclass(frozen=True, slots=True)
class _Wish:
    """A region with the jobs that fill it: one for text, one for each picture otherwise."""

    region: Region
    job: Job
    pictures: tuple[_Picture, ...] = ()


@dataclass(slots=True)
class _Document:
    source: Source
    seen: Seen | None
    lines: list[bytes]
    wishes: list[_Wish] = field(default_factory=list)


def update(sources: Sequence[Source], plan: Plan) -> Result:
    """Make the regions of documents fresh, or say which are stale.

    Raises:
        ErdgenError: Something is wrong in a document, a model or the writing; all problems of
            all documents at once, and nothing is written.
    """
    run = _Run(plan)
    if not plan.write:
        return run.go(sources)
    folders = {os.path.dirname(source.path) or "." for source in sources}
    roots = {run.root_of(os.path.realpath(folder)) for folder in folders}
    with locked(roots) if sources else nullcontext():
        return run.go(sources)


class _Run:
    """One run over documents: caches, claims on pictures, what is staged, what is wrong."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.result = Result()
        self.problems: list[Diagnostic] = []
        self.changes = Changes()
        self.models = Models(plan.tools)
        self.texts: dict[Job, Drawn] = {}
        self.claims: dict[str, tuple[object, Place]] = {}
        self.drawn_pictures: dict[str, Drawn] = {}
        self.roots: dict[str, str] = {}
        self.settings: dict[str, Values] = {}
        self.seen: set[str] = set()
        self.told: set[Diagnostic] = set()

    def go(self, sources: Sequence[Source]) -> Result:
        """Take all documents, then write."""
        try:
            done = 0
            todo = iter(sources)
            while batch := list(islice(todo, _AT_ONCE)):
                documents = [item for source in batch if (item := self._load(source))]
                self._fill(documents)
                done += len(batch)
                if self.plan.progress is not None:
                    self.plan.progress(done, len(sources))
            if self.problems:
                raise DocumentError(self.problems)
            self.changes.commit()
        finally:
            self.changes.discard()
        self.result.documents = len(sources)
        return self.result

    def root_of(self, folder: str) -> str:
        """Return the real path of the project that a real folder belongs to."""
        if self.plan.root:
            return os.path.realpath(self.plan.root)
        if folder not in self.roots:
            self.roots[folder] = find_root(folder)
        return self.roots[folder]

    def _settings_of(self, folder: str) -> Values:
        if folder not in self.settings:
            self.settings[folder] = tuple(sorted(self.plan.settings(folder).items()))
        return self.settings[folder]

    # --- reading ------------------------------------------------------------------------------

    def _load(self, source: Source) -> _Document | None:
        """Return a document that has regions; what is wrong with it is noted."""
        try:
            data, seen = _read(source)
            if data is None:
                return None
            if seen is not None:
                if seen.real in self.seen:
                    return None
                self.seen.add(seen.real)
            lines = split_lines(data)
            regions, problems = find_regions(lines, source.name)
            self.problems += problems
            document = _Document(source, seen, lines)
            real = seen.real if seen else os.path.realpath(source.path)
            folder = os.path.dirname(real)
            root = self.root_of(folder)
            if not is_inside(real, root):
                message = f"the document is outside of the project ({shown(root)})"
                raise DocumentError(
                    Diagnostic("outside-project", message, Place(source.name), "see --root")
                )
            if regions and seen is not None and self.plan.write:
                check_interrupted(seen.real, source.name)
            for region in regions:
                self._wish(document, region, folder, root)
        except ErdgenError as error:
            self.problems += error.diagnostics
            return None
        self.result.regions += len(document.wishes)
        return document

    def _wish(self, document: _Document, region: Region, folder: str, root: str) -> None:
        try:
            document.wishes.append(self._make_wish(document, region, folder, root))
        except ErdgenError as error:
            self.problems += error.diagnostics

    def _make_wish(self, document: _Document, region: Region, folder: str, root: str) -> _Wish:
        request = region.request
        real = resolve_inside(request.model, folder, root, "model", request.place)
        if not os.path.isfile(real):
            raise DocumentError(_no_model(request, real))
        settings = self._settings_of(folder)
        job = Job(shown(real), request.format, settings, request.values, dry=not self.plan.write)
        if request.format not in PICTURES:
            return _Wish(region, job)
        from erdgen.embed.pictures import make_file_name  # only for pictures: start-up time

        stem = os.path.splitext(os.path.basename(real))[0]
        name = request.file or make_file_name(stem, request.format, request.values)
        if os.path.splitext(name)[1].lower() != f".{request.format}":
            at = dict(request.places).get("file", request.place)
            message = f"a {request.format} picture's file ends in .{request.format}"
            raise DocumentError(Diagnostic("bad-option-value", message, at))
        links = [(name, "light" if request.dark else "")]
        if request.dark:
            base, suffix = os.path.splitext(name)
            links.append((f"{base}-dark{suffix}", "dark"))
        pictures = []
        for link, theme in links:
            themed = replace(job, values=_with_theme(job.values, theme)) if theme else job
            pictures.append(self._claim(document, region, link, themed, folder, root))
        return _Wish(region, job, tuple(pictures))

    def _claim(
        self, document: _Document, region: Region, link: str, job: Job, folder: str, root: str
    ) -> _Picture:
        """Take a picture's file for a region.

        Raises:
            DocumentError: Another region wants the file for something else, or the file is there
                and not ours.
        """
        at = dict(region.request.places).get("file", region.request.place)
        real = resolve_inside(link, folder, root, "picture", at)
        if os.path.isdir(real):
            raise DocumentError(Diagnostic("bad-path", f"'{link}' is a folder", at))
        first = self.claims.setdefault(real.casefold(), (job, at))
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
        if not ours and not _shows(document.lines, region, link):
            message = f"the file '{link}' is there already and is no picture of erdgen"
            raise DocumentError(
                Diagnostic("foreign-picture", message, at, "remove it, or write file=ANOTHER")
            )
        return _Picture(link, real, replace(job, have=key))

    # --- drawing ------------------------------------------------------------------------------

    def _fill(self, documents: Sequence[_Document]) -> None:
        """Draw what the documents of a batch need, and stage what changes."""
        wishes = [wish for document in documents for wish in document.wishes]
        texts = [wish.job for wish in wishes if not wish.pictures and wish.job not in self.texts]
        while len(self.texts) > _MOST_TEXTS:
            del self.texts[next(iter(self.texts))]
        pictures = {
            picture.job: picture
            for wish in wishes
            for picture in wish.pictures
            if picture.real not in self.drawn_pictures
        }
        results: dict[Job, Drawn] = {}
        for job, drawn in draw_all(
            dict.fromkeys([*texts, *pictures]), self.models, self.plan.processes
        ):
            if job in pictures:
                self._take_picture(job, drawn, wishes)
            else:
                self.texts[job] = drawn
            results[job] = drawn
        for document in documents:
            self._finish(document)

    def _take_picture(self, job: Job, drawn: Drawn, wishes: Sequence[_Wish]) -> None:
        """Stage a picture that was drawn, for every file that shows it; keep only its words."""
        words = replace(drawn, data=b"")
        for wish in wishes:
            for picture in wish.pictures:
                if picture.job != job or picture.real in self.drawn_pictures:
                    continue
                self.drawn_pictures[picture.real] = words
                if drawn.data and not self.problems:
                    self._stage_picture(picture, drawn)

    def _stage_picture(self, picture: _Picture, drawn: Drawn) -> None:
        from erdgen.embed.pictures import stamp  # only for pictures: start-up time

        data, name = stamp(drawn.data, drawn.key), shown(picture.real)
        if _has_bytes(picture.real, data):
            return
        self.changes.stage(name, picture.real, data, seen=None, step=0)

    def _finish(self, document: _Document) -> None:
        """Compare the regions of a document with what is to stand there; stage the document."""
        changes: list[tuple[Region, list[str]]] = []
        for wish in document.wishes:
            if wish.pictures:
                body = self._picture_body(document, wish)
            else:
                drawn = self.texts[wish.job]
                if not self._is_drawn(drawn, wish):
                    continue
                content = make_pages(drawn.pages, wish.job.format)
                body = make_body(content, wish.region.prefix)
            if body is not None and not region_is(document.lines, wish.region, body):
                changes.append((wish.region, body))
                if not self._is_found(document, wish.region):
                    self._find(document, wish.region, "the diagram of '{}' is stale")
        if not changes:
            if document.seen is None:
                self.result.outputs.append(b"".join(document.lines))
            return
        name = document.source.name
        self.result.changed.append(name)
        if self.plan.diffs:
            from erdgen.embed.diff import make_diff  # only with --diff: start-up time

            self.result.diffs.append(make_diff(document.lines, changes, name))
        if self.problems:
            return
        data = splice(document.lines, changes)
        if document.seen is None:
            self.result.outputs.append(data)
        elif self.plan.write:
            self.changes.stage(name, document.seen.real, data, seen=document.seen, step=1)

    def _picture_body(self, document: _Document, wish: _Wish) -> list[str] | None:
        """Return the lines that show a region's pictures; note which of them are stale."""
        drawn = [self.drawn_pictures[picture.real] for picture in wish.pictures]
        if not all([self._is_drawn(item, wish) for item in drawn]):
            return None
        request = wish.region.request
        for picture, item in zip(wish.pictures, drawn, strict=True):
            name = shown(picture.real)
            if not item.fresh and name not in self.result.pictures:
                self.result.pictures.append(name)
                what = "is stale" if picture.job.have else _why(picture.real)
                self._find(document, wish.region, f"the picture '{picture.link}' of '{{}}' {what}")
        alt = request.alt or drawn[0].alt
        links = [picture.link for picture in wish.pictures]
        if len(links) > 1:
            content = make_picture(alt, links[0], links[1], mdx=wish.region.mdx)
        else:
            content = make_image(alt, links[0])
        return make_body(content, wish.region.prefix)

    def _is_drawn(self, drawn: Drawn, wish: _Wish) -> bool:
        """Note the problems and notes of a drawing; return whether it could be drawn."""
        request = wish.region.request
        for note in drawn.notes:
            self._tell(note, self.result.notes)
        if not drawn.problems:
            return True
        for item in drawn.problems:
            if item.place is None:
                self.problems.append(replace(item, place=_place_of(item, request)))
            else:
                self._tell(item, self.problems)
        if all(item.place is not None for item in drawn.problems):
            message = f"the model '{request.model}' cannot be drawn; see its own errors"
            self.problems.append(Diagnostic("unreadable-model", message, request.place))
        return False

    def _tell(self, item: Diagnostic, among: list[Diagnostic]) -> None:
        if item not in self.told:
            self.told.add(item)
            among.append(item)

    def _find(self, document: _Document, region: Region, message: str) -> None:
        place = region.request.place
        name = document.source.name
        help_ = f"run `erdgen refresh {_quote(name)}`" if document.seen else "refresh it"
        text = message.format(region.request.model)
        at = replace(place, column=region.request.place.column)
        self.result.findings.append(Diagnostic("stale-region", text, at, help_))

    def _is_found(self, document: _Document, region: Region) -> bool:
        del document
        place = region.request.place
        return any(item.place == place for item in self.result.findings[-2:])


def _read(source: Source) -> tuple[bytes | None, Seen | None]:
    """Return the bytes of a document that has markers (else None), and what the file was.

    Raises:
        FileError: It cannot be read.
        DocumentError: It is not UTF-8.
    """
    if source.data is not None:
        data, seen = source.data, None
    else:
        try:
            with open(source.path, "rb", buffering=0) as file:
                data = file.read()
                if not may_have_markers(data) and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
                    return None, None
                found = os.fstat(file.fileno())
        except OSError as error:
            message = f"cannot be read: {error.strerror or error}"
            place = Place(source.name)
            raise FileError(Diagnostic("unreadable-file", message, place)) from error
        real = os.path.realpath(source.path)
        seen = Seen(real, found.st_ino, found.st_size, found.st_mtime_ns)
    if not data.isascii():
        check_utf8(data, source.name)
    return data, seen


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


def _read_picture(real: str) -> tuple[str, bool]:
    """Return the key of a whole picture (empty if there is none) and whether the file is ours."""
    try:
        with open(real, "rb") as file:
            data = file.read()
    except OSError:
        return "", True
    from erdgen.embed.pictures import read_stamp  # only for pictures: start-up time

    key, whole = read_stamp(data)
    return key if whole else "", bool(key) or not data


def _has_bytes(path: str, data: bytes) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read() == data
    except OSError:
        return False


def _shows(lines: Sequence[bytes], region: Region, link: str) -> bool:
    """Return whether a region shows a picture already."""
    from erdgen.embed.splice import escape_link

    wanted = escape_link(link).encode()
    return any(wanted in line for line in lines[region.begin + 1 : region.end])


def _why(real: str) -> str:
    return "is damaged or was changed by hand" if os.path.exists(real) else "is missing"


def _with_theme(values: Values, theme: str) -> Values:
    return (*(item for item in values if item[0] != "theme"), ("theme", theme))


def _no_model(request: Request, real: str) -> Diagnostic:
    from erdgen.errors import nearest

    folder = os.path.dirname(real)
    names = os.listdir(folder) if os.path.isdir(folder) else []
    hint = nearest(os.path.basename(real), names)
    message = f"there is no model file '{request.model}' (looked for {shown(real)})"
    return Diagnostic(
        "no-such-file", message, request.place, f"did you mean '{hint}'?" if hint else ""
    )


def _place_of(item: Diagnostic, request: Request) -> Place:
    """Return the place of the marker's key that a problem is about, else the model's."""
    words = f" {item.message} ".replace("'", " ").replace("--", " ").replace(":", " ")
    for name, place in request.places:
        if f" {name} " in words:
            return place
    return next(
        (place for name, place in request.places if name in ("only", "exclude", "around", "group")),
        request.place,
    )


def _quote(name: str) -> str:
    import shlex  # only where something is stale: start-up time

    return shlex.quote(name)


def iterate_sources(paths: Iterable[str]) -> Iterator[Source]:
    """Yield documents that are files, named as their paths."""
    for path in paths:
        yield Source(path, path)
