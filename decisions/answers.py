"""Answers set against the questions they answer. Pure: values in, values out.

An answer is kept as text, an option's key, a list of options' keys, or an ISO date (see `Round.answers`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from guidance.models import Direction, Part
from guidance.models import Question as QuestionRow
from guidance.reading import Question

Kind = QuestionRow.Kind
Answer = str | list[str]
Answers = Mapping[str, Answer]


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question with its answer as it reads.

    `shown` is the text of the answer, the wording of each option chosen, or a date in words; empty when unanswered.
    `out_of_place` is the wording of options chosen that are not offered for the decision's direction.
    """

    question: Question
    value: Answer | None
    shown: tuple[str, ...]
    out_of_place: tuple[str, ...] = ()

    @property
    def is_answered(self) -> bool:
        return bool(self.shown)

    @property
    def is_open(self) -> bool:
        """Whether it must still be answered before the round can be recorded."""
        return self.question.required and not self.is_answered


def answered_questions(
    questions: Iterable[Question], direction: Direction | str, answers: Answers
) -> tuple[AnsweredQuestion, ...]:
    """Each question that applies, in order, with its answer.

    A question revealed by an option applies only while that option is chosen; its answer is kept meanwhile.
    """
    questions = tuple(questions)
    chosen = {
        option.reveals: option.key in _keys(answers.get(question.key))
        for question in questions
        for option in question.options
        if option.reveals
    }
    return tuple(
        _answered(question, direction, answers.get(question.key))
        for question in questions
        if chosen.get(question.key, True)
    )


def _answered(question: Question, direction: Direction | str, answer: Answer | None) -> AnsweredQuestion:
    if not answer:
        return AnsweredQuestion(question, None, ())
    if question.kind == Kind.TEXT:
        return AnsweredQuestion(question, answer, (str(answer),))
    if question.kind == Kind.DATE:
        return AnsweredQuestion(question, answer, (f"{datetime.date.fromisoformat(str(answer)):%-d %B %Y}",))
    keys = _keys(answer)
    offered = question.options_for(direction)
    return AnsweredQuestion(
        question,
        answer,
        tuple(option.text for option in offered if option.key in keys),
        tuple(option.text for option in question.options if option.key in keys and option not in offered),
    )


def categories(questions: Iterable[Question], answers: Answers) -> tuple[str, ...]:
    """The categories of data named by the options chosen (UK GDPR articles 9 and 10), without the ordinary one."""
    found = {
        option.category
        for question in questions
        for option in question.options
        if option.category and option.key in _keys(answers.get(question.key))
    }
    return tuple(sorted(found))


def of_part(answered: Iterable[AnsweredQuestion], part: Part | str) -> tuple[AnsweredQuestion, ...]:
    return tuple(each for each in answered if each.question.part == part)


def _keys(answer: Any) -> frozenset[str]:
    return frozenset(answer if isinstance(answer, list) else [answer] if answer else [])
