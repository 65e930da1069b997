"""PyYAML's parser without the rest of PyYAML: same trees, same messages, nothing in others' way."""

from __future__ import annotations

import subprocess
import sys

import pytest

_ALONE = (
    "import sys, erdgen; erdgen.OWN_PROCESS = True\nfrom erdgen.read import library, read_text\n"
)
_MODEL = "entities:\n  A:\n    attributes: {id: int pk}\n"


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _ALONE + code],
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=60,
    )
    return done.stdout


def test_a_run_of_the_command_loads_the_parser_alone() -> None:
    shown = run(
        f"print(read_text({_MODEL!r}).graph.model.entities[0].attributes[0].type)\n"
        "if library.load().c_parser:\n"
        "    print([name for name in sys.modules if name in ('yaml', 'yaml.resolver')])\n"
        "else:\n"
        "    print([])\n"
    )
    assert shown == "int\n[]\n"


def test_a_library_gets_pyyaml_as_it_is() -> None:
    shown = run(f"erdgen.OWN_PROCESS = False\nread_text({_MODEL!r})\nprint('yaml' in sys.modules)")
    assert shown == "True\n"


def test_whoever_imports_pyyaml_later_gets_it_all() -> None:
    shown = run(
        f"read_text({_MODEL!r})\n"
        "import yaml\n"
        "loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader\n"
        "print(yaml.safe_load('a: 1'), yaml.load('b: 2', loader))\n"
        "print(yaml.MarkedYAMLError is library.load().error.MarkedYAMLError)\n"
    )
    assert shown == "{'a': 1} {'b': 2}\nTrue\n"


def test_a_pyyaml_that_has_no_such_parser_is_imported_as_usual() -> None:
    shown = run(
        "sys.modules['yaml._yaml'] = None\n"
        f"print(len(read_text({_MODEL!r}).graph.model.entities), 'yaml' in sys.modules)\n"
        "print(library.load().c_parser)\n"
    )
    assert shown == "1 True\nNone\n"


@pytest.mark.parametrize(
    "text",
    [
        "entities: [A,\nb: 1",
        "entities:\n  A: *nothing\n",
        "entities:\n  A: \ufffe\n",
        "entities:\n\tA: 1\n",
        'entities:\n  A: "\\UFFFFFFFF"\n',
        "entities: {}\n---\nentities: {}\n",
    ],
)
def test_messages_are_the_same(text: str) -> None:
    code = (
        f"try:\n    read_text({text!r})\n"
        "except erdgen.errors.ErdgenError as error:\n"
        "    print(ascii([(n.code, n.message, n.place, n.help) for n in error.diagnostics]))\n"
    )
    shown = run(code)
    assert shown.startswith("[(")
    assert shown == run(f"import yaml\n{code}")
