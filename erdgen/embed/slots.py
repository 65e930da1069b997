"""A document in, the places out where its template keeps the diagram, or where one would stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from erdgen.embed.blocks import Blocks, Fence, Heading
from erdgen.embed.drawings import Kind, classify
from erdgen.embed.markers import Region

_DIAGRAM = re.compile(
    r"\bentit(?:y|ies) relation(?:ship)?s?\b|\be ?r ?(?:diagram|model|schema)s?\b|\berds?\b"
    r"|\brelation(?:ship)?s? (?:diagram|map|model|overview|graph)\b"
    r"|\b(?:entity|data model|database|schema|table|domain model) (?:diagram|map)s?\b"
    r"|エンティティ(?:間の?)?(?:関係|関連|リレーション)|e ?r ?図|関係図|関連図|データモデル図"
    r"|实体(?:关系|联系)|實體(?:關係|關聯)|e ?r ?图|e ?r ?圖|关系图|關係圖|数据模型图"
    r"|(?:엔티티|엔터티|개체) ?관계|관계도|e ?r ?다이어그램"
    r"|\bentit(?:y|ä(?:ts|ten)) (?:relationship|beziehungs) ?(?:diagramm|modell)\b"
    r"|\b(?:er|beziehungs|datenmodell) ?(?:diagramm|modell)\b"
    r"|\bentité[s]? (?:relation|association)s?\b|\bdiagramme (?:er|des relations|de classes)\b"
    r"|\bentidade? (?:relacionamento|relaci[oó]n)\b|\bentidad relaci[oó]n\b"
    r"|\bdiagrama (?:er|de relaciones|de relacionamentos?|de entidades?|de datos|de dados)\b"
    r"|\bentità relazioni?\b|\bdiagramma (?:er|delle relazioni)\b"
    r"|\bentiteit(?:en)? relatie|\bdiagram (?:erd|er|związków encji)\b|\bzwiązk(?:ów|i) encji\b"
    r"|\ber диаграмма\b|\bдиаграмма (?:сущност|связ|отношен)|\bсущность связь\b"
    r"|\bvarlık ilişki\b|\bsơ đồ (?:thực thể|quan hệ)"
)
"""Headings that announce a diagram of entities."""
_TITLE = re.compile(r"(?:entity relation(?:ship)?|er|relationship) diagram|erd")
"""Headings of a section that holds the diagram and nothing else."""
_PICTURE = re.compile(rb"!\[|<img|```|~~~")
_LOOSE = re.compile(
    r"(?:(?:core|key|main|data|table|model|entity) )?relation(?:ship)?s"
    r"|(?:core|key|main) entities|entit(?:y|ies) overview|entities(?: and relationships)?"
    r"|overview of (?:the )?entities|domain model|data model overview|conceptual (?:data )?model"
    r"|リレーション(?:シップ)?|関係|关系|關係|관계|beziehungen|relations|relaciones|relacionamentos"
    r"|relazioni|relaties|relacje|связи|отношения|ilişkiler"
)
"""Headings below which a diagram may stand, among other things."""
_NEVER = re.compile(
    r"\b(?:state|states|status|transition|transitions|lifecycle|life cycle|flow|flows|workflow"
    r"|sequence|process|architecture|structure|directory|folder|file|files|deployment|migration"
    r"|migrations|pipeline|hierarchy|timeline|example|examples)\b|状態|フロー|遷移|構造|流程|状态|狀態"
)
_DEFINITIONS = re.compile(
    r"(?:new |proposed |core |data |main |key )*(?:entity definitions?|entities|entity details"
    r"|data models?|data structures|table (?:definitions?|specifications?)|tables|schemas?"
    r"|database schema|data (?:dictionary|schema)|models?|collections|entity specifications?"
    r"|domain (?:models?|entities)|aggregates|object types|types)"
    r"|(?:existing )?(?:entity|table|model|collection)\b.*|.* (?:table|entity|model)"
    r"|エンティティ(?:定義|一覧)?|テーブル定義|实体(?:定义)?|엔티티(?: 정의)?"
    r"|entitäten|entités|entidades"
)
"""Headings of the part that the templates have right behind the diagram."""
_OPENINGS = re.compile(
    r"overview|introduction|summary|background|context|about|purpose|scope|概要|はじめに|概述|개요"
    r"|überblick|vue d'ensemble|resumen|resumo|table of contents|contents|目次"
)
_PLACEHOLDER_LINE = re.compile(r"\s*\[[^\[\]]+\]\s*")
_ABOUT_DIAGRAM = re.compile(r"diagram|\berd?\b|ascii|relationship|図|图|圖", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for the diagram.

    Attributes:
        first: Index of the first line that the diagram takes the place of.
        last: Index of the last one.
        kind: What stands there.
        heading: The heading above it.
        certain: Whether the heading announces a diagram of entities.
    """

    first: int
    last: int
    kind: Kind
    heading: Heading | None
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the lines below it up to the next one.

    Attributes:
        parents: The headings above it in the outline, the nearest last.
        end: Index of the line behind the section's last one.
    """

    heading: Heading
    parents: tuple[Heading, ...]
    end: int


def normalize(heading: str) -> str:
    """Return a heading without case, numbering, emoji, dashes, marks and parentheses.

    >>> normalize("## 3.1 📊 **Entity–Relationship** Diagram (Text-Based)".lstrip("# "))
    'entity relationship diagram'
    """
    text = unicodedata.normalize("NFKC", heading).casefold()
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\](?:\([^()]*\))?|<[^<>]*>", " ", text)
    text = bare if re.search(r"\w", bare) else text
    text = re.sub(r"^\W*(?:(?:\d+|[ivx]+|[a-z])[.)](?:\d+[.)]?)*|\d+)\s+", "", text)
    words = re.sub(r"[^\w\s']|_", " ", text.partition(": ")[0] or text)
    return " ".join(words.split())


def find_sections(blocks: Blocks, total: int) -> list[Section]:
    """Return the sections of a document in order."""
    sections: list[Section] = []
    above: list[Heading] = []
    headings = blocks.headings
    for index, heading in enumerate(headings):
        while above and above[-1].level >= heading.level:
            above.pop()
        end = headings[index + 1].line if index + 1 < len(headings) else total
        sections.append(Section(heading, tuple(above), end))
        above.append(heading)
    return sections


def find_slots(lines: Sequence[bytes], blocks: Blocks, regions: Sequence[Region]) -> list[Slot]:
    """Return the places that the document keeps for a diagram, those that are certain first."""
    slots = []
    for section in find_sections(blocks, len(lines)):
        certain = announces(section)
        if certain is None:
            continue
        slots += find_in_section(lines, blocks, regions, section, certain=certain)
    sure = [slot for slot in slots if slot.certain]
    return sure or slots


def announces(section: Section) -> bool | None:
    """Return whether a section's headings announce a diagram: surely, perhaps, or not (None)."""
    own = normalize(section.heading.text)
    if _DIAGRAM.search(own):
        return True
    if _NEVER.search(own):
        return None
    if any(_DIAGRAM.search(normalize(parent.text)) for parent in section.parents):
        return True
    return False if _LOOSE.fullmatch(own) else None


