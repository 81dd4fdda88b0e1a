import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from decisions import actions
from decisions.domain.answers import applying
from decisions.models import Decision, Round
from guidance.choices import Part
from guidance.reading import questions
from tests.decisions.factories import (
    ENOUGH_TO_RECORD,
    DecisionFactory,
    DraftFactory,
    recorded_round,
)
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import content_of, page, text_of

pytestmark = pytest.mark.usefixtures("guide_throughout")

SCRIPT = "<script>alert('x')</script>"


@pytest.fixture
def draft(practitioner):
    return DraftFactory(decision=DecisionFactory(author=practitioner))


def url(round, page=""):
    address = reverse("decisions:round", args=[round.decision.reference, round.number])
    return f"{address}{page}/" if page else address


def where_they_lead(client, addresses):
    """URLs of links, each with its target element, if any. Fetches each page once."""
    opened = {}
    for address in addresses:
        where, _, anchor = address.partition("#")
        if where not in opened:
            opened[where] = page(client.get(where))
        yield address, opened[where].find(id=anchor)


class TestStarting:
    def test_leads_to_the_first_part_of_round_one(self, signed_in):
        response = signed_in.post("/decisions/new/", {"direction": "told", "summary": "A neighbour worries"})
        decision = Decision.objects.get()
        assert response.url == f"/decisions/{decision.reference}/rounds/1/what/"

    def test_shows_errors_and_keeps_the_input(self, signed_in):
        response = signed_in.post("/decisions/new/", {"summary": "A neighbour worries"})
        assert "Choose what has happened." in text_of(response)
        assert page(response).title.string.startswith("Error: ")
        assert page(response).find(id="id_summary")["value"] == "A neighbour worries"
        assert not Decision.objects.exists()

    def test_is_refused_with_an_explanation_without_the_practitioner_role(self, client):
        client.force_login(PersonFactory(roles=["administrator"]))
        response = client.get("/decisions/new/")
        assert "not set up to record decisions" in text_of(response, 403)


class TestOverview:
    def test_opens_the_five_parts_in_any_order(self, signed_in, draft):
        links = [link["href"] for link in page(signed_in.get(url(draft))).select(".govuk-task-list a")]
        assert links == [url(draft, part) for part in Part]
        for link in links:
            assert signed_in.get(link).status_code == 200

    def test_says_what_is_still_needed_to_record(self, signed_in, draft):
        shown = text_of(signed_in.get(url(draft)))
        assert "Before you can record You have not said what you have decided." in shown

    def test_links_to_the_other_open_questions_of_each_part(self, signed_in, draft):
        draft.answers = {"who.asking": "A ward", **ENOUGH_TO_RECORD}
        draft.save()
        shown = page(signed_in.get(url(draft)))
        sentences = {link.string: link["href"] for link in shown.select("details a")}
        assert "You have not said who is asking, and how you know it is them." not in sentences
        assert sentences["You have not said what the purpose is."] == f"{url(draft, 'why')}#id_why.purpose"
        for address, anchor in where_they_lead(signed_in, sentences.values()):
            assert anchor is not None, address
        assert "Before you can record" not in shown.get_text()


class TestParts:
    @pytest.mark.parametrize("part", Part)
    def test_asks_every_question_of_the_part_beside_passages_of_the_guide(self, signed_in, draft, part):
        response = signed_in.get(url(draft, part))
        applies = applying(questions(draft.version), draft.decision.direction, draft.answers)
        for question in questions(draft.version):
            if question.part == part:
                assert page(response).select(f'[name^="{question.key}"]'), question.key
                assert question.text in text_of(response) or question.key not in applies
        assert page(response).select("details a[href^='/guide/2026-03-20/']")

    def test_saves_answers_and_continues_to_the_next_part(self, signed_in, draft):
        response = signed_in.post(url(draft, "what"), {"what.request": "They ask for a date"})
        assert response.url == url(draft, "who")
        draft.refresh_from_db()
        assert draft.answers == {"what.request": "They ask for a date"}

    def test_can_go_back_to_all_parts(self, signed_in, draft):
        response = signed_in.post(url(draft, "what"), {"what.request": "Words", "to_overview": "yes"})
        assert response.url == url(draft)

    def test_the_last_leads_to_the_check_page(self, signed_in, draft):
        assert signed_in.post(url(draft, "decide"), {}).url == url(draft, "check")

    def test_shows_what_was_saved(self, signed_in, draft):
        draft.answers = {"what.request": "Words", "what.kinds": ["health"], "what.urgency": "days"}
        draft.save()
        shown = page(signed_in.get(url(draft, "what")))
        assert shown.find(id="id_what.request").string.strip() == "Words"
        assert [box["value"] for box in shown.select("input[checked]")] == ["days", "health"]

    def test_changing_one_answer_loses_nothing(self, signed_in, draft):
        for part, answer in [("what", {"what.request": "One"}), ("why", {"why.purpose": "Two"})]:
            signed_in.post(url(draft, part), answer)
        signed_in.post(url(draft, "what"), {"what.request": "One, changed", "what.sure": "yes"})
        draft.refresh_from_db()
        assert draft.answers == {"what.request": "One, changed", "what.sure": "yes", "why.purpose": "Two"}

    def test_points_out_an_option_that_another_direction_had(self, signed_in, draft):
        draft.answers = {"decide.outcome": "accept-and-act"}
        draft.save()
        shown = text_of(signed_in.get(url(draft, "decide")))
        assert "you chose “Accept what we were told and act on it”" in shown


