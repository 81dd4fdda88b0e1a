"""Constraints of the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError

from guidance.models import GuideVersion
from tests.guidance.factories import (
    ExampleFactory,
    GuideVersionFactory,
    OptionFactory,
    PrincipleFactory,
    QuestionFactory,
    ResourceFactory,
    SectionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("maker", "fields", "constraint"),
    [
        (SectionFactory, {"level": 4}, "section_level_known"),
        (QuestionFactory, {"part": "what", "key": "who.asking"}, "question_key_begins_with_part"),
        (QuestionFactory, {"part": "when"}, "question_part_known"),
        (QuestionFactory, {"kind": "hour"}, "question_kind_known"),
        (QuestionFactory, {"max_length": None}, "question_text_has_max_length"),
        (QuestionFactory, {"kind": "one", "max_length": 9}, "question_text_has_max_length"),
        (OptionFactory, {"directions": ["heard"]}, "option_directions_known"),
        (OptionFactory, {"category": "secret"}, "option_category_known"),
    ],
)
def test_a_value_that_is_not_known_is_refused(maker: Any, fields: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        maker.create(**fields)


@pytest.mark.parametrize(
    ("maker", "fields"),
    [
        (SectionFactory, {"slug": "same"}),
        (ExampleFactory, {"slug": "same"}),
        (PrincipleFactory, {"number": 1}),
        (QuestionFactory, {"key": "what.same"}),
        (SectionFactory, {"position": 1}),
        (ExampleFactory, {"position": 1}),
        (ResourceFactory, {"position": 1}),
        (QuestionFactory, {"position": 1}),
    ],
)
def test_the_same_key_number_or_position_twice_in_a_version_is_refused(
    maker: Any, fields: dict[str, Any]
) -> None:
    version = GuideVersionFactory.create(draft=True)
    owner = (
        {"section": SectionFactory.create(version=version)}
        if maker is ExampleFactory
        else {"version": version}
    )
    maker.create(**owner, **fields)
    if maker is ExampleFactory:
        owner = {"section": SectionFactory.create(version=version)}

    with pytest.raises(IntegrityError):
        maker.create(**owner, **fields)


def test_two_versions_of_one_date_are_refused() -> None:
    GuideVersionFactory.create(date="2026-03-20")

    with pytest.raises(IntegrityError):
        GuideVersionFactory.create(date="2026-03-20")


def test_the_current_version_is_asked_for_by_a_method_that_raises_when_there_is_none() -> None:
    with pytest.raises(GuideVersion.DoesNotExist):
        GuideVersion.objects.current()


def test_a_version_names_itself_by_title_and_date(guide: GuideVersion) -> None:
    assert str(guide) == "Sharing well, 20 March 2026"
    assert guide.get_absolute_url() == "/guide/2026-03-20/"
