"""Rounds recorded before there was a ledger are entered in the order in which they were recorded."""

from django.db import migrations

from decisions.ledger.canonical import digest_of
from decisions.ledger.facts import round_fact


def enter_rounds(apps, schema_editor):
    rounds = apps.get_model("decisions", "Round").objects.filter(recorded_at__isnull=False)
    ledger = apps.get_model("decisions", "LedgerEntry").objects
    for round in rounds.select_related("decision").order_by("recorded_at", "pk").iterator(chunk_size=500):
        ledger.create(
            organisation_id=round.decision.organisation_id,
            kind="round",
            subject=round.pk,
            actor_id=round.author_id,
            fact=digest_of(round_fact(round)),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0010_append_only"),
    ]

    operations = [
        migrations.RunPython(enter_rounds, migrations.RunPython.noop),
    ]
