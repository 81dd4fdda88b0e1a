"""Worked examples for the guide, written from reviews that mark learning."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from decisions import actions
from decisions.errors import NotMarkedAsLearning
from decisions.models import ExampleOrigin, Round
from guidance.editing.drafts import read_draft
from guidance.editing.proposals import propose_example
from guidance.editing.publishing import start_draft
from guidance.models import Example, GuideVersion
from sharingwell.accounts.models import User
from tests.decisions.factories import recorded_round, state_review
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import content_of

REQUEST = "The ward asks whether the room of the person is still being held for them"
WRITTEN = {
    "title": "A room is held",
    "text": "**For example**, somebody was in hospital, and a call was enough to keep their place.",
    "section": "who-is-asking",
}


@pytest.fixture
def round(guide: GuideVersion) -> Round:
    round = recorded_round(answers={"what.request": REQUEST}, case_reference="HO-1042")
    state_review(round, finding="learning")
    return round


@pytest.fixture
def ig_manager(round: Round) -> User:
    return PersonFactory(roles=["ig_manager"], team=round.decision.team)


@pytest.fixture
def page(round: Round) -> str:
    return reverse("decisions:example", args=[round.decision.reference, 1])


def test_begins_empty_beside_the_record_and_lands_in_the_next_draft(
    client: Client,
    round: Round,
    ig_manager: User,
    page: str,
    guide: GuideVersion,
) -> None:
    client.force_login(ig_manager)
    assert page in content_of(client.get(round.decision.get_absolute_url()))
    shown = client.get(page)
    assert REQUEST in content_of(shown)
    assert not any(shown.context["form"][name].value() for name in WRITTEN)

    assert client.post(page, WRITTEN)["Location"] == round.decision.get_absolute_url()
    draft = GuideVersion.objects.get(published_at=None)
    assert draft.based_on == guide
    example = draft.examples.get(title="A room is held")
    assert (example.slug, example.section.slug) == ("a-room-is-held", "who-is-asking")
    assert "::: example a-room-is-held" in example.section.body
    assert not read_draft(draft).errors
    origin = ExampleOrigin.objects.get()
    assert (origin.version_key, origin.example, origin.by) == (draft.pk, "a-room-is-held", ig_manager)


def test_goes_into_the_existing_draft_under_an_unused_key(round: Round, ig_manager: User) -> None:
    draft = start_draft(by=PersonFactory(roles=["guide_editor"]))
    keys = [actions.draft_example(by=ig_manager, round=round, **WRITTEN).example for _ in range(2)]
    assert keys == ["a-room-is-held", "a-room-is-held-2"]
    assert set(keys) <= set(draft.examples.values_list("slug", flat=True))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"text": f"It began so: {REQUEST}. We said yes."}, "These words stand in the record"),
        ({"text": "See HO-1042 for more."}, "could lead somebody to the decision"),
        ({"text": "Ring 01223 699000 for more."}, "This looks like a phone number"),
        ({"title": "Mrs Vale is rung back"}, "This looks like a name"),
        ({"text": ""}, "Write the example."),
        ({"section": "nowhere"}, "Choose one of the options shown."),
    ],
)
def test_is_not_saved_until_identifier_warnings_are_answered(
    client: Client, ig_manager: User, page: str, written: dict[str, str], said: str
) -> None:
    client.force_login(ig_manager)
    response = client.post(page, {**WRITTEN, **written})
    assert said in content_of(response)
    assert not Example.objects.filter(version__published_at=None).exists()
    assert not ExampleOrigin.objects.exists()


def test_a_possible_identifier_is_removed_on_request(client: Client, ig_manager: User, page: str) -> None:
    client.force_login(ig_manager)
    text = "We rang 01223 699000 and asked."
    client.post(page, {**WRITTEN, "text": text, "identifier.text": "remove"})
    assert (
        Example.objects.get(version__published_at=None, title=WRITTEN["title"]).body
        == "We rang [removed] and asked."
    )


def test_its_origin_is_for_the_organisations_ig_managers_alone(
    client: Client, round: Round, ig_manager: User
) -> None:
    origin = actions.draft_example(by=ig_manager, round=round, **WRITTEN)
    editor = PersonFactory(roles=["guide_editor"])
    example = Example.objects.get(slug=origin.example)
    for person, sees in [(ig_manager, True), (round.author, False)]:
        client.force_login(person)
        html = content_of(client.get(round.decision.get_absolute_url()))
        assert (origin.example in html) is sees
    client.force_login(editor)
    html = content_of(client.get(reverse("admin:guidance_example_change", args=[example.pk])))
    assert round.decision.reference not in html
    assert ig_manager.name not in html
    for nobody in [editor, round.author, PersonFactory(roles=["ig_manager"])]:
        assert not ExampleOrigin.objects.visible_to(nobody).exists()


def test_requires_a_learning_review_and_permission(round: Round, ig_manager: User) -> None:
    state_review(round, finding="well-reasoned")
    with pytest.raises(NotMarkedAsLearning):
        actions.draft_example(by=ig_manager, round=round, **WRITTEN)
    with pytest.raises(PermissionDenied):
        actions.draft_example(by=round.author, round=round, **WRITTEN)
    with pytest.raises(PermissionDenied):
        propose_example(by=round.author, title="A", text="B", section="who-is-asking")


def test_says_so_when_its_section_is_gone_meanwhile(client: Client, ig_manager: User, page: str) -> None:
    client.force_login(ig_manager)
    draft = start_draft(by=PersonFactory(roles=["guide_editor"]))
    draft.sections.filter(slug="who-is-asking").delete()
    response = client.post(page, WRITTEN)
    assert "Choose one of the options shown." in content_of(response)
    assert WRITTEN["title"] in content_of(response)
