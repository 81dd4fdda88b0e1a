"""Drafts that nobody has written in for long are removed, unless somebody says that they are still needed."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from decisions import policies
from decisions.actions.locks import lock_round
from decisions.domain.draft_merge import KEPT
from decisions.domain.periods import start_of_day
from decisions.models import Decision, Hold, Round, RoundQuerySet

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


@transaction.atomic
def keep_draft(*, by: User, round: Round) -> None:
    """Say that a draft is still needed, which counts as writing in it. Raises NotAllowed or RoundIsRecorded."""
    round = lock_round(round, by=by)
    policies.check_can_write(by, round)
    round.saved = {**round.saved, KEPT: {"at": timezone.now().isoformat(), "page": "", "turn": 0}}
    round.save(update_fields=["saved"])


def delete_expired_drafts(*, now: datetime.datetime | None = None) -> int:
    """Remove every draft whose time is over, each in a transaction of its own; gives how many there were.

    A decision that has nothing else goes with its draft. What is on legal hold stays, and so
    does what advice was asked on, which is part of the record. This is done for nobody: what is
    removed was never recorded, and leaves no entry but those of who looked at it.
    """
    day = timezone.localdate(now) - datetime.timedelta(days=settings.DRAFTS_REMOVED_AFTER_DAYS - 1)
    before = start_of_day(day)
    old = _untouched_since(before).values_list("pk", "decision_id").order_by("pk")
    return sum(_remove(draft, decision, before) for draft, decision in list(old))


def _untouched_since(moment: datetime.datetime) -> RoundQuerySet:
    held = Hold.objects.in_force().filter(decision=OuterRef("decision"))
    return Round.objects.unchanged_since(moment).filter(~Exists(held))


@transaction.atomic
def _remove(draft: int, decision: int, before: datetime.datetime) -> bool:
    """Looked at once more, in case somebody writes in it or holds it at this moment; the decision is held first."""
    locked = Decision.objects.select_for_update().filter(pk=decision).first()
    still = Round.objects.select_for_update(of=["self"]).filter(pk=draft).first()
    if locked is None or still is None or not _untouched_since(before).filter(pk=draft).exists():
        return False
    still.delete()
    if not locked.rounds.exists():
        locked.delete()
    return True
