"""Someone at immediate risk: one page, recorded at once, completed later."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from decisions import actions
from decisions.actions import URGENT_OUTCOMES
from decisions.domain.working_time import next_working_day
from decisions.models import Decision, Round
from guidance.choices import Direction
from guidance.reading import questions
from tests.decisions.factories import ENOUGH_TO_RECORD, DecisionFactory, DraftFactory
from tests.sharingwell.accounts.factories import PASSWORD, PersonFactory
from tests.sharingwell.reading import content_of, fields_of_the_form, fields_to_send_again, text_of

pytestmark = pytest.mark.usefixtures("guide_throughout")

SAID = {
    "direction": "share",
    "what": "The person left the ward and may harm themselves",
    "with_whom": "The police control room, by phone",
    "why": "Nobody knows where they are and it is freezing",
    "when": "today",
}


def test_one_page_is_enough(signed_in, practitioner):
    response = signed_in.post("/decisions/urgent/", {**SAID, "case_reference": "HO-1"}, follow=True)
    round = Round.objects.get()
    text = text_of(response)
    assert round.urgent
    assert round.is_recorded
    assert round.answers == {
        "what.request": SAID["what"],
        "what.urgency": "now",
        "who.asking": SAID["with_whom"],
        "decide.outcome": "share",
        "decide.shared": f"{SAID['what']}\n{SAID['with_whom']}",
        "decide.shared_on": timezone.localdate().isoformat(),
        "decide.sent_how": SAID["with_whom"],
        "decide.reasoning": SAID["why"],
    }
    assert "Decision recorded" in text
    assert f"Complete this record by {next_working_day(timezone.localdate()):%A %-d %B}" in text


def test_one_box_is_enough(signed_in):
    fields = dict(fields_of_the_form(signed_in.get("/decisions/urgent/")))
    signed_in.post("/decisions/urgent/", {**fields, "what": "I told the police: they may freeze"})
    round = Round.objects.get()
    assert round.decision.direction == "share"
    assert round.reasoning == "I told the police: they may freeze"
    assert round.answers["decide.shared"] == "I told the police: they may freeze"


@pytest.mark.parametrize("direction", Direction)
def test_what_was_typed_does_not_read_not_answered_the_next_day(signed_in, direction):
    signed_in.post("/decisions/urgent/", {**SAID, "direction": direction})
    round = Round.objects.get()
    shown = {answer["key"]: answer["answer"] for part in round.record["parts"] for answer in part["answers"]}
    assert shown["decide.shared"] == [f"{SAID['what']}\n{SAID['with_whom']}"]
    assert shown["decide.sent_how"] == [SAID["with_whom"]]
    assert shown["who.asking"] == ([] if direction == Direction.TOLD else [SAID["with_whom"]])


class TestBeforeSignIn:
    def test_the_page_can_be_filled_in_and_every_word_comes_back(self, client, practitioner):
        said = {**SAID, "when": "another-date", "case_reference": "HO-1"}
        said |= {"when.another_day": "1", "when.another_month": "2", "when.another_year": "2026"}
        assert "We ask you to sign in" in text_of(client.get("/decisions/urgent/"))
        response = client.post("/decisions/urgent/", said)
        assert response.url == "/accounts/login/?next=/decisions/urgent/"
        assert not Decision.objects.exists()
        signed_in = client.post(
            response.url, {"login": practitioner.email, "password": PASSWORD, "next": "/decisions/urgent/"}
        )
        assert signed_in.url == "/decisions/urgent/"
        response = client.get("/decisions/urgent/")
        assert "Your words are below, and not recorded yet." in text_of(response)
        fields = dict(fields_of_the_form(response))
        assert said.items() <= fields.items()
        client.post("/decisions/urgent/", fields)
        assert Round.objects.get().answers["decide.shared_on"] == "2026-02-01"

    def test_the_words_are_given_back_once(self, client, practitioner):
        client.post("/decisions/urgent/", SAID)
        client.force_login(practitioner)
        assert SAID["what"] in content_of(client.get("/decisions/urgent/"))
        assert SAID["what"] not in content_of(client.get("/decisions/urgent/"))
        assert SAID["what"] not in str(dict(client.session))

    def test_one_address_keeps_so_many_a_minute_and_loses_no_word(self, client, practitioner, settings):
        cache.clear()
        settings.ADDRESS_LIMITS = {"urgent": "2/m/ip"}
        for _ in range(2):
            assert Client().post("/decisions/urgent/", SAID).status_code == 302
        kept = Session.objects.count()
        beyond = client.post("/decisions/urgent/", SAID, headers={"origin": "http://testserver"})
        assert SAID.items() <= dict(fields_to_send_again(beyond, 403)).items()
        assert Session.objects.count() == kept
        client.force_login(practitioner)
        assert client.post("/decisions/urgent/", SAID).status_code == 302
        assert Round.objects.get().is_recorded

    def test_errors_come_before_sign_in(self, client):
        assert "Enter what you are doing, and why." in text_of(
            client.post("/decisions/urgent/", {"what": ""})
        )


def test_pressing_the_button_twice_records_once(signed_in):
    assert signed_in.post("/decisions/urgent/", SAID).url == signed_in.post("/decisions/urgent/", SAID).url
    assert Round.objects.count() == 1
    signed_in.post("/decisions/urgent/", {**SAID, "with_whom": "The night team, by phone"})
    assert Round.objects.count() == 2


@pytest.mark.parametrize("direction", Direction)
def test_every_direction_has_an_outcome_that_the_guide_offers(signed_in, guide, direction):
    signed_in.post("/decisions/urgent/", {**SAID, "direction": direction})
    round = Round.objects.get()
    [outcome] = [question for question in questions(guide) if question.key == "decide.outcome"]
    assert round.outcome == URGENT_OUTCOMES[direction]
    assert round.outcome in {option.key for option in outcome.options_for(direction)}


def test_yesterday_and_another_date_can_be_said(signed_in):
    signed_in.post("/decisions/urgent/", {**SAID, "when": "yesterday"})
    assert Round.objects.get().answers["decide.shared_on"] == str(
        timezone.localdate() - datetime.timedelta(days=1)
    )
    other = {"when.another_day": "1", "when.another_month": "2", "when.another_year": "2026"}
    signed_in.post("/decisions/urgent/", {**SAID, "when": "another-date", **other})
    assert Round.objects.latest("pk").answers["decide.shared_on"] == "2026-02-01"


def test_errors_keep_the_input(signed_in):
    text = text_of(
        signed_in.post("/decisions/urgent/", {"what": "They left the ward", "when": "another-date"})
    )
    for words in [
        "Choose what you are doing.",
        "Enter the date, or choose today.",
        "They left the ward",
    ]:
        assert words in text
    assert not Decision.objects.exists()


def test_a_long_text_makes_a_short_summary(signed_in):
    signed_in.post("/decisions/urgent/", {**SAID, "what": "They left the ward. " * 40})
    round = Round.objects.get()
    assert len(round.decision.summary) == 200
    assert len(round.answers["what.request"]) > 700


def test_is_due_until_the_next_round(signed_in, practitioner):
    signed_in.post("/decisions/urgent/", SAID)
    first = Round.objects.get()
    assert "Complete by" in text_of(signed_in.get("/decisions/"))
    second = actions.start_round(by=practitioner, decision=first.decision, changed="")
    assert second.answers == first.answers
    assert not second.urgent
    assert "Complete by" not in text_of(signed_in.get("/decisions/"))
    assert "A later round completes it." in text_of(signed_in.get(first.get_absolute_url()))


def test_is_overdue_after_a_day_and_found_by_the_filter(signed_in, practitioner):
    draft = DraftFactory(decision=DecisionFactory(author=practitioner), urgent=True, answers=ENOUGH_TO_RECORD)
    long_ago = timezone.now() - datetime.timedelta(days=20)
    round = actions.record_round(by=practitioner, round=draft, at=long_ago)
    for address in ["/decisions/?show=overdue", "/decisions/?show=due", round.get_absolute_url()]:
        text = text_of(signed_in.get(address))
        assert f"Overdue: complete by {round.complete_by:%-d %B}" in text
        assert round.decision.summary in text


def test_needs_the_practitioner_role(client):
    client.force_login(PersonFactory(roles=["administrator"]))
    assert client.get("/decisions/urgent/").status_code == 403
    assert client.post("/decisions/urgent/", SAID).status_code == 403


def test_is_offered_on_the_start_page_and_on_my_decisions(signed_in):
    for address in ["/", "/decisions/"]:
        assert 'href="/decisions/urgent/"' in content_of(signed_in.get(address))
