import datetime

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from decisions.forms import DescriptionForm, PartForm
from tests.decisions.factories import make_option, make_question

QUICK_DATES = (
    make_option("tomorrow", text="Tomorrow", days=1),
    make_option("one-week", text="In one week", days=7),
)
REVIEW_ON = make_question("decide.review_on", "date", options=QUICK_DATES)


def form_for(question, data=None, answers=None, direction="asked", also=()):
    posted = None
    if data is not None:
        posted = QueryDict(mutable=True)
        for name, value in data.items():
            posted.setlist(name, value if isinstance(value, list) else [value])
    return PartForm(posted, questions=[question, *also], direction=direction, answers=answers or {})


def answer_to(question, data, **kwargs):
    form = form_for(question, data, **kwargs)
    assert form.is_valid(), form.errors
    return form.answers()[question.key]


class TestNothingIsRequired:
    @pytest.mark.parametrize(
        "question",
        [
            make_question("what.request", required=True),
            make_question("what.sure", "one", options=(make_option("yes"),), required=True),
            make_question("what.kinds", "several", options=(make_option("health"),)),
            make_question("decide.review_on", "date"),
            REVIEW_ON,
        ],
        ids=lambda question: f"{question.kind}",
    )
    def test_a_page_can_be_saved_without_an_answer(self, question):
        assert not answer_to(question, {})


class TestText:
    @given(
        st.text(
            alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=100
        )
    )
    @example("another-date")
    def test_any_text_within_the_limit_is_kept(self, text):
        assert (
            answer_to(make_question("what.request", max_length=100), {"what.request": text}) == text.strip()
        )

    def test_text_over_the_limit_is_an_error_and_is_shown_in_full(self):
        form = form_for(make_question("what.request", max_length=10), {"what.request": "Eleven char"})
        assert not form.is_valid()
        assert "10 characters or fewer" in form.errors["what.request"][0]
        assert "Eleven char" in form.as_p()

    def test_browser_line_breaks_count_as_one_character(self):
        assert answer_to(make_question("what.request", max_length=3), {"what.request": "a\r\nb"}) == "a\nb"


class TestChoices:
    def test_only_the_options_of_the_direction_are_offered(self):
        question = make_question(
            "decide.outcome",
            "one",
            options=(make_option("share", directions=("asked",)), make_option("check")),
        )
        assert [
            item.value for item in form_for(question, direction="told").fields["decide.outcome"].items
        ] == ["check"]

    @pytest.mark.parametrize("kind", ["one", "several"])
    def test_an_unknown_option_is_refused(self, kind):
        question = make_question("what.kinds", kind, options=(make_option("health"),))
        for option, is_known in [("forged", False), ("health", True)]:
            assert form_for(question, {"what.kinds": option}).is_valid() is is_known

    def test_several_are_kept(self):
        question = make_question(
            "what.kinds", "several", options=(make_option("health"), make_option("money"))
        )
        assert answer_to(question, {"what.kinds": ["money", "health"]}) == ["health", "money"]

    def test_an_option_holds_the_field_it_reveals(self):
        told = make_question("decide.told", "one", options=(make_option("no", reveals="decide.why_not"),))
        form = form_for(told, also=[make_question("decide.why_not")])
        assert form.fields["decide.told"].items[0].reveals == "decide.why_not"


class TestDates:
    def test_a_quick_choice_counts_from_today(self):
        expected = timezone.localdate() + datetime.timedelta(days=7)
        assert answer_to(REVIEW_ON, {"decide.review_on": "one-week"}) == expected.isoformat()

    def test_another_date_is_the_one_typed(self):
        typed = {
            "decide.review_on": "another-date",
            "decide.review_on.another_day": "1",
            "decide.review_on.another_month": "12",
            "decide.review_on.another_year": "2026",
        }
        assert answer_to(REVIEW_ON, typed) == "2026-12-01"

    def test_another_date_is_required_when_chosen(self):
        form = form_for(REVIEW_ON, {"decide.review_on": "another-date"})
        assert not form.is_valid()
        assert "decide.review_on.another" in form.errors

    def test_no_date_is_no_date(self):
        assert answer_to(REVIEW_ON, {"decide.review_on": "no-date"}) == ""

    def test_a_saved_date_is_shown_as_another_date(self):
        form = form_for(REVIEW_ON, answers={"decide.review_on": "2026-12-01"})
        assert form.initial["decide.review_on"] == "another-date"
        assert form.initial["decide.review_on.another"] == datetime.date(2026, 12, 1)

    def test_quick_choices_say_which_day_they_mean(self):
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        label = form_for(REVIEW_ON).fields["decide.review_on"].items[0].label
        assert label == f"Tomorrow ({tomorrow:%A %-d %B})"


class TestDescription:
    def test_needs_direction_and_summary(self):
        form = DescriptionForm({})
        assert not form.is_valid()
        assert set(form.errors) == {"direction", "summary"}

    def test_needs_no_case_reference(self):
        assert DescriptionForm({"direction": "asked", "summary": "A ward asks"}).is_valid()

    def test_hints_ask_for_no_name(self):
        form = DescriptionForm()
        assert "Never a name" in form.fields["summary"].help_text
        assert "Never a name" in form.fields["case_reference"].help_text
