"""The block scanner: what is a marker and what is text, held against markdown-it-py."""

from __future__ import annotations

import random
import time

import pytest

from erdgen.embed.scan import find_front_matter, find_markers, scan, split_lines

BEGIN = "<!-- erdgen:begin m.yaml -->"
END = "<!-- erdgen:end -->"


def markers_of(text: str, *, mdx: bool = False) -> list[int]:
    lines = split_lines(text.encode())
    return [marker.line for marker in find_markers(lines, mdx=mdx)]


@pytest.mark.parametrize(
    "text",
    [
        f"{BEGIN}\n",
        f"   {BEGIN}\n",
        f"text\n{BEGIN}\n",
        f"- item\n\n  {BEGIN}\n",
        f"- {BEGIN}\n",
        f"> {BEGIN}\n",
        f">{BEGIN}\n",
        f"> - a\n>\n>   {BEGIN}\n",
        f"1. a\n\n   {BEGIN}\n",
        f"-\ta\n\n\t{BEGIN}\n",
        f"<details>\n<summary>x</summary>\n{BEGIN}\n",
        f"\ufeff{BEGIN}\n",
        f"---\na: b\n---\n{BEGIN}\n",
        f"---\nno front matter, it never ends\n\n{BEGIN}\n",
        f"```\ncode\n```\n{BEGIN}\n",
        f"<!-- a comment\nof lines -->\n{BEGIN}\n",
        f"`` code\n{BEGIN}\n",
        f"- item\n{BEGIN}\n",
        f"- ```\n  open in the item\n\nout of it\n\n{BEGIN}\n",
        f"> ```\n{BEGIN}\n",
        f"<div>\n<!--\ntext\n-->\n{BEGIN}\n",
        f"<b>\n{BEGIN}\n",
        f"text\n<b>\n```\n```\n{BEGIN}\n",
        "{/* erdgen:begin m.yaml */}\n",
        f"a\fb\n{BEGIN}\n",
        f"a\u2028b\u0085c\n{BEGIN}\n",
        f"<!--\n{BEGIN}\n{END}\n-->\n\n{BEGIN}\n",
        f"<!--\n{BEGIN}\n{BEGIN}\n",
        f"<!-- words\n{BEGIN}\n{BEGIN}\n-->\n",
        f"<!--\n{BEGIN}\n{BEGIN}\n> -->\n",
    ],
)
def test_block_content_is_a_marker(text: str) -> None:
    assert len(markers_of(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"```\n{BEGIN}\n```\n",
        f"```markdown\n{BEGIN}\n",
        f"~~~\n{BEGIN}\n~~~\n",
        f"````\n```\n{BEGIN}\n```\n````\n",
        f"~~~\n```\n~~\n{BEGIN}\n",
        f"```\n~~~\n{BEGIN}\n",
        f"``` \n``` x\n{BEGIN}\n",
        f"```\n    ```\n{BEGIN}\n",
        f"    {BEGIN}\n",
        f"\t{BEGIN}\n",
        f"- a\n\n      {BEGIN}\n",
        f"text `{BEGIN}` text\n",
        f"`{BEGIN}`\n",
        f"text {BEGIN}\n",
        f"<!--\n{BEGIN}\n-->\n",
        f"<!--\n{BEGIN}\n\n```text\na --> b\n```\n\n{END}\n-->\n",
        f"> <!--\n> {BEGIN}\n>\n> {END}\n> -->\n",
        f"  <!--  \n{BEGIN}\n{END}\n\n{BEGIN}\n{END}\n  -->\n",
        f"<!--\r{BEGIN}\r{END}\r-->\r",
        f"---\n# {END}\na: |\n  x\n{BEGIN}\n---\n",
        f"+++\n{BEGIN}\n+++\n",
        f"<pre>\n{BEGIN}\n</pre>\n",
        f"<script>\n\n{BEGIN}\n</script>\n",
        f"<div>\n<!--\n{BEGIN}\n-->\n</div>\n",
        f"<div>\n```\n{BEGIN}\n```\n</div>\n",
        f"> ```\n> {BEGIN}\n> ```\n",
        f"- ```\n  {BEGIN}\n  ```\n",
        f"- a\n  ```\n\n  {BEGIN}\n  ```\n",
        f"<a href='x'>\n```\n{BEGIN}\n```\n",
        f"<![CDATA[\n{BEGIN}\n]]>\n",
        f"<?php\n{BEGIN}\n?>\n",
        "| a |\n|---|\n| <!-- erdgen:end --> |\n",
        "<!-- erdgen: a remark -->\n",
        "<!-- about erdgen:begin -->\n",
    ],
)
def test_anything_else_is_text(text: str) -> None:
    assert markers_of(text) == []


def test_mdx_comments_hold_text() -> None:
    text = "{/*\n<!-- erdgen:begin m.yaml -->\n*/}\n{/* erdgen:end */}\n"
    assert markers_of(text, mdx=True) == [3]


def test_containers_tell_items_apart() -> None:
    text = f"- {BEGIN}\n- {END}\n"
    first, second = find_markers(split_lines(text.encode()))
    assert first.home != second.home


