"""The check page: what to weigh first, what is answered, what is not, and what is left out of the record."""

import pytest

from tests.decisions.factories import ENOUGH_TO_RECORD, DraftFactory
from tests.sharingwell.reading import main_of, text_of, words_in

pytestmark = pytest.mark.usefixtures("guide_throughout")


@pytest.fixture
def draft(practitioner):
    answers = {"decide.outcome": "share", "what.urgency": "now", "decide.reasoning": "They may freeze."}
    return DraftFactory(decision__author=practitioner, decision__direction="share", answers=answers)


def check(client, draft):
    return client.get(f"{draft.get_absolute_url()}check/")


def test_what_to_weigh_comes_first_then_the_answers_then_what_is_not_answered(signed_in, draft):
    text = text_of(check(signed_in, draft))
    order = ["Weigh these first", "Act now", "Record this decision", "They may freeze.", "Not answered ("]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert text.count("Record this decision") == 2


def test_a_consideration_leads_to_the_very_question_that_is_open_and_back(signed_in, draft):
    links = main_of(check(signed_in, draft)).select("a[href*='then=check']")
    [link] = [link for link in links if words_in(link) == "When was it shared, or when will it be?"][:1]
    address, control = link["href"].split("#")
    assert address == f"{draft.get_absolute_url()}decide/?then=check"
    part = main_of(signed_in.get(address))
    assert part.find(id=control)
    assert part.select_one("details.sw-more").has_attr("open")
    response = signed_in.post(address, {"_then": "check", "decide.shared_on_day": ""})
    assert response.url == f"{draft.get_absolute_url()}check/"


def test_a_change_that_needs_another_look_still_goes_back(signed_in, draft):
    said = {"_then": "check", "what.request": "About 943 476 5919"}
    response = signed_in.post(f"{draft.get_absolute_url()}what/", said)
    assert response.url == f"{draft.get_absolute_url()}what/?then=check"
    hidden = main_of(signed_in.get(response.url)).select_one("input[name=_then]")
    assert hidden["value"] == "check"


def test_what_does_not_apply_is_left_out_with_the_reason(signed_in, practitioner):
    answers = {**ENOUGH_TO_RECORD, "decide.outcome": "do-not-share", "decide.shared": "The date"}
    draft = DraftFactory(decision__author=practitioner, answers=answers)
    text = text_of(check(signed_in, draft))
    assert "Left out of the record" in text
    assert "The date Why it is left out “What have you decided?” is answered “Do not share”" in text
    signed_in.post(f"{draft.get_absolute_url()}check/")
    draft.refresh_from_db()
    assert draft.is_recorded
    assert "The date" not in str(draft.record)
    assert draft.answers["decide.shared"] == "The date"


def test_a_thought_is_folded_until_there_is_one(signed_in, draft):
    name = "thought.serious-harm-now"

    def folded():
        field = main_of(check(signed_in, draft)).select_one(f"textarea[name='{name}']")
        return not field.find_parent("details").has_attr("open")

    assert folded()
    signed_in.post(f"{draft.get_absolute_url()}check/", {name: "I rang.", "save_thoughts": "yes"})
    assert not folded()
