"""What all commands share without loading anything: their table, and how problems are told."""

from __future__ import annotations

from typing import Literal, get_args

OutputFormat = Literal["full", "concise", "json", "github"]
"""How problems are told; the values of `--output-format`."""
OUTPUT_FORMATS: tuple[OutputFormat, ...] = get_args(OutputFormat)

COMMANDS: dict[str, str] = {
    "embed": "Put a diagram into a Markdown document.",
    "refresh": "Bring the diagrams in documents up to date, or check them.",
    "check": "Check model files.",
}
"""Command name -> one line of help; the module `erdgen.cli.NAME` has the click command NAME."""
