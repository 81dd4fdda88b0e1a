"""Filters of the log. A decision is filtered by its latest recorded round."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from decisions.database.key_range import KeyRange
from decisions.domain.periods import Month, start_of_day
from decisions.domain.question_keys import KINDS, OUTCOME, REFUSALS, RELATIONSHIP, URGENCY
from decisions.log.query_params import Filter, LogQuery
from decisions.models import Decision, DecisionQuerySet, Review, ReviewState, Round, RoundQuerySet
from decisions.models.sample import MONTHS_SHOWN, not_reviewed, sampled
from guidance.choices import Direction
from guidance.models import GuideVersion, Option
from guidance.reading import questions
from sharingwell.accounts.models import Team, User

SAMPLE = "sample"
REFUSAL = "refusal"
NEITHER = "neither"
YES, NO = "yes", "no"
TO_REVIEW = ".to-review"
Choices = tuple[tuple[str, str], ...]


def filters_for(reader: User) -> tuple[Filter, ...]:
    """All filters, with the choices of this person."""
    organisation = reader.organisation
    assert organisation is not None
    versions = list(GuideVersion.objects.published().order_by("-date"))
    options = _options(versions)
    teams = Team.objects.filter(organisation=organisation).order_by("name")
    return (
        Filter("review", "review", tuple(ReviewState.choices)),
        Filter("finding", "finding", tuple(Review.Finding.choices)),
        Filter(SAMPLE, "monthly sample", tuple(_months(timezone.localdate())), accepts_also=_is_month),
        Filter("overdue", "overdue", ((YES, "Overdue"), (NO, "Not overdue"))),
        Filter("outcome", "outcome", ((REFUSAL, "Any refusal"), *options.get(OUTCOME, ()))),
        Filter("urgency", "urgency", options.get(URGENCY, ())),
        Filter("direction", "direction", tuple(Direction.choices)),
        Filter("relationship", "relationship", options.get(RELATIONSHIP, ())),
        Filter("category", "special category or offence data", _categories()),
        Filter("kinds", "kind of information", options.get(KINDS, ())),
        Filter("afterwards", "recorded afterwards", ((YES, "Recorded afterwards"), (NO, "At the time"))),
        Filter("version", "guide", tuple((str(each.date), str(each)) for each in versions)),
        Filter("team", "team", tuple((str(team.pk), team.name) for team in teams)),
        Filter("organisation", "organisation", ((str(organisation.pk), organisation.name),)),
    )


def _options(versions: Iterable[GuideVersion]) -> dict[str, Choices]:
    """Choices by question, from every published version, because the log has answers to each; newest wording wins."""
    found: dict[str, dict[str, str]] = {key: {} for key in (OUTCOME, URGENCY, RELATIONSHIP, KINDS)}
    for version in versions:
        for question in questions(version):
            if question.key in found:
                for option in question.options:
                    found[question.key].setdefault(option.key, option.text)
    return {key: tuple(options.items()) for key, options in found.items()}


def _months(today: datetime.date) -> Iterator[tuple[str, str]]:
    for back in range(MONTHS_SHOWN):
        month = Month.of(today).before(back)
        yield str(month), month.name
        yield f"{month}{TO_REVIEW}", f"{month.name}, to review"


def _is_month(value: str) -> bool:
    """Accept months older than the choices, for bookmarks."""
    month = Month.parse(value.removesuffix(TO_REVIEW))
    return month is not None and Month(2000, 1) <= month <= Month.of(timezone.localdate())


def _categories() -> Choices:
    return (*((each.value, each.label) for each in Option.Category if each.value), (NEITHER, "Neither"))


def apply_filters(
    decisions: DecisionQuerySet, query: LogQuery, *, reader: User, on: datetime.date, key_range: KeyRange
) -> DecisionQuerySet:
    """Filter the decisions in a key range. `on` is the date at which overdue is determined.

    Leaves out the sample filter: LogScan restricts the key range by it (`sample_rounds`).
    """
    decisions = decisions.filter(key_range.of("pk"))
    if query.since and query.until:
        decisions = decisions.filter(
            started_at__gte=start_of_day(query.since), started_at__lt=start_of_day(query.until)
        )
    decision_conditions, round_conditions = Q(), Q()
    for name, value in query.chosen.items():
        if name in ROUND_FILTERS and (name, value) != ("review", ReviewState.NOTHING_RECORDED):
            round_conditions &= ROUND_FILTERS[name](value)
        elif name != SAMPLE:
            decision_conditions &= DECISION_FILTERS[name](value, reader, on, key_range)
    decisions = decisions.filter(decision_conditions)
    if round_conditions:
        latest = Round.objects.latest_recorded().filter(key_range.of("decision"), round_conditions)
        decisions = decisions.filter(pk__in=latest.order_by().values("decision"))
    return decisions.search(query.words, reader=reader, key_range=key_range) if query.words else decisions


def _reviewed(value: str) -> Q:
    reviewed = Exists(Review.objects.filter(round=OuterRef("pk")))
    decision_reviewed = Exists(Review.objects.filter(round__decision=OuterRef("decision")))
    return {
        ReviewState.REVIEWED.value: Q(reviewed),
        ReviewState.CHANGED.value: Q(decision_reviewed) & ~Q(reviewed),
        ReviewState.NOT_REVIEWED.value: ~Q(decision_reviewed),
    }[value]


def _category(value: str) -> Q:
    if value == NEITHER:
        return Q(categories=[])
    return Q(categories__contains=[Option.Category(value).label])


ROUND_FILTERS: dict[str, Callable[[str], Q]] = {
    "outcome": lambda value: Q(outcome__in=REFUSALS) if value == REFUSAL else Q(outcome=value),
    "urgency": lambda value: Q(urgency=value),
    "relationship": lambda value: Q(relationship=value),
    "kinds": lambda value: Q(kinds__contains=[value]),
    "category": _category,
    "version": lambda value: Q(version__date=value),
    "afterwards": lambda value: Q(afterwards=value == YES),
    "review": _reviewed,
    "finding": lambda value: Q(
        Exists(Review.objects.latest_per_round().filter(round=OuterRef("pk"), finding=value))
    ),
}


def _overdue(value: str, reader: User, on: datetime.date, key_range: KeyRange) -> Q:
    visible = Decision.objects.visible_to(reader).filter(key_range.of("pk")).with_state(on)
    overdue = {"is_overdue": value == YES}
    return Q(pk__in=visible.filter(key_range.of("rounds__decision"), **overdue).order_by().values("pk"))


def sample_rounds(value: str, reader: User) -> RoundQuerySet:
    """The rounds of a month's sample, one for each decision."""
    month = Month.parse(value.removesuffix(TO_REVIEW))
    assert month is not None
    assert reader.organisation is not None
    sample = not_reviewed if value.endswith(TO_REVIEW) else sampled
    return sample(reader.organisation, [month])


