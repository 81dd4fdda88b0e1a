"""Considerations of the guide: shown on their part, never blocking, and recorded with the round."""

import pytest

from decisions import actions
from decisions.errors import NotAllowed, RoundIsRecorded
from decisions.models import Round
from decisions.record.considerations import considered
from tests.decisions.factories import ENOUGH_TO_RECORD, DecisionFactory, DraftFactory, recorded_round
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import page, text_of

pytestmark = pytest.mark.usefixtures("guide_throughout")

HARM = {"what.urgency": "now"}
KEY = "serious-harm-now"


@pytest.fixture
def draft(practitioner):
    return DraftFactory(decision=DecisionFactory(author=practitioner), answers={**ENOUGH_TO_RECORD, **HARM})


def test_follows_from_the_answers(draft):
    assert KEY in [each.consideration.key for each in considered(draft)]
    draft.answers = {}
    assert KEY not in [each.consideration.key for each in considered(draft)]


def test_is_shown_beside_the_question_that_brought_it_up_with_links_to_the_guide(signed_in, draft):
    draft.answers["what.sure"] = "partly"
    draft.save()
    beside = page(signed_in.get(f"{draft.get_absolute_url()}what/")).find(
        attrs={"data-considered": "what.sure"}
    )
    assert "It is not yet clear what is needed." in beside.get_text()
    assert beside.select("a[href^='/guide/2026-03-20/#']")
    other = page(signed_in.get(f"{draft.get_absolute_url()}why/")).get_text()
    assert "It is not yet clear what is needed." not in other


def test_all_are_shown_together_when_the_answers_are_checked(signed_in, draft):
    text = text_of(signed_in.get(f"{draft.get_absolute_url()}check/"))
    for each in considered(draft):
        assert each.consideration.text in text


def test_a_thought_can_be_noted_and_is_kept(signed_in, draft):
    address = f"{draft.get_absolute_url()}check/"
    response = signed_in.post(address, {f"thought.{KEY}": "I rang the night team.", "save_thoughts": "yes"})
    assert response.url == address
    assert "I rang the night team." in text_of(signed_in.get(address))
    assert not Round.objects.get().is_recorded


def test_recording_keeps_what_was_shown_with_its_words_and_thoughts(signed_in, draft):
    signed_in.post(f"{draft.get_absolute_url()}check/", {f"thought.{KEY}": "I rang the night team."})
    recorded = Round.objects.get()
    kept = {each["key"]: each for each in recorded.record["considerations"]}
    assert kept.keys() == {each.consideration.key for each in considered(draft)}
    assert kept[KEY]["kind"] == "Act now"
    assert kept[KEY]["text"].startswith("Someone may come to serious harm now.")
    assert kept[KEY]["thought"] == "I rang the night team."
    assert all(passage["address"].startswith("/guide/2026-03-20/") for passage in kept[KEY]["passages"])
    assert "I rang the night team." in text_of(signed_in.get(recorded.get_absolute_url()))


def test_they_never_block(signed_in, draft):
    assert considered(draft)
    assert signed_in.post(f"{draft.get_absolute_url()}check/").url == f"{draft.get_absolute_url()}recorded/"
    assert Round.objects.get().is_recorded


def test_a_thought_that_is_too_long_comes_back_whole_and_records_nothing(signed_in, draft):
    words = "word " * 300
    response = signed_in.post(f"{draft.get_absolute_url()}check/", {f"thought.{KEY}": words})
    assert "must be 1,000 characters or fewer" in text_of(response)
    assert page(response).find(id=f"id_thought.{KEY}").string.split() == words.split()
    assert not Round.objects.get().is_recorded


def test_thoughts_are_the_writers_alone_and_final_once_recorded(draft):
    with pytest.raises(NotAllowed):
        actions.save_thoughts(by=PersonFactory(), round=draft, thoughts={KEY: "Not mine"})
    recorded = recorded_round()
    with pytest.raises(RoundIsRecorded):
        actions.save_thoughts(by=recorded.author, round=recorded, thoughts={KEY: "Too late"})
