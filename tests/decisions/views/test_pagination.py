import pytest

from decisions.views.pagination import KeysetPage
from sharingwell.accounts.models import Organisation
from tests.sharingwell.accounts.factories import OrganisationFactory


def test_a_page_knows_its_last_row_where_more_follow() -> None:
    assert KeysetPage.of([1, 2, 3], 2) == KeysetPage([1, 2], last=2)


@pytest.mark.parametrize("found", [[], [1], [1, 2]])
def test_the_last_page_has_no_next_page(found: list[int]) -> None:
    assert KeysetPage.of(found, 2) == KeysetPage(found, last=None)


@pytest.mark.parametrize("newest_first", [True, False])
def test_pages_by_key_show_every_row_once(newest_first: bool, db: None) -> None:
    OrganisationFactory.create_batch(5)
    keys, after = [], None
    while True:
        page = KeysetPage.by_key(Organisation.objects.all(), 2, after=after, newest_first=newest_first)
        keys += [row.pk for row in page.rows]
        if page.last is None:
            break
        after = page.last.pk
    assert keys == sorted(Organisation.objects.values_list("pk", flat=True), reverse=newest_first)
