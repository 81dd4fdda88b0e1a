"""PDF of a version: the text of its page, in order, and accessible."""

from __future__ import annotations

import datetime
import io
import re
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject
from pytest_django import DjangoAssertNumQueries

from guidance.content.schema import Example, Resource, Section
from guidance.models import GuideVersion
from guidance.render import pdf
from guidance.render.letters import Lettering
from guidance.render.pdf import render_pdf
from tests.guidance.factories import ExampleFactory, GuideVersionFactory, ResourceFactory, SectionFactory
from tests.sharingwell.reading import page

FOOTER = re.compile(r"^Sharing well, version of .* \d+ of \d+$")
AWKWARD = r"""
Typst's own: #let x = 1; $E = m c^2$; @label, *not strong*_ _; <anchor>; \u{41} \ /* no comment */ // nor this; ~; ---.

"Straight" 'quotes', “curly” ‘quotes’ -- and dashes… 100 % & ½ é ŵ ŷ `#raw(*code*)` and ``two ` ticks``.

- One *emphasised [link](https://example.org/?a=1&b=%20#c)* and **strong _both_**
  - nested
    1. deeper
    2. still **deeper**
- Two

  in two paragraphs

  ::: example in-a-list
  :::

7. seven
8. eight

> A quotation
> over two lines
>
> - with a list

A line\
broken, a [place in the guide](#second), a [lost](#nowhere) one, [a page](/guide/versions/), [no scheme of ours](ftp://x.org)

***

<b>HTML</b> is words; so is [this](javascript:alert(1)) and &amp; is an ampersand.

::: note 1
A note with a [link](https://example.org/).
:::

Referred to[^1]. Bare # * _ $ @ ] [ } { at the end
"""


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def get(client: Client, version: GuideVersion) -> PdfReader:
    response = client.get(f"{version.get_absolute_url()}guide.pdf")
    assert response.status_code == 200
    return read(response.content)


def text_of(reader: PdfReader) -> str:
    """Text after the title page, without footers."""
    lines = [line for page in reader.pages[1:] for line in page.extract_text().splitlines()]
    return "\n".join(line for line in lines if not FOOTER.match(line))


def text_of_page(client: Client, version: GuideVersion) -> str:
    """Text of the web page, with that of its drawing."""
    article = page(client.get(version.get_absolute_url())).article
    assert article is not None
    for around in article.select(
        ".sw-copy-link, .sw-newer-place, svg title, svg desc, .sw-note .govuk-body-s"
    ):
        around.decompose()
    for numbered in article.select("ol"):
        for number, item in enumerate(
            numbered.find_all("li", recursive=False), int(str(numbered.get("start", 1)))
        ):
            item.insert(0, f"{number}. ")
    return article.get_text(" ")


def letters(text: str) -> str:
    """Without spaces and bullets, which depend on line breaks."""
    return re.sub(r"[\s•‣\u200b]", "", text)


def structure(reader: PdfReader) -> Counter[str]:
    """Number of tags of each kind."""
    found: Counter[str] = Counter()
    waiting: list[Any] = [catalogue(reader)["/StructTreeRoot"]]
    while waiting:
        here = waiting.pop().get_object()
        if isinstance(here, ArrayObject):
            waiting += here
        elif isinstance(here, DictionaryObject):
            found[str(here.get("/S", ""))] += 1
            waiting += [here["/K"]] if "/K" in here else []
    return found


def catalogue(reader: PdfReader) -> DictionaryObject:
    root = reader.trailer["/Root"].get_object()
    assert isinstance(root, DictionaryObject)
    return root


def links(reader: PdfReader) -> tuple[list[str], int]:
    """External addresses in order, and the number of internal links."""
    annotations = [
        each.get_object() for page in reader.pages for each in page.get("/Annots", ArrayObject()).get_object()
    ]
    web = [str(each["/A"]["/URI"]) for each in annotations if "/URI" in each.get("/A", {})]
    return web, len(annotations) - len(web)


def drawn(body: str, **others: Any) -> PdfReader:
    values: dict[str, Any] = {
        "date": datetime.date(2027, 1, 2),
        "title": "Sharing well",
        "subtitle": "",
        "address": "https://guide.example/guide/2027-01-02/",
        "newer": "https://guide.example/guide/versions/",
        "sections": (Section(slug="first", title="First", body=body),),
        "examples": (),
        "resources": (),
    }
    return read(render_pdf(**{**values, **others}))


@pytest.mark.django_db
def test_the_pdf_of_the_first_version_says_what_its_page_says(guide: GuideVersion, client: Client) -> None:
    said = letters(text_of(get(client, guide)))

    assert len(said) > 8_000
    assert said == letters(text_of_page(client, guide))


