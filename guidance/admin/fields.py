"""Lists and conditions in a text area, so that they can be written without scripts."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from pydantic import ValidationError as SchemaError

from guidance.problems import plain_words
from guidance.schema import Condition


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


def sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
