"""Views of follow-ups, postponements and closures, and their display on the thread and the record."""

import datetime
import json
import re
from pathlib import Path

import jsonschema
import pytest
from django.urls import reverse
from django.utils import timezone
from referencing import Registry, Resource

from decisions import actions
from decisions.models import Closure, FollowUp, Postponement
from decisions.record.export import digest
from tests.decisions.factories import DecisionFactory, DraftFactory, recorded_round
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import content_of, main_of, page, text_of

pytestmark = pytest.mark.usefixtures("guide_throughout")

TODAY = timezone.localdate()
WITH_NUMBER = "The ward rang about 943 476 5919, who is well."
DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGES = ["follow-up", "look-again", "close"]


@pytest.fixture
def round(practitioner):
    return recorded_round(author=practitioner, answers={"decide.review_on": TODAY.isoformat()})


def address(round, page):
    return reverse(f"decisions:{page}", args=[round.decision.reference])


def thread(client, round):
    return text_of(client.get(round.decision.get_absolute_url()))


class TestFollowUps:
    def test_are_shown_on_the_thread(self, signed_in, round):
        said = {"kind": "acted-on", "note": "They kept the room."}
        response = signed_in.post(address(round, "follow-up"), said, follow=True)
        assert response.redirect_chain == [(round.decision.get_absolute_url(), 302)]
        assert "It was acted on They kept the room." in text_of(response)

    def test_of_kind_changed_suggest_another_round(self, signed_in, round):
        said = {"kind": "changed", "note": "They left."}
        response = signed_in.post(address(round, "follow-up"), said, follow=True)
        assert "If it changes what you decided, go round again." in text_of(response)

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({}, "Choose what has happened since."),
            ({"kind": "changed"}, "Say in a few words what it was."),
            ({"kind": "meant", "note": "   "}, "Say in a few words what it was."),
            ({"kind": "forged"}, "Choose one of the options shown."),
            ({"kind": "received", "note": "x" * 2001}, "2,000 characters or fewer"),
        ],
    )
    def test_show_errors(self, signed_in, round, said, words):
        response = signed_in.post(address(round, "follow-up"), said)
        assert words in text_of(response)
        assert not FollowUp.objects.exists()


class TestIdentifierWarnings:
    """Permanent texts get an identifier warning before they are saved."""

    def test_a_warning_keeps_the_input(self, signed_in, round):
        response = signed_in.post(address(round, "follow-up"), {"kind": "received", "note": WITH_NUMBER})
        assert "This looks like an NHS number (“943 476 5919”). Does it have to be here?" in text_of(response)
        assert main_of(response).find(id="id_note").string.strip() == WITH_NUMBER
        assert not FollowUp.objects.exists()

    @pytest.mark.parametrize(
        ("page", "said", "model", "words"),
        [
            ("follow-up", {"kind": "received"}, FollowUp, "note"),
            ("look-again", {"day": "one-week"}, Postponement, "reason"),
            ("close", {}, Closure, "reason"),
        ],
    )
    def test_an_identifier_can_be_removed(self, signed_in, round, page, said, model, words):
        said = {
            **said,
            words: WITH_NUMBER,
            f"identifier.{words}": "remove",
            f"why-needed.{words}": "Forgotten",
        }
        signed_in.post(address(round, page), said)
        assert getattr(model.objects.get(), words) == "The ward rang about [removed], who is well."
        assert model.objects.get().identifier_reason == ""

    def test_a_needed_identifier_has_a_reason_on_the_thread(self, signed_in, round):
        why = "The ward knows them by it."
        said = {"reason": WITH_NUMBER, "identifier.reason": "needed", "why-needed.reason": why}
        response = signed_in.post(address(round, "close"), said, follow=True)
        assert f"{WITH_NUMBER} It holds an identifier because: {why}" in text_of(response)


