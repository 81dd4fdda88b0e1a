"""Tags and filters for the component templates. Pages load `govuk` instead."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString

from sharingwell.govuk.components import Component

register = template.Library()


@register.simple_tag
def component(name: str, options: Mapping[str, Any] | None = None, **more: Any) -> str:
    """Renders a component from a mapping of options; `more` takes precedence."""
    return str(Component(name, {**(options or {}), **more}))


@register.simple_tag
def content(html: Any, text: Any) -> str:
    """Prints `html` as it is only when marked safe; always escapes `text`."""
    return conditional_escape(html) if html else escape(text)


@register.simple_tag
def attributes(values: Mapping[str, Any] | None) -> SafeString:
    """HTML attributes by the rules of GOV.UK's macro, all values escaped.

    A plain value is always written. `{"value": …, "optional": True}` is omitted when None or False, and is a name alone
    when True.
    """
    return flatatt({name: attribute(value) for name, value in (values or {}).items()})


def attribute(option: Any) -> str | bool | None:
    """Value for `flatatt`: True for a name alone, None to omit it."""
    optional = isinstance(option, Mapping) and option.get("optional", False)
    value = option.get("value") if isinstance(option, Mapping) else option
    if optional and (value is None or isinstance(value, bool)):
        return True if value else None
    return attribute_text(value)


@register.filter
def attribute_text(value: Any) -> str:
    """Text of an attribute's value: `true` for `True`, no grouped digits, never marked safe."""
    if value is None:
        return ""
    return "".join(str(value).lower() if isinstance(value, bool) else str(value))


@register.simple_tag
def attributes_if_set(**values: Any) -> SafeString:
    """HTML attributes with a value; True gives a name alone. `aria_label` becomes `aria-label`."""
    return flatatt(
        {
            name.replace("_", "-"): True if value is True else attribute_text(value)
            for name, value in values.items()
            if value
        }
    )


@register.simple_tag
def true_or_false(name: str, value: Any) -> SafeString:
    """Attribute with `true` or `false`; omitted where the value is no boolean."""
    return flatatt({name: attribute_text(value)} if isinstance(value, bool) else {})


@register.simple_tag
def classes(*names: str) -> str:
    """Joins the class names that are not empty."""
    return " ".join(attribute_text(name) for name in names if name)


@register.simple_tag
def described_by(own: str, control_id: str, hint: Any, error_message: Any) -> str:
    """Ids that describe a control: its own, its hint's, its error's. Escaped where printed."""
    ids = [own, f"{control_id}-hint" if hint else "", f"{control_id}-error" if error_message else ""]
    return " ".join(str(each) for each in ids if each)


@register.simple_tag
def item_id(item: Mapping[str, Any], prefix: str, position: int) -> str:
    """The first item has the bare prefix, which the error summary links to."""
    return item.get("id") or (f"{prefix}-{position}" if position > 1 else prefix)


@register.simple_tag
def first_truthy(*values: Any) -> Any:
    """First truthy value. (The `default` filter fails when its argument is missing.)"""
    return next((value for value in values if value), "")


@register.simple_tag
def is_checked(item: Mapping[str, Any], value: Any, values: Any) -> bool:
    """Whether a radio or checkbox is chosen: by its own `checked`, else by value or values."""
    if item.get("checked") is not None:
        return bool(item["checked"])
    return item.get("value") in values if values else bool(value) and item.get("value") == value


@register.simple_tag
def is_selected(item: Mapping[str, Any], value: Any) -> bool:
    """Whether an option is chosen: by its own `selected`, else by its value, or its text if it has none."""
    if item.get("selected") is not None:
        return bool(item["selected"])
    return bool(value) and (item["value"] if "value" in item else item.get("text")) == value


COUNT_MESSAGES = (
    *("characters_under_limit", "characters_at_limit", "characters_over_limit"),
    *("words_under_limit", "words_at_limit", "words_over_limit"),
)


@register.simple_tag(takes_context=True)
def character_count_attributes(context: template.Context) -> dict[str, Any]:
    """Attributes that GOV.UK's script reads from the form group of a character count."""
    limited = context.get("maxwords") or context.get("maxlength")
    description = context.get("textarea_description_text")
    count_type = context.get("count_type") or ("words" if context.get("maxwords") else None)
    return {
        "data-module": "govuk-character-count",
        "data-maxlength": {"value": context.get("maxlength"), "optional": True},
        "data-maxwords": {"value": context.get("maxwords"), "optional": True},
        "data-threshold": {"value": context.get("threshold"), "optional": True},
        "data-count-type": {"value": count_type, "optional": True},
        **({} if limited or not description else i18n("textarea_description", {"other": description})),
        **{
            name: text
            for message in COUNT_MESSAGES
            for name, text in i18n(message, context.get(f"{message}_text")).items()
        },
        **((context.get("form_group") or {}).get("attributes") or {}),
    }


