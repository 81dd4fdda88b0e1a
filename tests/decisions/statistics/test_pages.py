"""Statistics pages, with row-level security."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from decisions.domain.periods import Quarter, last_complete_quarter, quarter_of
from decisions.models import Decision, LedgerEntry, Round
from decisions.statistics.figures import OUTCOME, Figures, Table
from decisions.statistics.labels import load_labels
from decisions.statistics.report import Line, Section
from decisions.statistics.spreadsheet import as_csv
from decisions.statistics.suppression import Row
from decisions.statistics.trends import over_time
from guidance.models import GuideVersion
from sharingwell.accounts.models import Organisation, Team, User
from tests.databases import module_rows
from tests.decisions.factories import recorded_round, state_afterwards
from tests.decisions.full_rights import full_rights
from tests.guidance.factories import load_first_version
from tests.serving import serving
from tests.sharingwell.accounts.factories import OrganisationFactory, PersonFactory, TeamFactory
from tests.sharingwell.reading import content_of

pytestmark = pytest.mark.django_db

QUARTER = last_complete_quarter(timezone.localdate())
SECRET = "Somebody waits by the harbour"


def record(author: User, count: int, *, outcome: str = "share-asked", **answers: Any) -> None:
    """Records equal rounds in the middle of the last quarter."""
    first = recorded_round(author=author, answers={"decide.outcome": outcome, **answers})
    at = QUARTER.begins + datetime.timedelta(days=30)
    with full_rights() as cursor:
        cursor.execute(
            "UPDATE decisions_decision SET started_at = %s, summary = %s WHERE id = %s",
            [at, SECRET, first.decision_id],
        )
        cursor.execute(
            "UPDATE decisions_round SET recorded_at = %s WHERE id = %s",
            [at + datetime.timedelta(hours=2), first.pk],
        )
    for _ in range(count - 1):
        copy_of(first)


def copy_of(round: Round) -> None:
    decision = Decision.objects.get(pk=round.decision_id)
    decision.pk, decision.reference = None, f"SW-{Decision.objects.count():04d}-XXXX"
    decision.save()
    with full_rights():
        copied = Round.objects.get(pk=round.pk)
        copied.pk, copied.decision = None, decision
        copied.save()


@pytest.fixture(scope="module")
def fenbridge(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Organisation]:
    """Eleven rounds in one team and three in another."""
    with module_rows(django_db_blocker, make_fenbridge) as organisation:
        yield organisation


def make_fenbridge() -> Organisation:
    load_first_version()
    organisation = OrganisationFactory(name="Fenbridge")
    large, small = (TeamFactory(organisation=organisation, name=name) for name in ["Large", "Small"])
    author = PersonFactory(team=large)
    record(author, 6, **{"why.if_not_shared": "They may fall ill.", "what.kinds": ["health"]})
    record(author, 5, outcome="do-not-share", **{"why.if_not_shared": "They may lose their home."})
    record(PersonFactory(team=small), 3, outcome="do-not-share")
    return organisation


@pytest.fixture
def ig_manager(fenbridge: Organisation) -> User:
    return PersonFactory(roles=["ig_manager"], team=fenbridge.teams.get(name="Large"))


def table(response: Any, title: str) -> dict[str, tuple[str, ...]]:
    """Cells of a section's table by row label, or its empty text."""
    (section,) = [each for each in response.context["sections"] if each.title == title]
    return {line.label: line.cells for line in section.lines} or {"": (section.empty_text,)}


