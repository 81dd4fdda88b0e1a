"""Checks between the parts of a guide, each of which is valid alone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guidance.choices import Direction, QuestionKind
from guidance.content.wording import text_for_direction
from guidance.content.yaml_lines import Place

if TYPE_CHECKING:
    from guidance.content.schema import Consideration, Example, Option, Principle, Question, Section

OUTCOME, REASONING = "decide.outcome", "decide.reasoning"


@dataclass(frozen=True)
class Finding:
    """`place` is a path into the questions, principles or considerations, as in `(3, "options", 0)`."""

    place: Place
    message: str


def citations(
    sections: Iterable[Section], examples: Iterable[Example], principles: Iterable[Principle]
) -> frozenset[str]:
    """Everything that a question or a consideration may cite."""
    return frozenset(
        [f"section:{section.slug}" for section in sections]
        + [f"example:{example.slug}" for example in examples]
        + [f"principle:{principle.number}" for principle in principles]
    )


def check_principles(principles: Iterable[Principle]) -> Iterator[Finding]:
    seen: set[int] = set()
    for index, principle in enumerate(principles):
        if principle.number in seen:
            yield Finding((index, "number"), f"principle {principle.number} is given twice")
        seen.add(principle.number)


def check_citations(citing: Iterable[Question | Consideration], known: frozenset[str]) -> Iterator[Finding]:
    for index, each in enumerate(citing):
        for at, cite in enumerate(each.cites):
            if cite not in known:
                yield Finding(
                    (index, "cites", at), f"“{cite}” leads nowhere: no such passage is in this version"
                )


def check_questions(questions: tuple[Question, ...]) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, question in enumerate(questions):
        if question.key in seen:
            yield Finding((index, "key"), f"the question “{question.key}” is given twice")
        seen.add(question.key)
        for finding in _check_question(question):
            yield Finding((index, *finding.place), finding.message)
    yield from _check_revealed(questions)
    yield from _check_mandatory({question.key: (index, question) for index, question in enumerate(questions)})


def check_statements(questions: Iterable[Question]) -> Iterator[Finding]:
    """Warns of questions without a statement: versions before the field existed have none."""
    for index, question in enumerate(questions):
        if not question.statement:
            message = (
                f"it has no statement: without an answer it reads “You have not answered: {question.text}”"
            )
            yield Finding((index, "statement"), message)
        for direction in Direction:
            text, statement = (
                text_for_direction(question.wording, direction, name) for name in ("text", "statement")
            )
            if question.statement and text and not statement:
                message = (
                    f"its text differs for “{direction.label}”, its statement does not: say it for that, too"
                )
                yield Finding((index, "wording"), message)


def _check_question(question: Question) -> Iterator[Finding]:
    if question.kind == QuestionKind.TEXT and question.max_length is None:
        yield Finding((), f"“max_length” is missing: say how long the answer to “{question.key}” may be")
    if question.kind != QuestionKind.TEXT and question.max_length is not None:
        yield Finding(("max_length",), "“max_length” belongs to questions of kind text")
    if question.kind == QuestionKind.TEXT and question.options:
        yield Finding(("options",), "a question of kind text has no options")
    if question.kind in {QuestionKind.ONE, QuestionKind.SEVERAL} and not question.options:
        yield Finding((), f"“{question.key}” has no options to choose from")
    seen: set[str] = set()
    for at, option in enumerate(question.options):
        if option.key in seen:
            yield Finding(("options", at, "key"), f"the option “{option.key}” is given twice")
        seen.add(option.key)
        for finding in _check_option(question, option):
            yield Finding(("options", at, *finding.place), finding.message)


def _check_option(question: Question, option: Option) -> Iterator[Finding]:
    if question.kind == QuestionKind.DATE and option.days is None:
        yield Finding((), f"“days” is missing: how many days from today is “{option.text}”?")
    if question.kind != QuestionKind.DATE and option.days is not None:
        yield Finding(("days",), "“days” belongs to the options of a date")
    if question.kind != QuestionKind.SEVERAL and option.exclusive:
        yield Finding(("exclusive",), "“exclusive” belongs to options of which several can be chosen")
    if question.kind != QuestionKind.SEVERAL and option.folded:
        yield Finding(("folded",), "“folded” belongs to options of which several can be chosen")


def _check_revealed(questions: tuple[Question, ...]) -> Iterator[Finding]:
    positions = {question.key: index for index, question in enumerate(questions)}
    revealed: set[str] = set()
    for index, question in enumerate(questions):
        for at, option in enumerate(question.options):
            if option.reveals is None:
                continue
            place: Place = (index, "options", at, "reveals")
            target = positions.get(option.reveals)
            if target is None:
                yield Finding(place, f"“{option.reveals}” names no question of this version")
            elif target <= index or questions[target].part != question.part:
                yield Finding(place, f"“{option.reveals}” must come later in the same part")
            elif option.reveals in revealed:
                yield Finding(place, f"“{option.reveals}” is already revealed by another option")
            revealed.add(option.reveals)


def _check_mandatory(questions: dict[str, tuple[int, Question]]) -> Iterator[Finding]:
    """A round cannot be recorded without an outcome and its reasons."""
    for key, kind in ((OUTCOME, QuestionKind.ONE), (REASONING, QuestionKind.TEXT)):
        if key not in questions:
            yield Finding((), f"the question “{key}” is missing: without it nothing can be recorded")
            continue
        index, question = questions[key]
        if question.kind != kind:
            yield Finding((index, "kind"), f"“{key}” must be of kind {kind}")
        if not question.required:
            yield Finding((index,), f"“{key}” must say “required: true”")
        if key == OUTCOME:
            for direction in Direction:
                if question.options and not question.options_for(direction):
                    yield Finding(
                        (index, "options"), f"“{key}” has no option for the direction “{direction}”"
                    )
