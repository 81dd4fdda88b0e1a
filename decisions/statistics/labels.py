"""What the keys that are counted read as."""

from __future__ import annotations

from dataclasses import dataclass

from decisions.domain.question_keys import KINDS, OUTCOME, RELATIONSHIP
from guidance.models import GuideVersion
from guidance.reading import Question, questions

TIMES = {
    "hour": "Within an hour",
    "day": "Within a day",
    "three-days": "Within three days",
    "week": "Within a week",
    "longer": "Later",
    "again": "A later time round",
}
LOOKING_AGAIN = {"overdue": "The day had passed", "ahead": "The day was still to come"}
ADVICE_SOUGHT = {
    "none": "Not sought",
    "day": "A reply within a day",
    "three-days": "A reply within three days",
    "week": "A reply within a week",
    "longer": "A later reply",
    "no-reply": "No reply by the end of the quarter",
}
NOT_ANSWERED = "Not answered"


@dataclass(frozen=True)
class Wording:
    """The words of every published version, those of the latest where several have a key."""

    options: dict[str, dict[str, str]]  # by question
    questions: dict[str, str]
    versions: dict[str, str]  # the latest first

    @property
    def order(self) -> dict[str, list[str]]:
        """The categories of each topic that has a fixed number of them."""
        return {
            "outcome": list(self.options.get(OUTCOME, {})),
            "relationship": [*self.options.get(RELATIONSHIP, {}), ""],
            "time": list(TIMES),
            "advice": list(ADVICE_SOUGHT),
            "afterwards": ["yes"],
            "look-again": list(LOOKING_AGAIN),
        }

    def of(self, topic: str, key: str) -> str:
        found = {
            "outcome": self.options.get(OUTCOME, {}),
            "stated": self.options.get(OUTCOME, {}),
            "relationship": {"": NOT_ANSWERED, **self.options.get(RELATIONSHIP, {})},
            "kind": self.options.get(KINDS, {}),
            "time": TIMES,
            "advice": ADVICE_SOUGHT,
            "afterwards": {"yes": "Recorded afterwards"},
            "look-again": LOOKING_AGAIN,
            "open": self.questions,
        }.get(topic, {})
        return found.get(key) or key.replace("-", " ").capitalize()


def wording() -> Wording:
    """One query, once each version has been read."""
    published = list(GuideVersion.objects.published().order_by("-date"))
    asked: dict[str, Question] = {}
    options: dict[str, dict[str, str]] = {}
    for version in published:
        for question in questions(version):
            asked.setdefault(question.key, question)
            words = options.setdefault(question.key, {})
            for option in question.options:
                words.setdefault(option.key, option.text)
    return Wording(
        options,
        {key: question.text for key, question in asked.items()},
        {str(version.pk): f"{version.date:%-d %B %Y}" for version in published},
    )
