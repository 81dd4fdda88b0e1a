"""Form fields for GOV.UK components. Importers use `sharingwell.govuk.forms`."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date

from sharingwell.govuk import text, words
from sharingwell.govuk.dates import PARTS, DateProblem, date_from_parts


@dataclass(frozen=True)
class ChoiceItem:
    """One option of a choice field.

    `reveals` names another field of the same form, shown inside this option when it is chosen. Of a multiple choice,
    `exclusive` excludes all other options, as “Don't know yet” does, and `folded` ones are shown on demand.
    """

    value: str
    label: str
    hint: str = ""
    reveals: str = ""
    exclusive: bool = False
    folded: bool = False


class GovukField(forms.Field):
    """Base of the fields: arguments besides Django's own.

    `label_size` is “s”, “m”, “l” or “xl” (default: the form's); `label_is_page_heading` makes the label the page's h1;
    `noun` names the answer in errors (default: the label); `classes` and `attrs` are the control's.
    """

    required_message: Callable[[str], str] = staticmethod(words.enter)

    def __init__(
        self,
        *args: Any,
        label_size: str | None = None,
        label_is_page_heading: bool = False,
        noun: str = "",
        classes: str = "",
        attrs: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.label_size = label_size
        self.label_is_page_heading = label_is_page_heading
        self.noun = noun
        super().__init__(*args, **kwargs)
        self.widget.attrs.update(attrs or {})
        if classes:
            self.widget.attrs["class"] = classes
        set_required_message(self)

    @property
    def error_name(self) -> str:
        """Name of the field in error messages."""
        return str(self.noun or self.label or "")


def set_required_message(field: forms.Field, fallback: str = "") -> None:
    """Replaces “This field is required.” by a message that names the field, unless the form has its own.

    `fallback` is used for a field without a label.
    """
    if field.error_messages.get("required") is not forms.Field.default_error_messages["required"]:
        return
    name = getattr(field, "error_name", "") or str(field.label or "") or fallback
    if name:
        field.error_messages["required"] = required_message_of(field)(name)


def required_message_of(field: forms.Field) -> Callable[[str], str]:
    """Function that makes the message for this type of field."""
    if isinstance(field, GovukField):
        return field.required_message
    if isinstance(field, forms.BooleanField):
        return words.tick
    return words.choose if isinstance(field, forms.ChoiceField) else words.enter


class TextField(GovukField):
    """Single line of text. Text that is too long is rendered again in full, with its length."""

    widget: type[forms.Widget] = forms.TextInput
    default_error_messages = {
        "too_long": "%(subject)s must be %(limit)s characters or fewer. You have entered %(length)s.",
        "unsaveable": (
            "%(subject)s holds a character that cannot be saved. It has been taken out. "
            "Check the text and save again."
        ),
    }

    def __init__(self, max_length: int | None = None, **kwargs: Any) -> None:
        self.max_length = max_length
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Normalises line breaks and strips whitespace."""
        cleaned = text.with_plain_line_breaks("" if value is None else str(value))
        if not text.all_can_be_saved(cleaned):
            raise ValidationError(
                self.error_messages["unsaveable"],
                code="unsaveable",
                params={"subject": words.subject(self.error_name)},
            )
        return cleaned.strip()

    def validate(self, value: str) -> None:
        super().validate(value)
        if self.is_too_long(value):
            raise ValidationError(
                self.error_messages["too_long"],
                code="too_long",
                params={
                    "subject": words.subject(self.error_name),
                    "limit": f"{self.max_length:,}",
                    "length": f"{text.length(value):,}",
                },
            )

    def is_too_long(self, value: str) -> bool:
        """Whether a text, as typed or as it would be kept, exceeds the limit."""
        kept = text.with_plain_line_breaks(value).strip()
        return self.max_length is not None and text.length(kept) > self.max_length

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Submitted text without unsaveable characters, so that it can be submitted again."""
        submitted = super().bound_data(data, initial)
        return (
            submitted
            if submitted is None
            else text.without_unsaveable(text.with_plain_line_breaks(str(submitted)))
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return not self.disabled and self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True


class LongTextField(TextField):
    """Textarea with a character count, which states the limit without JavaScript, too.

    `threshold` is the percentage of the limit from which the count is visible.
    """

    widget = forms.Textarea

    def __init__(
        self, max_length: int, *, rows: int = 5, threshold: int | None = None, **kwargs: Any
    ) -> None:
        self.threshold = threshold
        super().__init__(max_length, **kwargs)
        self.widget.attrs["rows"] = rows
        self.widget.attrs.pop("cols", None)


class ItemsField(GovukField, forms.ChoiceField):
    """Choice field with ChoiceItems."""

    default_error_messages = {"invalid_choice": "Choose one of the options shown."}
    required_message: Callable[[str], str] = staticmethod(words.choose)

    def __init__(self, *, items: Iterable[ChoiceItem], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.items = items

    @property
    def items(self) -> tuple[ChoiceItem, ...]:
        return self._items

    @items.setter
    def items(self, items: Iterable[ChoiceItem]) -> None:
        self._items = tuple(items)
        self.choices = [*self.leading_choices(), *((item.value, item.label) for item in self._items)]

    def leading_choices(self) -> Sequence[tuple[str, str]]:
        return ()


class RadiosField(ItemsField):
    """Single choice by radios."""

    widget = forms.RadioSelect


class SelectField(ItemsField):
    """Single choice from a list. `empty_label` is the first line, which means no answer."""

    widget = forms.Select

    def __init__(self, *, empty_label: str | None = None, **kwargs: Any) -> None:
        self.empty_label = empty_label
        super().__init__(**kwargs)

    def leading_choices(self) -> Sequence[tuple[str, str]]:
        return () if self.empty_label is None else (("", self.empty_label),)


class CheckboxesField(ItemsField, forms.MultipleChoiceField):
    """Multiple choice; the value is a list in the order of the items."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "invalid_choice": "Choose from the options shown.",
        "invalid_list": "Choose from the options shown.",
        "exclusive": "Choose either “%(exclusive)s” or the other options, not both.",
    }

    def to_python(self, value: Any) -> list[str]:
        chosen = super().to_python(value)
        order = {item.value: position for position, item in enumerate(self.items)}
        return sorted(dict.fromkeys(chosen), key=lambda each: order.get(each, len(order)))

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        alone = next((item for item in self.items if item.exclusive and item.value in value), None)
        if alone and len(value) > 1:
            raise ValidationError(
                self.error_messages["exclusive"], code="exclusive", params={"exclusive": alone.label}
            )


