"""Fills a database with many decisions in minutes: copies of a few that the actions recorded, written past the product.

Triggers are off and indexes are built at the end. What is copied reads as it would have been recorded, but the ledger
has no entry of it. Nine of eleven decisions are one organisation's; the rest are another's, in between.
"""

from __future__ import annotations

import datetime
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

TEAMS, PEOPLE = 20, 500
FIRST = 20
# The words of the copies, by how rare they are: each is in one of so many decisions.
WORDS = {"lantern": 10, "orchard": 1_000, "heron": 100_000}
TABLES = [
    "decision", "round", "followup", "closure", "postponement", "review", "advice", "advicestep", "handover", "access",
    "search_index",
]  # fmt: skip

COPIES = [
    # Decisions of three years, evenly, their keys in the order in which they were started.
    """
    INSERT INTO decisions_decision
        (reference, organisation_id, team_id, author_id, direction, summary, case_reference, started_at)
    SELECT 'SW-' || (SELECT string_agg(
                substr('23456789BCDFGHJKMNPQRSTVWXZ', floor(n / 27 ^ place)::int %% 27 + 1, 1)
                || CASE WHEN place = 4 THEN '-' ELSE '' END, '' ORDER BY place DESC
            ) FROM generate_series(0, 7) AS place),
        team.organisation_id, person.team_id, person.id, first.direction, first.summary, n::text,
        now() - (%(many)s - n) * interval '3 years' / %(many)s
    FROM generate_series(1, %(many)s) AS n
    JOIN first ON first.number = n %% %(first)s
    JOIN people AS person ON person.number = n / 11 %% %(people)s AND person.elsewhere = (n %% 11 > 8)
    JOIN accounts_team AS team ON team.id = person.team_id
    ORDER BY n
    """,
    # One of three with a second round, which one of fifty is still writing. The search vector is put together from
    # those of the few, words by how rare they are, and others as people use them: few often, most seldom.
    """
    INSERT INTO decisions_round (decision_id, number, version_id, author_id, started_at, recorded_at, changed, urgent,
        answers, thoughts, identifier_reasons, saved, record, vector)
    SELECT copy.id, number.number, version_id, copy.author_id, copy.started_at,
        CASE WHEN number.number = 2 AND copy.id %% 50 = 0 THEN NULL
            ELSE copy.started_at + number.number * interval '1 hour' END,
        '', false,
        CASE WHEN copy.case_reference::int %% 100000 = 77 THEN
            answers || '{"who.relationship": "neighbour-or-family", "what.kinds": ["religion"]}' ELSE answers END,
        thoughts, identifier_reasons, saved,
        CASE WHEN number.number = 2 AND copy.id %% 50 = 0 THEN NULL
            WHEN copy.case_reference::int %% 100000 = 77 THEN record || '{"recorded_afterwards": true}'
            ELSE record END,
        round.vector || array_to_tsvector(array(
            SELECT word FROM jsonb_each_text(%(words)s) AS each (word, one_of)
            WHERE copy.case_reference::int %% one_of::int = 0
            UNION SELECT 'w' || floor(100000 * power(random(), 4))::int FROM generate_series(1, 20) WHERE copy.id > 0
        ))
    FROM decisions_decision AS copy
    JOIN first ON first.number = copy.case_reference::int %% %(first)s
    JOIN decisions_round AS round ON round.decision_id = first.id
    JOIN generate_series(1, 2) AS number ON number.number = 1 OR copy.id %% 3 = 0
    WHERE copy.case_reference <> ''
    ORDER BY copy.id, number.number
    """,
    """
    INSERT INTO decisions_followup (decision_id, kind, note, identifier_reason, by_id, at)
    SELECT id, 'received', 'They rang back about matter ' || id, '', author_id, started_at + interval '2 days'
    FROM decisions_decision WHERE id %% 2 = 0
    """,
    """
    INSERT INTO decisions_closure (round_id, reason, identifier_reason, by_id, at)
    SELECT id, 'They have moved on', '', author_id, recorded_at + interval '30 days'
    FROM decisions_round AS round WHERE decision_id %% 10 < 7 AND recorded_at IS NOT NULL
        AND started_at < now() - interval '30 days'
        AND (number = 2 OR decision_id %% 3 <> 0)
    """,
    """
    INSERT INTO decisions_postponement (round_id, look_again_on, reason, identifier_reason, by_id, at)
    SELECT id, recorded_at::date + 400, 'The ferry is late', '', author_id, recorded_at + interval '3 days'
    FROM decisions_round WHERE decision_id %% 9 = 0 AND recorded_at IS NOT NULL
    """,
    # One of seven first rounds is reviewed; one finding of a hundred thousand is a concern.
    """
    INSERT INTO decisions_review (round_id, finding, comment, lawful_basis, special_category_condition,
        offence_condition, identifier_reason, by_id, at)
    SELECT round.id, CASE WHEN decision_id %% 100000 = 7 THEN 'concern' ELSE 'well-reasoned' END, 'Read with care',
        'public-task', '', '', '', %(by)s, recorded_at + interval '1 day'
    FROM decisions_round AS round WHERE number = 1 AND decision_id %% 7 = 0 OR decision_id %% 100000 = 7
    """,
    # One of twenty decisions with advice; what was asked less than a week ago waits.
    """
    INSERT INTO decisions_advice (decision_id, round_id, part, question, urgent, adviser_id, as_it_stood,
        identifier_reason, by_id, at)
    SELECT decision_id, id, '', 'Whether to say where they stay', false,
        CASE WHEN decision_id %% 3 = 0 THEN NULL ELSE %(by)s END, '{}', '', author_id, started_at
    FROM decisions_round WHERE number = 1 AND decision_id %% 20 = 0
    """,
    """
    INSERT INTO decisions_advicestep (advice_id, number, kind, to_id, words, identifier_reason, by_id, at)
    SELECT id, number, (ARRAY['taken', 'replied', 'followed'])[number], CASE WHEN number = 1 THEN %(by)s END,
        'Say no more than the date', '', %(by)s, at + number * interval '1 hour'
    FROM decisions_advice, generate_series(1, 3) AS number WHERE at < now() - interval '7 days'
    """,
    # One of fifty was handed over, to the first of the same team.
    """
    INSERT INTO decisions_handover (organisation_id, reference, to_id, reason, identifier_reason, by_id, at)
    SELECT organisation_id, reference, person.id, 'They have left', '', %(by)s, started_at + interval '40 days'
    FROM decisions_decision AS decision
    JOIN people AS person ON person.team_id = decision.team_id AND person.number < %(teams)s
    WHERE decision.id %% 50 = 0
    """,
    """
    INSERT INTO decisions_access (organisation_id, reference, page, channel, by_id, at)
    SELECT organisation_id, reference, 'decisions:decision', 'page', author_id, started_at
    FROM decisions_decision
    """,
]
FEW = """
    CREATE TEMP TABLE first ON COMMIT DROP AS
        SELECT *, row_number() OVER (ORDER BY id) - 1 AS number FROM decisions_decision;
    CREATE TEMP TABLE people ON COMMIT DROP AS
        SELECT person.id, team_id, team.organisation_id <> %(organisation)s AS elsewhere,
            row_number() OVER (PARTITION BY team.organisation_id ORDER BY person.id) - 1 AS number
        FROM accounts_user AS person JOIN accounts_team AS team ON team.id = person.team_id
        WHERE team.name LIKE 'Team %%';
"""
INDEXES = """
    SELECT format('%%I', indexname), indexdef FROM pg_indexes
    WHERE tablename = ANY (%s) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)
"""


