"""The page of a part: core questions first, what its answers bring up, and the way to the other parts."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from django.test import Client

from decisions import actions
from decisions.models import Round
from guidance.choices import Direction, Part, QuestionKind
from guidance.editing.loading import load_values
from guidance.models import GuideVersion
from guidance.reading import Question, questions
from sharingwell.accounts.models import User
from tests.decisions.factories import DecisionFactory, DraftFactory
from tests.guidance.factories import first_guide
from tests.sharingwell.reading import page, text_of

REFUSED = {"decide.outcome": "do-not-share", "decide.reasoning": "It is not needed."}


@pytest.fixture
def draft(practitioner: User, guide_throughout: Any) -> Round:
    return DraftFactory(decision=DecisionFactory(author=practitioner))


def url(draft: Round, part: str = "") -> str:
    return f"{draft.get_absolute_url()}{part}/" if part else draft.get_absolute_url()


def more(response: Any) -> Any:
    return page(response).select_one("details.sw-more")


def shown_beside(response: Any, question: str) -> str:
    return str(page(response).find(attrs={"data-considered": question}).get_text())


class TestCoreFirst:
    @pytest.mark.parametrize("direction", Direction)
    def test_each_question_of_the_direction_is_core_or_under_more(
        self, signed_in: Client, draft: Round, direction: Direction
    ) -> None:
        draft.decision.direction = direction
        draft.decision.save()
        for question in questions(draft.version):
            shown = page(signed_in.get(url(draft, question.part)))
            control = shown.select_one(f'[name^="{question.key}"]')
            assert (control.find_parent(class_="sw-more") is None) is question.is_core_for(direction)

    def test_more_is_folded_and_says_how_much_there_is(self, signed_in: Client, draft: Round) -> None:
        folded = more(signed_in.get(url(draft, "what")))
        assert not folded.has_attr("open")
        assert "More to think about (5)" in folded.get_text()

    @pytest.mark.parametrize(
        ("part", "answers", "posted"),
        [
            pytest.param("what", {"what.context": "A ward rang."}, None, id="an answer"),
            pytest.param("why", REFUSED, None, id="no answer, which is worth thinking about"),
            pytest.param("what", {}, {"what.context": "word " * 1000}, id="an error"),
            pytest.param("what", {"what.context": "About 943 476 5919"}, None, id="an identifier"),
        ],
    )
    def test_more_is_open_where_there_is_something_to_see(
        self, signed_in: Client, draft: Round, part: str, answers: Any, posted: Any
    ) -> None:
        draft.answers = answers
        draft.save()
        address = url(draft, part)
        response = signed_in.post(address, posted) if posted else signed_in.get(address)
        assert more(response).has_attr("open")


class TestAVersionFromBefore:
    """Its questions are neither core nor more, and all of them apply."""

    @pytest.fixture
    def version(self, draft: Round) -> GuideVersion:
        def before(question: Question) -> Question:
            return question.model_copy(update={"core": (), "applies_when": None, "required": False})

        asked = tuple(map(before, first_guide().questions))
        earlier = {"date": datetime.date(2025, 3, 20), "questions": asked}
        return load_values(first_guide().model_copy(update=earlier)).version

    def test_shows_all_its_questions(self, signed_in: Client, draft: Round, version: GuideVersion) -> None:
        draft.version = version
        draft.save()
        shown = page(signed_in.get(url(draft, "decide")))
        assert not shown.select("details.sw-more, .sw-question[hidden]")
        assert shown.find(attrs={"name": "decide.shared"})

    def test_its_recorded_rounds_read_as_before(
        self, signed_in: Client, draft: Round, version: GuideVersion
    ) -> None:
        draft.version = version
        draft.answers = {**REFUSED, "decide.shared": "Nothing yet.", "who.authority_note": "A court order."}
        draft.save()
        actions.record_round(by=draft.author, round=draft)
        text = text_of(signed_in.get(url(draft)))
        assert "What exactly will be shared, and with whom? Nothing yet." in text
        assert "What do they have, and why is that enough or not? A court order." in text


class TestWhatDoesNotApply:
    def test_is_hidden_and_what_was_written_is_kept_and_left_out_of_the_record(
        self, signed_in: Client, draft: Round
    ) -> None:
        draft.answers = {**REFUSED, "decide.shared": "The date.", "decide.shared_on": "2020-03-20"}
        draft.save()
        question = page(signed_in.get(url(draft, "decide"))).find(attrs={"name": "decide.shared"})
        assert question.find_parent(hidden=True) is not None
        assert question.string.strip() == "The date."

        signed_in.post(url(draft, "check"))
        recorded = Round.objects.get()
        keys = [each["key"] for part in recorded.record["parts"] for each in part["answers"]]  # type: ignore[index]
        assert "decide.outcome" in keys
        assert "decide.shared" not in keys
        assert not recorded.record["recorded_afterwards"]  # type: ignore[index]
        assert recorded.answers["decide.shared"] == "The date."

    def test_without_scripts_the_page_comes_back_with_a_core_question_that_an_answer_brings_up(
        self, signed_in: Client, draft: Round
    ) -> None:
        shared = {"decide.outcome": "share-part", "decide.reasoning": "One fact is enough."}
        response = signed_in.post(url(draft, "decide"), shared, follow=True)
        assert response.redirect_chain == [(f"{url(draft, 'decide')}#id_decide.shared", 302)]
        assert "there is one more thing to say on this page" in text_of(response)
        assert signed_in.post(url(draft, "decide"), shared).url == url(draft, "check")  # type: ignore[attr-defined]

    def test_with_scripts_it_was_seen(self, signed_in: Client, draft: Round) -> None:
        shared = {"decide.outcome": "share-part", "_scripts": "yes"}
        assert signed_in.post(url(draft, "decide"), shared).url == url(draft, "check")  # type: ignore[attr-defined]


class TestSteps:
    def test_each_other_part_is_a_button_that_saves_first(self, signed_in: Client, draft: Round) -> None:
        buttons = page(signed_in.get(url(draft, "who"))).select(".sw-steps [name=to_part]")
        assert [button["value"] for button in buttons] == [part for part in Part if part != Part.WHO]
        response = signed_in.post(url(draft, "who"), {"who.asking": "A ward", "to_part": "decide"})
        assert response.url == url(draft, "decide")  # type: ignore[attr-defined]
        steps = page(signed_in.get(url(draft, "decide"))).select(".sw-steps__step")
        assert ["has answers" in step.get_text() for step in steps] == [False, True, False, False, False]

    def test_the_enter_key_goes_on(self, signed_in: Client, draft: Round) -> None:
        first = page(signed_in.get(url(draft, "who"))).select_one("[form=part], form#part button")
        assert not first.has_attr("name")


class TestWhatIsWorthThinkingAbout:
    WORRIED = {
        "what.urgency": "now",
        "what.sure": "partly",
        "what.best_placed": "both",
        "what.kinds": ["contact-details", "domestic-abuse"],
    }

    def test_two_at_most_are_shown_on_the_page_that_follows_act_now_first(
        self, signed_in: Client, draft: Round
    ) -> None:
        response = signed_in.post(url(draft, "what"), self.WORRIED, follow=True)
        strip = page(response).find(attrs={"aria-labelledby": "before-going-on"})
        keys = [each["data-consideration"] for each in strip.select("[data-consideration]")]
        assert keys == ["serious-harm-now", "request-not-clear"]
        assert strip.select_one("[name=to_urgent]")

    def test_what_the_page_had_shown_is_not_shown_again(self, signed_in: Client, draft: Round) -> None:
        shown = {"what.sure": "partly", "_shown": "request-not-clear"}
        assert signed_in.post(url(draft, "what"), shown).url == url(draft, "who")  # type: ignore[attr-defined]

    def test_saving_by_itself_says_what_the_answers_bring_up_beside_which_question(
        self, signed_in: Client, draft: Round
    ) -> None:
        response = signed_in.post(
            url(draft, "what"), {"what.sure": "partly"}, headers={"accept": "application/json"}
        )
        considered = json.loads(response.content)["considered"]
        assert "It is not yet clear what is needed." in considered["what.sure"]
        assert not considered["what.request"].strip()

    def test_on_decide_all_stand_above_the_outcome_with_the_way_to_the_open_question(
        self, signed_in: Client, draft: Round
    ) -> None:
        draft.answers = {**self.WORRIED, **REFUSED}
        draft.save()
        response = signed_in.get(url(draft, "decide"))
        above = page(response).find(attrs={"data-considered": ""})
        kinds = [tag.get_text() for tag in above.select(".govuk-tag")]
        assert kinds == sorted(kinds)  # act now, seek advice, think about it
        assert "serious harm now" in above.get_text()
        assert above.select_one(f"a[href='{url(draft, 'why')}#id_why.if_not_shared']")
        assert not shown_beside(response, "decide.outcome").strip()


class TestSeriousHarmNow:
    def test_is_answered_under_the_question(self, signed_in: Client, draft: Round) -> None:
        answer = page(signed_in.get(url(draft, "what"))).select_one(".sw-serious-harm")
        assert "call 999 first" in answer.get_text()
        assert answer.select_one("[name=to_urgent]")

    def test_the_draft_is_recorded_on_one_page_with_what_was_typed(
        self, signed_in: Client, draft: Round
    ) -> None:
        typed = {"what.urgency": "now", "what.request": "They left the ward.", "to_urgent": "yes"}
        response = signed_in.post(url(draft, "what"), {**typed, "what.sure": "yes"}, follow=True)
        assert response.redirect_chain == [(url(draft, "urgent"), 302)]
        assert page(response).find(id="id_what").string.strip() == "They left the ward."

        words = {"what": "They left the ward.", "with_whom": "The police, by phone", "why": "It is freezing."}
        response = signed_in.post(url(draft, "urgent"), {**words, "when": "today"})
        recorded = Round.objects.get()
        assert response.url == url(recorded, "recorded")  # type: ignore[attr-defined]
        assert recorded.urgent
        assert recorded.outcome == "share-asked"
        assert recorded.answers["what.sure"] == "yes"
        again = signed_in.post(url(draft, "urgent"), {**words, "when": "today"})
        assert again.url == url(recorded, "recorded")  # type: ignore[attr-defined]


def test_with_everything_answered_every_key_reaches_the_record(signed_in: Client, draft: Round) -> None:
    chosen = {
        "decide.outcome": "share-part",
        "decide.told_person": "not-yet",
        "who.authority": ["written-consent"],
        "decide.review_on": "one-week",
    }
    dates = {f"{key}_{name}": number for key in ("what.asked_on", "decide.shared_on") for name, number in DAY}
    for part in Part:
        posted: dict[str, Any] = dict(dates)
        for question in questions(draft.version):
            if question.part == part:
                first = question.options[0].key if question.options else "Some words."
                posted[question.key] = chosen.get(
                    question.key, [first] if question.kind == QuestionKind.SEVERAL else first
                )
        signed_in.post(url(draft, part), posted)
    signed_in.post(url(draft, "check"))
    record = Round.objects.get().record
    answers = {each["key"]: each["answer"] for part in record["parts"] for each in part["answers"]}  # type: ignore[index]
    assert answers.keys() == {question.key for question in questions(draft.version)}
    assert all(answers.values())


DAY = [("day", "20"), ("month", "3"), ("year", "2026")]
