"""Saving a draft: by autosave, from two tabs, after recording, and after it was discarded."""

import datetime
import threading
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from decisions import actions
from decisions.domain.draft_merge import Page
from decisions.errors import RoundIsRecorded
from decisions.models import Decision, Round
from tests.decisions.factories import ENOUGH_TO_RECORD, DecisionFactory, DraftFactory, recorded_round
from tests.guidance.factories import load_first_version
from tests.sharingwell.reading import errors_of, fields_of_the_form, page, text_of

guide_is_published = pytest.mark.usefixtures("guide")

BEFORE = {"what.request": "Before", "what.urgency": "days"}
OURS = {"origin": "http://testserver"}


@pytest.fixture
def draft(practitioner):
    return DraftFactory(decision=DecisionFactory(author=practitioner), answers=BEFORE)


@pytest.fixture
def address(draft):
    return f"{draft.get_absolute_url()}what/"


class Tab:
    """A page open in a browser, with fields to change and submit."""

    def __init__(self, client, address):
        self.client = client
        self.address = address
        self.take(client.get(address))

    def take(self, response):
        self.fields = fields_of_the_form(response, response.status_code)
        return response

    def write(self, name, *values):
        self.fields = [field for field in self.fields if field[0] != name] + [
            (name, value) for value in values
        ]

    def send(self, **headers):
        body = urlencode(self.fields)
        return self.client.post(
            self.address,
            body,
            content_type="application/x-www-form-urlencoded",
            headers={**OURS, **headers},
        )

    def save(self):
        return self.send()

    def save_in_background(self):
        turn = int(dict(self.fields)["_turn"]) + 1
        self.write("_turn", str(turn))
        response = self.send(accept="application/json")
        if response.status_code == 200:
            self.write("_seen", response.json()["seen"])
        return response


@pytest.fixture
def one(signed_in, address):
    return Tab(signed_in, address)


@pytest.fixture
def other(signed_in, address, one):
    return Tab(signed_in, address)


def answers():
    return Round.objects.latest("number").answers


@guide_is_published
class TestAutosave:
    def test_saves_and_reports_the_time(self, one):
        one.write("what.request", "Half a sent")
        response = one.save_in_background()
        assert response.status_code == 200
        assert response.json()["message"].startswith("Saved ")
        assert answers() == {**BEFORE, "what.request": "Half a sent"}

    def test_saves_valid_answers_beside_an_invalid_one(self, one):
        one.write("what.request", "word " * 4000)
        one.write("what.context", "A ward rang.")
        said = one.save_in_background().json()["message"]
        assert "but not what is too long or half filled in" in said
        assert answers() == {**BEFORE, "what.context": "A ward rang."}

    def test_shows_no_identifier_warning_but_the_button_does(self, one, address):
        one.write("what.request", "About 943 476 5919")
        assert "message" in one.save_in_background().json()
        assert one.save().url == address

    def test_repeated_never_conflicts_with_itself(self, one):
        for words in ["O", "On", "One", "Before", "One more"]:
            one.write("what.request", words)
            assert "elsewhere" not in one.save_in_background().json()["message"]
        assert one.save().status_code == 302
        assert answers()["what.request"] == "One more"

    def test_with_a_lost_response_does_not_conflict_with_itself(self, one):
        seen = dict(one.fields)["_seen"]
        one.write("what.request", "First")
        one.save_in_background()
        one.write("_seen", seen)
        one.write("what.request", "First and second")
        assert one.save().status_code == 302
        assert answers()["what.request"] == "First and second"

    def test_reports_a_conflict_without_saving_it(self, one, other):
        one.write("what.request", "One")
        one.save()
        other.write("what.request", "Other")
        other.write("what.context", "Only here")
        for _ in range(2):
            said = other.save_in_background().json()["message"]
            assert "not what was also changed elsewhere. Press Save to see both." in said
        assert answers() == {**BEFORE, "what.request": "One", "what.context": "Only here"}
        assert other.save().status_code == 409

    def test_never_records(self, signed_in, draft):
        actions.save_answers(
            by=draft.author, round=draft, answers={**ENOUGH_TO_RECORD, "what.urgency": "now"}
        )
        check = Tab(signed_in, f"{draft.get_absolute_url()}check/")
        check.write("thought.serious-harm-now", "I rang the ward.")
        assert check.save_in_background().status_code == 200
        draft.refresh_from_db()
        assert draft.thoughts == {"serious-harm-now": "I rang the ward."}
        assert not draft.is_recorded

    def test_of_a_recorded_round_is_refused(self, one, draft):
        actions.save_answers(by=draft.author, round=draft, answers=ENOUGH_TO_RECORD)
        actions.record_round(by=draft.author, round=draft)
        one.write("what.request", "Too late")
        assert one.save_in_background().status_code == 409

    def test_takes_few_queries(self, one, django_assert_max_num_queries):
        one.write("what.request", "Words")
        with django_assert_max_num_queries(12):
            one.save_in_background()


