"""`erdgen refresh [PATH...]`: makes the diagrams in documents fresh, or says which are stale."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

import click

from erdgen.cli.commands import make_reporting
from erdgen.embed.jobs import Value
from erdgen.errors import EXIT_FINDINGS, EXIT_FINE, Diagnostic, FileError, OptionError, Place


def _refresh(paths: tuple[str, ...], **options: Any) -> int:
    """Make every diagram between erdgen's markers fresh.

    PATH is a document, a folder (git's list of Markdown files where there is git), or - for
    standard input to standard output. Without a path it is the working directory.

    Exit code 0: nothing to do or done; 1: --check or --diff found something stale; 2: errors, and
    nothing is written.
    """
    from erdgen.embed.cache import find_cache_folder
    from erdgen.embed.update import Plan, update

    end_in_order()
    check, diff = options["check"], options["diff"]
    sources = _find_sources(paths or (".",), options["stdin_filename"])
    progress, clear = _progress(quiet=options["quiet"])
    plan = Plan(
        write=not (check or diff),
        diffs=diff,
        root=options["root"] or "",
        processes=options["jobs"],
        settings=find_settings_of,
        progress=progress,
        cache="" if options["no_cache"] else find_cache_folder(),
    )
    try:
        result = update(sources, plan)
    finally:
        clear()
    if diff:
        write_output(encode_diffs(result.diffs))
    elif not check:
        write_output(b"".join(result.outputs))
    output_format = options["output_format"]
    found = [*(result.findings if check else ()), *(() if options["quiet"] else result.notes)]
    if found or output_format == "json":
        from erdgen.cli.diagnostics import report  # only where there is something to say

        # standard output may hold the document or the diffs already
        spoken_for = diff or (bool(result.outputs) and not check)
        own_stream = output_format == "json" and not spoken_for
        report(found, output_format, sys.stdout if own_stream else None)
    if not options["quiet"] and output_format != "json":
        sys.stderr.write(_summary(result, check=check, diff=diff) + "\n")
    stale = bool(result.findings)
    return EXIT_FINDINGS if stale and (check or diff) else EXIT_FINE


def end_in_order() -> None:
    """See that a run that is asked to end (SIGTERM) takes back what it has staged, as on Ctrl-C."""
    import signal  # only where documents are written: start-up time

    def end(*_: object) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    with suppress(ValueError):  # in another thread than the first
        signal.signal(signal.SIGTERM, end)


def _find_sources(paths: tuple[str, ...], stdin_name: str | None) -> list[Any]:
    """Return the documents to look at.

    Raises:
        FileError: A path does not exist, or standard input is closed.
        OptionError: Standard input and files are mixed.
    """
    from erdgen.embed.discover import find_documents
    from erdgen.embed.documents import Source

    if "-" not in paths:
        return [Source(path, path) for path in find_documents(paths)]
    if len(paths) > 1:
        message = "standard input (-) stands alone, without further paths"
        raise OptionError(Diagnostic("usage", message))
    name = stdin_name or "<stdin>"
    if sys.stdin is None:
        raise FileError(Diagnostic("unreadable-file", "cannot be read: it is closed", Place(name)))
    return [Source(name, stdin_name or "document.md", sys.stdin.buffer.read())]


def find_settings_of(folder: str) -> Mapping[str, Value]:
    """Return the option values of the settings that hold in a folder."""
    from erdgen.cli.settings import find_settings

    return find_settings(folder)


def encode_diffs(diffs: Iterable[str]) -> bytes:
    """Return diffs as bytes; a file name that is no text stands in them as it is on the disk."""
    return "".join(diffs).encode("utf-8", sys.getfilesystemencodeerrors())


def write_output(data: bytes) -> None:
    """Write bytes to standard output, if there are any."""
    if data:
        from erdgen.cli.files import write_standard_output

        write_standard_output(data)


def _progress(*, quiet: bool) -> tuple[Callable[[int, int], None] | None, Callable[[], None]]:
    """Return what shows progress on a terminal, and what takes it away again."""
    if quiet or not sys.stderr.isatty():
        return None, lambda: None

    def show(done: int, total: int) -> None:
        sys.stderr.write(f"\r{done}/{total} documents\x1b[K")
        sys.stderr.flush()

    def clear() -> None:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()

    return show, clear


def _summary(result: Any, *, check: bool, diff: bool) -> str:
    """Return the one line that says what was done."""
    if not result.regions:
        found = f"no diagram in {_count(result.documents, 'document')}"
        return f"{found}; `erdgen embed MODEL DOCUMENT` puts one there"
    looked = f"{_count(result.regions, 'diagram')} in {_count(result.documents, 'document')}"
    changed, pictures = len(result.changed), len(result.pictures)
    parts = []
    if changed:
        parts.append(_count(changed, "document"))
    if pictures:
        parts.append(_count(pictures, "picture"))
    if not parts:
        return f"{looked}: all fresh"
    said = " and ".join(parts)
    if check or diff:
        return f"{looked}: {said} would change; `erdgen refresh` writes them"
    return f"{looked}: {said} written"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


refresh = click.Command(
    "refresh",
    callback=_refresh,
    help=_refresh.__doc__,
    params=[
        click.Argument(["paths"], nargs=-1, metavar="[PATH]...", type=click.Path(allow_dash=True)),
        click.Option(
            ["--check"], is_flag=True, help="Write nothing; exit with 1 if a diagram is stale."
        ),
        click.Option(["--diff"], is_flag=True, help="Write nothing; show what would change."),
        click.Option(
            ["-j", "--jobs"],
            type=click.IntRange(min=1),
            default=1,
            show_default=True,
            metavar="N",
            help="Draw in N processes at once.",
        ),
        click.Option(
            ["--root"],
            type=click.Path(exists=True, file_okay=False),
            help="The project's folder, out of which no path may lead."
            "  [default: the repository's]",
        ),
        click.Option(["--no-cache"], is_flag=True, help="Draw everything anew."),
        click.Option(
            ["--stdin-filename"],
            metavar="FILE",
            type=click.Path(),
            help="What the document on standard input is called.",
        ),
        *make_reporting("findings", "findings and errors"),
    ],
)
