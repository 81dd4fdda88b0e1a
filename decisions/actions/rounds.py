"""Going round: a draft and what is written in it, until it is recorded or discarded."""

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
from decisions.domain.draft_merge import CHANGED, THOUGHT, WHY_NEEDED, Page, Saved, Words, merge
from decisions.domain.progress import open_questions
from decisions.errors import AskedAbout, NotReadyToRecord
from decisions.models import Advice, Decision, Round
from decisions.record.build import record_of
from decisions.record.considerations import considered
from guidance.reading import current_version, questions

if TYPE_CHECKING:
    from sharingwell.accounts.models import User

DESCRIPTION = frozenset({"summary", "case_reference"})  # of the decision, and so the same in every round


@transaction.atomic
def start_round(*, by: User, decision: Decision, changed: str, at: datetime.datetime | None = None) -> Round:
    """Go round again: a draft under the current guide that begins with the answers of the round before.

    Answers go over by question key; what the newer guide does not ask stays in the draft, to be pointed out.
    Raises NotAllowed, or DraftInProgress with the draft there is.
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


def say_what_changed(*, by: User, round: Round, changed: str) -> None:
    """Correct what the draft says has changed. Raises NotAllowed or RoundIsRecorded."""
    save_words(by=by, round=round, words={CHANGED: changed})


@transaction.atomic
def move_to_current_guide(*, by: User, round: Round) -> Round:
    """Let a draft go on with the current guide; its answers stay. Raises NotAllowed or RoundIsRecorded."""
    round = lock_round(round, by=by)
    policies.check_can_write(by, round)
    round.version = current_version() or round.version
    round.save(update_fields=["version"])
    return round


@transaction.atomic
def discard_draft(*, by: User, round: Round) -> None:
    """Throw a draft away; a decision that has no other round goes with it.

    Raises NotAllowed, RoundIsRecorded, OnHold, or AskedAbout where advice was asked on it.
    """
    round = lock_round(round, by=by)
    policies.check_can_write(by, round)
    check_not_held(round.decision)
    if round.advice.exists():
        raise AskedAbout(round)
    decision = round.decision
    round.delete()
    if not decision.rounds.exists():
        decision.delete()


@dataclass(frozen=True)
class Saving:
    """The draft as saved, and the words of the page as they now are.

    Of those sent, `taken` are in them, and `in_conflict` were changed elsewhere too and are not.
    """

    round: Round
    words: Words
    taken: frozenset[str]
    in_conflict: frozenset[str]


@transaction.atomic
def save_words(*, by: User, round: Round, words: Words, page: Page | None = None) -> Saving:
    """Keep words in the draft, by the names of `decisions.domain.draft_merge`; all others stay as they are.

    Where the page they come from is known, nothing that was changed elsewhere since is written over: what was changed
    in both places stays as it is and is named. Raises NotAllowed or RoundIsRecorded.
    """
    round = lock_round(round, by=by)
    policies.check_can_write(by, round)
    before = round.words
    merged = merge(before, round.saved, words, page)
    changed = merged.changed_from(before)
    if changed:
        _write(round, merged.words)
        round.saved = saved_now(round.saved, changed, page)
        round.save(update_fields=["answers", "identifier_reasons", "thoughts", "changed", "saved"])
    return Saving(round, round.words, merged.taken, merged.in_conflict)


def saved_now(saved: Saved, names: Collection[str], page: Page | None) -> dict[str, Mapping[str, Any]]:
    """When each was last saved, and from which page, with these saved just now."""
    now = {
        "at": timezone.now().isoformat(),
        "page": page.id if page else "",
        "turn": page.turn if page else 0,
    }
    return {**saved, **dict.fromkeys(sorted(names), now)}


def save_answers(
    *, by: User, round: Round, answers: Answers, identifier_reasons: Mapping[str, str] | None = None
) -> Round:
    """Keep these answers in the draft; those of other questions stay as they are. Gives the draft as saved.

    `identifier_reasons` says by question why an answer has to hold what looks like an identifier.

    Raises NotAllowed, or RoundIsRecorded.
    """
    reasons = {f"{WHY_NEEDED}{key}": why for key, why in (identifier_reasons or {}).items()}
    return save_words(by=by, round=round, words={**answers, **reasons}).round


def save_thoughts(*, by: User, round: Round, thoughts: Mapping[str, str]) -> Round:
    """Keep what was noted against considerations, by their key. Raises NotAllowed or RoundIsRecorded."""
    words = {f"{THOUGHT}{key}": thought for key, thought in thoughts.items()}
    return save_words(by=by, round=round, words=words).round


@transaction.atomic
def record_round(*, by: User, round: Round, at: datetime.datetime | None = None) -> Round:
    """Make a draft final, with the record of it and its entry in the ledger. Asked twice, it records once.

    `at` is now, unless said otherwise. Raises NotAllowed, or NotReadyToRecord with the questions that are open.
    """
    round = lock_round(round, by=by)
    if round.is_recorded and round.author_id == by.pk:
        return round
    policies.check_can_write(by, round)
    asked = questions(round.version)
    open_ = open_questions(answered_questions(asked, round.decision.direction, round.answers))
    if open_:
        raise NotReadyToRecord(tuple(each.question for each in open_))
    round.recorded_at = at or timezone.now()
    advice = Advice.objects.filter(round=round).with_what_was_said().order_by("pk")
    round.record = record_of(round, asked, considered(round), round.recorded_at, advice)
    round.save(update_fields=["recorded_at", "record"])
    round = _as_kept(round)
    record_in_ledger(by=by, row=round)
    withhold_marked_passages(by=by, round=round)
    return round


def _as_kept(round: Round) -> Round:
    """What the database has made of a round that is locked."""
    kept = Round.objects.get(pk=round.pk)
    kept.decision, kept.version, kept.author = round.decision, round.version, round.author
    return kept


def _write(round: Round, words: Words) -> None:
    """Puts words where the draft keeps them; those that are empty go."""

    def under(prefix: str) -> dict[str, Any]:
        return {
            name.removeprefix(prefix): each
            for name, each in words.items()
            if each and name.startswith(prefix)
        }

    round.changed = str(words.get(CHANGED, ""))
    round.identifier_reasons = under(WHY_NEEDED)
    round.thoughts = under(THOUGHT)
    round.answers = {
        name: each
        for name, each in words.items()
        if each and name != CHANGED and not name.startswith((WHY_NEEDED, THOUGHT))
    }
