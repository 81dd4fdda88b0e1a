"""Scans of the log in key ranges, and the search index with candidate decisions."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from decisions import actions
from decisions.database.key_range import ALL, KeyRange
from decisions.ledger.verification import Verification
from decisions.models import Decision, Round
from sharingwell.tenancy.current import use_organisation
from tests.decisions.factories import DraftFactory, recorded_round
from tests.serving import serving
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import page

pytestmark = pytest.mark.usefixtures("guide_throughout")

LOG = "/admin/decisions/decision/"


def search_candidates(words: str, organisation: Any, limit: int = 10, within: KeyRange = ALL) -> Any:
    """Runs a search as the product does."""
    with serving(), use_organisation(organisation):
        found, rest = Decision.objects.search_candidates(words, within=within, limit=limit)
        return list(found.keys or []), rest


class TestAPage:
    @pytest.fixture
    def rounds(self, client: Client) -> list[Round]:
        first = recorded_round(answers={"what.request": "About a bicycle"}, direction="share")
        others = [recorded_round(author=first.author) for _ in range(3)]
        client.force_login(PersonFactory(roles=["ig_manager"], team=first.author.team))
        return [first, *others]

    @pytest.mark.parametrize("asked", ["direction=share", "q=bicycles"])
    def test_stops_at_its_limit_and_the_next_continues(
        self, rounds: list[Round], client: Client, monkeypatch: pytest.MonkeyPatch, asked: str
    ) -> None:
        monkeypatch.setattr("decisions.log.scan.PAGE_SCAN_LENGTHS", (1, 1))
        for _ in range(3):  # newer candidates: drafts of another author with the word
            draft = DraftFactory(author=rounds[0].author, decision__author=rounds[0].author)
            actions.save_answers(by=draft.author, round=draft, answers={"what.request": "A bicycle"})
        monkeypatch.setattr("decisions.log.scan.PAGE_SEARCH_LENGTHS", (1, 1))
        where, turns = f"?{asked}", 0
        while True:
            read = page(client.get(LOG + where))
            if read.select("#result_list tbody tr"):
                break
            assert "None found yet. This page looked back as far as" in " ".join(read.get_text(" ").split())
            [further] = read.select("a[rel=next]")
            assert further.get_text(strip=True) == "Look further back"
            where, turns = str(further["href"]), turns + 1
        assert rounds[0].decision.reference in read.select_one("#result_list tbody").get_text()  # type: ignore[union-attr]
        assert turns in {1, 3}

    def test_of_a_file_scans_everything(
        self, rounds: list[Round], client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("decisions.log.scan.FILE_SCAN_LENGTH", 1)
        response: Any = client.get(f"{LOG}export.csv")
        with serving():
            lines = b"".join(response.streaming_content).decode().splitlines()
        assert [line.split(",")[0] for line in lines[1:]] == [
            each.decision.reference for each in rounds[::-1]
        ]


class TestSearchIndex:
    @pytest.fixture
    def two(self) -> tuple[Round, Round]:
        """Decisions of two organisations with the same word and case reference."""
        words = {"answers": {"what.request": "About a bicycle"}, "case_reference": "HO-1/b"}
        return recorded_round(**words), recorded_round(**words)

    def test_finds_only_the_current_organisation(self, two: tuple[Round, Round]) -> None:
        for round in two:
            for words in ["bicycles", "ho-1/B", round.decision.reference.lower()]:
                assert search_candidates(words, round.decision.organisation) == ([round.decision_id], None)
        assert search_candidates(two[0].decision.reference, two[1].decision.organisation) == ([], None)
        assert search_candidates("bicycle", None) == ([], None)
        with serving(), connection.cursor() as cursor:  # the owner bypasses row-level security
            cursor.execute("SELECT set_config('sharingwell.every_organisation', 'on', true)")
            cursor.execute("SELECT * FROM decisions_search_candidates('bicycle', 0, 1000000, 10)")
            assert cursor.fetchall() == []

    def test_returns_the_newest_and_the_remaining_range(self, two: tuple[Round, Round]) -> None:
        older, newer = two[0], recorded_round(author=two[0].author, answers={"what.request": "A bicycle"})
        ours = older.decision.organisation
        found, rest = search_candidates("bicycle", ours, limit=1)
        assert (found, rest) == ([newer.decision_id], KeyRange(behind=newer.decision_id))
        assert search_candidates("bicycle", ours, limit=2, within=rest) == ([older.decision_id], None)

    def test_follows_changes_and_discarding_of_a_draft(self) -> None:
        round = recorded_round()
        ours = round.decision.organisation
        draft = actions.start_round(by=round.author, decision=round.decision, changed="")
        for words, expected in [("A bicycle", [round.decision_id]), ("A tricycle", [])]:
            actions.save_answers(by=round.author, round=draft, answers={"what.request": words})
            assert search_candidates("bicycle", ours)[0] == expected
        actions.discard_draft(by=round.author, round=draft)
        assert search_candidates("tricycle", ours)[0] == []
        alone = DraftFactory(answers={"what.request": "A unicycle"})
        actions.discard_draft(by=alone.author, round=alone)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM decisions_search_index WHERE vector @@ 'unicycl | tricycl'")
            assert cursor.fetchone() == (0,)

    @pytest.mark.parametrize(
        "statement",
        [
            "SELECT * FROM decisions_search_index",
            "INSERT INTO decisions_search_index VALUES ('decisions_round', 1, 1, 1, 1, '')",
            "UPDATE decisions_search_index SET vector = ''",
            "DELETE FROM decisions_search_index",
        ],
    )
    def test_is_not_readable_by_the_application_role(self, statement: str) -> None:
        with (
            serving(),
            connection.cursor() as cursor,
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
        ):
            cursor.execute(statement)

    @pytest.mark.parametrize(
        ("statement", "fault"),
        [
            (
                "GRANT SELECT ON decisions_search_index TO sharingwell_app",
                "the table decisions_search_index is not closed",
            ),
            (
                "ALTER TABLE decisions_search_index DISABLE ROW LEVEL SECURITY",
                "the table decisions_search_index is not closed",
            ),
            (
                "GRANT EXECUTE ON FUNCTION decisions_search_candidates TO PUBLIC",
                "the function decisions_search_candidates is for everybody",
            ),
            (
                "ALTER FUNCTION decisions_search_candidates RESET search_path",
                "the function decisions_search_candidates has no fixed search_path",
            ),
        ],
    )
    def test_weakened_protection_is_reported_as_a_fault(self, statement: str, fault: str) -> None:
        assert not list(Verification().faults())
        with connection.cursor() as cursor:
            cursor.execute(statement)
        assert [each.what.startswith(fault) for each in Verification().faults()] == [True]
