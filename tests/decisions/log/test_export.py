"""Exports of the log: contents, no formulas, and the export log."""

from __future__ import annotations

import csv
import io
from typing import Any
from unittest import mock

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from decisions import actions
from decisions.ledger.verification import Verification
from decisions.log.export import BATCH_SIZE, ExportStream
from decisions.log.files import WRITERS, as_csv, as_xlsx
from decisions.log.rows import COLUMNS
from decisions.models import Export, ExportEnd, LedgerEntry, Round
from sharingwell.accounts.models import User
from tests.decisions.factories import recorded_round, state_log, state_review
from tests.serving import serving
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import content_of

LOG = "/admin/decisions/decision/"
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"]


@pytest.fixture
def rounds(guide: Any) -> list[Round]:
    """Two decisions of one organisation, one of another."""
    first = recorded_round(summary="Ward asks of a room", case_reference="HO-1")
    state_review(first, "concern", comment="Words of the reviewer", lawful_basis="public-task")
    other = PersonFactory(team=first.author.team)
    return [first, recorded_round(author=other, direction="share"), recorded_round()]


@pytest.fixture
def ig_manager(rounds: list[Round], client: Client) -> User:
    person = PersonFactory(roles=["ig_manager"], team=rounds[0].author.team)
    client.force_login(person)
    return person


def cells(kind: str, content: bytes) -> list[list[str]]:
    if kind == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


def content(response: Any) -> bytes:
    """Reads a file with row-level security, as the server does."""
    with serving():
        return b"".join(response.streaming_content)


@pytest.mark.usefixtures("ig_manager")
class TestAFile:
    @pytest.mark.parametrize("kind", WRITERS)
    def test_has_the_filtered_rows_without_free_text(
        self, kind: str, rounds: list[Round], client: Client
    ) -> None:
        response = client.get(f"{LOG}export.{kind}?review=reviewed")
        assert response.status_code == 200
        assert f'.{kind}"' in response["Content-Disposition"]
        heading, row = cells(kind, content(response))
        assert heading == [name for name, _ in COLUMNS]
        told = dict(zip(heading, row, strict=True))
        assert told["Reference"] == rounds[0].decision.reference
        assert told["Outcome"] == "Share part of it"
        assert (told["Review"], told["Finding"]) == ("Reviewed", "Concern")
        assert told["Lawful basis confirmed"] == "Public task"
        for words in ["Ward asks", "HO-1", "Words of the reviewer", "They need the date"]:
            assert not any(words in cell for cell in row)

    def test_of_the_whole_log_has_every_decision_of_the_organisation(
        self, rounds: list[Round], client: Client
    ) -> None:
        _, *rows = cells("csv", content(client.get(f"{LOG}export.csv")))
        assert [row[0] for row in rows] == [each.decision.reference for each in [rounds[1], rounds[0]]]

    def test_is_read_in_batches_with_constant_queries(
        self, rounds: list[Round], monkeypatch: pytest.MonkeyPatch, client: Client
    ) -> None:
        monkeypatch.setattr("decisions.log.export.BATCH_SIZE", 1)
        assert BATCH_SIZE == 500
        _, *rows = cells("csv", content(client.get(f"{LOG}export.csv")))
        assert len(rows) == 2

    def test_of_an_unknown_format_is_not_found(self, client: Client) -> None:
        assert client.get(f"{LOG}export.exe").status_code == 404
        assert client.post(f"{LOG}export.csv").status_code == 405
        assert not Export.objects.exists()


