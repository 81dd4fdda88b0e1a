"""Checks that the conditions of considerations refer to known questions and options, and can hold. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from guidance.choices import Direction, QuestionKind
from guidance.considerations import DIRECTION, NO_ANSWER, clause_holds
from guidance.content.checks import Finding

if TYPE_CHECKING:
    from guidance.content.schema import Clause, Condition, Consideration, Question

MAX_CORE = 10  # for a direction: what someone in a hurry answers from start to record

Questions: TypeAlias = "Mapping[str, Question]"


def check_considerations(
    considerations: Iterable[Consideration], questions: Iterable[Question]
) -> Iterator[Finding]:
    """`place` is a path into the considerations, as in `(3, "condition", "all", 0, "is")`."""
    by_key = {question.key: question for question in questions}
    seen: set[str] = set()
    for index, consideration in enumerate(considerations):
        if consideration.key in seen:
            yield Finding((index, "key"), f"the consideration “{consideration.key}” is given twice")
        seen.add(consideration.key)
        for found in check_condition(consideration.condition, by_key):
            yield Finding((index, "condition", *found.place), found.message)


def check_condition(condition: Condition, questions: Questions) -> Iterable[Finding]:
    """`place` is a path into the condition."""
    return list(_check_clauses(condition, questions)) or _check_reach(condition, questions)


def check_applicability(questions: Sequence[Question]) -> Iterator[Finding]:
    """`place` is a path into the questions. A page shows a question at once when an answer on it calls for it."""
    earlier: dict[str, Question] = {}
    for index, question in enumerate(questions):
        if question.applies_when is not None:
            for found in _check_applicability(question.applies_when, question, earlier):
                yield Finding((index, "applies_when", *found.place), found.message)
        earlier[question.key] = question
    yield from _check_core(questions)


def _check_applicability(condition: Condition, question: Question, earlier: Questions) -> Iterator[Finding]:
    for group, clauses in (("all", condition.all), ("any", condition.any)):
        for at, clause in enumerate(clauses):
            named = earlier.get(clause.question)
            if clause.question != DIRECTION and (named is None or named.part != question.part):
                message = f"“{clause.question}” must come earlier in the same part"
                yield Finding((group, at, "question"), message)
                return
    yield from check_condition(condition, earlier)
    if question.required:
        yield Finding((), f"“{question.key}” is required, so it always applies")


def _check_core(questions: Sequence[Question]) -> Iterator[Finding]:
    by_key = {question.key: question for question in questions}
    for direction in Direction:
        core = [
            index
            for index, question in enumerate(questions)
            if question.is_core_for(direction) and _may_apply(question, direction, by_key)
        ]
        if len(core) > MAX_CORE:
            message = (
                f"“{direction.label}” has {len(core)} core questions: choose at most {MAX_CORE}, the others are under "
                "“More to think about”"
            )
            yield Finding((core[MAX_CORE], "core"), message)


def _may_apply(question: Question, direction: Direction, questions: Questions) -> bool:
    condition = question.applies_when
    if condition is None or any(
        clause.question not in {*questions, DIRECTION} for clause in condition.clauses
    ):
        return True
    alternatives: list[tuple[Clause, ...]] = [(each,) for each in condition.any] or [()]
    return any(_can_hold((*condition.all, *each), questions, (direction,)) for each in alternatives)


def _check_clauses(condition: Condition, questions: Questions) -> Iterator[Finding]:
    for group, clauses in (("all", condition.all), ("any", condition.any)):
        for at, clause in enumerate(clauses):
            for found in _check_clause(clause, questions):
                yield Finding((group, at, *found.place), found.message)


def _check_clause(clause: Clause, questions: Questions) -> Iterator[Finding]:
    question = questions.get(clause.question)
    if question is None and clause.question != DIRECTION:
        yield Finding(("question",), f"“{clause.question}” names no question of this version")
        return
    if clause.option is None:
        if question is None:
            yield Finding((clause.operator,), f"“{DIRECTION}” is always answered: say which it is")
        return
    kind = question.kind if question else QuestionKind.ONE
    fitting = QuestionKind.SEVERAL if clause.includes else QuestionKind.ONE
    options = {option.key for option in question.options} if question else set(Direction.values)
    if kind != fitting:
        message = f"“{clause.operator}” belongs to questions of kind {fitting}: “{clause.question}” is of kind {kind}"
        yield Finding((clause.operator,), message)
    elif clause.option not in options:
        yield Finding((clause.operator,), f"“{clause.question}” has no option “{clause.option}”")


def _check_reach(condition: Condition, questions: Questions) -> Iterator[Finding]:
    """Reports conditions that no answers can fulfil, though every question and option exists."""
    if not _can_hold(condition.all, questions):
        yield Finding(("all",), "these can never hold together, whichever way the information goes")
        return
    for at, clause in enumerate(condition.any):
        if not _can_hold((*condition.all, clause), questions):
            yield Finding(("any", at), "this can never hold, whichever way the information goes")


def _can_hold(
    clauses: Sequence[Clause], questions: Questions, directions: Iterable[Direction] = Direction
) -> bool:
    """Whether answers offered for one direction fulfil all clauses.

    Questions are answered independently, so each is tested alone.
    """
    by_question: dict[str, list[Clause]] = {}
    for clause in clauses:
        by_question.setdefault(clause.question, []).append(clause)
    return any(
        all(
            any(
                all(clause_holds(clause, {key: answer}) for clause in clauses)
                for answer in _possible_answers(key, clauses, direction, questions)
            )
            for key, clauses in by_question.items()
        )
        for direction in directions
    )


def _possible_answers(
    key: str, clauses: Iterable[Clause], direction: Direction, questions: Questions
) -> Iterator[frozenset[str]]:
    """Sufficient answers for the test: of multiple choices, each alone and all named ones that may be combined."""
    if key == DIRECTION:
        yield frozenset({direction})
        return
    yield NO_ANSWER
    question = questions[key]
    if question.kind not in {QuestionKind.ONE, QuestionKind.SEVERAL}:
        yield frozenset({"some answer"})
        return
    offered = question.options_for(direction)
    yield from (frozenset({option.key}) for option in offered)
    if question.kind == QuestionKind.SEVERAL:
        named = {clause.option for clause in clauses}
        yield frozenset(option.key for option in offered if option.key in named and not option.exclusive)
