"""Going back is refused by PostgreSQL while a decision, or anything stated of one, is there: it would delete it."""

from django.db import migrations

REFUSE_WHERE_ANYTHING_IS_LEFT = """
    DO $$ DECLARE name text; is_there boolean; BEGIN
        PERFORM set_config('sharingwell.every_organisation', 'on', true);
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema AND tablename LIKE 'decisions\\_%' LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO is_there;
            IF is_there THEN
                RAISE EXCEPTION USING
                    ERRCODE = 'restrict_violation',
                    MESSAGE = format('%s is not empty: going back would delete what is in it.', name);
            END IF;
        END LOOP;
    END $$
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0003_row_security_and_functions")]

    operations = [migrations.RunSQL(migrations.RunSQL.noop, REFUSE_WHERE_ANYTHING_IS_LEFT)]
