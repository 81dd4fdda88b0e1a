"""What can be wrong with what was asked of a decision. `views` turns each into a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from sharingwell.accounts.policies import Refusal

if TYPE_CHECKING:
    from decisions.models import Advice, Decision, Round
    from guidance.reading import Question


class NotAllowed(PermissionDenied):
    """This person may not do this; the message says so to them."""


class NotAColleague(Refusal):
    """This person cannot be shared with, or handed to; the message says why, to whoever named them."""


class NoGuideToFollow(NotAllowed):
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
    """One draft at a time: the decision has one already."""

    def __init__(self, round: Round) -> None:
        super().__init__(f"{round} is a draft")
        self.round = round


class NotReadyToRecord(Exception):
    """Questions that must be answered before a round can be recorded are open."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        super().__init__("Open: " + ", ".join(question.key for question in questions))
        self.questions = questions


class ActionBlocked(Refusal):
    """What was asked has to wait for something else: the message says what, `next_url` leads there."""

    next_text: str

    def __init__(self, message: str, next_url: str) -> None:
        super().__init__(message)
        self.next_url = next_url


class NothingRecorded(ActionBlocked):
    """The decision has its first draft and nothing else."""

    next_text = "Go to the draft"

    def __init__(self, round: Round) -> None:
        super().__init__(
            "Nothing of this decision is recorded yet. Record its first round before you do this.",
            round.get_absolute_url(),
        )


class DraftFirst(ActionBlocked):
    """A draft is in progress, and has to become part of the record or go."""

    next_text = "Go to the draft"

    def __init__(self, round: Round) -> None:
        super().__init__(
            f"Round {round.number} is a draft. Record it or discard it before you do this.",
            round.get_absolute_url(),
        )


class DecisionIsClosed(ActionBlocked):
    """A closed decision is opened by going round again."""

    next_text = "See the decision"

    def __init__(self, decision: Decision) -> None:
        super().__init__("This decision is closed. Go round again to open it.", decision.get_absolute_url())


class OnHold(ActionBlocked):
    """A legal hold keeps the decision as it is."""

    next_text = "See the decision"

    def __init__(self, decision: Decision) -> None:
        super().__init__(
            "This decision is on legal hold, so nothing of it can be removed. An IG manager can lift the hold.",
            decision.get_absolute_url(),
        )


class NotDue(ActionBlocked):
    """The time for which the decision is kept is not over."""

    next_text = "See how long it is kept"

    def __init__(self, decision: Decision) -> None:
        super().__init__(
            "This decision is not due for disposal. Something may have happened to it, or the rules may have changed.",
            reverse("decisions:disposal", args=[decision.reference]),
        )


class ProposedAlready(ActionBlocked):
    """Somebody was quicker."""

    next_text = "See the proposal"

    def __init__(self, decision: Decision) -> None:
        super().__init__(
            "Somebody has proposed this already. It waits for another person to confirm it.",
            reverse("decisions:disposal", args=[decision.reference]),
        )


class NotMarkedAsLearning(ActionBlocked):
    """An example is written from what a review marks as learning, and from nothing else."""

    next_text = "Review the round"

    def __init__(self, round: Round) -> None:
        super().__init__(
            "No review marks this round as learning for others. Review it first.",
            reverse("decisions:review", args=[round.decision.reference, round.number]),
        )


class NotProposed(ActionBlocked):
    """There is nothing to confirm or decline, or somebody has."""

    next_text = "See where it stands"

    def __init__(self, decision: Decision) -> None:
        super().__init__(
            "No proposal waits here. Somebody may have answered it.",
            reverse("decisions:disposal", args=[decision.reference]),
        )


class AdviceConflict(ActionBlocked):
    """Something else has happened to a question meanwhile: the message says what."""

    next_text = "See the question"

    def __init__(self, advice: Advice, message: str) -> None:
        super().__init__(message, advice.get_absolute_url())


class NobodyToTakeIt(ActionBlocked):
    """There is no IG manager, or none without a part in the round: what is put into the queue would stay there."""

    next_text = "Choose somebody by name"

    def __init__(self, next_url: str) -> None:
        super().__init__(
            "No IG manager of your organisation could take this question. Choose somebody by name instead.",
            next_url,
        )


class NotWithYou(ActionBlocked):
    """Whoever a question was asked of, and who has it in hand no more, sees no more of it than that."""

    next_text = "See what waits for you"

    def __init__(self, *, is_withdrawn: bool) -> None:
        super().__init__(
            "This question was withdrawn. It needs no reply any more."
            if is_withdrawn
            else "You do not have this question in hand any more: somebody else replies to it.",
            reverse("advice:mine"),
        )


class AskedAbout(ActionBlocked):
    """Advice was asked on a draft, which makes it part of the record."""

    next_text = "Go to the draft"

    def __init__(self, round: Round) -> None:
        super().__init__(
            "Advice was asked on this round, so it is part of the record now and cannot be discarded. Withdraw the "
            "question if it needs no reply any more, and record what you decided, not to share as well.",
            round.get_absolute_url(),
        )