def find_in_section(
    lines: Sequence[bytes],
    blocks: Blocks,
    regions: Sequence[Region],
    section: Section,
    *,
    certain: bool,
) -> list[Slot]:
    """Return the slots among a section's own fences and lines."""
    heading = section.heading
    slots: list[Slot] = []
    for fence in blocks.fences:
        if not heading.after <= fence.first < section.end or in_region(fence.first, regions):
            continue
        kind, _ = classify_fence(lines, fence)
        if kind != "other" and fence.closed:
            slots.append(Slot(fence.first, fence.last, kind, heading, certain))
    if not slots and certain:
        line = _placeholder_line(lines, blocks, section)
        if line is not None and not in_region(line, regions):
            slots.append(Slot(line, line, "placeholder", heading))
    return slots


def classify_fence(lines: Sequence[bytes], fence: Fence) -> tuple[Kind, str]:
    """Return what a fence holds, as `classify` does."""
    return classify(fence.info, fence_text(lines, fence))


def fence_text(lines: Sequence[bytes], fence: Fence) -> list[str]:
    """Return the lines in a fence without their ends."""
    last = fence.last if fence.closed else fence.last + 1
    return [line.decode().rstrip("\r\n") for line in lines[fence.first + 1 : last]]


def _placeholder_line(lines: Sequence[bytes], blocks: Blocks, section: Section) -> int | None:
    """Return the only line of text right below a heading if it is a placeholder for a diagram."""
    for index in range(section.heading.after, section.end):
        text = lines[index].decode().strip()
        if not text:
            continue
        alone = index + 1 >= len(lines) or not lines[index + 1].strip()
        plain = not any(first <= index <= last for first, last in blocks.opaque)
        if _PLACEHOLDER_LINE.fullmatch(text) and _ABOUT_DIAGRAM.search(text) and alone and plain:
            return index
        return None
    return None


def in_region(line: int, regions: Sequence[Region]) -> bool:
    """Return whether a line belongs to a region."""
    return any(region.begin <= line <= region.end for region in regions)


def find_kept_free(lines: Sequence[bytes], sections: Sequence[Section]) -> Section | None:
    """Return the only section that is called a diagram of entities and has none, nor a picture."""
    found = [
        section
        for section in sections
        if _TITLE.fullmatch(normalize(section.heading.text))
        and not any(_PICTURE.search(lines[at]) for at in range(section.heading.after, section.end))
    ]
    return found[0] if len(found) == 1 else None


def find_new_place(lines: Sequence[bytes], blocks: Blocks) -> tuple[int, int]:
    """Return where a new section for the diagram belongs, and the level of its heading.

    As in the templates: right before the entities' definitions, else behind the overview.
    """
    sections = find_sections(blocks, len(lines))
    tops = [section for section in sections if not section.parents]
    # a lone first heading is the document's title
    if len(tops) == 1 or (tops and tops[0].heading.level == 1):
        inner = [section for section in sections if len(section.parents) == 1]
        tops = inner or tops[1:] or []
    if not tops:
        return len(lines), 2
    level = tops[0].heading.level
    for section in tops:
        if _DEFINITIONS.fullmatch(normalize(section.heading.text)):
            return section.heading.line, section.heading.level
    for section in tops:
        if not _OPENINGS.fullmatch(normalize(section.heading.text)):
            return section.heading.line, section.heading.level
    return len(lines), level


def find_headings(text: str, sections: Sequence[Section]) -> list[Section]:
    """Return the sections whose heading is meant by a text: as written, else without its dress."""
    exact = [section for section in sections if section.heading.text == text.strip()]
    if exact:
        return exact
    wanted = normalize(text.lstrip("# "))
    same = [section for section in sections if normalize(section.heading.text) == wanted]
    if same or not wanted:
        return same
    return [section for section in sections if wanted in normalize(section.heading.text)]
