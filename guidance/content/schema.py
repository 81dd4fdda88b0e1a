"""Values of the guide: one schema for files, database rows and the read interface.

Values from all sources can be compared. Uses no database.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeVar

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import URLValidator
from django.db.models import Model
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from guidance import models
from guidance.choices import Direction, Part, QuestionKind

WordingType = TypeVar("WordingType", bound="Wording")

MIN_LENGTH, MAX_LENGTH, MAX_DAYS = 1, 20_000, 3_660


def _column(model: type[Model], field: str) -> Any:
    """Limits the length to that of the database column."""
    return Field(max_length=model._meta.get_field(field).max_length)  # type: ignore[union-attr]


def _web_address(text: str) -> str:
    try:
        URLValidator(schemes=["http", "https"])(text)
    except DjangoValidationError as error:
        raise ValueError(f"“{text}” is not a web address") from error
    return text


def _boolean(value: object) -> object:
    """YAML is read as text, `true` as well."""
    return True if value == "true" else value


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
QuestionKey = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z0-9]+(_[a-z0-9]+)*$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\n]*$")]
MaybeLine = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\n]*$")]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Text = Annotated[str, StringConstraints(min_length=1)]


class Value(BaseModel):
    """Immutable value without additional fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Section(Value):
    """`body` refers to its examples (`::: example key`) and does not contain their text."""

    slug: Annotated[Slug, _column(models.Section, "slug")]
    title: Annotated[Line, _column(models.Section, "title")]
    level: Annotated[int, Field(ge=2, le=3)] = 2
    body: str = ""


class Example(Value):
    """`section` is the slug of the section around it."""

    slug: Annotated[Slug, _column(models.Example, "slug")]
    title: Annotated[Line, _column(models.Example, "title")]
    body: Text
    section: Slug


class Principle(Value):
    number: Annotated[int, Field(ge=1, le=99)]
    title: Annotated[Line, _column(models.Principle, "title")]
    explanation: Text


class Resource(Value):
    title: Annotated[Line, _column(models.Resource, "title")]
    url: Annotated[WebAddress, _column(models.Resource, "url")]


def _in_order(wording: Mapping[Direction, WordingType]) -> dict[Direction, WordingType]:
    """Sorts by Direction."""
    return {direction: wording[direction] for direction in Direction if direction in wording}


def _directions_in_order(directions: tuple[Direction, ...]) -> tuple[Direction, ...]:
    return tuple(direction for direction in Direction if direction in directions)


class Wording(Value):
    """Texts for one direction, in place of the default ones."""

    text: MaybeLine = ""
    hint: MaybeLine = ""

    @model_validator(mode="after")
    def _require_text(self) -> Self:
        if not any(words for _, words in self):
            names = ", ".join(f"“{name}”" for name in type(self).model_fields)
            raise ValueError(f"the wording of a direction needs at least one of {names}")
        return self


class OptionWording(Wording):
    text: Annotated[MaybeLine, _column(models.Option, "text")] = ""
    hint: Annotated[MaybeLine, _column(models.Option, "hint")] = ""


class QuestionWording(Wording):
    text: Annotated[MaybeLine, _column(models.Question, "text")] = ""
    statement: Annotated[MaybeLine, _column(models.Question, "statement")] = ""


class Clause(Value):
    """Test of one answer: exactly one of `is`, `is_not`, `includes`, `answered` and `unanswered` is given.

    The question `direction` stands for the decision's direction.
    """

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    question: Line
    is_: Annotated[Slug | None, Field(alias="is")] = None
    is_not: Slug | None = None
    includes: Slug | None = None
    answered: Annotated[Literal[True] | None, BeforeValidator(_boolean)] = None
    unanswered: Annotated[Literal[True] | None, BeforeValidator(_boolean)] = None

    @model_validator(mode="after")
    def _require_one_operator(self) -> Self:
        tests = (self.is_, self.is_not, self.includes, self.answered, self.unanswered)
        if sum(test is not None for test in tests) != 1:
            raise ValueError(
                "a clause needs exactly one of “is”, “is_not”, “includes”, “answered” and “unanswered”"
            )
        return self

    @property
    def operator(self) -> Literal["is", "is_not", "includes", "answered", "unanswered"]:
        if self.unanswered:
            return "unanswered"
        if self.answered:
            return "answered"
        if self.includes is not None:
            return "includes"
        return "is" if self.is_ is not None else "is_not"

    @property
    def option(self) -> str | None:
        """Key of the option it names; None for `answered` and `unanswered`."""
        return self.is_ or self.is_not or self.includes


