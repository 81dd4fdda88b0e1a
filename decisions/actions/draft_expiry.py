"""Deletes expired drafts, and extends those still needed."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from decisions import policies
from decisions.actions.locks import lock_round
from decisions.domain.draft_merge import STILL_NEEDED
from decisions.domain.periods import start_of_day
from decisions.models import Decision, Hold, Round, RoundQuerySet

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


@transaction.atomic
def keep_draft(*, by: User, round: Round) -> None:
    """Extends a draft, like an edit. Raises NotAllowed or RoundIsRecorded."""
    round = lock_round(round, by=by)
    policies.check_can_write(by, round)
    round.saved = {**round.saved, STILL_NEEDED: {"at": timezone.now().isoformat(), "page": "", "revision": 0}}
    round.save(update_fields=["saved"])


def delete_expired_drafts(*, now: datetime.datetime | None = None) -> int:
    """Deletes expired drafts, each in its own transaction, and returns their number.

    Deletes the decision too if it has no other round. Keeps drafts on legal hold and those with advice, which are
    part of the record. Leaves nothing but their access log: the drafts were never recorded.
    """
    day = timezone.localdate(now) - datetime.timedelta(days=settings.DRAFTS_REMOVED_AFTER_DAYS - 1)
    before = start_of_day(day)
    old = _expired_drafts(before).values_list("pk", "decision_id").order_by("pk")
    return sum(_remove(draft, decision, before) for draft, decision in list(old))


def _expired_drafts(moment: datetime.datetime) -> RoundQuerySet:
    held = Hold.objects.in_force().filter(decision=OuterRef("decision"))
    return Round.objects.unchanged_since(moment).filter(~Exists(held))


@transaction.atomic
def _remove(draft: int, decision: int, before: datetime.datetime) -> bool:
    """Checks again under locks, decision first, in case of a concurrent edit or hold."""
    locked = Decision.objects.select_for_update().filter(pk=decision).first()
    still = Round.objects.select_for_update(of=["self"]).filter(pk=draft).first()
    if locked is None or still is None or not _expired_drafts(before).filter(pk=draft).exists():
        return False
    still.delete()
    if not locked.rounds.exists():
        locked.delete()
    return True
