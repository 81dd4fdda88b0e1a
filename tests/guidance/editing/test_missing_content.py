from __future__ import annotations

from guidance.content.reader import read_folder
from guidance.content.schema import Example, Section
from guidance.editing.missing_content import MissingFigure, find_missing_content
from tests.guidance.factories import FIRST_VERSION


def test_missing_content_of_the_first_version() -> None:
    version = read_folder(FIRST_VERSION)
    gaps = find_missing_content(version.sections, version.examples)

    assert [(link.section, link.words) for link in gaps.links] == [
        ("About this guide", "here"),
        ("To find out more about Changing Futures", "web page"),
    ]
    assert gaps.links[0].passage.endswith("You can read more about Trusted Person Approaches here.")
    assert gaps.figures == (
        MissingFigure(
            section="The Legal Framework (Data Protection, Duty of Confidentiality)",
            anchor="legal-framework",
            after="The way to get it right is as follows:",
            drawing="what-who-why",
        ),
    )


def test_a_gap_in_an_example_is_found_where_the_example_stands() -> None:
    section = Section(slug="one", title="One", body="::: example two\n:::")
    example = Example(slug="two", title="Two", body="See [this](#).", section="one")

    (link,) = find_missing_content([section], [example]).links

    assert (link.section, link.anchor, link.words) == ("One", "two", "this")
