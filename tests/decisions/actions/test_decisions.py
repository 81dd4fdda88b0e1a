import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from decisions import actions
from decisions.errors import NoPublishedGuide, NotAllowed, NotReadyToRecord, RoundIsRecorded
from decisions.models import Decision, Round
from guidance.models import Question, Section
from tests.databases import without_triggers
from tests.decisions.factories import ENOUGH_TO_RECORD, DraftFactory, recorded_round
from tests.guidance.factories import load_first_version
from tests.sharingwell.accounts.factories import PersonFactory

guide_is_published = pytest.mark.usefixtures("guide")


@guide_is_published
class TestStarting:
    def test_makes_the_draft_of_round_one_under_the_current_guide(self, guide, practitioner):
        decision = actions.start_decision(by=practitioner, direction="told", summary="A neighbour worries")
        draft = decision.rounds.get()
        assert (draft.number, draft.version, draft.author, draft.answers) == (1, guide, practitioner, {})
        assert not draft.is_recorded

    def test_keeps_the_authors_organisation_and_team(self, practitioner):
        decision = actions.start_decision(by=practitioner, direction="asked", summary="A ward asks")
        assert (decision.organisation, decision.team) == (practitioner.organisation, practitioner.team)

    def test_is_refused_to_an_administrator(self):
        with pytest.raises(NotAllowed):
            actions.start_decision(
                by=PersonFactory(roles=["administrator"]), direction="asked", summary="A ward asks"
            )
        assert not Decision.objects.exists()

    def test_never_gives_a_reference_twice(self, practitioner, monkeypatch):
        taken = actions.start_decision(by=practitioner, direction="asked", summary="First").reference
        offered = iter([taken, "SW-2222-2222"])
        monkeypatch.setattr("decisions.actions.decisions.new_reference", lambda: next(offered))
        assert (
            actions.start_decision(by=practitioner, direction="asked", summary="Second").reference
            == "SW-2222-2222"
        )


def test_requires_a_published_guide(practitioner):
    with pytest.raises(NoPublishedGuide):
        actions.start_decision(by=practitioner, direction="asked", summary="A ward asks")


@guide_is_published
class TestSaving:
    def test_one_part_leaves_the_answers_of_others_alone(self):
        draft = DraftFactory(answers={"what.request": "First words"})
        saved = actions.save_answers(by=draft.author, round=draft, answers={"why.purpose": "A safe place"})
        assert saved.answers == {"what.request": "First words", "why.purpose": "A safe place"}

    def test_an_answer_taken_back_is_gone(self):
        draft = DraftFactory(answers={"what.request": "First words", "what.kinds": ["health"]})
        saved = actions.save_answers(
            by=draft.author,
            round=draft,
            answers={"what.request": "", "what.kinds": [], "what.context": "Kept"},
        )
        assert saved.answers == {"what.context": "Kept"}

    def test_uses_the_stored_draft_rather_than_a_stale_instance(self):
        draft = DraftFactory()
        read_before = Round.objects.get(pk=draft.pk)
        actions.save_answers(by=draft.author, round=draft, answers={"what.request": "First"})
        saved = actions.save_answers(by=draft.author, round=read_before, answers={"what.context": "Second"})
        assert saved.answers == {"what.request": "First", "what.context": "Second"}

    def test_is_refused_to_anybody_but_the_author(self):
        draft = DraftFactory()
        with pytest.raises(NotAllowed):
            actions.save_answers(
                by=PersonFactory(team=draft.author.team), round=draft, answers={"what.request": "No"}
            )

    def test_is_refused_once_recorded(self):
        round = recorded_round()
        with pytest.raises(RoundIsRecorded):
            actions.save_answers(by=round.author, round=round, answers={"what.request": "Too late"})
        round.refresh_from_db()
        assert "what.request" not in round.answers


@guide_is_published
class TestDescribing:
    def test_corrects_direction_summary_and_case_reference_and_keeps_the_answers(self):
        draft = DraftFactory(answers=ENOUGH_TO_RECORD)
        actions.describe_decision(
            by=draft.author,
            decision=draft.decision,
            words={"direction": "told", "summary": "Better words", "case_reference": "HO-1"},
        )
        decision = Decision.objects.get(pk=draft.decision.pk)
        assert (decision.direction, decision.summary, decision.case_reference) == (
            "told",
            "Better words",
            "HO-1",
        )
        assert decision.rounds.get().answers == ENOUGH_TO_RECORD

    def test_is_refused_once_a_round_is_recorded(self):
        round = recorded_round()
        with pytest.raises(RoundIsRecorded):
            actions.describe_decision(
                by=round.author, decision=round.decision, words={"direction": "told", "summary": "Other"}
            )


