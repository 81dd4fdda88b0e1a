"""Reads and validates a folder with one version of the guide. Uses no database.

Files: `version.yaml` (its date), `guide.md`, `principles.yaml`, `resources.yaml`, `questions.yaml`,
`considerations.yaml`, and `messages.yaml` where a version has messages. docs/guide-content.md describes them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from guidance.choices import Part
from guidance.content.checks import Finding, check_citations, check_principles, check_questions, citations
from guidance.content.condition_checks import check_applicability, check_considerations
from guidance.content.document import Document, DocumentError, split
from guidance.content.messages import check_messages
from guidance.content.problems import BadContent, LineProblem, Problem, readable_message
from guidance.content.schema import (
    Consideration,
    DraftGuide,
    Guide,
    Message,
    Principle,
    Question,
    Resource,
    Text,
    Value,
    WebAddress,
)
from guidance.content.yaml_lines import Place, read_yaml
from guidance.models import GuideVersion

GUIDE, VERSION, PRINCIPLES, RESOURCES, QUESTIONS, CONSIDERATIONS, MESSAGES = (
    "guide.md",
    "version.yaml",
    "principles.yaml",
    "resources.yaml",
    "questions.yaml",
    "considerations.yaml",
    "messages.yaml",
)
# Control characters except the tab, and surrogates.
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff]")

Shape = TypeVar("Shape")
GuideType = TypeVar("GuideType", bound=DraftGuide)


class _DraftVersion(Value):
    date: datetime.date | None = None
    significance: GuideVersion.Significance | None = None
    change_note: str = ""


class _Version(_DraftVersion):
    date: datetime.date
    significance: GuideVersion.Significance
    change_note: Text


class _Principles(Value):
    publication: WebAddress
    principles: tuple[Principle, ...]


def read_folder(folder: Path) -> Guide:
    """Raises BadContent with every problem found, each with its file and line."""
    return _Reader(folder).read(Guide, _Version)


def read_draft_folder(folder: Path) -> DraftGuide:
    """Reads a draft: fields of `version.yaml` that publishing asks for are optional."""
    return _Reader(folder).read(DraftGuide, _DraftVersion)


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []

    def read(self, shape: type[GuideType], front: type[_DraftVersion]) -> GuideType:
        if not self.folder.is_dir():
            raise BadContent([Problem(str(self.folder), 0, "there is no such folder")])
        version, _ = self._yaml(VERSION, TypeAdapter(front))
        principles, principle_lines = self._yaml(PRINCIPLES, TypeAdapter(_Principles))
        resources, _ = self._yaml(RESOURCES, TypeAdapter(tuple[Resource, ...]))
        document = self._document()
        questions, question_lines = self._questions()
        considerations, consideration_lines = self._considerations()
        messages, message_lines = self._messages()
        if principles:
            lines = {
                place[1:]: line for place, line in principle_lines.items() if place[:1] == ("principles",)
            }
            self._add_findings(PRINCIPLES, check_principles(principles.principles), lines)
        if questions is not None:
            self._add_findings(QUESTIONS, check_questions(questions), question_lines)
            self._add_findings(QUESTIONS, check_applicability(questions), question_lines)
        if questions is not None and principles and document:
            known = citations(document.sections, document.examples, principles.principles)
            self._add_findings(QUESTIONS, check_citations(questions, known), question_lines)
            if considerations is not None:
                self._add_findings(
                    CONSIDERATIONS, check_citations(considerations, known), consideration_lines
                )
        if questions is not None and considerations is not None:
            self._add_findings(
                CONSIDERATIONS, check_considerations(considerations, questions), consideration_lines
            )
        if questions is not None and messages is not None:
            self._add_findings(MESSAGES, check_messages(messages, questions), message_lines)
        if not (version and principles and document and questions) or self.problems:
            raise BadContent(self.problems)
        if resources is None or considerations is None or messages is None:  # each may be empty
            raise BadContent(self.problems)
        return self._assembled(
            shape, version, principles, resources, document, questions, considerations, messages
        )

    def _assembled(
        self,
        shape: type[GuideType],
        version: _DraftVersion,
        principles: _Principles,
        resources: tuple[Resource, ...],
        document: Document,
        questions: tuple[Question, ...],
        considerations: tuple[Consideration, ...],
        messages: tuple[Message, ...],
    ) -> GuideType:
        try:
            return shape(
                **version.model_dump(),
                title=document.title,
                subtitle=document.subtitle,
                sections=document.sections,
                examples=document.examples,
                principles_url=principles.publication,
                principles=tuple(sorted(principles.principles, key=lambda principle: principle.number)),
                resources=resources,
                questions=questions,
                considerations=considerations,
                messages=messages,
            )
        except ValidationError as error:  # only title and subtitle are not yet validated
            raise BadContent(
                Problem(GUIDE, 1, readable_message(detail)) for detail in error.errors()
            ) from error

    def _text(self, name: str) -> str | None:
        """Text with normalised line endings; None where a problem was added."""
        try:
            content = (self.folder / name).read_bytes()
        except OSError:
            self.problems.append(Problem(name, 0, "this file is missing, or cannot be read"))
            return None
        try:
            text = content.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self.problems.append(Problem(name, line, "this is not UTF-8 text: save the file as UTF-8"))
            return None
        invalid = [
            Problem(name, number, f"a character that cannot be shown (U+{ord(character):04X}): take it out")
            for number, line in enumerate(text.split("\n"), start=1)
            for character in CONTROL.findall(line)
        ]
        self.problems += invalid
        return None if invalid else text

    def _document(self) -> Document | None:
        text = self._text(GUIDE)
        if text is None:
            return None
        try:
            return split(text)
        except DocumentError as error:
            self._add_problems(GUIDE, error.problems)
            return None

    def _yaml(self, name: str, shape: TypeAdapter[Shape]) -> tuple[Shape | None, dict[Place, int]]:
        value, lines = self._yaml_value(name)
        return (None, lines) if value is None else (self._validated(name, shape, value, lines), lines)

    def _yaml_value(self, name: str) -> tuple[Any, dict[Place, int]]:
        text = self._text(name)
        if text is None:
            return None, {}
        value, lines, problems = read_yaml(text)
        if value is None and not problems:
            problems = [LineProblem(1, "this file is empty")]
        self._add_problems(name, problems)
        return (None if problems else value), lines

    def _validated(
        self, name: str, shape: TypeAdapter[Shape], value: Any, lines: dict[Place, int]
    ) -> Shape | None:
        try:
            return shape.validate_python(value)
        except ValidationError as error:
            for detail in error.errors():
                self.problems.append(Problem(name, _line(lines, detail["loc"]), readable_message(detail)))
            return None

    def _questions(self) -> tuple[tuple[Question, ...] | None, dict[Place, int]]:
        entries, lines = self._by_part(QUESTIONS, "questions")
        if entries is None:
            return None, lines
        for index, (part, question) in enumerate(entries):
            self._check_key_prefix(part, question, _line(lines, (index, "key")))
        shape = TypeAdapter(tuple[Question, ...])
        return self._validated(QUESTIONS, shape, [question for _, question in entries], lines), lines

    def _considerations(self) -> tuple[tuple[Consideration, ...] | None, dict[Place, int]]:
        entries, lines = self._by_part(CONSIDERATIONS, "considerations")
        if entries is None:
            return None, lines
        for index, (_, entry) in enumerate(entries):
            if isinstance(entry, dict) and "part" in entry:
                message = "“part” is not given here: it is the heading a consideration stands under"
                self.problems.append(Problem(CONSIDERATIONS, _line(lines, (index, "part")), message))
        value = [{**entry, "part": part} if isinstance(entry, dict) else entry for part, entry in entries]
        return self._validated(CONSIDERATIONS, TypeAdapter(tuple[Consideration, ...]), value, lines), lines

    def _messages(self) -> tuple[tuple[Message, ...] | None, dict[Place, int]]:
        if not (self.folder / MESSAGES).exists():
            return (), {}
        return self._yaml(MESSAGES, TypeAdapter(tuple[Message, ...]))

    def _by_part(self, name: str, what: str) -> tuple[list[tuple[str, Any]] | None, dict[Place, int]]:
        """Flattens the groups of the file to (part, entry), with the lines to match."""
        value, lines = self._yaml_value(name)
        if value is None:
            return None, {}
        if not isinstance(value, dict):
            self.problems.append(Problem(name, 1, f"the {what} must be grouped by part, as in “what:”"))
            return None, {}
        entries: list[tuple[str, Any]] = []
        entry_lines: dict[Place, int] = {(): 1}
        for part, group in value.items():
            if part not in Part.values:
                known = ", ".join(Part.values)
                message = f"there is no part “{part}”: the parts are {known}"
                self.problems.append(Problem(name, lines[(part,)], message))
            elif not isinstance(group, list):
                self.problems.append(Problem(name, lines[(part,)], f"“{part}” must be a list of {what}"))
        places: dict[Place, int] = {}
        for part in Part.values:
            group = value.get(part)
            for index, entry in enumerate(group if isinstance(group, list) else []):
                places[part, index] = len(entries)
                entries.append((part, entry))
        for place, line in lines.items():
            if place[:2] in places:
                entry_lines[(places[place[:2]], *place[2:])] = line
        return entries, entry_lines

    def _check_key_prefix(self, part: str, question: object, line: int) -> None:
        key = question.get("key") if isinstance(question, dict) else None
        if isinstance(key, str) and not key.startswith(f"{part}."):
            message = f"the key “{key}” stands under “{part}”: it must begin with “{part}.”"
            self.problems.append(Problem(QUESTIONS, line, message))

    def _add_problems(self, name: str, problems: Iterable[LineProblem]) -> None:
        self.problems += [Problem(name, problem.line, problem.message) for problem in problems]

    def _add_findings(self, name: str, findings: Iterable[Finding], lines: dict[Place, int]) -> None:
        self.problems += [Problem(name, _line(lines, found.place), found.message) for found in findings]


def _line(lines: dict[Place, int], place: Place) -> int:
    """Line of this place, or of the nearest one around it."""
    while place not in lines and place:
        place = place[:-1]
    return lines.get(place, 1)
