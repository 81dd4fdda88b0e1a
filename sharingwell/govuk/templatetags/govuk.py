"""Tags for pages.

`{% error_summary form %}`, `{% govuk_form form %}`, `{% govuk_field form.name %}`, and for all else
`{% govuk_component "button" text="Save" %}`.
"""

from collections.abc import Mapping
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField

from sharingwell.govuk.components import Component
from sharingwell.govuk.context import component_for
from sharingwell.govuk.structure import revealing_item
from sharingwell.govuk.summary import error_list

register = template.Library()


@register.simple_tag
def govuk_component(name: str, params: Mapping[str, Any] | None = None, /, **more: Any) -> Component:
    """Any component of GOV.UK Frontend by its name and parameters: `{% govuk_component "button" text="Save" %}`."""
    return Component(name, {**(params or {}), **more})


@register.simple_tag
def error_summary(*forms_on_page: forms.BaseForm | None) -> Component | str:
    """Error summary of one or more forms; empty where there is no error. Place it above the h1."""
    items = [item for form in forms_on_page if form and form.errors for item in error_list(form)]
    if not items:
        return ""
    return Component("error-summary", {"titleText": "There is a problem", "errorList": items})


@register.inclusion_tag("govuk/parts/form.html")
def govuk_form(
    form: forms.BaseForm, *, show_labels: bool | str = True, show_errors: bool | str = True
) -> dict[str, Any]:
    """All fields of a Django form, without `<form>`, CSRF token, error summary or button."""
    return {
        "show_labels": show_labels,
        "show_errors": show_errors,
        "hidden_fields": form.hidden_fields(),
        "fields": [field for field in form.visible_fields() if not revealing_item(field)],
    }


@register.simple_tag
def govuk_field(
    field: BoundField | forms.BaseForm,
    name: str = "",
    *,
    show_label: bool | str = True,
    show_errors: bool | str = True,
    wrapper_classes: str = "",
) -> Component | BoundField | str:
    """One field: `{% govuk_field form.name %}`, or `{% govuk_field form "what.urgency" %}` if its name has a dot.

    Empty for a field that another one reveals and renders. An empty string for a switch counts as True.
    """
    if isinstance(field, forms.BaseForm):
        field = field[name]
    if field.is_hidden:
        return field
    if revealing_item(field):
        return ""
    return component_for(
        field,
        show_label=show_label is not False,
        show_errors=show_errors is not False,
        wrapper_classes=wrapper_classes,
    )