@guide_is_published
class TestTwoTabs:
    def test_different_questions_are_merged(self, one, other):
        one.write("what.request", "One")
        one.save()
        other.write("what.context", "Other")
        assert other.save().status_code == 302
        assert answers() == {**BEFORE, "what.request": "One", "what.context": "Other"}

    def test_a_conflict_shows_both_versions(self, one, other):
        one.write("what.request", "One")
        one.save()
        other.write("what.request", "Other <b>")
        response = other.save()
        assert response.status_code == 409
        [conflict] = page(response, 409).select(".sw-conflict")
        text = " ".join(conflict.get_text(" ").split())
        assert "What is being asked, in your own words?" in text
        at = datetime.datetime.fromisoformat(Round.objects.get().saved["what.request"]["at"])
        assert f"Saved elsewhere at {timezone.localtime(at):%H:%M} " in text
        assert [" ".join(words.get_text().split()) for words in conflict.select("blockquote")] == [
            "One",
            "Other <b>",
        ]
        assert errors_of(response, 409)[0][1] == "id_keep.what.request"
        assert page(response, 409).title.string.startswith("Error: ")
        assert answers()["what.request"] == "One"

    def test_a_conflict_shows_the_date_in_local_time(self, one, other):
        one.write("what.request", "One")
        one.save()
        saved = {"what.request": {"at": "2026-10-25T00:41:00+00:00", "page": "", "revision": 0}}
        Round.objects.update(saved=saved)
        other.write("what.request", "Other")
        assert "Saved elsewhere on 25 October at 01:41" in text_of(other.save(), 409)

    @pytest.fixture
    def in_conflict(self, one, other):
        one.write("what.request", "One")
        one.write("what.urgency", "now")
        one.save()
        other.write("what.request", "Other")
        other.take(other.save())
        return other

    def test_what_was_saved_elsewhere_can_be_kept(self, in_conflict):
        in_conflict.write("keep.what.request", "elsewhere")
        assert in_conflict.save().status_code == 302
        assert answers() == {"what.request": "One", "what.urgency": "now"}

    def test_mine_can_be_kept(self, in_conflict):
        in_conflict.write("keep.what.request", "here")
        assert in_conflict.save().status_code == 302
        assert answers() == {"what.request": "Other", "what.urgency": "now"}

    def test_mine_can_be_edited_first(self, in_conflict):
        in_conflict.write("keep.what.request", "here")
        in_conflict.write("what.request", "One. Other.")
        in_conflict.save()
        assert answers()["what.request"] == "One. Other."

    def test_without_a_choice_neither_is_saved(self, in_conflict):
        for _ in range(2):
            response = in_conflict.save()
            in_conflict.take(response)
            assert len(page(response, 409).select(".sw-conflict")) == 1
        assert "Saved" in in_conflict.save_in_background().json()["message"]
        assert answers()["what.request"] == "One"

    def test_a_choice_is_kept_while_other_errors_are_corrected(self, in_conflict):
        in_conflict.write("keep.what.request", "elsewhere")
        in_conflict.write("what.context", "word " * 2000)
        in_conflict.take(in_conflict.save())
        assert ("keep.what.request", "elsewhere") in in_conflict.fields
        in_conflict.write("what.context", "Short")
        assert in_conflict.save().status_code == 302
        assert answers()["what.request"] == "One"

    def test_a_further_change_elsewhere_is_another_conflict(self, in_conflict, one):
        again = Tab(in_conflict.client, in_conflict.address)
        again.write("what.request", "Third")
        again.save()
        in_conflict.write("keep.what.request", "here")
        response = in_conflict.save()
        assert "Third" in text_of(response, 409)
        assert answers()["what.request"] == "Third"

    def test_choices_are_shown_as_labels(self, one, other):
        one.write("what.urgency", "now")
        one.save()
        other.write("what.urgency", "planned")
        response = other.save()
        assert [words.get_text() for words in page(response, 409).select(".sw-conflict blockquote")] == [
            "Someone could come to serious harm now",
            "It can be planned",
        ]

    def test_an_identifier_reason_survives_a_tab_without_the_question(self, one, other):
        one.write("what.request", "About 943 476 5919")
        one.save()
        asked = Tab(one.client, one.address)
        asked.write("identifier.what.request", "needed")
        asked.write("why-needed.what.request", "They know no other.")
        asked.save()
        other.write("what.context", "Something else")
        assert other.save().status_code == 302
        assert Round.objects.get().identifier_reasons == {"what.request": "They know no other."}

    def test_thoughts_and_what_changed_show_conflicts_too(self, signed_in, draft):
        actions.save_answers(by=draft.author, round=draft, answers={"what.urgency": "now"})
        for where, name in [("check", "thought.serious-harm-now"), ("changed", "changed")]:
            tabs = [Tab(signed_in, f"{draft.get_absolute_url()}{where}/") for _ in range(2)]
            for number, tab in enumerate(tabs):
                tab.write(name, f"Tab {number}")
                tab.write("save_thoughts", "yes")
            assert tabs[0].save().status_code == 302
            response = tabs[1].save()
            assert response.status_code == 409
            assert {"Tab 0", "Tab 1"} <= {
                " ".join(words.get_text().split())
                for words in page(response, 409).select(".sw-conflict blockquote")
            }

    def test_descriptions_are_merged_too(self, signed_in, draft):
        tabs = [Tab(signed_in, f"{draft.decision.get_absolute_url()}description/") for _ in range(2)]
        tabs[0].write("summary", "A ward asks about the room")
        tabs[0].write("direction", "told")
        assert tabs[0].save().status_code == 302
        tabs[1].write("case_reference", "HO-1")
        assert tabs[1].save().status_code == 302
        decision = Decision.objects.get()
        assert decision.description == {
            "direction": "told",
            "summary": "A ward asks about the room",
            "case_reference": "HO-1",
        }

    def test_descriptions_show_conflicts_too(self, signed_in, draft):
        tabs = [Tab(signed_in, f"{draft.decision.get_absolute_url()}description/") for _ in range(2)]
        for tab, summary, direction in zip(tabs, ["First", "Second"], ["told", "ask"], strict=True):
            tab.write("summary", summary)
            tab.write("direction", direction)
        assert tabs[0].save_in_background().json()["message"].startswith("Saved ")
        response = tabs[1].save()
        assert response.status_code == 409
        shown = {
            " ".join(words.get_text().split())
            for words in page(response, 409).select(".sw-conflict blockquote")
        }
        assert shown == {"First", "Second", "Someone has told us something", "We want to ask for information"}
        assert (
            len(page(response, 409).select("[name='keep.summary']")) == 2
        )  # once on the page: each of two choices
        tabs[1].take(response)
        tabs[1].write("keep.summary", "here")
        tabs[1].write("keep.direction", "elsewhere")
        assert tabs[1].save().status_code == 302
        decision = Decision.objects.get()
        assert (decision.summary, decision.direction) == ("Second", "told")

    def test_a_thought_on_a_consideration_no_longer_shown_is_kept(self, signed_in, draft):
        actions.save_answers(by=draft.author, round=draft, answers={"what.urgency": "now"})
        check = Tab(signed_in, f"{draft.get_absolute_url()}check/")
        actions.save_answers(by=draft.author, round=draft, answers={"what.urgency": "days"})
        check.write("thought.serious-harm-now", "I rang the ward.")
        check.write("save_thoughts", "yes")
        check.save()
        assert Round.objects.get().thoughts == {"serious-harm-now": "I rang the ward."}


