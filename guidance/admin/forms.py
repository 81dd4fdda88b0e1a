"""Forms for the rows of a draft. Checks between rows are made on the whole draft."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from pydantic import BaseModel
from pydantic import ValidationError as SchemaError

from guidance.admin.edit_conflicts import ConflictAwareForm
from guidance.admin.fields import ConditionField, LinesField, WordingField, sentence
from guidance.choices import Direction, QuestionKind
from guidance.content import schema
from guidance.content.messages import WORDS
from guidance.content.problems import readable_message
from guidance.editing.publishing import TITLE_FIELDS
from guidance.editing.rows import fingerprint, fingerprint_of
from guidance.models import (
    Consideration,
    Example,
    GuideVersion,
    Message,
    Option,
    Principle,
    Question,
    Resource,
    Section,
)

CITES_HELP = "One a line, as “section:what-is-needed”, “example:eviction-not-shared” or “principle:7”."
WORDING_HELP = "Only where the ordinary words read wrong when the information goes this way."
CONDITION_HELP = (
    "When it is shown, as {“all”: [clauses], “any”: [clauses]}, either or both. A clause names a question and says "
    "“is”, “is_not” or “includes” with the key of an option, or “answered” or “unanswered”: true. The question "
    "“direction” stands for the way the information goes."
)


APPLIES_HELP = (
    "Leave it empty if it is always asked. Otherwise a condition as considerations have, on the direction and on "
    "earlier questions of the same part. What was written meanwhile is kept, and is not part of the record."
)


class TitleForm(ConflictAwareForm):
    """Title and subtitle of a draft; date and change note are asked for on publishing."""

    principles_url = forms.URLField(
        label="Publication of the principles",
        help_text="Where the Caldicott Principles are officially published.",
        max_length=GuideVersion._meta.get_field("principles_url").max_length,
        assume_scheme="https",
    )

    class Meta:
        model = GuideVersion
        fields = TITLE_FIELDS

    def fingerprint(self, instance: Any) -> str:
        return fingerprint_of(instance, TITLE_FIELDS)


class RowForm(ConflictAwareForm):
    """`owner` is the draft, or for an option the question, that the row belongs to."""

    owner: ClassVar[GuideVersion | Question]
    owner_field = "version"
    key_field = "slug"
    schema_class: ClassVar[type[BaseModel]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            setattr(self.instance, self.owner_field, self.owner)

    def fingerprint(self, instance: Any) -> str:
        return fingerprint(instance)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._check_key(cleaned)
        try:
            self.schema_class(**self.schema_values(cleaned))
        except SchemaError as error:
            for detail in error.errors():
                field = str(detail["loc"][0]) if detail["loc"] else ""
                if field in self.fields and field not in self.errors:
                    self.add_error(field, sentence(readable_message(detail)))
        return cleaned

    def _check_key(self, cleaned: dict[str, Any]) -> None:
        """Reports a duplicate key at its field, before the database constraint does."""
        key = cleaned.get(self.key_field)
        if not key:
            return
        same = type(self.instance)._default_manager.filter(
            **{self.owner_field: self.owner, self.key_field: key}
        )
        if same.exclude(pk=self.instance.pk).exists():
            name = self._meta.model._meta.verbose_name
            self.add_error(self.key_field, f"Another {name} here has “{key}”: choose a different one.")

    def schema_values(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Arguments of the schema."""
        return {name: value for name, value in cleaned.items() if name in self.schema_class.model_fields}


class SectionForm(RowForm):
    schema_class = schema.Section

    class Meta:
        model = Section
        fields = ["title", "slug", "level", "body"]


