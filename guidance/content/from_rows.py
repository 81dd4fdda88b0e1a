"""Maps the rows of a version to the values of `guidance.content.schema`, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from django.db.models import Model

from guidance import models
from guidance.content.schema import (
    Consideration,
    DraftGuide,
    Example,
    Guide,
    Message,
    Option,
    Principle,
    Question,
    Resource,
    Section,
    Value,
)
from guidance.diff.comparable import GuideText
from guidance.models import GuideVersion

Shape = TypeVar("Shape", bound=Value)
GuideType = TypeVar("GuideType", bound=DraftGuide)


class ValueFactory(Protocol):
    """Builds a value from the columns of a row."""

    def __call__(self, shape: type[Shape], row: Any, columns: dict[str, Any], /) -> Shape: ...


def validated(shape: type[Shape], row: Model, columns: dict[str, Any]) -> Shape:
    """Validates the columns. Raises pydantic's ValidationError."""
    return shape(**columns)


def unvalidated(shape: type[Shape], row: Model, columns: dict[str, Any]) -> Shape:
    """Skips validation."""
    return shape.model_construct(**columns)


class VersionRows:
    """All rows of a version, one query per table."""

    def __init__(self, version: GuideVersion) -> None:
        self.version = version
        self.sections = list(version.sections.all())
        self.examples = list(version.examples.select_related("section"))
        self.principles = list(version.principles.all())
        self.resources = list(version.resources.all())
        self.questions = list(version.questions.prefetch_related("options"))
        self.considerations = list(version.considerations.all())
        self.messages = list(version.messages.all())

    def values(self, make: ValueFactory = validated) -> dict[str, Any]:
        """Fields that a `DraftGuide` and a `GuideText` share."""
        return {
            "title": self.version.title,
            "subtitle": self.version.subtitle,
            "principles_url": self.version.principles_url,
            "sections": values_of(Section, self.sections, make),
            "examples": examples_of(self.examples, make),
            "principles": values_of(Principle, self.principles, make),
            "resources": values_of(Resource, self.resources, make),
            "questions": questions_of(self.questions, make),
            "considerations": values_of(Consideration, self.considerations, make),
            "messages": values_of(Message, self.messages, make),
        }


def values_of(shape: type[Shape], rows: Iterable[Model], make: ValueFactory = validated) -> tuple[Shape, ...]:
    return tuple(_value(shape, row, make) for row in rows)


def examples_of(rows: Iterable[models.Example], make: ValueFactory = validated) -> tuple[Example, ...]:
    return tuple(_value(Example, row, make, section=row.section.slug) for row in rows)


def questions_of(rows: Iterable[models.Question], make: ValueFactory = validated) -> tuple[Question, ...]:
    """Takes all questions of a version, to resolve the key of a revealed one."""
    rows = list(rows)
    keys = {row.pk: row.key for row in rows}

    def options_of(question: models.Question) -> tuple[Option, ...]:
        return tuple(
            _value(Option, row, make, reveals=keys.get(row.reveals_id or 0)) for row in question.options.all()
        )

    return tuple(_value(Question, row, make, options=options_of(row)) for row in rows)


def _value(shape: type[Shape], row: Model, make: ValueFactory, **others: Any) -> Shape:
    """Reads the columns named like the fields, except `others`; lists become tuples."""
    columns = {name: getattr(row, name) for name in shape.model_fields if name not in others}
    tuples = {name: tuple(value) for name, value in columns.items() if isinstance(value, list)}
    return make(shape, row, {**columns, **tuples, **others})


def sections_from_rows(version: GuideVersion) -> tuple[Section, ...]:
    return values_of(Section, version.sections.all())


def examples_from_rows(version: GuideVersion) -> tuple[Example, ...]:
    return examples_of(version.examples.select_related("section"))


def principles_from_rows(version: GuideVersion) -> tuple[Principle, ...]:
    return values_of(Principle, version.principles.all())


def resources_from_rows(version: GuideVersion) -> tuple[Resource, ...]:
    return values_of(Resource, version.resources.all())


def questions_from_rows(version: GuideVersion) -> tuple[Question, ...]:
    """Two queries."""
    return questions_of(version.questions.prefetch_related("options"))


def considerations_from_rows(version: GuideVersion) -> tuple[Consideration, ...]:
    return values_of(Consideration, version.considerations.all())


def messages_from_rows(version: GuideVersion) -> tuple[Message, ...]:
    return values_of(Message, version.messages.all())


def guide_from_rows(version: GuideVersion) -> Guide:
    """A complete published version. Raises pydantic's ValidationError for an invalid draft."""
    return _complete(version, Guide)


def draft_from_rows(version: GuideVersion) -> DraftGuide:
    """A complete draft. Raises pydantic's ValidationError where it is invalid."""
    return _complete(version, DraftGuide)


def _complete(version: GuideVersion, shape: type[GuideType]) -> GuideType:
    return shape(
        date=version.date,
        significance=GuideVersion.Significance(version.significance) if version.significance else None,
        change_note=version.change_note,
        **VersionRows(version).values(),
    )


def text_from_rows(version: GuideVersion) -> GuideText:
    """Text of any version, for comparison; drafts are not validated."""
    return GuideText(**VersionRows(version).values(unvalidated))
