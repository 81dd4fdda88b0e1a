"""Forms of GOV.UK components: import the form base and the fields from here."""

from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from django import forms
from django.forms.utils import pretty_name
from django.utils.functional import cached_property

from sharingwell.govuk.fields import (
    CheckboxesField,
    ChoiceItem,
    DateField,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
    set_required_message,
)

__all__ = [
    "CheckboxesField",
    "ChoiceItem",
    "DateField",
    "GovukForm",
    "GovukFormMixin",
    "LongTextField",
    "RadiosField",
    "SelectField",
    "TextField",
]

if TYPE_CHECKING:
    _Form = forms.BaseForm
else:
    _Form = object


class GovukFormMixin(_Form):
    """Mixin for any Django form class. The page writes `<form method="post" novalidate>` and the CSRF token.

    `label_size` (“s”, “m”, “l”, “xl”) applies to all labels and legends; `label_is_page_heading` makes the first label
    the page's h1. A field's own attributes take precedence.
    """

    use_required_attribute = False
    label_size: str = ""
    label_is_page_heading: bool = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        """Sets the messages of required fields here: a subclass may add fields or change labels after `__init__`."""
        for name, field in self.fields.items():
            set_required_message(field, pretty_name(name))
        super().full_clean()

    @cached_property
    def helper(self) -> FormHelper:
        """Helper of `{% crispy form %}`; set its `layout` to change the order or add buttons."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.include_media = False
        helper.render_hidden_fields = True
        return helper


class GovukForm(GovukFormMixin, forms.Form):
    """A form of GOV.UK components."""
