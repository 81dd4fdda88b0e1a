"""Rows of the log for the list and for files: choices, dates and states, no free text."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Value
from django.utils import timezone

from decisions.domain.question_keys import KINDS, OUTCOME, RELATIONSHIP, URGENCY
from decisions.models import Decision, Review, ReviewState, Round
from guidance.choices import Direction
from sharingwell.database.migration_sql import JsonPathArray

YES = "Yes"
CHOSEN = (OUTCOME, URGENCY, RELATIONSHIP, KINDS)
# One JSON path for all answers: each extra one would decompress and parse the record again.
CHOSEN_ANSWERS = JsonPathArray(
    "record", Value("$.parts[*].answers[*] ? (" + " || ".join(f'@.key == "{key}"' for key in CHOSEN) + ")")
)
DECISION_FIELDS = (
    "pk", "reference", "organisation_name", "team_name", "direction", "started_at", "latest_recorded", "look_again_on",
    "is_overdue", "is_closed", "review_state",
)  # fmt: skip
ROUND_FIELDS = (
    "pk",
    "number",
    "recorded_at",
    "afterwards",
    "categories",
    "version__date",
    "chosen",
)


@dataclass(frozen=True)
class Row:
    """A decision with its latest recorded round and the current review of that round, either of which may be None.

    For a file, decision and round are named tuples: creating model instances would take most of the time.
    """

    decision: Any
    round: Any
    review: Review | None

    @property
    def outcome(self) -> str:
        return self._answer(OUTCOME)

    @property
    def urgency(self) -> str:
        return self._answer(URGENCY)

    @property
    def relationship(self) -> str:
        return self._answer(RELATIONSHIP)

    @property
    def kinds(self) -> str:
        return self._answer(KINDS)

    @property
    def categories(self) -> str:
        """Special category and criminal offence data, as labels."""
        return ", ".join(self.round.categories or ()) if self.round else ""

    @property
    def guide(self) -> str:
        return f"{self.round.version__date:%-d %B %Y}" if self.round else ""

    @property
    def review_state(self) -> str:
        return ReviewState(self.decision.review_state).label

    @property
    def overdue(self) -> bool:
        return bool(self.decision.is_overdue)

    @property
    def afterwards(self) -> bool:
        return bool(self.round and self.round.afterwards)

    @property
    def confirmed(self) -> dict[str, str]:
        return dict(self.review.confirmed) if self.review else {}

    def _answer(self, question: str) -> str:
        """The answer in the wording of the record."""
        for answer in self.round.chosen if self.round else ():
            if answer["key"] == question:
                return ", ".join(answer["answer"])
        return ""


def rows_of(keys: Sequence[int], on: datetime.date) -> list[Row]:
    """Rows of these keys in their order, as named tuples. Runs no query per row."""
    return _rows(keys, _decisions(keys, on).values_list(*DECISION_FIELDS, named=True))


def rows_with_decisions(keys: Sequence[int], on: datetime.date) -> list[Row]:
    """Rows of these keys in their order, with Decision instances."""
    return _rows(keys, _decisions(keys, on))


def _decisions(keys: Sequence[int], on: datetime.date) -> Any:
    annotated = Decision.objects.filter(pk__in=keys).with_state(on).with_review_state()
    return annotated.annotate(organisation_name=F("organisation__name"), team_name=F("team__name")).order_by()


def _rows(keys: Sequence[int], decisions: Iterable[Any]) -> list[Row]:
    found = {decision.pk: decision for decision in decisions}
    latest = [each.latest_recorded for each in found.values() if each.latest_recorded is not None]
    rounds = Round.objects.filter(pk__in=latest).annotate(chosen=CHOSEN_ANSWERS)
    rounds_by_key = {round.pk: round for round in rounds.order_by().values_list(*ROUND_FIELDS, named=True)}
    reviews = {review.round_id: review for review in Review.objects.filter(round__in=latest).order_by("pk")}
    return [
        Row(
            found[key], rounds_by_key.get(found[key].latest_recorded), reviews.get(found[key].latest_recorded)
        )
        for key in keys
        if key in found
    ]


def _day(moment: datetime.datetime | None) -> str:
    return timezone.localtime(moment).date().isoformat() if moment else ""


# Columns of a file. Leaves out summary, case reference and comments: free text stays behind access control.
COLUMNS: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("Reference", lambda row: row.decision.reference),
    ("Organisation", lambda row: row.decision.organisation_name),
    ("Team", lambda row: row.decision.team_name),
    ("Direction", lambda row: Direction(row.decision.direction).label),
    ("Started", lambda row: _day(row.decision.started_at)),
    ("Latest recorded round", lambda row: str(row.round.number) if row.round else ""),
    ("Recorded", lambda row: _day(row.round.recorded_at) if row.round else ""),
    ("Recorded afterwards", lambda row: YES if row.afterwards else ""),
    ("Outcome", lambda row: row.outcome),
    ("Urgency", lambda row: row.urgency),
    ("Relationship", lambda row: row.relationship),
    ("Kinds of information", lambda row: row.kinds),
    ("Special category and offence data", lambda row: row.categories),
    ("Guide", lambda row: str(row.round.version__date) if row.round else ""),
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
