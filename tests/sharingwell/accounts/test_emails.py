"""People choose how often they receive emails."""

from __future__ import annotations

from django.test import Client

from sharingwell.accounts.models import User
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import errors_of, page, text_of

EMAILS = "/accounts/emails/"


def test_emails_are_sent_at_once_until_a_person_chooses_daily(client: Client, db: None) -> None:
    person = PersonFactory()
    client.force_login(person)
    assert page(client.get("/decisions/")).select_one(f"a[href='{EMAILS}']")
    assert page(client.get(EMAILS)).select_one("input[checked]")["value"] == "at-once"
    saved = client.post(EMAILS, {"emails": "daily"}, follow=True)
    assert "Saved." in text_of(saved)
    assert page(saved).select_one("input[checked]")["value"] == "daily"
    assert User.objects.get(pk=person.pk).email_frequency == User.EmailFrequency.DAILY


def test_a_choice_there_is_not_is_an_error_on_the_form(client: Client, db: None) -> None:
    client.force_login(PersonFactory())
    for forged in [{}, {"emails": "never"}]:
        assert errors_of(client.post(EMAILS, forged))
    assert User.objects.get().email_frequency == User.EmailFrequency.AT_ONCE
