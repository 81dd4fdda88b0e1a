"""Forms of GOV.UK components: rendering, values, and no loss of input."""

import datetime

import pytest
from bs4 import BeautifulSoup
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout
from django import forms
from django.utils.html import format_html

from sharingwell.govuk.forms import (
    CheckboxesField,
    ChoiceItem,
    DateField,
    GovukForm,
    GovukFormMixin,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)
from tests.sharingwell.govuk.pages import by_id, described, page, words

URGENCIES = [
    ChoiceItem("now", "Someone could come to serious harm now", hint="Call 999 first"),
    ChoiceItem("days", "Within days", reveals="what.deadline"),
    ChoiceItem("planned", "It can be planned"),
]
KINDS = [
    ChoiceItem("health", "Health"),
    ChoiceItem("housing", "Housing"),
    ChoiceItem("other", "Something else", reveals="what.other_kind"),
    ChoiceItem("unknown", "Don’t know yet", exclusive=True),
]


class Questions(GovukForm):
    """Like the forms of decisions: names with dots, fields added one by one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what.urgency"] = RadiosField(label="How soon?", items=URGENCIES, required=False)
        self.fields["what.deadline"] = DateField(label="By when?", required=False)
        self.fields["what.kinds"] = CheckboxesField(label="What kinds?", items=KINDS, required=False)
        self.fields["what.other_kind"] = TextField(100, label="What else?", required=False)
        self.fields["what.request"] = LongTextField(
            2000, label="What is being asked", help_text="In your own words", rows=8, required=False
        )


def checked(found: BeautifulSoup) -> list[str]:
    return [box["value"] for box in found.find_all("input", checked=True)]


def one_field(field: forms.Field, name: str = "why.purpose") -> type[GovukForm]:
    return type("OneField", (GovukForm,), {name: field})


# Text


def test_long_text_is_a_character_count_with_the_limit_in_words():
    found = page(Questions())

    textarea = by_id(found, "id_what.request")
    group = textarea.find_parent(attrs={"data-module": "govuk-character-count"})
    assert group["data-maxlength"] == "2000"
    assert textarea["rows"] == "8"
    assert described(found, textarea) == ["You can enter up to 2,000 characters", "In your own words"]


@pytest.mark.parametrize("field", [TextField(10), LongTextField(10), forms.CharField(max_length=10)])
def test_browser_is_never_told_to_cut_text_off(field):
    form = one_field(field)()

    assert not page(form).find_all(attrs={"maxlength": True})
    assert not page(form).find_all(attrs={"required": True})


@pytest.mark.parametrize("kind", [TextField, LongTextField])
def test_text_that_is_too_long_comes_back_whole_with_the_count(kind):
    form = one_field(kind(2000, label="Purpose"))({"why.purpose": "x" * 2105})

    control = by_id(page(form), "id_why.purpose")

    assert form.errors["why.purpose"] == [
        "Purpose must be 2,000 characters or fewer. You have entered 2,105."
    ]
    assert (control.get("value") or control.text.strip()) == "x" * 2105


def test_text_that_is_just_long_enough_is_accepted():
    form = one_field(LongTextField(2000, label="Purpose"))({"why.purpose": "x" * 2000})

    assert form.is_valid()


def test_a_line_break_counts_once_whatever_the_browser_sends():
    form = one_field(LongTextField(5))({"why.purpose": "a\r\nb\rc"})

    assert form.is_valid()
    assert form.cleaned_data == {"why.purpose": "a\nb\nc"}


def test_server_counts_an_emoji_as_the_page_does():
    """GOV.UK's script counts UTF-16 code units."""
    assert not one_field(LongTextField(1))({"why.purpose": "\N{FACE WITH COWBOY HAT}"}).is_valid()
    assert one_field(LongTextField(2))({"why.purpose": "\N{FACE WITH COWBOY HAT}"}).is_valid()


def test_label_that_is_a_question_is_quoted_in_an_error():
    form = one_field(TextField(2, label="Why 100% sure?"))({"why.purpose": "xxx"})

    assert form.errors["why.purpose"] == [
        "Your answer to “Why 100% sure?” must be 2 characters or fewer. You have entered 3."
    ]


