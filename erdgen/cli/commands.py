"""What all commands share and nothing loads for: their table, and how problems are told."""

from __future__ import annotations

from typing import Literal, get_args

import click

OutputFormat = Literal["full", "concise", "json", "github"]
"""How problems are told; the values of `--output-format`."""
OUTPUT_FORMATS: tuple[OutputFormat, ...] = get_args(OutputFormat)

COMMANDS: dict[str, str] = {
    "embed": "Put a diagram into a Markdown document.",
    "refresh": "Bring the diagrams in documents up to date, or check them.",
    "check": "Check model files.",
}
"""Command name -> one line of help; the module `erdgen.cli.NAME` has the click command NAME."""


def make_reporting(
    problems: str = "problems", errors: str = "errors"
) -> tuple[click.Option, click.Option]:
    """Return the options `--output-format` and `--quiet`, with the words for what they tell."""
    return (
        click.Option(
            ["--output-format"],
            type=click.Choice(OUTPUT_FORMATS),
            default="full",
            show_default=True,
            help=f"How {problems} are reported.",
        ),
        click.Option(["-q", "--quiet"], is_flag=True, help=f"Say nothing but {errors}."),
    )
