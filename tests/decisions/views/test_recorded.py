"""What comes after recording: the confirmation, a message to send, and the day to look again for a calendar."""

import datetime

import icalendar
import pytest
from django.utils import timezone

from decisions import actions
from decisions.models import FollowUp
from tests.decisions.factories import ENOUGH_TO_RECORD, DraftFactory, recorded_round
from tests.sharingwell.reading import content_of, fields_of_the_form, heading_of, main_of, page, text_of

pytestmark = pytest.mark.usefixtures("guide_throughout")

SECRET = "The room is held until Friday"


@pytest.fixture
def round(practitioner):
    answers = {"decide.shared": SECRET, "decide.review_on": "2099-03-01", "why.purpose": "A safe discharge"}
    return recorded_round(author=practitioner, answers=answers)


def message(client, round, which=""):
    response = client.get(f"{round.get_absolute_url()}message/?which={which}")
    return main_of(response).select_one("textarea").get_text()


def test_recording_is_confirmed_with_what_to_do_now(signed_in, practitioner):
    draft = DraftFactory(
        decision__author=practitioner, answers={**ENOUGH_TO_RECORD, "decide.review_on": "2099-03-01"}
    )
    for _ in range(2):  # the button pressed twice
        response = signed_in.post(f"{draft.get_absolute_url()}check/", follow=True)
        assert response.redirect_chain == [(f"{draft.get_absolute_url()}recorded/", 302)]
    assert heading_of(response) == "Decision recorded"
    assert page(response).select_one(".govuk-panel strong").get_text() == draft.decision.reference
    for words in [
        "To the person you share it with",
        "Copy it into your case system",
        "Put it in your calendar : Sunday 1 March 2099",
        "say what happened next",
    ]:
        assert words in text_of(response)


def test_a_draft_is_not_confirmed(signed_in, practitioner):
    draft = DraftFactory(decision__author=practitioner)
    assert signed_in.get(f"{draft.get_absolute_url()}recorded/").url == draft.get_absolute_url()
    assert signed_in.get(f"{draft.get_absolute_url()}message/").status_code == 409


class TestTheCalendar:
    def entries(self, client, round):
        response = client.get(f"{round.decision.get_absolute_url()}look-again.ics")
        assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
        return response, icalendar.Calendar.from_ical(content_of(response)).events

    def test_has_the_day_and_the_reference_and_no_word_of_the_case(self, signed_in, round):
        response, [entry] = self.entries(signed_in, round)
        assert entry.start == datetime.date(2099, 3, 1)
        assert entry["summary"] == f"Look again at {round.decision.reference}"
        assert entry["url"].endswith(round.decision.get_absolute_url())
        for words in [SECRET, round.decision.summary, round.author.name]:
            assert words not in content_of(response)

    def test_moves_its_entry_with_the_day(self, signed_in, round):
        _, [before] = self.entries(signed_in, round)
        actions.move_look_again(
            by=round.author, decision=round.decision, look_again_on=datetime.date(2099, 4, 1), reason="Away."
        )
        _, [after] = self.entries(signed_in, round)
        assert (after["uid"], after.start) == (before["uid"], datetime.date(2099, 4, 1))

    def test_has_the_day_to_complete_an_urgent_record_by(self, signed_in, practitioner):
        round = actions.record_urgent_round(
            by=practitioner, direction="share", what="They left the ward", when=timezone.localdate()
        )
        _, [entry] = self.entries(signed_in, round)
        assert (entry["summary"], entry.start) == (f"Complete {round.decision.reference}", round.complete_by)

    def test_is_not_there_without_a_day(self, signed_in, practitioner):
        round = recorded_round(author=practitioner)
        assert signed_in.get(f"{round.decision.get_absolute_url()}look-again.ics").status_code == 404
        assert "calendar" not in text_of(signed_in.get(f"{round.get_absolute_url()}recorded/"))


class TestAMessage:
    @pytest.mark.parametrize(
        ("direction", "outcome", "titles"),
        [
            ("asked", "share-part", ["To the person you share it with"]),
            ("asked", "check-first", ["A holding reply"]),
            ("asked", "do-not-share", ["A refusal, and what would change it"]),
            ("share", "share", ["To the person you share it with"]),
            ("share", "do-not-share", []),
            (
                "told",
                "accept-and-act",
                ["To the people who can help", "Thank you to the person who told you"],
            ),
            ("told", "do-not-act", ["Thank you to the person who told you"]),
            ("ask", "ask", ["A request for information"]),
            ("ask", "do-not-act", []),
        ],
    )
    def test_suits_the_direction_and_the_outcome(self, signed_in, practitioner, direction, outcome, titles):
        round = recorded_round(author=practitioner, direction=direction, answers={"decide.outcome": outcome})
        confirmation = main_of(signed_in.get(f"{round.get_absolute_url()}recorded/"))
        links = confirmation.select("a[href*='message/?which=']")
        assert [link.get_text() for link in links] == titles
        for link in links:
            text = message(signed_in, round, link["href"].partition("=")[2])
            assert round.decision.reference in text
            assert practitioner.name in text
            assert "{" not in text

    def test_is_made_from_the_answers(self, signed_in, round):
        text = message(signed_in, round)
        assert f"We are sharing this with you: {SECRET}\n" in text
        assert "Why we are sharing it: A safe discharge\n" in text
        assert "confirm that you have received it" in text
        assert "How you will get it" not in text  # not answered
        assert ENOUGH_TO_RECORD["decide.reasoning"] not in text

    def test_is_checked_for_identifiers_and_kept_nowhere(self, signed_in, round):
        address = f"{round.get_absolute_url()}message/"
        said = {"note": f"{SECRET}. Ring 07400 123456.", "check": "yes"}
        response = signed_in.post(address, said)
        assert "This looks like a phone number" in text_of(response)
        response = signed_in.post(address, {**said, "identifier.note": "remove"})
        assert dict(fields_of_the_form(response))["note"] == f"{SECRET}. Ring [removed]."
        assert not FollowUp.objects.exists()

    def test_is_kept_once_its_writer_records_that_it_was_sent(self, signed_in, round):
        address = f"{round.get_absolute_url()}message/"
        sent = {"note": "Ring 07400 123456.", "sent": "yes"}
        assert "Choose whether" in text_of(signed_in.post(address, sent))
        assert not FollowUp.objects.exists()
        needed = {"identifier.note": "needed", "identifier_reason.note": "They have no other number."}
        response = signed_in.post(address, {**sent, **needed}, follow=True)
        assert "A message was sent Ring 07400 123456." in text_of(response)
        assert FollowUp.objects.get().kind == FollowUp.Kind.SENT
