"""Messages to send after a decision, made from its record and the templates of its guide version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from guidance.considerations import applicable
from guidance.content.messages import fill_in
from guidance.reading import messages, questions

if TYPE_CHECKING:
    from decisions.models import Round
    from sharingwell.accounts.models import User


@dataclass(frozen=True)
class ComposedMessage:
    key: str
    title: str
    text: str


def messages_of(round: Round, *, sender: User) -> tuple[ComposedMessage, ...]:
    """The messages that suit the direction and outcome of a recorded round, filled in."""
    words = {**_answers(round.record or {}), **_sender(sender), "reference": round.decision.reference}
    found = applicable(
        messages(round.version), round.answers, round.decision.direction, questions(round.version)
    )
    return tuple(ComposedMessage(each.key, each.title, fill_in(each.text, words)) for each in found)


def _answers(record: dict[str, Any]) -> dict[str, str]:
    return {
        answer["key"]: ", ".join(answer["answer"]) for part in record["parts"] for answer in part["answers"]
    }


def _sender(user: User) -> dict[str, str]:
    return {
        "name": user.name,
        "job_title": user.job_title,
        "team": user.team.name if user.team else "",
        "organisation": user.organisation.name if user.organisation else "",
    }
