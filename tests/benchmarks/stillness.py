"""How much of a drawing stays as it was when an entity is added."""

from __future__ import annotations

import difflib
import statistics

from tests.benchmarks.tables import show_table
from tests.oracle import read_truth
from tests.support.drawings import draw
from tests.support.paths import CORPUS

_LEAF = "zz_added_leaf"
_DETAILS = ("names", "keys", "full")
_WIDTHS = (None, 80, 100, 120)


def kept_share(before: str, after: str) -> float:
    """Return the share of the lines of `before` that stand in `after` in the same order.

    >>> kept_share("a\\nb\\nc\\n", "a\\nx\\nc\\n")
    0.6666666666666666
    """
    old, new = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / max(1, len(old))


def with_leaf(text: str, parent: str) -> str:
    """Return a model file with one more entity, which refers to another."""
    leaf = (
        f"  {_LEAF}:\n    attributes:\n      id: bigint pk\n"
        f'      parent_key: {{type: bigint, references: "{parent}"}}\n'
    )
    head, found, tail = text.partition("\nrelationships:")
    return f"{head.rstrip()}\n{leaf}{found}{tail}" if found else f"{text.rstrip()}\n{leaf}"


def stillness(largest: int) -> None:
    """Print what stays of each corpus model's drawing when it gets one more leaf."""
    views = [(detail, width) for detail in _DETAILS for width in _WIDTHS]
    rows: list[list[object]] = []
    shares: dict[tuple[str, int | None], list[float]] = {view: [] for view in views}
    for path in sorted(CORPUS.glob("*.yaml")):
        truth = read_truth(path)
        if len(truth.entities) > largest:
            continue
        names = list(truth.entities)
        text = path.read_text(encoding="utf-8")
        after = with_leaf(text, names[len(names) // 2])
        row: list[object] = [path.stem]
        for detail, width in views:
            one, other = (draw(model, detail=detail, width=width) for model in (text, after))
            share = kept_share(one, other)
            shares[detail, width].append(share)
            row.append(f"{share:.0%}")
        rows.append(row)
    rows.append(["**median**", *(f"**{statistics.median(shares[view]):.0%}**" for view in views)])
    head = ["model", *(f"{detail}, {width or 'any'}" for detail, width in views)]
    show_table("Lines that stay when a leaf entity is added", head, rows)