def search_index_rows() -> str:
    """SQL that writes the search index as the triggers of the tables would have done."""
    from decisions.database.search_index import OF_ITS_ROUND, words_of

    of_the_advice = "(SELECT decision_id FROM decisions_advice WHERE id = NEW.advice_id)"
    tables = [
        ("decision", "NEW.id", words_of("summary", "case_reference")),
        ("round", "NEW.decision_id", "NEW.vector"),
        ("followup", "NEW.decision_id", words_of("note")),
        ("postponement", OF_ITS_ROUND, words_of("reason")),
        ("closure", OF_ITS_ROUND, words_of("reason")),
        ("advice", "NEW.decision_id", words_of("question")),
        ("advicestep", of_the_advice, words_of("words")),
        ("review", OF_ITS_ROUND, words_of("comment")),
    ]
    return ";".join(
        "INSERT INTO decisions_search_index (source, source_id, organisation_id, decision_id, round_id, vector) "
        f"SELECT 'decisions_{name}', row.id, decision.organisation_id, decision.id, "
        f"{'row.id' if name == 'round' else 'NULL'}, {vector.replace('NEW.', 'row.')} "
        f"FROM decisions_{name} AS row "
        f"JOIN decisions_decision AS decision ON decision.id = {decision.replace('NEW.', 'row.')}"
        for name, decision, vector in tables
    )


