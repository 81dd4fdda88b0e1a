"""Looking after people: who is invited, and whom an email did not reach."""

from __future__ import annotations

from sharingwell.accounts.models import User
from tests.browser.journeys import Person
from tests.sharingwell.accounts.factories import PersonFactory


def test_an_administrator_invites_somebody(someone: Person, practitioner: User) -> None:
    someone.is_signed_in(PersonFactory(roles=["administrator"], team=practitioner.team))
    someone.opens("/admin/accounts/user/")
    someone.sees(practitioner.email)
    someone.opens(f"/admin/accounts/user/{practitioner.pk}/change/")
    someone.sees_that_it_fits_small_screens()
    someone.opens("/admin/accounts/user/add/")
    someone.page.get_by_label("Email").fill("new.colleague@northmoor.example")
    someone.page.get_by_role("button", name="Save", exact=True).click()
    someone.looks_at_the_page()
    someone.sees("This field is required.")
