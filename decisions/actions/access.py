"""Access log, written before a decision is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from decisions.actions.ledger import record_in_ledger
from decisions.models import Access

if TYPE_CHECKING:
    from decisions.models import Decision
    from sharingwell.accounts.models import User


@transaction.atomic(savepoint=False)  # the request fails with it
def log_access(
    *, by: User, decision: Decision, round_number: int | None = None, page: str, channel: Access.Channel
) -> Access:
    """Logs one access and enters it in the ledger. The caller must not send the response if this raises."""
    access = Access.objects.create(
        organisation_id=decision.organisation_id,
        reference=decision.reference,
        round_number=round_number,
        page=page,
        channel=channel,
        by=by,
        at=timezone.now(),
    )
    record_in_ledger(by=by, row=access)
    return access
