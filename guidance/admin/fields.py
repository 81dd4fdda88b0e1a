"""Fields for lists, conditions and wording in plain inputs, without scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from pydantic import ValidationError as SchemaError

from guidance.choices import Direction
from guidance.content.problems import readable_message
from guidance.content.schema import Condition, Wording
from guidance.content.wording import text_for_direction


class LinesField(forms.CharField):
    """List of texts, one per line, without empty ones."""

    widget = AdminTextareaWidget(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:  # CharField.clean returns a text
        return _lines(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != _lines(data or "")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class ConditionField(forms.CharField):
    """Condition as JSON, validated by the schema of the files; None where it is left empty."""

    widget = AdminTextareaWidget(attrs={"rows": 12})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or (value is None and not self.required):
            return value
        return json.dumps(value or {}, ensure_ascii=False, indent=2)

    def clean(self, value: Any) -> dict[str, Any] | None:  # CharField.clean returns a text
        text = super().clean(value)
        return _condition(text) if text else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(initial != (_condition(data) if data else None))
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
        raise ValidationError([sentence(readable_message(detail)) for detail in error.errors()]) from error
    return condition.column


class WordingWidget(forms.MultiWidget):
    """One input for each text (text, hint, statement) of each direction."""

    template_name = "guidance/admin/wording.html"
    use_fieldset = True

    def __init__(self, names: Iterable[str]) -> None:
        self.text_keys = [(direction, name) for direction in Direction for name in names]
        self.labels = [f"{name.capitalize()}, when “{direction.label}”" for direction, name in self.text_keys]
        super().__init__([AdminTextInputWidget() for _ in self.text_keys])

    def decompress(self, value: Any) -> list[str]:
        return [text_for_direction(value or {}, direction, name) for direction, name in self.text_keys]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for box, label in zip(context["widget"]["subwidgets"], self.labels, strict=True):
            box["label"] = label
        return context


class WordingField(forms.MultiValueField):
    """Wording by direction, validated by the schema of the files."""

    def __init__(self, shape: type[Wording], **kwargs: Any) -> None:
        self.shape = shape
        widget = WordingWidget(shape.model_fields)
        boxes = [forms.CharField(required=False) for _ in widget.text_keys]
        super().__init__(boxes, require_all_fields=False, widget=widget, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, dict[str, str]]:
        wording: dict[str, dict[str, str]] = {}
        for (direction, name), words in zip(
            self.widget.text_keys, data_list, strict=False
        ):  # `data_list` is empty without input
            if words:
                wording.setdefault(direction.value, {})[name] = words
        for direction, named in wording.items():
            self._check(Direction(direction), named)
        return wording

    def display_value(self, value: Any) -> str:
        """One line per non-empty text."""
        pairs = zip(self.widget.labels, self.widget.decompress(value), strict=True)
        return "\n".join(f"{label}: {words}" for label, words in pairs if words)

    def _check(self, direction: Direction, words: dict[str, str]) -> None:
        try:
            self.shape(**words)
        except SchemaError as error:
            details = [sentence(readable_message(detail)) for detail in error.errors()]
            raise ValidationError([f"“{direction.label}”: {detail}" for detail in details]) from error


def sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
