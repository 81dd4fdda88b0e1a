"""New rounds: the answers they start with, and answers that a newer guide does not have."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from decisions import actions
from decisions.domain.answers import OrphanedAnswer, orphaned_answers
from decisions.errors import DraftInProgress, NotAllowed, RoundIsRecorded
from decisions.models import Decision, Round
from tests.decisions.factories import (
    ENOUGH_TO_RECORD,
    DraftFactory,
    make_option,
    make_question,
    recorded_round,
)
from tests.decisions.newer_guide import publish_newer_guide
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import content_of, text_of

guide_is_published = pytest.mark.usefixtures("guide")


@pytest.fixture
def newer_guide(guide, tmp_path):
    """Publishes the next version."""
    return lambda: publish_newer_guide(tmp_path / "newer")


@guide_is_published
class TestGoingRoundAgain:
    def test_begins_with_the_last_answers_and_says_what_changed(self):
        first = recorded_round(answers={"what.request": "Whether the room is held"})
        second = actions.start_round(by=first.author, decision=first.decision, changed="The ward rang back.")
        assert (second.number, second.answers, second.changed) == (2, first.answers, "The ward rang back.")
        assert not second.is_recorded

    def test_leaves_the_recorded_round_as_it_was(self):
        first = recorded_round()
        second = actions.start_round(by=first.author, decision=first.decision, changed="")
        actions.save_answers(by=first.author, round=second, answers={"decide.outcome": "do-not-share"})
        first.refresh_from_db()
        assert first.outcome == "share-part"

    def test_needs_the_round_before_to_be_recorded(self):
        draft = DraftFactory()
        with pytest.raises(DraftInProgress) as refusal:
            actions.start_round(by=draft.author, decision=draft.decision, changed="")
        assert refusal.value.round == draft

    def test_is_the_authors_alone(self):
        first = recorded_round()
        with pytest.raises(NotAllowed):
            actions.start_round(by=PersonFactory(team=first.author.team), decision=first.decision, changed="")

    def test_records_what_had_changed(self):
        first = recorded_round()
        second = actions.start_round(by=first.author, decision=first.decision, changed="The ward rang back.")
        assert actions.record_round(by=first.author, round=second).record["changed"] == "The ward rang back."

    def test_is_offered_on_the_thread_and_leads_to_the_next_round(self, client):
        first = recorded_round()
        client.force_login(first.author)
        again = reverse("decisions:again", args=[first.decision.reference])
        assert again in content_of(client.get(first.decision.get_absolute_url()))
        response = client.post(again, {"changed": "The ward rang back."})
        assert response.url == f"/decisions/{first.decision.reference}/rounds/2/"
        assert "The ward rang back." in text_of(client.get(response.url))
        assert client.get(again).url == response.url
        assert client.post(again, {"changed": "Twice"}).url == response.url
        assert Round.objects.count() == 2

    def test_what_changed_can_be_said_later(self, client):
        first = recorded_round()
        second = actions.start_round(by=first.author, decision=first.decision, changed="")
        client.force_login(first.author)
        response = client.post(f"{second.get_absolute_url()}changed/", {"changed": "They moved."})
        assert response.url == second.get_absolute_url()
        assert Round.objects.get(pk=second.pk).changed == "They moved."

    def test_thread_shows_the_latest_round_first(self, client):
        first = recorded_round()
        actions.start_round(by=first.author, decision=first.decision, changed="They moved.")
        client.force_login(first.author)
        text = text_of(client.get(first.decision.get_absolute_url()))
        assert text.index("Round 2") < text.index("They moved.") < text.index("Round 1")


@guide_is_published
def test_what_changed_in_a_draft_is_the_writers_alone(client):
    first = recorded_round()
    second = actions.start_round(by=first.author, decision=first.decision, changed="They moved.")
    client.force_login(PersonFactory(roles=["ig_manager"], team=first.author.team))
    for address in [first.decision.get_absolute_url(), second.get_absolute_url()]:
        assert "They moved." not in text_of(client.get(address))
    actions.record_round(by=first.author, round=second)
    assert "They moved." in text_of(client.get(first.decision.get_absolute_url()))


class TestANewGuideBetweenRounds:
    ANSWERS = {
        "what.sure": "partly",
        "what.context": "A ward rang.",
        "what.request": "Whether the room is held",
    }

    @pytest.fixture
    def first(self, guide):
        return recorded_round(answers=self.ANSWERS)

    def test_next_round_uses_it_and_carries_the_answers_over(self, first, newer_guide):
        newer = newer_guide()
        second = actions.start_round(by=first.author, decision=first.decision, changed="")
        assert (second.version, second.answers) == (newer, first.answers)

    def test_what_no_longer_fits_is_shown_and_kept(self, first, newer_guide, client):
        newer_guide()
        second = actions.start_round(by=first.author, decision=first.decision, changed="")
        client.force_login(first.author)
        for page in ["", "check/"]:
            text = text_of(client.get(second.get_absolute_url() + page))
            assert "Not asked in this way any more" in text
            assert "What is the context? A ward rang." in text
            assert "Are you sure of what is being asked of you? Partly" in text
        client.post(f"{second.get_absolute_url()}who/", {"who.asking": "A ward"})
        assert Round.objects.get(pk=second.pk).answers["what.context"] == "A ward rang."

    def test_draft_in_progress_stays_on_its_guide_until_its_writer_moves_it(self, guide, newer_guide, client):
        draft = DraftFactory(answers=self.ANSWERS)
        newer = newer_guide()
        client.force_login(draft.author)
        text = text_of(client.get(draft.get_absolute_url()))
        assert "The guide of 1 September 2026 has been published since you started." in text
        assert "Not asked in this way any more" not in text
        assert Round.objects.get(pk=draft.pk).version == guide
        client.post(reverse("decisions:move-to-current-guide", args=[draft.decision.reference, 1]))
        moved = Round.objects.get(pk=draft.pk)
        assert (moved.version, moved.answers) == (newer, self.ANSWERS)
        assert "Not asked in this way any more" in text_of(client.get(draft.get_absolute_url()))

    def test_recorded_round_reads_as_it_did(self, first, newer_guide, client):
        client.force_login(first.author)
        before = text_of(client.get(first.get_absolute_url()))
        newer_guide()
        assert text_of(client.get(first.get_absolute_url())) == before


class TestOrphanedAnswers:
    def test_are_none_while_all_answers_fit(self):
        question = make_question("what.request")
        assert orphaned_answers([question], iter([]), {"what.request": "Words"}) == ()
        assert len(orphaned_answers([], iter([[question]]), {"what.request": "Words"})) == 1

    def test_has_the_wording_of_the_latest_guide_that_asked(self):
        oldest, newer = (
            make_question("what.context", text="Context?"),
            make_question("what.context", text="What context?"),
        )
        found = orphaned_answers([], [[newer], [oldest]], {"what.context": "A ward rang."})
        assert found == (OrphanedAnswer("What context?", ("A ward rang.",)),)

    def test_holds_an_answer_whose_question_became_another_kind(self):
        before = make_question("what.sure", "one", options=(make_option("yes", text="Yes"),))
        assert orphaned_answers(
            [make_question("what.sure", "several", options=(make_option("yes"),))],
            [[before]],
            {"what.sure": "yes"},
        ) == (OrphanedAnswer(before.text, ("Yes",)),)

    def test_holds_text_where_a_date_is_asked_now(self):
        now, before = make_question("decide.review_on", "date"), make_question("decide.review_on")
        assert orphaned_answers([now], [[before]], {"decide.review_on": "Soon"}) == (
            OrphanedAnswer(before.text, ("Soon",)),
        )


@guide_is_published
class TestDiscarding:
    def test_asks_first(self, client):
        draft = DraftFactory()
        client.force_login(draft.author)
        assert "This cannot be undone." in text_of(client.get(f"{draft.get_absolute_url()}discard/"))
        assert Round.objects.exists()

    def test_the_only_round_takes_the_decision_with_it(self, client):
        draft = DraftFactory()
        client.force_login(draft.author)
        assert client.post(f"{draft.get_absolute_url()}discard/").url == "/decisions/"
        assert not Decision.objects.exists()

    def test_a_later_round_leaves_the_recorded_ones(self, client):
        first = recorded_round()
        second = actions.start_round(by=first.author, decision=first.decision, changed="")
        client.force_login(first.author)
        assert client.post(f"{second.get_absolute_url()}discard/").url == first.decision.get_absolute_url()
        assert list(Round.objects.all()) == [first]

    def test_a_recorded_round_cannot_be_discarded(self, client):
        first = recorded_round()
        with pytest.raises(RoundIsRecorded):
            actions.discard_draft(by=first.author, round=first)
        client.force_login(first.author)
        client.post(f"{first.get_absolute_url()}discard/")
        assert Round.objects.get() == first

    def test_is_the_authors_alone(self):
        draft = DraftFactory()
        with pytest.raises(NotAllowed):
            actions.discard_draft(by=PersonFactory(roles=["ig_manager"], team=draft.author.team), round=draft)


@guide_is_published
class TestRecordedAfterwards:
    @pytest.mark.parametrize(("days_ago", "afterwards"), [(0, False), (1, False), (2, True), (30, True)])
    def test_is_later_than_the_day_after_the_sharing(self, days_ago, afterwards):
        shared_on = timezone.localdate() - datetime.timedelta(days=days_ago)
        assert (
            recorded_round(answers={"decide.shared_on": shared_on.isoformat()}).recorded_afterwards
            is afterwards
        )

    def test_is_not_said_where_nothing_was_shared(self):
        round = recorded_round(answers=ENOUGH_TO_RECORD)
        assert round.is_recorded
        assert not round.recorded_afterwards

    def test_is_said_in_the_record(self, client):
        round = recorded_round(answers={"decide.shared_on": "2026-01-02"})
        client.force_login(round.author)
        assert "Recorded afterwards" in text_of(client.get(round.get_absolute_url()))
