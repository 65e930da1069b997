"""Requests of regions in, what is to stand in them out: text to embed, or pictures and their words.

Reading and rendering are handed in as functions (`Tools`), so that everything about documents can
be tested without drawing, and so that the same work can be done in other processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from erdgen.embed.jobs import Draw, Drawn, Job
from erdgen.embed.markers import PICTURES
from erdgen.errors import Diagnostic, ErdgenError, OptionError, RenderError
from erdgen.model.graph import Graph
from erdgen.read import Reading, read_file
from erdgen.render import Output, render, select_part
from erdgen.render.options import DOCUMENT_WIDTH, Options, Value, make_options, parse_defaults

_MOST_MODELS = 64
"""Models that are kept while documents go by; more are read again."""


@dataclass(frozen=True, slots=True)
class Tools:
    """How models are read and drawn, and what settings hold: the functions a run uses."""

    read: Callable[..., Reading] = read_file
    render: Callable[[Graph, str, Options], Output] = render


@dataclass(slots=True)
class Models:
    """The models read so far in a run: a reading, or why there is none."""

    tools: Tools
    kept: dict[tuple[str, str], Reading | ErdgenError] = field(default_factory=dict)

    def get(self, path: str, root: str = "") -> Reading:
        """Return a model, nothing of which lies outside the folder `root` (empty: anywhere).

        Raises:
            ErdgenError: It cannot be read.
        """
        found = self.kept.get((path, root))
        if found is None:
            if len(self.kept) >= _MOST_MODELS:
                del self.kept[next(iter(self.kept))]
            try:
                found = self.tools.read(path, root=root)
            except ErdgenError as error:
                found = error
            self.kept[path, root] = found
        if isinstance(found, ErdgenError):
            raise found
        return found


def draw(job: Job, models: Models) -> Drawn:
    """Return what a job asks for; what is wrong comes back with it, not as an error."""
    try:
        return _draw(job, models)
    except ErdgenError as error:
        return Drawn(problems=error.diagnostics)


def _draw(job: Job, models: Models) -> Drawn:
    reading = models.get(job.model, job.root)
    options = _resolve(reading.graph, job)
    graph = select_part(reading.graph, options)
    if job.format not in PICTURES:
        output = models.tools.render(graph, job.format, options)
        pages = tuple((page.name, page.data.decode()) for page in output.pages)
        notes = (*reading.warnings, *output.notes)
        return Drawn(pages=pages, notes=notes, files=reading.files)
    from erdgen.embed.pictures import describe, fingerprint  # only for pictures: start-up time

    alt, key = describe(graph), fingerprint(graph, job.format, options)
    if key == job.have or job.dry:
        return Drawn(key=key, fresh=key == job.have, alt=alt, notes=reading.warnings)
    output = models.tools.render(graph, job.format, options)
    if len(output.pages) != 1:
        message = "a picture in a document cannot have several pages"
        raise OptionError(Diagnostic("option-does-not-fit", message, help="leave out 'split'"))
    notes = (*reading.warnings, *output.notes)
    return Drawn(key=key, fresh=False, data=output.data, alt=alt, notes=notes)


def _resolve(graph: Graph, job: Job) -> Options:
    """Return the options: the marker wins over the model's `diagram`, that over the settings."""
    values: dict[str, Value] = {"width": DOCUMENT_WIDTH, **dict(job.settings)}
    values |= parse_defaults(graph.model.diagram)
    if job.format in PICTURES:
        # what may make several pages of a text drawing does not reach pictures from afar
        values.pop("split", None)
    return make_options(values | dict(job.values))


def make_draw(tools: Tools) -> Draw:
    """Return the function that a run draws with; models are kept as long as it is."""
    models = Models(tools)

    def draw_jobs(jobs: Iterable[Job], processes: int) -> Iterator[tuple[Job, Drawn]]:
        return draw_all(jobs, models, processes)

    return draw_jobs


def draw_all(
    jobs: Iterable[Job], models: Models, processes: int = 1
) -> Iterator[tuple[Job, Drawn]]:
    """Yield every job with what came of it.

    Args:
        jobs: Each one once.
        models: With more than one process its tools must be functions of modules.
        processes: How many draw at once.
    """
    todo = list(jobs)
    if processes > 1 and len(todo) > 1:
        yield from _draw_in_processes(todo, models.tools, processes)
        return
    for job in todo:
        yield job, draw(job, models)


def _draw_in_processes(
    todo: list[Job], tools: Tools, processes: int
) -> Iterator[tuple[Job, Drawn]]:
    # only with -j: start-up time
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    # a model's jobs go together, so that it is read once
    chunks: dict[str, list[Job]] = {}
    for job in todo:
        chunks.setdefault(job.model, []).append(job)
    with ProcessPoolExecutor(min(processes, len(chunks))) as pool:
        try:
            results = pool.map(_draw_chunk, chunks.values(), [tools] * len(chunks))
            for jobs, drawn in zip(chunks.values(), results, strict=True):
                yield from zip(jobs, drawn, strict=True)
        except BrokenProcessPool as error:
            message = "a process that was drawing has been ended from outside"
            help_ = "if the memory was full, a smaller -j takes less of it"
            raise RenderError(Diagnostic("worker-lost", message, help=help_)) from error
        except BaseException:
            # Ctrl-C: what has not begun yet is of no use to anybody
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _draw_chunk(jobs: list[Job], tools: Tools) -> list[Drawn]:
    models = Models(tools)
    return [draw(job, models) for job in jobs]