@pytest.mark.parametrize("character", ["\0", "\x0b", "\x1b", "\x7f", "\x9f", "\ud800"])
def test_character_that_cannot_be_saved_is_an_error_and_saving_again_works(character):
    form = one_field(LongTextField(100, label="Purpose"))({"why.purpose": f"be{character}fore\nafter\t!"})
    shown_again = by_id(page(form), "id_why.purpose").text.removeprefix("\n").removeprefix("\n")
    again = one_field(LongTextField(100))({"why.purpose": shown_again})

    assert "a character that cannot be saved" in form.errors["why.purpose"][0]
    assert again.is_valid()
    assert again.cleaned_data == {"why.purpose": "before\nafter\t!"}


def test_first_line_break_of_a_text_survives_being_shown():
    """HTML drops one line break at the start of a textarea."""
    form = one_field(LongTextField(100))({"why.purpose": "\n\nx"})

    assert "\n\n\nx</textarea>" in str(by_id(page(form), "id_why.purpose"))


@pytest.mark.parametrize("kind", [TextField, LongTextField])
def test_script_in_text_is_shown_as_text(kind):
    script = "</textarea>\"><script>alert('x')</script>"
    found = page(one_field(kind(5, label=script, help_text=script))({"why.purpose": script}))

    control = by_id(found, "id_why.purpose")

    assert not found.find_all("script")
    assert (control.get("value") or control.text.strip()) == script
    assert script in found.find("label").text
    assert script in found.select_one(".govuk-hint").text


SCRIPT = "</textarea>\"'><script>alert('x')</script>"


@pytest.mark.parametrize(
    "kind",
    [
        TextField,
        lambda **words: LongTextField(5, **words),
        lambda **words: RadiosField(items=[ChoiceItem(SCRIPT, SCRIPT, hint=SCRIPT)], **words),
        lambda **words: CheckboxesField(
            items=[ChoiceItem("a", SCRIPT, hint=SCRIPT, exclusive=True)], **words
        ),
        lambda **words: SelectField(items=[ChoiceItem(SCRIPT, SCRIPT)], empty_label=SCRIPT, **words),
        DateField,
        forms.BooleanField,
        forms.FileField,
        forms.SplitDateTimeField,
    ],
)
def test_no_words_of_a_field_are_taken_for_html(kind):
    form = one_field(kind(label=SCRIPT, help_text=SCRIPT))({"why.purpose": SCRIPT})
    form.add_error("why.purpose", SCRIPT)
    form.add_error(None, SCRIPT)
    found = page(form)

    assert not found.find_all("script")
    assert SCRIPT in found.find(["label", "legend"]).text
    assert all(
        SCRIPT in each.text for each in found.select(".govuk-hint:not(.govuk-character-count__message)")
    )
    assert SCRIPT in found.select_one(".govuk-error-message").text
    assert SCRIPT in found.select_one(".govuk-error-summary").text


def test_html_passes_only_when_it_is_marked_safe():
    safe = one_field(TextField(5, label="Name", help_text=format_html("<em>{}</em>", "<b>")))()
    plain = one_field(TextField(5, label="Name", help_text="<em>x</em>"))()

    assert page(safe).select_one(".govuk-hint em").text == "<b>"
    assert not page(plain).find_all("em")


def test_empty_required_field_says_what_to_enter():
    class Start(GovukForm):
        summary = TextField(100, label="Short summary")
        nhs = TextField(100, label="NHS number")
        reason = LongTextField(100, label="Why now?")
        own_words = TextField(100, label="Name", error_messages={"required": "Say who you are"})
        day = DateField(label="Review date")
        sure = RadiosField(label="Are you sure?", items=[ChoiceItem("yes", "Yes")])
        email = forms.EmailField()
        agreed = forms.BooleanField(label="I have read the guide")

    assert {name: messages[0] for name, messages in Start({}).errors.items()} == {
        "summary": "Enter short summary",
        "nhs": "Enter NHS number",
        "reason": "Answer “Why now?”",
        "own_words": "Say who you are",
        "day": "Enter review date",
        "sure": "Choose an answer to “Are you sure?”",
        "email": "Enter email",
        "agreed": "Tick “I have read the guide”",
    }


# Choices


def test_fields_without_answers_are_valid_and_ask_for_nothing():
    form = Questions({})

    assert form.is_valid()
    assert form.cleaned_data == {
        "what.urgency": "",
        "what.deadline": None,
        "what.kinds": [],
        "what.other_kind": "",
        "what.request": "",
    }
    assert "optional" not in page(form).text