def test_line_ends_are_those_of_markdown() -> None:
    data = "a\rb\r\nc\u0085d\u2028e\ff\vg\x1ch\n".encode()
    assert len(split_lines(data)) == 3


def test_headings_and_fences() -> None:
    text = (
        "# One #\n\nTwo\n---\n\n```text x\na\n```\n\n> # no\n\n- # no\n\n#nope\n####### nope\n"
        "~~~\nopen\n"
    )
    blocks = scan(split_lines(text.encode()))
    assert [(h.level, h.text, h.line) for h in blocks.headings] == [(1, "One", 0), (2, "Two", 2)]
    assert [(f.first, f.last, f.info, f.closed) for f in blocks.fences] == [
        (5, 7, "text x", True),
        (15, 16, "", False),
    ]


def test_front_matter_must_be_closed_and_first() -> None:
    assert find_front_matter([b"---\r\n", b"a\r\n", b"---\r\n"]) == 3
    assert find_front_matter([b"\xef\xbb\xbf---\n", b"...\n"]) == 2
    assert find_front_matter([b"---\n", b"a\n"]) == 0
    assert find_front_matter([b"\n", b"---\n", b"---\n"]) == 0
    assert find_front_matter([b" ---\n", b"---\n"]) == 0


_PIECES = [
    BEGIN, END, "", "", "text", "  more", "- item", "  - deep", "* other", "1. one", "7. seven",
    "> quote", ">", "> > two", "```", "````", "~~~", "  ```", "   ~~~", "    code", "\tcode",
    "<!--", "-->", "<!-- a -->", "<div>", "</div>", "<pre>", "</pre>", "# head", "===",
    "---", "***", "-", "1.", "> ```", "- ```", "  <!--", ">\t", "<?x", "?>", "<script>",
    "</script>", "10) ten", "+ plus", "<!DOCTYPE", "| a |", "`code", "-\tx", "    - y",
]  # fmt: skip
_PREFIXES = ["", "", "", "  ", "   ", "    ", "      ", "> ", ">", "> > ", "- ", "1. ", "\t", "-\t"]


@pytest.mark.parametrize("seed", range(60))
def test_agrees_with_markdown_it(seed: int) -> None:
    """Random documents: our markers are markdown-it-py's HTML blocks that begin with one."""
    markdown_it = pytest.importorskip("markdown_it")
    parser = markdown_it.MarkdownIt("commonmark")
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    for _ in range(60):
        size = chance.randint(2, 14)
        lines = [chance.choice(_PREFIXES) + chance.choice(_PIECES) for _ in range(size)]
        text = "\n".join(lines) + "\n"
        if find_front_matter(split_lines(text.encode())):
            continue
        wanted_headings, wanted_fences, wanted = [], [], []
        for token in parser.parse(text):
            if token.type == "html_block" and token.content.lstrip().startswith("<!-- erdgen:"):
                wanted.append(token.map[0])
            elif token.type == "fence" and token.level == 0:
                wanted_fences.append(token.map[0])
            elif token.type == "heading_open" and token.level == 0:
                wanted_headings.append(token.map[1])
        blocks = scan(split_lines(text.encode()))
        inner = {line for first, last in blocks.opaque for line in range(first + 1, last + 1)}
        found = [marker.line for marker in blocks.markers if marker.line not in inner]
        # HTML blocks in containers are not listed as opaque: leave out what is inside of them
        blocks_of_html = [t.map for t in parser.parse(text) if t.type == "html_block"]
        found = [n for n in found if not any(a < n < b for a, b in blocks_of_html)]
        assert found == wanted, text
        assert [fence.first for fence in blocks.fences] == wanted_fences, text
        assert [heading.after for heading in blocks.headings] == wanted_headings, text
        nested = scan(split_lines(text.encode()), outline=True)
        assert nested.markers == blocks.markers, text
        lines_of_markers = [marker.line for marker in find_markers(split_lines(text.encode()))]
        assert lines_of_markers == [marker.line for marker in blocks.markers], text


@pytest.mark.parametrize(
    "line",
    [
        "a plain line of some text in a paragraph\n",
        "short\n",
        "- an item of a list that goes on and on\n",
    ],
)
def test_ten_megabytes_are_scanned_in_a_fraction_of_a_second(line: str) -> None:
    data = (line * (10_000_000 // len(line)) + f"\n{BEGIN}\n\n{END}\n").encode()
    started = time.perf_counter()
    lines = split_lines(data)
    assert len(find_markers(lines)) == 2
    assert time.perf_counter() - started < 20  # a hang, not a benchmark: see tests/benchmarks


def test_deep_nesting_takes_time_by_its_length() -> None:
    lines = split_lines(("1. " * 200_000 + f"lists in lists\n\n{BEGIN}\n\n{END}\n").encode())
    started = time.perf_counter()
    assert len(scan(lines).markers) == 2
    assert time.perf_counter() - started < 20  # a quadratic walk takes minutes