def parts_of(value: Any) -> list[str]:
    """Day, month and year of a date, or of an ISO date string as stored in JSON."""
    try:
        date = parse_date(value) if isinstance(value, str) else value
    except ValueError:
        date = None
    if not isinstance(date, datetime.date):
        return ["", "", ""]
    return [str(date.day), str(date.month), str(date.year)]


class DateWidget(forms.MultiWidget):
    """Three inputs named `<name>_day`, `<name>_month` and `<name>_year`."""

    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        inputs: dict[str, forms.Widget | type[forms.Widget]] = {
            part: forms.TextInput({"inputmode": "numeric"}) for part in PARTS
        }
        super().__init__(inputs, attrs)

    def decompress(self, value: Any) -> list[str]:
        return parts_of(value)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_{PARTS[0]}" if id_ else id_


class DateField(GovukField):
    """Date typed as day, month and year; the value is a date or None.

    Errors name the erroneous parts in `params["parts"]`. `noun` names the date in errors, by default “Date”.
    """

    widget = DateWidget
    required_message = staticmethod(words.enter_date)
    default_error_messages = {
        "incomplete": "%(noun)s must include a %(missing)s",
        "invalid": "%(noun)s must be a real date",
        "short_year": "Year must include 4 numbers",
        "out_of_range": "Year must be between %(earliest)s and %(latest)s",
    }

    def __init__(self, *, earliest: int = 2000, latest: int = 2100, **kwargs: Any) -> None:
        self.earliest = earliest
        self.latest = latest
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime.date | None:
        if value in self.empty_values:
            return None
        typed = value if isinstance(value, list | tuple) else parts_of(value)
        try:
            return date_from_parts([part or "" for part in typed], earliest=self.earliest, latest=self.latest)
        except DateProblem as problem:
            raise ValidationError(
                self.error_messages[problem.code],
                code=problem.code,
                params={
                    "parts": problem.parts,
                    "noun": self.noun or "Date",
                    "missing": problem.missing,
                    "earliest": self.earliest,
                    "latest": self.latest,
                },
            ) from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Submitted parts without unsaveable characters."""
        submitted = super().bound_data(data, initial)
        if isinstance(submitted, list | tuple):
            return [text.without_unsaveable(part or "") for part in submitted]
        return submitted

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return not self.disabled and self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True