class TestExportLog:
    def test_has_person_time_filter_and_decisions(
        self, ig_manager: User, rounds: list[Round], client: Client
    ) -> None:
        content(client.get(f"{LOG}export.xlsx?direction=share&q=placement&p=999999"))
        export = Export.objects.get()
        assert export.by_words
        assert (export.by, export.filter, export.format) == (ig_manager, "direction=share", "xlsx")
        assert export.decisions == [rounds[1].decision_id]
        assert (export.end.sent, export.end.is_whole) == (1, True)
        assert LedgerEntry.objects.filter(kind__in=["export", "export_end"]).count() == 2
        assert not list(Verification().faults())

    def test_is_written_before_the_first_line_is_sent(self, ig_manager: User, client: Client) -> None:
        client.raise_request_exception = False
        with mock.patch("decisions.models.Export.objects.create", side_effect=RuntimeError("Disk full")):
            response = client.get(f"{LOG}export.csv")
        assert response.status_code == 500
        assert not response.streaming

    @pytest.mark.parametrize(
        ("kind", "sent"), [("csv", 0), ("xlsx", 2)]
    )  # XLSX is complete before it is sent
    def test_shows_a_partial_export_when_the_client_disconnects(
        self, kind: str, sent: int, ig_manager: User, rounds: list[Round]
    ) -> None:
        export = actions.log_export(
            by=ig_manager, kind=kind, query="", decisions=[each.decision_id for each in rounds[:2]]
        )
        with (
            mock.patch("decisions.log.files.CHUNK_SIZE", 1),
            mock.patch("decisions.log.export.BATCH_SIZE", 1),
        ):
            chunks = ExportStream(export).chunks()
            assert next(chunks)
            with mock.patch("decisions.log.export.rows_of", side_effect=AssertionError("Read too far")):
                chunks.close()  # type: ignore[attr-defined]
        end = ExportEnd.objects.get(export=export)
        assert (end.sent, end.is_whole) == (sent, False)

    @pytest.mark.parametrize("kind", WRITERS)
    def test_shows_a_partial_export_on_an_error(
        self, kind: str, ig_manager: User, rounds: list[Round]
    ) -> None:
        export = actions.log_export(by=ig_manager, kind=kind, query="", decisions=[rounds[0].decision_id])
        with (
            mock.patch("decisions.log.export.rows_of", side_effect=RuntimeError("Gone")),
            pytest.raises(RuntimeError),
        ):
            list(ExportStream(export).chunks())
        assert not ExportEnd.objects.get(export=export).is_whole

    def test_shows_a_complete_export_without_decisions_disposed_of_meanwhile(
        self, ig_manager: User, rounds: list[Round]
    ) -> None:
        keys = [rounds[0].decision_id, 999_999]
        export = actions.log_export(by=ig_manager, kind="csv", query="", decisions=keys)
        list(ExportStream(export).chunks())
        end = ExportEnd.objects.get(export=export)
        assert (end.sent, end.is_whole) == (1, True)

    def test_is_visible_to_ig_managers_also_at_each_decision(
        self, ig_manager: User, rounds: list[Round], client: Client, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(3):
            state_log(rounds[0])
        where = reverse("decisions:exports")
        with django_assert_max_num_queries(12):
            listed = content_of(client.get(where))
        assert listed.count("1 decision as CSV") == 3
        covered = client.get(reverse("decisions:access", args=[rounds[0].decision.reference]))
        assert content_of(covered).count("1 decision as CSV") == 3
        other = client.get(reverse("decisions:access", args=[rounds[1].decision.reference]))
        assert "In files taken out" not in content_of(other)
        client.force_login(rounds[2].author)
        assert client.get(where).status_code == 403
        client.force_login(PersonFactory(roles=["ig_manager"], team=rounds[2].author.team))
        assert "There are none" in content_of(client.get(where))


@pytest.mark.usefixtures("ig_manager")
def test_a_file_too_long_for_excel_is_refused_with_an_explanation(client: Client) -> None:
    with mock.patch("decisions.admin.decisions.MAX_SHEET_ROWS", 2):
        response = client.get(f"{LOG}export.xlsx")
        assert "Narrow it by a date, or take CSV." in content_of(response, 400)
        assert client.get(f"{LOG}export.csv").status_code == 200
    assert Export.objects.get().format == "csv"


class TestCells:
    def test_are_no_formulas_in_either_file(self) -> None:
        lines = [["Team"], *([formula] for formula in FORMULAS), ["<&> \x0b “é”"], ["https://example.org"]]
        rows = cells("csv", b"".join(as_csv(lines)))
        assert all(row[0].startswith("'") for row in rows[1:-2])
        book = openpyxl.load_workbook(io.BytesIO(b"".join(as_xlsx(lines))))
        assert book.active is not None
        assert book.active["A10"].value == "<&> _x000B_ “é”"  # as Office Open XML says it
        assert book.active.freeze_panes == "B2"
        for (cell,) in book.active.iter_rows(min_row=2):
            assert cell.data_type == "s"
            assert cell.hyperlink is None
