"""Row security of notifications: each organisation its own; who has no organisation, those of none."""

from __future__ import annotations

from sharingwell.tenancy.rls import ORGANISATION

ROW_CONDITIONS = dict.fromkeys(
    ["notifications_email", "notifications_notification"],
    f"organisation_id IS NOT DISTINCT FROM {ORGANISATION}",
)
