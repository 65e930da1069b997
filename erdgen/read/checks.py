"""A collection of a YAML tree in, problems out: what YAML takes without a word and nobody means."""

from __future__ import annotations

from erdgen.read.source import Problems, Source
from erdgen.read.tree import Collection, Node, Scalar, pairs

_CLOSERS = {"(": ")", "<": ">"}
_LONGEST_TORN = 1000


def check_keys(node: Collection, source: Source, problems: Problems) -> None:
    """Note keys that are no text and keys that stand twice."""
    if len(node.items) == 2 and isinstance(node.items[0], Scalar):
        return  # as in a list of `name: definition`, which may have a hundred thousand of them
    keys = node.items[::2]
    if len({getattr(key, "text", None) for key in keys} - {None}) == len(keys):
        return
    seen: dict[str, Scalar] = {}
    for key in keys:
        if not isinstance(key, Scalar):
            problems.error(
                "bad-key",
                "a key must be a text, not a " + ("mapping" if key.mapping else "list"),
                source.place(key.start),
                "a text that begins with { or [ must be quoted",
            )
        elif key.text in seen:
            merge = "several sets are merged by a list: `<<: [*a, *b]`"
            problems.error(
                "duplicate-key",
                f"the key '{key.text}' stands twice in this mapping",
                source.place(key.start, len(key.text)),
                merge if key.text == "<<" else "",
                (("first here", source.place(seen[key.text].start, len(key.text))),),
            )
        else:
            seen[key.text] = key


def check_torn(node: Collection, end: int, source: Source, problems: Problems) -> None:
    """Note texts that a comma of a flow collection has torn apart, as in `{a: numeric(10,2)}`.

    And keys that have swallowed their value for want of a blank, as in `{id:uuid}`.

    Args:
        node: A flow collection.
        end: Where its closing bracket stands.
        source: The file.
        problems: Takes what is found.
    """
    if node.mapping:
        for key, value in pairs(node):
            if isinstance(value, Scalar) and not value.text and not value.style:
                _check_blank(key, source, problems)
    if all(source.text.find(left, node.start, end) < 0 for left in _CLOSERS):
        return
    opened: Scalar | None = None
    for member in node.items:
        # `[a: numeric(10,2)]` is a list of a mapping and a text
        pair = isinstance(member, Collection) and member.flow and len(member.items) == 2
        item = member.items[1] if isinstance(member, Collection) and pair else member
        # a long text is no definition, and an alias may bring it many times
        if not isinstance(item, Scalar) or item.style or len(item.text) > _LONGEST_TORN:
            continue
        text = item.text
        for left, right in _CLOSERS.items():
            surplus = text.count(left) - text.count(right)
            if surplus > 0 and opened is None:
                opened = item
            elif surplus < 0 and opened is not None:
                whole = source.text[opened.start : item.start + len(text)]
                from erdgen.read.quoting import quote_hint  # only when something is wrong

                source.torn |= {opened.start, item.start}
                problems.error(
                    "torn-text",
                    f"YAML tears '{whole}' apart at its comma",
                    source.place(opened.start, len(whole)),
                    quote_hint(whole),
                )
                opened = None


def _check_blank(key: Node, source: Source, problems: Problems) -> None:
    """Note a key without a value that holds one behind a colon of its own."""
    if not isinstance(key, Scalar) or key.style or ":" not in key.text[:-1]:
        return
    name, _, rest = key.text.partition(":")
    problems.error(
        "missing-blank",
        f"a blank is missing after the ':' of '{key.text}'",
        source.place(key.start, len(key.text)),
        f"write `{name}: {rest}`",
    )
