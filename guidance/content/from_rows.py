"""The rows of a version as the values of `guidance.content.schema`. Few queries, whatever the size of the guide."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model

from guidance import models
from guidance.content.schema import (
    Condition,
    Consideration,
    DraftGuide,
    Example,
    Guide,
    Option,
    Principle,
    Question,
    Resource,
    Section,
)
from guidance.diff.comparable import GuideText
from guidance.models import Direction, GuideVersion

Whole = TypeVar("Whole", bound=DraftGuide)


def sections_from_rows(version: GuideVersion) -> tuple[Section, ...]:
    return tuple(
        Section(slug=row.slug, title=row.title, level=row.level, body=row.body)
        for row in version.sections.all()
    )


def examples_from_rows(version: GuideVersion) -> tuple[Example, ...]:
    return tuple(
        Example(slug=row.slug, title=row.title, body=row.body, section=row.section.slug)
        for row in version.examples.select_related("section")
    )


def principles_from_rows(version: GuideVersion) -> tuple[Principle, ...]:
    return tuple(
        Principle(number=row.number, title=row.title, explanation=row.explanation)
        for row in version.principles.all()
    )


def resources_from_rows(version: GuideVersion) -> tuple[Resource, ...]:
    return tuple(Resource(title=row.title, url=row.url) for row in version.resources.all())


def questions_from_rows(version: GuideVersion) -> tuple[Question, ...]:
    """Two queries: a revealed question is one of the same version, so its key is at hand."""
    rows = list(version.questions.prefetch_related("options"))
    keys = {row.pk: row.key for row in rows}
    return tuple(
        Question(
            key=row.key,
            kind=models.Question.Kind(row.kind),
            text=row.text,
            hint=row.hint,
            required=row.required,
            beside_previous=row.beside_previous,
            max_length=row.max_length,
            cites=tuple(row.cites),
            wording=row.wording,
            options=tuple(
                Option(
                    key=option.key,
                    text=option.text,
                    hint=option.hint,
                    directions=tuple(Direction(direction) for direction in option.directions),
                    category=models.Option.Category(option.category),
                    exclusive=option.exclusive,
                    days=option.days,
                    reveals=keys[option.reveals_id] if option.reveals_id else None,
                    wording=option.wording,
                )
                for option in row.options.all()
            ),
        )
        for row in rows
    )


def considerations_from_rows(version: GuideVersion) -> tuple[Consideration, ...]:
    return tuple(
        Consideration(
            key=row.key,
            part=models.Part(row.part),
            kind=models.Consideration.Kind(row.kind),
            text=row.text,
            condition=Condition.model_validate(row.condition),
            cites=tuple(row.cites),
        )
        for row in version.considerations.all()
    )


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
        title=version.title,
        subtitle=version.subtitle,
        sections=sections_from_rows(version),
        examples=examples_from_rows(version),
        principles_url=version.principles_url,
        principles=principles_from_rows(version),
        resources=resources_from_rows(version),
        questions=questions_from_rows(version),
        considerations=considerations_from_rows(version),
    )


def stored_text(version: GuideVersion) -> GuideText:
    """The words of any version, to be compared with another's: a draft's rows are taken as they are, unchecked."""
    questions = list(version.questions.prefetch_related("options"))
    keys = {row.pk: row.key for row in questions}
    return GuideText(
        title=version.title,
        subtitle=version.subtitle,
        principles_url=version.principles_url,
        sections=tuple(
            Section.model_construct(slug=row.slug, title=row.title, level=row.level, body=row.body)
            for row in version.sections.all()
        ),
        examples=tuple(
            Example.model_construct(slug=row.slug, title=row.title, body=row.body, section=row.section.slug)
            for row in version.examples.select_related("section")
        ),
        principles=tuple(
            Principle.model_construct(number=row.number, title=row.title, explanation=row.explanation)
            for row in version.principles.all()
        ),
        resources=tuple(
            Resource.model_construct(title=row.title, url=row.url) for row in version.resources.all()
        ),
        questions=tuple(
            Question.model_construct(
                **_columns(
                    row, "key", "kind", "text", "hint", "required", "beside_previous", "max_length", "wording"
                ),
                cites=tuple(row.cites),
                options=tuple(
                    Option.model_construct(
                        **_columns(option, "key", "text", "hint", "category", "exclusive", "days", "wording"),
                        directions=tuple(option.directions),
                        reveals=keys.get(option.reveals_id) if option.reveals_id else None,
                    )
                    for option in row.options.all()
                ),
            )
            for row in questions
        ),
        considerations=tuple(
            Consideration.model_construct(
                **_columns(row, "key", "part", "kind", "text", "condition"), cites=tuple(row.cites)
            )
            for row in version.considerations.all()
        ),
    )


def _columns(row: Model, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
