"""A document, a place and a marker in, the document with an empty region there out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from erdgen.embed.blocks import Blocks
from erdgen.embed.drawings import classify
from erdgen.embed.jobs import Value
from erdgen.embed.markers import Region, find_regions
from erdgen.embed.marking import Wanted, make_marker
from erdgen.embed.scan import scan, split_lines
from erdgen.embed.scanner import BOM
from erdgen.embed.slots import (
    Section,
    Slot,
    announces,
    classify_fence,
    fence_text,
    find_headings,
    find_in_section,
    find_kept_free,
    find_new_place,
    find_sections,
    find_slots,
    in_region,
    normalize,
)
from erdgen.errors import Diagnostic, DocumentError, Place

NEW_HEADING = "Entity Relationship Diagram"
_LEGEND_HEAD = re.compile(r"\s*\**Legend\**\s*:?\**\s*:?\s*$", re.IGNORECASE)
_LEGEND_ROWS = (
    re.compile(r"\s*[-*]\s*`[─-]+>`\s*:\s*one-to-one.*", re.IGNORECASE),
    re.compile(r"\s*[-*]\s*`[═=]+>`\s*:\s*one-to-many.*", re.IGNORECASE),
    re.compile(r"\s*[-*]\s*`<[─-]+>`\s*:\s*many-to-many.*", re.IGNORECASE),
)
"""The legend of the implementation template; it says what `notation=lines` draws."""
_REMAINDER = re.compile(r"\s*\[[^\[\]]*(?:diagram|\bERD?\b)[^\[\]]*\]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Embedding:
    """A document with a new, still empty region.

    Attributes:
        data: The document's new bytes.
        line: The line (from 1) of the begin marker.
        what: What was done, as a clause for a message.
        gone: The drawing by hand that gives way, with the line (from 1) it begins at; or None.
        mermaid: Whether that drawing is Mermaid.
    """

    data: bytes
    line: int
    what: str
    gone: tuple[int, list[str]] | None = None
    mermaid: bool = False


@dataclass(frozen=True, slots=True)
class _Page:
    """A document as it is."""

    name: str
    lines: list[bytes]
    blocks: Blocks
    regions: list[Region]
    sections: list[Section]
    end: bytes

    def place(self, line: int) -> Place:
        source = self.lines[line].removeprefix(BOM).decode().rstrip("\r\n")
        return Place(self.name, line + 1, 1, max(len(source), 1), source)


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where the region goes: in place of the lines from `first` up to (without) `after`."""

    first: int
    after: int
    what: str
    slot: Slot | None = None
    heading: str = ""
    rule: bool = False


def embed(data: bytes, name: str, wanted: Wanted) -> Embedding:
    """Return a document with an empty region for a diagram.

    Args:
        data: The document; UTF-8.
        name: Its name, for places; `.mdx` is MDX.
        wanted: What is to be embedded.

    Raises:
        DocumentError: There is no place, or more than one, or what stands there would be lost.
    """
    page = _read_page(data, name)
    spot = _find_spot(page, wanted)
    slot = spot.slot
    gone = None
    if slot is not None and slot.kind in ("drawing", "mermaid"):
        text = [line.decode().rstrip("\r\n") for line in page.lines[slot.first + 1 : slot.last]]
        gone = (slot.first + 2, text)
    values = dict(wanted.values or {})
    format_name = wanted.format or ("mermaid" if slot and slot.kind == "mermaid" else "text")
    after, values = _take_rest(page, spot, values, format_name)
    begin = make_marker(wanted, format_name, values, mdx=name.lower().endswith(".mdx"))
    block = _make_block(page, spot, after, begin, name)
    rest = page.lines[after:]
    if not spot.first and page.lines and page.lines[0].startswith(BOM):
        block[0] = BOM + block[0]
        rest[:1] = [line.removeprefix(BOM) for line in rest[:1]]
    new = [*page.lines[: spot.first], *block, *rest]
    if spot.first == len(page.lines) and page.lines and not page.lines[-1].endswith((b"\n", b"\r")):
        # the new end of the document has no line end either
        new[spot.first - 1] += page.end
        new[-1] = new[-1].rstrip(b"\r\n")
    at = spot.first + next(i for i, line in enumerate(block) if begin.encode() in line)
    _check_stands(page, new, at)
    mermaid = slot is not None and slot.kind == "mermaid"
    return Embedding(b"".join(new), at + 1, spot.what, gone, mermaid)


def _check_stands(page: _Page, new: Sequence[bytes], at: int) -> None:
    """See that the new region is one, and the others still are.

    Raises:
        DocumentError: Something above it, such as a comment that is never closed, swallows it.
    """
    regions, problems = find_regions(new, page.name)
    if problems and all(item.place and item.place.line == at + 1 for item in problems):
        raise DocumentError(problems)  # what the marker says is wrong, not where it stands
    stands = any(region.begin == at for region in regions)
    if problems or not stands or len(regions) != len(page.regions) + 1:
        message = "the diagram cannot stand here: a fence or comment above is never closed"
        place = page.place(min(at, len(page.lines) - 1)) if page.lines else Place(page.name)
        raise DocumentError(
            Diagnostic("no-slot", message, place, "close it, or name another --line")
        )