class TestLookingAgain:
    def test_a_quick_choice_moves_the_date_and_keeps_the_record(self, signed_in, round):
        before = dict(round.record)
        said = {"day": "one-week", "reason": "They are away."}
        response = signed_in.post(address(round, "look-again"), said, follow=True)
        day = TODAY + datetime.timedelta(days=7)
        assert f"Where it stands Look again {day:%-d %B %Y}" in text_of(response)
        assert f"To look again on {day:%-d %B %Y} They are away." in text_of(response)
        round.refresh_from_db()
        assert round.record == before

    def test_offers_the_days_of_the_review_question(self, signed_in, round):
        values = [
            each["value"]
            for each in main_of(signed_in.get(address(round, "look-again"))).select("[name=day]")
        ]
        assert values == ["tomorrow", "one-week", "four-weeks", "twelve-weeks", "another-date"]

    @pytest.mark.parametrize(
        ("day", "words"),
        [
            ({}, "Choose when you will look at this again."),
            ({"day": "another-date"}, "Enter the date, or choose one of the others."),
            ({"day": "another-date", "another": TODAY}, "The date must be after today."),
        ],
    )
    def test_requires_a_future_date(self, signed_in, round, day, words):
        another = day.pop("another", None)
        if another:
            day |= {"another_day": another.day, "another_month": another.month, "another_year": another.year}
        response = signed_in.post(address(round, "look-again"), {**day, "reason": "Because"})
        assert words in text_of(response)
        assert not Postponement.objects.exists()

    def test_another_date_is_the_one_typed(self, signed_in, round):
        typed = {"another_day": "1", "another_month": "12", "another_year": str(TODAY.year + 1)}
        signed_in.post(address(round, "look-again"), {"day": "another-date", "reason": "Because", **typed})
        assert Postponement.objects.get().look_again_on == datetime.date(TODAY.year + 1, 12, 1)

    def test_asks_why(self, signed_in, round):
        response = signed_in.post(address(round, "look-again"), {"day": "one-week", "reason": " "})
        assert "Say why you look again on that day." in text_of(response)

    @pytest.mark.parametrize(
        ("days", "words"),
        [(-1, "Overdue Look again"), (0, "Due today Look again"), (1, "Look again")],
    )
    def test_due_and_overdue_are_shown_in_the_list_the_thread_and_the_record(
        self, signed_in, practitioner, days, words
    ):
        day = TODAY + datetime.timedelta(days=days)
        round = recorded_round(author=practitioner, answers={"decide.review_on": day.isoformat()})
        for where in ["/decisions/", round.decision.get_absolute_url(), round.get_absolute_url()]:
            assert words in text_of(signed_in.get(where)), where


class TestClosing:
    def test_is_shown_in_the_list_the_thread_and_the_record_with_its_reason(self, signed_in, round):
        response = signed_in.post(address(round, "close"), {"reason": "They are safe."}, follow=True)
        assert "Where it stands Closed" in text_of(response)
        assert "Closed They are safe." in text_of(response)
        for where in ["/decisions/", round.get_absolute_url()]:
            shown = text_of(signed_in.get(where))
            assert "Closed" in shown
            assert "Due today" not in shown

    def test_asks_why(self, signed_in, round):
        response = signed_in.post(address(round, "close"), {"reason": ""})
        assert "Say why nothing more is to be done." in text_of(response)

    def test_pressing_the_button_twice_closes_it_once_and_says_so(self, signed_in, round):
        for _ in range(2):
            response = signed_in.post(address(round, "close"), {"reason": "They are safe."}, follow=True)
            assert response.redirect_chain == [(round.decision.get_absolute_url(), 302)]
        assert Closure.objects.count() == 1

    def test_another_round_reopens_it(self, signed_in, round):
        signed_in.post(address(round, "close"), {"reason": "They are safe."})
        signed_in.post(address(round, "again"), {"changed": "They came back."})
        shown = thread(signed_in, round)
        assert "Where it stands Draft" in shown
        assert shown.index("They came back.") < shown.index("Opened again") < shown.index("They are safe.")

    @pytest.mark.parametrize("page", ["look-again", "close"])
    def test_is_blocked_by_a_draft_and_keeps_the_input(self, signed_in, round, page):
        signed_in.post(address(round, "again"), {"changed": ""})
        response = signed_in.get(address(round, page))
        assert "Round 2 is a draft. Record it or discard it before you do this." in text_of(response, 409)
        said = {"reason": "Long and careful words", "day": "one-week"}
        response = signed_in.post(address(round, page), said, headers={"origin": "http://testserver"})
        assert "Long and careful words" in text_of(response, 409)
        assert "Record it or discard it before you close this decision" in thread(signed_in, round)

    def test_offers_only_permitted_actions(self, signed_in, round):
        signed_in.post(address(round, "close"), {"reason": "They are safe."})
        links = [
            link["href"] for link in main_of(signed_in.get(round.decision.get_absolute_url())).select("a")
        ]
        assert address(round, "again") in links
        assert address(round, "follow-up") in links
        assert address(round, "close") not in links
        assert "This decision is closed. Go round again to open it." in text_of(
            signed_in.get(address(round, "look-again")), 409
        )


