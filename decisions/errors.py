"""Errors of actions on decisions. `views` renders each as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from sharingwell.accounts.policies import Refusal

if TYPE_CHECKING:
    from decisions.models import Advice, Decision, Round
    from guidance.reading import Question


class NotAllowed(PermissionDenied):
    """The user lacks permission; the message is for them."""


class NotAColleague(Refusal):
    """A person who cannot be named for sharing, handing over or advice; the message is for the user."""


class NoPublishedGuide(NotAllowed):
    """No guide version has been published."""

    def __init__(self) -> None:
        super().__init__(
            "No guide has been published yet, so there are no questions to ask. Try again later."
        )


class NoLongerThere(Refusal):
    """What this is about was discarded or disposed of meanwhile."""


class RoundIsRecorded(Refusal):
    """The round is final and takes no more answers."""

    def __init__(self, round: Round) -> None:
        super().__init__(f"{round} is recorded")
        self.round = round


class DraftInProgress(Refusal):
    """The decision already has a draft. Only one is allowed."""

    def __init__(self, round: Round) -> None:
        super().__init__(f"{round} is a draft")
        self.round = round


class NotReadyToRecord(Exception):
    """Required questions are unanswered."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        super().__init__("Open: " + ", ".join(question.key for question in questions))
        self.questions = questions


class ActionBlocked(Refusal):
    """The action requires something else first: the message says what, `next_url` links to it."""

    next_text: str

    def __init__(self, message: str, next_url: str) -> None:
        super().__init__(message)
        self.next_url = next_url


class NothingRecorded(ActionBlocked):
    """The decision has only its first draft."""

    next_text = "Go to the draft"

    def __init__(self, round: Round) -> None:
        super().__init__(
            "Nothing of this decision is recorded yet. Record its first round before you do this.",
            round.get_absolute_url(),
        )


class DraftFirst(ActionBlocked):
    """A draft must be recorded or discarded first."""

    next_text = "Go to the draft"

    def __init__(self, round: Round) -> None:
        super().__init__(
            f"Round {round.number} is a draft. Record it or discard it before you do this.",
            round.get_absolute_url(),
        )


class DecisionIsClosed(ActionBlocked):
    """A closed decision is reopened only by a new round."""

    next_text = "See the decision"

    def __init__(self, decision: Decision) -> None:
        super().__init__("This decision is closed. Go round again to open it.", decision.get_absolute_url())


class OnHold(ActionBlocked):
    """A legal hold prevents deletion."""

    next_text = "See the decision"

    def __init__(self, decision: Decision) -> None:
        super().__init__(
            "This decision is on legal hold, so nothing of it can be removed. An IG manager can lift the hold.",
            decision.get_absolute_url(),
        )


class NotDue(ActionBlocked):
    """The retention period is not over."""

    next_text = "See how long it is kept"

    def __init__(self, decision: Decision) -> None:
        super().__init__(
            "This decision is not due for disposal. Something may have happened to it, or the rules may have changed.",
            reverse("decisions:disposal", args=[decision.reference]),
        )


class AlreadyProposed(ActionBlocked):
    """The disposal was proposed by someone else meanwhile."""

    next_text = "See the proposal"

    def __init__(self, decision: Decision) -> None:
        super().__init__(
            "Somebody has proposed this already. It waits for another person to confirm it.",
            reverse("decisions:disposal", args=[decision.reference]),
        )


class NotMarkedAsLearning(ActionBlocked):
    """Examples require a review that marks the round as learning."""

    next_text = "Review the round"

    def __init__(self, round: Round) -> None:
        super().__init__(
            "No review marks this round as learning for others. Review it first.",
            reverse("decisions:review", args=[round.decision.reference, round.number]),
        )


class NotProposed(ActionBlocked):
    """No proposal is pending, or it was answered meanwhile."""

    next_text = "See where it stands"

    def __init__(self, decision: Decision) -> None:
        super().__init__(
            "No proposal waits here. Somebody may have answered it.",
            reverse("decisions:disposal", args=[decision.reference]),
        )


class AdviceConflict(ActionBlocked):
    """The question has changed state meanwhile: the message says how."""

    next_text = "See the question"

    def __init__(self, advice: Advice, message: str) -> None:
        super().__init__(message, advice.get_absolute_url())


class NoAvailableAdviser(ActionBlocked):
    """No IG manager could take the question from the queue, because there is none or all took part in the round."""

    next_text = "Choose somebody by name"

    def __init__(self, next_url: str) -> None:
        super().__init__(
            "No IG manager of your organisation could take this question. Choose somebody by name instead.",
            next_url,
        )


class NoLongerHolder(ActionBlocked):
    """The question is withdrawn or held by another adviser. Its former adviser may not read it."""

    next_text = "See what waits for you"

    def __init__(self, *, is_withdrawn: bool) -> None:
        super().__init__(
            "This question was withdrawn. It needs no reply any more."
            if is_withdrawn
            else "You do not have this question in hand any more: somebody else replies to it.",
            reverse("advice:mine"),
        )


class AdviceRequested(ActionBlocked):
    """Advice was asked on a draft, which makes it part of the record."""

    next_text = "Go to the draft"

    def __init__(self, round: Round) -> None:
        super().__init__(
            "Advice was asked on this round, so it is part of the record now and cannot be discarded. Withdraw the "
            "question if it needs no reply any more, and record what you decided, not to share as well.",
            round.get_absolute_url(),
        )
