"""What of each month is to be reviewed, derived: nobody chooses it, and anybody can compute it again.

In the sample of a month is each decision of which a round was recorded in it that was urgent, or a refusal, as the
organisation's rule says; and of all others the share it says, drawn by the digest of the month and the reference.
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

MONTHS_SHOWN = 6  # this one and those before
DIGITS = 8  # of the digest, in hexadecimal, that are looked at


class SampleRuleQuerySet(OrganisationQuerySet):
    def at(self, organisation: Organisation, months: Iterable[Month]) -> dict[Month, SampleRule]:
        """The one that counts for each of these months, in one query: the last made before the month was over."""
        months = list(months)
        made = list(self.filter(organisation=organisation, at__lt=max(months).ends).order_by("-pk"))
        by_default = SampleRule(organisation=organisation)
        return {month: next((rule for rule in made if rule.at < month.ends), by_default) for month in months}


class SampleRule(models.Model):
    """What an organisation reviews each month, from the month in which it was said until it is said anew."""

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
    def drawn_below(self) -> str:
        """Digests that begin with less than this are in the sample; `g` comes after every digest."""
        if self.share == 100:
            return "g"
        return f"{self.share * 16**DIGITS // 100:0{DIGITS}x}"


class MonthOf(Func):
    """Of a moment, as `2026-11`."""

    output_field = CharField()
    template = f"to_char(%(expressions)s AT TIME ZONE '{settings.TIME_ZONE}', 'YYYY-MM')"


class DigestOf(Func):
    """The first digits of SHA-256 of the month, a space and the reference, compared as they are written."""

    output_field = CharField()
    arg_joiner = " || ' ' || "
    template = f"""left(encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex'), {DIGITS}) COLLATE "C" """


def sampled(organisation: Organisation, months: Iterable[Month]) -> RoundQuerySet:
    """The last round of the month of each decision in the samples of these, with `month`."""
    rules = SampleRule.objects.at(organisation, months)
    later = Round.objects.recorded().annotate(month=MonthOf("recorded_at"))
    later = later.filter(
        decision=OuterRef("decision"), number__gt=OuterRef("number"), month=OuterRef("month")
    )
    chosen = Q(pk__in=[])
    for month, rule in rules.items():
        of_it = Q(digest__lt=rule.drawn_below)
        if rule.urgent:
            of_it |= Q(urgency=URGENT)
        if rule.refusals:
            of_it |= Q(outcome__in=REFUSALS)
        chosen |= Q(recorded_at__gte=month.begins, recorded_at__lt=month.ends) & of_it
    rounds = Round.objects.filter(
        decision__organisation=organisation,
        recorded_at__gte=min(rules).begins,
        recorded_at__lt=max(rules).ends,
    ).annotate(month=MonthOf("recorded_at"))
    rounds = rounds.annotate(digest=DigestOf("month", "decision__reference"))
    found: RoundQuerySet = rounds.filter(chosen).filter(~Exists(later))
    return found


def of_it_or_later() -> Exists:
    """Whether a round, or one that followed it, has been reviewed."""
    return Exists(
        Review.objects.filter(
            round__decision=OuterRef("decision"), round__number__gte=OuterRef("number")
        ).order_by()
    )


def not_reviewed(organisation: Organisation, months: Iterable[Month]) -> RoundQuerySet:
    """What of the samples of these months waits to be reviewed."""
    return sampled(organisation, months).filter(~of_it_or_later())


def review_by(month: Month) -> datetime.date:
    """The day by whose end the sample of a month is to be reviewed."""
    return month.after().last_day


@dataclass(frozen=True)
class Progress:
    """How far the review of one month has come."""

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
    """Of this month and those before, the latest first."""
    on = on or timezone.localdate()
    months = [Month.of(on).before(back) for back in range(MONTHS_SHOWN)]
    rounds = sampled(organisation, months).annotate(is_reviewed=of_it_or_later()).order_by()
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
