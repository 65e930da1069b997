"""What a stranger reads: every option says what holds where it is not given."""

from __future__ import annotations

import re

import pytest

from erdgen.cli.main import main
from erdgen.render.options import OPTIONS

CHOOSE = [option for option in OPTIONS if option.kind in ("choice", "number", "decimal", "width")]


@pytest.mark.parametrize("command", [[], ["embed"]])
@pytest.mark.parametrize("option", CHOOSE, ids=lambda option: option.name)
def test_every_default_is_told(
    command: list[str], option: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--help"]) == 0
    name = getattr(option, "name", "")
    found = re.search(rf"^  --{name} .*\n(?:^ {{6,}}.*\n)*", capsys.readouterr().out, re.MULTILINE)
    assert found is not None
    said = " ".join(found[0].split())
    assert re.search(r"\[default: [^]]+\]|\(0: never\)", said), said
