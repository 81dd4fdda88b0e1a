"""Starts rounds, saves drafts, and records or discards them."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from decisions import policies
from decisions.actions.disclosure import withhold_marked_passages
from decisions.actions.ledger import record_in_ledger
from decisions.actions.locks import lock_decision, lock_round
from decisions.actions.retention import check_not_held
from decisions.domain.answers import Answers, answered_questions
from decisions.domain.draft_merge import CHANGED, IDENTIFIER_REASON, THOUGHT, Page, Saved, Words, merge
from decisions.domain.progress import open_questions
from decisions.errors import AdviceRequested, NotReadyToRecord
from decisions.models import Advice, Decision, Round
from decisions.record.build import record_of
from decisions.record.considerations import considered
from guidance.reading import current_version, questions

if TYPE_CHECKING:
    from sharingwell.accounts.models import User

DESCRIPTION = frozenset({"summary", "case_reference"})  # fields of the decision, shared by all rounds


@transaction.atomic
def start_round(*, by: User, decision: Decision, changed: str, at: datetime.datetime | None = None) -> Round:
    """Starts a draft under the current guide with the answers of the previous round.

    Copies answers by question key, including those the newer guide does not ask; the page lists them. Raises
    NotAllowed, or DraftInProgress with the existing draft.
    """
    decision = lock_decision(decision.pk)
    policies.check_can_start_new_round(by, decision)
    last = decision.rounds.latest("number")
    return Round.objects.create(
        decision=decision,
        number=last.number + 1,
        version=current_version() or last.version,
        author=by,
        started_at=at or timezone.now(),
        changed=changed,
        answers=last.answers,
        identifier_reasons={
            name: why
            for name, why in last.identifier_reasons.items()
            if name in last.answers or name in DESCRIPTION
        },
    )


def set_what_changed(*, by: User, round: Round, changed: str) -> None:
    """Edits what the draft says has changed. Raises NotAllowed or RoundIsRecorded."""
    save_words(by=by, round=round, words={CHANGED: changed})


@transaction.atomic
def move_to_current_guide(*, by: User, round: Round) -> Round:
    """Moves a draft to the current guide version and keeps its answers. Raises NotAllowed or RoundIsRecorded."""
    round = lock_round(round, by=by)
    policies.check_can_write(by, round)
    round.version = current_version() or round.version
    round.save(update_fields=["version"])
    return round


@transaction.atomic
def discard_draft(*, by: User, round: Round) -> None:
    """Deletes a draft, and the decision if it has no other round.

    Raises NotAllowed, RoundIsRecorded, OnHold, or AdviceRequested if advice was asked on it.
    """
    round = lock_round(round, by=by)
    policies.check_can_write(by, round)
    check_not_held(round.decision)
    if round.advice.exists():
        raise AdviceRequested(round)
    decision = round.decision
    round.delete()
    if not decision.rounds.exists():
        decision.delete()


@dataclass(frozen=True)
class SaveResult:
    """The saved draft and its merged texts.

    Of the texts sent, `accepted` names those saved, and `in_conflict` those changed elsewhere too and not saved.
    """

    round: Round
    words: Words
    accepted: frozenset[str]
    in_conflict: frozenset[str]


@transaction.atomic
def save_words(*, by: User, round: Round, words: Words, page: Page | None = None) -> SaveResult:
    """Saves texts of the draft, by the names of `decisions.domain.draft_merge`; others are unchanged.

    With a page, does not overwrite texts changed elsewhere since it was rendered: conflicts are named in the
    result. Raises NotAllowed or RoundIsRecorded.
    """
    round = lock_round(round, by=by)
    policies.check_can_write(by, round)
    before = round.words
    merged = merge(before, round.saved, words, page)
    changed = merged.changed_from(before)
    if changed:
        _write(round, merged.words)
        round.saved = mark_saved(round.saved, changed, page)
        round.save(update_fields=["answers", "identifier_reasons", "thoughts", "changed", "saved"])
    return SaveResult(round, round.words, merged.accepted, merged.in_conflict)


def mark_saved(saved: Saved, names: Collection[str], page: Page | None) -> dict[str, Mapping[str, Any]]:
    """Updates the time and page of the last save of these texts."""
    now = {
        "at": timezone.now().isoformat(),
        "page": page.id if page else "",
        "revision": page.revision if page else 0,
    }
    return {**saved, **dict.fromkeys(sorted(names), now)}


def save_answers(
    *, by: User, round: Round, answers: Answers, identifier_reasons: Mapping[str, str] | None = None
) -> Round:
    """Saves these answers in the draft and returns it; answers to other questions are unchanged.

    `identifier_reasons` maps questions to the reason for a possible identifier. Raises NotAllowed or
    RoundIsRecorded.
    """
    reasons = {f"{IDENTIFIER_REASON}{key}": why for key, why in (identifier_reasons or {}).items()}
    return save_words(by=by, round=round, words={**answers, **reasons}).round


def save_thoughts(*, by: User, round: Round, thoughts: Mapping[str, str]) -> Round:
    """Saves notes on considerations by key. Raises NotAllowed or RoundIsRecorded."""
    words = {f"{THOUGHT}{key}": thought for key, thought in thoughts.items()}
    return save_words(by=by, round=round, words=words).round


@transaction.atomic
def record_round(*, by: User, round: Round, at: datetime.datetime | None = None) -> Round:
    """Makes a draft final: stores its record and enters it in the ledger. Repeated calls have no effect.

    `at` defaults to now. Raises NotAllowed, or NotReadyToRecord with the unanswered required questions.
    """
    round = lock_round(round, by=by)
    if round.is_recorded and round.author_id == by.pk:
        return round
    policies.check_can_write(by, round)
    version_questions = questions(round.version)
    open_ = open_questions(answered_questions(version_questions, round.decision.direction, round.answers))
    if open_:
        raise NotReadyToRecord(tuple(each.question for each in open_))
    round.recorded_at = at or timezone.now()
    advice = Advice.objects.filter(round=round).with_steps().order_by("pk")
    round.record = record_of(round, version_questions, considered(round), round.recorded_at, advice)
    round.save(update_fields=["recorded_at", "record"])
    round = _reloaded(round)
    record_in_ledger(by=by, row=round)
    withhold_marked_passages(by=by, round=round)
    return round


def _reloaded(round: Round) -> Round:
    """Reloads a locked round with its generated columns, keeping fetched relations."""
    stored = Round.objects.get(pk=round.pk)
    stored.decision, stored.version, stored.author = round.decision, round.version, round.author
    return stored


def _write(round: Round, words: Words) -> None:
    """Sets texts in the fields of the draft, and removes empty ones."""

    def under(prefix: str) -> dict[str, Any]:
        return {
            name.removeprefix(prefix): each
            for name, each in words.items()
            if each and name.startswith(prefix)
        }

    round.changed = str(words.get(CHANGED, ""))
    round.identifier_reasons = under(IDENTIFIER_REASON)
    round.thoughts = under(THOUGHT)
    round.answers = {
        name: each
        for name, each in words.items()
        if each and name != CHANGED and not name.startswith((IDENTIFIER_REASON, THOUGHT))
    }
