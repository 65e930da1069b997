"""Documents in, the same documents with fresh regions out: the plan of a run, and the run.

Everything is read and drawn before anything is written, and with one error in one document
nothing is. Pictures reach the disk before the documents that show them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from itertools import islice

from erdgen.embed.cache import Cache
from erdgen.embed.documents import Source, read_document
from erdgen.embed.jobs import Draw, Drawn, Job, Value
from erdgen.embed.locks import locked
from erdgen.embed.markers import Region, find_regions
from erdgen.embed.paths import is_inside, shown
from erdgen.embed.scan import split_lines
from erdgen.embed.splice import (
    make_body,
    make_image,
    make_pages,
    make_picture,
    region_is,
    splice,
)
from erdgen.embed.telling import find_place, put_in_marker_words, quote_path
from erdgen.embed.wishes import Picture, Settings, Wish, Wishes
from erdgen.embed.write import Changes, Seen, check_interrupted
from erdgen.errors import Diagnostic, DocumentError, ErdgenError, Place

_AT_ONCE = 64
"""Documents that are held in memory together."""
_MOST_TEXTS = 512
"""Texts that are kept for further regions that ask for the same."""


def _no_settings(folder: str) -> Mapping[str, Value]:
    del folder
    return {}


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
        cache: The folder that keeps drawings from run to run; empty for none.
        draw: What draws; None for erdgen's own readers and renderers.
    """

    write: bool = True
    diffs: bool = False
    root: str = ""
    processes: int = 1
    settings: Settings = _no_settings
    progress: Callable[[int, int], None] | None = None
    cache: str = ""
    draw: Draw | None = None


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


@dataclass(slots=True)
class _Document:
    source: Source
    seen: Seen | None
    lines: list[bytes]
    wishes: list[Wish] = field(default_factory=list)


def update(sources: Sequence[Source], plan: Plan) -> Result:
    """Make the regions of documents fresh, or say which are stale.

    Raises:
        ErdgenError: Something is wrong in a document, a model or the writing; all problems of
            all documents at once, and nothing is written.
    """
    run = _Run(plan)
    if not plan.write:
        return run.go(sources)
    folders = {
        os.path.dirname(os.path.realpath(path) if os.path.islink(path) else path) or "."
        for path in (source.path for source in sources)
    }
    roots = {run.wishes.root_of(os.path.realpath(folder)) for folder in folders}
    with locked(roots) if sources else nullcontext():
        return run.go(sources)


