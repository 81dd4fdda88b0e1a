"""Two recorded rounds of one decision, answer by answer and word by word."""

from __future__ import annotations

from dataclasses import dataclass

from decisions.record.export import Record
from guidance.diff.text import Lines, StepBudget, compare_plain


@dataclass(frozen=True)
class ChangedAnswer:
    """`earlier_question` is the wording before, where it was another."""

    question: str
    earlier_question: str
    lines: Lines


@dataclass(frozen=True)
class Comparison:
    changed: tuple[ChangedAnswer, ...]
    unchanged: int  # questions answered alike, or in neither


def compare_records(earlier: Record, later: Record) -> Comparison:
    """In the order of the later record; what only the earlier one asked comes last."""
    before, after = _answers(earlier), _answers(later)
    changed, budget = [], StepBudget()
    for key in [*after, *(key for key in before if key not in after)]:
        old_question, old = before.get(key, ("", ""))
        new_question, new = after.get(key, ("", ""))
        if old != new:
            question = new_question or old_question
            other = old_question if old_question != question else ""
            changed.append(ChangedAnswer(question, other, compare_plain(old, new, budget)))
    return Comparison(tuple(changed), len(before.keys() | after.keys()) - len(changed))


def changed_questions(earlier: Record, later: Record) -> tuple[str, ...]:
    """The questions that the later record answers in another way, as it puts them."""
    before, after = _answers(earlier), _answers(later)
    return tuple(
        question for key, (question, answer) in after.items() if before.get(key, ("", ""))[1] != answer
    )


def _answers(record: Record) -> dict[str, tuple[str, str]]:
    """By key: the question as it was put, and the answer, several options a line each."""
    return {
        line["key"]: (line["question"], "\n".join(line["answer"]))
        for part in record["parts"]
        for line in part["answers"]
    }
