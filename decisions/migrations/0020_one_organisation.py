"""Each organisation sees its own: the second wall, in PostgreSQL."""

from django.db import migrations

from decisions.row_security import of_its_organisation, of_what_it_belongs_to


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0011_enter_what_was_recorded"),
    ]

    operations = [
        of_its_organisation("decisions_decision"),
        of_its_organisation("decisions_access"),
        of_its_organisation("decisions_ledgerentry"),
        of_what_it_belongs_to("decisions_round", "decision_id", "decisions_decision"),
        of_what_it_belongs_to("decisions_followup", "decision_id", "decisions_decision"),
        of_what_it_belongs_to("decisions_postponement", "round_id", "decisions_round"),
        of_what_it_belongs_to("decisions_closure", "round_id", "decisions_round"),
    ]