@pytest.mark.django_db
def test_awkward_words_read_the_same_in_the_pdf(client: Client) -> None:
    version = GuideVersionFactory.create(published_at=None, title="Sharing well")
    section = SectionFactory.create(
        version=version, title="#panic() *A* $title$ <x>", body=AWKWARD, slug="first"
    )
    SectionFactory.create(version=version, slug="second", title="Second", level=3, body="::: resources\n:::")
    ExampleFactory.create(
        version=version, section=section, slug="in-a-list", body="**Example:** #1 *is* this."
    )
    ResourceFactory.create(version=version, title="A_b*c #d")
    publish(version)

    said, expected = text_of(get(client, version)), text_of_page(client, version)

    assert letters(said) == letters(expected)
    assert "#let x = 1; $E = m c^2$; @label" in " ".join(said.split())
    assert "#raw(*code*)" in said


def publish(version: GuideVersion) -> None:
    version.published_at = datetime.datetime(2027, 1, 2, tzinfo=datetime.UTC)
    version.save()


@settings(max_examples=40)  # a PDF each, and one for each letter not met before
@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1, max_size=80
    )
)
def test_any_words_can_be_drawn(words: str) -> None:
    """Our fonts lack some characters, and typst rejects what PDF/UA forbids."""
    body = re.sub(r"^\s*:::.*", "", words)

    assert len(drawn(body or "x", title=words.strip() or "x").pages) >= 2


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("plain", "plain"),
        ("Łódź, Ελλάδα, Україна", "Łódź, Ελλάδα, Україна"),
        ("well done 😀", "well done (grinning face)"),
        ("👍🏽", "(thumbs up sign)(emoji modifier fitzpatrick type-4)"),
        ("a\x07b", "ab"),
        ("\x07", "(text that cannot be shown)"),
        ("\N{MODI SIGN ANUSVARA}", "(text that cannot be shown)"),
        ("x" * 130, "\u200b".join(["x" * 60, "x" * 60, "x" * 10])),
    ],
)
def test_what_no_font_can_draw_is_named(words: str, shown: str) -> None:
    assert Lettering().showable(words) == shown


def test_words_written_from_right_to_left_are_there() -> None:
    said = text_of(drawn("שלום and مرحبا"))

    assert sorted("שלום") == sorted(letter for letter in said if "\u0590" <= letter <= "\u05ff")
    assert "and" in said


@pytest.mark.django_db
def test_the_pdf_is_tagged_as_pdf_ua_asks(guide: GuideVersion, client: Client) -> None:
    reader = get(client, guide)
    root = catalogue(reader)
    xmp = root["/Metadata"].get_object().get_data().decode()
    tags = structure(reader)

    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert reader.metadata is not None
    assert reader.metadata.title == "Sharing well: version of 20 March 2026"
    assert tags["/H1"] == 1
    assert tags["/H2"] == 12  # the contents' with them
    assert tags["/H3"] == 3
    assert tags["/Figure"] == tags["/BlockQuote"] == 1
    assert tags["/LI"] == 4 + 4 + 4 + 3 + 2 + 4 + 3
    assert tags["/TOCI"] == 14


@pytest.mark.django_db
def test_the_drawing_is_described(guide: GuideVersion, client: Client) -> None:
    content = client.get("/guide/2026-03-20/guide.pdf").content
    described = [
        each
        for each in (read(content).get_object(number) for number in range(1, read(content).trailer["/Size"]))
        if isinstance(each, DictionaryObject) and each.get("/S") == "/Figure"
    ]

    assert [each["/Alt"] for each in described] == [pdf.FIGURE_ALT]


@pytest.mark.django_db
def test_the_pdf_has_its_date_its_address_contents_and_working_links(
    guide: GuideVersion, client: Client
) -> None:
    reader = get(client, guide)
    first = reader.pages[0].extract_text()
    web, within = links(reader)
    bookmarks = [each for each in reader.outline if not isinstance(each, list)]

    assert "Version of 20 March 2026" in first
    assert "On the web: http://testserver/guide/2026-03-20/" in first
    assert "The key principles for information sharing" in first
    assert len(bookmarks) == 11
    assert within == 14 + 1  # the contents, and the note
    assert web[:2] == ["http://testserver/guide/2026-03-20/", "http://testserver/guide/versions/"]
    assert "mailto:changingfutures@cambridgeshire.gov.uk" in web
    assert all(re.match(r"https?://|mailto:", address) for address in web)
    assert all("Sharing well, version of 20 March 2026" in page.extract_text() for page in reader.pages)


def test_a_link_within_the_guide_leads_to_its_place_in_the_pdf_or_to_the_page() -> None:
    body = (
        "[here](#first) [gone](#gone) [page](/guide/versions/) [ftp](ftp://x.org) [mail](mailto:a@b.example)"
    )

    web, within = links(drawn(body))

    assert within == 1 + 1  # the contents, and “here”
    assert web[2:] == [
        "https://guide.example/guide/2027-01-02/#gone",
        "https://guide.example/guide/versions/",
        "mailto:a@b.example",
    ]