def _read_page(data: bytes, name: str) -> _Page:
    lines = split_lines(data)
    regions, problems = find_regions(lines, name)
    if problems:
        raise DocumentError(problems)
    blocks = scan(lines, outline=True, mdx=name.lower().endswith(".mdx"))
    ends = [line[len(line.rstrip(b"\r\n")) :] for line in lines]
    ends = [end for end in ends if end] or [b"\n"]
    # beside lone CRs, a line feed of ours could join one of them to a single line end
    end = b"\r\n" if b"\r" in ends and len(set(ends)) > 1 else ends[0]
    return _Page(name, lines, blocks, regions, find_sections(blocks, len(lines)), end)


def _find_spot(page: _Page, wanted: Wanted) -> _Spot:
    if wanted.line:
        return _at_line(page, wanted)
    if wanted.after:
        return _after_heading(page, wanted)
    slots = find_slots(page.lines, page.blocks, page.regions)
    if len(slots) > 1:
        raise DocumentError(_ambiguous(page, slots))
    if slots:
        return _in_slot(page, slots[0], wanted)
    if page.regions:
        region = page.regions[0]
        message = "the document has a diagram already, and no further place for one"
        help_ = "`erdgen refresh` keeps it fresh; --after HEADING or --line N puts another one"
        raise DocumentError(Diagnostic("no-slot", message, page.place(region.begin), help_))
    _refuse_other(page)
    kept = find_kept_free(page.lines, page.sections)
    if kept is not None:
        at = kept.heading.after
        return _Spot(at, at, f"below '{kept.heading.text}'")
    first, level = find_new_place(page.lines, page.blocks)
    heading = f"{'#' * level} {NEW_HEADING}"
    below = [section.heading.text for section in page.sections if section.heading.line == first]
    where = f"above '{below[0]}'" if below else "at the end"
    rule = first < len(page.lines) and _has_rule_above(page, first)
    return _Spot(first, first, f"in a new section {where}", heading=heading, rule=rule)


def _in_slot(page: _Page, slot: Slot, wanted: Wanted) -> _Spot:
    """Return the spot of a slot.

    Raises:
        DocumentError: A drawing by hand stands there and may not go.
    """
    if slot.kind == "placeholder":
        return _Spot(slot.first, slot.last + 1, "in place of the template's placeholder", slot)
    if not wanted.replace:
        message = "a drawing made by hand stands where the diagram belongs"
        help_ = "--replace puts the diagram in its place; --line N puts it elsewhere"
        raise DocumentError(Diagnostic("hand-made-drawing", message, page.place(slot.first), help_))
    return _Spot(slot.first, slot.last + 1, "in place of the drawing made by hand", slot)


def _refuse_other(page: _Page) -> None:
    """See that no section announces a diagram and shows something else.

    Raises:
        DocumentError: One does: nobody can tell whether it should go.
    """
    for section in page.sections:
        if announces(section) is not True or announces(_alone(section)) is not True:
            continue
        for fence in page.blocks.fences:
            if section.heading.after <= fence.first < section.end:
                _, reason = classify_fence(page.lines, fence)
                if reason.startswith("code"):
                    continue
                title = section.heading.text
                message = f"what stands below '{title}' looks like {reason}; it stays as it is"
                help_ = "say where the diagram belongs with --after HEADING or --line N"
                raise DocumentError(Diagnostic("no-slot", message, page.place(fence.first), help_))


def _alone(section: Section) -> Section:
    return Section(section.heading, (), section.end)


def _after_heading(page: _Page, wanted: Wanted) -> _Spot:
    found = find_headings(wanted.after, page.sections)
    if not found:
        from erdgen.errors import nearest

        hint = nearest(wanted.after, [section.heading.text for section in page.sections])
        message = f"there is no heading '{wanted.after}'"
        help_ = f"did you mean '{hint}'?" if hint else ""
        raise DocumentError(Diagnostic("no-heading", message, Place(page.name), help_))
    if len(found) > 1:
        message = f"{len(found)} headings fit '{wanted.after}'"
        related = tuple(("one is here", page.place(item.heading.line)) for item in found)
        raise DocumentError(
            Diagnostic(
                "ambiguous-heading", message, Place(page.name), "use --line N", related=related
            )
        )
    section = found[0]
    slots = find_in_section(page.lines, page.blocks, page.regions, section, certain=True)
    if normalize(section.heading.text) and len(slots) == 1:
        return _in_slot(page, slots[0], wanted)
    if len(slots) > 1:
        raise DocumentError(_ambiguous(page, slots))
    at = section.heading.after
    return _Spot(at, at, f"below '{section.heading.text}'")