class Condition(Value):
    """Holds when every clause of `all` does and, if `any` has clauses, at least one of them."""

    all: tuple[Clause, ...] = ()
    any: tuple[Clause, ...] = ()

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return (*self.all, *self.any)

    @property
    def column(self) -> dict[str, Any]:
        """Value of the database column."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @model_validator(mode="after")
    def _require_clause(self) -> Self:
        if not self.all and not self.any:
            raise ValueError("a condition needs a clause under “all” or “any”")
        return self


class Option(Value):
    """Answer offered by a question; `reveals` is the key of a question that applies only with it."""

    key: Annotated[Slug, _column(models.Option, "key")]
    text: Annotated[Line, _column(models.Option, "text")]
    hint: Annotated[MaybeLine, _column(models.Option, "hint")] = ""
    directions: tuple[Direction, ...] = ()
    category: models.Option.Category = models.Option.Category.ORDINARY
    exclusive: bool = False
    folded: bool = False
    days: Annotated[int, Field(ge=0, le=MAX_DAYS)] | None = None
    reveals: QuestionKey | None = None
    wording: Annotated[Mapping[Direction, OptionWording], AfterValidator(_in_order)] = {}

    def worded_for(self, direction: str) -> Self:
        """Copy with the wording of this direction."""
        words = _texts(self.wording, direction)
        return self.model_copy(update=words) if words else self

    def applies_to(self, direction: str) -> bool:
        return not self.directions or direction in self.directions


class Question(Value):
    """Question of a round. The first word of its key is its part.

    `statement` is the sentence shown while there is no answer: “You have not said who is asking.” `core` names the
    directions for which it is shown at once. It is asked only while `applies_when` holds.
    """

    key: Annotated[QuestionKey, _column(models.Question, "key")]
    kind: QuestionKind
    text: Annotated[Line, _column(models.Question, "text")]
    hint: str = ""
    statement: Annotated[MaybeLine, _column(models.Question, "statement")] = ""
    required: bool = False
    core: Annotated[tuple[Direction, ...], AfterValidator(_directions_in_order)] = ()
    applies_when: Condition | None = None
    beside_previous: bool = False
    max_length: Annotated[int, Field(ge=MIN_LENGTH, le=MAX_LENGTH)] | None = None
    options: tuple[Option, ...] = ()
    cites: tuple[Line, ...] = ()
    wording: Annotated[Mapping[Direction, QuestionWording], AfterValidator(_in_order)] = {}

    def worded_for(self, direction: str) -> Self:
        """Copy with the wording of this direction, options included."""
        words = _texts(self.wording, direction)
        if not words and not any(option.wording for option in self.options):
            return self
        options = tuple(option.worded_for(direction) for option in self.options)
        return self.model_copy(update={**words, "options": options})

    @property
    def part(self) -> Part:
        return Part(self.key.partition(".")[0])

    def is_core_for(self, direction: str) -> bool:
        return self.required or direction in self.core

    @property
    def anchor(self) -> str:
        """Anchor on the page of questions."""
        return f"question-{self.key.replace('.', '-').replace('_', '-')}"

    def options_for(self, direction: str) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option.applies_to(direction))


def _texts(wording: Mapping[Direction, Wording], direction: str) -> dict[str, str]:
    own = wording.get(Direction(direction)) if wording else None
    return {name: words for name, words in (own or ()) if words}


class Consideration(Value):
    """Prompt shown on `part` while `condition` holds."""

    key: Annotated[Slug, _column(models.Consideration, "key")]
    part: Part
    kind: models.Consideration.Kind
    text: Text
    condition: Condition
    cites: Annotated[tuple[Line, ...], Field(min_length=1)]


class Message(Value):
    """Message to copy and send, offered while `condition` holds. `guidance.content.messages` fills in its text."""

    key: Annotated[Slug, _column(models.Message, "key")]
    title: Annotated[Line, _column(models.Message, "title")]
    text: Text
    condition: Condition


class DraftGuide(Value):
    """Complete version; fields that publishing asks for are optional."""

    date: datetime.date | None = None
    significance: models.GuideVersion.Significance | None = None
    change_note: str = ""
    title: Annotated[Line, _column(models.GuideVersion, "title")]
    subtitle: Annotated[MaybeLine, _column(models.GuideVersion, "subtitle")] = ""
    sections: tuple[Section, ...]
    examples: tuple[Example, ...] = ()
    principles_url: Annotated[WebAddress, _column(models.GuideVersion, "principles_url")]
    principles: tuple[Principle, ...] = ()
    resources: tuple[Resource, ...] = ()
    questions: tuple[Question, ...]
    considerations: tuple[Consideration, ...] = ()
    messages: tuple[Message, ...] = ()


class Guide(DraftGuide):
    """Complete version, as published."""

    date: datetime.date
    significance: models.GuideVersion.Significance
    change_note: Text
