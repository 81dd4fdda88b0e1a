"""Each organisation sees its own notifications and emails; who has no organisation sees those of none."""

from django.db import migrations

CONDITION = "organisation_id IS NOT DISTINCT FROM nullif(current_setting('sharingwell.organisation', true), '')::bigint"


def policy(table):
    """Row security of one table: the rows of the organisation worked for, and for the owner on request those of all."""
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant_isolation ON {table} USING ({CONDITION});
        CREATE POLICY owner_access ON {table} TO CURRENT_USER
            USING (
                current_setting('sharingwell.every_organisation', true) = 'on' OR session_user <> current_user
            );
        """,
        f"""
        DROP POLICY owner_access ON {table};
        DROP POLICY tenant_isolation ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
        """,
    )


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [policy("notifications_email"), policy("notifications_notification")]