def _at_line(page: _Page, wanted: Wanted) -> _Spot:
    """Return the spot that --line names: the fence it lies in, or before the line.

    Raises:
        DocumentError: No diagram can stand there.
    """
    total = len(page.lines)
    at = wanted.line - 1
    if at > total:
        message = f"the document has only {total} lines"
        raise DocumentError(Diagnostic("no-line", message, Place(page.name)))
    if at < total and in_region(at, page.regions):
        message = "this line belongs to a diagram already"
        raise DocumentError(Diagnostic("no-slot", message, page.place(at)))
    for fence in page.blocks.fences:
        if fence.first <= at <= fence.last:
            kind, reason = classify(fence.info, fence_text(page.lines, fence))
            if kind == "other" or not fence.closed:
                what = reason if kind == "other" else "a fence that is never closed"
                message = f"this is {what}, and stays as it is"
                help_ = "name a line outside of it"
                raise DocumentError(Diagnostic("no-slot", message, page.place(fence.first), help_))
            return _in_slot(page, Slot(fence.first, fence.last, kind, None), wanted)
    reason = _blocked(page, at)
    if reason:
        message = f"the diagram cannot stand before this line: it is inside of {reason}"
        help_ = "name a blank line or the first line of a block"
        raise DocumentError(Diagnostic("no-slot", message, page.place(min(at, total - 1)), help_))
    return _Spot(at, at, f"before line {wanted.line}")


def _blocked(page: _Page, at: int) -> str:
    """Return what a new block before a line would tear apart; empty for nothing."""
    lines, blocks = page.lines, page.blocks
    if at < blocks.body:
        return "the front matter"
    if any(first < at <= last for first, last in blocks.opaque):
        return "HTML or a comment"
    if at >= len(lines):
        return ""
    if at in blocks.nested and at - 1 in blocks.nested:
        return "a list or a quote"
    starts = {heading.line for heading in blocks.headings}
    ends = {heading.after for heading in blocks.headings}
    if at in starts or at in ends or at == blocks.body:
        return ""
    above, here = lines[at - 1].strip(), lines[at].strip()
    return "a paragraph" if above and here else ""


def _take_rest(
    page: _Page, spot: _Spot, values: dict[str, Value], format_name: str
) -> tuple[int, dict[str, Value]]:
    """Return the end of what gives way, with what belongs to a placeholder, and the values.

    The template's legend stays where the diagram is drawn by it (`notation=lines`); otherwise it
    would be wrong, and goes for one that is true.
    """
    after = spot.after
    if spot.slot is None or spot.slot.kind != "placeholder":
        return after, values
    following = _skip_blank(page.lines, after)
    if following < len(page.lines) and _REMAINDER.fullmatch(page.lines[following].decode()):
        after = following + 1
        following = _skip_blank(page.lines, after)
    legend_end = _legend_end(page.lines, following)
    if legend_end:
        if format_name == "text" and values.get("notation", "lines") == "lines":
            values = {**values, "notation": "lines"}
        else:
            after = legend_end
            if format_name in ("text", "svg", "png"):
                values = {**values, "legend": True}
    return after, values


def _skip_blank(lines: Sequence[bytes], index: int) -> int:
    while index < len(lines) and not lines[index].strip():
        index += 1
    return index


def _legend_end(lines: Sequence[bytes], start: int) -> int:
    """Return the line behind the template's legend that begins at a line, 0 if none does."""
    if start >= len(lines) or not _LEGEND_HEAD.fullmatch(lines[start].decode().strip()):
        return 0
    first = _skip_blank(lines, start + 1)
    rows = [line.decode().rstrip("\r\n") for line in lines[first : first + 3]]
    fits = len(rows) == 3 and all(
        pattern.fullmatch(row) for pattern, row in zip(_LEGEND_ROWS, rows, strict=True)
    )
    following = lines[first + 3 : first + 4]
    return first + 3 if fits and not (following and following[0].strip()) else 0


def _make_block(page: _Page, spot: _Spot, after: int, begin: str, name: str) -> list[bytes]:
    """Return the lines that are put in: the markers, with blank lines where they are needed."""
    mdx = name.lower().endswith(".mdx")
    rows = [begin, "", "{/* erdgen:end */}" if mdx else "<!-- erdgen:end -->"]
    if spot.heading:
        rows = [spot.heading, "", *rows]
    above = page.lines[spot.first - 1] if spot.first else b""
    if above.removeprefix(BOM).strip():
        rows.insert(0, "")
    if after < len(page.lines) and page.lines[after].strip():
        rows.append("")
    if spot.rule:
        rows += ["---", ""]
    return [row.encode() + page.end for row in rows]


def _has_rule_above(page: _Page, line: int) -> bool:
    """Return whether a rule stands between a heading and the section above it."""
    at = line - 1
    while at >= page.blocks.body and not page.lines[at].strip():
        at -= 1
    return at >= page.blocks.body and page.lines[at].strip() == b"---"


def _ambiguous(page: _Page, slots: Sequence[Slot]) -> Diagnostic:
    related = tuple(
        (
            f"one is here{f', below {slot.heading.text!r}' if slot.heading else ''}",
            page.place(slot.first),
        )
        for slot in slots
    )
    message = f"{len(slots)} places fit"
    help_ = "say which with --after HEADING or --line N"
    return Diagnostic("ambiguous-slot", message, page.place(slots[0].first), help_, related=related)
