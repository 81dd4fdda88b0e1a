"""Writes a version as a folder of files: `read_folder` of the result is the same version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from pydantic import BaseModel

from guidance.choices import Part
from guidance.content.document import Document, join
from guidance.content.problems import BadContent
from guidance.content.reader import (
    CONSIDERATIONS,
    GUIDE,
    MESSAGES,
    PRINCIPLES,
    QUESTIONS,
    RESOURCES,
    VERSION,
    read_draft_folder,
)
from guidance.content.schema import Consideration, DraftGuide, Question

WIDTH = 120
MAX_INLINE_LIST = 60  # characters
LINE_BREAKS_OF_YAML = frozenset("\x85\u2028\u2029")


def write_folder(guide: DraftGuide, folder: Path) -> None:
    """Raises OSError where the folder cannot be written, and ValueError where an example is not in the text."""
    files = files_of(guide)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")


def survives_round_trip(draft: DraftGuide) -> bool:
    """Whether the draft survives writing and reading: rows may hold text that only a draft's checks report."""
    with TemporaryDirectory() as name:
        try:
            write_folder(draft, Path(name))
            return read_draft_folder(Path(name)) == draft
        except (ValueError, BadContent):
            return False


def files_of(guide: DraftGuide) -> dict[str, str]:
    """Content of each file."""
    document = Document(guide.title, guide.subtitle, guide.sections, guide.examples)
    return {
        GUIDE: join(document),
        VERSION: _yaml(
            guide.model_dump(
                mode="json", include={"date", "significance", "change_note"}, exclude_defaults=True
            )
        ),
        PRINCIPLES: _yaml(
            {"publication": guide.principles_url, "principles": [_plain(each) for each in guide.principles]}
        ),
        RESOURCES: _yaml([_plain(each) for each in guide.resources]),
        QUESTIONS: _by_part(guide.questions),
        CONSIDERATIONS: _by_part(guide.considerations),
        **({MESSAGES: _yaml([_plain(each) for each in guide.messages])} if guide.messages else {}),
    }


def _by_part(entries: Iterable[Question] | Iterable[Consideration]) -> str:
    groups: dict[str, list[dict[str, Any]]] = {}
    for part in Part:
        group = [_plain(entry) for entry in entries if entry.part == part]
        if group:
            groups[part.value] = group
    return _yaml(groups)


def _plain(value: BaseModel) -> dict[str, Any]:
    """Omits defaults, and a consideration's part, which is the heading above it."""
    exclude = {"part"} if isinstance(value, Consideration) else None
    return value.model_dump(mode="json", exclude_defaults=True, exclude=exclude)


class _Dumper(yaml.SafeDumper):
    """Readable YAML: long texts folded or literal, short lists inline, every scalar read back as text."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    node: yaml.ScalarNode = yaml.SafeDumper.represent_str(dumper, text)
    if not LINE_BREAKS_OF_YAML.isdisjoint(text):
        node.style = '"'  # other styles would read them as line breaks
    elif "\n" in text:
        node.style = "|"
    elif len(text) > WIDTH - MAX_INLINE_LIST // 2:
        node.style = ">"
    return node


def _list(dumper: _Dumper, items: list[Any]) -> yaml.SequenceNode:
    short = all(isinstance(item, str) for item in items) and sum(map(len, items)) < MAX_INLINE_LIST
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=short)


def _mapping(dumper: _Dumper, values: Mapping[str, Any]) -> yaml.MappingNode:
    is_clause = "question" in values and len(values) == 2
    return dumper.represent_mapping("tag:yaml.org,2002:map", values.items(), flow_style=is_clause)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)
_Dumper.add_representer(dict, _mapping)


def _yaml(value: Any) -> str:
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)
