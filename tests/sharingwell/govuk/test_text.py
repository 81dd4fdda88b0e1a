"""Any input is either saved or rendered again."""

import unicodedata

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from sharingwell.govuk import words
from sharingwell.govuk.forms import GovukForm, LongTextField, TextField
from sharingwell.govuk.templatetags.govuk import govuk_field

LIMIT = 20
# Any text, with what goes wrong made likelier: control characters, line breaks, markup, astral characters.
AWKWARD = "\0\x0b\x1f\x7f\x85\ud800\r\n\t &<>\"'\u2028\N{NO-BREAK SPACE}\N{FACE WITH COWBOY HAT}"
ANY_TEXT = st.text(st.one_of(st.characters(), st.sampled_from(AWKWARD)), max_size=LIMIT * 2)


class Short(GovukForm):
    answer = TextField(LIMIT, required=False)


class Long(GovukForm):
    answer = LongTextField(LIMIT, required=False)


def with_one_kind_of_line_break(text: str) -> str:
    return "\n".join(text.replace("\r\n", "\n").split("\r"))


def is_kept(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")


def shown(form: GovukForm) -> str:
    """Text of the control in a browser, which ignores the first line break of a textarea."""
    html = str(govuk_field(form["answer"]))
    control = BeautifulSoup(html, "html.parser", on_duplicate_attribute="error").find(id="id_answer")
    return control.get("value", "") if control.name == "input" else control.text.removeprefix("\n")


@pytest.mark.parametrize("form_class", [Short, Long])
@given(typed=ANY_TEXT)
def test_any_text_is_kept_as_it_is_or_comes_back(form_class, typed):
    form = form_class({"answer": typed})
    text = with_one_kind_of_line_break(typed)

    if form.is_valid():
        assert form.cleaned_data == {"answer": text.strip()}
        assert len(text.strip()) <= LIMIT
        assert all(map(is_kept, text))
    else:
        assert not all(map(is_kept, text)) or len(text.strip().encode("utf-16-le")) > LIMIT * 2
        assert shown(form) == "".join(filter(is_kept, text))


@pytest.mark.parametrize("form_class", [Short, Long])
@given(typed=ANY_TEXT)
def test_saving_again_fails_only_for_length(form_class, typed):
    form = form_class({"answer": typed})
    if form.is_valid():
        return

    again = form_class({"answer": shown(form)})

    assert again.is_valid() or again.errors.as_data()["answer"][0].code == "too_long"


@given(typed=ANY_TEXT)
def test_what_is_kept_is_kept_again(typed):
    form = Long({"answer": typed})
    if not form.is_valid():
        return

    again = Long({"answer": form.cleaned_data["answer"]})

    assert again.is_valid()
    assert again.cleaned_data == form.cleaned_data


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("Short summary", "Enter short summary"),
        ("NHS number", "Enter NHS number"),
        ("iPhone", "Enter iPhone"),
        ("I agree", "Enter I agree"),
        ("Why?", "Answer “Why?”"),
        ("", "Enter an answer"),
    ],
)
def test_sentence_is_made_from_the_label(label, sentence):
    assert words.enter(label) == sentence