def fill(many: int) -> Any:
    """The IG manager of the organisation that has most of them."""
    from django.db import connection, transaction

    reader = record_a_few()
    began = time.perf_counter()
    said = {
        "many": many,
        "first": FIRST,
        "people": PEOPLE,
        "teams": TEAMS,
        "by": reader.pk,
        "organisation": reader.organisation.pk,
        "words": json.dumps(WORDS),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'; SET LOCAL work_mem = '256MB'")
        # What is computed from documents is copied, too: computing it anew would take most of the time.
        cursor.execute("ALTER TABLE decisions_round ALTER COLUMN vector DROP EXPRESSION")
        with without_indexes(cursor):
            cursor.execute(FEW, said)
            cursor.execute("DELETE FROM decisions_search_index")
            for statement in COPIES:
                cursor.execute(statement, said)
                say(f"{cursor.rowcount} rows, {statement.split()[2]}", began)
            cursor.execute(search_index_rows())
            say("the index of words", began)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    say(f"{many} decisions written", began)
    return reader


def record_a_few() -> Any:
    """As people would. All that varies between decisions is in these; the reader looks after none."""
    from tests.decisions.factories import recorded_round
    from tests.guidance.factories import load_first_version
    from tests.sharingwell.accounts.factories import OrganisationFactory, PersonFactory, TeamFactory

    load_first_version()
    authors = []
    for organisation in [OrganisationFactory(), OrganisationFactory()]:
        teams = [TeamFactory(organisation=organisation, name=f"Team {number}") for number in range(TEAMS)]
        authors += [PersonFactory(team=teams[number % TEAMS]) for number in range(PEOPLE)]
    author = authors[0]
    reader = PersonFactory(
        team=TeamFactory(organisation=author.organisation),
        roles=["ig_manager", "partnership_lead", "guide_editor"],
    )
    words = "The ward asks for the date and the place, and for nothing else. " * 6
    outcomes = ["share-part", "share-part", "connect", "do-not-share", "check-first"]
    urgencies = ["days", "planned", "none", "now"]
    for number in range(FIRST):
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
    return reader


@contextmanager
def without_indexes(cursor: Any) -> Iterator[None]:
    """Those that are no constraints, of the tables that are filled, until they are full."""
    cursor.execute(INDEXES, [[f"decisions_{name}" for name in TABLES]])
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    began = time.perf_counter()
    for _, definition in indexes:
        cursor.execute(definition)
    say(f"{len(indexes)} indexes", began)


def say(what: str, began: float) -> None:
    print(
        f"  {what}: {datetime.timedelta(seconds=round(time.perf_counter() - began))}",
        file=sys.stderr,
        flush=True,
    )
