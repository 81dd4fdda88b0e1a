"""Where a decision stands on a day, derived from its latest round and from what was stated since."""

from __future__ import annotations

import datetime

from django.db.models import BooleanField, Case, DateField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from decisions.domain.working_time import latest_day_due_by
from decisions.models.postponement import Postponement


def state_annotations(on: datetime.date) -> list[dict[str, Combinable]]:
    """What to annotate decisions with, one after the other, that have been joined to their latest round alone.

    `look_again_on` is a day only for a decision that is neither in draft nor closed. Due is on the day and after it,
    overdue after it; so is an urgent round that waits to be completed, by its next working day. Open is whatever waits
    for its author: a draft, an urgent round to complete, or being due.
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
            "is_draft": holds(Q(rounds__recorded_at__isnull=True)),
            "is_closed": holds(Q(rounds__closure__isnull=False)),
            "is_to_be_completed": holds(to_complete),
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
            "is_due": holds(Q(look_again_on__lte=on) | to_complete_by(on)),
            "is_overdue": holds(Q(look_again_on__lt=on) | to_complete_by(the_day_before)),
            "is_open": holds(Q(rounds__recorded_at__isnull=True) | to_complete | Q(look_again_on__lte=on)),
        },
    ]


def holds(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
