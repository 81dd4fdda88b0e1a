"""Forms as GOV.UK shows them: import the form base and the fields from here."""

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
    name_when_empty,
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
    """Put before any Django form's class. The page writes `<form method="post" novalidate>` and CSRF token.

    `label_size` ("s", "m", "l", "xl") is for all labels and legends; `label_is_page_heading` makes the first
    field's label the page's h1. A field's own say comes first.
    """

    use_required_attribute = False
    label_size: str = ""
    label_is_page_heading: bool = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        """Names what is missing. Not before: a form may add fields and change labels once it is made."""
        for name, field in self.fields.items():
            name_when_empty(field, pretty_name(name))
        super().full_clean()

    @cached_property
    def helper(self) -> FormHelper:
        """What `{% crispy form %}` goes by; give it a `layout` to change the order or add buttons."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.include_media = False
        helper.render_hidden_fields = True
        return helper


class GovukForm(GovukFormMixin, forms.Form):
    """A form of GOV.UK components."""
