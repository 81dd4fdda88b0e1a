"""What was recorded keeps the name that a person had on the day; pages add the name of today."""

from __future__ import annotations

import datetime
import json

import pytest
import time_machine
from django.test import Client

from decisions import actions
from guidance.models import GuideVersion
from sharingwell.accounts.models import User
from tests.clock import LONDON
from tests.decisions.factories import recorded_round
from tests.sharingwell.accounts.factories import PersonFactory, TeamFactory
from tests.sharingwell.reading import text_of

BEFORE = datetime.datetime(
    2026, 4, 1, 10, tzinfo=LONDON
)  # the database tells when a name changed by its own clock


@pytest.mark.django_db
def test_facts_keep_the_name_of_the_day(guide: GuideVersion, client: Client) -> None:
    team = TeamFactory()
    author = PersonFactory(name="Nia Penn", team=team)
    ig_manager = PersonFactory(roles=["ig_manager"], team=team)
    with time_machine.travel(BEFORE):
        decision = recorded_round(author=author, case_reference="HO-2231").decision
        actions.add_follow_up(by=author, decision=decision, kind="received", note="They rang back.")
        client.force_login(author)
        client.get(decision.get_absolute_url())
    author.name = "Nia Hale"
    author.save()
    actions.add_follow_up(by=author, decision=decision, kind="received", note="They rang again.")

    client.force_login(ig_manager)
    thread = text_of(client.get(decision.get_absolute_url()))
    assert "by Nia Penn (now Nia Hale)" in thread
    assert "by Nia Hale" in thread
    looks = text_of(client.get(f"{decision.get_absolute_url()}access/"))
    assert "Nia Penn (now Nia Hale), " in looks
    found = client.post("/decisions/subject-access/", {"case_reference": "HO-2231"}).url
    [copied] = json.loads(client.get(f"{found}records.json").content)["decisions"]
    assert [event["by"] for event in copied["happened"]] == ["Nia Penn", "Nia Penn", "Nia Hale"]


@pytest.mark.django_db
def test_former_names_are_what_they_were() -> None:
    person = PersonFactory(name="Nia Penn")
    User.objects.filter(pk=person.pk).update(name="Nia Hale")
    User.objects.filter(pk=person.pk).update(former_names=[])
    person.refresh_from_db()
    assert [each["name"] for each in person.former_names] == ["Nia Penn"]
    assert PersonFactory(former_names=[{"name": "Somebody", "until": "2028-01-01"}]).former_names
    assert not User.objects.exclude(pk=person.pk).exclude(former_names=[]).exists()
