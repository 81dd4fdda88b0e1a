"""Which considerations a set of answers calls for. Pure: values in, values out.

They never block and never score: to show one is all there is to do. Answers may be of any shape, as old or odd data is;
what is not text or a list of texts counts as no answer, and a question nobody knows is never answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guidance.content.schema import Clause, Condition, Consideration, Question

DIRECTION = "direction"  # named in a condition like a question: the decision's direction

Chosen = Mapping[str, frozenset[str]]
NOTHING: frozenset[str] = frozenset()


def shown(
    considerations: Iterable[Consideration],
    answers: Mapping[str, Any],
    direction: str,
    questions: Iterable[Question] = (),
) -> tuple[Consideration, ...]:
    """Those whose condition holds, in the guide's order.

    With the version's `questions`, what does not fit them, as an answer carried over from another version or direction
    may not, counts as no answer: an option that is not offered, or one choice where several are asked for.
    """
    chosen = chosen_keys(answers, direction, questions)
    return tuple(each for each in considerations if holds(each.condition, chosen))


def chosen_keys(answers: Mapping[str, Any], direction: str, questions: Iterable[Question] = ()) -> Chosen:
    """What was answered to each question: a text by itself, or the keys of the options chosen."""
    chosen = {key: _given(answer) for key, answer in answers.items()}
    for question in questions:
        if question.key in chosen:
            chosen[question.key] = _fitting(question, answers[question.key], direction)
    return {**chosen, DIRECTION: _given(direction)}


def holds(condition: Condition, chosen: Chosen) -> bool:
    """Every clause of `all`, and at least one of `any` where it has some."""
    return all(clause_holds(clause, chosen) for clause in condition.all) and (
        not condition.any or any(clause_holds(clause, chosen) for clause in condition.any)
    )


def clause_holds(clause: Clause, chosen: Chosen) -> bool:
    """For any one key, exactly one of `is`, `is_not` and `unanswered` holds.

    So a question without an answer is not “something else”: a condition that means both says so with two clauses.
    """
    answer = chosen.get(clause.question, NOTHING)
    if clause.unanswered:
        return not answer
    if clause.is_ is not None:
        return answer == {clause.is_}
    if clause.is_not is not None:
        return bool(answer) and answer != {clause.is_not}
    return clause.includes in answer


def _given(answer: object) -> frozenset[str]:
    given = answer if isinstance(answer, list) else [answer]
    return frozenset(str(each) for each in given if isinstance(each, str) and each.strip())


def _fitting(question: Question, answer: object, direction: str) -> frozenset[str]:
    if isinstance(answer, list) != (question.kind == "several"):
        return NOTHING
    if question.kind not in {"one", "several"}:
        return _given(answer)
    return _given(answer) & {option.key for option in question.options_for(direction)}
