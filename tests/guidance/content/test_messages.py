"""A message is filled in line by line, and names only what there is."""

from guidance.content.messages import fill_in

TEXT = """Hello,

We share this: {decide.shared}
Until: {decide.review_on}

Quote {reference}.

{name}
{job_title}
"""


def test_a_line_that_names_something_without_an_answer_is_left_out():
    words = {
        "decide.shared": "The date.\nAnd the place.",
        "reference": "SW-1",
        "name": "Robin",
        "job_title": "",
    }
    assert fill_in(TEXT, words) == (
        "Hello,\n\nWe share this: The date.\nAnd the place.\n\nQuote SW-1.\n\nRobin\n"
    )


def test_an_answer_that_looks_like_a_placeholder_stays_as_it_is():
    assert fill_in("{name}", {"name": "{reference}", "reference": "SW-1"}) == "{reference}\n"


def test_nothing_stays_of_an_empty_paragraph():
    assert fill_in("Hello\n\n{name}\n\nBye", {}) == "Hello\n\nBye\n"
