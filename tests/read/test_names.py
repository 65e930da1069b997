"""Names as they stand: exact names before any grammar, and both definitions of a doubled one."""

from __future__ import annotations

import pytest

from erdgen.errors import ModelError
from tests.read.reading import reading

WORST = 'a|b"<script>{}&`'


@pytest.mark.parametrize(("ending", "attribute"), [("", None), (".id", "id")])
def test_the_long_form_names_any_entity_letter_by_letter(
    ending: str, attribute: str | None
) -> None:
    quoted = (WORST + ending).replace('"', '\\"')
    found = reading(
        "entities:\n"
        f"  {WORST!r}: {{attributes: {{id: int pk}}}}\n"
        f'  B: {{attributes: {{x: {{type: int, references: "{quoted}"}}}}}}\n'
    )
    reference = found.graph.model.entities[1].attributes[0].reference
    assert reference is not None
    assert (reference.entity, reference.attribute) == (WORST, attribute)


def test_problems_in_both_definitions_of_a_doubled_name_are_told_at_once() -> None:
    with pytest.raises(ModelError) as caught:
        reading(
            "entities:\n"
            "  A: {attributes: {x: int -> Nowhere}}\n"
            "  A: {attributes: {y: int -> Elsewhere}}\n"
        )
    codes = [item.code for item in caught.value.diagnostics]
    assert codes == ["unknown-entity", "duplicate-key", "unknown-entity"]
