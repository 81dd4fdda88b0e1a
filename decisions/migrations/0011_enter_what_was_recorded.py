"""What was recorded before there was a ledger is entered: the rounds as they were recorded, then what came after."""

from django.db import migrations

from decisions.ledger.canonical import digest_of
from decisions.ledger.facts import KINDS

RECORDED = [
    # kind, model, whose decision it is, who recorded it, in which order
    ("round", "Round", "decision", "author_id", "recorded_at"),
    ("follow_up", "FollowUp", "decision", "by_id", "at"),
    ("postponement", "Postponement", "round__decision", "by_id", "at"),
    ("closure", "Closure", "round__decision", "by_id", "at"),
]


def enter(apps, schema_editor):
    ledger = apps.get_model("decisions", "LedgerEntry").objects
    for name, model, decision, by, at in RECORDED:
        kind = KINDS[name]
        rows = apps.get_model("decisions", model).objects.filter(**{f"{at}__isnull": False})
        for row in rows.select_related(decision).order_by(at, "pk").iterator(chunk_size=500):
            ledger.create(
                organisation_id=kind.organisation(row),
                kind=name,
                subject=row.pk,
                actor_id=getattr(row, by),
                fact=digest_of(kind.fact(row)),
            )


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0010_append_only"),
    ]

    operations = [
        migrations.RunPython(enter, migrations.RunPython.noop),
    ]
