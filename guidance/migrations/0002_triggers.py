"""What is published is final: the triggers declared on the models of the guide."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import sharingwell.database.migration_sql


class Migration(migrations.Migration):

    dependencies = [
        ("guidance", "0001_initial"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='guideversion',
            trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=sharingwell.database.migration_sql.NonBypassableSql(condition='WHEN (OLD.published_at IS NOT NULL)', func="\n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'The guide of ' || to_char(OLD.date, 'FMDD FMMonth YYYY')\n            || ' is published: what is published never changes. Correct it in a new version.',\n        TABLE = TG_TABLE_NAME;\n", hash='d630d5f1282a2d5a0b605314669c1755728bceb7', operation='UPDATE OR DELETE', pgid='pgtrigger_published_is_final_cacbe', table='guidance_guideversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='guideversion',
            trigger=pgtrigger.compiler.Trigger(name='published_no_truncate', sql=sharingwell.database.migration_sql.NonBypassableSql(func="\n            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN\n                RAISE EXCEPTION USING\n                    ERRCODE = 'restrict_violation',\n                    MESSAGE = 'There is a published guide: what is published is never deleted.',\n                    TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='611b3744ee9dffa5f755995a372b16bf75bfea18', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_published_no_truncate_33e42', table='guidance_guideversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consideration',
            trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=sharingwell.database.migration_sql.NonBypassableSql(declare='DECLARE parent RECORD;', func="\n            FOR parent IN \n    SELECT version.date, version.published_at FROM guidance_guideversion AS version\n    WHERE version.id IN (OLD.version_id, NEW.version_id)\n    ORDER BY version.id FOR SHARE\n LOOP\n                IF parent.published_at IS NOT NULL THEN \n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'The guide of ' || to_char(parent.date, 'FMDD FMMonth YYYY')\n            || ' is published: what is published never changes. Correct it in a new version.',\n        TABLE = TG_TABLE_NAME;\n END IF;\n            END LOOP;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;\n        ", hash='a2ba1f8dfa80b0da3fb98fe69abd20ad82a32b14', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_is_final_1638b', table='guidance_consideration', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consideration',
            trigger=pgtrigger.compiler.Trigger(name='published_no_truncate', sql=sharingwell.database.migration_sql.NonBypassableSql(func="\n            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN\n                RAISE EXCEPTION USING\n                    ERRCODE = 'restrict_violation',\n                    MESSAGE = 'There is a published guide: what is published is never deleted.',\n                    TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='2398851b31eaf738f37c8bb9ff1088cf66a20ee1', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_published_no_truncate_82e2a', table='guidance_consideration', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='principle',
            trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=sharingwell.database.migration_sql.NonBypassableSql(declare='DECLARE parent RECORD;', func="\n            FOR parent IN \n    SELECT version.date, version.published_at FROM guidance_guideversion AS version\n    WHERE version.id IN (OLD.version_id, NEW.version_id)\n    ORDER BY version.id FOR SHARE\n LOOP\n                IF parent.published_at IS NOT NULL THEN \n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'The guide of ' || to_char(parent.date, 'FMDD FMMonth YYYY')\n            || ' is published: what is published never changes. Correct it in a new version.',\n        TABLE = TG_TABLE_NAME;\n END IF;\n            END LOOP;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;\n        ", hash='866bcf70ce64a30380d80263bcfc87b65f8ca6ab', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_is_final_9c3e8', table='guidance_principle', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='principle',
            trigger=pgtrigger.compiler.Trigger(name='published_no_truncate', sql=sharingwell.database.migration_sql.NonBypassableSql(func="\n            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN\n                RAISE EXCEPTION USING\n                    ERRCODE = 'restrict_violation',\n                    MESSAGE = 'There is a published guide: what is published is never deleted.',\n                    TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='d67ba83b8df4909f7640dfbb714b37c5155cfef5', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_published_no_truncate_13d0b', table='guidance_principle', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='question',
            trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=sharingwell.database.migration_sql.NonBypassableSql(declare='DECLARE parent RECORD;', func="\n            FOR parent IN \n    SELECT version.date, version.published_at FROM guidance_guideversion AS version\n    WHERE version.id IN (OLD.version_id, NEW.version_id)\n    ORDER BY version.id FOR SHARE\n LOOP\n                IF parent.published_at IS NOT NULL THEN \n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'The guide of ' || to_char(parent.date, 'FMDD FMMonth YYYY')\n            || ' is published: what is published never changes. Correct it in a new version.',\n        TABLE = TG_TABLE_NAME;\n END IF;\n            END LOOP;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;\n        ", hash='a5cedf96d2cba3fa47536f6a2fdf99acc3bf41e6', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_is_final_2216c', table='guidance_question', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='question',
            trigger=pgtrigger.compiler.Trigger(name='published_no_truncate', sql=sharingwell.database.migration_sql.NonBypassableSql(func="\n            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN\n                RAISE EXCEPTION USING\n                    ERRCODE = 'restrict_violation',\n                    MESSAGE = 'There is a published guide: what is published is never deleted.',\n                    TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='be9c9a419973b05b8096b70d59844c2d74bd1d16', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_published_no_truncate_ec237', table='guidance_question', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='option',
            trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=sharingwell.database.migration_sql.NonBypassableSql(declare='DECLARE parent RECORD;', func="\n            FOR parent IN \n    SELECT version.date, version.published_at\n    FROM guidance_question AS question JOIN guidance_guideversion AS version ON version.id = question.version_id\n    WHERE question.id IN (OLD.question_id, NEW.question_id)\n    ORDER BY version.id FOR SHARE OF version\n LOOP\n                IF parent.published_at IS NOT NULL THEN \n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'The guide of ' || to_char(parent.date, 'FMDD FMMonth YYYY')\n            || ' is published: what is published never changes. Correct it in a new version.',\n        TABLE = TG_TABLE_NAME;\n END IF;\n            END LOOP;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;\n        ", hash='1c9323fb8bc487318b52968657c608ab07936d5f', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_is_final_d1f5c', table='guidance_option', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='option',
            trigger=pgtrigger.compiler.Trigger(name='published_no_truncate', sql=sharingwell.database.migration_sql.NonBypassableSql(func="\n            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN\n                RAISE EXCEPTION USING\n                    ERRCODE = 'restrict_violation',\n                    MESSAGE = 'There is a published guide: what is published is never deleted.',\n                    TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='f9700175f5dfda3a75a34722f41ef2407953268c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_published_no_truncate_56cb8', table='guidance_option', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resource',
            trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=sharingwell.database.migration_sql.NonBypassableSql(declare='DECLARE parent RECORD;', func="\n            FOR parent IN \n    SELECT version.date, version.published_at FROM guidance_guideversion AS version\n    WHERE version.id IN (OLD.version_id, NEW.version_id)\n    ORDER BY version.id FOR SHARE\n LOOP\n                IF parent.published_at IS NOT NULL THEN \n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'The guide of ' || to_char(parent.date, 'FMDD FMMonth YYYY')\n            || ' is published: what is published never changes. Correct it in a new version.',\n        TABLE = TG_TABLE_NAME;\n END IF;\n            END LOOP;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;\n        ", hash='77db780ce2968a5c8a4287c3af5670fb8bcd156d', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_is_final_ba945', table='guidance_resource', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resource',
            trigger=pgtrigger.compiler.Trigger(name='published_no_truncate', sql=sharingwell.database.migration_sql.NonBypassableSql(func="\n            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN\n                RAISE EXCEPTION USING\n                    ERRCODE = 'restrict_violation',\n                    MESSAGE = 'There is a published guide: what is published is never deleted.',\n                    TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='bdb077a6c7f0436823abd22243d4b107fef5eb8e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_published_no_truncate_6050e', table='guidance_resource', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='section',
            trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=sharingwell.database.migration_sql.NonBypassableSql(declare='DECLARE parent RECORD;', func="\n            FOR parent IN \n    SELECT version.date, version.published_at FROM guidance_guideversion AS version\n    WHERE version.id IN (OLD.version_id, NEW.version_id)\n    ORDER BY version.id FOR SHARE\n LOOP\n                IF parent.published_at IS NOT NULL THEN \n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'The guide of ' || to_char(parent.date, 'FMDD FMMonth YYYY')\n            || ' is published: what is published never changes. Correct it in a new version.',\n        TABLE = TG_TABLE_NAME;\n END IF;\n            END LOOP;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;\n        ", hash='3de5c492b5dd1d945e59d63c25619b25bd749efc', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_is_final_19224', table='guidance_section', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='section',
            trigger=pgtrigger.compiler.Trigger(name='published_no_truncate', sql=sharingwell.database.migration_sql.NonBypassableSql(func="\n            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN\n                RAISE EXCEPTION USING\n                    ERRCODE = 'restrict_violation',\n                    MESSAGE = 'There is a published guide: what is published is never deleted.',\n                    TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='e1796b5ca6d66e121bdff8f183f83cf344b05cab', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_published_no_truncate_9b662', table='guidance_section', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='example',
            trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=sharingwell.database.migration_sql.NonBypassableSql(declare='DECLARE parent RECORD;', func="\n            FOR parent IN \n    SELECT version.date, version.published_at FROM guidance_guideversion AS version\n    WHERE version.id IN (OLD.version_id, NEW.version_id)\n    ORDER BY version.id FOR SHARE\n LOOP\n                IF parent.published_at IS NOT NULL THEN \n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'The guide of ' || to_char(parent.date, 'FMDD FMMonth YYYY')\n            || ' is published: what is published never changes. Correct it in a new version.',\n        TABLE = TG_TABLE_NAME;\n END IF;\n            END LOOP;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;\n        ", hash='25955a2da446a76e69f05ca7c45e014c13906f0c', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_is_final_605f3', table='guidance_example', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='example',
            trigger=pgtrigger.compiler.Trigger(name='published_no_truncate', sql=sharingwell.database.migration_sql.NonBypassableSql(func="\n            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN\n                RAISE EXCEPTION USING\n                    ERRCODE = 'restrict_violation',\n                    MESSAGE = 'There is a published guide: what is published is never deleted.',\n                    TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='4af6cbe5e2705afeb8572a2fc8421422ba9d8dae', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_published_no_truncate_3a62c', table='guidance_example', when='BEFORE')),
        ),
    ]
