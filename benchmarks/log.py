"""How long the log takes, and how much memory its files take, with many decisions in one organisation.

    .venv/bin/python -m benchmarks.log 100000

A database of its own is made and thrown away. Decisions are copies of a few that the actions recorded, written past the
product: it measures reading. Pages are asked for as they are served, behind the wall between organisations.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
HOST = "127.0.0.1"

ASKED = {
    "a page": "",
    "a page, far back": "p={middle}",
    "to review": "sample={month}.to-review",
    "changed since review": "review=changed",
    "not reviewed": "review=not-reviewed",
    "refusals": "outcome=refusal",
    "special category": "category=special_category",
    "overdue": "overdue=yes",
    "recorded afterwards (none)": "afterwards=yes",
    "six together": "direction=asked&outcome=share-part&category=special_category"
    "&review=reviewed&overdue=no&afterwards=no",
    "one month": "started_at__year={year}&started_at__month={number}",
    "a common word": "q=placement",
    "a word that is nowhere": "q=zebra",
    "a word in one month": "q=zebra&started_at__year={year}&started_at__month={number}",
}
COPY = """
    INSERT INTO decisions_decision
        (reference, organisation_id, team_id, author_id, direction, summary, case_reference, started_at)
    SELECT 'SW-' || (SELECT string_agg(
                substr('23456789BCDFGHJKMNPQRSTVWXZ', floor(n / 27 ^ place)::int %% 27 + 1, 1)
                || CASE WHEN place = 4 THEN '-' ELSE '' END, '' ORDER BY place DESC
            ) FROM generate_series(0, 7) AS place),
        organisation_id, team_id, author_id, direction, summary, n::text,
        now() - (%(many)s - n) * interval '3 years' / %(many)s
    FROM generate_series(1, %(many)s) AS n
    JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS number FROM decisions_decision) AS first
        ON first.number = n %% %(first)s
    ORDER BY n;
    INSERT INTO decisions_round (decision_id, number, version_id, author_id, started_at, recorded_at, changed, urgent,
        answers, thoughts, needed, saved, record)
    SELECT copy.id, number.number, version_id, round.author_id, copy.started_at, copy.started_at + interval '1 hour',
        '', false, answers, thoughts, needed, saved, record
    FROM decisions_decision AS copy
    JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS number FROM decisions_decision
        WHERE case_reference = '') AS first
        ON first.number = copy.case_reference::int %% %(first)s
    JOIN decisions_round AS round ON round.decision_id = first.id
    JOIN generate_series(1, 2) AS number ON number.number = 1 OR copy.id %% 3 = 0
    WHERE copy.case_reference <> '';
    INSERT INTO decisions_review (round_id, finding, comment, lawful_basis, special_category_condition,
        offence_condition, needed, by_id, at)
    SELECT id, 'well-reasoned', '', 'public-task', '', '', '', %(by)s, recorded_at + interval '1 day'
    FROM decisions_round WHERE number = 1 AND decision_id %% 7 = 0;
    ANALYZE;
"""


def main(many: int) -> None:
    import django

    django.setup()
    import dj_database_url
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment

    from sharingwell.application_role import grant_application_role
    from sharingwell.local_database import LOCAL_APPLICATION_ROLE, running_local_database

    setup_test_environment()
    with TemporaryDirectory() as folder, running_local_database(Path(folder), throwaway=True) as address:
        settings.DATABASES["default"].update(dj_database_url.parse(address, engine="sharingwell.postgresql"))
        connection.settings_dict.update(settings.DATABASES["default"])
        connection.settings_dict["TEST"]["NAME"] = "benchmark"
        connection.creation.create_test_db(verbosity=0)
        try:
            grant_application_role(LOCAL_APPLICATION_ROLE)
            reader = fill(many)
            measure_pages(reader)
            measure_files(reader)
        finally:
            connection.creation.destroy_test_db("benchmark", verbosity=0)


def fill(many: int) -> Any:
    """The IG manager of the organisation that has them all."""
    from django.db import connection, transaction

    from tests.decisions.factories import recorded_round
    from tests.guidance.factories import load_first_version
    from tests.sharingwell.accounts.factories import PersonFactory

    load_first_version()
    author = PersonFactory(roles=["practitioner"])
    reader = PersonFactory(roles=["ig_manager"], team=author.team)
    words = "The ward asks for the date and the place, and for nothing else. " * 6
    outcomes = ["share-part", "share-part", "connect", "do-not-share", "check-first"]
    urgencies = ["days", "planned", "none", "now"]
    first = 20
    for number in range(first):
        recorded_round(
            author=author,
            direction=["asked", "share"][number % 2],
            answers={
                "decide.outcome": outcomes[number % 5],
                "decide.review_on": "2030-01-01" if number % 3 else "2020-01-01",
                "what.urgency": urgencies[number % 4],
                "what.request": words,
                "what.context": words,
                "why.purpose": words,
                "why.if_shared": words,
                "why.if_not_shared": words,
                "what.kinds": [["health", "support"], ["whereabouts"], ["offending"]][number % 3],
                "who.relationship": "partner-professional",
            },
        )
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(COPY, {"many": many, "first": first, "by": reader.pk})
    print(f"{many} decisions written in {time.perf_counter() - began:.0f} s", flush=True)
    return reader


def measure_pages(reader: Any) -> None:
    from django.test import Client
    from django.utils import timezone

    from decisions.models import Decision
    from decisions.months import Month

    month = Month.of(timezone.localdate()).before()
    middle = Decision.objects.order_by("-pk").values_list("pk", flat=True)[Decision.objects.count() // 2]
    said = {"middle": middle, "month": month, "year": month.year, "number": month.number}
    client = Client()
    client.force_login(reader)
    print("\nPages of the list, in milliseconds, the median of three")
    for name, asked in ASKED.items():
        took = []
        for _ in range(3):
            began = time.perf_counter()
            response = client.get(f"/admin/decisions/decision/?{asked.format(**said)}")
            took.append(1000 * (time.perf_counter() - began))
            assert response.status_code == 200, response.content
        print(f"  {name:30} {median(took):8.0f}", flush=True)
    for name, where in [
        ("reviewing, month by month", "/decisions/reviews/"),
        ("one decision", f"/admin/decisions/decision/{middle}/change/"),
    ]:
        began = time.perf_counter()
        assert client.get(where).status_code == 200
        print(f"  {name:30} {1000 * (time.perf_counter() - began):8.0f}", flush=True)


def measure_files(reader: Any) -> None:
    """Read by a reader that keeps nothing; the most memory that this process ever had, before and after."""
    from django.test import Client

    client = Client()
    client.force_login(reader)
    print("\nFiles of the whole log")
    for kind in ["csv", "xlsx"]:
        before, began, size = most_memory(), time.perf_counter(), 0
        response = client.get(f"/admin/decisions/decision/export.{kind}")
        first = None
        for piece in response.streaming_content:
            first = first or time.perf_counter() - began
            size += len(piece)
        response.close()
        took = time.perf_counter() - began
        print(
            f"  {kind:5} {size / 1e6:6.1f} MB in {took:5.0f} s, the first piece after {first:.1f} s; most"
            f" memory of the process {most_memory():.0f} MB, before it {before:.0f} MB",
            flush=True,
        )


def most_memory() -> float:
    """In MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
