"""Every fault of a marker is told with its place, and nothing is written."""

from __future__ import annotations

import pytest

from erdgen.embed.markers import find_regions
from erdgen.embed.scan import split_lines
from erdgen.errors import Diagnostic
from tests.embed.conftest import BEGIN, END, Project


def faults(text: str, name: str = "doc.md") -> list[tuple[str, int, int]]:
    _, problems = find_regions(split_lines(text.encode()), name)
    return [_place(item) for item in problems]


def _place(item: Diagnostic) -> tuple[str, int, int]:
    assert item.place is not None
    assert item.place.source
    return item.code, item.place.line, item.place.column


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{BEGIN}\n", [("unclosed-region", 1, 1)]),
        (f"a\n\n{BEGIN}\n\n```text\n{END}\n", [("unclosed-region", 3, 1)]),
        (f"{BEGIN}\n\n{BEGIN}\n{END}\n", [("unclosed-region", 1, 1)]),
        (f"{BEGIN}\n{BEGIN}\n{END}\n{END}\n", [("nested-region", 2, 1)]),
        (f"{END}\n", [("stray-end", 1, 1)]),
        (f"{BEGIN}\n{END}\n{END}\n", [("stray-end", 3, 1)]),
        (f"{BEGIN}\n{BEGIN}\n", [("unclosed-region", 1, 1), ("unclosed-region", 2, 1)]),
        (f"- {BEGIN}\n- {END}\n", [("split-region", 2, 3)]),
        (f"> {BEGIN}\n\n> {END}\n", [("split-region", 3, 3)]),
        ("<!-- erdgen:start m.yaml -->\n", [("unknown-marker", 1, 6)]),
        ("<!-- erdgen:begin m.yaml\n", [("unclosed-marker", 1, 1)]),
        (f"{BEGIN} text\n{END}\n", [("marker-not-alone", 1, 34), ("stray-end", 2, 1)]),
        ("<!-- erdgen:begin -->\n<!-- erdgen:end -->\n", [("no-model", 1, 1)]),
        (f"<!-- erdgen:begin detail=keys -->\n{END}\n", [("no-model", 1, 1)]),
        (f"<!-- erdgen:begin self -->\n{END}\n", [("self-not-supported", 1, 19)]),
        (f"<!-- erdgen:begin m.yaml detial=keys -->\n{END}\n", [("unknown-option", 1, 26)]),
        (f"<!-- erdgen:begin m.yaml detail=all -->\n{END}\n", [("bad-option-value", 1, 26)]),
        (f"<!-- erdgen:begin m.yaml format=pdf -->\n{END}\n", [("bad-option-value", 1, 26)]),
        (f"<!-- erdgen:begin m.yaml legend -->\n{END}\n", [("unknown-key", 1, 26)]),
        (f"<!-- erdgen:begin m.yaml width=60 width=70 -->\n{END}\n", [("duplicate-key", 1, 35)]),
        (f"<!-- erdgen:begin m.yaml only=A entities=B -->\n{END}\n", [("duplicate-key", 1, 33)]),
        (f"<!-- erdgen:begin m.yaml file=a.svg -->\n{END}\n", [("option-does-not-fit", 1, 26)]),
        (
            f"<!-- erdgen:begin m.yaml format=svg split=group -->\n{END}\n",
            [("option-does-not-fit", 1, 37)],
        ),
        (f'<!-- erdgen:begin m.yaml title="a b -->\n{END}\n', [("bad-option-value", 1, 26)]),
        ("<!-- erdgen:begin m.yaml -->\n<!-- erdgen:end m.yaml -->\n", [("unknown-key", 2, 17)]),
        (f"\ufeff{END}\n", [("stray-end", 1, 1)]),
        (f"> 名前\n>\n>   {END}\n", [("stray-end", 3, 5)]),
        ("{/* erdgen:begin m.yaml */}\n", [("unclosed-region", 1, 1)]),
        (f"<!-- erdgen:begin m.yaml entities= -->\n{END}\n", [("bad-option-value", 1, 26)]),
        (f'<!-- erdgen:begin m.yaml exclude=" , " -->\n{END}\n', [("bad-option-value", 1, 26)]),
    ],
)
def test_faults(text: str, wanted: list[tuple[str, int, int]]) -> None:
    # an unknown key is told with that of its value, if both are wrong: the first counts here
    assert faults(text)[: len(wanted)] == wanted
    assert len(faults(text)) <= len(wanted) + 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_places_count_lines_as_markdown_does(end: str) -> None:
    text = f"a\f\u0085\u2028b{end}{end}{END}{end}"
    assert faults(text) == [("stray-end", 3, 1)]


