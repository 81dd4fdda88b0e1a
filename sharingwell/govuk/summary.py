"""What the error summary of a form lists, and where each line leads."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from sharingwell.govuk.context import text_or_html
from sharingwell.govuk.fields import DateWidget
from sharingwell.govuk.structure import (
    choices,
    control_id,
    erroneous_parts,
    in_order_shown,
    item_ids,
    part_id,
    revealing_item,
)


def error_list(form: forms.BaseForm) -> list[dict[str, Any]]:
    """Items of the error summary: the form's own errors first, then each field's in the order of the page."""
    return list(lines(form))


def lines(form: forms.BaseForm) -> Iterator[dict[str, Any]]:
    shown = list(in_order_shown(form))
    first = next((href for field in shown if (href := target(field))), None)
    for message in form.non_field_errors():
        yield line(message, first)
    for field in form.hidden_fields():
        for message in field.errors:
            yield line(message, None)
    for field in shown:
        for message in field.errors:
            yield line(message, target(field))


def line(message: Any, href: str | None) -> dict[str, Any]:
    return {**text_or_html(message), "href": href}


def target(field: BoundField) -> str | None:
    """Where a link to this field must lead: always to a control that can be seen and take the focus.

    That is the first radio or checkbox, the first erroneous part of a date, or the input itself. A field
    inside an option that is not chosen cannot be seen: the link leads to the option, which shows the field.
    """
    if revealed_by := revealing_item(field):
        other, item = revealed_by
        for choice, item_id in zip(choices(other), item_ids(other), strict=True):
            if choice["value"] == item.value and not choice["selected"]:
                return target(other) and f"#{item_id}"
    widget = field.field.widget
    if isinstance(widget, DateWidget):
        return f"#{part_id(field, next(iter(erroneous_parts(field)), 'day'))}"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"#{control_id(field)}" if choices(field) else None
    if isinstance(widget, forms.MultiWidget):
        return f"#{control_id(field)}{widget.widgets_names[0]}"  # type: ignore[attr-defined]
    if isinstance(widget, forms.SelectDateWidget):
        # This widget makes ids of its own, whatever the form's are.
        return f"#{widget.id_for_label(f'id_{field.html_name}')}"
    return f"#{control_id(field)}"
