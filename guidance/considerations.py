"""Selects the considerations that apply to a set of answers. Pure.

Considerations are shown, and never block or score. Answers may have any type: what is not text or a list of texts
counts as no answer. A question that is not known is unanswered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from guidance.content.schema import Clause, Condition, Consideration, Message, Question

HasCondition = TypeVar("HasCondition", "Consideration", "Message")

DIRECTION = "direction"  # pseudo-question in conditions: the decision's direction

Selected = Mapping[str, frozenset[str]]
NO_ANSWER: frozenset[str] = frozenset()


def applicable(
    considerations: Iterable[HasCondition],
    answers: Mapping[str, Any],
    direction: str,
    questions: Iterable[Question] = (),
) -> tuple[HasCondition, ...]:
    """Considerations or messages whose condition holds, in the guide's order.

    With the version's `questions`, an answer that does not fit its question counts as none: an option that is not
    offered, or a single choice where several are asked for. Answers carried over from another version or direction may
    be such.
    """
    selected = selected_values(answers, direction, questions)
    return tuple(each for each in considerations if holds(each.condition, selected))


def selected_values(
    answers: Mapping[str, Any], direction: str, questions: Iterable[Question] = ()
) -> Selected:
    """Selected values by question: a text, or the keys of the chosen options."""
    selected = {key: _values(answer) for key, answer in answers.items()}
    for question in questions:
        if question.key in selected:
            selected[question.key] = _valid_values(question, answers[question.key], direction)
    return {**selected, DIRECTION: _values(direction)}


def holds(condition: Condition, selected: Selected) -> bool:
    """All clauses of `all`, and at least one of `any` if it has some."""
    return all(clause_holds(clause, selected) for clause in condition.all) and (
        not condition.any or any(clause_holds(clause, selected) for clause in condition.any)
    )


def questions_of(condition: Condition) -> tuple[str, ...]:
    """Keys of the questions that the condition asks about, each once, in its order."""
    return tuple(
        dict.fromkeys(clause.question for clause in condition.clauses if clause.question != DIRECTION)
    )


def clause_holds(clause: Clause, selected: Selected) -> bool:
    """For any option, exactly one of `is`, `is_not` and `unanswered` holds. `answered` is the opposite of `unanswered`.

    `is_not` does not hold for an unanswered question: a condition that means both has two clauses.
    """
    answer = selected.get(clause.question, NO_ANSWER)
    if clause.answered or clause.unanswered:
        return bool(answer) is bool(clause.answered)
    if clause.is_ is not None:
        return answer == {clause.is_}
    if clause.is_not is not None:
        return bool(answer) and answer != {clause.is_not}
    return clause.includes in answer


def _values(answer: object) -> frozenset[str]:
    values = answer if isinstance(answer, list) else [answer]
    return frozenset(str(each) for each in values if isinstance(each, str) and each.strip())


def _valid_values(question: Question, answer: object, direction: str) -> frozenset[str]:
    if isinstance(answer, list) != (question.kind == "several"):
        return NO_ANSWER
    if question.kind not in {"one", "several"}:
        return _values(answer)
    return _values(answer) & {option.key for option in question.options_for(direction)}
