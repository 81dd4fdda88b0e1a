"""Final findings of IG managers on recorded rounds.

Whether a decision is reviewed, and whether a review is open, is derived.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

from decisions.database.search_index import OF_ITS_ROUND, search_index_trigger, words_of
from decisions.database.triggers import OF_THE_ROUND, append_only
from decisions.models.base import RecordedFact
from decisions.models.readers import readable_by
from sharingwell.database.triggers import REFUSE, NonBypassableTrigger

if TYPE_CHECKING:
    from decisions.models.decision import Decision
    from decisions.models.round import Round
    from sharingwell.accounts.models import User

COMMENT_MAX_LENGTH = 2000


class LawfulBasis(models.TextChoices):
    """UK GDPR article 6(1). The keys equal those of the guide's own question."""

    PUBLIC_TASK = "public-task", "Public task"
    LEGAL_OBLIGATION = "legal-obligation", "Legal obligation"
    VITAL_INTERESTS = "vital-interests", "Vital interests"
    CONSENT = "consent", "Consent"
    CONTRACT = "contract", "Contract"
    LEGITIMATE_INTERESTS = "legitimate-interests", "Legitimate interests"
    RECOGNISED = "recognised-legitimate-interest", "Recognised legitimate interest"


class SpecialCategoryCondition(models.TextChoices):
    """UK GDPR article 9(2), with conditions of the Data Protection Act 2018, Schedule 1, where the article requires
    one.
    """

    CONSENT = "explicit-consent", "Explicit consent: article 9(2)(a)"
    SOCIAL_PROTECTION = (
        "social-protection",
        "Employment, social security and social protection: article 9(2)(b), Schedule 1 paragraph 1",
    )
    VITAL_INTERESTS = "vital-interests", "Vital interests, when the person cannot consent: article 9(2)(c)"
    NOT_FOR_PROFIT = "not-for-profit", "A not-for-profit body about its own members: article 9(2)(d)"
    MADE_PUBLIC = "made-public", "Made public by the person: article 9(2)(e)"
    LEGAL_CLAIMS = "legal-claims", "Legal claims, or courts: article 9(2)(f)"
    STATUTORY = (
        "statutory-purposes",
        "Statutory and government purposes: article 9(2)(g), Schedule 1 paragraph 6",
    )
    UNLAWFUL_ACTS = (
        "unlawful-acts",
        "Preventing or detecting unlawful acts: article 9(2)(g), Schedule 1 paragraph 10",
    )
    SUPPORT = "counselling", "Confidential counselling or support: article 9(2)(g), Schedule 1 paragraph 17"
    SAFEGUARDING = (
        "safeguarding",
        "Safeguarding children and individuals at risk: article 9(2)(g), Schedule 1 paragraph 18",
    )
    ECONOMIC_WELL_BEING = (
        "economic-well-being",
        "Safeguarding economic well-being: article 9(2)(g), Schedule 1 paragraph 19",
    )
    PUBLIC_INTEREST = (
        "substantial-public-interest",
        "Another substantial public interest: article 9(2)(g), Schedule 1 Part 2",
    )
    CARE = "health-or-social-care", "Health or social care: article 9(2)(h), Schedule 1 paragraph 2"
    PUBLIC_HEALTH = "public-health", "Public health: article 9(2)(i), Schedule 1 paragraph 3"
    RESEARCH = "research", "Archiving, research and statistics: article 9(2)(j), Schedule 1 paragraph 4"


class OffenceCondition(models.TextChoices):
    """UK GDPR article 10: official authority, or a condition of the Data Protection Act 2018, Schedule 1."""

    OFFICIAL_AUTHORITY = "official-authority", "Under the control of official authority: article 10"
    SOCIAL_PROTECTION = (
        "social-protection",
        "Employment, social security and social protection: Schedule 1 paragraph 1",
    )
    CARE = "health-or-social-care", "Health or social care: Schedule 1 paragraph 2"
    STATUTORY = "statutory-purposes", "Statutory and government purposes: Schedule 1 paragraph 6"
    UNLAWFUL_ACTS = "unlawful-acts", "Preventing or detecting unlawful acts: Schedule 1 paragraph 10"
    SUPPORT = "counselling", "Confidential counselling or support: Schedule 1 paragraph 17"
    SAFEGUARDING = "safeguarding", "Safeguarding children and individuals at risk: Schedule 1 paragraph 18"
    ECONOMIC_WELL_BEING = "economic-well-being", "Safeguarding economic well-being: Schedule 1 paragraph 19"
    CONSENT = "consent", "Consent: Schedule 1 paragraph 29"
    VITAL_INTERESTS = "vital-interests", "Vital interests: Schedule 1 paragraph 30"
    LEGAL_CLAIMS = "legal-claims", "Legal claims: Schedule 1 paragraph 33"
    ANOTHER = "another", "Another condition of Schedule 1"