def i18n(message: str, texts: Any) -> dict[str, str]:
    """GOV.UK's `data-i18n.*` attributes from one text, or from texts by plural rule."""
    key = f"data-i18n.{message.replace('_', '-')}"
    if isinstance(texts, Mapping):
        return {f"{key}.{rule}": text for rule, text in texts.items()}
    return {key: texts} if texts else {}


@register.simple_tag(takes_context=True)
def count_description(context: template.Context) -> str:
    """Limit as a sentence, for pages without JavaScript; empty where only the script knows the limit."""
    limit = context.get("maxwords") or context.get("maxlength")
    counted = "words" if context.get("count_type") == "words" or context.get("maxwords") else "characters"
    text = context.get("textarea_description_text") or f"You can enter up to %{{count}} {counted}"
    return text.replace("%{count}", str(limit)) if limit else ""


@register.simple_tag(takes_context=True)
def date_parts(context: template.Context) -> list[dict[str, Any]]:
    """The three inputs of a date, as options of the input component.

    Follows GOV.UK's macro: `items` precedes `day`, `month` and `year`; a part's own value precedes `values`; where the
    error names no part, all are marked.
    """
    values = context.get("values") or {}
    standard = {
        part: {"name": part, "value": values.get(part)} if context.get(part) is None else context[part]
        for part in ("day", "month", "year")
    }
    items = [item for item in context.get("items") or standard.values() if item]
    any_marked = any(marked(item) for item in items)
    prefix = f"{context['name_prefix']}-" if context.get("name_prefix") else ""

    def input_options(item: Mapping[str, Any]) -> dict[str, Any]:
        part = next((part for part, own in standard.items() if is_part(item, part, own)), None)
        name = item.get("name") or part or ""
        value = item.get("value")
        if value is None and part and standard[part]:
            value = standard[part].get("value")
        if value is None:
            value = values.get(prefix + name)
        own_classes = item.get("classes") or ""
        in_error = marked(item) or (
            item.get("error") is not False and context.get("error_message") and not any_marked
        )
        names = ["govuk-date-input__input"]
        if in_error and "govuk-input--error" not in own_classes:
            names.append("govuk-input--error")
        if "govuk-input--width-" not in own_classes:
            names.append("govuk-input--width-4" if part == "year" else "govuk-input--width-2")
        return {
            "label": {"text": item.get("label") or name.capitalize(), "classes": "govuk-date-input__label"},
            "id": item.get("id") or f"{context.get('id', '')}-{name}",
            "name": prefix + name,
            "classes": " ".join([*names, own_classes]).strip(),
            "value": value,
            "inputmode": item.get("inputmode") or "numeric",
            "autocomplete": item.get("autocomplete"),
            "pattern": item.get("pattern"),
            "disabled": item.get("disabled"),
            "attributes": item.get("attributes"),
        }

    return [input_options(item) for item in items]


def marked(item: Mapping[str, Any]) -> bool:
    """Whether this part of a date is marked as erroneous."""
    return bool(item.get("error")) or "govuk-input--error" in (item.get("classes") or "")


def is_part(item: Mapping[str, Any], part: str, own: Any) -> bool:
    """Whether an item is this part of the date, by identity or by name."""
    return item is own or bool(item.get("name") and item["name"] in (part, own and own.get("name")))


class CaptureNode(template.Node):
    def __init__(self, nodelist: template.NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: template.Context) -> SafeString:
        context[self.name] = self.nodelist.render(context)
        return SafeString("")


@register.simple_tag
def without_bootstrap(names: str) -> str:
    """Removes the Bootstrap classes that crispy adds to layout objects."""
    return " ".join(name for name in names.split() if name != "btn" and not name.startswith("btn-"))


@register.tag
def capture(parser: template.base.Parser, token: template.base.Token) -> CaptureNode:
    """`{% capture as name %}…{% endcapture %}`: stores rendered HTML for another component's `html` option."""
    _, keyword, name = token.split_contents()
    if keyword != "as":
        raise template.TemplateSyntaxError("capture needs: as name")
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, name)
