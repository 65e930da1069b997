"""`erdgen embed MODEL DOCUMENT`: puts a diagram where the document's template has its place."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from erdgen.cli.commands import make_reporting
from erdgen.cli.options import given_values, make_parameters
from erdgen.embed.markers import FORMATS, PICTURES
from erdgen.errors import (
    EXIT_FINDINGS,
    EXIT_FINE,
    Diagnostic,
    DocumentError,
    FileError,
    OptionError,
    Place,
)


def _embed(model: str, document: str, **options: Any) -> int:
    """Put the diagram of MODEL into DOCUMENT, a Markdown file, and keep it fresh from then on.

    It goes where the document's template has its place for it (a heading such as "Entity
    Relationship Diagram" with a placeholder below), or into a new section. From then on `erdgen
    refresh` keeps it fresh. A drawing made by hand is replaced only with --replace.
    """
    from erdgen.cli.diagnostics import report
    from erdgen.cli.refresh import encode_diffs, end_in_order, find_settings_of, write_output
    from erdgen.embed.cache import find_cache_folder
    from erdgen.embed.documents import Source, check_utf8
    from erdgen.embed.insert import embed as insert
    from erdgen.embed.marking import find_same
    from erdgen.embed.update import Plan, update
    from erdgen.embed.write import look_at

    end_in_order()
    _check_words(model, document)
    if options["line"] and options["after"]:
        message = "--after and --line both say where the diagram stands; one of them is enough"
        raise OptionError(Diagnostic("usage", message))
    wanted = _wanted(model, document, options)
    try:
        seen = look_at(document)
        with open(document, "rb") as file:
            data = file.read()
    except OSError as error:
        raise FileError(_unreadable(document, error)) from error
    check_utf8(data, document)
    same = 0 if options["after"] or options["line"] else find_same(data, document, wanted)
    notes: list[Diagnostic] = []
    if same:
        said = f"line {same} shows this diagram already"
    else:
        try:
            embedding = insert(data, document, wanted)
        except DocumentError as error:
            raise _with_losses(error, data, document, wanted, model) from error
        said = f"the diagram of {model} stands at line {embedding.line}, {embedding.what}"
        if embedding.gone:
            notes = _losses(embedding.gone, document, model, mermaid=embedding.mermaid)
        original, data = data, embedding.data
    plan = Plan(
        write=not options["diff"],
        diffs=options["diff"],
        root=options["root"] or "",
        settings=find_settings_of,
        cache=find_cache_folder(),
    )
    before = None if same else original
    result = update([Source(document, document, data, seen, before)], plan)
    if options["diff"]:
        write_output(encode_diffs(result.diffs))
    if not options["quiet"]:
        report([*notes, *result.notes], options["output_format"])
        if not options["diff"] and options["output_format"] != "json":
            pictures = "".join(f"; wrote {name}" for name in result.pictures)
            sys.stderr.write(f"{document}: {said}{pictures}\n")
    return EXIT_FINDINGS if options["diff"] and result.changed else EXIT_FINE


def _check_words(model: str, document: str) -> None:
    """See that both are files, and that they are not meant the other way round.

    Raises:
        FileError: One of them is none.
        OptionError: The document is a model.
    """
    from erdgen.embed.discover import find_documents

    find_documents(path for path in (model, document) if not os.path.isdir(path))
    for path in (model, document):
        if os.path.isdir(path):
            message = f"'{path}' is a directory, not a file"
            raise FileError(Diagnostic("is-a-directory", message, Place(path)))
    if document.lower().endswith((".yaml", ".yml")):
        message = f"'{document}' is no Markdown document"
        help_ = "the model comes first: `erdgen embed MODEL DOCUMENT`"
        raise OptionError(Diagnostic("usage", message, help=help_))


def _relative(path: str, folder: str) -> str:
    """Return a path as it is written in a document in this real folder."""
    try:
        return os.path.relpath(os.path.realpath(path), folder).replace(os.sep, "/")
    except ValueError:  # on another drive of Windows: it will be told that it is outside
        return os.path.realpath(path)


def _wanted(model: str, document: str, options: dict[str, Any]) -> Any:
    from erdgen.embed.marking import Wanted

    folder = os.path.dirname(os.path.realpath(document))
    path = _relative(model, folder)
    extra = {
        key: value
        for key, value in (
            ("file", options["file"]),
            ("dark", "yes" if options["dark"] else None),
            ("alt", options["alt"]),
        )
        if value
    }
    values = given_values(options)
    theme = values.get("theme")
    if isinstance(theme, str) and os.path.isfile(theme):
        # as the model, it is named relative to the document
        values["theme"] = _relative(theme, folder)
    return Wanted(
        path,
        options["format_name"] or _format_of(options["file"] or ""),
        values,
        extra,
        options["replace"],
        options["after"] or "",
        options["line"] or 0,
    )


def _format_of(file: str) -> str:
    """Return the picture that a file's suffix means, empty for none."""
    suffix = os.path.splitext(file)[1].lower().removeprefix(".")
    return suffix if suffix in PICTURES else ""


def _unreadable(document: str, error: OSError) -> Diagnostic:
    message = f"cannot be read: {error.strerror or error}"
    return Diagnostic("unreadable-file", message, Place(document))


def _with_losses(
    error: DocumentError, data: bytes, document: str, wanted: Any, model: str
) -> DocumentError:
    """Return the error with what would be lost, where it is about a drawing made by hand."""
    if [item.code for item in error.diagnostics] != ["hand-made-drawing"]:
        return error
    from dataclasses import replace

    from erdgen.embed.insert import embed as insert

    embedding = insert(data, document, replace(wanted, replace=True))
    if embedding.gone is None:
        return error
    losses = _losses(embedding.gone, document, model, mermaid=embedding.mermaid)
    return DocumentError([*error.diagnostics, *losses])


def _losses(
    gone: tuple[int, list[str]], document: str, model: str, *, mermaid: bool
) -> list[Diagnostic]:
    """Return a note for everything that the drawing has and the model has not."""
    from erdgen.embed.losses import find_losses
    from erdgen.read import read_file

    first, lines = gone
    graph = read_file(model).graph
    notes = []
    for loss in find_losses(lines, graph, mermaid=mermaid):
        source = lines[loss.line]
        named = loss.text.split("'")[1]
        column = max(source.find(named), 0)
        length = len(named) if named in source else 1
        place = Place(document, first + loss.line, column + 1, length, source)
        message = f"the drawing has {loss.text}, the model has not"
        notes.append(Diagnostic(f"lost-{loss.kind}", message, place, severity="note"))
    return notes


embed = click.Command(
    "embed",
    callback=_embed,
    help=_embed.__doc__,
    params=[
        click.Argument(["model"], type=click.Path()),
        click.Argument(["document"], type=click.Path()),
        click.Option(
            ["-f", "--format", "format_name"],
            type=click.Choice(FORMATS),
            help="What stands in the document.  [default: text, or what stood there]",
        ),
        click.Option(["--replace"], is_flag=True, help="Replace a drawing made by hand."),
        click.Option(["--after"], metavar="HEADING", help="Put it below this heading."),
        click.Option(
            ["--line"],
            type=click.IntRange(min=1),
            metavar="N",
            help="Put it before line N, or in place of the drawing there.",
        ),
        click.Option(
            ["--file"],
            metavar="FILE",
            type=click.Path(),
            help="Where a picture is written, relative to DOCUMENT.",
        ),
        click.Option(["--dark"], is_flag=True, help="A second picture for dark pages."),
        click.Option(["--alt"], metavar="TEXT", help="A picture's alternative text."),
        click.Option(["--diff"], is_flag=True, help="Write nothing; show what would change."),
        click.Option(
            ["--root"],
            type=click.Path(exists=True, file_okay=False),
            help="The project's folder, out of which no path may lead.",
        ),
        *make_reporting(),
        *(option for _, group in make_parameters() for option in group),
    ],
)
