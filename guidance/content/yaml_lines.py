"""Reads YAML with the line of each value.

Every scalar stays text (`yes`, `none`, `2026-03-20`); the schema (`guidance.content.schema`) converts it.
"""

from __future__ import annotations

from typing import Any

import yaml

from guidance.content.problems import LineProblem

Place = tuple[str | int, ...]


def read_yaml(text: str) -> tuple[Any, dict[Place, int], list[LineProblem]]:
    """Value, line of each place in it (a path of names and indexes), and problems."""
    try:
        node = yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode()  # the position is in bytes
        line = before.count("\n") + 1
        message = f"a character that cannot be shown (U+{ord(text[len(before)]):04X}): take it out"
        return None, {}, [LineProblem(line, message)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = ", ".join(part for part in (error.context, error.problem) if part)
        return None, {}, [LineProblem(mark.line + 1 if mark else 1, f"this is not YAML: {words}")]
    reader = _Reader()
    value = reader.read(node, ()) if node else None
    return value, reader.lines, reader.problems


class _Reader:
    def __init__(self) -> None:
        self.lines: dict[Place, int] = {(): 1}
        self.problems: list[LineProblem] = []
        self.seen: set[int] = set()

    def read(self, node: yaml.Node, place: Place) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        if id(node) in self.seen:  # an alias, which may be recursive
            self.problems.append(
                LineProblem(line, "aliases (“*name”) are not used here: write the value out")
            )
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*place, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        return node.value

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name_node, value_node in node.value:
            line = name_node.start_mark.line + 1
            name = name_node.value
            if not isinstance(name, str):
                self.problems.append(LineProblem(line, "a name must be text"))
                continue
            if name in values:
                first = self.lines[(*place, name)]
                self.problems.append(LineProblem(line, f"“{name}” is already given on line {first}"))
                continue
            self.lines[(*place, name)] = line
            values[name] = self.read(value_node, (*place, name))
        return values
