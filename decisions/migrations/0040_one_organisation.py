"""Each organisation sees its own: the second wall, in PostgreSQL."""

from django.db import migrations

from decisions.database.rls import of_its_organisation, of_what_it_belongs_to


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0030_retention"),
    ]

    operations = [
        of_its_organisation("decisions_decision"),
        of_its_organisation("decisions_access"),
        of_its_organisation("decisions_ledgerentry"),
        of_what_it_belongs_to("decisions_round", "decision_id", "decisions_decision"),
        of_what_it_belongs_to("decisions_followup", "decision_id", "decisions_decision"),
        of_what_it_belongs_to("decisions_postponement", "round_id", "decisions_round"),
        of_what_it_belongs_to("decisions_closure", "round_id", "decisions_round"),
        of_its_organisation("decisions_retentionrule"),
        of_its_organisation("decisions_disposalproposal"),
        of_its_organisation("decisions_subjectaccess"),
        of_what_it_belongs_to("decisions_disposalanswer", "proposal_id", "decisions_disposalproposal"),
        of_what_it_belongs_to("decisions_disclosuremark", "decision_id", "decisions_decision"),
        of_what_it_belongs_to("decisions_hold", "decision_id", "decisions_decision"),
        of_what_it_belongs_to("decisions_release", "hold_id", "decisions_hold"),
    ]