class TestTheThread:
    @pytest.fixture
    def told(self, signed_in, round):
        signed_in.post(address(round, "follow-up"), {"kind": "received", "note": "They have it."})
        signed_in.post(address(round, "look-again"), {"day": "one-week", "reason": "They are away."})
        signed_in.post(address(round, "close"), {"reason": "They are safe."})
        again = actions.start_round(by=round.author, decision=round.decision, changed="They came back.")
        again = actions.save_answers(by=round.author, round=again, answers={"what.request": "Where they are"})
        actions.record_round(by=round.author, round=again)
        return round.decision

    def test_shows_all_events_latest_first(self, signed_in, told):
        items = [
            " ".join(item.get_text(" ").split())
            for item in main_of(signed_in.get(told.get_absolute_url())).select(".sw-timeline > li")
        ]
        starts = [
            "Round 2",
            "Opened again",
            "Closed They are safe.",
            "To look again",
            "It was received",
            "Round 1",
        ]
        assert len(items) == len(starts)
        for item, start in zip(items, starts, strict=True):
            assert item.startswith(start), item

    def test_shows_the_changes_of_each_round(self, signed_in, told):
        shown = text_of(signed_in.get(told.get_absolute_url()))
        assert "They came back. Answered in another way than in round 1: What is being asked" in shown

    def test_is_read_and_not_written_by_the_ig_manager(self, client, told):
        client.force_login(PersonFactory(roles=["ig_manager"], team=told.author.team))
        response = client.get(told.get_absolute_url())
        assert "They are safe." in text_of(response)
        for where in PAGES:
            assert reverse(f"decisions:{where}", args=[told.reference]) not in content_of(response)
            assert client.get(reverse(f"decisions:{where}", args=[told.reference])).status_code == 403

    def test_is_in_the_admin(self, client, told):
        client.force_login(PersonFactory(roles=["ig_manager"], team=told.author.team))
        response = client.get(reverse("admin:decisions_decision_change", args=[told.pk]))
        shown = " ".join(page(response).get_text(" ").split())
        for words in [
            "It was received They have it.",
            "To look again on",
            "Closed They are safe.",
            "Opened again",
        ]:
            assert words in shown

    def test_copies_have_the_same_facts_as_the_page(self, signed_in, told):
        here = told.get_absolute_url()
        document = signed_in.get(f"{here}thread.json").json()
        text = "".join(content_of(signed_in.get(f"{here}thread.txt")).split())
        where = "".join(text_of(signed_in.get(here)).split())
        assert [event["kind"] for event in document["happened"]] == [
            "round",
            "follow-up",
            "moved",
            "closed",
            "opened",
            "round",
        ]
        for event in document["happened"]:
            for fact in [event["words"], event["by"]]:
                assert "".join(fact.split()) in where
                assert "".join(fact.split()) in text
            if "record" in event:
                record = event["record"]
                assert record.pop("digest") == digest(record)
                assert digest(record) in text
            else:
                assert "".join(event["title"].split()) in where
                assert "".join(event["title"].upper().split()) in text

    def test_the_json_follows_its_schema(self, signed_in, told):
        record, thread = (
            json.loads((DOCS / f"{name}.schema.json").read_text()) for name in ("record", "thread")
        )
        jsonschema.Draft202012Validator.check_schema(thread)
        schemas = Registry().with_resource("record.schema.json", Resource.from_contents(record))
        follows = jsonschema.Draft202012Validator(
            thread, registry=schemas, format_checker=jsonschema.FormatChecker()
        )
        document = signed_in.get(f"{told.get_absolute_url()}thread.json").json()
        follows.validate(document)
        a_record = document["happened"][0]["record"]
        for entry in document["happened"]:
            if field := {"round": "record", "moved": "look_again_on"}.get(entry["kind"]):
                without = {name: value for name, value in entry.items() if name != field}
                assert not follows.is_valid({**document, "happened": [without]})
            else:
                assert not follows.is_valid({**document, "happened": [{**entry, "record": a_record}]})

    def test_copies_hold_no_draft(self, signed_in, told):
        draft = actions.start_round(by=told.author, decision=told, changed="Half a thought")
        actions.save_answers(by=told.author, round=draft, answers={"what.request": "Another half"})
        for kind in ["txt", "json"]:
            copy = content_of(signed_in.get(f"{told.get_absolute_url()}thread.{kind}"))
            assert "half" not in copy.lower()

    def test_there_is_no_other_copy(self, signed_in, told):
        assert signed_in.get(f"{told.get_absolute_url()}thread.doc").status_code == 404


class TestSomebodyElse:
    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_finds_nothing(self, client, round, page, method):
        client.force_login(PersonFactory(team=round.author.team))
        assert getattr(client, method)(address(round, page), {"reason": "Mine"}).status_code == 404


def test_a_first_draft_has_no_follow_up(signed_in, practitioner):
    draft = DraftFactory(decision=DecisionFactory(author=practitioner))
    response = signed_in.get(address(draft, "follow-up"))
    assert "Nothing of this decision is recorded yet." in text_of(response, 409)
    shown = main_of(signed_in.get(draft.decision.get_absolute_url()))
    assert not [link for link in shown.select("a") if link["href"] == address(draft, "follow-up")]


def test_recorded_afterwards_is_shown_everywhere(signed_in, practitioner):
    shared = (TODAY - datetime.timedelta(days=9)).isoformat()
    round = recorded_round(author=practitioner, answers={"decide.shared_on": shared})
    here = round.get_absolute_url()
    for where in [here, f"{here}record.txt"]:
        assert "Recorded afterwards" in content_of(signed_in.get(where)), where
    for where in ["/decisions/", round.decision.get_absolute_url()]:
        assert re.search(r"Recorded [\w ,]*afterwards", text_of(signed_in.get(where))), where
    assert json.loads(signed_in.get(f"{here}record.json").content)["recorded_afterwards"] is True