class TestCheckingAndRecording:
    def test_shows_all_answers_with_a_way_to_change_each(self, signed_in, draft):
        draft.answers = {"what.request": "They ask for a date"}
        draft.save()
        response = signed_in.get(url(draft, "check"))
        assert "They ask for a date" in text_of(response)
        links = [link["href"] for link in page(response).select(".govuk-summary-list__actions a")]
        assert f"{url(draft, 'what')}?then=check#id_what.request" in links

    def test_every_change_link_lands_on_a_field(self, signed_in, draft):
        links = page(signed_in.get(url(draft, "check"))).select(".govuk-summary-list__actions a")
        for address, field in where_they_lead(signed_in, [link["href"] for link in links]):
            assert field is not None, address
            assert field.name in {"input", "textarea"}

    def test_records_and_shows_the_record(self, signed_in, draft):
        draft.answers = ENOUGH_TO_RECORD
        draft.save()
        response = signed_in.post(url(draft, "check"), follow=True)
        assert response.redirect_chain == [(url(draft, "recorded"), 302)]
        assert draft.decision.reference in text_of(response)
        assert "They need the date and nothing else." in text_of(signed_in.get(url(draft)))

    def test_without_reasons_it_is_refused_with_links_to_the_questions(self, signed_in, draft):
        response = signed_in.post(url(draft, "check"))
        assert page(response, 422).title.string.startswith("Error: ")
        links = [link["href"] for link in page(response, 422).select(".govuk-error-summary a")]
        assert links == [
            f"{url(draft, 'decide')}?then=check#id_{key}" for key in ("decide.outcome", "decide.reasoning")
        ]
        draft.refresh_from_db()
        assert not draft.is_recorded

    def test_submitting_twice_records_once_and_shows_it(self, signed_in, draft):
        draft.answers = ENOUGH_TO_RECORD
        draft.save()
        signed_in.post(url(draft, "check"))
        recorded_at = Round.objects.get().recorded_at
        response = signed_in.post(url(draft, "check"))
        assert response.url == url(draft, "recorded")
        assert Round.objects.get().recorded_at == recorded_at


class TestRecordedRound:
    @pytest.fixture
    def round(self, practitioner):
        return recorded_round(author=practitioner)

    @pytest.mark.parametrize("where", [*Part, "check"])
    def test_its_pages_lead_to_the_record(self, signed_in, round, where):
        assert signed_in.get(url(round, where)).url == url(round)

    def test_late_input_is_shown(self, signed_in, round):
        response = signed_in.post(
            url(round, "what"),
            {"what.request": "A long and careful answer"},
            headers={"origin": "http://testserver"},
        )
        assert "A long and careful answer" in text_of(response, 409)
        assert Round.objects.get().answers == round.answers

    def test_there_is_no_way_to_change_it(self, signed_in, round):
        shown = page(signed_in.get(url(round)))
        assert not shown.select("main form, main input, main textarea, main button")
        assert signed_in.post(url(round), {"what.request": "Changed"}).status_code == 405
        assert signed_in.get(reverse("decisions:describe", args=[round.decision.reference])).url == url(round)

    def test_is_read_by_the_organisations_ig_manager(self, client, round):
        client.force_login(PersonFactory(roles=["ig_manager"], team=round.author.team))
        assert "They need the date and nothing else." in text_of(client.get(url(round)))


