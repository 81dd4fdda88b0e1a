"""Rows of a draft and the values made from them, in the same order.

A draft may be invalid: each schema error becomes a remark on its row, and the row is read without validation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from guidance.content.from_rows import VersionRows
from guidance.content.problems import readable_message
from guidance.content.schema import Condition, Value
from guidance.diff.comparable import GuideText
from guidance.editing.rows import Row
from guidance.models import GuideVersion

Shape = TypeVar("Shape", bound=Value)


@dataclass(frozen=True)
class Remark:
    """Error (`blocks` publishing) or warning, about a row or, without one, about the draft."""

    message: str
    row: Row | None = None
    blocks: bool = True


class DraftRows(VersionRows):
    """`VersionRows` with remarks on schema errors."""

    def __init__(self, version: GuideVersion) -> None:
        super().__init__(version)
        self.remarks: list[Remark] = []
        self._check_foreign_keys()
        self.text = GuideText(**self.values(self._make))

    def __iter__(self) -> Iterator[Row]:
        yield from self.sections
        yield from self.examples
        yield from self.principles
        yield from self.resources
        for question in self.questions:
            yield question
            yield from question.options.all()
        yield from self.considerations
        yield from self.messages

    def add_remark(self, message: str, row: Row) -> None:
        self.remarks.append(Remark(message, row))

    def _check_foreign_keys(self) -> None:
        """Reports foreign keys to rows of another version."""
        sections = {section.pk for section in self.sections}
        for example in self.examples:
            if example.section_id not in sections:
                self.add_remark("it belongs to a section of another version", example)
        questions = {question.pk for question in self.questions}
        for question in self.questions:
            for option in question.options.all():
                if option.reveals_id and option.reveals_id not in questions:
                    self.add_remark("it reveals a question of another version", option)

    def _make(self, shape: type[Shape], row: Row, columns: dict[str, Any]) -> Shape:
        """Value of the row; unvalidated, with remarks, where the schema rejects it."""
        for name in ("condition", "applies_when"):
            if columns.get(name) is not None:
                columns[name] = self._condition(row, columns[name])
        try:
            return shape(**columns)
        except ValidationError as error:
            for detail in error.errors():
                self.add_remark(readable_message(detail), row)
            return shape.model_construct(**columns)

    def _condition(self, row: Row, stored: Any) -> Condition:
        try:
            return Condition.model_validate(stored)
        except ValidationError as error:
            for detail in error.errors():
                self.add_remark(f"its condition: {readable_message(detail)}", row)
            return Condition.model_construct(all=(), any=())
