"""Warnings about possible identifiers, and the writer's choice to remove or keep them."""

import pytest

from decisions import actions
from decisions.forms.advice import ReplyForm
from decisions.forms.decisions import DescriptionForm
from decisions.forms.examples import ExampleForm
from decisions.forms.follow_up import CloseForm, FollowUpForm, LookAgainForm
from decisions.forms.part import PartForm
from decisions.forms.retention import AnswerDisposalForm, HoldForm
from decisions.forms.reviews import ReviewForm
from decisions.forms.rounds import ChangedForm
from decisions.models import Decision, Round
from guidance.choices import Direction, QuestionKind
from guidance.reading import Question
from tests.decisions.factories import ENOUGH_TO_RECORD, DecisionFactory, DraftFactory, recorded_round
from tests.sharingwell.reading import page, text_of

pytestmark = pytest.mark.usefixtures("guide_throughout")

WITH_NUMBER = "The ward rang about 943 476 5919, who is well."


@pytest.fixture
def draft(practitioner):
    return DraftFactory(decision=DecisionFactory(author=practitioner))


@pytest.fixture
def address(draft):
    return f"{draft.get_absolute_url()}what/"


def saved():
    return Round.objects.get()


def test_text_is_saved_and_the_page_shows_the_warning(signed_in, address):
    response = signed_in.post(address, {"what.request": WITH_NUMBER}, follow=True)
    assert response.redirect_chain == [(address, 302)]
    assert "This looks like an NHS number (“943 476 5919”). Does it have to be here?" in text_of(response)
    assert saved().answers["what.request"] == WITH_NUMBER


def test_an_identifier_can_be_removed(signed_in, address):
    signed_in.post(address, {"what.request": WITH_NUMBER})
    chosen = {"what.request": WITH_NUMBER, "identifier.what.request": "remove", "why-needed.what.request": ""}
    response = signed_in.post(address, chosen)
    assert response.url.endswith("/who/")
    assert saved().answers["what.request"] == "The ward rang about [removed], who is well."


def test_an_identifier_can_be_kept_with_a_reason(signed_in, draft, address):
    why = "The ward knows them by it only."
    chosen = {
        "what.request": WITH_NUMBER,
        "identifier.what.request": "needed",
        "why-needed.what.request": why,
    }
    assert signed_in.post(address, chosen).url.endswith("/who/")
    assert saved().answers["what.request"] == WITH_NUMBER
    assert saved().identifier_reasons == {"what.request": why}
    shown = page(signed_in.get(address))
    assert shown.find("input", {"name": "why-needed.what.request"})["value"] == why
    actions.save_answers(by=draft.author, round=saved(), answers=ENOUGH_TO_RECORD)
    recorded = actions.record_round(by=draft.author, round=saved())
    assert f"It holds an identifier because: {why}" in text_of(signed_in.get(recorded.get_absolute_url()))


def test_a_warning_is_shown_once(signed_in, address):
    left_open = {"what.request": WITH_NUMBER, "why-needed.what.request": ""}
    assert signed_in.post(address, left_open).url.endswith("/who/")
    assert saved().answers["what.request"] == WITH_NUMBER


def test_text_without_an_identifier_gets_no_warning(signed_in, address):
    assert signed_in.post(address, {"what.request": "The ward rang."}).url.endswith("/who/")


def test_the_urgent_form_records_before_it_warns(signed_in):
    said = {
        "direction": "share",
        "what": WITH_NUMBER,
        "with_whom": "07400 123456",
        "why": "Now",
        "when": "today",
    }
    signed_in.post("/decisions/urgent/", said)
    assert saved().is_recorded
    text = text_of(signed_in.get(f"{saved().get_absolute_url()}recorded/"))
    assert "Do you need to include it?" in text
    assert "“What do you want to share, in your own words?”: an NHS number (“943 476 5919”)" in text
    assert "a phone number (“07400 123456”)" in text
    assert "943" not in saved().decision.summary


def test_the_round_after_an_urgent_record_shows_the_warning(signed_in, practitioner):
    said = {"direction": "share", "what": WITH_NUMBER, "with_whom": "Police", "why": "Now", "when": "today"}
    signed_in.post("/decisions/urgent/", said)
    first = saved()
    second = actions.start_round(by=practitioner, decision=first.decision, changed="")
    assert "Do you need to include it?" not in text_of(signed_in.get(f"{first.get_absolute_url()}recorded/"))
    assert "This looks like an NHS number" in text_of(signed_in.get(f"{second.get_absolute_url()}what/"))


DESCRIBED = {"direction": "asked", "summary": "Ward asks about Mrs Smith", "case_reference": "943 476 5919"}


