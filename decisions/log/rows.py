"""What the log says of a decision in a list and in a file: choices, dates and states, no text that anybody wrote."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone

from decisions.models import Decision, Review, ReviewState, Round

YES = "Yes"


@dataclass(frozen=True)
class Row:
    """A decision with its latest recorded round, if anything is recorded, and the review of that round that counts."""

    decision: Decision
    round: Round | None
    review: Review | None

    @property
    def outcome(self) -> str:
        return _words(self.round, "outcome")

    @property
    def urgency(self) -> str:
        return _words(self.round, "urgency")

    @property
    def relationship(self) -> str:
        return _words(self.round, "relationship")

    @property
    def kinds(self) -> str:
        return _words(self.round, "kinds")

    @property
    def categories(self) -> str:
        """What the law protects more, in words."""
        return ", ".join(self.round.categories or ()) if self.round else ""

    @property
    def guide(self) -> str:
        return f"{self.round.version.date:%-d %B %Y}" if self.round else ""

    @property
    def review_state(self) -> str:
        return ReviewState(self.decision.review_state).label

    @property
    def overdue(self) -> bool:
        return self.decision.is_overdue

    @property
    def afterwards(self) -> bool:
        return bool(self.round and self.round.afterwards)

    @property
    def confirmed(self) -> dict[str, str]:
        return dict(self.review.confirmed) if self.review else {}


def _words(round: Round | None, name: str) -> str:
    return ", ".join(getattr(round, f"{name}_words") or ()) if round else ""


def rows_of(keys: Sequence[int], on: datetime.date) -> list[Row]:
    """Those with these keys, in their order; in as many queries for one as for a thousand."""
    of_the_latest = Prefetch(
        "rounds",
        Round.objects.latest_recorded().in_few_words().select_related("version"),
        to_attr="latest_recorded_few",
    )
    reviews = Prefetch(
        "latest_recorded_few__reviews", Review.objects.that_count(), to_attr="reviews_that_count"
    )
    decisions = (
        Decision.objects.filter(pk__in=keys)
        .with_state(on)
        .with_review_state()
        .select_related("organisation", "team")
        .prefetch_related(of_the_latest, reviews)
    )
    found = {decision.pk: _row(decision) for decision in decisions}
    return [found[key] for key in keys if key in found]


def _row(decision: Decision) -> Row:
    rounds: list[Round] = decision.latest_recorded_few  # type: ignore[attr-defined]
    if not rounds:
        return Row(decision, None, None)
    reviews: list[Review] = rounds[0].reviews_that_count  # type: ignore[attr-defined]
    return Row(decision, rounds[0], reviews[0] if reviews else None)


def _day(moment: datetime.datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d") if moment else ""


# In a file. Neither summary nor case reference, and no comment: the reference leads to them, for those who may.
COLUMNS: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("Reference", lambda row: row.decision.reference),
    ("Organisation", lambda row: row.decision.organisation.name),
    ("Team", lambda row: row.decision.team.name),
    ("Direction", lambda row: row.decision.get_direction_display()),
    ("Started", lambda row: _day(row.decision.started_at)),
    ("Latest recorded round", lambda row: str(row.round.number) if row.round else ""),
    ("Recorded", lambda row: _day(row.round.recorded_at) if row.round else ""),
    ("Recorded afterwards", lambda row: YES if row.afterwards else ""),
    ("Outcome", lambda row: row.outcome),
    ("Urgency", lambda row: row.urgency),
    ("Relationship", lambda row: row.relationship),
    ("Kinds of information", lambda row: row.kinds),
    ("Special category and offence data", lambda row: row.categories),
    ("Guide", lambda row: str(row.round.version.date) if row.round else ""),
    ("Look again on", lambda row: str(row.decision.look_again_on or "")),
    ("Overdue", lambda row: YES if row.overdue else ""),
    ("Closed", lambda row: YES if row.decision.is_closed else ""),
    ("Review", lambda row: row.review_state),
    ("Finding", lambda row: str(row.review) if row.review else ""),
    ("Reviewed", lambda row: _day(row.review.at) if row.review else ""),
    ("Lawful basis confirmed", lambda row: row.confirmed.get("Lawful basis", "")),
    (
        "Special category condition confirmed",
        lambda row: row.confirmed.get("Special category condition", ""),
    ),
    (
        "Criminal offence condition confirmed",
        lambda row: row.confirmed.get("Criminal offence condition", ""),
    ),
)