class _Run:
    """One run over documents: caches, claims on pictures, what is staged, what is wrong."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.result = Result()
        self.problems: list[Diagnostic] = []
        self.changes = Changes()
        self.draw = plan.draw
        self.texts: dict[Job, Drawn] = {}
        self.cache = Cache(plan.cache)
        self.wishes = Wishes(plan.root, plan.settings, dry=not plan.write)
        self.drawn_pictures: dict[str, Drawn] = {}
        self.folders: dict[str, str] = {}
        self.bodies: dict[tuple[Job, str, bool], list[str]] = {}
        self.seen: set[str] = set()
        self.told: set[Diagnostic] = set()

    def go(self, sources: Sequence[Source]) -> Result:
        """Take all documents, then write."""
        try:
            done = 0
            todo = iter(sources)
            while batch := list(islice(todo, _AT_ONCE)):
                documents = [item for source in batch if (item := self._load_in_order(source))]
                self._fill(documents)
                done += len(batch)
                if self.plan.progress is not None:
                    self.plan.progress(done, len(sources))
            if self.problems:
                raise DocumentError(self.problems)
            self.changes.commit()
        finally:
            self.changes.discard()
            self.cache.save()
        self.result.documents = len(sources)
        return self.result

    # --- reading ------------------------------------------------------------------------------

    def _load_in_order(self, source: Source) -> _Document | None:
        """Return a document that has regions; what is wrong with it is noted by its lines."""
        before = len(self.problems)
        document = self._load(source)
        self.problems[before:] = sorted(
            self.problems[before:], key=lambda item: item.place.line if item.place else 0
        )
        return document

    def _load(self, source: Source) -> _Document | None:
        """Return a document that has markers, None for any other."""
        try:
            data, seen = read_document(source, self.folders)
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
            root = self.wishes.root_of(folder)
            if not is_inside(real, root):
                message = f"the document is outside of the project ({shown(root)})"
                raise DocumentError(
                    Diagnostic("outside-project", message, Place(source.name), "see --root")
                )
            if regions and seen is not None and self.plan.write:
                check_interrupted(seen.real, source.name)
            for region in regions:
                self._wish(document, region, folder)
        except ErdgenError as error:
            self._tell_all(error)
            return None
        self.result.regions += len(document.wishes)
        return document

    def _wish(self, document: _Document, region: Region, folder: str) -> None:
        try:
            document.wishes.append(self.wishes.make_wish(document.lines, region, folder))
        except ErdgenError as error:
            self._tell_all(error)

    # --- drawing ------------------------------------------------------------------------------

    def _fill(self, documents: Sequence[_Document]) -> None:
        """Draw what the documents of a batch need, and stage what changes."""
        while len(self.texts) > _MOST_TEXTS:
            del self.texts[next(iter(self.texts))]
        wishes = [wish for document in documents for wish in document.wishes]
        texts = [wish.job for wish in wishes if not wish.pictures and not self._recall(wish.job)]
        pictures = {
            picture.job: picture
            for wish in wishes
            for picture in wish.pictures
            if picture.real not in self.drawn_pictures
        }
        for job, drawn in self._draw(dict.fromkeys([*texts, *pictures])):
            if job in pictures:
                self._take_picture(job, drawn, wishes)
            else:
                self.texts[job] = drawn
                self.cache.put(job, drawn)
        for document in documents:
            self._finish(document)

    def _draw(self, jobs: Collection[Job]) -> Iterable[tuple[Job, Drawn]]:
        if not jobs:
            return ()
        if self.draw is None:
            from erdgen.embed.draw import Tools, make_draw  # only to draw: start-up time

            self.draw = make_draw(Tools())
        return self.draw(jobs, self.plan.processes)

    def _recall(self, job: Job) -> bool:
        """Return whether a text is known, from this run or an earlier one."""
        if job in self.texts:
            return True
        known = self.cache.get(job)
        if known is not None:
            self.texts[job] = known
        return known is not None

    def _take_picture(self, job: Job, drawn: Drawn, wishes: Sequence[Wish]) -> None:
        """Stage a picture that was drawn, for every file that shows it; keep only its words."""
        words = replace(drawn, data=b"")
        for wish in wishes:
            for picture in wish.pictures:
                if picture.job != job or picture.real in self.drawn_pictures:
                    continue
                self.drawn_pictures[picture.real] = words
                if drawn.data and not self.problems:
                    self._stage_picture(picture, drawn)

    def _stage_picture(self, picture: Picture, drawn: Drawn) -> None:
        from erdgen.embed.pictures import stamp  # only for pictures: start-up time

        data, name = stamp(drawn.data, drawn.key), shown(picture.real)
        if _has_bytes(picture.real, data):
            return
        self.changes.stage(name, picture.real, data, seen=None, step=0)

    def _finish(self, document: _Document) -> None:
        """Stage a document whose regions are not what they are to be."""
        changes = [
            (wish.region, body)
            for wish in document.wishes
            if (body := self._compare(document, wish)) is not None
        ]
        name, before = document.source.name, document.source.before
        if not changes and before is None:
            if document.seen is None:
                self.result.outputs.append(b"".join(document.lines))
            return
        self.result.changed.append(name)
        data = splice(document.lines, changes)
        if not self.problems:
            self._check_reading(document, data)
        if self.plan.diffs:
            from erdgen.embed.diff import make_diff, make_whole_diff  # only with --diff

            self.result.diffs.append(
                make_diff(document.lines, changes, name)
                if before is None
                else make_whole_diff(before, data, name)
            )
        if self.problems:
            return
        if document.seen is None:
            self.result.outputs.append(data)
        elif self.plan.write:
            self.changes.stage(name, document.seen.real, data, seen=document.seen, step=1)

    def _check_reading(self, document: _Document, data: bytes) -> None:
        """See that the new bytes are read as the same regions, whatever was put into them."""
        regions, problems = find_regions(split_lines(data), document.source.name)
        wanted = [wish.region.request.model for wish in document.wishes]
        if not problems and [region.request.model for region in regions] == wanted:
            return
        # such as HTML right above a marker, which ends at the region's first blank line
        message = "with its diagrams, the rest of the document would be read in another way"
        help_ = "leave a blank line above and below the markers"
        place = document.wishes[0].region.request.place
        self.problems.append(Diagnostic("unstable-region", message, place, help_))

    def _compare(self, document: _Document, wish: Wish) -> list[str] | None:
        """Return the new lines of a region, None if it has them; note that it is stale."""
        found = len(self.result.findings)
        if wish.pictures:
            body = self._picture_body(document, wish)
        else:
            drawn = self.texts[wish.job]
            body = self._text_body(drawn, wish) if self._is_drawn(drawn, wish) else None
        if body is None or region_is(document.lines, wish.region, body):
            return None
        if not wish.pictures:
            self._pass_on(self.texts[wish.job], wish)
        if len(self.result.findings) == found:
            self._find(
                document, wish.region, f"the diagram of '{wish.region.request.model}' is stale"
            )
        return body

    def _text_body(self, drawn: Drawn, wish: Wish) -> list[str]:
        key = (wish.job, wish.region.prefix, wish.region.mdx)
        if key not in self.bodies:
            while len(self.bodies) >= _MOST_TEXTS:
                del self.bodies[next(iter(self.bodies))]
            content = make_pages(drawn.pages, wish.job.format, mdx=wish.region.mdx)
            self.bodies[key] = make_body(content, wish.region.prefix)
        return self.bodies[key]

    def _picture_body(self, document: _Document, wish: Wish) -> list[str] | None:
        """Return the lines that show a region's pictures; note which of them are stale."""
        drawn = [self.drawn_pictures[picture.real] for picture in wish.pictures]
        if not min([self._is_drawn(item, wish) for item in drawn]):
            return None
        request = wish.region.request
        for picture, item in zip(wish.pictures, drawn, strict=True):
            name = shown(picture.real)
            if not item.fresh and name not in self.result.pictures:
                self.result.pictures.append(name)
                self._pass_on(item, wish)
                what = "is stale" if picture.job.have else _why(picture.real)
                message = f"the picture '{picture.link}' of '{request.model}' {what}"
                self._find(document, wish.region, message)
        alt = request.alt or drawn[0].alt
        links = [picture.link for picture in wish.pictures]
        if len(links) > 1:
            content = make_picture(alt, links[0], links[1], mdx=wish.region.mdx)
        else:
            content = make_image(alt, links[0], mdx=wish.region.mdx)
        return make_body(content, wish.region.prefix)

    def _is_drawn(self, drawn: Drawn, wish: Wish) -> bool:
        """Note the problems of a drawing; return whether it could be drawn."""
        request = wish.region.request
        if not drawn.problems:
            return True
        for item in drawn.problems:
            if item.place is None:
                self.problems.append(item._replace(place=find_place(item, request)))
            else:
                self._tell(item, self.problems)
        if all(item.place is not None for item in drawn.problems):
            message = f"the model '{request.model}' cannot be drawn; see its own errors"
            self.problems.append(Diagnostic("unreadable-model", message, request.place))
        return False

    def _pass_on(self, drawn: Drawn, wish: Wish) -> None:
        """Pass on what the drawing of a stale region has to say, in the words of its marker."""
        place = wish.region.request.place
        for note in drawn.notes:
            placed = note._replace(place=place, help=put_in_marker_words(note.help))
            self._tell(note if note.place else placed, self.result.notes)

    def _tell_all(self, error: ErdgenError) -> None:
        """Note the problems of an error; what many regions meet, such as settings, only once."""
        for item in error.diagnostics:
            self._tell(item, self.problems)

    def _tell(self, item: Diagnostic, among: list[Diagnostic]) -> None:
        if item not in self.told:
            self.told.add(item)
            among.append(item)

    def _find(self, document: _Document, region: Region, message: str) -> None:
        name = document.source.name
        root = f"--root {quote_path(self.plan.root)} " if self.plan.root else ""
        help_ = f"run `erdgen refresh {root}{quote_path(name)}`" if document.seen else "refresh it"
        place = region.request.place
        self.result.findings.append(Diagnostic("stale-region", message, place, help_))


def _has_bytes(path: str, data: bytes) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read() == data
    except OSError:
        return False


def _why(real: str) -> str:
    return "is damaged or was changed by hand" if os.path.exists(real) else "is missing"