def test_first_option_has_the_id_of_the_field():
    found = page(Questions())

    assert [radio["id"] for radio in found.find_all("input", type="radio")] == [
        "id_what.urgency",
        "id_what.urgency-2",
        "id_what.urgency-3",
    ]


def test_option_has_its_hint():
    found = page(Questions())

    assert described(found, by_id(found, "id_what.urgency")) == ["Call 999 first"]


@pytest.mark.parametrize(
    "template",
    ["{% govuk_form form %}", "{{ form|crispy }}", "{% crispy form %}", "{% crispy form form.helper %}"],
)
def test_revealed_field_is_inside_its_option_and_nowhere_else(template):
    found = page(Questions(), template)

    radio = by_id(found, "id_what.urgency-2")
    conditional = by_id(found, radio["data-aria-controls"])
    assert "govuk-radios__conditional--hidden" in conditional["class"]
    assert by_id(found, "id_what.deadline_day").find_parent(id=conditional["id"])
    assert by_id(found, "id_what.other_kind").find_parent(id="conditional-id_what.kinds-3")
    assert len(found.find_all(attrs={"name": "what.other_kind"})) == 1


def test_revealed_field_is_drawn_once_by_a_layout_that_names_it():
    form = Questions()
    form.helper = FormHelper(form)
    form.helper.form_tag = False

    assert len(page(form, "{% crispy form %}").find_all(attrs={"name": "what.other_kind"})) == 1


def test_chosen_option_shows_what_it_reveals():
    found = page(Questions(initial={"what.urgency": "days", "what.deadline": "2026-03-20"}))

    assert "govuk-radios__conditional--hidden" not in by_id(found, "conditional-id_what.urgency-2")["class"]
    assert by_id(found, "id_what.deadline_month")["value"] == "3"


def test_exclusive_option_follows_a_divider():
    found = page(Questions())

    box = by_id(found, "id_what.kinds-4")
    assert box["data-behaviour"] == "exclusive"
    assert words(box.parent.find_previous_sibling()) == "or"
    assert len(found.select(".govuk-checkboxes__divider")) == 1


def test_exclusive_option_with_others_is_an_error_and_all_stay_chosen():
    form = Questions({"what.kinds": ["health", "unknown"]})

    assert form.errors["what.kinds"] == ["Choose either “Don’t know yet” or the other options, not both."]
    assert [box["value"] for box in page(form).select("input[type=checkbox][checked]")] == [
        "health",
        "unknown",
    ]


def test_exclusive_option_alone_is_an_answer():
    form = Questions({"what.kinds": ["unknown"]})

    assert form.is_valid()
    assert form.cleaned_data["what.kinds"] == ["unknown"]


def test_several_choices_come_in_the_order_of_the_options_without_repeats():
    form = Questions({"what.kinds": ["housing", "health", "housing"]})

    assert form.is_valid()
    assert form.cleaned_data["what.kinds"] == ["health", "housing"]


@pytest.mark.parametrize("value", ["gone", "<script>", "\0", "now\0", " now", "x" * 10_000])
def test_unknown_options_are_refused_and_the_known_stay_chosen(value):
    form = Questions({"what.urgency": value, "what.kinds": ["housing", value]})
    found = page(form)

    assert form.errors["what.urgency"] == ["Choose one of the options shown."]
    assert form.errors["what.kinds"] == ["Choose from the options shown."]
    assert not found.select("input[type=radio][checked]")
    assert [box["value"] for box in found.select("input[type=checkbox][checked]")] == ["housing"]
    assert not found.find_all("script")


def test_select_has_an_empty_line_and_keeps_the_answer():
    field = SelectField(
        label="Direction", items=[ChoiceItem("asked", "We were asked")], empty_label="Choose one"
    )
    found = page(one_field(field)({"why.purpose": "asked"}))

    assert [(option["value"], option.text) for option in found.find_all("option")] == [
        ("", "Choose one"),
        ("asked", "We were asked"),
    ]
    assert found.select_one("option[selected]")["value"] == "asked"
    assert one_field(field)({"why.purpose": "x"}).errors["why.purpose"] == [
        "Choose one of the options shown."
    ]


