"""Matches answers to questions. Pure.

An answer is stored as text, an option's key, a list of options' keys, or an ISO date (see `Round.answers`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from guidance.choices import Direction, Part, QuestionKind
from guidance.considerations import holds, questions_of, selected_values

if TYPE_CHECKING:
    from guidance.reading import Option, Question

Answer = str | list[str]
Answers = Mapping[str, Answer]


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question with its answer formatted for display.

    `shown` is the text of the answer, the wording of each chosen option, or a formatted date; empty when
    unanswered. `not_offered` is the wording of chosen options that are not offered for the decision's direction.
    """

    question: Question
    value: Answer | None
    shown: tuple[str, ...]
    not_offered: tuple[str, ...] = ()

    @property
    def is_answered(self) -> bool:
        return bool(self.shown)

    @property
    def control_id(self) -> str:
        """The id of the first form control for it, on the page of its part."""
        is_typed_date = self.question.kind == QuestionKind.DATE and not self.question.options
        return f"id_{self.question.key}" + ("_day" if is_typed_date else "")

    @property
    def open_statement(self) -> str:
        """The question's statement, or the quoted question for guides that have no statements."""
        return self.question.statement or f"You have not answered: {self.question.text}"

    @property
    def is_open(self) -> bool:
        """Whether it must be answered before the round can be recorded."""
        return self.question.required and not self.is_answered


def answered_questions(
    questions: Iterable[Question], direction: Direction | str, answers: Answers
) -> tuple[AnsweredQuestion, ...]:
    """Pairs each question that applies with its answer, in order and worded for this direction.

    The answer of a question that does not apply is stored meanwhile: see `left_out`.
    """
    questions = tuple(questions)
    apply = applying(questions, direction, answers)
    return tuple(
        _answered(question.worded_for(direction), direction, answers.get(question.key))
        for question in questions
        if question.key in apply
    )


def applying(questions: Iterable[Question], direction: Direction | str, answers: Answers) -> frozenset[str]:
    """Keys of the questions that apply.

    A question revealed by an option applies while that option is chosen, and one with a condition while that holds.
    """
    questions = tuple(questions)
    selected = selected_values(answers, direction, questions)
    chosen = {
        option.reveals: option.key in _keys(answers.get(question.key))
        for question in questions
        for option in question.options
        if option.reveals
    }
    return frozenset(
        question.key
        for question in questions
        if chosen.get(question.key, True)
        and (question.applies_when is None or holds(question.applies_when, selected))
    )


@dataclass(frozen=True)
class LeftOut:
    """A stored answer that is no part of the record, and the answers because of which its question does not apply."""

    answered: AnsweredQuestion
    because: tuple[AnsweredQuestion, ...]


def left_out(
    questions: Iterable[Question], direction: Direction | str, answers: Answers
) -> tuple[LeftOut, ...]:
    """Answers to questions that do not apply, in the guide's order. The next change may make them apply again."""
    questions = tuple(question.worded_for(direction) for question in questions)
    apply = applying(questions, direction, answers)
    by_key = {
        question.key: _answered(question, direction, answers.get(question.key)) for question in questions
    }
    return tuple(
        LeftOut(each, tuple(by_key[key] for key in _depends_on(each.question, questions)))
        for key, each in by_key.items()
        if key not in apply and each.is_answered
    )


def _depends_on(question: Question, questions: Iterable[Question]) -> tuple[str, ...]:
    """Keys of the questions whose answers decide whether it applies."""
    revealing = [
        other.key for other in questions for option in other.options if option.reveals == question.key
    ]
    named = questions_of(question.applies_when) if question.applies_when else ()
    return tuple(dict.fromkeys([*revealing, *named]))


def _answered(question: Question, direction: Direction | str, answer: Answer | None) -> AnsweredQuestion:
    if not answer or not matches_kind(question, answer):
        return AnsweredQuestion(question, None, ())
    offered = question.options_for(direction)
    others = tuple(option for option in question.options if option not in offered)
    not_offered = tuple(option.text for option in others if option.key in _keys(answer))
    return AnsweredQuestion(question, answer, _display(question, offered, answer), not_offered)


def _display(question: Question, options: tuple[Option, ...], answer: Answer) -> tuple[str, ...]:
    if question.kind == QuestionKind.TEXT:
        return (str(answer),)
    if question.kind == QuestionKind.DATE:
        return (f"{datetime.date.fromisoformat(str(answer)):%-d %B %Y}",)
    return tuple(option.text for option in options if option.key in _keys(answer))


@dataclass(frozen=True)
class OrphanedAnswer:
    """An answer without a place in the current guide: its question and answer, worded as in the earlier guide."""

    question: str
    shown: tuple[str, ...]


def orphaned_answers(
    questions: Iterable[Question], earlier: Iterable[Iterable[Question]], answers: Answers
) -> tuple[OrphanedAnswer, ...]:
    """Finds answers to questions or options of earlier guides that this guide does not have.

    `earlier` are the questions of earlier versions, the latest first; their wording is used.
    """
    by_key = {question.key: question for question in questions}
    orphaned = {key for key, answer in answers.items() if answer and not _fits(by_key.get(key), answer)}
    found: dict[str, OrphanedAnswer] = {}
    for version in earlier if orphaned else ():
        for question in version:
            key = question.key
            if key in orphaned - found.keys() and _fits(question, answers[key]):
                found[key] = OrphanedAnswer(question.text, _display(question, question.options, answers[key]))
    return tuple(found.values())


def matches_kind(question: Question, answer: Answer) -> bool:
    """Whether the answer has the type that the question's kind requires. A newer guide may have changed the kind."""
    if isinstance(answer, list) or question.kind == QuestionKind.SEVERAL:
        return isinstance(answer, list) and question.kind == QuestionKind.SEVERAL
    if question.kind == QuestionKind.DATE:
        try:
            datetime.date.fromisoformat(answer)
        except ValueError:
            return False
    return True


def _fits(question: Question | None, answer: Answer) -> bool:
    if question is None or not matches_kind(question, answer):
        return False
    return question.kind in {QuestionKind.TEXT, QuestionKind.DATE} or _keys(answer) <= {
        option.key for option in question.options
    }


def categories(questions: Iterable[Question], answers: Answers) -> tuple[str, ...]:
    """The categories of data of the chosen options (UK GDPR articles 9 and 10), without the ordinary one."""
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