@guide_is_published
class TestRecording:
    def test_needs_outcome_and_reasoning_and_nothing_else(self):
        draft = DraftFactory()
        with pytest.raises(NotReadyToRecord) as refusal:
            actions.record_round(by=draft.author, round=draft)
        assert [question.key for question in refusal.value.questions] == [
            "decide.outcome",
            "decide.reasoning",
        ]
        draft = actions.save_answers(by=draft.author, round=draft, answers=ENOUGH_TO_RECORD)
        assert actions.record_round(by=draft.author, round=draft).is_recorded

    def test_outcome_of_another_direction_is_not_an_outcome(self):
        draft = DraftFactory(answers={**ENOUGH_TO_RECORD, "decide.outcome": "accept-and-act"})
        with pytest.raises(NotReadyToRecord):
            actions.record_round(by=draft.author, round=draft)

    def test_twice_records_once(self):
        draft = DraftFactory(answers=ENOUGH_TO_RECORD)
        first = actions.record_round(by=draft.author, round=draft)
        again = actions.record_round(by=draft.author, round=draft)
        assert (again.recorded_at, again.record) == (first.recorded_at, first.record)

    def test_is_refused_to_anybody_but_the_author(self):
        draft = DraftFactory(answers=ENOUGH_TO_RECORD)
        for person in [
            PersonFactory(team=draft.author.team),
            PersonFactory(roles=["ig_manager"], team=draft.author.team),
        ]:
            with pytest.raises(NotAllowed):
                actions.record_round(by=person, round=draft)

    def test_somebody_else_cannot_repeat_a_recording(self):
        round = recorded_round()
        with pytest.raises(NotAllowed):
            actions.record_round(by=PersonFactory(), round=round)

    def test_can_be_dated(self):
        at = timezone.now() - datetime.timedelta(days=3)
        draft = DraftFactory(answers=ENOUGH_TO_RECORD)
        assert actions.record_round(by=draft.author, round=draft, at=at).recorded_at == at

    def test_failing_half_way_leaves_the_draft_as_it_was(self, monkeypatch):
        draft = DraftFactory(answers=ENOUGH_TO_RECORD)
        monkeypatch.setattr(
            Round, "save", lambda *args, **kwargs: (_ for _ in ()).throw(RuntimeError("Disk full"))
        )
        with pytest.raises(RuntimeError):
            actions.record_round(by=draft.author, round=draft)
        draft.refresh_from_db()
        assert (draft.recorded_at, draft.record, draft.answers) == (None, None, ENOUGH_TO_RECORD)


@guide_is_published
class TestTheRecord:
    def test_keeps_who_decided_what_about_which_matter_and_when(self):
        round = recorded_round(summary="Ward asks", case_reference="HO-1042")
        author, record = round.author, round.record
        assert record["reference"] == round.decision.reference
        assert (record["summary"], record["case_reference"]) == ("Ward asks", "HO-1042")
        assert record["direction"] == "We were asked for information"
        assert record["decided_by"] == {
            "name": author.name,
            "job_title": author.job_title,
            "team": author.team.name,
            "organisation": author.organisation.name,
        }
        assert record["recorded_at"] == round.recorded_at.isoformat()
        assert record["guide"] == {"date": "2026-03-20", "title": "Sharing well"}

    def test_keeps_every_question_asked_and_each_answer_in_words(self):
        round = recorded_round(answers={"what.urgency": "days", "what.kinds": ["health", "money"]})
        lines = {line["key"]: line for part in round.record["parts"] for line in part["answers"]}
        assert lines["what.urgency"]["question"] == "How urgent is the matter?"
        assert lines["what.urgency"]["answer"] == ["It matters within days"]
        assert lines["what.kinds"]["answer"] == ["Physical health", "Money and benefits"]
        assert lines["why.purpose"]["answer"] == []
        # Of all questions only those are left out that these answers do not call for.
        asked = {question.key for question in Question.objects.filter(version=round.version)}
        assert asked - lines.keys() == {"decide.told_person_why_not", "who.authority_note"}

    def test_says_which_categories_of_data_it_is_about(self):
        round = recorded_round(answers={"what.kinds": ["health", "offending", "money"]})
        assert round.record["categories"] == ["Criminal offence data", "Special category data"]

    def test_reads_the_same_when_guide_team_and_author_change_their_names(self):
        round = recorded_round(answers={"what.urgency": "days"})
        before = round.record
        with without_triggers():  # the record leans on nothing but itself, not even on what never changes
            Question.objects.filter(version=round.version).update(text="Something else entirely")
            Section.objects.filter(version=round.version).update(body="Something else entirely")
        round.author.team.name = round.author.name = "Renamed"
        round.author.team.save()
        round.author.save()
        assert Round.objects.get(pk=round.pk).record == before


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_record_once():
    load_first_version()
    draft = DraftFactory(answers=ENOUGH_TO_RECORD)
    start_together = threading.Barrier(2)
    recorded = []

    def record():
        start_together.wait(timeout=20)
        try:
            recorded.append(actions.record_round(by=draft.author, round=draft).recorded_at)
        finally:
            connection.close()

    threads = [threading.Thread(target=record) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(recorded) == 2
    assert len(set(recorded)) == 1