class TestOrganisationStatistics:
    def test_show_outcomes_and_other_tables(
        self, client: Client, ig_manager: User, django_assert_max_num_queries: Any
    ) -> None:
        client.force_login(ig_manager)
        client.get(reverse("decisions:statistics"))
        with django_assert_max_num_queries(12):
            response = client.get(reverse("decisions:statistics"))
        assert response.context["figures"].total == 14
        assert table(response, "What was decided") == {
            "Share what was asked": ("6", "43%"),
            "Do not share": ("8", "57%"),
        }
        assert table(response, "Kinds of information")["Physical health"] == ("6", "14", "43%")
        assert table(response, "From the request to the decision") == {"Within a day": ("14", "100%")}
        assert table(response, "Recorded afterwards") == {"Recorded afterwards": ("0", "14", "0%")}
        assert table(response, "Recorded rounds over time")["Do not share"][-2:] == ("0", "8")
        html = content_of(response)
        assert 'role="img"' in html
        assert "style=" not in html
        assert SECRET not in html

    def test_suppress_a_share_with_a_small_complement(self, client: Client, ig_manager: User) -> None:
        """Of eight refusals three did not state the risk."""
        client.force_login(ig_manager)
        response = client.get(reverse("decisions:statistics"))
        (why,) = table(response, "Refusals, and the risk of not sharing")[""]
        assert why.startswith("Not shown: fewer than 5")

    def test_show_a_team_only_if_the_others_are_safe(
        self, client: Client, ig_manager: User, fenbridge: Organisation
    ) -> None:
        """The small team would follow as the total minus the large one."""
        client.force_login(ig_manager)
        for team in fenbridge.teams.all():
            response = client.get(reverse("decisions:statistics"), {"team": team.pk})
            assert response.context["figures"].total is None
        record(PersonFactory(team=fenbridge.teams.get(name="Small")), 5)
        large = client.get(reverse("decisions:statistics"), {"team": fenbridge.teams.get(name="Large").pk})
        assert large.context["figures"].total == 11
        assert "Share what was asked" not in table(
            large, "What was decided"
        )  # the small team's refusals are three

    def test_show_look_again_states_at_the_end_of_the_quarter(
        self, client: Client, ig_manager: User, fenbridge: Organisation
    ) -> None:
        team = fenbridge.teams.get(name="Large")
        day = QUARTER.begins.date() + datetime.timedelta(days=40)
        record(PersonFactory(team=team), 6, **{"decide.review_on": day.isoformat()})
        later = QUARTER.ends.date() + datetime.timedelta(days=4)
        record(PersonFactory(team=team), 5, **{"decide.review_on": later.isoformat()})
        state_afterwards(Round.objects.latest("pk"))  # closed now, but open at the end of the quarter
        client.force_login(ig_manager)
        response = client.get(reverse("decisions:statistics"))
        assert table(response, "Days to look again") == {
            "The day had passed": ("6", "55%"),
            "The day was still to come": ("5", "45%"),
        }

    def test_show_how_often_advice_was_sought_and_how_long_it_took(
        self, client: Client, ig_manager: User, fenbridge: Organisation
    ) -> None:
        """Replies after the quarter do not count."""
        at = QUARTER.begins + datetime.timedelta(days=29)
        with full_rights() as cursor:
            for number, round in enumerate(Round.objects.order_by("pk")[:9]):
                cursor.execute(
                    "INSERT INTO decisions_advice "
                    "(at, by_id, identifier_reason, part, question, urgent, as_it_stood, decision_id, round_id) "
                    "VALUES (%s, %s, '', '', 'May I?', false, '{}', %s, %s) RETURNING id",
                    [at, round.author_id, round.decision_id, round.pk],
                )
                (advice,) = cursor.fetchone()
                replied = at + datetime.timedelta(hours=5) if number < 5 else QUARTER.ends
                cursor.execute(
                    "INSERT INTO decisions_advicestep (at, by_id, identifier_reason, number, kind, words, advice_id) "
                    "VALUES (%s, %s, '', 1, 'replied', 'Yes.', %s)",
                    [replied, round.author_id, advice],
                )
        client.force_login(ig_manager)
        assert table(client.get(reverse("decisions:statistics")), "Advice") == {
            "Not sought": ("5", "36%"),
            "Others, together": ("9", "64%"),
        }

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"quarter": quarter_of(timezone.localdate()).key}, "There are no figures for this quarter"),
            ({"quarter": "2026-Q5"}, "There are no figures for this quarter"),
            ({"team": "0"}, "This is no team of your organisation"),
        ],
    )
    def test_explain_invalid_query_parameters(
        self, client: Client, ig_manager: User, asked: dict[str, str], said: str
    ) -> None:
        client.force_login(ig_manager)
        for name in ["statistics", "statistics-copy"]:
            response = client.get(reverse(f"decisions:{name}"), asked)
            assert said in content_of(response, 400)

    def test_have_the_same_figures_as_csv(
        self, client: Client, ig_manager: User, fenbridge: Organisation
    ) -> None:
        Team.objects.filter(name="Large").update(name="=Large")
        client.force_login(ig_manager)
        asked = {"team": fenbridge.teams.get(name="=Large").pk, "quarter": QUARTER.key}
        response = client.get(reverse("decisions:statistics-copy"), asked)
        rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert ["Team", "'=Large"] in rows
        response = client.get(reverse("decisions:statistics-copy"))
        rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert ["What was decided", "Do not share", "Number", "8", ""] in rows
        assert ["Refusals, and the risk of not sharing", "", "", "Not shown"] in [row[:4] for row in rows]

    def test_log_no_access(self, client: Client, ig_manager: User) -> None:
        client.force_login(ig_manager)
        before = LedgerEntry.objects.count()
        client.get(reverse("decisions:statistics"))
        assert LedgerEntry.objects.count() == before