class TestDescription:
    def test_is_saved_with_a_warning(self, signed_in):
        response = signed_in.post("/decisions/new/", DESCRIBED, follow=True)
        decision = Decision.objects.get()
        assert response.redirect_chain == [(f"/decisions/{decision.reference}/description/", 302)]
        text = text_of(response)
        assert "Saved. Please look at what is pointed out below" in text
        assert "This looks like a name (“Mrs Smith”)." in text
        assert "This looks like an NHS number (“943 476 5919”)." in text

    def test_identifiers_can_be_removed_or_kept_with_a_reason(self, signed_in):
        signed_in.post("/decisions/new/", DESCRIBED)
        decision = Decision.objects.get()
        address = f"/decisions/{decision.reference}/description/"
        chosen = {
            "identifier.summary": "remove",
            "identifier.case_reference": "needed",
            "why-needed.case_reference": "Our system goes by it.",
        }
        assert signed_in.post(address, {**DESCRIBED, **chosen}).url == decision.get_absolute_url()
        decision.refresh_from_db()
        assert (decision.summary, decision.case_reference) == (
            "Ward asks about [removed]",
            "943 476 5919",
        )
        shown = page(signed_in.get(address))
        assert shown.find("input", {"name": "why-needed.case_reference"})["value"] == "Our system goes by it."
        draft = saved()
        actions.save_answers(by=draft.author, round=draft, answers=ENOUGH_TO_RECORD)
        recorded = actions.record_round(by=draft.author, round=draft)
        assert recorded.record["needed"] == [{"about": "Case reference", "why": "Our system goes by it."}]
        read = text_of(signed_in.get(recorded.get_absolute_url()))
        assert "Case reference: it holds an identifier because Our system goes by it." in read

    def test_reason_is_recorded_in_the_next_round_but_not_of_what_changed(self, practitioner):
        first = recorded_round(author=practitioner)
        second = actions.start_round(by=practitioner, decision=first.decision, changed="943 476 5919")
        words = {"why-needed.summary": "Known so", "why-needed.changed": "Only now"}
        actions.save_words(by=practitioner, round=second, words={**words, **ENOUGH_TO_RECORD})
        second = actions.record_round(by=practitioner, round=second)
        assert [each["about"] for each in second.record["needed"]] == ["Summary", "What had changed"]
        third = actions.start_round(by=practitioner, decision=first.decision, changed="")
        assert third.identifier_reasons == {"summary": "Known so"}

    def test_warning_is_shown_once(self, signed_in):
        signed_in.post("/decisions/new/", DESCRIBED)
        decision = Decision.objects.get()
        left_open = {**DESCRIBED, "why-needed.summary": "", "why-needed.case_reference": ""}
        response = signed_in.post(f"/decisions/{decision.reference}/description/", left_open)
        assert response.url == decision.get_absolute_url()


class TestThoughtsAndWhatChanged:
    def test_what_changed_is_saved_with_a_warning(self, signed_in, practitioner):
        first = recorded_round(author=practitioner)
        response = signed_in.post(
            f"{first.decision.get_absolute_url()}again/", {"changed": "Ring 07400 123456"}, follow=True
        )
        second = Round.objects.get(number=2)
        address = f"{second.get_absolute_url()}changed/"
        assert response.redirect_chain == [(address, 302)]
        assert "This looks like a phone number (“07400 123456”)." in text_of(response)
        chosen = {
            "changed": "Ring 07400 123456",
            "identifier.changed": "remove",
            "why-needed.changed": "",
        }
        assert signed_in.post(address, chosen).url == second.get_absolute_url()
        second.refresh_from_db()
        assert second.changed == "Ring [removed]"

    def test_thought_is_saved_with_a_warning_before_recording(self, signed_in, draft):
        actions.save_answers(
            by=draft.author, round=draft, answers={**ENOUGH_TO_RECORD, "what.urgency": "now"}
        )
        address = f"{draft.get_absolute_url()}check/"
        thought = {"thought.serious-harm-now": "Rang 07400 123456"}
        response = signed_in.post(address, thought, follow=True)
        assert response.redirect_chain == [(address, 302)]
        assert "This looks like a phone number (“07400 123456”)." in text_of(response)
        assert not saved().is_recorded
        left_open = {**thought, "why-needed.thought.serious-harm-now": ""}
        assert signed_in.post(address, left_open).url == f"{draft.get_absolute_url()}recorded/"
        assert saved().is_recorded


def ways_to_write():
    """Each form that points out, with the name of one of its texts and a way to make it."""
    question = Question(key="what.request", kind=QuestionKind.TEXT, text="?", max_length=600)
    part = {"questions": [question], "direction": Direction.SHARE, "answers": {}}
    return {
        "part": ("what.request", lambda data: PartForm(data, **part)),
        "description": ("summary", DescriptionForm),
        "changed": ("changed", ChangedForm),
        "follow-up": ("note", FollowUpForm),
        "look again": ("reason", lambda data: LookAgainForm(data, questions=())),
        "close": ("reason", CloseForm),
        "review": ("comment", lambda data: ReviewForm(data, categories=())),
        "reply": ("reply", ReplyForm),
        "disposal": ("reason", lambda data: AnswerDisposalForm(data, can_confirm=True)),
        "hold": ("reason", HoldForm),
        "example": ("text", lambda data: ExampleForm(data, sections=(), words=(), names=())),
    }


@pytest.mark.parametrize("way", ways_to_write())
def test_only_a_text_within_its_limit_is_searched(way):
    name, form = ways_to_write()[way]
    limit = form({}).fields[name].max_length
    number = " 943 476 5919 "
    within = form({name: number + "x" * (limit - len(number.lstrip()))})
    beyond = form({name: number + "x" * limit})
    assert within.identifier_question(name) is not None
    assert beyond.identifier_question(name) is None
    assert "characters or fewer" in str(beyond.errors[name])
