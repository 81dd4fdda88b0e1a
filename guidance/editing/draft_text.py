"""Checks the text of a draft as one Markdown file, and maps each problem to its section or example."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from guidance.content.document import CONTAINER, EXAMPLE_HERE, HEADING, DocumentError, split
from guidance.content.schema import Example, Section

OTHER_LINE = re.compile(r"\b(on|of) line (\d+)\b")


@dataclass(frozen=True)
class Piece:
    kind: Literal["front", "section", "example"]
    index: int
    title: str


@dataclass(frozen=True)
class TextProblem:
    """`index` counts the sections, or the examples; “front” is the title."""

    kind: Literal["front", "section", "example"]
    index: int
    message: str


def check_text(
    title: str, sections: Sequence[Section], examples: Sequence[Example]
) -> tuple[TextProblem, ...]:
    """Problems found by `document.split`, and texts that would change when written to a file and read again."""
    return tuple(dict.fromkeys(_TextCheck(title, sections, examples).check()))


class _TextCheck:
    def __init__(self, title: str, sections: Sequence[Section], examples: Sequence[Example]) -> None:
        self.sections, self.examples = sections, examples
        self.lines: list[str] = []
        self.owners: list[tuple[Piece, int]] = []  # of each line: the piece, and the line in its text
        self.occurrences: dict[str, int] = {example.slug: 0 for example in examples}
        self.title = title

    def check(self) -> Iterator[TextProblem]:
        front = Piece("front", 0, self.title)
        self._add(front, 0, f"# {self.title}")
        for index, section in enumerate(self.sections):
            yield from self._section(Piece("section", index, section.title), section)
        for index, example in enumerate(self.examples):
            piece = Piece("example", index, example.title)
            for number, line in enumerate(example.body.split("\n"), start=1):
                if HEADING.match(line) or ":::" in line:
                    yield _problem(piece, f"line {number}: an example holds no heading and no “:::”")
            times = self.occurrences[example.slug]
            if times == 0:
                yield _problem(
                    piece,
                    f"it stands nowhere in the text: write “::: example {example.slug}” and “:::” in a section",
                )
            elif times > 1:
                yield _problem(piece, "it stands in the text more than once")
        try:
            document = split("\n".join(self.lines) + "\n")
        except DocumentError as error:
            for found in error.problems:
                yield self._located(found.line, found.message)
            return
        same = zip(document.sections, self.sections, strict=False)
        for index, (read, written) in enumerate(same):
            if read != written:
                yield TextProblem(
                    "section",
                    index,
                    "it would not read the same once saved to a file: look for odd headings or spaces",
                )

    def _add(self, piece: Piece, number: int, *lines: str) -> None:
        for at, line in enumerate(lines):
            self.lines.append(line)
            self.owners.append((piece, number + at if number else 0))

    def _section(self, piece: Piece, section: Section) -> Iterator[TextProblem]:
        self._add(piece, 0, "", f"{'#' * section.level} {section.title} {{#{section.slug}}}", "")
        for number, line in enumerate(section.body.split("\n"), start=1):
            container = CONTAINER.match(line)
            here = EXAMPLE_HERE.match(line)
            if HEADING.match(line):
                yield _problem(piece, f"line {number}: a heading is a section of its own, not part of a text")
            elif here and here["slug"] in self.occurrences:
                self.occurrences[here["slug"]] += 1
                self._example(piece, number, here["prefix"], here["slug"])
            elif container and container["what"].split()[:1] == ["example"]:
                name = here["slug"] if here else " ".join(container["what"].split()[1:])
                yield _problem(piece, f"line {number}: there is no example “{name}”")
                self._add(piece, number, f'{container["prefix"]}::: example none-{number} "None"')
            else:
                self._add(piece, number, line)

    def _example(self, piece: Piece, number: int, prefix: str, slug: str) -> None:
        index = next(at for at, example in enumerate(self.examples) if example.slug == slug)
        example = self.examples[index]
        own = Piece("example", index, example.title)
        self._add(
            own if self.occurrences[slug] == 1 else piece, 0, f'{prefix}::: example {slug} "{example.title}"'
        )
        for at, line in enumerate(example.body.split("\n"), start=1):
            if HEADING.match(line) or ":::" in line:  # reported by `check`
                continue
            self._add(own, at, f"{' ' * len(prefix)}{line}" if line else "")

    def _located(self, line: int, message: str) -> TextProblem:
        piece, number = self.owners[min(line, len(self.owners)) - 1]
        where = f"line {number}: " if number else ""
        return _problem(
            piece, where + OTHER_LINE.sub(lambda other: self._reference(other[1], int(other[2])), message)
        )

    def _reference(self, word: str, line: int) -> str:
        piece, number = self.owners[line - 1]
        return (
            f"{word} line {number} of “{piece.title}”"
            if number
            else f"{'by' if word == 'on' else word} “{piece.title}”"
        )


def _problem(piece: Piece, message: str) -> TextProblem:
    return TextProblem(piece.kind, piece.index, message)
