"""Maps the rows of a version to the values of `guidance.content.schema`. Few queries, whatever the size of the guide."""

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
Whole = TypeVar("Whole", bound=DraftGuide)


class Make(Protocol):
    """Makes a value of the columns of a row."""

    def __call__(self, shape: type[Shape], row: Any, columns: dict[str, Any], /) -> Shape: ...


def checked(shape: type[Shape], row: Model, columns: dict[str, Any]) -> Shape:
    """Raises pydantic's ValidationError."""
    return shape(**columns)


def unchecked(shape: type[Shape], row: Model, columns: dict[str, Any]) -> Shape:
    """Takes the columns as they are."""
    return shape.model_construct(**columns)


class VersionRows:
    """The rows of a version, a query a table."""

    def __init__(self, version: GuideVersion) -> None:
        self.version = version
        self.sections = list(version.sections.all())
        self.examples = list(version.examples.select_related("section"))
        self.principles = list(version.principles.all())
        self.resources = list(version.resources.all())
        self.questions = list(version.questions.prefetch_related("options"))
        self.considerations = list(version.considerations.all())

    def values(self, make: Make = checked) -> dict[str, Any]:
        """The pieces of a `DraftGuide` or a `GuideText`, and the front that both have."""
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
        }


def values_of(shape: type[Shape], rows: Iterable[Model], make: Make = checked) -> tuple[Shape, ...]:
    return tuple(_value(shape, row, make) for row in rows)


def examples_of(rows: Iterable[models.Example], make: Make = checked) -> tuple[Example, ...]:
    return tuple(_value(Example, row, make, section=row.section.slug) for row in rows)


def questions_of(rows: Iterable[models.Question], make: Make = checked) -> tuple[Question, ...]:
    """Takes all questions of a version: a revealed one is among them, so its key is at hand."""
    rows = list(rows)
    keys = {row.pk: row.key for row in rows}

    def options_of(question: models.Question) -> tuple[Option, ...]:
        return tuple(
            _value(Option, row, make, reveals=keys.get(row.reveals_id or 0)) for row in question.options.all()
        )

    return tuple(_value(Question, row, make, options=options_of(row)) for row in rows)


def _value(shape: type[Shape], row: Model, make: Make, **others: Any) -> Shape:
    """Of the row's columns by the names of the shape's fields, but for `others`; arrays as tuples."""
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


def guide_from_rows(version: GuideVersion) -> Guide:
    """A published version, whole. A draft may not be well formed yet: then this raises pydantic's ValidationError."""
    return _stored(version, Guide)


def draft_from_rows(version: GuideVersion) -> DraftGuide:
    """A draft without errors, whole; as `guide_from_rows`."""
    return _stored(version, DraftGuide)


def _stored(version: GuideVersion, shape: type[Whole]) -> Whole:
    return shape(
        date=version.date,
        significance=GuideVersion.Significance(version.significance) if version.significance else None,
        change_note=version.change_note,
        **VersionRows(version).values(),
    )


def stored_text(version: GuideVersion) -> GuideText:
    """The words of any version, to be compared with another's: a draft's rows are taken as they are, unchecked."""
    return GuideText(**VersionRows(version).values(unchecked))
