"""Builds the record of a round: everything it said on the day, in its wording of that day.

The record is stored with the round, independent of later changes to the guide, teams or people. Every copy of a
recorded round is made from it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from decisions.domain.answers import Answer, answered_questions, categories, of_part
from decisions.domain.draft_merge import CHANGED, THOUGHT
from decisions.domain.identifiers import describe_identifiers
from decisions.domain.question_keys import SHARED_ON
from guidance.choices import Direction, Part
from guidance.models import Option
from guidance.reading import Question

if TYPE_CHECKING:
    from decisions.models import Advice, Round
    from decisions.practice import PracticeRound
    from decisions.record.considerations import Considered

FORMAT = 1


def is_afterwards(shared_on: Answer | None, recorded_at: datetime.datetime) -> bool:
    """Whether the sharing happened more than one calendar day before the recording."""
    if not shared_on:
        return False
    written_on = timezone.localdate(recorded_at)
    return written_on - datetime.date.fromisoformat(str(shared_on)) > datetime.timedelta(days=1)


def record_of(
    round: Round | PracticeRound,
    questions: tuple[Question, ...],
    considered: tuple[Considered, ...],
    recorded_at: datetime.datetime,
    advice: Iterable[Advice] = (),
) -> dict[str, Any]:
    """Builds the document stored in `Round.record`, described in `docs/record.md`. `advice` was asked on this round."""
    decision, author = round.decision, round.author
    answered = answered_questions(questions, decision.direction, round.answers)
    return {
        "format": FORMAT,
        "reference": decision.reference,
        "round": round.number,
        "organisation": decision.organisation.name,
        "team": decision.team.name,
        "direction": Direction(decision.direction).label,
        "summary": decision.summary,
        "case_reference": decision.case_reference,
        "guide": {"date": str(round.version.date), "title": round.version.title},
        "decided_by": {
            "name": author.name,
            "job_title": author.job_title,
            "team": author.team.name if author.team else "",
            "organisation": author.organisation.name if author.organisation else "",
        },
        "changed": round.changed,
        "urgent": round.urgent,
        "needed": [
            {"about": about, "why": round.identifier_reasons[name]}
            for name, about in _other_texts(considered)
            if round.identifier_reasons.get(name)
        ],
        "recorded_afterwards": is_afterwards(
            next((each.value for each in answered if each.question.key == SHARED_ON), None), recorded_at
        ),
        "started_at": round.started_at.isoformat(),
        "recorded_at": recorded_at.isoformat(),
        "categories": [Option.Category(category).label for category in categories(questions, round.answers)],
        "parts": [
            {
                "part": part.value,
                "title": part.label,
                "answers": [
                    {
                        "key": each.question.key,
                        "kind": each.question.kind,
                        "question": each.question.text,
                        "answer": list(each.shown),
                        "identifier_needed": round.identifier_reasons.get(each.question.key, ""),
                    }
                    for each in of_part(answered, part)
                ],
            }
            for part in Part
        ],
        "considerations": [
            {
                "key": each.consideration.key,
                "kind": each.consideration.kind.label,
                "text": each.consideration.text,
                "passages": [
                    {"title": passage.title, "address": passage.url}
                    for passage in each.consideration.passages
                ],
                "thought": each.thought,
                "because": list(each.because),
            }
            for each in considered
        ],
        "advice": [_advice_record(each) for each in advice],
    }


def _advice_record(advice: Advice) -> dict[str, Any]:
    """A question and its steps at the time of recording."""
    return {
        "asked_at": advice.at.isoformat(),
        "asked_by": advice.by.name_at(advice.at),
        "asked_of": advice.asked_of,
        "urgent": advice.urgent,
        "part": advice.get_part_display(),
        "question": advice.question,
        "identifier_needed": advice.identifier_reason,
        "happened": [
            {
                "at": step.at.isoformat(),
                "by": step.by.name_at(step.at),
                "what": step.title,
                "words": step.words,
                "identifier_needed": step.identifier_reason,
            }
            for step in advice.steps.all()
        ],
    }


def snapshot_of(
    round: Round, questions: tuple[Question, ...], considered: tuple[Considered, ...], at: datetime.datetime
) -> dict[str, Any]:
    """A draft in the format of a record, with `as_it_stood_at` in place of `recorded_at`."""
    document = record_of(round, questions, considered, at)
    del document["recorded_at"], document["advice"]
    return {**document, "as_it_stood_at": at.isoformat()}


def _other_texts(considered: tuple[Considered, ...]) -> Iterator[tuple[str, str]]:
    """Key in `Round.identifier_reasons` and label of each text that answers no question of the guide."""
    yield ("summary", "Summary")
    yield ("case_reference", "Case reference")
    yield (CHANGED, "What had changed")
    for each in considered:
        yield (f"{THOUGHT}{each.consideration.key}", f"Noted on “{each.consideration.text}”")


def identifiers_in(record: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Pairs of a question and the possible identifiers in its answer."""
    found = (
        (answer["question"], describe_identifiers("\n".join(answer["answer"])))
        for part in record["parts"]
        for answer in part["answers"]
        if answer["kind"] == "text"
    )
    return tuple((question, words) for question, words in found if words)
