"""`erdgen check MODEL...`: reads model files and reports what is wrong with them."""

from __future__ import annotations

import sys

import click

from erdgen.cli.commands import OutputFormat, make_reporting
from erdgen.errors import EXIT_ERROR, EXIT_FINDINGS, EXIT_FINE, Diagnostic, ErdgenError


def _check(models: tuple[str, ...], output_format: OutputFormat) -> int:
    """Check model files and report every problem with its place.

    Exit code 0: nothing to say; 1: warnings; 2: errors.
    """
    from erdgen.cli.diagnostics import report
    from erdgen.read import read_file
    from erdgen.render.options import judge_defaults

    found: list[Diagnostic] = []
    fine: list[str] = []
    for model in models:
        try:
            reading = read_file(model, judge=judge_defaults)
            found.extend(reading.warnings)
        except ErdgenError as error:
            found.extend(error.diagnostics)
            continue
        counts = (
            _count(len(reading.graph.model.entities), "entity", "entities"),
            _count(len(reading.graph.relationships), "relationship", "relationships"),
        )
        fine.append(f"{model}: {', '.join(counts)}\n")
    if output_format == "full" and fine and sys.stdout is not None:
        from erdgen.cli.files import write_standard_output

        # a file's name may be no text at all
        write_standard_output("".join(fine).encode("utf-8", sys.getfilesystemencodeerrors()))
    report(found, output_format, sys.stdout if output_format == "json" else None)
    if any(item.severity == "error" for item in found):
        return EXIT_ERROR
    return EXIT_FINDINGS if found else EXIT_FINE


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


check = click.Command(
    "check",
    callback=_check,
    help=_check.__doc__,
    params=[
        click.Argument(
            ["models"],
            nargs=-1,
            required=True,
            metavar="MODEL...",
            type=click.Path(allow_dash=True),
        ),
        make_reporting()[0],
    ],
)
