from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guidance.models import GuideVersion
from sharingwell.accounts.models import Organisation, Role, Team, User
from tests.guidance.factories import GuideVersionFactory, SectionFactory
from tests.guidance.pages import soup_of
from tests.sharingwell.reading import content_of

pytestmark = pytest.mark.django_db

LIST = "/admin/guidance/guideversion/"


def signed_in(client: Client, *roles: Role, is_superuser: bool = False) -> Client:
    team = Team.objects.create(
        organisation=Organisation.objects.create(name="Fenford Council"), name="IG team"
    )
    person = User.objects.create_user(
        "someone@example.org", name="Someone", team=team, roles=list(roles), is_superuser=is_superuser
    )
    client.force_login(person)
    return client


def page_of(version: GuideVersion) -> str:
    return f"{LIST}{version.pk}/change/"


@pytest.mark.parametrize(
    ("roles", "is_superuser", "status"),
    [
        ([Role.GUIDE_EDITOR], False, 200),
        ([Role.ADMINISTRATOR], False, 200),
        ([], True, 200),
        ([Role.IG_MANAGER], False, 403),
        ([Role.PRACTITIONER], False, 302),
        ([Role.MANAGER], False, 302),
    ],
)
def test_guide_editors_and_administrators_look_at_versions(
    roles: list[Role], is_superuser: bool, status: int, guide: GuideVersion, client: Client
) -> None:
    signed_in(client, *roles, is_superuser=is_superuser)

    assert client.get(LIST).status_code == status
    assert client.get(page_of(guide)).status_code == status


def test_the_page_lists_what_is_missing(guide: GuideVersion, client: Client) -> None:
    text = " ".join(
        soup_of(content_of(signed_in(client, Role.GUIDE_EDITOR).get(page_of(guide)))).get_text().split()
    )

    assert "Links that need an address “here” in About this guide: This guide has been developed" in text
    assert "“web page” in To find out more about Changing Futures" in text
    assert "Figures that are missing In The Legal Framework" in text
    assert "after “The way to get it right is as follows:”" in text


def test_the_page_shows_sections_examples_principles_and_questions(
    guide: GuideVersion, client: Client
) -> None:
    text = " ".join(
        soup_of(content_of(signed_in(client, Role.GUIDE_EDITOR).get(page_of(guide)))).get_text().split()
    )

    for words in [
        "An enabler not a barrier",
        "The hospital admission and the held accommodation, in “Acting reasonably",
        "6. Comply with the law",
        "How urgent is the matter?",
        "Share what was asked share-asked, only when: We were asked for information",
        "Physical health health (Special category data)",
    ]:
        assert words in text


def test_a_draft_says_that_it_is_one(client: Client) -> None:
    draft = SectionFactory.create(version=GuideVersionFactory.create(draft=True)).version

    assert "Not yet: a draft" in content_of(signed_in(client, Role.GUIDE_EDITOR).get(page_of(draft)))


@pytest.mark.parametrize("is_superuser", [False, True])
def test_nothing_published_can_be_added_to_changed_or_deleted(
    is_superuser: bool, guide: GuideVersion, client: Client
) -> None:
    signed_in(client, Role.GUIDE_EDITOR, is_superuser=is_superuser)

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(page_of(guide), {"title": "Something else"}).status_code == 403
    assert client.post(f"{LIST}{guide.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [guide.pk], "post": "yes"})
    assert list(GuideVersion.objects.values_list("title", flat=True)) == ["Sharing well"]


def test_the_list_takes_few_queries_however_many_versions_there_are(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    signed_in(client, Role.GUIDE_EDITOR)
    GuideVersionFactory.create_batch(20)

    with django_assert_max_num_queries(12):
        client.get(LIST)


def test_the_page_takes_few_queries(
    guide: GuideVersion, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    signed_in(client, Role.GUIDE_EDITOR)

    with django_assert_max_num_queries(16):
        client.get(page_of(guide))


def test_script_in_any_field_is_shown_as_words(client: Client) -> None:
    script = "<script>alert(1)</script>"
    section = SectionFactory.create(title=script, body=f"{script} [{script}](#)", version__title=script)

    soup = soup_of(content_of(signed_in(client, Role.GUIDE_EDITOR).get(page_of(section.version))))

    assert not [element for element in soup.select("script") if "alert" in element.get_text()]
    assert soup.get_text().count(script) >= 3
