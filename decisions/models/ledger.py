"""The ledger: one entry per recorded fact, in one hash chain per organisation.

`docs/ledger.md` describes verification.
"""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from decisions.database.disposal_triggers import disposal_entry_is_true
from decisions.database.triggers import append_only
from sharingwell.accounts.models import Organisation
from sharingwell.database.triggers import REFUSE, NonBypassableTrigger

TIMESTAMP_FORMAT = """YYYY-MM-DD"T"HH24:MI:SS.US"Z\""""
GENESIS_DIGEST = "0" * 64


def next_in_chain() -> pgtrigger.Trigger:
    """Trigger that sets sequence, time and digest of an entry and locks the chain until the transaction ends.

    Concurrent entries are serialised, a rollback leaves no gap, and clients cannot choose these values.
    `decisions.ledger.chain` computes the same digest.
    """
    return NonBypassableTrigger(
        name="next_in_chain",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("last", "RECORD")],
        func=f"""
            PERFORM pg_advisory_xact_lock(hashtextextended('decisions_ledgerentry', NEW.organisation_id));
            SELECT sequence, digest INTO last FROM decisions_ledgerentry
                WHERE organisation_id = NEW.organisation_id ORDER BY sequence DESC LIMIT 1;
            NEW.sequence := coalesce(last.sequence, 0) + 1;
            NEW.previous := coalesce(last.digest, '{GENESIS_DIGEST}');
            NEW.at := clock_timestamp();
            NEW.digest := encode(sha256(convert_to(format(
                '{{"actor":%s,"at":"%s","fact":"%s","id":%s,"kind":"%s","organisation":%s,'
                    '"previous":"%s","sequence":%s,"subject":%s}}',
                NEW.actor_id, to_char(NEW.at AT TIME ZONE 'UTC', '{TIMESTAMP_FORMAT}'), NEW.fact, NEW.id, NEW.kind,
                NEW.organisation_id, NEW.previous, NEW.sequence, NEW.subject
            ), 'UTF8')), 'hex');
            RETURN NEW;
        """,  # noqa: S608  # constants only
    )


def of_a_row_that_is_there() -> pgtrigger.Trigger:
    """Refuses an entry without its row: somebody could take the key of a row that others are to record.

    A kind has the name of its table, with underscores. A round is there as a draft before it is recorded.
    """
    return NonBypassableTrigger(
        name="of_a_row_that_is_there",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("is_there", "BOOLEAN := false"), ("recorded", "TEXT")],
        func=f"""
            recorded := 'decisions_' || replace(NEW.kind, '_', '');
            IF NEW.kind = 'round' THEN
                is_there := EXISTS (
                    SELECT FROM decisions_round AS round WHERE round.id = NEW.subject AND round.recorded_at IS NOT NULL
                );
            ELSIF to_regclass(quote_ident(recorded)) IS NOT NULL THEN
                EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE id = $1)', recorded)
                    INTO is_there USING NEW.subject;
            END IF;
            IF NOT is_there THEN
                {REFUSE.format(message="An entry of the ledger is about a row that is there.")}
            END IF;
            RETURN NEW;
        """,  # noqa: S608  # constants only
    )


class LedgerEntry(models.Model):
    """Entry of a recorded fact: its row (`kind`, `subject`), actor, time, and the digest of all its columns.

    `sequence` counts from 1 in each organisation; `previous` is the digest of the entry before. Digests are SHA-256
    in hexadecimal.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="ledger", db_index=False
    )
    sequence = models.PositiveBigIntegerField(db_default=0, editable=False)
    kind = models.CharField(max_length=20)
    subject = models.PositiveBigIntegerField(help_text="The row's key in the table of its kind.")
    at = models.DateTimeField(db_default=Now(), editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    fact = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, db_default="", editable=False)
    digest = models.CharField(max_length=64, db_default="", editable=False)

    class Meta:
        ordering = ["organisation", "sequence"]
        verbose_name_plural = "ledger entries"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sequence"], name="ledger_sequence_unique"),
            models.UniqueConstraint(fields=["organisation", "previous"], name="ledger_never_forks"),
            models.UniqueConstraint(fields=["kind", "subject"], name="ledger_enters_a_row_once"),
            models.CheckConstraint(condition=Q(kind__regex=r"^[a-z_]+$"), name="ledger_kind_is_a_word"),
            models.CheckConstraint(
                condition=Q(fact__regex=r"^[0-9a-f]{64}$"), name="ledger_fact_is_a_digest"
            ),
        ]
        triggers = [
            next_in_chain(),
            disposal_entry_is_true(TIMESTAMP_FORMAT),
            of_a_row_that_is_there(),
            *append_only(),
        ]

    def __str__(self) -> str:
        return f"Entry {self.sequence}"
