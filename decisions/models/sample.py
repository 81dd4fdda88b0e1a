"""Monthly review samples. Derived, so that anybody can recompute them.

A month's sample holds each decision with a round recorded in it that was urgent or a refusal, as the organisation's
rule requires, and a share of the others, selected by the digest of month and reference.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import CharField, Count, Exists, Func, OuterRef, Q
from django.utils import timezone

from decisions.database.triggers import append_only
from decisions.domain.periods import Month
from decisions.domain.question_keys import REFUSALS, URGENT
from decisions.models.retention import OrganisationQuerySet
from decisions.models.review import Review
from decisions.models.round import Round, RoundQuerySet
from sharingwell.accounts.models import Organisation

MONTHS_SHOWN = 6  # including the current one
DIGEST_DIGITS = 8  # leading hexadecimal digits of the digest that are compared


class SampleRuleQuerySet(OrganisationQuerySet):
    def at(self, organisation: Organisation, months: Iterable[Month]) -> dict[Month, SampleRule]:
        """The rule for each of these months: the last one made before the month's end. Takes one query."""
        months = list(months)
        rules = list(self.filter(organisation=organisation, at__lt=max(months).ends).order_by("-pk"))
        default = SampleRule(organisation=organisation)
        return {month: next((rule for rule in rules if rule.at < month.ends), default) for month in months}


class SampleRule(models.Model):
    """Which decisions an organisation reviews each month, from the month of this row until the next row."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    urgent = models.BooleanField(default=True, help_text="All where someone could come to serious harm.")
    refusals = models.BooleanField(default=True, help_text="All in which nothing was shared or done.")
    share = models.PositiveSmallIntegerField(default=10, help_text="Per cent of all others.")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = SampleRuleQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(share__range=(0, 100)), name="sample_share_is_per_cent"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.share} % of the rest"

    @property
    def digest_limit(self) -> str:
        """Digests below this prefix are in the sample; `g` is greater than all digests."""
        if self.share == 100:
            return "g"
        return f"{self.share * 16**DIGEST_DIGITS // 100:0{DIGEST_DIGITS}x}"


class MonthOf(Func):
    """Formats a timestamp as `2026-11`."""

    output_field = CharField()
    template = f"to_char(%(expressions)s AT TIME ZONE '{settings.TIME_ZONE}', 'YYYY-MM')"


class DigestOf(Func):
    """Leading digits of SHA-256 of month, space and reference, in binary collation."""

    output_field = CharField()
    arg_joiner = " || ' ' || "
    template = (
        f"""left(encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex'), {DIGEST_DIGITS}) COLLATE "C" """
    )


def sampled(organisation: Organisation, months: Iterable[Month]) -> RoundQuerySet:
    """The last round in the month of each sampled decision, annotated with `month`."""
    rules = SampleRule.objects.at(organisation, months)
    later = Round.objects.recorded().annotate(month=MonthOf("recorded_at"))
    later = later.filter(
        decision=OuterRef("decision"), number__gt=OuterRef("number"), month=OuterRef("month")
    )
    samples = Q(pk__in=[])
    for month, rule in rules.items():
        criteria = Q(digest__lt=rule.digest_limit)
        if rule.urgent:
            criteria |= Q(urgency=URGENT)
        if rule.refusals:
            criteria |= Q(outcome__in=REFUSALS)
        samples |= Q(recorded_at__gte=month.begins, recorded_at__lt=month.ends) & criteria
    rounds = Round.objects.filter(
        decision__organisation=organisation,
        recorded_at__gte=min(rules).begins,
        recorded_at__lt=max(rules).ends,
    ).annotate(month=MonthOf("recorded_at"))
    rounds = rounds.annotate(digest=DigestOf("month", "decision__reference"))
    found: RoundQuerySet = rounds.filter(samples).filter(~Exists(later))
    return found


def reviewed_since() -> Exists:
    """Whether a round or a later one of its decision has been reviewed."""
    return Exists(
        Review.objects.filter(
            round__decision=OuterRef("decision"), round__number__gte=OuterRef("number")
        ).order_by()
    )


def not_reviewed(organisation: Organisation, months: Iterable[Month]) -> RoundQuerySet:
    """Sampled rounds that are not reviewed."""
    return sampled(organisation, months).filter(~reviewed_since())


def review_by(month: Month) -> datetime.date:
    """The last day for the review of a month's sample."""
    return month.after().last_day


@dataclass(frozen=True)
class Progress:
    """Review progress of one month."""

    month: Month
    sampled: int
    reviewed: int
    overdue: bool

    @property
    def is_done(self) -> bool:
        return self.reviewed == self.sampled

    @property
    def by(self) -> datetime.date:
        return review_by(self.month)


def progress(organisation: Organisation, on: datetime.date | None = None) -> list[Progress]:
    """Progress of the current month and those before, latest first."""
    on = on or timezone.localdate()
    months = [Month.of(on).before(back) for back in range(MONTHS_SHOWN)]
    rounds = sampled(organisation, months).annotate(is_reviewed=reviewed_since()).order_by()
    counts = {
        row["month"]: (row["all"], row["done"])
        for row in rounds.values("month").annotate(
            all=Count("pk"), done=Count("pk", filter=Q(is_reviewed=True))
        )
    }
    return [
        Progress(month, total, done, overdue=done < total and review_by(month) < on)
        for month in months
        for total, done in [counts.get(str(month), (0, 0))]
    ]