def _nothing_recorded(value: str, reader: User, on: datetime.date, key_range: KeyRange) -> Q:
    return ~Q(Exists(Round.objects.recorded().filter(key_range.of("decision"), decision=OuterRef("pk"))))


DECISION_FILTERS: dict[str, Callable[[str, User, datetime.date, KeyRange], Q]] = {
    "direction": lambda value, *_: Q(direction=value),
    "team": lambda value, *_: Q(team=int(value)),
    "organisation": lambda value, *_: Q(organisation=int(value)),
    "overdue": _overdue,
    "review": _nothing_recorded,
}


def common_filters(today: datetime.date) -> tuple[tuple[str, str], ...]:
    """Titles and query strings of common filters."""
    month = Month.of(today)
    return (
        (f"To review, {month.name}", f"?sample={month}{TO_REVIEW}"),
        (f"To review, {month.before().name}", f"?sample={month.before()}{TO_REVIEW}"),
        ("Changed since review", f"?review={ReviewState.CHANGED.value}"),
        ("Refusals", f"?outcome={REFUSAL}"),
        ("Special category", f"?category={Option.Category.SPECIAL_CATEGORY.value}"),
        ("Criminal offences", f"?category={Option.Category.CRIMINAL_OFFENCE.value}"),
        ("Overdue", f"?overdue={YES}"),
        ("Recorded afterwards", f"?afterwards={YES}"),
    )