class TestSomebodyElse:
    """Finds no sign that a decision exists."""

    @pytest.mark.parametrize("where", ["", *Part, "check"])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_gets_not_found(self, client, draft, where, method):
        client.force_login(PersonFactory(team=draft.author.team))
        response = getattr(client, method)(url(draft, where))
        assert response.status_code in {404, 405 if method == "post" and not where else 404}

    @pytest.mark.parametrize("name", ["decision", "describe", "again"])
    def test_is_not_shown_the_thread(self, client, draft, name):
        client.force_login(PersonFactory(is_superuser=True))
        assert client.get(reverse(f"decisions:{name}", args=[draft.decision.reference])).status_code == 404

    def test_ig_manager_does_not_read_or_write_a_draft(self, client, draft):
        draft.answers = {"what.request": "Half a thought"}
        draft.save()
        client.force_login(PersonFactory(roles=["ig_manager"], team=draft.author.team))
        assert "Half a thought" not in text_of(client.get(url(draft)))
        assert client.get(url(draft, "what")).status_code == 403
        assert client.post(url(draft, "what"), {"what.request": "Mine"}).status_code == 403


class TestBadInput:
    def test_unknown_option_is_refused_and_the_rest_is_kept(self, signed_in, draft):
        response = signed_in.post(
            url(draft, "what"), {"what.urgency": "forged", "what.request": "Careful words"}
        )
        assert "Choose one of the options shown." in text_of(response)
        assert "Careful words" in text_of(response)
        draft.refresh_from_db()
        assert draft.answers == {"what.request": "Careful words"}

    def test_option_of_another_direction_is_refused(self, signed_in, draft):
        response = signed_in.post(url(draft, "decide"), {"decide.outcome": "accept-and-act"})
        assert "Choose one of the options shown." in text_of(response)

    def test_text_over_the_limit_is_shown_in_full_with_the_error(self, signed_in, draft):
        words = "word " * 500
        response = signed_in.post(url(draft, "what"), {"what.request": words})
        assert "2,000 characters or fewer" in text_of(response)
        assert page(response).find(id="id_what.request").string.split() == words.split()

    def test_character_that_cannot_be_saved_is_an_error_and_keeps_the_input(self, signed_in, draft):
        response = signed_in.post(url(draft, "what"), {"what.request": "Before\x00after"})
        assert "character that cannot be saved" in text_of(response)
        assert page(response).find(id="id_what.request").string.strip() == "Beforeafter"

    def test_script_in_every_text_field_stays_text(self, signed_in, draft):
        for part in Part:
            fields = {
                question.key: SCRIPT
                for question in questions(draft.version)
                if question.part == part and question.kind == "text"
            }
            chosen = (
                {"decide.outcome": "share-part", "decide.told_person": "not-yet"} if part == "decide" else {}
            )
            assert signed_in.post(url(draft, part), fields | chosen).status_code == 302
        Decision.objects.update(summary=SCRIPT, case_reference=SCRIPT)
        addresses = [*(url(draft, part) for part in Part), url(draft, "check"), url(draft), "/decisions/"]
        responses = [signed_in.get(address) for address in addresses]
        signed_in.post(url(draft, "check"))
        responses.append(signed_in.get(url(draft)))
        for response in responses:
            assert SCRIPT not in content_of(response)
            assert "alert" in content_of(response)

    def test_part_that_does_not_exist_is_not_found(self, signed_in, draft):
        assert signed_in.get(url(draft, "whence")).status_code == 404
        assert signed_in.post(url(draft, "whence"), {}).status_code == 404

    def test_round_that_does_not_exist_is_not_found(self, signed_in, draft):
        assert signed_in.get(f"/decisions/{draft.decision.reference}/rounds/2/").status_code == 404
        assert signed_in.get(f"/decisions/{draft.decision.reference}/rounds/{10**30}/").status_code == 404


class TestMyDecisions:
    def test_lists_what_i_started_newest_first(self, signed_in, practitioner):
        for name in ["First", "Second"]:
            recorded_round(author=practitioner, summary=name)
        DraftFactory(decision=DecisionFactory(summary="Somebody else’s"))
        names = [link.string for link in page(signed_in.get("/decisions/")).select(".govuk-task-list a")]
        assert names == ["Second", "First"]

    def test_shows_the_outcome(self, signed_in, practitioner):
        recorded_round(author=practitioner)
        assert "Share part of it" in text_of(signed_in.get("/decisions/"))

    def test_has_a_next_page_after_twenty_five(self, signed_in, practitioner):
        for number in range(27):
            DraftFactory(decision=DecisionFactory(author=practitioner, summary=f"Matter {number}"))
        first = page(signed_in.get("/decisions/"))
        assert len(first.select(".govuk-task-list a")) == 25
        older = page(signed_in.get("/decisions/" + first.select_one("a[rel=next]")["href"]))
        assert [link.string for link in older.select(".govuk-task-list a")] == ["Matter 1", "Matter 0"]
        assert older.select_one("a[rel=next]") is None

    def test_of_an_unknown_page_is_not_found(self, signed_in):
        assert signed_in.get("/decisions/?before=SW-2222-2222").status_code == 404