class TestPartnershipStatistics:
    @pytest.fixture
    def lead(self, fenbridge: Organisation) -> User:
        record(PersonFactory(), 7)
        record(PersonFactory(), 2)
        return PersonFactory(roles=["partnership_lead"])

    def test_sum_the_suppressed_figures_of_organisations(
        self, client: Client, lead: User, django_assert_max_num_queries: Any
    ) -> None:
        client.force_login(lead)
        client.get(reverse("decisions:partnership"))
        with django_assert_max_num_queries(12):
            response = client.get(reverse("decisions:partnership"))
        figures = response.context["figures"]
        assert (figures.total, figures.organisations, figures.too_few) == (21, 2, 1)
        assert table(response, "What was decided")["Share what was asked"] == ("13", "62%")
        html = content_of(response)
        assert SECRET not in html
        assert "Fenbridge" not in html

    def test_are_suppressed_with_only_one_organisation(self, client: Client, fenbridge: Organisation) -> None:
        record(PersonFactory(), 2)
        client.force_login(PersonFactory(roles=["partnership_lead"]))
        response = client.get(reverse("decisions:partnership"))
        assert response.context["figures"].total is None
        assert not any(section.lines for section in response.context["sections"])
        assert "Only one organisation recorded enough" in content_of(response)

    def test_are_all_that_a_lead_can_open(self, client: Client, lead: User) -> None:
        client.force_login(lead)
        decision = Decision.objects.earliest("pk")
        assert client.get(decision.get_absolute_url()).status_code == 404
        assert client.get(reverse("decisions:start")).status_code == 403
        assert "patterns across organisations" in content_of(client.get(reverse("decisions:mine")))

    def test_read_numbers_only_across_organisations(self, lead: User) -> None:
        """The application role reads nothing but numbers of other organisations, before and after the query."""
        asked = [QUARTER.begins, QUARTER.ends, ["outcome", "considered", "open", "kind"]]
        with serving(), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM decisions_cells_of_every_organisation(%s, %s, %s)", asked)
            cells = cursor.fetchall()
            cursor.execute("SELECT count(*) FROM decisions_decision")
            assert cursor.fetchone() == (0,)
        assert {cell[0] for cell in cells} == {1, 2, 3}
        assert {cell[1] for cell in cells} == {None}
        categories = {cell[4] for cell in cells if cell[3] == "outcome"}
        assert categories == {"share-asked", "do-not-share"}

    def test_are_executable_by_the_application_role_only(self, lead: User) -> None:
        asked = [QUARTER.begins, QUARTER.ends, ["outcome"]]
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE somebody_else")
            cursor.execute("GRANT USAGE ON SCHEMA public TO somebody_else")
            cursor.execute("SET ROLE somebody_else")
            with pytest.raises(DatabaseError, match="permission denied for function"), transaction.atomic():
                cursor.execute("SELECT * FROM decisions_cells_of_every_organisation(%s, %s, %s)", asked)
            cursor.execute("RESET ROLE")


def test_a_guide_editor_sees_the_unanswered_questions_of_a_version(
    client: Client, fenbridge: Organisation, django_assert_max_num_queries: Any
) -> None:
    client.force_login(PersonFactory(roles=["guide_editor"]))
    client.get(reverse("decisions:guide-use"))
    with django_assert_max_num_queries(12):
        response = client.get(reverse("decisions:guide-use"))
    assert table(response, "Questions left unanswered most")["What is the context?"] == ("10", "14", "71%")
    assert "What kinds of information would be involved?" not in table(
        response, "Questions left unanswered most"
    )
    wrong = client.get(reverse("decisions:guide-use"), {"version": "0"})
    assert (wrong.status_code, "has not been published" in content_of(wrong, 400)) == (400, True)
    assert reverse("decisions:guide-use") in content_of(
        client.get(reverse("admin:guidance_guideversion_changelist"))
    )


def test_trends_show_outcomes_that_some_organisations_show_separately(guide: GuideVersion) -> None:
    merged_in = {"share-part": 1, "do-not-share": 1}
    rows = (Row(("share-part",), 9), Row(("share-part", "do-not-share"), 7))
    section = over_time(
        {QUARTER: Figures(16, {OUTCOME: Table(rows, merged_in)}, organisations=2)}, load_labels()
    )
    assert {line.label: line.cells for line in section.lines} == {
        "All recorded rounds": ("16",),
        "Share part of it": ("9",),
        "Others, together": ("7",),
    }


def test_quarters_use_local_time() -> None:
    assert last_complete_quarter(datetime.date(2027, 1, 1)) == Quarter(2026, 4)
    assert Quarter(2026, 3).begins.astimezone(datetime.UTC).hour == 23
    assert [each.key for each in Quarter(2027, 1).trailing(2)] == ["2026-Q4", "2027-Q1"]


@pytest.mark.parametrize("formula", ["=1+1", "-2", "\n=1", " =1", "＝1", "＠SUM(A1)"])
def test_no_cell_of_the_file_is_a_formula(formula: str) -> None:
    section = Section("key", formula, "", ("", "Number"), (Line(formula, ("8",), formula),))
    about, _, row = csv.reader(io.StringIO(as_csv([("Team", formula)], [section]), newline=""))
    assert about == ["Team", f"'{formula}"]
    assert row == [f"'{formula}", f"'{formula}", "Number", "8", f"'{formula}"]