@guide_is_published
class TestTooLate:
    @pytest.fixture
    def late(self, one, draft):
        """Input sent after the round was recorded on another device with other answers."""
        actions.save_answers(
            by=draft.author, round=draft, answers={**ENOUGH_TO_RECORD, "what.context": "On the phone"}
        )
        actions.record_round(by=draft.author, round=draft)
        one.write("what.request", "After")
        return one

    def again(self, late):
        response = self.again_from(late)
        assert response.status_code in {302, 409}
        return response

    def again_from(self, late):
        response = late.save()
        assert response.status_code == 409
        assert "Nothing is lost: your words are below. You can go round again with them." in text_of(
            response, 409
        )
        form = page(response, 409).select_one("main form")
        late.address = form["action"]
        late.take(response)
        return late.save()

    def test_input_is_added_to_the_next_round(self, late, draft):
        response = self.again(late)
        second = Round.objects.get(number=2)
        assert response.url == f"{second.get_absolute_url()}what/"
        assert second.answers == {
            **BEFORE,
            **ENOUGH_TO_RECORD,
            "what.request": "After",
            "what.context": "On the phone",
        }
        draft.refresh_from_db()
        assert draft.answers["what.request"] == "Before"
        assert "This is round 2. Your words are in it." in text_of(late.client.get(response.url))

    def test_an_answer_recorded_differently_is_a_conflict(self, late):
        late.write("what.context", "At the desk")
        response = self.again(late)
        assert response.status_code == 409
        shown = {words.get_text() for words in page(response, 409).select(".sw-conflict blockquote")}
        assert {"On the phone", "At the desk"} <= shown
        assert page(response, 409).select_one("main form")["action"].endswith("/rounds/2/what/")
        assert Round.objects.get(number=2).answers["what.request"] == "After"

    def test_input_is_added_to_the_current_draft(self, late, draft):
        second = actions.start_round(by=draft.author, decision=draft.decision, changed="Something")
        self.again(late)
        second.refresh_from_db()
        assert (second.answers["what.request"], second.changed) == ("After", "Something")
        assert Round.objects.count() == 2

    def test_what_changed_is_added_to_the_next_round(self, signed_in, practitioner):
        first = recorded_round(author=practitioner)
        draft = actions.start_round(by=practitioner, decision=first.decision, changed="")
        late = Tab(signed_in, f"{draft.get_absolute_url()}changed/")
        actions.record_round(by=practitioner, round=draft)
        late.write("changed", "They moved.")
        response = self.again_from(late)
        assert response.url == f"{first.decision.get_absolute_url()}rounds/3/"
        assert Round.objects.get(number=3).changed == "They moved."

    def test_starting_a_round_in_two_tabs_loses_no_input(self, signed_in, practitioner):
        first = recorded_round(author=practitioner)
        tabs = [Tab(signed_in, f"{first.decision.get_absolute_url()}again/") for _ in range(3)]
        for tab, words in zip(tabs, ["", "They moved.", "They rang."], strict=True):
            tab.write("changed", words)
        second = tabs[0].save().url
        assert tabs[1].save().url == second
        assert Round.objects.get(number=2).changed == "They moved."
        response = tabs[2].save()
        assert "They rang." in text_of(response, 409)
        assert Round.objects.get(number=2).changed == "They moved."

    @pytest.fixture
    def late_thought(self, signed_in, draft):
        """A thought changed on the page that checks the answers, after the round was recorded."""
        actions.save_answers(
            by=draft.author, round=draft, answers={**ENOUGH_TO_RECORD, "what.urgency": "now"}
        )
        actions.save_thoughts(by=draft.author, round=draft, thoughts={"serious-harm-now": "I will ring."})
        late = Tab(signed_in, f"{draft.get_absolute_url()}check/")
        actions.record_round(by=draft.author, round=draft)
        late.write("thought.serious-harm-now", "I rang the ward.")
        return late

    def test_thoughts_are_added_to_the_next_round(self, late_thought, draft):
        response = self.again(late_thought)
        second = Round.objects.get(number=2)
        assert response.url == f"{second.get_absolute_url()}check/"
        assert second.thoughts == {"serious-harm-now": "I rang the ward."}
        assert "This is round 2. Your words are in it." in text_of(late_thought.client.get(response.url))
        draft.refresh_from_db()
        assert draft.thoughts == {"serious-harm-now": "I will ring."}

    def test_a_thought_that_differs_in_the_draft_is_a_conflict(self, late_thought, draft):
        second = actions.start_round(by=draft.author, decision=draft.decision, changed="")
        actions.save_thoughts(by=draft.author, round=second, thoughts={"serious-harm-now": "They are safe."})
        response = self.again(late_thought)
        assert response.status_code == 409
        shown = {words.get_text() for words in page(response, 409).select(".sw-conflict blockquote")}
        assert shown == {"They are safe.", "I rang the ward."}
        assert page(response, 409).select_one("main form")["action"].endswith("/rounds/2/check/")
        second.refresh_from_db()
        assert second.thoughts == {"serious-harm-now": "They are safe."}

    def test_somebody_else_cannot_add_input_to_it(self, client, late, draft):
        client.force_login(DraftFactory().author)
        address = f"{draft.decision.get_absolute_url()}again/what/"
        assert client.post(address, {"what.request": "Mine"}).status_code == 404
        assert Round.objects.filter(decision=draft.decision).count() == 1


