"""Unexpected input: clear errors, no lost input, nothing saved that was not asked."""

import datetime

import pytest

from decisions import actions
from decisions.models import Round
from decisions.record.export import as_text
from tests.decisions.factories import ENOUGH_TO_RECORD, DecisionFactory, DraftFactory, recorded_round
from tests.sharingwell.reading import page, text_of

pytestmark = pytest.mark.usefixtures("guide_throughout")

OTHER_WRITING = [
    "قالت الممرضة إن الغرفة محجوزة.",
    "העובדת אמרה שהחדר שמור, unit 4.",
    "👩🏽‍⚕️ rang 👨‍👩‍👧, then 🏴󠁧󠁢󠁷󠁬󠁳󠁿.",
    "e\u0301 is not é, and \u202eback\u202c is turned round",
    "它们都是文字",
]


@pytest.fixture
def draft(practitioner):
    return DraftFactory(decision=DecisionFactory(author=practitioner))


@pytest.fixture
def address(draft):
    return f"{draft.get_absolute_url()}what/"


def answers():
    return Round.objects.get().answers


def test_unknown_question_keys_are_ignored(signed_in, address):
    sent = {
        "what.request": "Words",
        "what.nothing": "forged",
        "who.asking": "of another part",
        "decide.outcome": "share",
        "recorded_at": "2026-01-01",
        "author": "1",
        "thought.serious-harm-now": "forged",
        "why-needed.what.nothing": "forged",
    }
    signed_in.post(address, sent)
    round = Round.objects.get()
    assert (round.answers, round.thoughts, round.identifier_reasons) == ({"what.request": "Words"}, {}, {})
    assert not round.is_recorded


def test_a_text_over_the_limit_is_shown_in_full_with_the_error(signed_in, address):
    words = "A ward rang. " * 1540
    response = signed_in.post(address, {"what.request": words, "what.context": "Short"})
    assert len(words.strip()) > 20_000
    assert "2,000 characters or fewer. You have entered 20,019." in text_of(response)
    shown = page(response).find(id="id_what.request")
    assert shown.get_text().strip() == words.strip()
    assert answers() == {"what.context": "Short"}


@pytest.mark.parametrize("words", OTHER_WRITING)
def test_any_script_is_saved_shown_and_recorded_unchanged(signed_in, draft, address, words):
    assert signed_in.post(address, {"what.request": words}).status_code == 302
    assert answers() == {"what.request": words}
    shown = page(signed_in.get(address)).find(id="id_what.request")
    assert shown.get_text().strip() == words
    actions.save_answers(by=draft.author, round=draft, answers=ENOUGH_TO_RECORD)
    recorded = actions.record_round(by=draft.author, round=draft)
    read = page(signed_in.get(recorded.get_absolute_url()))
    assert [each["dir"] for each in read.select(".sw-words") if each.get_text() == words] == ["auto"]
    assert words in as_text(recorded.record)
    copy = f"{recorded.get_absolute_url()}record.pdf"
    assert signed_in.get(copy).content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2026-10-25T00:30:00+00:00", "25 October 2026, 01:30"),  # still summer time
        ("2026-10-25T01:30:00+00:00", "25 October 2026, 01:30"),  # an hour later, in winter time
        ("2026-03-29T00:59:00+00:00", "29 March 2026, 00:59"),
        ("2026-03-29T01:00:00+00:00", "29 March 2026, 02:00"),
        ("2026-06-30T23:30:00+00:00", "1 July 2026, 00:30"),
    ],
)
def test_times_are_correct_at_the_end_of_summer_time(client, moment, shown):
    draft = DraftFactory(answers=ENOUGH_TO_RECORD)
    at = datetime.datetime.fromisoformat(moment)
    recorded = actions.record_round(by=draft.author, round=draft, at=at)
    client.force_login(draft.author)
    assert shown in text_of(client.get(recorded.get_absolute_url()))
    assert shown in as_text(recorded.record)
    assert datetime.datetime.fromisoformat(recorded.record["recorded_at"]) == at


def test_answer_of_another_direction_stays_until_another_is_chosen(signed_in, draft):
    """Autosave of other fields must not delete an answer that the page could not display."""
    actions.save_answers(by=draft.author, round=draft, answers={"decide.outcome": "accept-and-act"})
    address = f"{draft.get_absolute_url()}decide/"
    signed_in.post(address, {"decide.reasoning": "Reasons"})
    assert answers() == {"decide.outcome": "accept-and-act", "decide.reasoning": "Reasons"}
    signed_in.post(address, {"decide.outcome": "share-part", "decide.reasoning": "Reasons"})
    assert answers()["decide.outcome"] == "share-part"


def test_answer_of_another_kind_stays_until_it_is_replaced(signed_in, draft, address):
    Round.objects.update(answers={"what.sure": ["a", "list"], "what.kinds": "a text"})
    signed_in.post(address, {"what.request": "Words"})
    assert answers() == {"what.request": "Words", "what.sure": ["a", "list"], "what.kinds": "a text"}
    signed_in.post(address, {"what.request": "Words", "what.kinds": "health", "what.sure": "yes"})
    assert answers() == {"what.request": "Words", "what.sure": "yes", "what.kinds": ["health"]}


@pytest.mark.parametrize("where", ["what/", "check/", "changed/", "discard/", "guide/"])
def test_recorded_round_accepts_no_input(signed_in, practitioner, where):
    recorded = recorded_round(author=practitioner)
    before = Round.objects.values().get()
    response = signed_in.post(
        f"{recorded.get_absolute_url()}{where}",
        {"what.request": "Late words", "changed": "Late words", "thought.serious-harm-now": "Late words"},
        headers={"origin": "http://testserver"},
    )
    assert response.status_code in {302, 409}
    assert response.status_code == 302 or "Late words" in text_of(response, 409)
    assert Round.objects.values().get() == before
