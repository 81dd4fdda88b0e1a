"""Labels of counted categories."""

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
LOOK_AGAIN_STATES = {"overdue": "The day had passed", "ahead": "The day was still to come"}
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
class Labels:
    """Labels from every published version; the latest version wins."""

    options: dict[str, dict[str, str]]  # by question key
    questions: dict[str, str]
    versions: dict[str, str]  # newest first

    @property
    def order(self) -> dict[str, list[str]]:
        """The categories of each topic with fixed categories."""
        return {
            "outcome": list(self.options.get(OUTCOME, {})),
            "relationship": [*self.options.get(RELATIONSHIP, {}), ""],
            "time": list(TIMES),
            "advice": list(ADVICE_SOUGHT),
            "afterwards": ["yes"],
            "look-again": list(LOOK_AGAIN_STATES),
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
            "look-again": LOOK_AGAIN_STATES,
            "open": self.questions,
        }.get(topic, {})
        return found.get(key) or key.replace("-", " ").capitalize()


def load_labels() -> Labels:
    """Load the labels. Runs one query if the guide versions are cached."""
    published = list(GuideVersion.objects.published().order_by("-date"))
    questions_by_key: dict[str, Question] = {}
    options: dict[str, dict[str, str]] = {}
    for version in published:
        for question in questions(version):
            questions_by_key.setdefault(question.key, question)
            words = options.setdefault(question.key, {})
            for option in question.options:
                words.setdefault(option.key, option.text)
    return Labels(
        options,
        {key: question.text for key, question in questions_by_key.items()},
        {str(version.pk): f"{version.date:%-d %B %Y}" for version in published},
    )
