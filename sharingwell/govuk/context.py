"""Maps a bound field to a GOV.UK component and its options. Does not change the form."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from sharingwell.govuk.components import Component
from sharingwell.govuk.dates import PARTS
from sharingwell.govuk.fields import ChoiceItem, DateWidget, LongTextField
from sharingwell.govuk.structure import (
    choices,
    control_id,
    erroneous_parts,
    fields_in_page_order,
    item_ids,
    part_id,
    widget_attrs,
)

Options = dict[str, Any]

# Attributes with an option in GOV.UK's macros.
MACRO_OPTIONS = ("autocomplete", "autocapitalize", "inputmode", "pattern")
# The server checks limits, with a message, where browsers would cut text off; placeholders disappear on typing.
OMITTED_ATTRIBUTES = (
    *("id", "class", "aria-describedby", "aria-invalid"),
    *("required", "maxlength", "minlength", "placeholder"),
)


def component_for(
    field: BoundField, *, show_label: bool = True, show_errors: bool = True, wrapper_classes: str = ""
) -> Component | SafeString:
    """Component that renders a field. Hidden inputs have none: print those with `{{ field }}`."""
    name, options = options_for(field)
    if not show_label:
        hide_label(options)
    if show_errors and field.errors:
        options["errorMessage"] = error_message(field)
    if wrapper_classes:
        options["formGroup"] = {"classes": wrapper_classes}
    return other(options) if name == "other" else Component(name, options)


def options_for(field: BoundField) -> tuple[str, Options]:
    """Name and options of the component, by the field's widget."""
    widget = field.field.widget
    if isinstance(widget, DateWidget):
        return "date-input", date_options(field)
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes", choice_options(field)
    if isinstance(widget, forms.RadioSelect):
        return "radios", choice_options(field)
    if isinstance(widget, forms.CheckboxInput):
        return "checkboxes", single_checkbox_options(field)
    if isinstance(widget, forms.Select):
        return "select", select_options(field)
    if isinstance(widget, forms.Textarea):
        return textarea_options(field)
    if isinstance(widget, forms.widgets.Input) and not isinstance(widget, forms.ClearableFileInput):
        return "input", input_options(field)
    return "other", other_options(field)


def text_or_html(value: Any) -> Options:
    """`html` only for a value marked safe."""
    value = str(value)
    return {"html": value} if hasattr(value, "__html__") else {"text": value}


def hint(field: BoundField) -> Options:
    return {"hint": text_or_html(field.help_text)} if field.help_text else {}


def error_message(field: BoundField) -> Options:
    messages = list(field.errors)
    if len(messages) == 1:
        return text_or_html(messages[0])
    return {"html": render_to_string("govuk/parts/messages.html", {"messages": messages})}


def label_size(field: BoundField) -> str:
    own = getattr(field.field, "label_size", None)
    return getattr(field.form, "label_size", "") if own is None else own


def is_page_heading(field: BoundField) -> bool:
    if getattr(field.field, "label_is_page_heading", False):
        return True
    if not getattr(field.form, "label_is_page_heading", False):
        return False
    first = next(fields_in_page_order(field.form), None)
    return first is not None and first.name == field.name


def label(field: BoundField) -> Options:
    size = label_size(field)
    return {
        "label": {
            **text_or_html(field.label),
            "classes": f"govuk-label--{size}" if size else "",
            "isPageHeading": is_page_heading(field),
        }
    }


def legend(field: BoundField) -> Options:
    size = label_size(field)
    return {
        "fieldset": {
            "legend": {
                **text_or_html(field.label),
                "classes": f"govuk-fieldset__legend--{size}" if size else "",
                "isPageHeading": is_page_heading(field),
            },
            "describedBy": widget_attrs(field).get("aria-describedby", ""),
        }
    }


def hide_label(options: Options) -> None:
    """Hides the label visually; screen readers still read it."""
    label_options = options["label"] if "label" in options else options.get("fieldset", {}).get("legend")
    if label_options:
        label_options["classes"] = "govuk-visually-hidden"


def attributes(attrs: Options, *, without: Iterable[str] = ()) -> Options:
    """Other attributes of the widget. Django's True means a name alone, None and False mean none."""
    return {
        "attributes": {
            name: {"value": value, "optional": True}
            for name, value in attrs.items()
            if name not in (*OMITTED_ATTRIBUTES, *without)
        }
    }


def control_options(field: BoundField) -> Options:
    """Options that inputs, selects and textareas share."""
    attrs = widget_attrs(field)
    spellcheck = {"true": True, "false": False}.get(str(attrs.get("spellcheck", "")).lower())
    return {
        "id": control_id(field),
        "name": field.html_name,
        "classes": attrs.get("class", ""),
        "describedBy": attrs.get("aria-describedby", ""),
        "disabled": bool(field.field.disabled or attrs.get("disabled")),
        "spellcheck": spellcheck,
        **label(field),
        **hint(field),
        **{name: attrs[name] for name in MACRO_OPTIONS if attrs.get(name)},
        **attributes(attrs, without=("spellcheck", "disabled", "rows", "cols", *MACRO_OPTIONS)),
    }


def input_options(field: BoundField) -> Options:
    """Takes value and type from the widget: a password is never rendered again."""
    widget = field.field.widget
    rendered = widget.get_context(field.html_name, field.value(), {})["widget"]
    options = {**control_options(field), "type": widget.input_type, "value": rendered["value"]}
    if isinstance(widget, forms.PasswordInput):
        # As GOV.UK's password input: no autocorrection of hidden text.
        options = {**options, "spellcheck": False, "autocapitalize": "none"}
    return options


