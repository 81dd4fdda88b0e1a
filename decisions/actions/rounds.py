"""Going round: a draft and what is written in it, until it is recorded or discarded."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from decisions import policies
from decisions.answers import Answers, answered_questions
from decisions.considered import considered
from decisions.errors import NotReadyToRecord
from decisions.journey import open_questions
from decisions.models import Decision, Round
from decisions.record import record_of
from guidance.reading import current_version, questions

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


@transaction.atomic
def start_round(*, by: User, decision: Decision, changed: str, at: datetime.datetime | None = None) -> Round:
    """Go round again: a draft under the current guide that begins with the answers of the round before.

    Answers go over by question key; what the newer guide does not ask stays in the draft, to be pointed out.
    Raises NotAllowed, or DraftInProgress with the draft there is.
    """
    decision = Decision.objects.select_for_update(of=["self"]).get(pk=decision.pk)
    policies.check_can_go_round_again(by, decision)
    last = decision.rounds.latest("number")
    return Round.objects.create(
        decision=decision,
        number=last.number + 1,
        version=current_version() or last.version,
        author=by,
        started_at=at or timezone.now(),
        changed=changed,
        answers=last.answers,
        needed=last.needed,
    )


@transaction.atomic
def say_what_changed(*, by: User, round: Round, changed: str) -> None:
    """Raises NotAllowed or RoundIsRecorded."""
    round = _locked(round)
    policies.check_can_write(by, round)
    round.changed = changed
    round.save(update_fields=["changed"])


@transaction.atomic
def move_to_current_guide(*, by: User, round: Round) -> Round:
    """Let a draft go on with the current guide; its answers stay. Raises NotAllowed or RoundIsRecorded."""
    round = _locked(round)
    policies.check_can_write(by, round)
    round.version = current_version() or round.version
    round.save(update_fields=["version"])
    return round


@transaction.atomic
def discard_draft(*, by: User, round: Round) -> None:
    """Throw a draft away; a decision that has no other round goes with it. Raises NotAllowed or RoundIsRecorded."""
    round = _locked(round)
    policies.check_can_write(by, round)
    decision = round.decision
    round.delete()
    if not decision.rounds.exists():
        decision.delete()


@transaction.atomic
def save_answers(
    *, by: User, round: Round, answers: Answers, needed: Mapping[str, str] | None = None
) -> Round:
    """Keep these answers in the draft; those of other questions stay as they are. Gives the draft as saved.

    `needed` says by question why an answer has to hold what looks like an identifier.

    Raises NotAllowed, or RoundIsRecorded.
    """
    round = _locked(round)
    policies.check_can_write(by, round)
    kept = {key: answer for key, answer in {**round.answers, **answers}.items() if answer}
    round.answers = kept
    round.needed = {key: why for key, why in {**round.needed, **(needed or {})}.items() if why}
    round.save(update_fields=["answers", "needed"])
    return round


@transaction.atomic
def save_thoughts(*, by: User, round: Round, thoughts: Mapping[str, str]) -> Round:
    """Keep what was noted against considerations, by their key. Raises NotAllowed or RoundIsRecorded."""
    round = _locked(round)
    policies.check_can_write(by, round)
    round.thoughts = {key: thought for key, thought in {**round.thoughts, **thoughts}.items() if thought}
    round.save(update_fields=["thoughts"])
    return round


@transaction.atomic
def record_round(*, by: User, round: Round, at: datetime.datetime | None = None) -> Round:
    """Make a draft final, with the record of it. Asked twice, it records once.

    `at` is now, unless said otherwise. Raises NotAllowed, or NotReadyToRecord with the questions that are open.
    """
    round = _locked(round)
    if round.is_recorded and round.author_id == by.pk:
        return round
    policies.check_can_write(by, round)
    asked = questions(round.version)
    open_ = open_questions(answered_questions(asked, round.decision.direction, round.answers))
    if open_:
        raise NotReadyToRecord(tuple(each.question for each in open_))
    round.recorded_at = at or timezone.now()
    round.record = record_of(round, asked, considered(round), round.recorded_at)
    round.save(update_fields=["recorded_at", "record"])
    return round


def _locked(round: Round) -> Round:
    """The round as it is now, with its decision, held until the transaction ends."""
    return (
        Round.objects.select_for_update(of=["self", "decision"])
        .select_related("decision__organisation", "decision__team", "version", "author__team__organisation")
        .get(pk=round.pk)
    )
