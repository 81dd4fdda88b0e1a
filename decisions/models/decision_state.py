"""State of a decision on a day, derived from its latest round and later facts."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db.models import BooleanField, Case, DateField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from decisions.domain.working_time import latest_day_due_by
from decisions.models.postponement import Postponement

if TYPE_CHECKING:
    from decisions.models.decision import Decision


def state_annotations(on: datetime.date) -> list[dict[str, Combinable]]:
    """Annotations to apply in turn to decisions joined to their latest round only.

    `look_again_on` is null for drafts and closed decisions. A decision is due on that day and later, overdue after
    it; an urgent round is due for completion by its next working day. Open are drafts, urgent rounds to complete,
    and due decisions.
    """
    moved_to = Postponement.objects.filter(round=OuterRef("latest_round")).order_by("-pk")
    counts = Q(rounds__recorded_at__isnull=False, rounds__closure__isnull=True)
    to_complete = counts & Q(rounds__urgent=True)

    def to_complete_by(day: datetime.date) -> Q:
        return to_complete & Q(rounds__recorded_at__date__lte=latest_day_due_by(day))

    the_day_before = on - datetime.timedelta(days=1)
    return [
        {
            "as_of": Value(on, output_field=DateField()),
            "is_draft": as_boolean(Q(rounds__recorded_at__isnull=True)),
            "is_closed": as_boolean(Q(rounds__closure__isnull=False)),
            "is_to_be_completed": as_boolean(to_complete),
            "look_again_on": Case(
                When(
                    counts,
                    then=Coalesce(
                        Subquery(moved_to.values("look_again_on")[:1]),
                        Cast(F("rounds__review_on"), DateField()),
                    ),
                ),
                default=Value(None),
                output_field=DateField(),
            ),
        },
        {
            "is_due": as_boolean(Q(look_again_on__lte=on) | to_complete_by(on)),
            "is_overdue": as_boolean(Q(look_again_on__lt=on) | to_complete_by(the_day_before)),
            "is_open": as_boolean(
                Q(rounds__recorded_at__isnull=True) | to_complete | Q(look_again_on__lte=on)
            ),
        },
    ]


def set_state(decision: Decision, on: datetime.date) -> None:
    """Set on a decision what a page shows of its state, from its rounds, which are fetched with their closures.

    The same as the annotations of these names.
    """
    latest = list(decision.rounds.all())[-1]
    is_closed = hasattr(latest, "closure")
    counts = latest.is_recorded and not is_closed
    decision.latest_round = latest.pk
    decision.as_of = on
    decision.is_draft = not latest.is_recorded
    decision.is_closed = is_closed
    decision.is_to_be_completed = counts and latest.urgent
    decision.look_again_on = latest.look_again_on if counts else None


def as_boolean(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
