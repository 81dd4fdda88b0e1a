"""Measure the figures at 100,000 decisions in a database of its own: `.venv/bin/python benchmarks/statistics.py`.

Half of them are one organisation's, all of them of two years. Prints milliseconds, the median of five, as the role that
serves sees them.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]
DECISIONS, TIMES = 100_000, 5
COPIES = """
    INSERT INTO decisions_decision
        (reference, organisation_id, team_id, author_id, direction, summary, case_reference, started_at)
    SELECT 'B' || number, team.organisation_id, team.id, person.id, 'asked', 'A matter', '',
        now() - number % 730 * interval '1 day' - interval '1 hour'
    FROM generate_series(1, {decisions}) AS number
    JOIN (SELECT id, organisation_id, row_number() OVER (ORDER BY id) AS place FROM accounts_team
          WHERE name LIKE 'Team %') AS team
        ON team.place = CASE WHEN number % 2 = 0 THEN 1 + number % 10 ELSE 11 + number % 90 END
    JOIN accounts_user AS person ON person.team_id = team.id;
    INSERT INTO decisions_round
        (decision_id, number, version_id, author_id, started_at, changed, urgent, recorded_at, answers, thoughts,
         needed, saved, record)
    SELECT decision.id, round, model.version_id, decision.author_id, decision.started_at, '', false,
        decision.started_at + round * interval '1 hour',
        model.answers || jsonb_build_object(
            'decide.outcome', (ARRAY['share-asked', 'share-part', 'do-not-share', 'connect'])[1 + decision.id % 4]
        ),
        model.thoughts, '{}', '{}', model.record
    FROM decisions_decision AS decision
    CROSS JOIN generate_series(1, 2) AS round
    CROSS JOIN (SELECT * FROM decisions_round ORDER BY id LIMIT 1) AS model
    WHERE decision.reference LIKE 'B%'
"""


def main() -> None:
    from sharingwell.dev.postgres import running_local_database

    with (
        tempfile.TemporaryDirectory() as folder,
        running_local_database(Path(folder) / "postgres", throwaway=True) as address,
    ):
        os.environ.update(OWNER_DATABASE_URL=address, SHARINGWELL_LOCAL="true")
        os.environ["DATABASE_URL"] = address.replace("//postgres@", "//sharingwell_app@")
        os.environ.setdefault("SECRET_KEY", "only-for-benchmarks-0123456789-abcdefghijklmnopqrstuvwxyz")
        django.setup()
        measure()


def measure() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from decisions.domain.periods import last_complete_quarter
    from decisions.statistics.counts import (
        GUIDE_TOPICS,
        QUARTER_TOPICS,
        TREND_TOPICS,
        all_cells,
        organisation_cells,
    )
    from sharingwell.accounts.models import Organisation, Team, User
    from sharingwell.tenancy.current import use_organisation
    from sharingwell.tenancy.owner import as_owner

    call_command("migrate", verbosity=0)
    call_command("load_guide", str(ROOT / "guidance/content/2026-03-20"), stdout=sys.stderr)
    with as_owner():
        call_command("add_demonstration_data", stdout=sys.stderr)
        for number in range(11):
            organisation = Organisation.objects.create(name=f"Organisation {number}")
            for each in range(10):
                team = Team.objects.create(organisation=organisation, name=f"Team {each}")
                User.objects.create_user(f"{number}-{each}@benchmark.example", name="Somebody", team=team)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(COPIES.replace("{decisions}", str(DECISIONS)))
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("ANALYZE")
    quarter = last_complete_quarter(timezone.localdate())
    first = quarter.trailing(8)[0]
    with use_organisation(Organisation.objects.get(name="Organisation 0")):
        say(
            "an organisation of 50,000: a quarter",
            lambda: organisation_cells(quarter, quarter, QUARTER_TOPICS),
        )
        say(
            "an organisation of 50,000: eight quarters",
            lambda: organisation_cells(first, quarter, TREND_TOPICS),
        )
        say("the partnership: a quarter", lambda: all_cells(quarter, quarter, QUARTER_TOPICS))
        say("the partnership: eight quarters", lambda: all_cells(first, quarter, TREND_TOPICS))
        say("the guide: a quarter", lambda: all_cells(quarter, quarter, GUIDE_TOPICS))


def say(what: str, ask: Callable[[], list[object]]) -> None:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        found = ask()
        took.append(time.perf_counter() - began)
    print(f"{what}: {statistics.median(took) * 1000:.0f} ms, {len(found)} cells")


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sharingwell.settings")
    main()
