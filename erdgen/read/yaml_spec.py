"""YAML text in, a `Model` out: the top level of a model file, and the files that it includes."""

from __future__ import annotations

import os
from collections.abc import Mapping

from erdgen.errors import ErdgenError, Place, nearest
from erdgen.model.entities import Entity, EnumType, Group, Model
from erdgen.model.relationships import DeclaredRelationship
from erdgen.model.resolver import PlaceOf
from erdgen.read import limits
from erdgen.read.attributes import AttributeReader
from erdgen.read.entities import count_attributes, read_entity
from erdgen.read.events import read_tree
from erdgen.read.files import STDIN, decode, read_bytes
from erdgen.read.nodes import FileNodes
from erdgen.read.source import Problems
from erdgen.read.tree import Collection, Node, Scalar

_KEYS = (
    *("title", "description", "entities", "relationships", "enums", "groups", "diagram"),
    "include",
)


ModelRead = tuple[Model, tuple[str, ...], PlaceOf | None]
"""The model, the paths of all files that it was read from, and where references stand."""


class ModelFile:
    """One file: its nodes, those of the top level by their keys, and its path."""

    __slots__ = ("found", "nodes", "path")

    def __init__(self, nodes: FileNodes, found: dict[str, tuple[Scalar, Node]], path: str) -> None:
        self.nodes = nodes
        self.path = path
        self.found = found


def read_model(data: bytes, name: str, path: str, problems: Problems, root: str = "") -> ModelRead:
    """Return the model of a YAML text.

    Args:
        data: The bytes of the file.
        name: The file's name for messages; its stem is the model's name.
        path: Where the file lies; what it includes is relative to its folder.
        problems: Takes what is wrong; the model is then as good as it can be.
        root: Real path of a folder that nothing may be included from outside of; empty for none.

    Raises:
        ModelError: Where nothing can be read on, such as bad YAML.
    """
    files = _Includer(problems, root).read(data, name, path)
    merger = _Merger(files, problems)
    model = merger.model(name)
    return model, tuple(file.path for file in files), merger.place_of


class _Includer:
    """Reads a file and those that it includes, each once."""

    def __init__(self, problems: Problems, root: str) -> None:
        self.problems = problems
        self.root = root
        self.files: list[ModelFile] = []
        self.size = 0
        # real path -> whether its includes are still being read
        self.seen: dict[str, bool] = {}

    def read(self, data: bytes, name: str, path: str) -> list[ModelFile]:
        self._file(data, name, path, _real(path), ())
        return self.files

    def _file(self, data: bytes, name: str, path: str, real: str, chain: tuple[str, ...]) -> None:
        self.size += len(data)
        if self.size > limits.BYTES:
            raise limits.beyond(f"{limits.BYTES // 2**20} MB for a model", Place(name))
        self.problems.files.append(name)
        source, data = decode(data, name)
        nodes = FileNodes(source, self.problems)
        tree = read_tree(source, data, self.problems)
        if tree is None or (isinstance(tree, Scalar) and tree.empty):
            self.problems.error(
                "empty-file",
                "the file holds no model",
                Place(name),
                "a model begins with `entities:`",
            )
            return
        if not isinstance(tree, Collection) or not tree.mapping:
            kind = "list" if isinstance(tree, Collection) else "text"
            nodes.error(
                "not-a-mapping",
                f"a model is a mapping, not a {kind}",
                tree,
                "it begins with `entities:`, and a blank follows each ':'",
            )
            return
        found = nodes.known(tree, _KEYS, "the model")
        self.files.append(ModelFile(nodes, found, path))
        self.seen[real] = True
        if "include" in found:
            self._includes(nodes, found["include"][1], path, (*chain, name))
        self.seen[real] = False

    def _check_limits(self, depth: int, place: Place) -> None:
        if len(self.seen) >= limits.FILES:
            raise limits.beyond(f"{limits.FILES:,} included files", place)
        if depth > limits.DEPTH:
            raise limits.beyond(f"a nesting of {limits.DEPTH} includes", place)

    def _leads_out(self, path: str, real: str, place: Place) -> bool:
        """Refuse a file outside the project, unopened: a message must not show a line of it."""
        if not self.root or real.startswith(os.path.join(self.root, "")):
            return False
        message = f"the included file '{path}' lies outside the project"
        help_ = "keep it inside, or name a wider folder with --root"
        self.problems.error("outside-project", message, place, help_)
        return True

    def _includes(self, nodes: FileNodes, node: Node, file: str, chain: tuple[str, ...]) -> None:
        from pathlib import Path  # few models include others: start-up time

        folder = Path(file).parent
        items = (
            [node]
            if isinstance(node, Scalar) and not node.empty
            else nodes.items(node, "`include`")
        )
        for item in items:
            path = nodes.text(item, "a path under `include`")
            if not path:
                if isinstance(item, Scalar):
                    nodes.error("no-such-file", "a path is missing here", item)
                continue
            target, place = str(folder / path), nodes.place(item)
            shown = str(Path(chain[-1]).parent / path) if chain[-1] != STDIN else target
            real = _real(target)
            if self._leads_out(path, real, place):
                continue
            if self.seen.get(real):
                way = " → ".join((*chain, shown))
                self.problems.error("include-cycle", f"the file includes itself: {way}", place)
                continue
            if real in self.seen:
                # included twice by different ways: read once
                continue
            self._check_limits(len(chain), place)
            try:
                data = read_bytes(target, shown, place)
                self._file(data, shown, target, real, chain)
            except ErdgenError as error:
                # the rest of the model is read on, so that its problems are told too
                if any(item.code == "limit" for item in error.diagnostics):
                    raise
                known = {id(item) for item in self.problems.errors}
                for problem in error.diagnostics:
                    if id(problem) not in known:
                        self.problems.add(problem)
                self.seen[real] = False


