"""Guide versions for tests: the first version as it is, or small ones made up for the purpose.

The database takes no more rows for a version once it is published; the factories are let past its triggers, so that a
test can make up a published version piece by piece.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import factory
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from guidance.content.reader import read_folder
from guidance.content.schema import Guide
from guidance.editing.loading import load_draft
from guidance.models import (
    Consideration,
    Example,
    GuideVersion,
    Message,
    Option,
    Principle,
    Question,
    Resource,
    Section,
)
from tests.databases import without_triggers

PIECES = (Section, Example, Principle, Resource, Question, Option, Consideration, Message)

PUBLISHED_AT = timezone.now()
FIRST_VERSION = Path(__file__).resolve().parents[2] / "guidance" / "content" / "2026-03-20"


@cache
def first_guide() -> Guide:
    """The guide of 20 March 2026, read once per process."""
    return read_folder(FIRST_VERSION)


def load_first_version() -> GuideVersion:
    """The guide of 20 March 2026, published."""
    present = GuideVersion.objects.filter(date=first_guide().date).first()
    return present or copied_in(_first_version)


def _first_version() -> GuideVersion:
    version = load_draft(first_guide()).version
    version.published_at = PUBLISHED_AT
    version.save()
    return version


def copied_in(make: Callable[[], GuideVersion]) -> GuideVersion:
    """The version that `make` makes, as an installation would; where it is there, it stays as it is.

    A process makes it once; from then on the same rows are copied in, so that what is kept of a published version (as
    it is rendered, say) serves every test. They were found in order then: no trigger and no foreign key looks at them
    again, which takes a superuser.
    """
    key, rows = _rows_of(make)
    present = GuideVersion.objects.filter(pk=key).first()
    if present:
        return present
    with without_triggers(), connection.cursor() as cursor:
        for statement, copied in rows.items():
            with cursor.copy(statement) as copy:
                copy.write(copied)
    return GuideVersion.objects.get(pk=key)


@cache
def _rows_of(make: Callable[[], GuideVersion]) -> tuple[int, dict[str, bytes]]:
    """The version's key, and what to copy into each table, by the statement that does it."""
    rows = {}
    with transaction.atomic(), connection.cursor() as cursor:
        version = make()
        for model in (GuideVersion, *PIECES):
            columns = ", ".join(field.column for field in model._meta.concrete_fields if not field.generated)
            mine = model.objects.filter(**{_path_to_version(model): version.pk}).values("pk")
            selected = f"SELECT {columns} FROM {model._meta.db_table} WHERE id IN ({mine.query})"
            with cursor.copy(f"COPY ({selected}) TO STDOUT") as copy:
                statement = f"COPY {model._meta.db_table} ({columns}) FROM STDIN"
                rows[statement] = b"".join(bytes(block) for block in copy)
        transaction.set_rollback(True)
    return version.pk, rows


def _path_to_version(model: type[Model]) -> str:
    return {GuideVersion: "pk", Option: "question__version"}.get(model, "version")


class PieceFactory(factory.django.DjangoModelFactory):
    """Base of the factories of rows of a version."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, *args: Any, **kwargs: Any) -> Any:
        version = kwargs["version"] if "version" in kwargs else kwargs["question"].version
        with without_triggers() if version.published_at else transaction.atomic():
            return super()._create(*args, **kwargs)


class GuideVersionFactory(factory.django.DjangoModelFactory):
    """Published; `draft=True` for a draft."""

    class Meta:
        model = GuideVersion

    class Params:
        draft = factory.Trait(significance="", change_note="", published_at=None)

    date = factory.Sequence(lambda n: datetime.date(2027, 1, 1) + datetime.timedelta(days=n))
    title = "Sharing well"
    subtitle = "A guide made up for a test"
    significance = "major"
    change_note = "Better words."
    principles_url = "https://example.org/principles"
    published_at = factory.LazyFunction(timezone.now)


class SectionFactory(PieceFactory):
    class Meta:
        model = Section

    version = factory.SubFactory(GuideVersionFactory)
    slug = factory.Sequence(lambda n: f"section-{n}")
    title = factory.Sequence(lambda n: f"Section {n}")
    body = "Some words."
    position = factory.Sequence(lambda n: n)


class ExampleFactory(PieceFactory):
    class Meta:
        model = Example

    version = factory.SelfAttribute("section.version")
    section = factory.SubFactory(SectionFactory)
    slug = factory.Sequence(lambda n: f"example-{n}")
    title = factory.Sequence(lambda n: f"Example {n}")
    body = "**Example.** Something happened."
    position = factory.Sequence(lambda n: n)


class PrincipleFactory(PieceFactory):
    class Meta:
        model = Principle

    version = factory.SubFactory(GuideVersionFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Principle {n}")
    explanation = "In other words."


class ResourceFactory(PieceFactory):
    class Meta:
        model = Resource

    version = factory.SubFactory(GuideVersionFactory)
    title = "Somewhere else"
    url = "https://example.org/"
    position = factory.Sequence(lambda n: n)


class QuestionFactory(PieceFactory):
    """Text question; for another `kind` pass `max_length=None` and the options."""

    class Meta:
        model = Question

    version = factory.SubFactory(GuideVersionFactory)
    part = "what"
    key = factory.LazyAttributeSequence(lambda question, n: f"{question.part}.question_{n}")
    kind = Question.Kind.TEXT
    text = factory.Sequence(lambda n: f"Question {n}?")
    max_length = factory.LazyAttribute(lambda question: 200 if question.kind == Question.Kind.TEXT else None)
    position = factory.Sequence(lambda n: n)


class OptionFactory(PieceFactory):
    class Meta:
        model = Option

    question = factory.SubFactory(QuestionFactory, kind=Question.Kind.ONE)
    key = factory.Sequence(lambda n: f"option-{n}")
    text = factory.Sequence(lambda n: f"Option {n}")
    position = factory.Sequence(lambda n: n)


class MessageFactory(PieceFactory):
    class Meta:
        model = Message

    version = factory.SubFactory(GuideVersionFactory)
    key = factory.Sequence(lambda n: f"message-{n}")
    title = "A message"
    text = "Please quote {reference}."
    condition = factory.LazyFunction(lambda: {"all": [{"question": "direction", "is": "asked"}]})
    position = factory.Sequence(lambda n: n)


class ConsiderationFactory(PieceFactory):
    class Meta:
        model = Consideration

    version = factory.SubFactory(GuideVersionFactory)
    part = "what"
    key = factory.Sequence(lambda n: f"consideration-{n}")
    kind = Consideration.Kind.THINK
    text = "Think about it."
    condition = factory.LazyFunction(lambda: {"all": [{"question": "direction", "is": "asked"}]})
    cites = factory.LazyFunction(lambda: ["section:what-is-needed"])
    position = factory.Sequence(lambda n: n)