def test_options_can_be_set_when_the_form_is_made():
    form = Questions()
    form.fields["what.kinds"].items = [ChoiceItem("money", "Money")]

    assert [box["value"] for box in page(form).select("input[type=checkbox]")] == ["money"]
    assert Questions().fields["what.kinds"].choices[0] == ("health", "Health")


# Dates


def date_form(day: str, month: str, year: str, **kwargs) -> GovukForm:
    typed = {"why.purpose_day": day, "why.purpose_month": month, "why.purpose_year": year}
    return one_field(DateField(label="Review", **kwargs))(typed)


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        (("20", "3", "2026"), datetime.date(2026, 3, 20)),
        ((" 01 ", "01", "2000"), datetime.date(2000, 1, 1)),
        (("31", "12", "2100"), datetime.date(2100, 12, 31)),
        (("29", "2", "2028"), datetime.date(2028, 2, 29)),
    ],
)
def test_date_is_understood(typed, date):
    form = date_form(*typed)

    assert form.is_valid()
    assert form.cleaned_data == {"why.purpose": date}


@pytest.mark.parametrize(
    ("typed", "error", "marked"),
    [
        (("20", "", "2026"), "Date must include a month", ["month"]),
        (("", "3", ""), "Date must include a day and year", ["day", "year"]),
        (("32", "3", "2026"), "Date must be a real date", ["day"]),
        (("1", "13", "2026"), "Date must be a real date", ["month"]),
        (("0", "0", "2026"), "Date must be a real date", ["day", "month"]),
        (("31", "2", "2026"), "Date must be a real date", ["day", "month", "year"]),
        (("29", "2", "2027"), "Date must be a real date", ["day", "month", "year"]),
        (("1", "March", "2026"), "Date must be a real date", ["month"]),
        (("1", "3", "٢٠٢٦"), "Date must be a real date", ["year"]),
        (("-1", "3", "2026"), "Date must be a real date", ["day"]),
        (("1", "3", "12026"), "Date must be a real date", ["year"]),
        (("1\x00", "3", "2026"), "Date must be a real date", ["day"]),
        (("1", "3", "0000"), "Date must be a real date", ["day", "month", "year"]),
        (("1", "3", "26"), "Year must include 4 numbers", ["year"]),
        (("31", "12", "1999"), "Year must be between 2000 and 2100", ["year"]),
        (("1", "1", "2101"), "Year must be between 2000 and 2100", ["year"]),
    ],
)
def test_wrong_date_names_and_marks_what_is_wrong_and_keeps_what_was_typed(typed, error, marked):
    form = date_form(*typed)
    found = page(form)

    inputs = [by_id(found, f"id_why.purpose_{part}") for part in ("day", "month", "year")]
    assert form.errors["why.purpose"] == [error]
    assert [
        each["id"].rsplit("_", 1)[1] for each in inputs if "govuk-input--error" in each["class"]
    ] == marked
    assert [each["value"] for each in inputs] == [part.replace("\0", "") for part in typed]
    assert {each["inputmode"] for each in inputs} == {"numeric"}


def test_date_can_be_called_something_else():
    form = date_form("1", "", "2026", noun="Review date")

    assert form.errors["why.purpose"] == ["Review date must include a month"]


@pytest.mark.parametrize("initial", [datetime.date(2026, 3, 20), "2026-03-20"])
def test_date_shows_what_was_kept(initial):
    found = page(one_field(DateField())(initial={"why.purpose": initial}))

    assert [each["value"] for each in found.find_all("input")] == ["20", "3", "2026"]


def test_script_in_a_date_is_shown_as_text():
    found = page(date_form('"><script>', "<b>", "x" * 5000))

    assert not found.find_all(["script", "b"])
    assert by_id(found, "id_why.purpose_day")["value"] == '"><script>'
    assert by_id(found, "id_why.purpose_year")["value"] == "x" * 5000


@pytest.mark.parametrize(
    ("field", "initial", "same", "other"),
    [
        (DateField(), "2026-03-20", {"n_day": "20", "n_month": "03", "n_year": "2026"}, {"n_day": "21"}),
        (LongTextField(100), "a\nb", {"n": "a\r\nb "}, {"n": "a"}),
        (CheckboxesField(items=KINDS), ["health"], {"n": ["health"]}, {"n": ["health", "housing"]}),
        (RadiosField(items=URGENCIES), "now", {"n": "now"}, {"n": "days"}),
    ],
)
def test_form_knows_whether_an_answer_changed(field, initial, same, other):
    kind = one_field(field, "n")

    assert not kind(same, initial={"n": initial}).has_changed()
    assert kind(other, initial={"n": initial}).has_changed()


