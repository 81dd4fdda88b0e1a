"""Which questions are still open: those that have neither a reply nor been withdrawn.

Behind the wall each of all questions there ever were, and each of their steps, is asked whether it is behind it. Few are
open at any time: this function finds them as the owner, and names the organisation that the wall goes by.
"""

from django.db import migrations

from decisions.domain.advice_workflow import ENDING
from sharingwell.tenancy.rls import ORGANISATION

# As in 0070: `SET` of our setting would need a superuser. Planned anew each time, for the organisation that it is for.
FUNCTION = f"""
CREATE FUNCTION decisions_open_advice() RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
    before text := coalesce(current_setting('sharingwell.every_organisation', true), '');
BEGIN
    PERFORM set_config('sharingwell.every_organisation', 'on', true);
    RETURN QUERY EXECUTE $query$
        SELECT advice.id FROM decisions_advice AS advice
        WHERE NOT EXISTS (
            SELECT FROM decisions_advicestep AS step
            WHERE step.advice_id = advice.id AND step.kind IN ({", ".join(f"'{kind}'" for kind in ENDING)})
        ) AND EXISTS (
            SELECT FROM decisions_decision AS decision
            WHERE decision.id = advice.decision_id AND decision.organisation_id = $1
        )
    $query$ USING {ORGANISATION};
    PERFORM set_config('sharingwell.every_organisation', before, true);
END
$$;
REVOKE ALL ON FUNCTION decisions_open_advice FROM PUBLIC;
DO $path$ BEGIN EXECUTE format(
    'ALTER FUNCTION decisions_open_advice SET search_path = pg_catalog, %I, pg_temp', current_schema
); END $path$
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0091_look_again_in_one_pass")]

    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION decisions_open_advice")]
