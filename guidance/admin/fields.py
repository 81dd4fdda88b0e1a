"""Lists, conditions and wording in plain boxes, so that they can be written without scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from pydantic import ValidationError as SchemaError

from guidance.choices import Direction
from guidance.content.problems import plain_words
from guidance.content.schema import Condition, Wording
from guidance.content.wording import words_for


class LinesField(forms.CharField):
    """A list of texts, one a line; empty lines do not count."""

    widget = AdminTextareaWidget(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:  # from text to the list it stands for
        return _lines(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != _lines(data or "")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class ConditionField(forms.CharField):
    """A condition as JSON, checked by the same schema as a condition in a file."""

    widget = AdminTextareaWidget(attrs={"rows": 12})

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value or {}, ensure_ascii=False, indent=2)

    def clean(self, value: Any) -> dict[str, Any]:  # from text to what it stands for
        return _condition(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(initial != _condition(data or ""))
        except ValidationError:
            return True


def _condition(text: str) -> dict[str, Any]:
    try:
        condition = Condition.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        raise ValidationError(f"This is not JSON: see line {error.lineno}, {error.msg}.") from error
    except RecursionError as error:
        raise ValidationError("This is not a condition: it has too many brackets.") from error
    except SchemaError as error:
        raise ValidationError([sentence(plain_words(detail)) for detail in error.errors()]) from error
    return condition.model_dump(mode="json", exclude_defaults=True)


class WordingWidget(forms.MultiWidget):
    """A box for each of the names (text, hint, statement) of each direction, in their order."""

    template_name = "guidance/admin/wording.html"
    use_fieldset = True

    def __init__(self, names: Iterable[str]) -> None:
        self.places = [(direction, name) for direction in Direction for name in names]
        self.labels = [f"{name.capitalize()}, when “{direction.label}”" for direction, name in self.places]
        super().__init__([AdminTextInputWidget() for _ in self.places])

    def decompress(self, value: Any) -> list[str]:
        return [words_for(value or {}, direction, name) for direction, name in self.places]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for box, label in zip(context["widget"]["subwidgets"], self.labels, strict=True):
            box["label"] = label
        return context


class WordingField(forms.MultiValueField):
    """How a question or an option is put when the information goes one way, checked by the schema of files."""

    def __init__(self, shape: type[Wording], **kwargs: Any) -> None:
        self.shape = shape
        widget = WordingWidget(shape.model_fields)
        boxes = [forms.CharField(required=False) for _ in widget.places]
        super().__init__(boxes, require_all_fields=False, widget=widget, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, dict[str, str]]:
        wording: dict[str, dict[str, str]] = {}
        for (direction, name), words in zip(
            self.widget.places, data_list, strict=False
        ):  # an empty list, if none
            if words:
                wording.setdefault(direction.value, {})[name] = words
        for direction, named in wording.items():
            self._check(Direction(direction), named)
        return wording

    def in_words(self, value: Any) -> str:
        """What it says, a line for each box that says something."""
        pairs = zip(self.widget.labels, self.widget.decompress(value), strict=True)
        return "\n".join(f"{label}: {words}" for label, words in pairs if words)

    def _check(self, direction: Direction, words: dict[str, str]) -> None:
        try:
            self.shape(**words)
        except SchemaError as error:
            details = [sentence(plain_words(detail)) for detail in error.errors()]
            raise ValidationError([f"“{direction.label}”: {detail}" for detail in details]) from error


def sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
