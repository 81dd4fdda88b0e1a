"""Views of advice: asking, the lists, the page of a question, and late submissions."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from decisions import actions
from decisions.models import Access, Advice, AdviceTarget, Round
from guidance.models import GuideVersion
from sharingwell.accounts.models import User
from tests.decisions.factories import ENOUGH_TO_RECORD, DraftFactory, recorded_round
from tests.sharingwell.accounts.factories import PersonFactory, TeamFactory
from tests.sharingwell.reading import content_of, main_of, page, text_of

QUESTION = "Is the date enough?"


@pytest.fixture
def draft(guide: GuideVersion, practitioner: User) -> Round:
    return DraftFactory(decision__author=practitioner, answers=ENOUGH_TO_RECORD)


@pytest.fixture
def manager(practitioner: User) -> User:
    return PersonFactory(roles=["manager"], team=practitioner.team)


@pytest.fixture
def ig_manager(practitioner: User) -> User:
    return PersonFactory(roles=["ig_manager"], team=practitioner.team)


@pytest.fixture
def asked(draft: Round, manager: User) -> Advice:
    return actions.ask_advice(by=draft.author, round=draft, question=QUESTION, adviser=manager, part="who")


def url(round: Round, place: str = "") -> str:
    return f"{round.get_absolute_url()}{place}"


def as_(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def asking(**words: str) -> dict[str, str]:
    return {"question": QUESTION, "soon": "urgent", "to": "ig-team", **words}


class TestAsking:
    def test_saves_the_part_first_and_comes_back_to_it(
        self, signed_in: Client, draft: Round, manager: User
    ) -> None:
        response = signed_in.post(url(draft, "what/"), {"what.request": "The room.", "to_advice": "yes"})
        assert response.status_code == 302
        assert response.url == url(draft, "advice/?part=what")
        draft.refresh_from_db()
        assert draft.answers["what.request"] == "The room."
        response = signed_in.post(response.url, asking(to=f"person-{manager.pk}"), follow=True)
        assert f"You asked {manager}. You need not wait" in text_of(response)
        assert response.request["PATH_INFO"] == url(draft, "what/")
        advice = Advice.objects.get()
        assert (advice.adviser, advice.urgent, advice.part) == (manager, True, "what")

    def test_follows_the_outcome_to_ask_first_until_advice_is_asked(
        self, signed_in: Client, draft: Round, manager: User
    ) -> None:
        first = {"decide.outcome": "advice-first"}
        assert signed_in.post(url(draft, "decide/"), first).url == url(draft, "advice/?part=decide")
        actions.ask_advice(by=draft.author, round=draft, question=QUESTION, adviser=manager)
        assert signed_in.post(url(draft, "decide/"), first).url == url(draft, "check/")

    def test_from_the_check_page_saves_the_thoughts(self, signed_in: Client, draft: Round) -> None:
        page = main_of(signed_in.get(url(draft, "check/")))
        name = str(page.select("textarea[name^='thought.']")[0]["name"])
        response = signed_in.post(url(draft, "check/"), {name: "I rang them.", "to_advice": "yes"})
        assert response.url == url(draft, "advice/")
        draft.refresh_from_db()
        assert draft.thoughts == {name.removeprefix("thought."): "I rang them."}

    def test_shows_errors_and_identifier_warnings(
        self, signed_in: Client, draft: Round, ig_manager: User
    ) -> None:
        empty = text_of(signed_in.post(url(draft, "advice/"), {"to": "colleague"}))
        assert "Enter your colleague’s work email address." in empty
        assert "Write what you want to ask." in empty
        assert "Choose how soon you need a reply." in empty
        number = asking(question="Is 020 7946 0018 theirs?")
        assert "This looks like a phone number" in text_of(signed_in.post(url(draft, "advice/"), number))
        assert not Advice.objects.exists()
        signed_in.post(url(draft, "advice/"), {**number, "identifier.question": "remove"})
        assert Advice.objects.get().question == "Is [removed] theirs?"

    def test_of_somebody_who_left_or_works_elsewhere_keeps_the_input(
        self, signed_in: Client, draft: Round, manager: User
    ) -> None:
        manager.is_active = False
        manager.save()
        elsewhere = PersonFactory()
        for words, why in [
            ({"to": "colleague", "email": manager.email}, "This person has left"),
            ({"to": f"person-{manager.pk}"}, "they have left since"),
            ({"to": "ig-team"}, "they have left since"),
            ({"to": "colleague", "email": elsewhere.email}, "Nobody in your organisation has this email"),
            ({"to": "colleague", "email": draft.author.email}, "Nobody advises on their own round"),
        ]:
            response = signed_in.post(url(draft, "advice/"), asking(**words))
            assert why in text_of(response), words
            assert QUESTION in text_of(response)
        assert not Advice.objects.exists()

    def test_does_not_block_recording(self, signed_in: Client, draft: Round, asked: Advice) -> None:
        page = text_of(signed_in.get(url(draft, "check/")))
        assert "You need not wait for it: you can record now" in page
        assert signed_in.post(url(draft, "check/")).url == url(draft, "recorded/")
        record = text_of(signed_in.get(url(draft)))
        assert f"Asked of {asked.adviser}" in record

    def test_is_not_offered_in_practice(self, client: Client, guide: GuideVersion) -> None:
        client.post("/decisions/practice/hospital-discharge/begin/")
        cases = page(client.get("/decisions/practice/"))
        case = next(str(a["href"]) for a in cases.select("main a[href^='/decisions/practice/']"))
        client.post(f"{case}begin/", {"direction": "asked"})
        for place in ["what/", "check/"]:
            response = client.get(f"{case}{place}", follow=True)
            assert "sk for advice" not in str(main_of(response).select("button"))

    def test_prevents_discarding_the_draft(self, signed_in: Client, draft: Round, asked: Advice) -> None:
        assert "Discard this draft" not in text_of(signed_in.get(url(draft)))
        for response in [signed_in.get(url(draft, "discard/")), signed_in.post(url(draft, "discard/"))]:
            assert "part of the record now and cannot be discarded" in text_of(response, 409)


class TestTheQuestion:
    def test_shows_the_adviser_the_round_the_considerations_and_the_guide_and_logs_it(
        self, client: Client, draft: Round, asked: Advice, manager: User
    ) -> None:
        actions.save_answers(by=draft.author, round=draft, answers={"decide.reasoning": "Other words."})
        page = text_of(as_(client, manager).get(asked.get_absolute_url()))
        for words in [
            QUESTION,
            ENOUGH_TO_RECORD["decide.reasoning"],
            "Considered",
            "From the guide",
            "A signed consent form is not feasible yet",
        ]:
            assert words in page
        assert "Other words." not in page
        look = Access.objects.latest("pk")
        assert (look.by, look.page, look.round_number) == (manager, "advice:question", 1)

    def test_is_replied_to_on_its_own_page(self, client: Client, asked: Advice, manager: User) -> None:
        reply = f"{asked.get_absolute_url()}reply/"
        response = as_(client, manager).post(reply, {"reply": ""})
        assert "Write your advice." in text_of(response)
        assert QUESTION in text_of(response)
        response = client.post(reply, {"reply": "It is."}, follow=True)
        assert "Your advice is given" in text_of(response)
        settle = f"{asked.get_absolute_url()}followed/"
        asker = as_(client, asked.by)
        assert "Say in a few words why" in text_of(asker.post(settle, {"followed": "not-followed"}))
        response = asker.post(settle, {"followed": "not-followed", "reason": "They rang."}, follow=True)
        assert "Advice not followed They rang." in text_of(response)
        thread = text_of(client.get(asked.decision.get_absolute_url()))
        assert "Advice given It is." in thread

    def test_goes_back_and_forth(self, client: Client, asked: Advice, manager: User) -> None:
        where = asked.get_absolute_url()
        as_(client, manager).post(f"{where}send-back/", {"question": "Who?"})
        response = as_(client, asked.by).post(f"{where}answer/", {"answer": "The ward."}, follow=True)
        assert "Question sent back Who?" in text_of(response)
        assert "Adviser answered The ward." in text_of(response)

    @pytest.mark.parametrize("what", ["replied", "withdrawn", "handed on"])
    def test_changed_meanwhile_shows_the_unsaved_input(
        self, client: Client, asked: Advice, manager: User, ig_manager: User, what: str
    ) -> None:
        why = {
            "replied": "There is a reply to this question already.",
            "withdrawn": "This question was withdrawn.",
            "handed on": "You do not have this question in hand any more",
        }
        if what == "replied":
            actions.reply_to_advice(by=manager, advice=asked, words="It is not.")
        elif what == "withdrawn":
            actions.withdraw_advice(by=asked.by, advice=asked)
        else:
            other = PersonFactory(team=manager.team)
            actions.hand_on_advice(by=manager, advice=asked, to=other)
            manager.roles, manager.team = ["practitioner"], TeamFactory(organisation=manager.organisation)
            manager.save()
        as_(client, manager)
        response = client.post(
            f"{asked.get_absolute_url()}reply/",
            {"reply": "It is."},
            headers={"sec-fetch-site": "same-origin"},
        )
        assert why[what] in text_of(response, 409)
        assert "It is." in text_of(response, 409)

    def test_is_not_released_to_an_empty_ig_team(self, client: Client, asked: Advice, manager: User) -> None:
        assert "IG team’s queue" not in text_of(as_(client, manager).get(asked.get_absolute_url()))
        release = f"{asked.get_absolute_url()}release/"
        ours = {"sec-fetch-site": "same-origin"}
        response = client.post(release, {"reason": "It is about health."}, headers=ours)
        assert response.status_code == client.get(release).status_code == 409
        for words in ["Choose somebody by name instead.", "It is about health."]:
            assert words in text_of(response, 409)

    def test_survives_a_stale_token_and_an_ended_session(self, asked: Advice, manager: User) -> None:
        browser = Client(enforce_csrf_checks=True)
        words = {"reply": "It is.", "csrfmiddlewaretoken": "stale"}
        where, ours = f"{asked.get_absolute_url()}reply/", {"sec-fetch-site": "same-origin"}
        response = browser.post(where, words, headers=ours)
        assert "You are not signed in, so this was not saved" in text_of(response, 403)
        assert "It is." in text_of(response, 403)
        browser.force_login(manager)
        response = browser.post(where, words, headers=ours)
        assert main_of(response, 403).select_one("textarea").get_text().strip() == "It is."
        assert not asked.steps.exists()


class TestTheQueue:
    def test_is_taken_by_one_and_the_other_is_told(
        self, client: Client, draft: Round, ig_manager: User
    ) -> None:
        queued = actions.ask_advice(by=draft.author, round=draft, question=QUESTION)
        assert draft.decision.summary in text_of(as_(client, ig_manager).get("/advice/queue/"))
        take = f"{queued.get_absolute_url()}take/"
        assert "You have this question in hand now." in text_of(client.post(take, follow=True))
        second = PersonFactory(roles=["ig_manager"], team=ig_manager.team)
        response = as_(client, second).post(take)
        assert f"{ig_manager} has this question in hand already." in text_of(response, 409)
        as_(client, ig_manager).post(f"{queued.get_absolute_url()}release/", {"reason": ""})
        assert "In the IG team’s queue" in text_of(client.get("/advice/queue/"))

    def test_shows_questions_held_by_somebody_who_left(
        self, client: Client, asked: Advice, manager: User, ig_manager: User
    ) -> None:
        assert "The queue is empty." in text_of(as_(client, ig_manager).get("/advice/queue/"))
        manager.is_active = False
        manager.save()
        assert f"{manager} has left" in text_of(client.get("/advice/queue/"))
        assert "Take this question" in text_of(client.get(asked.get_absolute_url()))

    def test_has_target_times_set_by_ig_managers(self, client: Client, ig_manager: User) -> None:
        as_(client, ig_manager)
        response = client.post("/advice/times/", {"urgent_hours": "0", "days": "many"})
        assert "For working hours, enter a whole number from 1 to 40." in text_of(response)
        assert "For working days, enter a whole number from 1 to 20." in text_of(response)
        client.post("/advice/times/", {"urgent_hours": "1", "days": "5"})
        assert AdviceTarget.objects.get().days == 5


class TestTheLists:
    def test_show_overdue_then_urgent_questions_in_pages(
        self, client: Client, guide: GuideVersion, practitioner: User, manager: User
    ) -> None:
        long_ago = timezone.now() - datetime.timedelta(days=30)
        expected = []
        for urgent, at in [(False, None), (True, None), (False, long_ago), (True, long_ago)]:
            for _ in range(7):
                draft = DraftFactory(decision__author=practitioner)
                facts = {"question": QUESTION, "adviser": manager, "urgent": urgent, "at": at}
                expected.append(actions.ask_advice(by=practitioner, round=draft, **facts))
        expected.sort(key=lambda advice: (advice.at > long_ago, not advice.urgent, advice.pk))
        first = main_of(as_(client, manager).get("/advice/"))
        more = main_of(client.get("/advice/" + str(first.select_one("a[rel=next]")["href"])))
        links = [*first.select(".govuk-task-list a"), *more.select(".govuk-task-list a")]
        assert [link["href"] for link in links] == [advice.get_absolute_url() for advice in expected]
        assert len(first.select(".govuk-task-list a")) == 25
        assert "Overdue" in first.get_text()

    def test_show_what_i_asked_with_its_state_and_ignore_invalid_keys(
        self, signed_in: Client, asked: Advice, manager: User
    ) -> None:
        assert f"With {manager}" in text_of(signed_in.get("/advice/asked/?after=nonsense"))
        assert "Nothing waits for you" in text_of(signed_in.get("/advice/?after=99999999999999999999"))
        actions.reply_to_advice(by=manager, advice=asked, words="It is.")
        assert "Advice given" in text_of(signed_in.get("/advice/asked/"))
        assert asked.decision.summary in text_of(signed_in.get("/advice/"))
        assert signed_in.get("/advice/queue/").status_code == 403

    def test_and_the_pages_take_a_constant_number_of_queries(
        self,
        client: Client,
        practitioner: User,
        manager: User,
        ig_manager: User,
        draft: Round,
    ) -> None:
        def add(count: int) -> Advice:
            for _ in range(count):
                asked = actions.ask_advice(by=practitioner, round=draft, question=str(Advice.objects.count()))
                actions.take_advice(by=ig_manager, advice=asked)
                actions.send_back_advice(by=ig_manager, advice=asked, words="Who?")
                actions.answer_adviser(by=practitioner, advice=asked, words="They.")
            return asked

        asked = add(2)
        places = {
            ig_manager: ["/advice/", "/advice/queue/", asked.get_absolute_url()],
            practitioner: ["/advice/asked/", asked.get_absolute_url(), url(draft, "check/"), url(draft)],
        }
        before = self.counts(client, places)
        asked = add(4)
        assert self.counts(client, places) == before
        assert max(before.values()) <= 16, before  # including counts inbox waits, two keep the session alive

    def test_add_two_queries_to_a_thread_with_advice(
        self, signed_in: Client, asked: Advice, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        actions.record_round(by=asked.by, round=asked.round)
        for number in range(3):
            actions.ask_advice(
                by=asked.by, round=asked.round, question=f"And {number}?", adviser=asked.adviser
            )
            with django_assert_max_num_queries(16):
                signed_in.get(asked.decision.get_absolute_url())

    def counts(self, client: Client, places: dict[User, list[str]]) -> dict[tuple[int, str], int]:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        found = {}
        for person, addresses in places.items():
            as_(client, person).get("/advice/")
            for address in addresses:
                client.get(address)
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(address).status_code == 200
                found[person.pk, address] = len(queries)
        return found


def test_advice_is_in_a_subject_access_copy_and_can_be_withheld(
    client: Client, practitioner: User, ig_manager: User, guide: GuideVersion
) -> None:
    draft = DraftFactory(
        decision__author=practitioner, decision__case_reference="HO-9", answers=ENOUGH_TO_RECORD
    )
    asked = actions.ask_advice(by=practitioner, round=draft, question="The neighbour?", adviser=ig_manager)
    actions.record_round(by=practitioner, round=draft)
    actions.reply_to_advice(by=ig_manager, advice=asked, words="Leave the neighbour out.")
    about = {"by": ig_manager, "decision": draft.decision, "withheld": True, "reason": "A neighbour."}
    as_(client, ig_manager)
    found = client.post("/decisions/subject-access/", {"case_reference": "HO-9"}).url
    assert content_of(client.get(f"{found}records.json")).count("neighbour") == 2
    for passage in ["advice-asked.1", "advice.1"]:
        assert passage in content_of(client.get(f"/decisions/{draft.decision.reference}/disclosure/"))
        actions.mark_for_disclosure(**about, passage=passage)
    actions.mark_for_disclosure(**about, passage="asked.1.decide.reasoning")
    document = client.get(f"{found}records.json").json()["decisions"][0]
    assert "neighbour" not in str(document["happened"])
    assert ENOUGH_TO_RECORD["decide.reasoning"] not in str(document["happened"][0])
    assert len(document["withheld"]) == 3
    assert client.get(f"{found}records.pdf").status_code == 200


def test_withholding_a_passage_withholds_it_from_the_round_as_it_stood(
    client: Client, practitioner: User, ig_manager: User, guide: GuideVersion
) -> None:
    reasoning = ENOUGH_TO_RECORD["decide.reasoning"]
    draft = DraftFactory(
        decision__author=practitioner, decision__case_reference="HO-9", answers=ENOUGH_TO_RECORD
    )
    actions.ask_advice(by=practitioner, round=draft, question="Who?", adviser=ig_manager)
    recorded_round(
        author=practitioner, case_reference="HO-9", answers={"decide.reasoning": "Something else."}
    )
    as_(client, ig_manager)
    found = client.post("/decisions/subject-access/", {"case_reference": "HO-9"}).url
    actions.withhold_draft_passage(
        by=practitioner, round=draft, passage="round.1.decide.reasoning", reason="A neighbour."
    )
    for end in [lambda: None, lambda: actions.record_round(by=practitioner, round=draft)]:
        end()
        assert reasoning not in content_of(client.get(f"{found}records.json"))


def test_a_recorded_round_with_outcome_ask_first_links_to_asking(
    signed_in: Client, practitioner: User, draft: Round
) -> None:
    round = recorded_round(author=practitioner, answers={"decide.outcome": "advice-first"})
    assert "and have not asked yet" in text_of(signed_in.get(url(round)))