def test_an_example_that_names_itself_ends() -> None:
    example = Example(slug="round", title="Round", section="first", body="Once.\n\n::: example round\n:::")

    said = text_of(drawn("::: example round\n:::\n\n::: example unknown\n:::", examples=(example,)))

    assert said.count("Once.") == 1


def test_resources_are_listed_with_their_addresses() -> None:
    reader = drawn(
        "::: resources\n:::", resources=(Resource(title="A page", url="https://example.org/a_b#c"),)
    )

    assert "A page: https://example.org/a_b#c" in text_of(reader)
    assert "https://example.org/a_b#c" in links(reader)[0]


def test_the_same_version_makes_the_same_bytes() -> None:
    assert drawn("Words.").stream.read() == drawn("Words.").stream.read()


@pytest.mark.django_db
class TestTheAddress:
    def test_it_opens_in_the_browser_under_a_name_of_its_own(
        self, guide: GuideVersion, client: Client
    ) -> None:
        response = client.get("/guide/2026-03-20/guide.pdf")

        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["Content-Disposition"] == 'inline; filename="sharing-well-2026-03-20.pdf"'

    def test_the_page_leads_to_it(self, guide: GuideVersion, client: Client) -> None:
        shown = page(client.get("/guide/"))

        assert shown.select_one("main a[href='/guide/2026-03-20/guide.pdf']") is not None

    def test_it_is_drawn_once(
        self,
        guide: GuideVersion,
        client: Client,
        django_assert_num_queries: DjangoAssertNumQueries,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        first = client.get("/guide/2026-03-20/guide.pdf").content
        monkeypatch.setattr(pdf, "render_pdf", None)

        with django_assert_num_queries(1):
            again = client.get("/guide/2026-03-20/guide.pdf").content

        assert again == first

    @pytest.mark.parametrize("header", ["If-None-Match", "If-Modified-Since"])
    def test_unchanged_pdf_is_not_sent_again(self, header: str, guide: GuideVersion, client: Client) -> None:
        first = client.get("/guide/2026-03-20/guide.pdf")
        value = first.headers["ETag" if header == "If-None-Match" else "Last-Modified"]

        again = client.get("/guide/2026-03-20/guide.pdf", headers={header: value})

        assert (again.status_code, again.content) == (304, b"")

    @pytest.mark.parametrize("address", ["/guide/2026-03-21/guide.pdf", "/guide/2026-02-30/guide.pdf"])
    def test_an_unknown_date_is_not_found(self, address: str, guide: GuideVersion, client: Client) -> None:
        assert client.get(address, follow=True).status_code == 404

    def test_a_draft_is_not_found(self, client: Client) -> None:
        draft = GuideVersionFactory.create(draft=True)

        assert client.get(f"{draft.get_absolute_url()}guide.pdf").status_code == 404


def test_headings_in_the_contents_keep_their_order() -> None:
    sections = tuple(
        Section(slug=f"s{number}", title=f"Heading {number}", level=2 + number % 2, body="Words.")
        for number in range(6)
    )
    said = drawn("", sections=sections).pages[0].extract_text()
    places = [said.index(section.title) for section in sections]

    assert all(before < after for before, after in pairwise(places))


class TestWherePagesEnd:
    """An example is not split, and a heading is not left at the end of a page, whatever precedes it."""

    def pages(self, lines_before: int, sentences: int) -> list[str]:
        before = "\n\n".join(f"Line {number}." for number in range(lines_before))
        sections = (
            Section(slug="one", title="One", body=before),
            Section(slug="two", title="Two", body="::: example told\n:::\n\nAfter it."),
        )
        told = "\n\n".join(
            ["Beginning.", *(f"Sentence {number} of it." for number in range(sentences)), "End."]
        )
        drawn = render_pdf(
            title="Pages",
            subtitle="",
            date=datetime.date(2026, 3, 20),
            address="https://example.org/guide/2026-03-20/",
            newer="https://example.org/guide/versions/",
            sections=sections,
            examples=(Example(slug="told", title="Told", body=told, section="two"),),
            resources=(),
        )
        return [page.extract_text() for page in read(drawn).pages]

    @pytest.mark.parametrize("lines_before", [20, 23, 26, 29])
    def test_an_example_stands_on_one_page_under_its_heading(self, lines_before: int) -> None:
        pages = self.pages(lines_before, sentences=8)

        (page,) = [page for page in pages if "Beginning." in page]
        assert "End." in page
        assert re.search(r"^Two$", page, re.MULTILINE)

    def test_an_example_that_is_longer_than_a_page_loses_nothing(self) -> None:
        text = "\n".join(self.pages(5, sentences=60))

        assert all(f"Sentence {number} of it." in text for number in range(60))
        assert "End." in text