def test_what_a_marker_says() -> None:
    text = (
        '<!-- erdgen:begin "my model.yaml" entities=A,B detail=keys title="a \'b\' -- c" '
        f"format=svg file='x y.svg' dark=yes alt=\"words\" -->\n{END}\n"
    )
    regions, problems = find_regions(split_lines(text.encode()), "doc.md")
    assert not problems
    request = regions[0].request
    assert request.model == "my model.yaml"
    assert request.format == "svg"
    assert dict(request.values) == {"only": ("A", "B"), "detail": "keys", "title": "a 'b' -- c"}
    assert (request.file, request.dark, request.alt) == ("x y.svg", True, "words")
    assert (request.place.line, request.place.column) == (1, 19)


@pytest.mark.parametrize(
    ("line", "prefix"),
    [
        ("   {}", "   "),
        ("- {}", "  "),
        ("12) {}", "    "),
        ("> {}", "> "),
        (">{}", ">"),
        ("> > - {}", "> >   "),
        ("-\t{}", " \t"),
    ],
)
def test_prefix_of_the_lines_below(line: str, prefix: str) -> None:
    text = line.format(BEGIN) + "\n" + prefix + END + "\n"
    regions, problems = find_regions(split_lines(text.encode()), "doc.md")
    assert not problems
    assert regions[0].prefix == prefix


def test_one_fault_in_one_document_keeps_all_from_being_written(project: Project) -> None:
    for number in range(999):
        project.write(f"good{number}.md", f"{BEGIN}\n{END}\n")
    project.write("bad.md", f"# Bad\n\n{BEGIN}\n")
    names = [f"good{number}.md" for number in range(999)]
    problems = project.problems(*names[:500], "bad.md", *names[500:])
    assert [_place(item) for item in problems] == [("unclosed-region", 3, 1)]


def test_all_faults_of_all_documents_are_told_at_once(project: Project) -> None:
    project.write("a.md", f"{END}\n{BEGIN}\n")
    project.write("b.md", f"<!-- erdgen:begin nope.yaml -->\n{END}\n")
    project.write("c.md", f"<!-- erdgen:begin model.yaml entities=Nope detail=x -->\n{END}\n")
    found = [
        (item.place.file if item.place else "", item.code)
        for item in project.problems("a.md", "b.md", "c.md")
    ]
    assert found == [
        ("a.md", "stray-end"),
        ("a.md", "unclosed-region"),
        ("b.md", "no-such-file"),
        ("c.md", "bad-option-value"),
    ]


def test_faults_of_a_document_are_told_by_line(project: Project) -> None:
    missing = "<!-- erdgen:begin nope.yaml -->"
    project.write("doc.md", f"{missing}\n{END}\n{END}\n{missing}\n{END}\n{BEGIN}\n")
    places = [item.place.line for item in project.problems() if item.place]
    assert places == [1, 3, 4, 6]


def test_an_unknown_entity_is_told_at_the_key(project: Project) -> None:
    project.write("doc.md", f"<!-- erdgen:begin model.yaml entities=Custmer -->\n{END}\n")
    (problem,) = project.problems()
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (1, 30)
    assert "Customer" in problem.help


def test_a_broken_model_is_told_with_both_places(project: Project) -> None:
    project.write("model.yaml", "entities:\n  A: {attributes: {id: int pk, b: int -> Nope}}\n")
    project.write("doc.md", f"\n{BEGIN}\n{END}\n{BEGIN}\n{END}\n")
    problems = project.problems()
    files = [item.place.file for item in problems if item.place]
    assert files == ["model.yaml", "doc.md", "doc.md"]
    assert [item.code for item in problems][1:] == ["unreadable-model"] * 2


def test_a_missing_model_gets_a_hint(project: Project) -> None:
    project.write("doc.md", f"<!-- erdgen:begin modle.yaml -->\n{END}\n")
    (problem,) = project.problems()
    assert problem.code == "no-such-file"
    assert "model.yaml" in problem.help


@pytest.mark.parametrize(
    ("words", "column", "said"),
    [
        ("detail = keys", 26, "write detail=VALUE"),
        ("--detail keys", 26, "write detail=VALUE"),
        ("--legend", 26, "write legend=yes"),
        ("dark", 26, "write dark=yes"),
        ("--format svg", 26, "write format=VALUE"),
        ("entities=Order, Customer", 42, "blanks in quotes"),
        ("shop.yaml", 26, "blanks in quotes"),
        ("= --", 26, "blanks in quotes"),
    ],
)
def test_words_that_are_no_options_are_told_once_and_how_to_write_them(
    words: str, column: int, said: str
) -> None:
    text = f"<!-- erdgen:begin m.yaml {words} -->\n{END}\n"
    _, (problem,) = find_regions(split_lines(text.encode()), "doc.md")
    assert _place(problem) == ("unknown-key", 1, column)
    assert said in problem.help
