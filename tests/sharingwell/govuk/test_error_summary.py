"""Each link of an error summary leads to a focusable control with the error."""

import pytest
from django import forms
from django.utils.html import format_html

from sharingwell.govuk.forms import (
    CheckboxesField,
    ChoiceItem,
    DateField,
    GovukForm,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)
from tests.sharingwell.govuk.pages import by_id, control_at, page, summary_links, words

YES_OR_NO = [ChoiceItem("yes", "Yes", reveals="role.how"), ChoiceItem("no", "No")]
KINDS = {
    "text": TextField(5, label="Name"),
    "long text": LongTextField(5, label="Reasons"),
    "radios": RadiosField(label="Sure?", items=[ChoiceItem("yes", "Yes"), ChoiceItem("no", "No")]),
    "checkboxes": CheckboxesField(
        label="Kinds", items=[ChoiceItem("a", "A"), ChoiceItem("b", "B", exclusive=True)]
    ),
    "select": SelectField(label="Direction", items=[ChoiceItem("a", "A")], empty_label=""),
    "date": DateField(label="When"),
    "email": forms.EmailField(),
    "password": forms.CharField(widget=forms.PasswordInput),
    "plain text area": forms.CharField(widget=forms.Textarea),
    "single checkbox": forms.BooleanField(label="I agree"),
    "standard radios": forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect),
    "standard select": forms.MultipleChoiceField(choices=[("a", "A")]),
    "file": forms.FileField(),
    "split date and time": forms.SplitDateTimeField(),
    "date in lists": forms.DateField(widget=forms.SelectDateWidget(years=[2026])),
}


@pytest.mark.parametrize("auto_id", ["id_%s", "field-%s", False])
@pytest.mark.parametrize("kind", KINDS)
def test_link_leads_to_a_control_that_bears_the_error(kind, auto_id):
    name = "part.question"
    form_class = type("OneField", (GovukForm,), {name: KINDS[kind]})

    found = page(form_class({}, auto_id=auto_id))

    ((message, href),) = summary_links(found).items()
    control = control_at(found, href)
    assert control["name"].startswith(name)
    group = control.find_parent(class_="govuk-form-group--error")
    assert words(group.select_one(".govuk-error-message")) == f"Error: {message}"


def test_nothing_is_shown_without_errors():
    form = type("OneField", (GovukForm,), {"name": TextField(5)})

    assert page(form({"name": "x"}), "{% error_summary form %}").text == ""
    assert page(form(), "{% error_summary form %}").text == ""
    assert page(form(), "{% error_summary nothing %}").text == ""


class Two(GovukForm):
    first = TextField(5, label="First")
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    second = TextField(5, label="Second")

    def clean(self):
        self.add_error(None, "These two do not go together.")
        self.add_error("second", "Enter another one.")
        self.add_error("first", "Enter one.")
        self.add_error("token", "This page is out of date.")


def test_errors_of_the_form_come_first_then_those_of_fields_in_the_order_of_the_page():
    found = page(Two({"first": "a", "second": "b"}))

    summary = found.select_one(".govuk-error-summary")
    assert words(summary.h2) == "There is a problem"
    assert summary["data-module"] == "govuk-error-summary"
    assert [words(line) for line in summary.find_all("li")] == [
        "These two do not go together.",
        "This page is out of date.",
        "Enter one.",
        "Enter another one.",
    ]


def test_error_of_the_form_leads_to_its_first_field_and_a_hidden_ones_nowhere():
    assert summary_links(page(Two({"first": "a", "second": "b"}))) == {
        "These two do not go together.": "#id_first",
        "Enter one.": "#id_first",
        "Enter another one.": "#id_second",
    }


def test_error_of_a_form_without_fields_is_plain_text():
    class Empty(GovukForm):
        def clean(self):
            raise forms.ValidationError("Nothing to do.")

    found = page(Empty({}))

    assert words(found.select_one(".govuk-error-summary li")) == "Nothing to do."
    assert not summary_links(found)


class Role(GovukForm):
    """Adds the revealed field before the one that reveals it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role.how"] = TextField(5, label="How")
        self.fields["role.consistent"] = RadiosField(label="Consistent?", items=list(reversed(YES_OR_NO)))
        self.fields["role.basis"] = TextField(5, label="Basis")


def test_link_leads_into_the_chosen_option():
    found = page(Role({"role.consistent": "yes"}))

    assert summary_links(found) == {"Enter how": "#id_role.how", "Enter basis": "#id_role.basis"}
    assert control_at(found, "#id_role.how").find_parent(id="conditional-id_role.consistent-2")


def test_link_to_a_field_inside_an_option_not_chosen_leads_to_the_option():
    """With JavaScript the field is hidden and not focusable."""
    found = page(Role({"role.consistent": "no", "role.how": "too long", "role.basis": "x"}))

    ((_, href),) = summary_links(found).items()
    assert href == "#id_role.consistent-2"
    assert control_at(found, href)["data-aria-controls"] == "conditional-id_role.consistent-2"


def test_errors_follow_the_page_where_a_revealed_field_comes_after_its_question():
    found = page(Role({}))

    assert [words(line) for line in found.select(".govuk-error-summary li")] == [
        "Choose an answer to “Consistent?”",
        "Enter how",
        "Enter basis",
    ]


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ({"when_day": "1", "when_year": "2026"}, "month"),
        ({"when_day": "1", "when_month": "1", "when_year": "26"}, "year"),
        ({"when_day": "31", "when_month": "2", "when_year": "2026"}, "day"),
        ({}, "day"),
    ],
)
def test_link_of_a_date_leads_to_the_first_part_at_fault(typed, part):
    form = type("OneDate", (GovukForm,), {"when": DateField()})
    found = page(form(typed))

    ((_, href),) = summary_links(found).items()
    assert href == f"#id_when_{part}"
    assert "govuk-input--error" in control_at(found, href)["class"]


def test_error_put_on_a_date_by_the_form_marks_all_of_it():
    form = type("OneDate", (GovukForm,), {"when": DateField()})(
        {"when_day": "1", "when_month": "1", "when_year": "2026"}
    )
    form.add_error("when", "Date must be in the future")

    found = page(form)

    assert summary_links(found) == {"Date must be in the future": "#id_when_day"}
    assert len(found.select("input.govuk-input--error")) == 3


def test_words_of_an_error_are_escaped_unless_marked_safe():
    form = Two({"first": "a", "second": "b"})
    form.add_error("first", "<script>alert(1)</script>")
    form.add_error("first", format_html("<strong>{}</strong>", "<i>"))

    found = page(form)

    assert not found.find_all(["script", "i"])
    assert len(found.find_all("strong")) == 2


def test_errors_of_several_forms_share_one_summary():
    found = page(Role({"role.consistent": "yes"}), "{% error_summary form form %}")

    assert len(found.select(".govuk-error-summary")) == 1
    assert len(found.select(".govuk-error-summary li")) == 4


def test_crispy_errors_are_the_summary():
    assert summary_links(page(Role({}), "{{ form|as_crispy_errors }}{{ form|crispy }}"))


def test_title_is_a_heading_inside_an_alert():
    summary = page(Role({})).select_one(".govuk-error-summary")

    assert summary.select_one("[role=alert] > h2.govuk-error-summary__title")
    assert by_id(page(Role({})), "id_role.basis")
