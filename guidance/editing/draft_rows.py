"""The rows of a draft and the values made of them, in the same order.

A draft need not be well formed: what the schema refuses is said beside the row, and reading goes on with the words as
they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from guidance import models
from guidance.content import schema
from guidance.content.problems import plain_words
from guidance.diff.comparable import GuideText
from guidance.editing.rows import Row
from guidance.models import GuideVersion

Shape = TypeVar("Shape", bound=schema.Value)


@dataclass(frozen=True)
class Remark:
    """Something to put right (`blocks` publishing) or to know, about a row or, without one, about the whole."""

    message: str
    row: Row | None = None
    blocks: bool = True


class DraftRows:
    """A query a table."""

    def __init__(self, version: GuideVersion) -> None:
        self.version = version
        self.remarks: list[Remark] = []
        self.sections = list(version.sections.all())
        self.examples = list(version.examples.all())
        self.principles = list(version.principles.all())
        self.resources = list(version.resources.all())
        self.questions = list(version.questions.prefetch_related("options"))
        self.considerations = list(version.considerations.all())
        self.text = self._text()

    def __iter__(self) -> Iterator[Row]:
        yield from self.sections
        yield from self.examples
        yield from self.principles
        yield from self.resources
        for question in self.questions:
            yield question
            yield from question.options.all()
        yield from self.considerations

    def say(self, message: str, row: Row) -> None:
        self.remarks.append(Remark(message, row))

    def _value(self, shape: type[Shape], row: Row, **values: Any) -> Shape:
        """The row's value; as it stands where the schema would refuse it, which is then said."""
        try:
            return shape(**values)
        except ValidationError as error:
            for detail in error.errors():
                self.say(plain_words(detail), row)
            return shape.model_construct(**values)

    def _text(self) -> GuideText:
        slugs = {row.pk: row.slug for row in self.sections}
        for example in self.examples:
            if example.section_id not in slugs:
                self.say("it belongs to a section of another version", example)
        return GuideText(
            title=self.version.title,
            subtitle=self.version.subtitle,
            principles_url=self.version.principles_url,
            sections=tuple(
                self._value(
                    schema.Section, row, slug=row.slug, title=row.title, level=row.level, body=row.body
                )
                for row in self.sections
            ),
            examples=tuple(
                self._value(
                    schema.Example,
                    row,
                    slug=row.slug,
                    title=row.title,
                    body=row.body,
                    section=slugs.get(row.section_id, "none"),
                )
                for row in self.examples
            ),
            principles=tuple(
                self._value(
                    schema.Principle, row, number=row.number, title=row.title, explanation=row.explanation
                )
                for row in self.principles
            ),
            resources=tuple(
                self._value(schema.Resource, row, title=row.title, url=row.url) for row in self.resources
            ),
            questions=tuple(self._question(row) for row in self.questions),
            considerations=tuple(self._consideration(row) for row in self.considerations),
        )

    def _question(self, row: Any) -> schema.Question:
        keys = {question.pk: question.key for question in self.questions}
        options = []
        for option in row.options.all():
            if option.reveals_id and option.reveals_id not in keys:
                self.say("it reveals a question of another version", option)
            options.append(
                self._value(
                    schema.Option,
                    option,
                    key=option.key,
                    text=option.text,
                    hint=option.hint,
                    directions=tuple(map(models.Direction, option.directions)),
                    category=models.Option.Category(option.category),
                    exclusive=option.exclusive,
                    days=option.days,
                    reveals=keys.get(option.reveals_id),
                    wording=option.wording,
                )
            )
        return self._value(
            schema.Question,
            row,
            key=row.key,
            kind=models.Question.Kind(row.kind),
            text=row.text,
            hint=row.hint,
            required=row.required,
            beside_previous=row.beside_previous,
            max_length=row.max_length,
            cites=tuple(row.cites),
            wording=row.wording,
            options=tuple(options),
        )

    def _consideration(self, row: Any) -> schema.Consideration:
        try:
            condition = schema.Condition.model_validate(row.condition)
        except ValidationError as error:
            for detail in error.errors():
                self.say(f"its condition: {plain_words(detail)}", row)
            condition = schema.Condition.model_construct(all=(), any=())
        return self._value(
            schema.Consideration,
            row,
            key=row.key,
            part=models.Part(row.part),
            kind=models.Consideration.Kind(row.kind),
            text=row.text,
            condition=condition,
            cites=tuple(row.cites),
        )
