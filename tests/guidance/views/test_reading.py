from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guidance.editing.loading import load_guide
from guidance.models import GuideVersion
from tests.guidance.content.test_reader import spoil
from tests.guidance.factories import GuideVersionFactory, SectionFactory
from tests.guidance.pages import main_of, soup_of, words_of
from tests.sharingwell.reading import content_of

pytestmark = pytest.mark.django_db

PAGES = ["/guide/", "/guide/versions/", "/guide/principles/", "/guide/examples/", "/guide/questions/"]
DATED = [
    "/guide/2026-03-20/",
    "/guide/2026-03-20/principles/",
    "/guide/2026-03-20/examples/",
    "/guide/2026-03-20/questions/",
    "/guide/2026-03-20/changes/",
]


@pytest.mark.parametrize("address", PAGES + DATED)
def test_anyone_may_read(address: str, guide: GuideVersion, client: Client) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", PAGES + DATED)
def test_reading_again_takes_two_queries_at_most(
    address: str, guide: GuideVersion, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(address)

    with django_assert_max_num_queries(2):
        client.get(address)


def test_an_older_version_takes_two_queries_at_most(
    guide: GuideVersion, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    GuideVersionFactory.create_batch(5)
    client.get("/guide/2026-03-20/")

    with django_assert_max_num_queries(2):
        client.get("/guide/2026-03-20/")


@pytest.mark.parametrize("address", PAGES)
def test_before_anything_is_published_the_page_says_so(address: str, client: Client) -> None:
    GuideVersionFactory.create(draft=True)

    response = client.get(address)

    assert "No version of the guide has been published" in words_of(main_of(content_of(response, 503)))


@pytest.mark.parametrize(
    "address",
    [
        "/guide/2026-03-21/",
        "/guide/2026-13-40/",
        "/guide/2026-02-30/",
        "/guide/yesterday/",
        "/guide/0000-00-00/",
    ],
)
def test_a_date_without_a_version_is_not_found(address: str, guide: GuideVersion, client: Client) -> None:
    assert client.get(address).status_code == 404


def test_a_draft_is_not_found(client: Client) -> None:
    draft = GuideVersionFactory.create(draft=True)

    assert client.get(draft.get_absolute_url()).status_code == 404


def test_the_guide_cannot_be_sent_anything(guide: GuideVersion, client: Client) -> None:
    assert client.post("/guide/").status_code == 405


def test_the_page_says_which_version_it_is_and_where_to_look_for_newer_ones(
    guide: GuideVersion, client: Client
) -> None:
    main = main_of(content_of(client.get("/guide/")))

    assert "Version of 20 March 2026." in words_of(main)
    assert main.select_one(".sw-dateline a[href='/guide/versions/']") is not None
    assert "It is not the current one" not in words_of(main)


def test_a_version_that_is_not_current_says_so_and_leads_to_the_one_that_is(
    guide: GuideVersion, folder: Path, client: Client
) -> None:
    spoil(folder / "version.yaml", "2026-03-20", "2026-09-01")
    load_guide(folder)

    older = main_of(content_of(client.get("/guide/2026-03-20/")))
    newer = main_of(content_of(client.get("/guide/2026-09-01/")))

    assert "This is the version of 20 March 2026. It is not the current one." in words_of(older)
    assert older.select_one(".sw-superseded a[href='/guide/']") is not None
    assert "It is not the current one" not in words_of(newer)
    assert "Version of 1 September 2026." in words_of(main_of(content_of(client.get("/guide/"))))


MAJOR = "Major: people should read what changed before they next decide"
SEE = "See what changed in the version of"


def test_versions_are_listed_newest_first_with_note_weight_and_changes(client: Client) -> None:
    GuideVersionFactory.create(date="2026-05-01", change_note="The first.")
    GuideVersionFactory.create(date="2026-09-01", change_note="Now **clearer** on [what](#what-is-needed).")
    GuideVersionFactory.create(date="2026-07-01", significance="minor")
    GuideVersionFactory.create(date="2026-12-01", draft=True)

    main = main_of(content_of(client.get("/guide/versions/")))
    items = main.select(".sw-versions > li")

    assert [words_of(item) for item in items] == [
        f"Version of 1 September 2026 Current version {MAJOR} Now clearer on what. {SEE} 1 September 2026",
        f"Version of 1 July 2026 Minor: the same advice in better words Better words. {SEE} 1 July 2026",
        f"Version of 1 May 2026 {MAJOR} The first. There was none before it.",
    ]
    assert [str(link["href"]) for link in items[0].select("a")] == [
        "/guide/2026-09-01/",
        "/guide/2026-09-01/#what-is-needed",
        "/guide/2026-09-01/changes/",
    ]
    assert not items[2].select("a[href$='changes/']")


@pytest.mark.parametrize("address", PAGES + DATED)
def test_every_link_within_the_guide_leads_somewhere(
    address: str, guide: GuideVersion, client: Client
) -> None:
    main = main_of(content_of(client.get(address)))
    links = {str(link["href"]) for link in main.select("a")}

    assert "#" not in links
    for link in links:
        page, _, anchor = link.partition("#")
        if page and not page.startswith("/"):
            continue
        response = client.get(page or address)
        assert response.status_code == 200, link
        if not response.headers["Content-Type"].startswith("text/html"):
            continue
        target = soup_of(content_of(response))
        assert target.main is not None, link
        assert not anchor or target.find(id=anchor), link


@pytest.mark.parametrize("address", PAGES + DATED)
def test_anchors_are_unique_and_headings_skip_no_level(
    address: str, guide: GuideVersion, client: Client
) -> None:
    soup = soup_of(content_of(client.get(address)))
    anchors = [element["id"] for element in soup.select("[id]")]
    levels = [int(heading.name[1]) for heading in main_of(str(soup)).find_all(["h1", "h2", "h3", "h4"])]

    assert len(anchors) == len(set(anchors))
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_anchors_of_the_first_version_stay(guide: GuideVersion, client: Client) -> None:
    """Records and other websites link to them."""
    headings = main_of(content_of(client.get("/guide/"))).select("article :is(h2, h3)")

    assert [heading["id"] for heading in headings] == [
        "what-is-changing-futures",
        "about-this-guide",
        "an-enabler-not-a-barrier",
        "what-we-all-need",
        "key-principles",
        "what-is-needed",
        "who-is-asking",
        "why",
        "taking-reasonable-steps",
        "legal-framework",
        "acting-reasonably",
        "remember",
        "more-about-changing-futures",
        "other-resources",
    ]


def test_each_example_has_its_words_and_a_way_to_its_place(guide: GuideVersion, client: Client) -> None:
    main = main_of(content_of(client.get("/guide/examples/")))
    headings = main.select("h2")

    assert len(headings) == 6
    for heading in headings:
        assert main.select_one(f"a[href='/guide/2026-03-20/#{heading['id']}']") is not None


def test_each_principle_has_its_anchor_and_the_publication_is_linked(
    guide: GuideVersion, client: Client
) -> None:
    main = main_of(content_of(client.get("/guide/principles/")))

    assert [heading["id"] for heading in main.select("h2")] == [
        f"principle-{number}" for number in range(1, 9)
    ]
    assert (
        main.select_one("a[href='https://www.gov.uk/government/publications/the-caldicott-principles']")
        is not None
    )


def test_an_example_less_version_can_be_read(client: Client) -> None:
    SectionFactory.create()

    assert "This version has no examples." in words_of(main_of(content_of(client.get("/guide/examples/"))))


SCRIPT = "<script>alert(1)</script>"


def test_script_in_any_field_of_the_files_is_shown_as_words(folder: Path, client: Client) -> None:
    for name, old in [
        ("guide.md", "# Sharing well"),
        ("guide.md", "A guide to sharing"),
        ("guide.md", "## What we all need"),
        ("guide.md", "Providing a good service"),
        ("guide.md", '"The eviction that was not shared'),
        ("guide.md", "*An individual was evicted"),
        ("guide.md", "- What? Who? Why?"),
        ("guide.md", "The guide’s own figure"),
        ("guide.md", "You can read more about the [Eight"),
        ("principles.yaml", "title: Comply with the law"),
        ("principles.yaml", "Every use of confidential"),
        ("resources.yaml", "title: UK Caldicott"),
    ]:
        spoil(folder / name, old, f"{old} {SCRIPT}")
    load_guide(folder)

    shown = 0
    for address in PAGES:
        soup = soup_of(content_of(client.get(address)))
        assert not [script for script in soup.select("script") if not script.get("src")]
        assert not [
            element
            for element in soup.select("main *")
            if any(name.startswith("on") for name in element.attrs)
        ]
        shown += soup.get_text().count(SCRIPT)
    assert shown >= 12