class TestFindingMyDecisions:
    @pytest.fixture
    def some(self, guide, practitioner):
        yesterday = (timezone.localdate() - datetime.timedelta(days=1)).isoformat()
        tomorrow = (timezone.localdate() + datetime.timedelta(days=1)).isoformat()
        DraftFactory(decision=DecisionFactory(author=practitioner, summary="A draft about evictions"))
        recorded_round(author=practitioner, summary="Overdue", answers={"decide.review_on": yesterday})
        recorded_round(author=practitioner, summary="Later", answers={"decide.review_on": tomorrow})
        recorded_round(author=practitioner, summary="Settled", case_reference="HO-7")

    def names(self, response):
        return [link.string for link in page(response).select(".govuk-task-list a")]

    @pytest.mark.usefixtures("some")
    def test_open_decisions_come_first(self, signed_in):
        response = signed_in.get("/decisions/")
        assert self.names(response) == ["Overdue", "A draft about evictions", "Settled", "Later"]
        assert "Overdue Look again" in text_of(response)

    @pytest.mark.usefixtures("some")
    @pytest.mark.parametrize(
        ("asked", "names"),
        [
            ({"show": "open"}, ["Overdue", "A draft about evictions"]),
            ({"show": "drafts"}, ["A draft about evictions"]),
            ({"show": "due"}, ["Overdue"]),
            ({"q": "evicted"}, ["A draft about evictions"]),
            ({"q": "ho-7"}, ["Settled"]),
            ({"q": "settled", "show": "open"}, []),
            ({"q": "' OR 1=1 -- \\ & | ! ( )"}, []),
        ],
    )
    def test_filters_are_query_parameters(self, signed_in, asked, names):
        assert self.names(signed_in.get("/decisions/", asked)) == names

    @pytest.mark.usefixtures("some")
    @pytest.mark.parametrize("asked", [{"show": "forged"}, {"q": "a\x00b"}, {"q": "x" * 300}])
    def test_invalid_query_parameters_are_no_error(self, signed_in, asked):
        response = signed_in.get("/decisions/", asked)
        assert response.status_code == 200
        assert len(self.names(response)) == 4

    def test_pages_continue_from_open_to_closed_decisions(self, signed_in, practitioner):
        for number in range(3):
            DraftFactory(decision=DecisionFactory(author=practitioner, summary=f"Draft {number}"))
        for number in range(25):
            recorded_round(author=practitioner, summary=f"Recorded {number}")
        first = signed_in.get("/decisions/")
        more = signed_in.get("/decisions/" + page(first).select_one("a[rel=next]")["href"])
        assert self.names(first)[:4] == ["Draft 2", "Draft 1", "Draft 0", "Recorded 24"]
        assert self.names(more) == ["Recorded 2", "Recorded 1", "Recorded 0"]


class TestDecisionsOfMyTeam:
    def test_are_listed_for_its_manager_with_the_responsible_person(self, client, guide, practitioner):
        manager = PersonFactory(roles=["practitioner", "manager"], team=practitioner.team)
        colleague = PersonFactory(roles=["practitioner"], team=practitioner.team)
        given = recorded_round(author=practitioner, summary="Ours to settle").decision
        actions.hand_over_decision(by=manager, decision=given, to=colleague, reason="They are away.")
        DraftFactory(decision=DecisionFactory(author=practitioner, summary="A draft about evictions"))
        recorded_round(summary="Theirs")
        client.force_login(manager)
        assert "/decisions/team/" in {link["href"] for link in page(client.get("/decisions/")).select("a")}
        listed = client.get("/decisions/team/")
        names = [link.string for link in page(listed).select(".govuk-task-list a")]
        assert names == ["A draft about evictions", "Ours to settle"]
        assert f"looked after by {colleague}" in text_of(listed)
        assert "Ours to settle" not in text_of(client.get("/decisions/team/", {"show": "drafts"}))
        assert "Nothing was found" in text_of(client.get("/decisions/team/", {"q": "harbour"}))
