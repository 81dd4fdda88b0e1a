"""What can be wrong with what was asked of a decision. `views` turns each into a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from decisions.models import Round
    from guidance.reading import Question


class NotAllowed(PermissionDenied):
    """This person may not do this; the message says so to them."""


class NoGuideToFollow(NotAllowed):
    """No guide version has been published."""

    def __init__(self) -> None:
        super().__init__(
            "No guide has been published yet, so there are no questions to ask. Try again later."
        )


class RoundIsRecorded(Exception):
    """The round is final and takes no more answers."""

    def __init__(self, round: Round) -> None:
        super().__init__(f"{round} is recorded")
        self.round = round


class DraftInProgress(Exception):
    """One draft at a time: the decision has one already."""

    def __init__(self, round: Round) -> None:
        super().__init__(f"{round} is a draft")
        self.round = round


class NotReadyToRecord(Exception):
    """Questions that must be answered before a round can be recorded are open."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        super().__init__("Open: " + ", ".join(question.key for question in questions))
        self.questions = questions
