import datetime
from cProfile import Profile
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.gb import nhs

from decisions.domain.identifiers import REMOVED, Kind, find_identifiers, without_identifiers

TODAY = datetime.date(2026, 11, 23)


def found(text, **kwargs):
    return [(each.kind, each.text) for each in find_identifiers(text, today=TODAY, **kwargs)]


@pytest.mark.parametrize(
    ("kind", "text", "identifier"),
    [
        (Kind.NHS_NUMBER, "NHS no 943 476 5919 was given", "943 476 5919"),
        (Kind.NHS_NUMBER, "9434765919", "9434765919"),
        (Kind.NHS_NUMBER, "(943-476-5919)", "943-476-5919"),
        (Kind.NATIONAL_INSURANCE_NUMBER, "NI QQ is not one, AB 12 34 56 C is", "AB 12 34 56 C"),
        (Kind.NATIONAL_INSURANCE_NUMBER, "ab123456c", "ab123456c"),
        (Kind.EMAIL, "write to someone.else+1@example.org.", "someone.else+1@example.org"),
        (Kind.PHONE, "ring 01223 400000 x", "01223 400000"),
        (Kind.PHONE, "call 07400 123456", "07400 123456"),
        (Kind.PHONE, "+44 7400 123456", "+44 7400 123456"),
        (Kind.POSTCODE, "lives at CB3 0AP now", "CB3 0AP"),
        (Kind.POSTCODE, "sw1a1aa", "sw1a1aa"),
        (Kind.DATE_OF_BIRTH, "born 03/02/1974", "03/02/1974"),
        (Kind.DATE_OF_BIRTH, "dob 3.2.74", "3.2.74"),
        (Kind.DATE_OF_BIRTH, "3rd February 1974", "3rd February 1974"),
        (Kind.DATE_OF_BIRTH, "3 Feb 1974", "3 Feb 1974"),
    ],
)
def test_identifier_is_found(kind, text, identifier):
    assert found(text) == [(kind, identifier)]


@pytest.mark.parametrize(
    "text",
    [
        "943 476 5918 has the wrong check digit but is no number of a phone",
        "discharged on 20 November 2026",
        "review on 1/12/2026",
        "back in 2 days’ time",
        "room 12B on ward C4",
        "case HO-1042, reference SW-7K3M-Q9XD",
        "QQ 12 34 56 C",
        "31/02/1974",
        "@handle",
        "between 10 and 11",
        "Mr Smith, where names are not looked for",
    ],
)
def test_other_text_is_not_found(text):
    assert found(f"{text}; NHS 943 476 5919") == [(Kind.NHS_NUMBER, "943 476 5919")]


@pytest.mark.parametrize("text", ["Mr Smith", "Mrs. Anne-Marie O’Neill", "Dr J. Patel", "Ms Jo Van Dyke"])
def test_name_is_found_on_request(text):
    assert found(f"{text} asks", names=True) == [(Kind.NAME, text)]


@pytest.mark.parametrize("text", ["Ward asks about a placement", "the mr and mrs", "Miss appointments often"])
def test_words_that_are_not_names_are_not_found(text):
    assert found(text, names=True) == []
    assert found(f"{text}, Mr Smith says", names=True) == [(Kind.NAME, "Mr Smith")]


def test_several_are_found_in_order():
    text = "Born 03/02/1974, CB3 0AP, someone@example.org"
    assert [kind for kind, _ in found(text)] == [Kind.DATE_OF_BIRTH, Kind.POSTCODE, Kind.EMAIL]


def test_removal_leaves_the_rest_unchanged():
    assert (
        without_identifiers("Write to someone@example.org or CB3 0AP.") == f"Write to {REMOVED} or {REMOVED}."
    )


@given(st.integers(min_value=0, max_value=999_999_999))
def test_any_number_with_the_right_check_digit_is_an_nhs_number(number):
    for digit in range(10):
        whole = f"{number:09d}{digit}"
        kinds = [each.kind for each in find_identifiers(f"no {whole} x", today=TODAY)]
        assert (Kind.NHS_NUMBER in kinds) == nhs.is_valid(whole)


@given(st.text(max_size=200))
def test_any_text_can_be_searched_and_no_identifier_remains_after_removal(text):
    identifiers = find_identifiers(text, names=True, today=TODAY)
    for each in identifiers:
        assert text[each.start : each.end] == each.text
    assert all(one.end <= other.start for one, other in pairwise(identifiers))


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("a@b.cc'd@e.ff", ["a@b.cc", "'d@e.ff"]),
        ("x@a@b.cc", ["a@b.cc"]),
        ("@b.cc@d.ee", ["b.cc@d.ee"]),
        ("a@b, c@d.ee", ["c@d.ee"]),
    ],
)
def test_addresses_that_touch_are_told_apart(text, addresses):
    assert [each for kind, each in found(text) if kind == Kind.EMAIL] == addresses


def test_month_in_letters_that_only_look_like_it_is_read_without_an_error():
    assert found("born 1 \N{LATIN SMALL LETTER LONG S}ep 1974") == [
        (Kind.DATE_OF_BIRTH, "1 \N{LATIN SMALL LETTER LONG S}ep 1974")
    ]


MOST_CALLS = 150  # of functions, for each character


@pytest.mark.parametrize(
    "piece", ["0", "a", "@", "a@", "a@b.cc ", ".", "-", " ", "0 ", "1/", "(", "+44", "Mr A ", "01223 400000 "]
)
def test_work_grows_with_the_text_and_no_faster(piece):
    text = piece * (4000 // len(piece))
    with Profile() as profile:
        without_identifiers(text, names=True)
    assert sum(each.callcount for each in profile.getstats()) < MOST_CALLS * len(text)