class ExampleForm(RowForm):
    """A new example is appended to a section; the text sets its place later."""

    schema_class = schema.Example

    class Meta:
        model = Example
        fields = ["title", "slug", "body", "section"]
        help_texts: ClassVar = {
            "section": "It is set at the end of this section. To move it, move the lines “::: example …” and “:::” in "
            "the text."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields.pop("section", None)
        elif "section" in self.fields:
            self.fields["section"].queryset = Section.objects.filter(version=self.owner.pk)  # type: ignore[attr-defined]

    def schema_values(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        return {**super().schema_values(cleaned), "section": "any"}


class PrincipleForm(RowForm):
    schema_class = schema.Principle
    key_field = "number"

    class Meta:
        model = Principle
        fields = ["number", "title", "explanation"]


class ResourceForm(RowForm):
    schema_class = schema.Resource
    key_field = "title"
    url = forms.URLField(
        max_length=Resource._meta.get_field("url").max_length, assume_scheme="https", label="Address"
    )

    class Meta:
        model = Resource
        fields = ["title", "url"]


class QuestionForm(RowForm):
    schema_class = schema.Question
    key_field = "key"
    core = forms.MultipleChoiceField(
        choices=Direction.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="Shown at once when",
        help_text="Otherwise it is under “More to think about”. At most ten questions for each.",
    )
    applies_when = ConditionField(required=False, label="Asked only when", help_text=APPLIES_HELP)
    cites = LinesField(required=False, help_text=CITES_HELP)
    wording = WordingField(
        schema.QuestionWording, required=False, label="Wording by direction", help_text=WORDING_HELP
    )

    class Meta:
        model = Question
        fields = [
            "part",
            "key",
            "kind",
            "text",
            "hint",
            "statement",
            "wording",
            "required",
            "core",
            "applies_when",
            "beside_previous",
            "max_length",
            "cites",
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        key, part, kind = cleaned.get("key"), cleaned.get("part"), cleaned.get("kind")
        if key and part and not key.startswith(f"{part}."):
            self.add_error("key", f"The key must begin with the part: “{part}.”.")
        if (
            kind == QuestionKind.TEXT
            and cleaned.get("max_length") is None
            and "max_length" not in self.errors
        ):
            self.add_error("max_length", "Say how many characters the answer may have.")
        if kind and kind != QuestionKind.TEXT and cleaned.get("max_length") is not None:
            self.add_error("max_length", "Leave this empty: it belongs to questions of kind text.")
        return cleaned


class OptionForm(RowForm):
    schema_class = schema.Option
    owner_field = "question"
    key_field = "key"
    directions = forms.MultipleChoiceField(
        choices=Direction.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="Offered only when",
        help_text="With none ticked it is always offered.",
    )
    wording = WordingField(
        schema.OptionWording, required=False, label="Wording by direction", help_text=WORDING_HELP
    )

    class Meta:
        model = Option
        fields = [
            "text",
            "key",
            "hint",
            "wording",
            "directions",
            "category",
            "days",
            "exclusive",
            "folded",
            "reveals",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reveals" in self.fields:
            question = self.instance.question
            self.fields["reveals"].queryset = Question.objects.filter(  # type: ignore[attr-defined]
                version=question.version, part=question.part
            ).exclude(pk=question.pk)

    def schema_values(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        return {**super().schema_values(cleaned), "reveals": None}


class ConsiderationForm(RowForm):
    schema_class = schema.Consideration
    key_field = "key"
    cites = LinesField(help_text=CITES_HELP)
    condition = ConditionField(help_text=CONDITION_HELP)

    class Meta:
        model = Consideration
        fields = ["part", "key", "kind", "text", "condition", "cites"]


class MessageForm(RowForm):
    schema_class = schema.Message
    key_field = "key"
    condition = ConditionField(help_text=CONDITION_HELP)

    class Meta:
        model = Message
        fields = ["key", "title", "text", "condition"]
        help_texts: ClassVar = {
            "text": "Plain text. “{decide.shared}” stands for the answer to that question, and "
            f"{', '.join(f'“{{{word}}}”' for word in WORDS)} for the reference and for the sender. A line that names "
            "something without an answer is left out."
        }
