"""Converts the text of a guide between one Markdown file, and sections and examples.

    # Title

    Subtitle

    ## A section {#its-anchor}

    ::: example its-key "What it shows"
    The text of the example, in its place.
    :::

`join(split(text))` is `text` for a file laid out as above (one empty line around a heading), which is what `join`
writes; `split(join(document))` is `document` always.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import ValidationError

from guidance.content.problems import LineProblem, readable_message
from guidance.content.schema import Example, Section, Value

FIGURES = frozenset({"what-who-why"})  # drawings of the website, for figures that the guide lacks
PAGE_ANCHORS = frozenset({"main-content", "contents", "guide-title"})  # used by the page around the text

HEADING = re.compile(r"^ {0,3}(?P<marks>#{1,6})(?P<text>\s.*)?$")
SLUG_BEGINS = re.compile(r"(?<!\S)\{#")
CONTAINER = re.compile(r"^(?P<prefix>\s*(?:(?:[-*+]|\d+[.)])\s+)*):::(?P<what>(?:\s.*)?)$")
EXAMPLE = re.compile(r"^example (?P<slug>\S+) \"(?P<title>.+)\"$")
EXAMPLE_HERE = re.compile(r"^(?P<prefix>\s*(?:(?:[-*+]|\d+[.)])\s+)*)::: example (?P<slug>\S+)$")
NOTE_REFERENCE = re.compile(r"\[\^(?P<number>[^\[\]]*)\]")
OTHER_CONTAINER = re.compile(r"^(?:remember|resources|note [1-9]\d*|stand-in [a-z0-9-]+)$")

ValueType = TypeVar("ValueType", bound=Value)


@dataclass(frozen=True)
class Document:
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    examples: tuple[Example, ...]


class DocumentError(Exception):
    """Raised when the text is not a valid guide; `problems` holds each with its line."""

    def __init__(self, problems: Iterable[LineProblem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


@dataclass
class _OpenContainer:
    """Container whose end has not been read."""

    line: int
    prefix: str
    what: str
    lines: list[str] = field(default_factory=list)

    @property
    def indent(self) -> str:
        return " " * len(self.prefix)

    def unindented(self, line: str) -> str | None:
        """Line without the container's indent; None where it is not indented enough."""
        if not line.strip():
            return ""
        return line.removeprefix(self.indent) if line.startswith(self.indent) else None


def split(text: str) -> Document:
    """Raises DocumentError with every problem found."""
    return _Splitter().split(text)


