"""Controls of a form: their ids, their order on the page, and which reveals which."""

from collections.abc import Iterator
from html import unescape
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from sharingwell.govuk.dates import PARTS
from sharingwell.govuk.fields import ChoiceItem


def widget_attrs(field: BoundField) -> dict[str, Any]:
    """Attributes of the widget, unescaped: crispy's `Field` stores escaped ones, marked safe."""
    return {
        name: unescape(value) if hasattr(value, "__html__") else value
        for name, value in field.field.widget.attrs.items()
    }


def control_id(field: BoundField) -> str:
    """Id of the field's control, or the prefix of its controls' ids."""
    return widget_attrs(field).get("id") or field.auto_id or field.html_name


def choices(field: BoundField) -> list[dict[str, Any]]:
    """Value, label and state of each choice of the widget, without groups."""
    widget = field.field.widget
    groups = widget.optgroups(field.html_name, widget.format_value(field.value()))
    disabled = bool(field.field.disabled)
    return [
        {
            "value": str(option["value"]),
            "label": option["label"],
            "selected": bool(option["selected"]),
            "disabled": disabled or bool(option["attrs"].get("disabled")),
        }
        for _, options, _ in groups
        for option in options
    ]


def item_ids(field: BoundField) -> Iterator[str]:
    """The first id is the field's own, which the error summary links to; the others are numbered from 2."""
    prefix = control_id(field)
    for number, _ in enumerate(choices(field), start=1):
        yield prefix if number == 1 else f"{prefix}-{number}"


def part_id(field: BoundField, part: str) -> str:
    return f"{control_id(field)}_{part}"


def erroneous_parts(field: BoundField) -> tuple[str, ...]:
    """Erroneous parts of a date, in order; all of them where an error names none."""
    named = [(error.params or {}).get("parts", PARTS) for error in field.errors.as_data()]
    return tuple(part for part in PARTS if any(part in parts for parts in named))


def revealing_item(field: BoundField) -> tuple[BoundField, ChoiceItem] | None:
    """Field and item that reveal this field, if any."""
    for name, other in field.form.fields.items():
        for item in getattr(other, "items", ()):
            if item.reveals == field.name:
                return field.form[name], item
    return None


def fields_in_page_order(form: forms.BaseForm) -> Iterator[BoundField]:
    """Visible fields in the order of the page: a revealed field follows the one that reveals it."""
    for field in form.visible_fields():
        if not revealing_item(field):
            yield from with_revealed(field)


def with_revealed(field: BoundField) -> Iterator[BoundField]:
    """A field and those its items reveal, recursively."""
    yield field
    for item in getattr(field.field, "items", ()):
        if item.reveals:
            yield from with_revealed(field.form[item.reveals])
