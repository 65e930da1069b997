"""`python -m tests.benchmarks [PART]...`: prints the parts' tables as Markdown."""

from __future__ import annotations

from collections.abc import Callable

import click

from tests.benchmarks import documents, peers, pictures, quality, speed, stillness


@click.command()
@click.argument("parts", nargs=-1)
@click.option("--rounds", default=9, help="How often each program is run.")
@click.option("--sizes", default="100", help="Sizes of the random models compared with peers.")
@click.option("--largest", default=130, help="Entities of the largest model for stillness.")
def main(parts: tuple[str, ...], rounds: int, sizes: str, largest: int) -> None:
    """Measure erdgen beside others; without PARTS all but install-peers."""
    table: dict[str, Callable[[], None]] = {
        "startup": lambda: speed.startup(3 * rounds),
        "parsing": lambda: speed.parsing(rounds),
        "drawing": lambda: speed.drawing(rounds),
        "scaling": speed.scaling,
        "documents": lambda: documents.documents(rounds),
        "quality": lambda: quality.run_quality(tuple(map(int, sizes.split(",")))),
        "corpus": quality.corpus_table,
        "stillness": lambda: stillness.stillness(largest),
        "pictures": lambda: pictures.pictures(rounds),
        "picture-stillness": lambda: pictures.picture_stillness(largest),
        "install-peers": _install,
    }
    unknown = [part for part in parts if part not in table]
    if unknown:
        raise click.UsageError(f"no part '{unknown[0]}'; there are {', '.join(table)}")
    for part in parts or [name for name in table if name != "install-peers"]:
        table[part]()


def _install() -> None:
    for line in peers.install():
        click.echo(line)
    pictures.install_picture_peers()


if __name__ == "__main__":
    main()
