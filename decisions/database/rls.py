"""Row security of decisions: which rows of each table a session sees."""

from __future__ import annotations

from sharingwell.tenancy.rls import by_organisation, by_parent

# Tables with an organisation of their own.
OF_AN_ORGANISATION = [
    "decisions_decision",
    "decisions_access",
    "decisions_ledgerentry",
    "decisions_retentionrule",
    "decisions_disposalproposal",
    "decisions_subjectaccess",
    "decisions_handover",
    "decisions_export",
    "decisions_samplerule",
    "decisions_advicetarget",
]
# Tables whose rows belong to a row of another, by the column that names it.
OF_A_PARENT = {
    "decisions_round": ("decision_id", "decisions_decision"),
    "decisions_followup": ("decision_id", "decisions_decision"),
    "decisions_postponement": ("round_id", "decisions_round"),
    "decisions_closure": ("round_id", "decisions_round"),
    "decisions_disposalanswer": ("proposal_id", "decisions_disposalproposal"),
    "decisions_disclosuremark": ("decision_id", "decisions_decision"),
    "decisions_hold": ("decision_id", "decisions_decision"),
    "decisions_release": ("hold_id", "decisions_hold"),
    "decisions_share": ("decision_id", "decisions_decision"),
    "decisions_shareend": ("share_id", "decisions_share"),
    "decisions_passagetowithhold": ("round_id", "decisions_round"),
    "decisions_exampleorigin": ("review_id", "decisions_review"),
    "decisions_exportend": ("export_id", "decisions_export"),
    "decisions_review": ("round_id", "decisions_round"),
    "decisions_advice": ("decision_id", "decisions_decision"),
    "decisions_advicestep": ("advice_id", "decisions_advice"),
}
ROW_CONDITIONS = {
    **{table: by_organisation() for table in OF_AN_ORGANISATION},
    **{table: by_parent(table, column, parent) for table, (column, parent) in OF_A_PARENT.items()},
}
