"""Finding decisions again: by words in whatever a person may read, by state, a page at a time."""

import datetime
import itertools

import pytest
from django.utils import timezone

from decisions import actions
from decisions.models import Decision
from tests.decisions.factories import ENOUGH_TO_RECORD, DecisionFactory, DraftFactory, recorded_round
from tests.sharingwell.accounts.factories import PersonFactory

pytestmark = pytest.mark.usefixtures("guide_throughout")

TODAY = timezone.localdate()


def found(reader, words):
    visible = Decision.objects.visible_to(reader)
    return set(visible.search(words, reader=reader))


class TestByWords:
    def test_in_the_answers_of_any_recorded_round(self):
        first = recorded_round(answers={"what.request": "Whether the hostel kept a bicycle"})
        second = actions.start_round(by=first.author, decision=first.decision, changed="")
        actions.save_answers(by=first.author, round=second, answers={"what.request": "Something else"})
        actions.record_round(by=first.author, round=second)
        assert found(first.author, "bicycles") == {first.decision}

    def test_in_what_changed_and_in_thoughts(self):
        first = recorded_round()
        second = actions.start_round(by=first.author, decision=first.decision, changed="The boiler burst")
        actions.save_thoughts(by=first.author, round=second, thoughts={"some-key": "Ask the plumber"})
        for words in ["boilers", "plumber"]:
            assert found(first.author, words) == {first.decision}

    def test_in_what_was_stated_afterwards(self):
        round = recorded_round()
        facts = {"by": round.author, "decision": round.decision}
        actions.add_follow_up(kind="changed", note="Moved to a lighthouse", **facts)
        actions.move_look_again(look_again_on=TODAY, reason="The ferry is late", **facts)
        actions.close_decision(reason="A cousin took them in", **facts)
        for words in ["lighthouses", "ferry", "cousins"]:
            assert found(round.author, words) == {round.decision}

    def test_an_option_is_found_by_its_words_and_a_question_is_not(self):
        round = recorded_round(answers={"what.kinds": ["substance-misuse"]})
        assert found(round.author, "treatment") == {round.decision}
        assert found(round.author, "appropriate") == set()

    def test_a_draft_is_found_by_its_writer_and_nobody_else(self):
        draft = DraftFactory(answers={"what.request": "Half a thought about a bicycle"})
        assert found(draft.author, "bicycle") == {draft.decision}
        assert found(PersonFactory(roles=["ig_manager"], team=draft.author.team), "bicycle") == set()

    def test_what_is_recorded_is_found_by_the_ig_manager_of_the_organisation_only(self):
        round = recorded_round(answers={"what.request": "About a bicycle"})
        assert found(PersonFactory(roles=["ig_manager"], team=round.author.team), "bicycle") == {
            round.decision
        }
        assert found(PersonFactory(roles=["ig_manager"]), "bicycle") == set()

    @pytest.mark.parametrize("words", ["HO-1042/b", "ho-1042/B"])
    def test_a_case_reference_however_it_is_written(self, words):
        decision = recorded_round(case_reference="HO-1042/b").decision
        assert found(decision.author, words) == {decision}
        assert found(decision.author, decision.reference.lower()) == {decision}

    @pytest.mark.parametrize("words", ["' OR 1=1 --", "\\", "%", "& | !", '"', "-", "🏠", "x" * 200])
    def test_anything_can_be_looked_for(self, words):
        round = recorded_round(answers={"what.request": "Whether the hostel kept a bicycle"})
        assert found(round.author, words) == set()
        assert found(round.author, "bicycle") == {round.decision}

    def test_an_answer_of_one_long_word_is_no_trouble(self):
        round = recorded_round(answers={"what.request": "x" * 5000 + " bicycle"})
        assert found(round.author, "bicycle") == {round.decision}


@pytest.fixture
def one_of_each(guide, practitioner):
    """Decisions of one author, by what their names say."""

    def recorded(name, days=None):
        answers = {} if days is None else {"decide.review_on": str(TODAY + datetime.timedelta(days=days))}
        return recorded_round(author=practitioner, summary=name, answers=answers)

    recorded("due", 0)
    closed = recorded("closed", -2)
    actions.close_decision(by=practitioner, decision=closed.decision, reason="Over")
    DraftFactory(decision=DecisionFactory(author=practitioner, summary="draft"))
    recorded("later", 2)
    reopened = recorded("opened again")
    actions.close_decision(by=practitioner, decision=reopened.decision, reason="Over")
    actions.start_round(by=practitioner, decision=reopened.decision, changed="")
    moved = recorded("moved", -2)
    actions.move_look_again(
        by=practitioner,
        decision=moved.decision,
        look_again_on=TODAY + datetime.timedelta(days=1),
        reason="Away",
    )
    recorded("overdue", -2)
    recorded("no day")


class TestByState:
    @pytest.mark.usefixtures("one_of_each")
    @pytest.mark.parametrize(
        ("show", "names"),
        [
            ("", ["overdue", "opened again", "draft", "due", "no day", "moved", "later", "closed"]),
            ("open", ["overdue", "opened again", "draft", "due"]),
            ("drafts", ["opened again", "draft"]),
            ("due", ["overdue", "due"]),
            ("overdue", ["overdue"]),
            ("closed", ["closed"]),
        ],
    )
    def test_the_list_shows_what_is_asked_for_open_first(self, signed_in, show, names):
        listed = signed_in.get("/decisions/", {"show": show}).context["decisions"]
        assert [decision.summary for decision in listed] == names

    @pytest.mark.usefixtures("one_of_each")
    def test_pages_go_through_everything_once(self, practitioner):
        mine = Decision.objects.assigned_to(practitioner).with_state(TODAY).open_first()
        whole = list(mine)
        for last, following in itertools.pairwise(whole):
            assert mine.after(last).first() == following
        assert not mine.after(whole[-1]).exists()


def test_a_filter_and_words_go_on_to_the_next_page(signed_in, practitioner):
    for _ in range(27):
        DraftFactory(decision=DecisionFactory(author=practitioner), answers={"what.request": "A bicycle"})
    recorded_round(author=practitioner, answers={**ENOUGH_TO_RECORD, "what.request": "A bicycle"})
    first = signed_in.get("/decisions/", {"q": "bicycle", "show": "drafts"})
    more = first.context["older_than"].reference
    second = signed_in.get("/decisions/", {"q": "bicycle", "show": "drafts", "before": more})
    assert len(first.context["decisions"]) == 25
    assert len(second.context["decisions"]) == 2