class _Splitter:
    def __init__(self) -> None:
        self.problems: list[LineProblem] = []
        self.title = ""
        self.title_line = 0
        self.before_first: list[str] = []
        self.headings: list[dict[str, Any]] = []
        self.body = self.before_first
        self.examples: list[Example] = []
        self.anchors: dict[str, int] = {}
        self.notes: dict[str, int] = {}
        self.note_references: dict[str, int] = {}
        self.container: _OpenContainer | None = None

    def split(self, text: str) -> Document:
        for number, line in enumerate(text.split("\n"), start=1):
            self._read(number, line)
        self._check_closed()
        for note, number in self.note_references.items():
            if note not in self.notes:
                self._problem(
                    number, f"“[^{note}]” points to a note that is not there: write “::: note {note}”"
                )
        if not self.title:
            self._problem(1, "there is no title: begin with “# ” and the title")
        if not self.headings:
            self._problem(1, "there are no sections: each begins with “## ”, its heading and its anchor")
        sections = [
            self._build(Section, h.pop("line"), body=_trim(h.pop("lines")), **h) for h in self.headings
        ]
        if self.problems:
            raise DocumentError(self.problems)
        subtitle = " ".join(line.strip() for line in self.before_first if line.strip())
        return Document(self.title, subtitle, tuple(s for s in sections if s), tuple(self.examples))

    def _problem(self, line: int, message: str) -> None:
        self.problems.append(LineProblem(line, message))

    def _build(self, shape: Callable[..., ValueType], line: int, **values: Any) -> ValueType | None:
        try:
            return shape(**values)
        except ValidationError as error:
            for detail in error.errors():
                self._problem(line, readable_message(detail))
            return None

    def _read(self, number: int, line: str) -> None:
        for reference in NOTE_REFERENCE.finditer(line):
            self.note_references.setdefault(reference["number"], number)
        if heading := HEADING.match(line):
            self._check_closed()
            self._heading(number, heading)
        elif container := CONTAINER.match(line):
            what = container["what"].strip()
            if not what:
                self._close(number, line)
            else:
                self._check_closed()
                self._open(number, _OpenContainer(number, container["prefix"], what))
        elif ":::" in line:
            self._problem(number, "“:::” must stand at the beginning of a line, or of an item of a list")
        elif self.container:
            unindented = self.container.unindented(line)
            if unindented is None:
                self._problem(number, f"indent this line as far as the “:::” of line {self.container.line}")
            else:
                self.container.lines.append(unindented)
        else:
            self.body.append(line)

    def _heading(self, number: int, heading: re.Match[str]) -> None:
        level, (title, slug) = len(heading["marks"]), _title_and_slug(heading["text"] or "")
        if level == 1:
            if self.title or self.headings:
                self._problem(number, "the title “# …” stands once, on the first line")
            self.title = title
            return
        if level > 3:
            self._problem(number, "headings have two levels: “## ” and “### ”")
            return
        if level == 3 and not self.headings:
            self._problem(number, "a heading level is skipped: “### ” stands below a “## ”")
        if not slug:
            self._problem(number, f"the heading “{title}” has no anchor: end it with {{#a-few-words}}")
            slug = f"line-{number}"
        else:
            self._anchor(number, slug)
        self.body = []
        self.headings.append(
            {"line": number, "slug": slug, "title": title, "level": level, "lines": self.body}
        )

    def _anchor(self, number: int, slug: str) -> None:
        if slug in PAGE_ANCHORS or slug.startswith("note-"):
            self._problem(number, f"the anchor “{slug}” is taken by the page itself: choose another")
        elif slug in self.anchors:
            self._problem(number, f"the anchor “{slug}” is already used on line {self.anchors[slug]}")
        else:
            self.anchors[slug] = number

    def _open(self, number: int, container: _OpenContainer) -> None:
        self.container = container
        name = container.what.split(" ")[0]
        if not self.headings:
            self._problem(number, "“:::” stands in a section: write a heading before it")
        if name == "example":
            return
        if not OTHER_CONTAINER.match(container.what):
            self._problem(
                number,
                f"“::: {container.what}” is not known: known are example, remember, note with a number, "
                "stand-in with the name of a drawing, and resources",
            )
        elif name == "stand-in" and container.what.removeprefix("stand-in ") not in FIGURES:
            self._problem(number, f"there is no such drawing: known are {', '.join(sorted(FIGURES))}")
        elif name == "note":
            note = container.what.removeprefix("note ")
            if note in self.notes:
                self._problem(number, f"note {note} already stands on line {self.notes[note]}")
            self.notes.setdefault(note, number)

    def _close(self, number: int, line: str) -> None:
        container, self.container = self.container, None
        if container is None:
            self._problem(number, "this “:::” closes nothing")
            return
        if container.unindented(line) != ":::":
            self._problem(number, f"indent this “:::” as far as the one of line {container.line}")
        if not container.what.startswith("example"):
            self.body.append(f"{container.prefix}::: {container.what}")
            self.body += [f"{container.indent}{inner}" if inner else "" for inner in container.lines]
            self.body.append(f"{container.indent}:::")
            return
        opening = EXAMPLE.match(container.what)
        if not opening:
            self._problem(
                container.line, 'an example needs a key and a title: ::: example its-key "What it shows"'
            )
            return
        self._anchor(container.line, opening["slug"])
        body, section = _trim(container.lines), self.headings[-1]["slug"] if self.headings else "none"
        if example := self._build(
            Example, container.line, slug=opening["slug"], title=opening["title"], body=body, section=section
        ):
            self.examples.append(example)
        self.body += [f"{container.prefix}::: example {opening['slug']}", f"{container.indent}:::"]

    def _check_closed(self) -> None:
        if self.container:
            self._problem(
                self.container.line, f"“::: {self.container.what}” is never closed: end it with “:::”"
            )
            self.container = None


def _title_and_slug(text: str) -> tuple[str, str]:
    """“What is needed” and “needed” of “What is needed {#needed}”."""
    text = text.strip()
    if text.endswith("}"):
        begins = SLUG_BEGINS.search(text, text.rfind("}", 0, -1) + 1)
        if begins:
            return text[: begins.start()].strip(), text[begins.end() : -1]
    return text, ""


def join(document: Document) -> str:
    """Text that `split` reads. Raises ValueError where an example is not in the text, or a named one does not exist."""
    examples = {example.slug: example for example in document.examples}
    blocks = [f"# {document.title}"]
    if document.subtitle:
        blocks.append(document.subtitle)
    for section in document.sections:
        blocks.append(f"{'#' * section.level} {section.title} {{#{section.slug}}}")
        if section.body:
            blocks.append("\n".join(_with_examples(section, examples)))
    if examples:
        raise ValueError(f"stands nowhere in the text: {', '.join(examples)}")
    return "\n\n".join(blocks) + "\n"


def _with_examples(section: Section, examples: dict[str, Example]) -> Iterable[str]:
    for line in section.body.split("\n"):
        here = EXAMPLE_HERE.match(line)
        if not here:
            yield line
            continue
        if here["slug"] not in examples:
            raise ValueError(f"“{section.title}” names an example that is not there: {here['slug']}")
        example = examples.pop(here["slug"])
        yield f'{here["prefix"]}::: example {example.slug} "{example.title}"'
        indent = " " * len(here["prefix"])
        yield from (f"{indent}{inner}" if inner else "" for inner in example.body.split("\n"))


def _trim(lines: list[str]) -> str:
    """Removes empty lines before and after."""
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return "\n".join(lines[start:end])
