"""What the log can be filtered by, and the decisions that are left: a decision by its latest recorded round."""

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
    """All there are, with what this person can choose."""
    organisation = reader.organisation
    assert organisation is not None
    versions = list(GuideVersion.objects.published().order_by("-date"))
    options = _options(versions)
    teams = Team.objects.filter(organisation=organisation).order_by("name")
    return (
        Filter("review", "review", tuple(ReviewState.choices)),
        Filter("finding", "finding", tuple(Review.Finding.choices)),
        Filter(SAMPLE, "monthly sample", tuple(_months(timezone.localdate())), also=_is_a_month),
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
    """Of every version that was in force, the latest words first: what is in the log can be asked for."""
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


def _is_a_month(value: str) -> bool:
    """So that a bookmark of a month that is long over goes on working."""
    month = Month.parse(value.removesuffix(TO_REVIEW))
    return month is not None and Month(2000, 1) <= month <= Month.of(timezone.localdate())


def _categories() -> Choices:
    return (*((each.value, each.label) for each in Option.Category if each.value), (NEITHER, "Neither"))


def apply_filters(
    decisions: DecisionQuerySet, asked: LogQuery, *, reader: User, on: datetime.date, key_range: KeyRange
) -> DecisionQuerySet:
    """Those of a stretch that an address asks for. `on` is the day by which something is overdue.

    But for a sample: it is limited anyway, and says itself which keys to look at (`of_sample`).
    """
    decisions = decisions.filter(key_range.of("pk"))
    if asked.since and asked.until:
        decisions = decisions.filter(
            started_at__gte=start_of_day(asked.since), started_at__lt=start_of_day(asked.until)
        )
    of_decisions, of_rounds = Q(), Q()
    for name, value in asked.chosen.items():
        if name in OF_ROUNDS and (name, value) != ("review", ReviewState.NOTHING_RECORDED):
            of_rounds &= OF_ROUNDS[name](value)
        elif name != SAMPLE:
            of_decisions &= OF_DECISIONS[name](value, reader, on, key_range)
    decisions = decisions.filter(of_decisions)
    if of_rounds:
        latest = Round.objects.latest_recorded().filter(key_range.of("decision"), of_rounds)
        decisions = decisions.filter(pk__in=latest.order_by().values("decision"))
    return decisions.search(asked.words, reader=reader, key_range=key_range) if asked.words else decisions


def _reviewed(value: str) -> Q:
    this = Exists(Review.objects.filter(round=OuterRef("pk")))
    another = Exists(Review.objects.filter(round__decision=OuterRef("decision")))
    return {
        ReviewState.REVIEWED.value: Q(this),
        ReviewState.CHANGED.value: Q(another) & ~Q(this),
        ReviewState.NOT_REVIEWED.value: ~Q(another),
    }[value]


def _category(value: str) -> Q:
    if value == NEITHER:
        return Q(categories=[])
    return Q(categories__contains=[Option.Category(value).label])


OF_ROUNDS: dict[str, Callable[[str], Q]] = {
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
    ours = Decision.objects.visible_to(reader).filter(key_range.of("pk")).with_state(on)
    overdue = {"is_overdue": value == YES}
    return Q(pk__in=ours.filter(key_range.of("rounds__decision"), **overdue).order_by().values("pk"))


def of_sample(value: str, reader: User) -> RoundQuerySet:
    """Of each decision that is in it, one round."""
    month = Month.parse(value.removesuffix(TO_REVIEW))
    assert month is not None
    assert reader.organisation is not None
    of_it = not_reviewed if value.endswith(TO_REVIEW) else sampled
    return of_it(reader.organisation, [month])


def _nothing_recorded(value: str, reader: User, on: datetime.date, key_range: KeyRange) -> Q:
    return ~Q(Exists(Round.objects.recorded().filter(key_range.of("decision"), decision=OuterRef("pk"))))


OF_DECISIONS: dict[str, Callable[[str, User, datetime.date, KeyRange], Q]] = {
    "direction": lambda value, *_: Q(direction=value),
    "team": lambda value, *_: Q(team=int(value)),
    "organisation": lambda value, *_: Q(organisation=int(value)),
    "overdue": _overdue,
    "review": _nothing_recorded,
}


def useful(today: datetime.date) -> tuple[tuple[str, str], ...]:
    """Filters that are asked for most, each with its address. Anybody's own is a bookmark."""
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