@guide_is_published
def test_input_for_a_discarded_draft_is_shown(one, draft):
    actions.discard_draft(by=draft.author, round=draft)
    one.write("what.request", "A long and careful answer")
    response = one.save()
    assert "A long and careful answer" in text_of(response, 404)
    assert "discarded on another device" in text_of(response, 404)


@pytest.mark.django_db(transaction=True)
class TestConcurrentSaves:
    """Concurrent requests in separate transactions."""

    @pytest.fixture
    def draft(self):
        load_first_version()
        return DraftFactory(answers={"what.request": "Before"})

    def together(self, *acts):
        barrier, results = threading.Barrier(len(acts)), []

        def run(act):
            barrier.wait(timeout=20)
            try:
                results.append(act())
            except RoundIsRecorded as refusal:
                results.append(refusal)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=[act]) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)
        assert len(results) == len(acts)
        return results

    def saving(self, draft, words, page):
        return lambda: actions.save_words(by=draft.author, round=draft, words=words, page=page)

    def test_different_questions_are_both_kept(self, draft):
        names = [f"what.q{number}" for number in range(6)]
        page = Page.opened(names, draft.words)
        self.together(*(self.saving(draft, {name: f"Words of {name}"}, page) for name in names))
        draft.refresh_from_db()
        assert draft.answers == {"what.request": "Before", **{name: f"Words of {name}" for name in names}}

    def test_of_the_same_question_one_is_saved_and_one_is_a_conflict(self, draft):
        pages = [Page.opened(["what.request"], draft.words) for _ in range(4)]
        results = self.together(
            *(self.saving(draft, {"what.request": f"Tab {page.id}"}, page) for page in pages)
        )
        assert sorted(len(each.in_conflict) for each in results) == [0, 1, 1, 1]
        draft.refresh_from_db()
        assert draft.answers["what.request"] in {f"Tab {page.id}" for page in pages}

    def test_saving_while_it_is_recorded_is_in_the_record_or_refused(self, draft):
        actions.save_answers(by=draft.author, round=draft, answers=ENOUGH_TO_RECORD)
        page = Page.opened(["what.request"], draft.words)
        results = self.together(
            self.saving(draft, {"what.request": "At the last moment"}, page),
            lambda: actions.record_round(by=draft.author, round=draft),
        )
        draft.refresh_from_db()
        in_record = "At the last moment" in str(draft.record)
        assert in_record == (draft.answers["what.request"] == "At the last moment")
        assert in_record != any(isinstance(each, RoundIsRecorded) for each in results)


@guide_is_published
def test_autosave_needs_a_csrf_token(draft, address):
    """Autosave has the same CSRF protection as the button."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(draft.author)
    response = browser.post(
        address,
        {"what.request": "Of a stranger"},
        headers={"accept": "application/json", "origin": "https://evil.example"},
    )
    assert response.status_code == 403
    assert answers() == BEFORE
