"""A project in a temporary folder, with readers and renderers that are told what to give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from erdgen.embed.documents import Source
from erdgen.embed.draw import Tools, make_draw
from erdgen.embed.update import Plan, Result, update
from erdgen.errors import Diagnostic, DocumentError, ErdgenError
from erdgen.model.graph import Graph
from erdgen.read import read_file
from erdgen.render import Output, Page
from erdgen.render.options import Options

MODEL = """\
entities:
  Customer: {attributes: {id: int pk, name: text}}
  Order: {attributes: {id: int pk, customer_id: int -> Customer}}
"""
BEGIN = "<!-- erdgen:begin model.yaml -->"
END = "<!-- erdgen:end -->"


@dataclass
class Renderer:
    """Gives a text of its own for each format, and counts what it was asked for."""

    texts: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, Options]] = field(default_factory=list)

    def __call__(self, graph: Graph, format_name: str, options: Options) -> Output:
        self.asked.append((format_name, options))
        if format_name == "png":
            return Output((Page("", make_png(len(graph.model.entities))),))
        names = " ".join(entity.name for entity in graph.model.entities)
        text = self.texts.get(format_name, f"{format_name} of {names}")
        if format_name == "svg":
            text = f'<?xml version="1.0"?>\n<svg theme="{options.theme}">{text}</svg>'
        return Output((Page("", f"{text}\n".encode()),))


def make_png(size: int) -> bytes:
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = size.to_bytes(4, "big") + (1).to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    pixels = zlib.compress(bytes(size + 1))
    return b"".join(
        [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", head), chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    )


@dataclass
class Project:
    """A folder with a model and documents."""

    folder: Path
    render: Renderer = field(default_factory=Renderer)

    def path(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.path(name)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def refresh(
        self, *names: str, write: bool = True, diffs: bool = False, root: str = ""
    ) -> Result:
        tools = Tools(read_file, self.render)
        sources = [Source(name, name) for name in names or ("doc.md",)]
        return update(sources, Plan(write=write, diffs=diffs, root=root, draw=make_draw(tools)))

    def problems(self, *names: str, root: str = "") -> Sequence[Diagnostic]:
        """Return what is wrong, after seeing that nothing at all was written."""
        before = self.state()
        with pytest.raises(ErdgenError) as caught:
            self.refresh(*names, root=root)
        assert self.state() == before
        assert isinstance(caught.value, (DocumentError, ErdgenError))
        return caught.value.diagnostics

    def state(self) -> dict[str, tuple[bytes, int, int]]:
        """Return every file with its bytes, inode and time."""
        return {
            str(path): (path.read_bytes(), path.lstat().st_ino, path.lstat().st_mtime_ns)
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and ".git" not in path.parts
        }


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "model.yaml").write_text(MODEL)
    monkeypatch.chdir(folder)
    return Project(folder)
