"""Answers set against the questions they answer. Pure: values in, values out.

An answer is kept as text, an option's key, a list of options' keys, or an ISO date (see `Round.answers`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from guidance.choices import Direction, Part, QuestionKind

if TYPE_CHECKING:
    from guidance.reading import Option, Question

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
    def control_id(self) -> str:
        """The id of the first control that answers it, on the page of its part."""
        is_typed_date = self.question.kind == QuestionKind.DATE and not self.question.options
        return f"id_{self.question.key}" + ("_day" if is_typed_date else "")

    @property
    def still_open(self) -> str:
        """The question's statement; a guide from before there were any has none, and the question is quoted."""
        return self.question.statement or f"You have not answered: {self.question.text}"

    @property
    def is_open(self) -> bool:
        """Whether it must still be answered before the round can be recorded."""
        return self.question.required and not self.is_answered


def answered_questions(
    questions: Iterable[Question], direction: Direction | str, answers: Answers
) -> tuple[AnsweredQuestion, ...]:
    """Each question that applies, in order and in the words of this direction, with its answer.

    A question revealed by an option applies only while that option is chosen; its answer is kept meanwhile.
    """
    questions = tuple(question.worded_for(direction) for question in questions)
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
    if not answer or not is_of_kind(question, answer):
        return AnsweredQuestion(question, None, ())
    offered = question.options_for(direction)
    others = tuple(option for option in question.options if option not in offered)
    out_of_place = tuple(option.text for option in others if option.key in _keys(answer))
    return AnsweredQuestion(question, answer, _in_words(question, offered, answer), out_of_place)


def _in_words(question: Question, options: tuple[Option, ...], answer: Answer) -> tuple[str, ...]:
    if question.kind == QuestionKind.TEXT:
        return (str(answer),)
    if question.kind == QuestionKind.DATE:
        return (f"{datetime.date.fromisoformat(str(answer)):%-d %B %Y}",)
    return tuple(option.text for option in options if option.key in _keys(answer))


@dataclass(frozen=True)
class LeftOver:
    """An answer that the guide in use has no place for: its question, and what was answered, as they read then."""

    question: str
    shown: tuple[str, ...]


def left_over(
    questions: Iterable[Question], earlier: Iterable[Iterable[Question]], answers: Answers
) -> tuple[LeftOver, ...]:
    """What was answered under earlier guides and is not asked, or not offered, by this one.

    `earlier` are the questions of earlier versions, the latest first: their wording is shown.
    """
    asked = {question.key: question for question in questions}
    homeless = {key for key, answer in answers.items() if answer and not _has_place(asked.get(key), answer)}
    found: dict[str, LeftOver] = {}
    for version in earlier if homeless else ():
        for question in version:
            key = question.key
            if key in homeless - found.keys() and _has_place(question, answers[key]):
                found[key] = LeftOver(question.text, _in_words(question, question.options, answers[key]))
    return tuple(found.values())


def is_of_kind(question: Question, answer: Answer) -> bool:
    """Whether the answer has the shape that the question's kind asks for; a newer guide may have changed the kind."""
    if isinstance(answer, list) or question.kind == QuestionKind.SEVERAL:
        return isinstance(answer, list) and question.kind == QuestionKind.SEVERAL
    if question.kind == QuestionKind.DATE:
        try:
            datetime.date.fromisoformat(answer)
        except ValueError:
            return False
    return True


def _has_place(question: Question | None, answer: Answer) -> bool:
    if question is None or not is_of_kind(question, answer):
        return False
    return question.kind in {QuestionKind.TEXT, QuestionKind.DATE} or _keys(answer) <= {
        option.key for option in question.options
    }


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
