"""Lists the errors of a form for the error summary, with a link for each."""

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
    fields_in_page_order,
    item_ids,
    part_id,
    revealing_item,
)


def error_list(form: forms.BaseForm) -> list[dict[str, Any]]:
    """Items of the error summary: errors of the form, then of each field in page order."""
    return list(lines(form))


def lines(form: forms.BaseForm) -> Iterator[dict[str, Any]]:
    visible = list(fields_in_page_order(form))
    first = next((href for field in visible if (href := target(field))), None)
    for message in form.non_field_errors():
        yield line(message, first)
    for field in form.hidden_fields():
        for message in field.errors:
            yield line(message, None)
    for field in visible:
        for message in field.errors:
            yield line(message, target(field))


def line(message: Any, href: str | None) -> dict[str, Any]:
    return {**text_or_html(message), "href": href}


def target(field: BoundField) -> str | None:
    """Link to a visible and focusable control of this field.

    That is the first radio or checkbox, the first erroneous part of a date, or the input itself. For a field inside an
    option that is not chosen it is the option, which reveals the field.
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
        # This widget ignores the form's auto_id.
        return f"#{widget.id_for_label(f'id_{field.html_name}')}"
    return f"#{control_id(field)}"