def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return path


class _Merger:
    """Makes one model of the files: one name, one definition."""

    def __init__(self, files: list[ModelFile], problems: Problems) -> None:
        self.files = files
        self.problems = problems
        self.place_of: PlaceOf | None = None
        # definitions whose name stands again in the same mapping: word, name, where
        self.doubles: list[tuple[str, str, FileNodes, Scalar, Node]] = []

    def model(self, name: str) -> Model:
        entities = self._definitions("entities", "an entity's name", "entity")
        enums = self._definitions("enums", "the enum's name", "enum")
        groups = self._definitions("groups", "the group's name", "group")
        if self.files and not any("entities" in file.found for file in self.files):
            main = self.files[0].nodes
            self.problems.error(
                "missing-key",
                "the model has no `entities`",
                Place(main.source.name, 1, 1, 1, main.source.place(0).source),
                "it may be empty: `entities: {}`",
            )
        if len(entities) > limits.ENTITIES:
            file, key, _ = next(reversed(entities.values()))
            raise limits.beyond(f"{limits.ENTITIES:,} entities", file.place(key))
        self._check_attributes(entities)
        found_enums = tuple(read_enum(*said, name) for name, said in enums.items())
        reader = AttributeReader(entities, enums)
        read: dict[str, Entity] = {}
        count = 0
        for word, double, file, key, node in self.doubles:
            if word == "entities":
                read_entity(file, key, double, node, reader)
        for entity_name, (file, key, node) in entities.items():
            entity = read_entity(file, key, entity_name, node, reader)
            read[entity_name] = entity
            count += len(entity.attributes)
            if count > limits.ATTRIBUTES:
                raise limits.beyond(f"{limits.ATTRIBUTES:,} attributes", file.place(key))
        self.place_of = reader.references.place_of
        found_groups, members = self._groups(groups, read)
        for entity_name, (group, place) in members.items():
            entity = read[entity_name]
            if entity.group and entity.group != group:
                self.problems.error(
                    "two-groups",
                    f"'{entity_name}' is in the group '{group}' here and names"
                    f" '{entity.group}' itself",
                    place,
                    related=(("the entity", entity.place),) if entity.place else (),
                )
            else:
                read[entity_name] = entity._replace(group=group)
        declared = self._declared(entities)
        return Model(
            tuple(read.values()),
            declared,
            found_enums,
            (*found_groups, *self._implied_groups(found_groups, read)),
            self._text("title"),
            self._text("description"),
            self._diagram(),
            os.path.splitext(os.path.basename(name))[0] if name != STDIN else "model",
        )

    def _check_attributes(self, entities: Mapping[str, tuple[FileNodes, Scalar, Node]]) -> None:
        """Refuse too many attributes before their definitions are read, which takes seconds."""
        count = 0
        for file, key, node in entities.values():
            count += count_attributes(node)
            if count > limits.ATTRIBUTES:
                raise limits.beyond(f"{limits.ATTRIBUTES:,} attributes", file.place(key))

    def _declared(self, entities: Mapping[str, object]) -> tuple[DeclaredRelationship, ...]:
        found: list[DeclaredRelationship] = []
        for file in self.files:
            if "relationships" not in file.found:
                continue
            from erdgen.read.relationships import read_relationship  # start-up time

            node = file.found["relationships"][1]
            for item in file.nodes.items(node, "`relationships`"):
                declared = read_relationship(file.nodes, item, entities)
                if declared is not None:
                    found.append(declared)
                if len(found) > limits.RELATIONSHIPS:
                    raise limits.beyond(
                        f"{limits.RELATIONSHIPS:,} relationships", file.nodes.place(item)
                    )
        return tuple(found)

    def _definitions(
        self, word: str, what: str, kind: str
    ) -> dict[str, tuple[FileNodes, Scalar, Node]]:
        found: dict[str, tuple[FileNodes, Scalar, Node]] = {}
        for file in self.files:
            if word not in file.found:
                continue
            for key, node in file.nodes.mapping(file.found[word][1], f"`{word}`"):
                name = file.nodes.name(key, what)
                if name is None:
                    continue
                if name in found and found[name][0] is not file.nodes:
                    file.nodes.error(
                        "duplicate-name",
                        f"the {kind} '{name}' is defined in two files",
                        key,
                        related=(("first here", found[name][0].place(found[name][1])),),
                    )
                else:
                    if name in found:
                        # told already; its contents are looked at all the same
                        self.doubles.append((word, name, *found[name]))
                    found[name] = (file.nodes, key, node)
        return found

    def _groups(
        self,
        groups: dict[str, tuple[FileNodes, Scalar, Node]],
        entities: dict[str, Entity],
    ) -> tuple[tuple[Group, ...], dict[str, tuple[str, Place]]]:
        """Return the groups, and of each entity that one names: the group, and where."""
        found = []
        members: dict[str, tuple[str, Place]] = {}
        for name, (file, _, node) in groups.items():
            keys = ("title", "description", "color", "entities")
            if isinstance(node, Collection) and not node.mapping:
                advice = f"write `{name}: {{entities: [...]}}`"
                file.error("not-a-mapping", f"the group '{name}' is a list", node, advice)
                found.append(Group(name))
                continue
            said = file.known(node, keys, f"the group '{name}'")
            texts = {
                word: file.text(said[word][1], f"`{word}`")
                for word in ("title", "description", "color")
                if word in said
            }
            found.append(Group(name, **texts))
            if "color" in said:
                self._check_color(file, texts["color"], said["color"][1])
            for item in file.items(said["entities"][1], "`entities`") if "entities" in said else ():
                entity, place = file.line(item, "an entity's name"), file.place(item)
                if entity not in entities:
                    file.error(
                        "unknown-entity",
                        f"there is no entity '{entity}'",
                        item,
                        file.problems.hints.did_you_mean(entity, entities),
                    )
                elif entity in members and members[entity][0] != name:
                    file.error(
                        "two-groups",
                        f"'{entity}' is in the group '{members[entity][0]}' already",
                        item,
                        related=(("first here", members[entity][1]),),
                    )
                else:
                    members[entity] = (name, place)
        return tuple(found), members

    def _check_color(self, file: FileNodes, color: str, node: Node) -> None:
        """Warn of a colour that no picture will show."""
        from erdgen.model.colors import NAMED, named_color  # few groups have one: start-up time

        if not named_color(color):
            message = f"'{color}' is no colour" if color else "the colour is empty"
            known = f"write it as '#1d4ed8', in quotes, or as one of {', '.join(NAMED)}"
            file.problems.warn("unknown-color", message, file.place(node), known)

    def _implied_groups(
        self, groups: tuple[Group, ...], entities: dict[str, Entity]
    ) -> tuple[Group, ...]:
        """Return the groups that only entities name; warn of those that look like slips."""
        known = [group.name for group in groups]
        first: dict[str, Entity] = {}
        for entity in entities.values():
            if entity.group and entity.group not in known:
                first.setdefault(entity.group, entity)
        for name, entity in first.items():
            hint = nearest(name, known, slips_only=True)
            if hint:
                self.problems.warn(
                    "unknown-group",
                    f"'{entity.name}' is in the group '{name}', which is not among `groups`",
                    entity.place,
                    f"did you mean '{hint}'?",
                )
        return tuple(Group(name) for name in first)

    def _text(self, word: str) -> str:
        """Return a text of the first file that says it: a model wins over what it includes."""
        for file in self.files:
            if word in file.found:
                return file.nodes.text(file.found[word][1], f"`{word}`")
        return ""

    def _diagram(self) -> tuple[tuple[str, str, Place], ...]:
        """Return the drawing defaults of the first file that says each."""
        found: dict[str, tuple[str, str, Place]] = {}
        for file in self.files:
            if "diagram" not in file.found:
                continue
            for key, node in file.nodes.mapping(file.found["diagram"][1], "`diagram`"):
                if not key.text.startswith("x-"):
                    text = ",".join(file.nodes.texts(node, f"`{key.text}`"))
                    found.setdefault(key.text, (key.text, text, file.nodes.place(key)))
        return tuple(found.values())


def read_enum(file: FileNodes, _key: Scalar, node: Node, name: str) -> EnumType:
    """Return an enum: a list of values, or a mapping with `values` and `description`."""
    description = ""
    values: Node | None = node
    if isinstance(node, Collection) and node.mapping:
        found = file.known(node, ("values", "description"), f"the enum '{name}'")
        if "description" in found:
            description = file.text(found["description"][1], "`description`")
        values = found["values"][1] if "values" in found else None
    items = file.items(values, f"the enum '{name}'") if values is not None else []
    seen: dict[str, Node] = {}
    for item in items:
        value = file.name(item, "the enum's value")
        if value is not None and value in seen:
            file.error(
                "duplicate-value",
                f"the value '{value}' stands twice in the enum '{name}'",
                item,
                related=(("first here", file.place(seen[value])),),
            )
        elif value is not None:
            seen[value] = item
    return EnumType(name, tuple(seen), description)