def textarea_options(field: BoundField) -> tuple[str, Options]:
    options = {
        **control_options(field),
        "rows": widget_attrs(field).get("rows"),
        # HTML ignores the first line break of a textarea.
        "value": f"\n{field.field.widget.format_value(field.value()) or ''}",
    }
    if not isinstance(field.field, LongTextField):
        return "textarea", options
    limit = field.field.max_length
    return "character-count", {
        **options,
        "maxlength": limit,
        "threshold": field.field.threshold,
        "textareaDescriptionText": f"You can enter up to {limit:,} characters",
    }


def choice_options(field: BoundField) -> Options:
    """Options of radios or checkboxes."""
    attrs = widget_attrs(field)
    common = {"idPrefix": control_id(field), "name": field.html_name, "classes": attrs.get("class", "")}
    return {
        **common,
        "items": list(choice_items(field)),
        **folded_choices(field, common),
        **legend(field),
        **hint(field),
        **attributes(attrs, without=("autocomplete", "disabled")),
    }


def folded_choices(field: BoundField, common: Options) -> Options:
    """The folded items after the others, in a `details` that is open where one of them is chosen."""
    items = list(choice_items(field, folded=True))
    if not items:
        return {}
    details = {
        "summaryText": f"More to choose from ({len(items)})",
        "html": Component("checkboxes", {**common, "items": items}),
        "open": any(item["checked"] for item in items),
        "classes": "govuk-!-margin-bottom-0",
    }
    return {"formGroup": {"afterInputs": {"html": Component("details", details)}}}


def choice_items(field: BoundField, *, folded: bool = False) -> Iterator[Options]:
    own = {item.value: item for item in getattr(field.field, "items", ())}
    several = isinstance(field.field.widget, forms.CheckboxSelectMultiple)
    divided = False
    for position, (choice, item_id) in enumerate(zip(choices(field), item_ids(field), strict=True)):
        item = own.get(choice["value"]) or ChoiceItem(choice["value"], choice["label"])
        if item.folded is not folded:
            continue
        if several and item.exclusive and not divided:
            divided = True
            if position:
                yield {"divider": "or"}
        yield {
            **text_or_html(choice["label"]),
            "id": item_id,
            "value": choice["value"],
            "checked": choice["selected"],
            "disabled": choice["disabled"],
            "hint": text_or_html(item.hint) if item.hint else None,
            "behaviour": "exclusive" if several and item.exclusive else None,
            "conditional": {"html": component_for(field.form[item.reveals])} if item.reveals else None,
        }


def single_checkbox_options(field: BoundField) -> Options:
    """Options of a single checkbox: its label is the item's, so it needs no fieldset."""
    widget = field.field.widget
    attrs = widget_attrs(field)
    return {
        "idPrefix": control_id(field),
        "name": field.html_name,
        "classes": attrs.get("class", ""),
        "describedBy": attrs.get("aria-describedby", ""),
        "items": [
            {
                **text_or_html(field.label),
                **hint(field),
                "value": widget.format_value(field.value()) or "on",
                "checked": bool(widget.check_test(field.value())),
                "disabled": bool(field.field.disabled),
            }
        ],
        **attributes(attrs, without=("autocomplete", "disabled")),
    }


def select_options(field: BoundField) -> Options:
    widget = field.field.widget
    several = {"multiple": {"value": True, "optional": True}} if widget.allow_multiple_selected else {}
    common = control_options(field)
    return {
        **common,
        "items": [
            {
                "value": choice["value"],
                "text": choice["label"],
                "selected": choice["selected"],
                # The select is disabled, not each option.
                "disabled": choice["disabled"] and not field.field.disabled,
            }
            for choice in choices(field)
        ],
        "attributes": {**common["attributes"], **several},
    }


def date_options(field: BoundField) -> Options:
    value = field.value()
    typed = value if isinstance(value, list | tuple) else field.field.widget.decompress(value)
    erroneous = erroneous_parts(field)
    return {
        "id": control_id(field),
        "classes": widget_attrs(field).get("class", ""),
        "items": [
            {
                "id": part_id(field, part),
                "name": f"{field.html_name}_{part}",
                "label": part.capitalize(),
                "value": typed_part,
                "classes": part_classes(part, erroneous),
                **attributes({"disabled": field.field.disabled}),
            }
            for part, typed_part in zip(PARTS, typed, strict=True)
        ],
        **legend(field),
        **hint(field),
    }


def part_classes(part: str, erroneous: Collection[str]) -> str:
    width = "govuk-input--width-4" if part == "year" else "govuk-input--width-2"
    return f"govuk-input--error {width}" if part in erroneous else width


def other_options(field: BoundField) -> Options:
    """Options for any other widget: its own markup, described by our hint and error."""
    prefix = control_id(field)
    described = [f"{prefix}-hint"] * bool(field.help_text) + [f"{prefix}-error"] * bool(field.errors)
    attrs: dict[str, str | bool] = {"id": prefix}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return {
        "id": prefix,
        "describedBy": attrs.get("aria-describedby"),
        "control": field.as_widget(attrs=attrs),
        **(legend(field) if field.field.widget.use_fieldset else label(field)),
        **hint(field),
    }


def other(options: Options) -> SafeString:
    """Form group with Django's markup of a widget that has no GOV.UK component."""
    inside = render_to_string("govuk/parts/other_control.html", options)
    return render_to_string("govuk/other.html", {**options, "inside": inside})
