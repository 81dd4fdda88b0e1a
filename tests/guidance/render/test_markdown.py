from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidance.content.schema import Example, Resource
from guidance.render.markdown import DeadLink, RenderContext, find_dead_links, render_markdown
from tests.guidance.pages import soup_of

EXAMPLE = Example(slug="one", title="One", body="**Example.** Words[^1].", section="first")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Words", '<p class="govuk-body">Words</p>'),
        ("- Words", '<ul class="govuk-list govuk-list--bullet">\n<li>Words</li>\n</ul>'),
        ("1. Words", '<ol class="govuk-list govuk-list--number">\n<li>Words</li>\n</ol>'),
        ("[Words](/guide/)", '<p class="govuk-body"><a href="/guide/" class="govuk-link">Words</a></p>'),
        ("# Words", '<p class="govuk-body"># Words</p>'),
        ("    Words", '<p class="govuk-body">Words</p>'),
    ],
)
def test_markdown_wears_the_websites_classes(text: str, html: str) -> None:
    assert render_markdown(text).strip() == html


HARMFUL = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[words](javascript:alert(1))",
    "[words](data:text/html,<script>alert(1)</script>)",
    "![words](https://example.org/spy.png)",
    '<div data-slot="0"></div>',
    "<div onclick=alert(1)>words</div>",
    '[words](https://example.org "\\"><script>alert(1)</script>")',
    "<style>body { display: none }</style>",
    "::: remember\n<script>alert(1)</script>\n:::",
    "- ::: note 1\n  <iframe src=//example.org></iframe>\n  :::",
]


@pytest.mark.parametrize("text", HARMFUL)
def test_script_is_shown_as_words(text: str) -> None:
    soup = soup_of(render_markdown(text, RenderContext(examples={"one": EXAMPLE})))

    assert not soup.find_all(["script", "img", "style", "iframe"])
    for element in soup.find_all(True):
        assert not [
            name for name in element.attrs if name.startswith("on") or name in {"style", "src", "data-slot"}
        ]
        assert str(element.get("href", "")).partition(":")[0] not in {"javascript", "data"}


@given(st.text(alphabet="ab<>/\"'&;:()[]!#*-_`^1 \n\\=%", max_size=80))
def test_whatever_is_written_no_unknown_html_comes_out(text: str) -> None:
    soup = soup_of(render_markdown(text))

    assert {element.name for element in soup.find_all(True)} <= {
        "p",
        "ul",
        "ol",
        "li",
        "a",
        "em",
        "strong",
        "code",
        "sup",
        "blockquote",
        "hr",
        "br",
    }


def test_a_link_without_an_address_keeps_its_words_and_is_no_link() -> None:
    assert (
        render_markdown("Read [*more* here](#).").strip()
        == '<p class="govuk-body">Read <em>more</em> here.</p>'
    )


def test_links_without_an_address_can_be_found() -> None:
    assert find_dead_links("A [web page](#) and\na [second](#). [Not this](/guide/).") == (
        DeadLink("web page", "A web page and a second. Not this."),
        DeadLink("second", "A web page and a second. Not this."),
    )


def test_an_example_stands_where_it_is_named_with_its_anchor() -> None:
    html = render_markdown("- Words\n- ::: example one\n  :::", RenderContext(examples={"one": EXAMPLE}))

    example = soup_of(html).select_one("li .sw-example#one")
    assert example is not None
    assert example.get_text().strip() == "Example. Words1."


def test_a_note_and_its_place_in_the_text_lead_to_each_other() -> None:
    soup = soup_of(render_markdown("Words[^1].\n\n::: note 1\nMore words.\n:::"))

    reference = soup.select_one("sup a#note-1-reference")
    note = soup.select_one(".sw-note#note-1")
    assert reference is not None
    assert note is not None
    assert reference["href"] == "#note-1"
    assert note.select_one("a[href='#note-1-reference']") is not None


def test_a_note_referred_to_twice_leads_back_to_the_first_place() -> None:
    soup = soup_of(render_markdown("Words[^1] and words[^1].\n\n::: note 1\nMore words.\n:::"))

    assert len(soup.select("#note-1-reference")) == 1


def test_elsewhere_there_are_no_anchors_and_links_lead_to_the_guide() -> None:
    context = RenderContext(examples={"one": EXAMPLE}, guide_url="/guide/2026-03-20/")
    text = "See [why](#why).\n\n::: example one\n:::\n\n::: note 1\nMore.\n:::"
    soup = soup_of(render_markdown(text, context))

    assert not soup.select("[id]")
    assert {link["href"] for link in soup.select("a")} == {
        "/guide/2026-03-20/#why",
        "/guide/2026-03-20/#note-1",
    }


def test_resources_are_listed_by_title_and_address() -> None:
    resource = Resource(title="Elsewhere & <b>beyond</b>", url="https://example.org/a")
    soup = soup_of(render_markdown("::: resources\n:::", RenderContext(resources=[resource])))

    assert " ".join(soup.get_text().split()) == "Elsewhere & <b>beyond</b>: https://example.org/a"
    assert soup.a is not None
    assert soup.a["href"] == "https://example.org/a"


def test_the_websites_own_drawing_stands_in_with_its_caption() -> None:
    soup = soup_of(render_markdown("::: stand-in what-who-why\nThis is our own.\n:::"))

    assert soup.select_one("figure.sw-figure svg") is not None
    caption = soup.figcaption
    assert caption is not None
    assert caption.get_text().strip() == "This is our own."
