"""Each access to a decision is logged before the page is shown, and IG managers see the log."""

from __future__ import annotations

import datetime
from unittest import mock

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from decisions import actions
from decisions.ledger.verification import Verification
from decisions.models import Access, Decision, LedgerEntry, Round
from decisions.models.access import PAGES
from decisions.urls import urlpatterns
from guidance.models import GuideVersion
from sharingwell.accounts.models import User
from tests.decisions.factories import DraftFactory, recorded_round, state_review
from tests.sharingwell.accounts.factories import PersonFactory, TeamFactory
from tests.sharingwell.reading import page, text_of

pytestmark = pytest.mark.usefixtures("guide_throughout")

ONLY_POSTED_TO = {"end-share", "keep-draft", "move-to-current-guide", "again-with", "again-with-thoughts"}
OF_A_DRAFT = {"changed", "discard", "check", "part", "withhold", "withhold-passage", "urgent-draft"}
OF_ANOTHER = {"review"}  # by another person than the author
OF_A_DECISION = [url for url in urlpatterns if "reference" in url.pattern.converters]
SHOWN = [url for url in OF_A_DECISION if url.name not in ONLY_POSTED_TO]


@pytest.fixture
def author(guide: GuideVersion) -> User:
    return PersonFactory(roles=["practitioner", "ig_manager"])


@pytest.fixture
def thread(author: User) -> Decision:
    """Two recorded rounds."""
    in_a_week = str(timezone.localdate() + datetime.timedelta(days=7))
    first = recorded_round(author=author, answers={"decide.review_on": in_a_week})
    state_review(first, finding="learning")
    second = actions.start_round(by=author, decision=first.decision, changed="They rang.")
    return actions.record_round(by=author, round=second).decision


@pytest.fixture
def draft(author: User) -> Round:
    return DraftFactory(decision__author=author, answers={"decide.reasoning": "They need to know."})


@pytest.fixture
def ig_manager(author: User) -> User:
    return PersonFactory(roles=["ig_manager"], team=TeamFactory(organisation=author.organisation))


def address(url: URLPattern, thread: Decision, draft: Round, **wanted: str) -> str:
    reference = draft.decision.reference if url.name in {*OF_A_DRAFT, "describe"} else thread.reference
    given = {"reference": reference, "number": 1, "part": "what", "kind": "json", **wanted}
    given["passage"] = "round.1.decide.reasoning"
    return reverse(f"decisions:{url.name}", kwargs={name: given[name] for name in url.pattern.converters})


class TestEachDecisionPage:
    @pytest.mark.parametrize("url", SHOWN, ids=lambda url: url.name)
    def test_logs_an_access(
        self, url: URLPattern, thread: Decision, draft: Round, author: User, ig_manager: User, client: Client
    ) -> None:
        reader = ig_manager if url.name in OF_ANOTHER else author
        client.force_login(reader)
        where = address(url, thread, draft)

        assert client.get(where).status_code == 200

        look = Access.objects.get()
        reference = where.split("/")[2]
        assert (look.reference, look.page, look.by) == (reference, f"decisions:{url.name}", reader)
        assert look.round_number == (1 if "number" in url.pattern.converters else None)
        assert look.channel == ("json" if "kind" in url.pattern.converters else "page")
        assert LedgerEntry.objects.get(kind="access").subject == look.pk
        assert not list(Verification().faults())

    @pytest.mark.parametrize("url", SHOWN, ids=lambda url: url.name)
    def test_fails_when_logging_fails(
        self, url: URLPattern, thread: Decision, draft: Round, author: User, ig_manager: User, client: Client
    ) -> None:
        client.force_login(ig_manager if url.name in OF_ANOTHER else author)
        client.raise_request_exception = False
        with mock.patch("decisions.models.LedgerEntry.objects.create", side_effect=RuntimeError("Disk full")):
            response = client.get(address(url, thread, draft))
        assert thread.reference not in text_of(response, 500)
        assert draft.decision.reference not in text_of(response, 500)

    @pytest.mark.parametrize("url", SHOWN, ids=lambda url: url.name)
    def test_has_a_description_in_the_log(self, url: URLPattern) -> None:
        assert f"decisions:{url.name}" in PAGES

    @pytest.mark.parametrize("kind", ["pdf", "txt", "json"])
    def test_logs_the_format_of_a_copy(
        self, kind: str, thread: Decision, author: User, client: Client
    ) -> None:
        client.force_login(author)
        client.get(reverse("decisions:copy", args=[thread.reference, 2, kind]))
        assert (Access.objects.get().channel, Access.objects.get().round_number) == (kind, 2)

    def test_logs_an_access_when_it_shows_form_errors(
        self, draft: Round, author: User, client: Client
    ) -> None:
        client.force_login(author)
        response = client.post(f"{draft.get_absolute_url()}check/")
        assert response.status_code == 422
        assert Access.objects.get().page == "decisions:check"


class TestNoAccessIsLogged:
    def test_for_a_list(self, thread: Decision, draft: Round, author: User, client: Client) -> None:
        client.force_login(author)
        for where in ["/decisions/", "/admin/decisions/decision/", "/decisions/reviews/"]:
            assert client.get(where).status_code == 200
        assert not Access.objects.exists()

    def test_for_an_autosave(self, draft: Round, author: User, client: Client) -> None:
        client.force_login(author)
        response = client.post(f"{draft.get_absolute_url()}what/", {"what.request": "A room"})
        assert response.status_code == 302
        assert not Access.objects.exists()

    def test_for_a_refused_page(self, thread: Decision, draft: Round, client: Client) -> None:
        client.force_login(PersonFactory())
        assert client.get(thread.get_absolute_url()).status_code == 404
        client.force_login(PersonFactory(roles=["ig_manager"], team=draft.author.team))
        assert client.get(f"{draft.get_absolute_url()}what/").status_code == 403
        assert not Access.objects.exists()


