"""What the log says of a decision in a list and in a file: choices, dates and states, no text that anybody wrote."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Value
from django.utils import timezone

from decisions.keys import KINDS, OUTCOME, RELATIONSHIP, URGENCY
from decisions.models import Decision, Review, ReviewState, Round
from decisions.models.words import Within
from guidance.models import Direction

YES = "Yes"
CHOSEN = (OUTCOME, URGENCY, RELATIONSHIP, KINDS)
# These answers, as the record has them, all at once: each look into a record takes it apart anew.
CHOSEN_IN_WORDS = Within(
    "record", Value("$.parts[*].answers[*] ? (" + " || ".join(f'@.key == "{key}"' for key in CHOSEN) + ")")
)
OF_DECISIONS = (
    "pk", "reference", "organisation__name", "team__name", "direction", "started_at", "latest_recorded",
    "look_again_on", "is_overdue", "is_closed", "review_state",
)  # fmt: skip
OF_ROUNDS = ("pk", "number", "recorded_at", "afterwards", "categories", "version__date")
OF_REVIEWS = ("finding", "at", "lawful_basis", "special_category_condition", "offence_condition")


@dataclass(frozen=True)
class Row:
    """A decision; its latest recorded round, and the review of that round that counts, as far as there are any.

    Values, for a file has a hundred thousand of them: making a model of each would take most of its time.
    """

    decision: Mapping[str, Any]
    round: Mapping[str, Any] | None
    review: Review | None

    @property
    def outcome(self) -> str:
        return self._words(OUTCOME)

    @property
    def urgency(self) -> str:
        return self._words(URGENCY)

    @property
    def relationship(self) -> str:
        return self._words(RELATIONSHIP)

    @property
    def kinds(self) -> str:
        return self._words(KINDS)

    @property
    def categories(self) -> str:
        """What the law protects more, in words."""
        return ", ".join(self.round["categories"] or ()) if self.round else ""

    @property
    def guide(self) -> str:
        return f"{self.round['version__date']:%-d %B %Y}" if self.round else ""

    @property
    def review_state(self) -> str:
        return ReviewState(self.decision["review_state"]).label

    @property
    def overdue(self) -> bool:
        return bool(self.decision["is_overdue"])

    @property
    def afterwards(self) -> bool:
        return bool(self.round and self.round["afterwards"])

    @property
    def confirmed(self) -> dict[str, str]:
        return dict(self.review.confirmed) if self.review else {}

    def _words(self, question: str) -> str:
        """In those of the day."""
        for answer in self.round["chosen"] if self.round else ():
            if answer["key"] == question:
                return ", ".join(answer["answer"])
        return ""


def rows_of(keys: Sequence[int], on: datetime.date) -> list[Row]:
    """Those with these keys, in their order; in as many queries for one as for a thousand."""
    decisions = Decision.objects.filter(pk__in=keys).with_state(on).with_review_state().order_by()
    found = {decision["pk"]: decision for decision in decisions.values(*OF_DECISIONS)}
    latest = [each["latest_recorded"] for each in found.values() if each["latest_recorded"] is not None]
    rounds = Round.objects.filter(pk__in=latest).annotate(chosen=CHOSEN_IN_WORDS).order_by()
    of_rounds = {round["pk"]: round for round in rounds.values("chosen", *OF_ROUNDS)}
    reviews = Review.objects.that_count().filter(round__in=latest).only("round", *OF_REVIEWS).order_by()
    of_reviews = {review.round_id: review for review in reviews}
    return [
        Row(decision, of_rounds.get(decision["latest_recorded"]), of_reviews.get(decision["latest_recorded"]))
        for decision in (found[key] for key in keys if key in found)
    ]


def _day(moment: datetime.datetime | None) -> str:
    return timezone.localtime(moment).date().isoformat() if moment else ""


# In a file. Neither summary nor case reference, and no comment: the reference leads to them, for those who may.
COLUMNS: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("Reference", lambda row: row.decision["reference"]),
    ("Organisation", lambda row: row.decision["organisation__name"]),
    ("Team", lambda row: row.decision["team__name"]),
    ("Direction", lambda row: Direction(row.decision["direction"]).label),
    ("Started", lambda row: _day(row.decision["started_at"])),
    ("Latest recorded round", lambda row: str(row.round["number"]) if row.round else ""),
    ("Recorded", lambda row: _day(row.round["recorded_at"]) if row.round else ""),
    ("Recorded afterwards", lambda row: YES if row.afterwards else ""),
    ("Outcome", lambda row: row.outcome),
    ("Urgency", lambda row: row.urgency),
    ("Relationship", lambda row: row.relationship),
    ("Kinds of information", lambda row: row.kinds),
    ("Special category and offence data", lambda row: row.categories),
    ("Guide", lambda row: str(row.round["version__date"]) if row.round else ""),
    ("Look again on", lambda row: str(row.decision["look_again_on"] or "")),
    ("Overdue", lambda row: YES if row.overdue else ""),
    ("Closed", lambda row: YES if row.decision["is_closed"] else ""),
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