class ReviewState(models.TextChoices):
    """Review state of a decision."""

    NOTHING_RECORDED = "nothing-recorded", "Nothing recorded yet"
    NOT_REVIEWED = "not-reviewed", "Not reviewed"
    CHANGED = "changed", "Changed since review"
    REVIEWED = "reviewed", "Reviewed"


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: User | AnonymousUser) -> ReviewQuerySet:
        """Reviews of decisions this person may read."""
        return self.filter(readable_by(user, "round__decision__"))

    def latest_per_round(self) -> ReviewQuerySet:
        """The latest review of each round."""
        later = Review.objects.filter(round=OuterRef("round"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later))


class Review(RecordedFact):
    """A finding on one round by an IG manager who took no part in the decision. The latest on a round counts.

    Lawful basis and conditions are empty if the reviewer confirms none.
    """

    class Finding(models.TextChoices):
        WELL_REASONED = "well-reasoned", "Well reasoned"
        REASONS = "reasons", "Reasons need adding"
        FOLLOW_UP = "follow-up", "Follow up with the author"
        CONCERN = "concern", "Concern"
        LEARNING = "learning", "Learning for others"

    NEEDS_RESPONSE = (Finding.REASONS, Finding.FOLLOW_UP)  # from the responsible person

    round = models.ForeignKey("decisions.Round", on_delete=models.PROTECT, related_name="reviews")
    finding = models.CharField(max_length=20, choices=Finding)
    comment = models.TextField(blank=True)
    lawful_basis = models.CharField(max_length=40, choices=LawfulBasis, blank=True)
    special_category_condition = models.CharField(max_length=40, choices=SpecialCategoryCondition, blank=True)
    offence_condition = models.CharField(max_length=40, choices=OffenceCondition, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta(RecordedFact.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(finding__in=["well-reasoned", "reasons", "follow-up", "concern", "learning"]),
                name="review_finding_known",
            ),
            models.CheckConstraint(
                condition=Q(finding="well-reasoned") | ~Q(comment=""), name="review_says_what"
            ),
            models.CheckConstraint(
                condition=Q(lawful_basis__in=["", *LawfulBasis.values])
                & Q(special_category_condition__in=["", *SpecialCategoryCondition.values])
                & Q(offence_condition__in=["", *OffenceCondition.values]),
                name="review_confirms_what_is_known",
            ),
        ]
        triggers: list[pgtrigger.Trigger] = [
            *append_only(of=OF_THE_ROUND),
            search_index_trigger(words_of("comment"), decision=OF_ITS_ROUND),
            NonBypassableTrigger(
                name="by_another_person",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NOT EXISTS (
                        SELECT FROM decisions_round AS round
                        JOIN decisions_decision AS decision ON decision.id = round.decision_id
                        WHERE round.id = NEW.round_id AND round.recorded_at IS NOT NULL
                            AND decision.author_id <> NEW.by_id
                            AND NOT EXISTS (
                                SELECT FROM decisions_round AS other
                                WHERE other.decision_id = decision.id AND other.author_id = NEW.by_id
                            )
                            AND NOT EXISTS (
                                SELECT FROM decisions_handover AS given
                                WHERE given.reference = decision.reference AND given.to_id = NEW.by_id
                            )
                            AND NOT EXISTS (
                                SELECT FROM decisions_advicestep AS step
                                JOIN decisions_advice AS advice ON advice.id = step.advice_id
                                WHERE advice.decision_id = decision.id AND step.kind = 'replied'
                                    AND step.by_id = NEW.by_id
                            )
                    ) THEN
                        {REFUSE.format(message="A recorded round is reviewed by somebody who had no part in it.")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608  # constants only
            ),
        ]

    def __str__(self) -> str:
        return self.get_finding_display()

    @property
    def confirmed(self) -> list[tuple[str, str]]:
        """Confirmed legal bases, as label and value."""
        bases = [
            ("Lawful basis", self.get_lawful_basis_display()),
            ("Special category condition", self.get_special_category_condition_display()),
            ("Criminal offence condition", self.get_offence_condition_display()),
        ]
        return [(name, words) for name, words in bases if words]


def learning_review(round: Round) -> Review | None:
    """The round's latest review, if it marks the round as learning for others."""
    latest = next(reversed(round.review_list), None)
    return latest if latest and latest.finding == Review.Finding.LEARNING else None


def has_learning_review(rounds: Iterable[Round]) -> bool:
    """Whether any review marked a round as learning. Worked examples require one."""
    return any(review.finding == Review.Finding.LEARNING for round in rounds for review in round.review_list)


def took_part(user: User, decision: Decision) -> bool:
    """Whether this person started the decision, wrote a round, is or was responsible for it, or advised on it."""
    return (
        decision.author_id == user.pk
        or any(round.author_id == user.pk for round in decision.rounds.all())
        or any(hand_over.to_id == user.pk for hand_over in decision.hand_overs)
        or user.pk in decision.adviser_ids
    )