# Labels


def test_label_size_is_the_forms_or_the_fields():
    class Sized(GovukForm):
        label_size = "m"
        name = TextField(10)
        sure = RadiosField(items=URGENCIES[:1], label_size="l")
        date = DateField(label_size="")

    found = page(Sized())

    assert "govuk-label--m" in found.find("label", attrs={"for": "id_name"})["class"]
    assert [legend["class"][1:] for legend in found.find_all("legend")] == [["govuk-fieldset__legend--l"], []]


def test_page_has_one_heading_when_the_form_says_its_label_is_it():
    class Sized(GovukForm):
        label_is_page_heading = True
        sure = RadiosField(label="Are you sure?", items=URGENCIES[:1])
        name = TextField(10)

    found = page(Sized())

    assert words(found.find("h1")) == "Are you sure?"
    assert found.find("h1").parent.name == "legend"
    assert len(found.find_all("h1")) == 1


def test_field_can_be_the_page_heading_itself():
    found = page(one_field(TextField(10, label="Your name", label_is_page_heading=True, label_size="xl"))())

    assert found.select_one("h1 > label.govuk-label--xl").text.strip() == "Your name"


# Other people's forms


class SignIn(forms.Form):
    """Like django-allauth's forms."""

    login = forms.EmailField(
        label="Email",
        max_length=320,
        widget=forms.EmailInput(
            attrs={"placeholder": "Email address", "autocomplete": "email", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label="Password",
        help_text=format_html('<a href="{}">Forgot your password?</a>', "/accounts/password/reset/"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "spellcheck": "false"}),
    )
    remember = forms.BooleanField(label="Remember Me", required=False)
    next = forms.CharField(widget=forms.HiddenInput, required=False)


def test_any_django_form_can_be_drawn():
    found = page(SignIn(initial={"next": "/here/"}), "{% govuk_form form %}")

    email, password = by_id(found, "id_login"), by_id(found, "id_password")
    assert (email["type"], email["autocomplete"], email["autofocus"]) == ("email", "email", "")
    assert (password["type"], password["autocomplete"]) == ("password", "current-password")
    assert password["spellcheck"] == "false"
    assert not found.find_all(attrs={"placeholder": True})
    assert found.select_one(".govuk-hint a")["href"] == "/accounts/password/reset/"
    assert words(found.find("label", attrs={"for": "id_remember"})) == "Remember Me"
    assert found.select_one("input[type=hidden]")["value"] == "/here/"


def test_password_is_never_shown_again_and_the_rest_is():
    found = page(SignIn({"login": "not an address", "password": "secret", "remember": "on"}))

    assert "value" not in by_id(found, "id_password").attrs
    assert by_id(found, "id_login")["value"] == "not an address"
    assert "checked" in by_id(found, "id_remember").attrs
    assert described(found, by_id(found, "id_login")) == ["Error: Enter a valid email address."]


def test_mixin_applies_to_any_form():
    class OurSignIn(GovukFormMixin, SignIn):
        pass

    found = page(OurSignIn({}))

    assert not found.find_all(attrs={"required": True})
    assert "Enter password" in words(found)


def test_several_errors_of_one_field_are_all_shown():
    form = SignIn({"login": "a@b.example", "password": "x"})
    form.add_error("password", ["Too short.", "Too common <b>."])

    found = page(form)

    assert words(by_id(found, "id_password-error")) == "Error: Too short.Too common <b>."


def test_standard_choices_and_widgets_without_a_component_are_drawn():
    class Mixed(forms.Form):
        colour = forms.ChoiceField(choices=[("r", "Red"), ("Cold", [("b", "Blue")])])
        colours = forms.MultipleChoiceField(choices=[("r", "Red"), ("b", "Blue")])
        day = forms.DateField(widget=forms.SelectDateWidget(years=[2026]), help_text="Soon")
        moment = forms.SplitDateTimeField(help_text="Then")
        note = forms.CharField(
            widget=forms.Textarea(attrs={"rows": 3, "cols": 9, "class": "wide", "data-x": 1})
        )
        fixed = forms.CharField(disabled=True, initial="as it is")
        number = forms.IntegerField(initial=1234567)

    found = page(Mixed({"colours": ["r", "b"]}))

    assert [option["value"] for option in by_id(found, "id_colour").find_all("option")] == ["r", "b"]
    assert "multiple" in by_id(found, "id_colours").attrs
    assert len(by_id(found, "id_colours").select("option[selected]")) == 2
    assert by_id(found, "id_day_month")
    assert described(found, by_id(found, "id_moment_0").find_parent("fieldset"))[0] == "Then"
    assert "wide" in by_id(found, "id_note")["class"]
    assert (by_id(found, "id_note")["rows"], by_id(found, "id_note")["data-x"]) == ("3", "1")
    assert "cols" not in by_id(found, "id_note").attrs
    assert "disabled" in by_id(found, "id_fixed").attrs
    assert by_id(page(Mixed()), "id_number")["value"] == "1234567"


# Crispy


def test_crispy_form_has_no_form_tag_and_no_token_unless_asked():
    found = page(Questions(), "{% crispy form %}")

    assert not found.find_all("form")
    assert not found.find_all(attrs={"name": "csrfmiddlewaretoken"})


def test_crispy_form_with_its_own_tag_is_not_checked_by_the_browser():
    form = Questions()
    form.helper.form_tag = True
    form.helper.form_action = "/decisions/new/"

    found = page(form, "{% crispy form %}")

    assert (found.form["action"], found.form["method"]) == ("/decisions/new/", "post")
    assert "novalidate" in found.form.attrs


def test_layout_objects_are_drawn_with_names_that_have_dots():
    form = Questions()
    form.helper.layout = Layout(
        HTML("<p class='before'>{{ form.fields|length }} questions</p>"),
        Fieldset(
            "The request",
            Field("what.request", css_class="wide", wrapper_class="apart", data_note="a & b"),
            css_class="first",
        ),
        Div("what.urgency", "what.kinds", css_class="second", css_id="second"),
    )

    found = page(form, "{% crispy form %}")

    textarea = by_id(found, "id_what.request")
    assert found.select_one("p.before").text == "5 questions"
    assert words(textarea.find_parent("fieldset").legend) == "The request"
    assert "wide" in textarea["class"]
    assert textarea["data-note"] == "a & b"
    assert "apart" in textarea.find_parent(class_="govuk-form-group")["class"]
    assert by_id(found, "second").find(id="id_what.kinds")


def test_hidden_fields_are_not_lost_by_a_layout():
    class WithHidden(GovukForm):
        name = TextField(10)
        version = forms.CharField(widget=forms.HiddenInput)

    form = WithHidden(initial={"version": "3"})
    form.helper.layout = Layout("name")

    assert by_id(page(form, "{% crispy form %}"), "id_version")["value"] == "3"


@pytest.mark.parametrize(
    "template", ['{% govuk_field form "what.request" %}', "{{ form.visible_fields.4|as_crispy_field }}"]
)
def test_single_field_can_be_drawn(template):
    found = page(Questions(), template)

    assert [each["name"] for each in found.find_all(["input", "textarea"])] == ["what.request"]


def test_label_can_be_hidden_but_stays_for_screen_readers():
    form = Questions()
    form.helper.form_show_labels = False

    found = page(form, "{% crispy form %}")

    assert found.find("label", attrs={"for": "id_what.request"})["class"] == [
        "govuk-label",
        "govuk-visually-hidden",
    ]
    assert "govuk-visually-hidden" in found.find("legend")["class"]


def test_form_with_a_prefix_has_ids_and_names_of_its_own():
    found = page(Questions(prefix="second"))

    assert by_id(found, "id_second-what.request")["name"] == "second-what.request"
    assert by_id(found, "id_second-what.deadline_day")["name"] == "second-what.deadline_day"


def test_no_id_is_given_twice_and_all_references_lead_somewhere():
    found = page(Questions({"what.deadline_day": "1", "what.kinds": ["x"], "what.request": "x" * 3000}))

    ids = [element["id"] for element in found.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for attribute in ("aria-describedby", "data-aria-controls", "for"):
        for element in found.find_all(attrs={attribute: True}):
            for reference in element[attribute].split():
                assert by_id(found, reference)