class TestTheAdmin:
    @pytest.mark.parametrize("view", ["change", "history"])
    @pytest.mark.parametrize("kind", ["decision", "round"])
    def test_logs_an_access(
        self, kind: str, view: str, thread: Decision, ig_manager: User, client: Client
    ) -> None:
        client.force_login(ig_manager)
        key = thread.pk if kind == "decision" else thread.rounds.get(number=2).pk
        name = f"admin:decisions_{kind}_{view}"
        assert client.get(reverse(name, args=[key])).status_code == 200
        look = Access.objects.get()
        assert (look.reference, look.channel, look.by) == (thread.reference, "admin", ig_manager)
        assert (look.page, look.round_number) == (name, None if kind == "decision" else 2)
        assert name in PAGES

    def test_fails_when_access_cannot_be_logged(
        self, thread: Decision, ig_manager: User, client: Client
    ) -> None:
        client.force_login(ig_manager)
        client.raise_request_exception = False
        with mock.patch("decisions.models.Access.objects.create", side_effect=RuntimeError("Disk full")):
            response = client.get(reverse("admin:decisions_decision_change", args=[thread.pk]))
        assert thread.summary not in text_of(response, 500)

    @pytest.mark.parametrize("kind", ["decision", "round"])
    def test_refuses_changes_and_deletions_without_logging(
        self, kind: str, thread: Decision, ig_manager: User, client: Client
    ) -> None:
        client.force_login(ig_manager)
        key = thread.pk if kind == "decision" else thread.rounds.get(number=2).pk
        assert client.post(reverse(f"admin:decisions_{kind}_change", args=[key])).status_code == 403
        for method in [client.get, client.post]:
            assert method(reverse(f"admin:decisions_{kind}_delete", args=[key])).status_code == 403
        assert not Access.objects.exists()

    def test_shows_a_decision_at_known_addresses_only(self) -> None:
        """Only these admin URLs take a key of the log."""
        names = {
            name
            for name in get_resolver("sharingwell.urls").namespace_dict["admin"][1].reverse_dict
            if isinstance(name, str) and name.startswith("decisions_")
        }
        assert names == {
            f"decisions_{kind}_{view}"
            for kind in ["decision", "round"]
            for view in ["changelist", "add", "change", "delete", "history"]
        } | {"decisions_decision_export"}


class TestAccessLogPage:
    @pytest.fixture
    def looks(self, thread: Decision) -> list[Access]:
        reader = PersonFactory(name="Reader of records")
        return [
            actions.log_access(
                by=reader, decision=thread, round_number=number, page="decisions:round", channel="page"
            )
            for number in [1, 2]
        ]

    @pytest.mark.usefixtures("looks")
    @pytest.mark.parametrize("where", ["thread", "admin", "access"])
    def test_is_shown_to_an_ig_manager(
        self, where: str, thread: Decision, ig_manager: User, client: Client
    ) -> None:
        client.force_login(ig_manager)
        response = client.get(
            {
                "thread": thread.get_absolute_url(),
                "admin": reverse("admin:decisions_decision_change", args=[thread.pk]),
                "access": reverse("decisions:access", args=[thread.reference]),
            }[where]
        )
        text = text_of(response)
        for words in ["Who has looked", "Reader of records", "on a page: round 2"]:
            assert words in text
        assert "on a page: round 1" in text

    @pytest.mark.usefixtures("looks")
    def test_is_not_shown_to_a_practitioner(self, client: Client) -> None:
        decision = recorded_round().decision
        client.force_login(decision.author)
        assert "Who has looked" not in text_of(client.get(decision.get_absolute_url()))
        response = client.get(reverse("decisions:access", args=[decision.reference]))
        assert "Only the organisation’s IG managers" in text_of(response, 403)

    @pytest.mark.usefixtures("looks")
    def test_is_not_shown_to_an_ig_manager_of_another_organisation(
        self, thread: Decision, client: Client
    ) -> None:
        client.force_login(PersonFactory(roles=["ig_manager"]))
        assert client.get(reverse("decisions:access", args=[thread.reference])).status_code == 404

    def test_is_visible_in_its_organisation_only(self, looks: list[Access], ig_manager: User) -> None:
        assert set(Access.objects.visible_to(ig_manager)) == set(looks)
        without_team = PersonFactory(roles=["ig_manager"], team=None, is_superuser=True)
        for person in [PersonFactory(roles=["ig_manager"]), PersonFactory(), without_team, AnonymousUser()]:
            assert not Access.objects.visible_to(person)

    def test_has_a_next_page_after_a_hundred_rows(
        self, thread: Decision, ig_manager: User, client: Client
    ) -> None:
        for _ in range(101):
            actions.log_access(by=ig_manager, decision=thread, page="decisions:decision", channel="page")
        client.force_login(ig_manager)
        where = reverse("decisions:access", args=[thread.reference])
        first = page(client.get(where))
        assert len(first.select(".sw-looks li")) == 100
        earlier = page(client.get(where + first.select_one("a[rel=next]")["href"]))  # type: ignore[index]
        assert len(earlier.select(".sw-looks li")) == 1
        assert earlier.select_one("a[rel=next]") is None
        assert client.get(where, {"before": "forged'"}).status_code == 200
